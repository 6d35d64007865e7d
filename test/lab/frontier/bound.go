package main

import (
	"math"
	"slices"
)

// leastCost is the way through the lanes whose steps cost least in sum, chosen with all of the past and of
// the future in sight. No rule that decides as samples come can do it: it is a bound.
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
	sums, before := make([]float64, len(all)), make([]int, len(all))
	for j := range all {
		sums[j], before[j] = leastBefore(all, sums, j, s)
	}
	return traced(all, sums, before, s)
}

// leastBefore finds from where sample j is reached with the least sum.
func leastBefore(all []step, sums []float64, j int, s int64) (float64, int) {
	least, from := 0.0, -1
	for i := j - 1; i >= 0; i-- {
		gap := all[j].t - all[i].t
		if from >= 0 && gap > s*3 {
			break
		}
		changed := all[i].lane != all[j].lane
		if sum := sums[i] + priceOf(float64(gap)/float64(s), changed); !(changed && gap <= s/2) && (from < 0 || sum < least) {
			least, from = sum, i
		}
	}
	return least, from
}

// traced goes back from the best of the last samples.
func traced(all []step, sums []float64, before []int, s int64) []step {
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

const (
	grid   = 50   // prices are known for steps of 1/50 interval
	change = 0.02 // what a change of lane costs: at 15 s, clocks that are 0.3 s apart
	hole   = 100  // what a hole costs more, an interval: so that none is made that could be avoided
)

// prices are the errors of rate, summed over the time in which a step lies in the window, by its length.
var prices = func() (p [4*grid + 1]float64) {
	for i := range p {
		p[i] = rateError(float64(i) / grid)
	}
	return p
}()

func priceOf(length float64, changed bool) float64 {
	price := prices[min(int(length*grid+0.5), len(prices)-1)]
	if length > 1.5 {
		price += hole * length
	}
	if changed {
		price += change
	}
	return price
}

// rateError is what one step of this length among steps of 1 does to a rate over four steps, in sum over all
// times, by the extrapolation of Prometheus (promql/functions.go, extrapolatedRate).
func rateError(length float64) float64 {
	times := []float64{0}
	for i := range 12 {
		next := times[i] + 1
		if i == 6 {
			next = times[i] + length
		}
		times = append(times, next)
	}
	const fine = 100
	sum := 0.0
	for at := times[4]; at < times[11]; at += 1.0 / fine {
		first, _ := slices.BinarySearch(times, at-4)
		end, _ := slices.BinarySearch(times, at)
		sum += math.Abs(extrapolated(times[first:end], at-4, at)-1) / fine
	}
	return sum
}

// extrapolated is the rate in [from, to] of a counter that rises by 1 in a time of 1.
func extrapolated(seen []float64, from, to float64) float64 {
	if len(seen) < 2 {
		return 0
	}
	first, last := seen[0], seen[len(seen)-1]
	average := (last - first) / float64(len(seen)-1)
	edge := func(distance float64) float64 {
		if distance >= 1.1*average {
			return average / 2
		}
		return distance
	}
	return (last - first + edge(first-from) + edge(to-last)) / (to - from)
}
