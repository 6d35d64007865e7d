package faults

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"prombraid/test/internal/scripted"
)

// replicaFault is a replica that answers wrongly before its first series is whole.
type replicaFault struct {
	name   string
	play   scripted.Script
	reason string // of the metric, the log and the header
	says   string // in the error where all replicas fail so
}

var firstFrame = truthOf("b")[0].Frame()

var replicaFaults = []replicaFault{
	{"18 resets after the request", (*scripted.Exchange).Reset, "reset", ""},
	{"18 closes after the request", (*scripted.Exchange).Close, "reset", ""},
	{"18 resets after the head", func(x *scripted.Exchange) {
		x.Head(scripted.StreamedType)
		x.Wait(50 * time.Millisecond)
		x.Reset()
	}, "reset", ""},
	{"19 says nothing", (*scripted.Exchange).Stall, "timeout", ""},
	{"19 stalls after the head", func(x *scripted.Exchange) {
		x.Head(scripted.StreamedType)
		x.Stall()
	}, "timeout", ""},
	{"19 stalls inside the first frame", func(x *scripted.Exchange) {
		x.Head(scripted.StreamedType)
		x.Chunk(firstFrame[:len(firstFrame)/2])
		x.Stall()
	}, "timeout", ""},
	{"20 trickles its head", func(x *scripted.Exchange) {
		x.Trickle("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", 200*time.Millisecond)
	}, "timeout", ""},
	{"21 answers 401", scripted.Status(401, "who are you"), "status_4xx", "401"},
	{"21 answers 404", scripted.Status(404, "404 page not found"), "status_4xx", "404"},
	{"21 answers 429", scripted.Status(429, "slow down"), "status_4xx", "slow down"},
	{"21 answers 500", scripted.Status(500, "query processing: no space left"), "status_5xx", "no space left"},
	{"21 answers 503", scripted.Status(503, "Service Unavailable"), "status_5xx", "Service Unavailable"},
	{"21 redirects", func(x *scripted.Exchange) {
		x.Send("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
	}, "status_3xx", "not followed"},
	{"22 answers HTML", func(x *scripted.Exchange) {
		x.Reply(200, "text/html", "<html><script>alert(1)</script></html>")
	}, "content_type", "text/html"},
	{"22 answers JSON", func(x *scripted.Exchange) { x.Reply(200, "application/json", "{}") }, "content_type", ""},
	{"22 compresses a stream by gzip", func(x *scripted.Exchange) {
		x.Head(scripted.StreamedType, "Content-Encoding: gzip")
		x.End()
	}, "content_type", "gzip"},
	{"22 sends samples without Content-Encoding", func(x *scripted.Exchange) {
		x.Reply(200, scripted.SamplesType, scripted.Block(truthOf("b")...))
	}, "content_type", "snappy"},
	{"22 answers without a length", func(x *scripted.Exchange) {
		x.Send("HTTP/1.1 200 OK\r\nContent-Type: " + scripted.StreamedType + "\r\n\r\n" + firstFrame)
		x.Close()
	}, "bad_http", ""},
	{"22 speaks no HTTP", func(x *scripted.Exchange) { x.Send("SSH-2.0-OpenSSH_9.2\r\n\r\n") }, "bad_http", ""},
	{"23 frame with a wrong checksum", scripted.StreamedBytes(flipped(firstFrame, 4)), "corrupt_frame", ""},
	{"23 frame with a damaged body", scripted.StreamedBytes(flipped(firstFrame, 40)), "corrupt_frame", ""},
	{"23 frame length of 11 bytes", scripted.StreamedBytes(strings.Repeat("\xff", 11) + firstFrame), "corrupt_frame", ""},
	{"23 frame of 2^63 bytes", scripted.StreamedBytes(scripted.RawFrame(1<<63, 0, "abc")), "limit", ""},
	{"23 frame over the limit", scripted.StreamedBytes(scripted.RawFrame(65<<20, 0, "abc")), "limit", "67108864"},
	{"23 torn: ends inside a frame", scripted.StreamedBytes(firstFrame[:len(firstFrame)/2]), "torn", ""},
	{"23 torn: ends after a length", scripted.StreamedBytes(firstFrame[:2]), "torn", ""},
	{"23 torn: ends after a checksum", scripted.StreamedBytes(firstFrame[:6]), "torn", ""},
	{"23 query index out of range", scripted.StreamedBytes(scripted.FrameOf(truthOf("b")[0].Message(7))), "corrupt_frame", ""},
	{"23 text where a frame should be", scripted.StreamedBytes("out of memory while reading a block\n"), "text_after_200", "out of memory"},
	{"23 HTTP chunk of a bad size", func(x *scripted.Exchange) {
		x.Head(scripted.StreamedType)
		x.Send("zz\r\nhello\r\n0\r\n\r\n")
	}, "bad_http", ""},
	{"24 samples that are no snappy", scripted.SampledBytes("this is no snappy block"), "corrupt_frame", ""},
	{"24 a snappy bomb", scripted.SampledBytes("\xff\xff\xff\xff\x0fabc"), "limit", ""},
	{"24 snappy of no protobuf", scripted.SampledBytes("\x04\x0c\xff\xff\xff\xff"), "corrupt_frame", ""},
}

// flipped is the text with one byte changed.
func flipped(text string, at int) string {
	bytes := []byte(text)
	bytes[at] ^= 0x55
	return string(bytes)
}

func TestReplica(t *testing.T) {
	eachFault(t, replicaFaults, (*stage).oneOfTwo, (*stage).both)
}

// eachFault plays every fault in a case of its own, in which the parts follow each other.
func eachFault(t *testing.T, faults []replicaFault, parts ...func(*stage, replicaFault)) {
	for _, c := range faults {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := two(t)
			s.watch(0)
			for _, part := range parts {
				part(s, c)
			}
			s.good()
		})
	}
}

// oneOfTwo: the other replica answers, and it is told that one is missing.
func (s *stage) oneOfTwo(c replicaFault) {
	s.Helper()
	b := s.replicas[1]
	b.Play(c.play)
	before := s.metrics()
	for _, mode := range modes {
		got := s.read(mode)
		s.whole("one of two, "+mode.String(), got)
		partial := got.Header.Get("X-Prombraid-Partial")
		if !strings.Contains(partial, b.Address()+" ("+c.reason+")") {
			s.Errorf("X-Prombraid-Partial is %q, not %s (%s)", partial, b.Address(), c.reason)
		}
	}
	s.grew(before, "prombraid_replica_failures_total", `replica="`+b.Address()+`"`, `reason="`+c.reason+`"`)
	s.grew(before, "prombraid_partial_responses_total", `reason="replica_failed"`)
	s.grew(before, "prombraid_reads_total", `outcome="partial"`, `type="samples"`)
	s.said("replica failed a read", b.Address(), "reason="+c.reason)
}

// both: the read fails before its first byte.
func (s *stage) both(c replicaFault) {
	s.Helper()
	s.replicas[0].Play(c.play)
	before := s.metrics()
	got := s.read(modes[0])
	if got.err != nil || got.Status != http.StatusServiceUnavailable {
		s.Errorf("both: status %d, %v: %.300s", got.Status, got.err, got.Body)
	}
	for _, part := range []string{"0 of 2 replicas answered", s.replicas[0].Address(), s.replicas[1].Address(), c.says} {
		if !strings.Contains(string(got.Body), part) {
			s.Errorf("both: %q is not in %q", part, got.Body)
		}
	}
	if got.Header.Get("Retry-After") == "" {
		s.Error("both: no Retry-After")
	}
	s.grew(before, "prombraid_reads_total", `outcome="unavailable"`)
}
