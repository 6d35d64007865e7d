// Package score compares what is answered with what is true.
package score

import (
	"prombraid/test/internal/oracle"
	"prombraid/test/internal/remote"
	"prombraid/test/lab/field"
)

// Cover says how long a series was there, over all series, in seconds. A sample counts for one and a
// half intervals or until a stale marker.
type Cover struct {
	Live    float64 // at least one replica was live
	Gap     float64 // of that, the answer was not
	Phantom float64 // the answer was live and no replica was
}

func coverOf(w *field.World, replicas [][]remote.Series, answer []remote.Series) Cover {
	reach := w.Interval * 3 / 2
	seen := map[string][]oracle.Span{}
	for _, replica := range replicas {
		for _, s := range replica {
			name := s.Labels.String()
			seen[name] = append(seen[name], within(w, oracle.Live(s.Points, reach))...)
		}
	}
	told := map[string][]oracle.Span{}
	for _, s := range answer {
		told[s.Labels.String()] = oracle.Joined(within(w, oracle.Live(s.Points, reach)))
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
