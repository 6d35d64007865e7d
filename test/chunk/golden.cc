#include "chunk/golden.h"

#include <charconv>
#include <fstream>
#include <stdexcept>

#include <boost/json.hpp>

namespace prombraid::chunk {

namespace {

namespace json = boost::json;

std::uint64_t bits(const json::value& hex) {
  const json::string& text = hex.as_string();
  std::uint64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out, 16);
  return out;
}

template <class T, class Read>
std::vector<T> list(const json::object& from, const char* name, Read read) {
  std::vector<T> out;
  const json::value* found = from.if_contains(name);
  if (found == nullptr || found->is_null()) return out;
  for (const json::value& item : found->as_array()) out.push_back(read(item));
  return out;
}

BucketSpan span(const json::value& from) {
  return {from.at("Offset").to_number<std::int32_t>(),
          from.at("Length").to_number<std::uint32_t>()};
}

std::int64_t integer(const json::value& from) {
  return from.to_number<std::int64_t>();
}

Histogram histogram(const json::object& from, bool is_float) {
  Histogram h;
  const auto number = [&](const char* name) {
    return is_float ? bits(from.at(name)) : from.at(name).to_number<std::uint64_t>();
  };
  h.is_float = is_float;
  h.reset_hint = static_cast<ResetHint>(from.at("reset_hint").to_number<int>());
  h.schema = from.at("schema").to_number<std::int32_t>();
  h.zero_threshold = bits(from.at("zero_threshold"));
  h.count = number("count");
  h.zero_count = number("zero_count");
  h.sum = bits(from.at("sum"));
  h.positive_spans = list<BucketSpan>(from, "positive_spans", span);
  h.negative_spans = list<BucketSpan>(from, "negative_spans", span);
  h.positive_deltas = list<std::int64_t>(from, "positive_deltas", integer);
  h.negative_deltas = list<std::int64_t>(from, "negative_deltas", integer);
  h.positive_counts = list<DoubleBits>(from, "positive_counts", bits);
  h.negative_counts = list<DoubleBits>(from, "negative_counts", bits);
  h.custom_values = list<DoubleBits>(from, "custom_values", bits);
  return h;
}

Golden parse(const std::string& line) {
  const json::object from = json::parse(line).as_object();
  Golden out;
  out.name = json::value_to<std::string>(from.at("name"));
  out.encoding = static_cast<Encoding>(from.at("encoding").to_number<int>());
  out.data = from_hex(from.at("hex").as_string());
  if (!from.contains("samples")) return out;
  const bool is_float =
      out.encoding == Encoding::float_histogram || out.encoding == Encoding::float_histogram_st;
  for (const json::value& item : from.at("samples").as_array()) {
    const json::object& sample = item.as_object();
    out.samples.times.push_back(integer(sample.at("t")));
    if (holds_histograms(out.encoding)) {
      out.samples.histograms.push_back(histogram(sample, is_float));
    } else {
      out.samples.values.push_back(bits(sample.at("v")));
    }
  }
  // Prometheus gives `unknown` here on purpose; we keep what the head says.
  if (out.reset_header()) out.samples.histograms.front().reset_hint = ResetHint::reset;
  return out;
}

}  // namespace

bool Golden::reset_header() const {
  if (!holds_histograms(encoding)) return false;
  const bool with_starts =
      encoding == Encoding::histogram_st || encoding == Encoding::float_histogram_st;
  return static_cast<std::uint8_t>(data[with_starts ? 0 : 2]) >> 6 == 0b10;
}

std::vector<Golden> read_goldens(const std::string& file) {
  std::ifstream in(PROMBRAID_TEST_DIR "/golden/" + file);
  std::vector<Golden> out;
  for (std::string line; std::getline(in, line);) out.push_back(parse(line));
  return out;
}

const std::vector<Golden>& goldens() {
  static const std::vector<Golden> all = read_goldens("chunks.jsonl");
  return all;
}

const Golden& golden(const std::string& name) {
  for (const Golden& one : goldens()) {
    if (one.name == name) return one;
  }
  throw std::runtime_error("no golden chunk " + name);
}

std::string from_hex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned byte = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    out += static_cast<char>(byte);
  }
  return out;
}

std::string to_hex(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += digits[static_cast<std::uint8_t>(c) >> 4];
    out += digits[c & 15];
  }
  return out;
}

}  // namespace prombraid::chunk
