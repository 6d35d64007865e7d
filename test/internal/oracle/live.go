package oracle

import (
	"slices"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/remote"
)

// span is [from, to) in ms.
type span struct{ from, to int64 }

// live gives the times at which a series is live: for reach ms after each real sample, at most until
// a stale marker.
func live(points []remote.Point, reach int64) []span {
	var spans []span
	for i, p := range points {
		if Stale(p) {
			continue
		}
		end := p.T + reach
		if i+1 < len(points) && Stale(points[i+1]) {
			end = min(end, points[i+1].T)
		}
		spans = append(spans, span{p.T, end})
	}
	return spans
}

// joined sorts spans and joins those that touch.
func joined(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return int(a.from - b.from) })
	var out []span
	for _, s := range spans {
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// uncovered is the part of want that have leaves out; both are joined.
func uncovered(want, have []span) []span {
	var out []span
	for _, w := range want {
		at := w.from
		for _, h := range have {
			if h.to <= at || h.from >= w.to {
				continue
			}
			if h.from > at {
				out = append(out, span{at, h.from})
			}
			at = max(at, h.to)
		}
		if at < w.to {
			out = append(out, span{at, w.to})
		}
	}
	return out
}

// GapFree wants the answer to be live whenever a replica is, by the rule of one and a half scrape
// intervals, up to the end of the range that was asked for. slack is for an interval that the merge
// had to guess from jittered scrapes.
func GapFree(answer []remote.Series, interval, slack, end int64, replicas ...[]remote.Series) []string {
	reach := interval * 3 / 2
	want := map[string][]span{}
	for _, replica := range replicas {
		for _, s := range replica {
			name := s.Labels.String()
			want[name] = append(want[name], live(s.Points, reach)...)
		}
	}
	var f faults
	for _, s := range answer {
		name := s.Labels.String()
		for _, gap := range uncovered(joined(want[name]), joined(live(s.Points, reach+slack))) {
			if min(gap.to, end)-gap.from > slack {
				f.add("%s: nothing from %d to %d, but a replica was live", name, gap.from, gap.to)
			}
		}
	}
	return f
}

// Honest wants the answer not to be live where no replica is.
func Honest(answer []remote.Series, interval, slack int64, replicas ...[]remote.Series) []string {
	reach := interval * 3 / 2
	have := map[string][]span{}
	for _, replica := range replicas {
		for _, s := range replica {
			name := s.Labels.String()
			have[name] = append(have[name], live(s.Points, reach)...)
		}
	}
	var f faults
	for _, s := range answer {
		name := s.Labels.String()
		for _, more := range uncovered(joined(live(s.Points, reach)), joined(have[name])) {
			if more.to-more.from > slack {
				f.add("%s: live from %d to %d, but no replica was", name, more.from, more.to)
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
