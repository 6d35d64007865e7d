#include "wire/golden.h"

#include <charconv>
#include <fstream>
#include <sstream>

#include <boost/json.hpp>

namespace prombraid::wire {

namespace {

namespace json = boost::json;

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

DoubleBits bits_from(const json::value& hex) {
  DoubleBits bits = 0;
  const auto& text = hex.as_string();
  std::from_chars(text.data(), text.data() + text.size(), bits, 16);
  return bits;
}

GoldenSeries series_from(const json::object& from) {
  GoldenSeries out;
  out.query = from.at("query").to_number<std::size_t>();
  Labels::Builder labels;
  for (const auto& label : from.at("labels").as_array()) {
    const auto& pair = label.as_array();
    labels.set(std::string(pair.at(0).as_string()), std::string(pair.at(1).as_string()));
  }
  out.labels = labels.build();
  if (const auto* floats = from.if_contains("floats")) {
    for (const auto& sample : floats->as_array()) {
      out.floats.push_back({sample.at(0).as_int64(), bits_from(sample.at(1))});
    }
  }
  if (const auto* times = from.if_contains("histogram_timestamps")) {
    for (const auto& t : times->as_array()) out.histogram_times.push_back(t.as_int64());
  }
  return out;
}

}  // namespace

std::vector<Golden> load_golden() {
  std::vector<Golden> all;
  for (const char* version : {"2.42", "3.14"}) {
    for (const char* replica : {"0", "1"}) {
      for (const char* mode : {"chunks", "samples"}) {
        Golden golden;
        golden.name = std::string("prometheus-") + version + "-replica-" + replica + "-" + mode;
        const std::string path = PROMBRAID_TEST_DIR "/golden/remote-read/" + golden.name;
        golden.chunks = mode == std::string("chunks");
        golden.request = read_file(path + ".request.bin");
        golden.response = read_file(path + ".response.bin");
        const json::value expected = json::parse(read_file(path + ".expected.json"));
        for (const auto& series : expected.at("series").as_array()) {
          golden.series.push_back(series_from(series.as_object()));
        }
        all.push_back(std::move(golden));
      }
    }
  }
  return all;
}

}  // namespace prombraid::wire
