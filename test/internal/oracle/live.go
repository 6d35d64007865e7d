package oracle

import (
	"slices"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/remote"
)

// Span is [From, To) in ms.
type Span struct{ From, To int64 }

// Live gives the times at which a series is live: for reach ms after each real sample, at most until
// a stale marker.
func Live(points []remote.Point, reach int64) []Span {
	return LiveEach(points, func(int64) int64 { return reach })
}

// LiveEach is Live where each sample, by its time, has a reach of its own.
func LiveEach(points []remote.Point, reach func(t int64) int64) []Span {
	var spans []Span
	for i, p := range points {
		if Stale(p) {
			continue
		}
		end := p.T + reach(p.T)
		if i+1 < len(points) {
			end = min(end, points[i+1].T) // a real sample speaks for itself from there on
		}
		spans = append(spans, Span{p.T, end})
	}
	return spans
}

// Joined sorts spans and joins those that touch.
func Joined(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int { return int(a.From - b.From) })
	var out []Span
	for _, s := range spans {
		if n := len(out); n > 0 && s.From <= out[n-1].To {
			out[n-1].To = max(out[n-1].To, s.To)
			continue
		}
		out = append(out, s)
	}
	return out
}

// Uncovered is the part of want that have leaves out; both are joined.
func Uncovered(want, have []Span) []Span {
	var out []Span
	for _, w := range want {
		at := w.From
		for _, h := range have {
			if h.To <= at || h.From >= w.To {
				continue
			}
			if h.From > at {
				out = append(out, Span{at, h.From})
			}
			at = max(at, h.To)
		}
		if at < w.To {
			out = append(out, Span{at, w.To})
		}
	}
	return out
}

// liveOfAny is when each series is live in at least one replica.
func liveOfAny(replicas [][]remote.Series, reach int64) map[string][]Span {
	live := map[string][]Span{}
	for _, replica := range replicas {
		for _, s := range replica {
			name := s.Labels.String()
			live[name] = append(live[name], Live(s.Points, reach)...)
		}
	}
	for name, spans := range live {
		live[name] = Joined(spans)
	}
	return live
}

// GapFree wants the answer to be live whenever a replica is, by the rule of one and a half scrape
// intervals, up to the end of the range that was asked for. slack is for an interval that the merge
// had to guess from jittered scrapes.
func GapFree(answer []remote.Series, interval, slack, end int64, replicas ...[]remote.Series) []string {
	reach := interval * 3 / 2
	want := liveOfAny(replicas, reach)
	var f faults
	for _, s := range answer {
		name := s.Labels.String()
		for _, gap := range Uncovered(want[name], Joined(Live(s.Points, reach+slack))) {
			if min(gap.To, end)-gap.From > slack {
				f.add("%s: nothing from %d to %d, but a replica was live", name, gap.From, gap.To)
			}
		}
	}
	return f
}

// Honest wants the answer not to be live where no replica is.
func Honest(answer []remote.Series, interval, slack int64, replicas ...[]remote.Series) []string {
	reach := interval * 3 / 2
	have := liveOfAny(replicas, reach)
	var f faults
	for _, s := range answer {
		name := s.Labels.String()
		for _, more := range Uncovered(Joined(Live(s.Points, reach)), have[name]) {
			if more.To-more.From > slack {
				f.add("%s: live from %d to %d, but no replica was", name, more.From, more.To)
			}
		}
	}
	return f
}

// Coherent wants the classic buckets of one target to have the same times.
func Coherent(answer []remote.Series) []string {
	times := map[string][]int64{}
	var f faults
	for _, s := range answer {
		if !s.Labels.Has("le") {
			continue
		}
		group := labels.NewBuilder(s.Labels).Del("le").Labels().String()
		var own []int64
		for _, p := range s.Points {
			own = append(own, p.T)
		}
		if first, known := times[group]; known && !slices.Equal(first, own) {
			f.add("%s: other times than its sister buckets", s.Labels)
		} else if !known {
			times[group] = own
		}
	}
	return f
}

func staleHistogram(p remote.Point) bool {
	var h prompb.Histogram
	return h.Unmarshal([]byte(p.Histogram)) == nil && value.IsStaleNaN(h.Sum)
}
