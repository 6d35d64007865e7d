package faults

import (
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/remote"
	"prombraid/test/internal/scripted"
)

// midwayFaults are replicas that fail after their first series is whole.
var midwayFaults = []replicaFault{
	{"18 resets after a series", func(x *scripted.Exchange) {
		x.Head(scripted.StreamedType)
		x.Chunk(begun)
		x.Wait(settled)
		x.Reset()
	}, "reset", ""},
	{"18 closes after a series, without an end", func(x *scripted.Exchange) {
		x.Head(scripted.StreamedType)
		x.Chunk(begun)
		x.Wait(settled)
		x.Close()
	}, "torn", ""},
	{"19 stalls after a series", func(x *scripted.Exchange) {
		x.Head(scripted.StreamedType)
		x.Chunk(begun)
		x.Stall()
	}, "timeout", ""},
	{"19 stalls inside a later frame", func(x *scripted.Exchange) {
		x.Head(scripted.StreamedType)
		x.Chunk(begun + thirdFrame[:len(thirdFrame)/2])
		x.Stall()
	}, "timeout", ""},
	{"20 trickles a later frame", func(x *scripted.Exchange) {
		x.Head(scripted.StreamedType)
		x.Chunk(begun)
		for i := 0; i < len(thirdFrame) && x.Chunk(thirdFrame[i:i+1]); i++ {
			x.Wait(settled)
		}
	}, "timeout", ""},
	{"23 text after a series, and a clean end", scripted.StreamedBytes(begun + "query timed out in expression evaluation\n"), "text_after_200", ""},
	{"23 ends after a later length", scripted.StreamedBytes(begun + thirdFrame[:2]), "torn", ""},
	{"23 ends after a later checksum", scripted.StreamedBytes(begun + thirdFrame[:6]), "torn", ""},
	{"23 later frame with a wrong checksum", scripted.StreamedBytes(begun + flipped(thirdFrame, 4)), "corrupt_frame", ""},
	{"24 an encoding that nobody knows, in the last series", scripted.StreamedBytes(begun + unknownEncoding(2)), "unknown_encoding", ""},
	{"24 a chunk that does not decode", scripted.StreamedBytes(begun + cutChunk(2)), "corrupt_chunk", ""},
	{"25 series out of order", scripted.StreamedBytes(secondFrame + thirdFrame + firstFrame), "unsorted", ""},
}

var (
	secondFrame = truthOf("b")[1].Frame()
	thirdFrame  = truthOf("b")[2].Frame()

	// begun is what it takes for a read to begin: a series is whole when the next one comes.
	begun = firstFrame + secondFrame
)

// unknownEncoding is the frame of a series whose chunks nobody can read.
func unknownEncoding(series int) string {
	m := truthOf("b")[series].Message(0)
	for i := range m.ChunkedSeries[0].Chunks {
		m.ChunkedSeries[0].Chunks[i].Type = 99
	}
	return scripted.FrameOf(m)
}

// cutChunk is a sound frame of a series with a chunk that ends in the middle of its samples.
func cutChunk(series int) string {
	m := truthOf("b")[series].Message(0)
	chunk := &m.ChunkedSeries[0].Chunks[0]
	chunk.Data = chunk.Data[:len(chunk.Data)/2]
	return scripted.FrameOf(m)
}

func TestMidway(t *testing.T) {
	eachFault(t, midwayFaults, (*stage).midway, (*stage).neverWhole)
}

// midway: the other replica's answer is whole, and the loss is counted and told.
func (s *stage) midway(c replicaFault) {
	s.Helper()
	b := s.replicas[1]
	b.Play(c.play)
	before := s.metrics()
	s.whole("one of two", s.read(remote.Streamed))
	s.grew(before, "prombraid_replica_failures_total", `replica="`+b.Address()+`"`, `reason="`+c.reason+`"`)
	s.grew(before, "prombraid_partial_responses_total")
	s.grew(before, "prombraid_reads_total", `outcome="partial"`)
	s.said("replica failed a read", b.Address(), "reason="+c.reason)
}

// neverWhole: where no replica is left, nothing may pass as a complete answer.
func (s *stage) neverWhole(c replicaFault) {
	s.Helper()
	for _, r := range s.replicas {
		r.Play(c.play)
	}
	for _, mode := range modes {
		got := s.read(mode)
		if got.err == nil && got.Status == http.StatusOK && !learns(c.reason) {
			s.Errorf("both, %s: a clean answer of %d bytes", mode, len(got.Body))
		}
		if mode == remote.Samples && got.err != nil {
			s.Errorf("both, %s: broken off, where it could be told: %v", mode, got.err)
		}
	}
}

// learns says that the fault is repaired from the second read on.
func learns(reason string) bool { return reason == "unsorted" || reason == "unknown_encoding" }

// TestCorruptDeepInside: one damaged chunk of forty, in a series that the other replica has in part
// or not at all. It is found in both forms of an answer before a sample of that series is given, and
// the other replica's samples serve from there on.
func TestCorruptDeepInside(t *testing.T) {
	const chunks, damaged = 40, 17
	for _, c := range []struct {
		name  string
		has   int // samples of that series on the other replica
		wants int // series in the answer
	}{
		{"24 a series that the other replica has", 120 * chunks, 3},
		{"24 a series that the other replica has half of", 60 * chunks, 3},
		{"24 a series that the other replica has not", 0, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := two(t)
			s.watch(0)
			a, b := truthOf("a"), truthOf("b")
			a[1] = scripted.Line(from, step, 120*chunks, a[1].Labels...)
			m := a[1].Message(0)
			middle := &m.ChunkedSeries[0].Chunks[damaged]
			middle.Data = middle.Data[:len(middle.Data)-4]
			s.replicas[0].Play(scripted.StreamedBytes(a[0].Frame() + scripted.FrameOf(m) + a[2].Frame()))
			b[1] = scripted.Line(from, step, c.has, b[1].Labels...)
			if c.has == 0 {
				b = append(b[:1], b[2])
			}
			s.replicas[1].Play(scripted.Streamed(b...))
			for _, mode := range modes {
				s.deepInside(mode, c.has, c.wants, step*120*chunks)
			}
			s.good()
		})
	}
}

func (s *stage) deepInside(mode remote.Mode, has, wants int, length int64) {
	s.Helper()
	before := s.metrics()
	got := s.post(with(func(r *prompb.ReadRequest) {
		r.AcceptedResponseTypes = []remote.Mode{mode}
		r.Queries[0].EndTimestampMs, r.Queries[0].Hints = from+length, nil
	}))
	series, err := seriesOf(got.Answer)
	if got.Status != http.StatusOK || got.err != nil || err != nil || len(series) != wants {
		s.Fatalf("%s: status %d, %d series, %v %v: %.200q", mode, got.Status, len(series), got.err, err, got.Body)
	}
	if wants == 3 && len(series[1].samples) != has {
		s.Errorf("%s: %d samples, not %d", mode, len(series[1].samples), has)
	}
	a := s.replicas[0].Address()
	s.grew(before, "prombraid_replica_failures_total", `replica="`+a+`"`, `reason="corrupt_chunk"`)
	s.said("replica failed a read", a, "reason=corrupt_chunk")
}

func TestUnknownEncodingAtOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	r := s.replica(0)
	r.Play(func(x *scripted.Exchange) {
		if accepts(x.Request, remote.Streamed) {
			scripted.StreamedBytes(unknownEncoding(0))(x)
			return
		}
		scripted.Sampled(truthOf("a")...)(x)
	})
	s.start(nil)
	s.watch(0)
	before := s.metrics()
	s.whole("the first read", s.read(remote.Streamed))
	s.whole("the second read", s.read(remote.Streamed))
	requests := r.Requests()
	if n := len(requests); n != 3 || accepts(requests[2], remote.Streamed) {
		t.Errorf("%d requests, the last one for streams: %v", n, accepts(requests[n-1], remote.Streamed))
	}
	s.grew(before, "prombraid_replica_failures_total", `reason="unknown_encoding"`)
	s.said("it is asked for samples", r.Address())
}

func accepts(request *prompb.ReadRequest, mode remote.Mode) bool {
	for _, accepted := range request.AcceptedResponseTypes {
		if accepted == mode {
			return true
		}
	}
	return false
}

func TestUnsortedIsSortedNextTime(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	r := s.replica(0)
	frames := []string{}
	for _, series := range truthOf("a") {
		frames = append(frames, series.Frame())
	}
	r.Play(scripted.StreamedBytes(frames[2] + frames[0] + frames[1]))
	s.start(nil)
	s.watch(0)
	first := s.read(remote.Streamed)
	if first.err == nil && first.Status == http.StatusOK {
		t.Errorf("the first read is whole: %d bytes", len(first.Body))
	}
	s.whole("the second read", s.read(remote.Streamed))
	s.said("collected and sorted", r.Address())
	if said := s.metrics().sum("prombraid_replica_failures_total", `reason="unsorted"`); said != 1 {
		t.Errorf("unsorted was counted %g times", said)
	}
}

func TestMinReplicas(t *testing.T) {
	t.Parallel()
	s := two(t, "--read.min-replicas=2")
	s.watch(0)
	b := s.replicas[1]
	b.Play(scripted.Status(500, "broken"))
	got := s.read(remote.Streamed)
	if got.Status != http.StatusServiceUnavailable || !strings.Contains(string(got.Body), "1 of 2 replicas answered, 2 needed") {
		t.Errorf("status %d, %q", got.Status, got.Body)
	}
	b.Play(midwayFaults[0].play)
	if got := s.read(remote.Streamed); got.Status != http.StatusServiceUnavailable || !strings.Contains(string(got.Body), "lost midway") {
		t.Errorf("lost before anything was sent: status %d, %v", got.Status, got.err)
	}
	// What is longer than one write has begun when the replica is lost.
	const many = 3000
	s.replicas[0].Play(func(x *scripted.Exchange) {
		series(x, many)
		x.End()
	})
	b.Play(func(x *scripted.Exchange) {
		series(x, many-1)
		x.Wait(settled)
		x.Reset()
	})
	before := s.metrics()
	if got := s.read(remote.Streamed); got.err == nil {
		t.Errorf("a clean end with a replica lost midway: status %d", got.Status)
	}
	s.grew(before, "prombraid_reads_total", `outcome="aborted"`)
	s.said("broken off after its first byte", b.Address())
	s.good()
}
