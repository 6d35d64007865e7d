package main

import "slices"

// hole is what a distance of more than 3/2 S costs more, in intervals: so that none is made that could be
// avoided.
const hole = 100

// leastCost is the way through the lanes whose distances cost least in sum, chosen with all of the past
// and of the future in sight. No rule that decides as samples come can do it: it is a bound.
func leastCost(lanes []lane, s int64) []step {
	var all []step
	for k, l := range lanes {
		for _, m := range l {
			if !m.stale {
				all = append(all, step{k, m})
			}
		}
	}
	slices.SortFunc(all, func(a, b step) int { return int(a.t - b.t) })
	sums, before := make([]int64, len(all)), make([]int, len(all))
	for j := range all {
		sums[j], before[j] = leastBefore(all, sums, j, s)
	}
	return traced(all, sums, before, s)
}

// leastBefore finds from where sample j is reached with the least sum.
func leastBefore(all []step, sums []int64, j int, s int64) (int64, int) {
	least, from := int64(0), -1
	for i := j - 1; i >= 0; i-- {
		gap := all[j].t - all[i].t
		if from >= 0 && gap > s*3 {
			break
		}
		sum := sums[i] + cost(s, gap)
		if gap > s*3/2 {
			sum += hole * s
		}
		apart := all[i].lane == all[j].lane || gap > s/2
		if apart && (from < 0 || sum < least) {
			least, from = sum, i
		}
	}
	return least, from
}

// traced goes back from the best of the last samples.
func traced(all []step, sums []int64, before []int, s int64) []step {
	last := len(all) - 1
	for i := last; i >= 0 && all[len(all)-1].t-all[i].t < s; i-- {
		if sums[i] < sums[last] {
			last = i
		}
	}
	var out []step
	for i := last; i >= 0; i = before[i] {
		out = append(out, all[i])
	}
	slices.Reverse(out)
	return out
}
