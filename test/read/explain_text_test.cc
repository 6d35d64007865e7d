#include "read/explain_text.h"

#include <limits>

#include <doctest/doctest.h>

#include "chunk/encoded_chunk.h"
#include "chunk/float_encoder.h"
#include "merge/series_merger.h"
#include "read/explained_answer.h"

namespace prombraid::read {
namespace {

constexpr Timestamp minute = 60'000;

struct Part {
  Timestamp from;
  Timestamp to;
  double value;
};

/// A sample every 15 s in each part, both ends inside; a part that ends where it begins is one.
Strand scrape(std::initializer_list<Part> parts) {
  Strand strand;
  chunk::FloatEncoder encoder;
  for (const Part& part : parts) {
    for (Timestamp t = part.from; t <= part.to; t += 15'000) encoder.append(t, bits_of(part.value));
  }
  chunk::append(encoder.finish(), strand);
  return strand;
}

std::string explained(const std::vector<const Strand*>& strands, TimeRange range) {
  const std::string names[] = {"a:9090", "b:9090", "c:9090"};
  Labels::Builder labels;
  labels.set("__name__", "up").set("job", "x");
  const Labels built = labels.build();
  merge::SeriesMerger merger;
  merger.merge(strands, range);
  const merge::Explanation seen = merge::explain(strands, range, merger.interval());
  return explain_text({.labels = built,
                       .replicas = names,
                       .strands = strands,
                       .pieces = merger.pieces(),
                       .faults = merger.faults(),
                       .interval = merger.interval(),
                       .seen = seen});
}

TEST_CASE("a hole and who filled it and why") {
  const Strand a = scrape({{0, 5 * minute, 1}, {6 * minute, 55 * minute, 1}});
  const Strand b = scrape({{7'000, 4 * minute, 1},
                           {5 * minute, 5 * minute, 2},
                           {5 * minute + 7'000, 54 * minute + 52'000, 1}});
  CHECK(explained({&a, &b, nullptr}, {0, 55 * minute}) == R"({__name__="up", job="x"}
  scrape interval 15s; 222 samples in the answer, 181 of them not from the preferred replica
  used:
    1970-01-01T00:00:00.000Z to 1970-01-01T00:04:45.000Z  a:9090, 20 samples
    1970-01-01T00:05:00.000Z to 1970-01-01T00:49:52.000Z  b:9090, 181 samples; fills: a:9090 has a hole from 1970-01-01T00:05:00.000Z to 1970-01-01T00:06:00.000Z (1m), and stays
    1970-01-01T00:50:00.000Z to 1970-01-01T00:55:00.000Z  a:9090, 21 samples; ranks better, and was well as an epoch began
  had:
    a:9090: 218 samples, 1970-01-01T00:00:00.000Z to 1970-01-01T00:55:00.000Z
      a hole from 1970-01-01T00:05:00.000Z to 1970-01-01T00:06:00.000Z (1m)
    b:9090: 217 samples, 1970-01-01T00:00:07.000Z to 1970-01-01T00:54:52.000Z
      a hole from 1970-01-01T00:03:52.000Z to 1970-01-01T00:05:00.000Z (1m8s)
    c:9090: not this series
  replicas disagree at the same timestamp, 1 time:
    1970-01-01T00:05:00.000Z  a:9090 says 1, b:9090 says 2
)");
}

TEST_CASE("what was lost at the end and what does not decode") {
  const Strand a = scrape({{0, 4 * minute, 1}});
  const Strand b = scrape({{7'000, 9 * minute, 1}});
  Strand broken = scrape({{0, 9 * minute, 1}});
  broken.chunks.front().data = broken.chunks.front().data.substr(0, 20);
  const std::string text = explained({&broken, &a, &b}, {0, 20 * minute});
  CHECK(text == R"({__name__="up", job="x"}
  scrape interval 15s; 36 samples in the answer, 19 of them not from the preferred replica
  used:
    1970-01-01T00:00:00.000Z to 1970-01-01T00:04:00.000Z  b:9090, 17 samples
    1970-01-01T00:04:22.000Z to 1970-01-01T00:08:52.000Z  c:9090, 19 samples; fills: b:9090 has nothing after 1970-01-01T00:04:00.000Z
  had:
    a:9090: left out, chunk 0: XOR chunk: sample 0 of 37 (counted from 0): so many samples need more bytes
    b:9090: 17 samples, 1970-01-01T00:00:00.000Z to 1970-01-01T00:04:00.000Z
      nothing after 1970-01-01T00:04:00.000Z
    c:9090: 36 samples, 1970-01-01T00:00:07.000Z to 1970-01-01T00:08:52.000Z
)");
}

TEST_CASE("who has nothing in the range is told, and who comes in for it") {
  const Strand a = scrape({{0, minute, 1}});
  const Strand b = scrape({{7'000, 9 * minute, 1}});
  const std::string text = explained({&a, &b, nullptr}, {5 * minute, 20 * minute});
  CAPTURE(text);
  CHECK(text.find("b:9090, 16 samples; fills: a:9090 has nothing in this range\n") !=
        std::string::npos);
  CHECK(text.find("a:9090: 0 samples\n      nothing in this range\n") != std::string::npos);
}

TEST_CASE("long lists are cut and counted") {
  Strand a;
  Strand b;
  chunk::FloatEncoder first;
  chunk::FloatEncoder second;
  for (Timestamp t = 0; t < 2000; ++t) {
    if (t % 3 != 0) first.append(t * 15'000, bits_of(1));
    second.append(t * 15'000, bits_of(t % 2 == 0 ? 1 : 2));
  }
  chunk::append(first.finish(), a);
  chunk::append(second.finish(), b);
  const std::string text = explained({&a, &b, nullptr}, {0, 2000 * 15'000});
  CHECK(text.find("more\n") != std::string::npos);
  CHECK(text.size() < 20'000);
}

TEST_CASE("where replicas disagree values are told as PromQL writes them") {
  const Strand a = scrape({{0, minute, std::numeric_limits<double>::infinity()}});
  const Strand b = scrape({{0, minute, 0.1}});
  const std::string text = explained({&a, &b, nullptr}, {0, minute});
  CAPTURE(text);
  CHECK(text.find("a:9090 says +Inf") != text.npos);
  CHECK(text.find("b:9090 says 0.1") != text.npos);
}

TEST_CASE("labels are cut where they are long") {
  Labels::Builder labels;
  labels.set("a", std::string(100'000, 'x'));
  CHECK(labels_text(labels.build()).size() < 2100);
}

TEST_CASE("how many series the header asks for") {
  CHECK(explain_wanted(std::nullopt).value() == 0);
  CHECK(explain_wanted("false").value() == 0);
  CHECK(explain_wanted("true").value() == explained_series);
  CHECK(explain_wanted("3").value() == 3);
  for (const char* bad : {"", "0", "yes", "3x", "-1", "99999", "99999999999999999999999"}) {
    CAPTURE(bad);
    CHECK(explain_wanted(bad).has_error());
  }
}

}  // namespace
}  // namespace prombraid::read
