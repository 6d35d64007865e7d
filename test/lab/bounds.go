package main

import (
	"fmt"

	"prombraid/test/lab/field"
	"prombraid/test/lab/score"
)

// limits are how much greater than a perfect replica's the errors may be, and the mean of all points, those
// with holes in their windows too; 0 is no limit.
type limits struct{ mean, p99, all float64 }

var (
	calm     = limits{1.02, 1.10, 0}
	flapping = limits{1.06, 1.5, 0}
	// Where the one replica with the finest interval fails, only coarser samples are left.
	mixed = limits{1.06, 1.10, 1.3}
)

func limitsOf(w *field.World) limits {
	switch {
	case w.Flapping:
		return flapping
	case w.Mixed:
		return mixed
	}
	return calm
}

// broken says which of the bounds that every world must keep are not kept, with these of its own.
func (o outcome) broken(most limits) []string {
	var out []string
	say := func(bad bool, format string, args ...any) {
		if bad {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	b, floor := o.entries[braid], o.entries[perfect]
	say(gapShare(b.Cover) >= 0.000005, "gap %.5f %%", 100*gapShare(b.Cover))
	say(b.FalseResets > 0, "%d false resets", b.FalseResets)
	say(b.Torn > 0, "%d torn vectors", b.Torn)
	say(b.Close > 0, "%d samples closer than half an interval", b.Close)
	say(o.stability.Differ > 0, "%d of %d samples differ in shifted windows", o.stability.Differ, o.stability.Compared)
	say(o.stability.Reorder > 0, "%d series differ with the order of replicas", o.stability.Reorder)
	errors := []struct {
		name     string
		own, low score.Errors
	}{{"rate", b.Rate, floor.Rate}, {"native rate", b.NativeRate, floor.NativeRate}}
	for _, e := range errors {
		say(e.own.Missing > 0, "%s: %d points missing", e.name, e.own.Missing)
		mean, p99 := e.own.Seen.Mean/e.low.Seen.Mean, e.own.Seen.P99/e.low.Seen.P99
		say(mean > most.mean, "%s: mean %.4f × the floor's", e.name, mean)
		say(p99 > most.p99, "%s: p99 %.4f × the floor's", e.name, p99)
		all := e.own.All.Mean / e.low.All.Mean
		say(most.all > 0 && all > most.all, "%s: mean of all points %.4f × the floor's", e.name, all)
	}
	return out
}

func gapShare(c score.Cover) float64 { return c.Gap / c.Live }
