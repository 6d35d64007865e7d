package faults

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
	"prombraid/test/internal/scripted"
)

// truthExcept is the truth of replica b with a change to its first series.
func truthExcept(change func(*scripted.Series)) []scripted.Series {
	all := truthOf("b")
	change(&all[0])
	return all
}

// dataCases are replicas with odd but honest data: the answer of both is the truth.
var dataCases = []struct {
	name string
	play scripted.Script
}{
	{"25 labels out of order", scripted.Streamed(truthExcept(func(s *scripted.Series) {
		s.Labels = []string{"replica", "b", "instance", "one", "cluster", "lab", "__name__", "lab"}
	})...)},
	{"25 an empty label value", scripted.Streamed(truthExcept(func(s *scripted.Series) {
		s.Labels = append(s.Labels, "zone", "")
	})...)},
	{"25 a series in two halves", func(x *scripted.Exchange) {
		first, second := truthOf("b")[0], truthOf("b")[0]
		first.Samples, second.Samples = first.Samples[:120], second.Samples[120:]
		scripted.Streamed(append([]scripted.Series{first, second}, truthOf("b")[1:]...)...)(x)
	}},
	{"25 chunks out of order", func(x *scripted.Exchange) {
		m := truthOf("b")[0].Message(0)
		chunks := m.ChunkedSeries[0].Chunks
		chunks[0], chunks[1] = chunks[1], chunks[0]
		scripted.StreamedBytes(scripted.FrameOf(m) + secondFrame + thirdFrame)(x)
	}},
	{"25 the same chunk twice", func(x *scripted.Exchange) {
		m := truthOf("b")[0].Message(0)
		m.ChunkedSeries[0].Chunks = append(m.ChunkedSeries[0].Chunks, m.ChunkedSeries[0].Chunks[0])
		scripted.StreamedBytes(scripted.FrameOf(m) + secondFrame + thirdFrame)(x)
	}},
	{"25 samples outside the range", scripted.Streamed(truthExcept(func(s *scripted.Series) {
		*s = scripted.Line(from-step*600, step, count+1200, s.Labels...)
	})...)},
	{"24 chunk heads that lie about their times", func(x *scripted.Exchange) {
		m := truthOf("b")[0].Message(0)
		for i := range m.ChunkedSeries[0].Chunks {
			m.ChunkedSeries[0].Chunks[i].MinTimeMs += 7
			m.ChunkedSeries[0].Chunks[i].MaxTimeMs += 900_000
		}
		scripted.StreamedBytes(scripted.FrameOf(m) + secondFrame + thirdFrame)(x)
	}},
	{"26 samples where a stream was asked for", scripted.Sampled(truthOf("b")...)},
	{"26 samples, unsorted", scripted.Sampled(truthOf("b")[2], truthOf("b")[0], truthOf("b")[1])},
	{"24 zero chunks", func(x *scripted.Exchange) {
		m := truthOf("b")[0].Message(0)
		m.ChunkedSeries[0].Chunks = nil
		scripted.StreamedBytes(scripted.FrameOf(m) + secondFrame + thirdFrame)(x)
	}},
}

func TestData(t *testing.T) {
	for _, c := range dataCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := two(t)
			s.watch(0)
			s.replicas[1].Play(c.play)
			for _, mode := range modes {
				s.whole("beside a good one, "+mode.String(), s.read(mode))
			}
			s.good()
		})
	}
}

// TestAlone wants honest but odd data to be whole without help.
func TestAlone(t *testing.T) {
	for _, c := range dataCases {
		if strings.Contains(c.name, "zero chunks") {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			r := s.replica(1)
			r.Play(c.play)
			s.start(nil)
			s.watch(0)
			for _, mode := range modes {
				s.whole("alone, "+mode.String(), s.read(mode))
			}
		})
	}
}

func TestBitsAreKept(t *testing.T) {
	t.Parallel()
	values := []float64{
		math.Float64frombits(0x7ff8000000000001), math.Float64frombits(0xfff8dead0000beef), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 5e-324,
	}
	s := two(t)
	value := func(k int) float64 {
		if k == count-1 {
			return math.Float64frombits(0x7ff0000000000002) // stale, and so the last
		}
		return values[k/40%len(values)]
	}
	for i, r := range s.replicas {
		series := truthOf(string(rune('a' + i)))[:1]
		for k := range series[0].Samples {
			series[0].Samples[k].Value = value(k)
		}
		r.Play(scripted.Streamed(series...))
	}
	s.watch(0)
	for _, mode := range modes {
		got := s.read(mode)
		series, err := seriesOf(got.Answer)
		if err != nil || len(series) != 1 || len(series[0].samples) != count {
			t.Fatalf("%s: %d series, %v", mode, len(series), err)
		}
		for k, sample := range series[0].samples {
			if math.Float64bits(sample.Value) != math.Float64bits(value(k)) {
				t.Fatalf("%s: sample %d is %x", mode, k, math.Float64bits(sample.Value))
			}
		}
	}
	s.good()
}

// TestSameWinner: replicas that disagree at every timestamp; who answers first is no matter.
func TestSameWinner(t *testing.T) {
	t.Parallel()
	s := two(t)
	s.watch(0)
	var answers []string
	for slow := range 2 {
		for i, r := range s.replicas {
			series := truthOf(string(rune('a' + i)))
			for k := range series[0].Samples {
				series[0].Samples[k].Value = float64(i)
			}
			r.Play(func(x *scripted.Exchange) {
				if i == slow {
					x.Wait(200 * time.Millisecond)
				}
				scripted.Streamed(series...)(x)
			})
		}
		got := s.read(remote.Streamed)
		if got.err != nil || got.Status != 200 {
			t.Fatalf("status %d, %v", got.Status, got.err)
		}
		answers = append(answers, string(got.Body))
	}
	if answers[0] != answers[1] {
		t.Error("the answer depends on who is slow")
	}
	s.good()
}

// TestReplicaLabelAbsentOnOne: series differ only by a label that the other replica has not got.
func TestReplicaLabelAbsentOnOne(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a, b := s.replica(0), s.replica(1)
	b.Be(scripted.Self{External: map[string]string{"cluster": "lab"}, StartTime: "2026-01-02T03:04:05.9Z"})
	bare := truthOf("b")
	for i := range bare {
		bare[i].Labels = bare[i].Labels[:6]
	}
	b.Play(scripted.Streamed(bare...))
	s.start([]string{a.Address(), b.Address()}, "--replica-label=replica")
	s.watch(0)
	for _, mode := range modes {
		s.whole(mode.String(), s.read(mode))
	}
}

// bombs are answers that would take much memory: refused by a limit that is named.
var bombs = []struct {
	name  string
	play  scripted.Script
	says  string
	limit string
}{
	{"28 100,000 labels on one series", func(x *scripted.Exchange) {
		series := truthOf("b")[0]
		for i := range 100_000 {
			series.Labels = append(series.Labels, fmt.Sprintf("l%06d", i), "x")
		}
		scripted.Streamed(series)(x)
	}, "--limits.labels-per-series", "labels"},
	{"28 a label value of 10 MB", func(x *scripted.Exchange) {
		series := truthOf("b")[0]
		series.Labels = append(series.Labels, "z", strings.Repeat("x", 10<<20))
		scripted.Streamed(series)(x)
	}, "--limits.label-bytes-per-series", "label_bytes"},
	{"28 a block of samples that says it is 4 GiB", scripted.SampledBytes("\xff\xff\xff\xff\x0fabc"), "--read.max-response-bytes", "response_bytes"},
	{"28 a frame that says it is 65 MiB", scripted.StreamedBytes(scripted.RawFrame(65<<20, 0, "abc")), "--replica.max-frame-bytes", "frame_bytes"},
}

func TestBombs(t *testing.T) {
	for _, c := range bombs {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := two(t)
			s.watch(64 * mib) // the limit of a frame
			fault := replicaFault{c.name, c.play, "limit", c.says}
			before := s.metrics()
			s.oneOfTwo(fault)
			s.both(fault)
			s.grew(before, "prombraid_limit_hits_total", `limit="`+c.limit+`"`)
			s.good()
		})
	}
}

// TestSeriesLimit: an answer of more series than there may be is refused, in both forms; a stream
// that has begun is broken off.
func TestSeriesLimit(t *testing.T) {
	t.Parallel()
	s := two(t, "--limits.series-per-read=2")
	s.watch(0)
	before := s.metrics()
	for _, mode := range modes {
		got := s.read(mode)
		if begun := got.err != nil && mode == remote.Streamed; begun {
			continue
		}
		if got.Status != 400 || !strings.Contains(string(got.Body), "--limits.series-per-read (2)") {
			t.Errorf("%s: status %d: %.200s", mode, got.Status, got.Body)
		}
	}
	s.said("a read was refused", "--limits.series-per-read (2)")
	if hits := s.metrics().sum(limit("series")[0], limit("series")[1]) - before.sum(limit("series")[0], limit("series")[1]); hits != 2 {
		t.Errorf("%g limit hits, not 2", hits)
	}
	for i, r := range s.replicas {
		r.Play(scripted.Streamed(truthOf(string(rune('a' + i)))[:2]...))
	}
	if got := s.read(remote.Streamed); got.err != nil || got.Status != 200 {
		t.Errorf("two series: status %d, %v", got.Status, got.err)
	}
}

// TestLongSeries: the frames of one series are held together, and so have a limit together.
func TestLongSeries(t *testing.T) {
	t.Parallel()
	s := two(t, "--replica.max-series-bytes=64KiB", "--replica.max-frame-bytes=64KiB")
	s.watch(0)
	before := s.metrics()
	b := s.replicas[1]
	b.Play(scripted.StreamedBytes(strings.Repeat(firstFrame, 400)))
	s.whole("one of two", s.read(remote.Streamed))
	s.said("replica failed a read", b.Address(), "reason=limit", "--replica.max-series-bytes")
	s.grew(before, "prombraid_limit_hits_total", `limit="series_bytes"`)
	s.good()
}

// TestLongStream: a quarter of a million series flow through, and what is held stays small. Under
// sanitizers, which say nothing of memory, a fifth of them.
func TestLongStream(t *testing.T) {
	t.Parallel()
	series := 250_000
	if proxy.Sanitized() {
		series = 50_000
	}
	s := newStage(t)
	r := s.replica(0)
	chunks := truthOf("a")[0].Chunks()
	r.Play(func(x *scripted.Exchange) {
		x.Head(scripted.StreamedType)
		for i := 0; i < series; i += 100 {
			var part strings.Builder
			for k := range 100 {
				labels := scripted.Series{Labels: []string{"__name__", "lab", "n", fmt.Sprintf("%07d", i+k)}}
				m := labels.Message(0)
				m.ChunkedSeries[0].Chunks = chunks[:1]
				part.WriteString(scripted.FrameOf(m))
			}
			if !x.Chunk(part.String()) {
				return
			}
		}
		x.End()
	})
	s.start(nil, "--replica.timeout=60s")
	s.watch(0)
	samples, err := remote.Drain(s.proxy.ReadURL(), remote.Streamed, &prompb.Query{
		StartTimestampMs: from, EndTimestampMs: to,
		Matchers: []*prompb.LabelMatcher{{Name: "__name__", Value: "lab"}},
	})
	if err != nil || samples != series*120 {
		t.Errorf("%d samples, %v", samples, err)
	}
}
