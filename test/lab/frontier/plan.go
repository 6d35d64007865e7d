package main

import (
	"math"
	"slices"
)

// foresight and span are how far a rule looks for the end of what it follows, and how far it plans then, in halves of S.
const (
	foresight = 7
	span      = 10
)

// cost of a distance of neighbours: how far it is from S, and three times more how far it is outside of what rate bears
// without an error.
func cost(s, gap int64) int64 {
	return max(s-gap, gap-s) + 3*max(0, s-s/15*4-gap, gap-s-s/10)
}

// breaks says whether the lane that is followed fails in the next steps.
func breaks(lanes []lane, s int64, last step) bool {
	end, row := last.t, lanes[last.lane][lanes[last.lane].after(last.t):]
	for end <= last.t+s*foresight/2 {
		if len(row) == 0 || row[0].stale || row[0].t-end > s*5/4 {
			return true
		}
		end, row = row[0].t, row[1:]
	}
	return false
}

// road is the rest of a way from one step on: what its distances cost together, how often it changes its lane, and
// which step it begins with.
type road struct {
	cost    int64
	changes int
	next    int
}

func (r road) betterThan(other road) bool {
	return r.cost < other.cost || r.cost == other.cost && r.changes < other.changes
}

// planned is the first step, not later than until, of the best way on; none where a hole is on every way.
func planned(lanes []lane, s int64, last step, until int64) (step, bool) {
	end := last.t + s*span/2
	steps := append([]step{last}, stepsUntil(lanes, s, last.t, end)...)
	roads := make([]road, len(steps))
	for i := len(steps) - 1; i >= 0; i-- {
		if steps[i].t > end-s*3/2 && lanes[steps[i].lane].coarse(s) == 0 {
			continue
		}
		roads[i].cost = math.MaxInt64
		for j := i + 1; j < len(steps) && steps[j].t-steps[i].t <= s*3/2; j++ {
			gap, change := steps[j].t-steps[i].t, steps[j].lane != steps[i].lane
			if i == 0 && steps[j].t > until {
				break
			}
			if roads[j].cost == math.MaxInt64 || !mayStep(lanes, s, steps[i], steps[j]) {
				continue
			}
			way := road{roads[j].cost + cost(s, gap), roads[j].changes, j}
			if change {
				way.changes++
			}
			equal := way.cost == roads[i].cost && way.changes == roads[i].changes
			if way.betterThan(roads[i]) || equal && !change && steps[roads[i].next].lane != steps[i].lane {
				roads[i] = way
			}
		}
	}
	return steps[roads[0].next], roads[0].cost < math.MaxInt64
}

// mayStep says whether a way goes so: to the next sample of its lane, or over more than S/2 to another lane.
func mayStep(lanes []lane, s int64, from, to step) bool {
	if to.lane != from.lane {
		return to.t-from.t > s/2
	}
	next, _ := lanes[from.lane].real(from.t, to.t)
	return next.t == to.t
}

// stepsUntil are all samples in (from, until].
func stepsUntil(lanes []lane, s, from, until int64) []step {
	var all []step
	for k, l := range lanes {
		for _, m := range l[l.after(from):l.after(until)] {
			if !m.stale {
				all = append(all, step{k, m})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b step) int { return int(a.t - b.t) })
	return all
}
