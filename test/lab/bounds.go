package main

import (
	"fmt"

	"prombraid/test/lab/score"
)

// limits are how much greater than a perfect replica's the errors may be.
type limits struct{ mean, p99 float64 }

var (
	calm     = limits{1.02, 1.10}
	flapping = limits{1.06, 1.5}
)

// fault is a bound that is not kept. One of spacing is the distance of an error of rate from a perfect
// replica's, which no seam leaves as it is; the others are plain errors.
type fault struct {
	text    string
	spacing bool
}

// broken says which of the bounds that every world must keep are not kept.
func (o outcome) broken() []fault {
	var out []fault
	note := func(bad, spacing bool, format string, args ...any) {
		if bad {
			out = append(out, fault{fmt.Sprintf(format, args...), spacing})
		}
	}
	say := func(bad bool, format string, args ...any) { note(bad, false, format, args...) }
	b, floor := o.entries[braid], o.entries[perfect]
	say(gapShare(b.Cover) >= 0.000005, "gap %.5f %%", 100*gapShare(b.Cover))
	say(b.FalseResets > 0, "%d false resets", b.FalseResets)
	say(b.Torn > 0, "%d torn vectors", b.Torn)
	say(b.Close > 0, "%d samples closer than half an interval", b.Close)
	say(o.stability.Differ > 0, "%d of %d samples differ in shifted windows", o.stability.Differ, o.stability.Compared)
	say(o.stability.Reorder > 0, "%d series differ with the order of replicas", o.stability.Reorder)
	most := calm
	if o.world.Flapping {
		most = flapping
	}
	errors := []struct {
		name     string
		own, low score.Errors
	}{{"rate", b.Rate, floor.Rate}, {"native rate", b.NativeRate, floor.NativeRate}}
	for _, e := range errors {
		say(e.own.Missing > 0, "%s: %d points missing", e.name, e.own.Missing)
		mean, p99 := e.own.Seen.Mean/e.low.Seen.Mean, e.own.Seen.P99/e.low.Seen.P99
		note(mean > most.mean, true, "%s: mean %.4f × the floor's", e.name, mean)
		note(p99 > most.p99, true, "%s: p99 %.4f × the floor's", e.name, p99)
	}
	return out
}

func gapShare(c score.Cover) float64 { return c.Gap / c.Live }
