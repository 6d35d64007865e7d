// Package score compares what is answered with what is true.
package score

import (
	"slices"

	"prombraid/test/internal/oracle"
	"prombraid/test/internal/remote"
	"prombraid/test/lab/field"
)

// Cover says how long a series was there, over all series, in seconds. A sample counts for one and a
// half intervals of the replica that has it, or until a stale marker.
type Cover struct {
	Live    float64 // at least one replica was live
	Gap     float64 // of that, the answer was not
	Phantom float64 // the answer was live and no replica was
}

func coverOf(w *field.World, replicas [][]remote.Series, answer []remote.Series) Cover {
	each := map[string][]lasting{} // by series, of each replica that has it
	seen := map[string][]oracle.Span{}
	for k, replica := range replicas {
		for _, s := range replica {
			name, spans := s.Labels.String(), within(w, oracle.Live(s.Points, w.Replicas[k].Interval*3/2))
			each[name] = append(each[name], lasting{spans, slackOf(w, k), w.Replicas[k].Interval * 3 / 2})
			seen[name] = append(seen[name], spans...)
		}
	}
	told := map[string][]oracle.Span{}
	for _, s := range answer {
		name := s.Labels.String()
		spans := oracle.LiveEach(s.Points, func(t int64) int64 {
			return max(t+w.Interval*3/2, lastingTo(each[name], t)) - t
		})
		told[name] = oracle.Joined(within(w, spans))
	}
	var c Cover
	for name, spans := range seen {
		spans = oracle.Joined(spans)
		c.Live += seconds(spans)
		c.Gap += seconds(oracle.Uncovered(spans, told[name]))
		c.Phantom += seconds(oracle.Uncovered(told[name], spans))
		delete(told, name)
	}
	for _, spans := range told {
		c.Phantom += seconds(spans)
	}
	return c
}

// lasting is when a replica was live, how long after a sample of the answer what it says counts as said, and how
// long a sample of its own counts.
type lasting struct {
	spans        []oracle.Span
	slack, reach int64
}

// slackOf is a quarter of an interval for a replica that is coarser than others: nearer samples of two are
// never both given, and what it says next comes long after.
func slackOf(w *field.World, k int) int64 {
	if w.Replicas[k].Interval > w.Interval {
		return w.Interval / 4
	}
	return 0
}

// lastingTo says until when a replica that is live at t goes on to be: what it said before t is
// not missing in an answer that has a sample at t. Where a coarser one goes on, a finer one's sample that comes so
// soon after its own is as good: the two are never both given. A sample that the answer has from a coarser replica counts as long as it
// does there, until a marker in the answer itself: as in a world of equal intervals.
func lastingTo(each []lasting, t int64) int64 {
	end := t
	for _, l := range each {
		next, _ := slices.BinarySearchFunc(l.spans, t+l.slack+1, func(s oracle.Span, t int64) int { return int(s.From - t) })
		if next > 0 {
			end = max(end, l.spans[next-1].To)
			if goesOn := next < len(l.spans) && l.spans[next].From == l.spans[next-1].To; goesOn {
				end = max(end, l.spans[next-1].To+l.slack)
			}
		}
		if at, own := slices.BinarySearchFunc(l.spans, t, func(s oracle.Span, t int64) int { return int(s.From - t) }); own {
			end = max(end, l.spans[at].From+l.reach)
		}
	}
	return end
}

// within leaves out what lies behind the end of the world: there nobody could go on.
func within(w *field.World, spans []oracle.Span) []oracle.Span {
	for i := range spans {
		spans[i].To = max(spans[i].From, min(spans[i].To, w.To))
	}
	return spans
}

func seconds(spans []oracle.Span) float64 {
	total := int64(0)
	for _, s := range spans {
		total += s.To - s.From
	}
	return float64(total) / 1000
}
