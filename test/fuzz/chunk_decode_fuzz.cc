/// Any bytes as a chunk: the first is the encoding. What decodes must also convert and cut, and
/// come back as the same samples.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "chunk/decode_times.h"
#include "chunk/known_chunks.h"
#include "chunk/known_times.h"
#include "chunk/slice.h"

namespace {

using namespace prombraid;
using namespace prombraid::chunk;

void require(bool promise) {
  if (!promise) std::abort();
}

/// The samples of all chunks one after the other, without the hints, which slices may weaken.
DecodedChunk read_all(const std::vector<EncodedChunk>& chunks) {
  DecodedChunk all, one;
  for (const EncodedChunk& chunk : chunks) {
    require(decode(chunk.chunk, one).has_value());
    require(one.times.front() == chunk.chunk.min_time);
    require(one.times.back() == chunk.chunk.max_time);
    all.times.insert(all.times.end(), one.times.begin(), one.times.end());
    all.values.insert(all.values.end(), one.values.begin(), one.values.end());
    all.histograms.insert(all.histograms.end(), one.histograms.begin(), one.histograms.end());
  }
  return all;
}

bool same_but_hints(Histogram a, const Histogram& b) {
  a.reset_hint = b.reset_hint;
  return a == b;
}

void check_slice(const Chunk& chunk, const DecodedChunk& whole, std::size_t first,
                 std::size_t count, const KnownPlaces& places = {}) {
  std::vector<EncodedChunk> out;
  require(slice(chunk, first, count, out, places).has_value());
  const DecodedChunk part = read_all(out);
  require(part.size() == count);
  for (std::size_t i = 0; i < count; ++i) {
    require(part.times[i] == whole.times[first + i]);
    if (whole.is_histogram()) {
      require(same_but_hints(part.histograms[i], whole.histograms[first + i]));
    } else {
      require(part.values[i] == whole.values[first + i]);
    }
  }
}

/// A cut that a walk beside known times came by is where a walk of its own finds it.
void check_cut(const Chunk& chunk, const std::vector<Timestamp>& times,
               const std::vector<StepCode>& codes) {
  if (times.size() < 2 || times.size() > 2000) return;
  std::vector<std::uint32_t> ends(times.size());
  CutPlace cut{1 + static_cast<std::uint8_t>(chunk.data.back()) % (times.size() - 1), {}, {}};
  require(has_times(chunk, times, codes.data(), ends.data(), &cut));
  std::vector<EncodedChunk> passed, walked;
  const std::size_t count = times.size() - cut.first;
  require(slice(chunk, cut.first, count, walked).has_value());
  require(
      slice(chunk, cut.first, count, passed, {&cut, &ends.back(), times[cut.first], times.back()})
          .has_value());
  require(passed[0].bytes == walked[0].bytes);
}

/// A chunk among others is known where it is known alone, and the cut found there the same.
void check_together(const Chunk& chunk, const std::vector<Timestamp>& times,
                    const std::vector<StepCode>& codes, bool known) {
  constexpr std::size_t rows = 6;
  const auto first = static_cast<std::uint8_t>(chunk.data.back()) % times.size();
  const auto last = static_cast<std::uint32_t>(times.size() - 1);
  std::vector<std::uint32_t> ends[rows], alone(times.size());
  CutPlace cuts[rows], cut{first, {}, {}};
  KnownChunks together(0);
  for (std::size_t r = 0; r < rows; ++r) {
    ends[r].resize(times.size());
    cuts[r].first = first;
    KnownChunk one{times, codes.data(), ends[r].data(), first > 0 ? &cuts[r] : nullptr, {}};
    one.asked.add(last);
    together.add(one);
  }
  const std::vector<const Chunk*> chunks(rows, &chunk);
  require(together.have_times(chunks) == known);
  if (!known) return;
  require(has_times(chunk, times, codes.data(), alone.data(), first > 0 ? &cut : nullptr));
  for (std::size_t r = 0; r < rows; ++r) {
    require(ends[r][last] == alone[last]);
    require(cuts[r].begin.v == cut.begin.v && cuts[r].begin.at == cut.begin.at);
    require(cuts[r].second.v == cut.second.v && cuts[r].second.width == cut.second.width);
    require(cuts[r].second.trailing == cut.second.trailing);
  }
}

/// Times read alone are those of the whole decode, and fail where it fails.
void check_times(const Chunk& chunk, const Result<void>& decoded, const DecodedChunk& whole) {
  const auto count = sample_count(chunk);
  if (!count || !times_can_be_read_alone(chunk.encoding)) return;
  std::vector<Timestamp> times(*count);
  std::vector<std::uint8_t> stale(*count, 2);
  std::vector<std::uint32_t> ends(*count);
  const auto seen = decode_times(chunk, *count, {times.data(), stale.data(), ends.data()});
  require(seen.has_value() == decoded.has_value());
  if (!seen) {
    require(seen.error().what == decoded.error().what);
    return;
  }
  require(times == whole.times);
  TimesSeen told;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    require(stale[i] == (whole.stale(i) ? 1 : 0));
    told.stale |= whole.stale(i);
    if (i == 0) continue;
    const std::uint64_t step =
        static_cast<std::uint64_t>(times[i]) - static_cast<std::uint64_t>(times[i - 1]);
    told.least_step = std::min(told.least_step, step);
    told.most_step = std::max(told.most_step, step);
  }
  require(seen->stale == told.stale);
  require(seen->least_step == told.least_step && seen->most_step == told.most_step);
  if (whole.size() > 0 && whole.size() <= 2000) {
    const std::size_t last = static_cast<std::uint8_t>(chunk.data.back()) % whole.size();
    check_slice(chunk, whole, 0, last + 1, {nullptr, &ends[last], times[0], times[last]});
  }
  if (whole.size() == 0 || !times_can_be_known(chunk.encoding)) return;
  std::vector<StepCode> codes(whole.size());
  std::vector<std::uint32_t> known_ends(whole.size());
  code_steps(times, codes.data());
  const bool known = has_times(chunk, times, codes.data(), known_ends.data());
  check_together(chunk, times, codes, known);
  if (!known) return;
  require(!told.stale && known_ends == ends);
  check_cut(chunk, times, codes);
  times[whole.size() / 2] ^= 1;
  code_steps(times, codes.data());
  require(!has_times(chunk, times, codes.data(), known_ends.data()));
  check_together(chunk, times, codes, false);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const auto* bytes = reinterpret_cast<const char*>(data);
  const Chunk chunk{0, 0, static_cast<Encoding>(data[0] % 8), {bytes + 3, size - 3}};
  DecodedChunk whole;
  const auto decoded = decode(chunk, whole);
  check_times(chunk, decoded, whole);
  if (!decoded) {
    require(!decoded.error().what.empty());
    return 0;
  }
  const std::size_t n = whole.size();
  require(*sample_count(chunk) == n);
  // Long chunks cost time and show nothing that short ones do not.
  if (n > 2000) return 0;
  const std::size_t first = n == 0 ? 0 : data[1] % n;
  const std::size_t count = n == first ? 0 : data[2] % (n - first + 1);
  check_slice(chunk, whole, first, count);
  check_slice(chunk, whole, 0, n);
  return 0;
}
