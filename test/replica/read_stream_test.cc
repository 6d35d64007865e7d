#include "replica/read_stream.h"

#include <doctest/doctest.h>

#include "chunk/decode.h"
#include "replica/answers.h"
#include "replica/fixture.h"
#include "replica/scripted_replica.h"

namespace prombraid::replica {
namespace {

using namespace test;
using std::chrono::milliseconds;
using Opened = ReadResult<std::unique_ptr<ReadStream>>;
using Next = ReadResult<std::optional<IndexedStrand>>;

const Labels a = labels({{"__name__", "a"}});
const Labels b = labels({{"__name__", "b"}});

ReadOptions soon() {
  ReadOptions options;
  options.deadline = Fixture::in(milliseconds(2000));
  return options;
}

Opened open(Fixture& f, const ScriptedReplica& replica, ReadOptions options = soon()) {
  return f.run(ReadStream::open(f.connections, replica.endpoint(), "question", options));
}

/// What a read came to: its strands as text, and how it ended.
struct Outcome {
  std::string strands;
  std::optional<ReadFailure> failure;

  std::string reason() const { return failure ? name_of(failure->reason) : "well"; }
};

void append(std::string& strands, const Strand& strand) {
  strands += to_string(strand.labels);
  for (const Chunk& chunk : strand.chunks) strands += '@' + std::to_string(chunk.min_time);
}

/// As a feed reads: waits only for what is not there yet.
Outcome read_all(Fixture& f, const ScriptedReplica& replica, ReadOptions options = soon()) {
  Outcome outcome;
  auto stream = open(f, replica, options);
  if (!stream) {
    outcome.failure = stream.error();
    return outcome;
  }
  for (;;) {
    while (auto ready = (*stream)->ready()) append(outcome.strands, ready->strand);
    auto next = f.run((*stream)->next());
    if (!next) {
      outcome.failure = next.error();
      return outcome;
    }
    if (!*next) return outcome;
    append(outcome.strands, (*next)->strand);
  }
}

Outcome read_from(std::vector<Script> scripts, ReadOptions options = soon()) {
  Fixture f;
  ScriptedReplica replica(f.io.get_executor(), std::move(scripts));
  return read_all(f, replica, options);
}

const std::string two_series = frame_at(a, 1000) + frame_at(b, 2000);
const std::string two_strands = R"({__name__="a"}@1000{__name__="b"}@2000)";

TEST_CASE("a streamed answer is read, the request is what Prometheus's client sends") {
  Fixture f;
  ScriptedReplica replica(f.io.get_executor(), {answering(streamed(two_series))});
  auto stream = open(f, replica);
  REQUIRE(stream.has_value());
  auto first = f.run((*stream)->next());
  REQUIRE(first.has_value());
  CHECK((*first)->strand.labels == a);
  CHECK((*first)->strand.chunks.at(0).data == one_sample(1000, 1));
  CHECK((*f.run((*stream)->next()))->strand.labels == b);
  CHECK_FALSE(f.run((*stream)->next()).value());
  CHECK_FALSE(f.run((*stream)->next()).value());  // the end stays the end
  CHECK((*stream)->stats().status == 200);
  CHECK((*stream)->stats().bytes == streamed(two_series).size());
  CHECK_FALSE((*stream)->stats().reused_connection);

  REQUIRE(replica.requests().size() == 1);
  CHECK(replica.requests()[0] ==
        "POST /api/v1/read HTTP/1.1\r\nHost: scripted.test:" +
            std::to_string(replica.endpoint().port) +
            "\r\nUser-Agent: Prombraid/" PROMBRAID_VERSION
            "\r\nContent-Encoding: snappy\r\nAccept-Encoding: snappy\r\n"
            "Content-Type: application/x-protobuf\r\n"
            "X-Prometheus-Remote-Read-Version: 0.1.0\r\nContent-Length: 8\r\n\r\nquestion");
}

TEST_CASE("what came in one piece is ready but for the last, which the end makes whole") {
  Fixture f;
  ScriptedReplica replica(f.io.get_executor(), {answering(streamed(two_series))});
  auto stream = open(f, replica);
  REQUIRE(stream.has_value());
  const auto first = (*stream)->ready();
  REQUIRE(first.has_value());
  CHECK(first->strand.labels == a);
  CHECK_FALSE((*stream)->ready().has_value());
  CHECK((*f.run((*stream)->next()))->strand.labels == b);
  CHECK_FALSE((*stream)->ready().has_value());
}

TEST_CASE("good answers in all their forms") {
  struct Case {
    const char* name;
    Script script;
    std::string strands;
  };
  const std::string whole = streamed(two_series);
  const std::string samples =
      samples_answer(samples_body({{{b, {{2000, bits_of(1)}}}, {a, {{1000, bits_of(1)}}}}}));
  const Case cases[] = {
      {"one transfer chunk", answering(streamed(two_series)), two_strands},
      {"a transfer chunk for each byte", answering(streamed(two_series, 1)), two_strands},
      {"with a length",
       answering(plain("200 OK", {"Content-Type: " + std::string(streamed_type)}, two_series)),
       two_strands},
      {"no series", answering(streamed("")), ""},
      {"a split series", answering(streamed(frame_at(a, 1) + frame_at(a, 2) + frame_at(b, 3))),
       R"({__name__="a"}@1@2{__name__="b"}@3)"},
      {"after interim answers",
       answering(head("100 Continue", {}) + head("103 Early Hints", {"Link: x"}) + whole),
       two_strands},
      {"byte by byte", {read_request(), trickle(whole, 1, milliseconds(0))}, two_strands},
      {"closed at once after its end", {read_request(), send(whole), close()}, two_strands},
      {"answered before it read the request", {send(whole), read_request()}, two_strands},
      {"samples, unsorted", answering(samples), two_strands},
      {"samples, byte by byte",
       {read_request(), trickle(samples, 1, milliseconds(0))},
       two_strands},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const Outcome outcome = read_from({c.script});
    if (outcome.failure) CHECK(outcome.failure->error.what == "");
    CHECK(outcome.strands == c.strands);
  }
}

TEST_CASE("answers that fail") {
  struct Case {
    const char* name;
    Script script;
    std::string reason;
    std::string said;
  };
  const std::string gzip = "Content-Encoding: gzip";
  const std::string snappy = "Content-Encoding: snappy";
  const std::string type = "Content-Type: " + std::string(streamed_type);
  const std::string samples_type = "Content-Type: application/x-protobuf";
  const std::string chunked = "Transfer-Encoding: chunked";
  std::string bad_crc = frame_at(a, 1000);
  bad_crc[2] = static_cast<char>(bad_crc[2] + 1);
  const std::string body = samples_body({{{a, {{1000, 0}}}}});
  const Case cases[] = {
      {"503", answering(plain("503 Service Unavailable", {}, "Service Unavailable\n")),
       "status_5xx", "answered 503: \"Service Unavailable\""},
      {"400 with the snappy header that Go leaves there",
       answering(plain("400 Bad Request", {snappy}, "exceeded sample limit (5)\n")), "status_4xx",
       "answered 400: \"exceeded sample limit (5)\""},
      {"404", answering(plain("404 Not Found", {}, "404 page not found\n")), "status_4xx", "404"},
      {"401 without a length",
       {read_request(), send(head("401 No", {}) + "who?"), close()},
       "status_4xx",
       "answered 401: \"who?\""},
      {"500 cut off",
       {read_request(), send(head("500 Oh", {"Content-Length: 99"}) + "half a t"), close()},
       "status_5xx",
       "half a t"},
      {"a redirect",
       answering(plain("302 Found", {"Location: http://127.0.0.1:1/api/v1/read"}, "")),
       "status_3xx", "not followed"},
      {"204", answering(head("204 No Content", {})), "content_type", "answered 204"},
      {"206", answering(plain("206 Partial Content", {type}, two_series)), "content_type", "206"},
      {"HTML with 200", answering(plain("200 OK", {"Content-Type: text/html"}, "<html>")),
       "content_type", "Content-Type \"text/html\""},
      {"no type", answering(plain("200 OK", {}, two_series)), "content_type", "Content-Type \"\""},
      {"compressed by gzip", answering(plain("200 OK", {type, gzip}, two_series)), "content_type",
       "Content-Encoding \"gzip\""},
      {"samples without snappy", answering(plain("200 OK", {samples_type}, body)), "content_type",
       "instead of \"snappy\""},
      {"HTTP/1.0",
       {read_request(), send("HTTP/1.0 200 OK\r\n" + type + "\r\n\r\n" + two_series), close()},
       "bad_http",
       "not HTTP/1.1"},
      {"no length",
       {read_request(), send(head("200 OK", {type}) + two_series), close()},
       "bad_http",
       "neither a length nor chunks"},
      {"not HTTP", answering("SSH-2.0-OpenSSH_9.2\r\n"), "bad_http", "not HTTP/1.1"},
      {"length and chunked", answering(head("200 OK", {type, chunked, "Content-Length: 3"})),
       "bad_http", "both"},
      {"bad transfer chunk", answering(streamed_head() + "zz\r\n"), "bad_http", "chunk size"},
      {"head too long", answering(head("200 OK", {"A: " + std::string(40000, 'x')})), "limit",
       "32768"},
      {"too many fields", answering(head("200 OK", std::vector<std::string>(200, "A: b"))), "limit",
       "100 fields"},
      {"wrong checksum", answering(streamed(bad_crc)), "corrupt_frame", ""},
      {"varint of eleven bytes", answering(streamed(std::string(11, '\xff'))), "corrupt_frame", ""},
      {"frame of no bytes", answering(streamed(std::string(5, '\0'))), "corrupt_frame", ""},
      {"2^63 bytes", answering(streamed(std::string(8, '\xff') + "\x7f" + "crc_")), "limit", ""},
      {"not Protobuf", answering(streamed(framed("\x0a\xff\xff"))), "corrupt_frame", ""},
      {"query index 1 of 1", answering(streamed(frame_at(a, 1000, 1))), "corrupt_frame",
       "query index 1"},
      {"encoding 9", answering(streamed(frame(0, a, "\1\1abc", 1, 1, 9))), "unknown_encoding",
       "chunk encoding 9"},
      {"text instead of frames", answering(streamed("unsupported operation with WAL-only storage")),
       "text_after_200", "\"unsupported operation with WAL-only storage\""},
      {"samples that are not snappy",
       answering(plain("200 OK", {samples_type, snappy}, std::string(50, '\xff'))), "corrupt_frame",
       ""},
      {"snappy that claims 4 GiB",
       answering(plain("200 OK", {samples_type, snappy}, "\xff\xff\xff\xff\x0f_____")), "limit",
       ""},
      {"samples for two queries", answering(samples_answer(samples_body({{{a, {}}}, {{a, {}}}}))),
       "corrupt_frame", "2 results for 1 queries"},
      {"samples cut off",
       {read_request(), send(head("200 OK", {samples_type, snappy, "Content-Length: 999"}) + body),
        close()},
       "torn",
       ""},
      {"closed without a word", {read_request(), close()}, "reset", "before it answered"},
      {"reset without a word", {read_request(), reset()}, "reset", "before it answered"},
      {"closed inside the head",
       {read_request(), send("HTTP/1.1 200 OK\r\nCon"), close()},
       "reset",
       "bytes of its answer's head"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const Outcome outcome = read_from({c.script});
    CHECK(outcome.reason() == c.reason);
    REQUIRE(outcome.failure);
    CAPTURE(outcome.failure->error.what);
    CHECK(outcome.failure->error.what.find(c.said) != std::string::npos);
    CHECK(outcome.failure->error.what.find("replica 127.0.0.1:") == 0);
    CHECK(outcome.failure->error.what.find(" (scripted.test): ") != std::string::npos);
    CHECK(outcome.strands == "");
  }
}

TEST_CASE("an answer that ends at any byte but its last never passes for a whole one") {
  const std::string whole = streamed(two_series, 16);
  const std::string whole_samples = samples_answer(samples_body({{{a, {{1000, 0}}}}}));
  for (const std::string& answer : {whole, whole_samples}) {
    Fixture f;
    for (std::size_t end = 0; end < answer.size(); ++end) {
      ScriptedReplica replica(f.io.get_executor(),
                              {{read_request(), send(answer.substr(0, end)), close()}});
      const Outcome outcome = read_all(f, replica);
      CAPTURE(end);
      const bool in_head = end < answer.find("\r\n\r\n") + 4;
      CHECK(outcome.reason() == (in_head ? "reset" : "torn"));
    }
  }
}

TEST_CASE("frames that end at any byte but a frame's last are torn, though HTTP ends well") {
  Fixture f;
  const std::size_t boundary = frame_at(a, 1000).size();
  for (std::size_t end = 1; end < two_series.size(); ++end) {
    ScriptedReplica replica(f.io.get_executor(), {answering(streamed(two_series.substr(0, end)))});
    const Outcome outcome = read_all(f, replica);
    CAPTURE(end);
    CHECK(outcome.reason() == (end == boundary ? "well" : "torn"));
  }
}

TEST_CASE("an error's text behind good frames fails the replica and is quoted") {
  const std::string texts[] = {
      "out of limits\n",
      "expanding series: opening storage failed: block 01ABC is gone\n",
      std::string(5000, 'x'),
      "gr\xc3\xbc\xc3\x9f"
      " vom Prometheus\n",
  };
  for (const std::string& text : texts) {
    for (const std::size_t piece : {1, 7, 100000}) {
      const Outcome outcome = read_from({answering(streamed(two_series + text, piece))});
      CAPTURE(text);
      CHECK(outcome.reason() == "text_after_200");
      CHECK(outcome.strands == R"({__name__="a"}@1000)");
      const std::string said = text.substr(0, std::min<std::size_t>(1024, text.find('\n')));
      CHECK(outcome.failure->text == said);
      CHECK(outcome.failure->error.what.find('"' + said + '"') != std::string::npos);
      CHECK(outcome.failure->status == 200);
    }
  }
}

TEST_CASE("a failure midway leaves what came before, and stays") {
  Fixture f;
  ScriptedReplica replica(
      f.io.get_executor(),
      {{read_request(), send(streamed_head() + transfer_chunk(two_series)), reset()}});
  auto stream = open(f, replica);
  REQUIRE(stream.has_value());
  CHECK((*f.run((*stream)->next()))->strand.labels == a);
  for (int i = 0; i < 2; ++i) {
    const auto failed = f.run((*stream)->next());
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().reason == FailureReason::reset);
  }
}

TEST_CASE("a replica that stalls at any stage meets the deadline") {
  const std::string whole = streamed(two_series);
  const std::size_t stages[] = {0, 20, streamed_head().size(), streamed_head().size() + 10,
                                whole.size() - 2};
  for (const std::size_t stage : stages) {
    CAPTURE(stage);
    ReadOptions options;
    options.deadline = Fixture::in(milliseconds(60));
    const auto began = std::chrono::steady_clock::now();
    const Outcome outcome = read_from({{read_request(), send(whole.substr(0, stage))}}, options);
    CHECK(outcome.reason() == "timeout");
    CHECK(outcome.failure->error.kind == ErrorKind::timeout);
    CHECK(std::chrono::steady_clock::now() - began < milliseconds(1000));
  }
}

TEST_CASE("silence inside the body has a limit of its own") {
  ReadOptions options = soon();
  options.stall = milliseconds(50);
  const Outcome outcome =
      read_from({{read_request(), send(streamed_head() + transfer_chunk(two_series))}}, options);
  CHECK(outcome.reason() == "timeout");
  CHECK(outcome.failure->error.what.find("silent for 50 ms") != std::string::npos);

  // Before the first byte a server may let a read wait for its turn.
  const Outcome late =
      read_from({{read_request(), stall(milliseconds(120)), send(streamed(two_series))}}, options);
  CHECK(late.strands == two_strands);
}

TEST_CASE("a replica that trickles meets the deadline as well") {
  ReadOptions options;
  options.deadline = Fixture::in(milliseconds(100));
  const Outcome outcome =
      read_from({{read_request(), trickle(streamed(two_series), 1, milliseconds(5))}}, options);
  CHECK(outcome.reason() == "timeout");
}

TEST_CASE("limits are held before anything is allocated") {
  ReadOptions options = soon();
  options.max_frame_bytes = 1 << 20;
  const std::string claims =
      "\x80\x80\x80\x80\x04"
      "crc_";  // 1 GiB
  CHECK(read_from({answering(streamed(claims))}, options).reason() == "limit");

  options.max_response_bytes = 1000;
  const auto type = {std::string("Content-Type: application/x-protobuf"),
                     std::string("Content-Encoding: snappy")};
  std::vector<std::string> fields = type;
  fields.push_back("Content-Length: 1001");
  CHECK(read_from({answering(head("200 OK", fields))}, options).reason() == "limit");
  fields.back() = "Transfer-Encoding: chunked";
  const std::string endless = head("200 OK", fields) + transfer_chunk(std::string(1001, 'x'));
  CHECK(read_from({answering(endless)}, options).reason() == "limit");
}

TEST_CASE("nobody listens, and nobody answers") {
  Fixture f;
  Endpoint nobody;
  {
    ScriptedReplica gone(f.io.get_executor(), {{}});
    nobody = gone.endpoint();
  }
  const auto refused = f.run(ReadStream::open(f.connections, nobody, "", soon()));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().reason == FailureReason::refused);
  CHECK(refused.error().error.what.find("Connection refused") != std::string::npos);
}

TEST_CASE("unread data stays with the sender until it is asked for") {
  Fixture f;
  std::string body = frame_at(a, 1000) + frame_at(b, 1000);
  const std::string big(1 << 20, 'x');
  for (int i = 0; i < 64; ++i) {
    body += frame(0, labels({{"__name__", "c"}, {"i", std::to_string(100 + i)}}), big, 1, 1);
  }
  ScriptedReplica replica(f.io.get_executor(), {answering(streamed(body, 1 << 20))});
  auto stream = open(f, replica);
  REQUIRE(stream.has_value());
  f.settle(milliseconds(100));
  CHECK((*stream)->stats().bytes <= 65536);
  CHECK(replica.sent() < (20u << 20));  // what the kernel's buffers took
  std::size_t strands = 0;
  while (f.run((*stream)->next()).value()) ++strands;
  CHECK(strands == 66);
}

}  // namespace
}  // namespace prombraid::replica
