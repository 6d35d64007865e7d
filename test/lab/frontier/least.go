package main

import (
	"math"
	"slices"
)

const (
	// grid is how often in an interval the error is looked at.
	grid = 10
	// noise is what the error of a rate over four scrapes has beside that of its times, relative: what slow targets
	// and whole numbers do. A small error of the times hides in it.
	noise = 0.015
	// clocks is how far those of two replicas are apart, in ms: the root of the mean square of two skews of
	// up to 500.
	clocks = 408
	// lost is what it costs to have no answer, or a hole of one interval.
	lost = 100
	// most is how many samples can lie in a window.
	most = 12
)

// leastError is the way through the lanes by which rate over four scrapes is least wrong at all times together, as
// far as times tell: chosen with all of the past and of the future in sight, and exactly: what is compared
// are all ways that keep the distances. A rule that sees no values and no future does worse.
func leastError(lanes []lane, s int64) []step {
	var all []step
	for k, l := range lanes {
		for _, m := range l {
			if !m.stale {
				all = append(all, step{k, m})
			}
		}
	}
	slices.SortFunc(all, func(a, b step) int { return int(a.t - b.t) })
	f := search{all: all, s: s, ways: []way{{}}}
	for j := range all {
		f.visit(j)
	}
	best := slices.MinFunc(f.ways, func(a, b way) int {
		if a.sum < b.sum {
			return -1
		}
		return 1
	})
	var out []step
	for at := best.past; at != nil; at = at.before {
		out = append(out, all[at.sample])
	}
	slices.Reverse(out)
	return out
}

// way is one of the best ways to have exactly these samples in the window.
type way struct {
	window [most]int32 // the numbers of its samples and the last one at least
	size   int
	sum    float64
	past   *taken
}

type taken struct {
	sample int
	before *taken
}

type search struct {
	all  []step
	s    int64
	ways []way
	next []way
	seen map[[most]int32]int
}

// visit goes to the time of sample j, and takes it or not.
func (f *search) visit(j int) {
	f.next, f.seen = f.next[:0], map[[most]int32]int{}
	for _, w := range f.ways {
		if j > 0 {
			f.pass(&w, f.all[j-1].t, f.all[j].t)
		}
		f.keep(w)
		if f.may(w, j) {
			f.keep(f.take(w, j))
		}
	}
	f.ways, f.next = f.next, f.ways
	fresh := func(w way) bool { return w.size > 0 && f.all[j].t-f.lastOf(w).t <= f.s*3/2 }
	if slices.ContainsFunc(f.ways, fresh) {
		f.ways = slices.DeleteFunc(f.ways, func(w way) bool { return !fresh(w) })
	}
}

func (f *search) lastOf(w way) step { return f.all[w.window[w.size-1]] }

func (f *search) may(w way, j int) bool {
	if w.size == 0 {
		return true
	}
	last, next := f.lastOf(w), f.all[j]
	return last.lane == next.lane || next.t-last.t > f.s/2
}

func (f *search) take(w way, j int) way {
	if w.size > 0 {
		if gap := f.all[j].t - f.lastOf(w).t; gap > f.s*3/2 {
			w.sum += lost * float64(gap) / float64(f.s)
		}
	}
	if w.size == most {
		copy(w.window[:], w.window[1:])
		w.size--
	}
	w.window[w.size] = int32(j)
	w.size++
	w.past = &taken{j, w.past}
	return w
}

// keep leaves one of the ways that have the same samples in the window.
func (f *search) keep(w way) {
	at, known := f.seen[w.window]
	if !known {
		f.seen[w.window] = len(f.next)
		f.next = append(f.next, w)
	} else if w.sum < f.next[at].sum {
		f.next[at] = w
	}
}

// pass adds the errors at the times in [from, to), and lets go of what leaves the window.
func (f *search) pass(w *way, from, to int64) {
	pace := f.s / grid
	for at := (from + pace - 1) / pace * pace; at < to; at += pace {
		w.sum += f.errorAt(w, at) / grid
	}
	gone := 0
	for gone+1 < w.size && f.all[w.window[gone]].t <= to-4*f.s {
		gone++
	}
	if gone > 0 {
		copy(w.window[:], w.window[gone:w.size])
		w.size -= gone
		clear(w.window[w.size:])
	}
}

// errorAt is that of a rate at this time, beside the noise.
func (f *search) errorAt(w *way, at int64) float64 {
	first := 0
	for first < w.size && f.all[w.window[first]].t <= at-4*f.s {
		first++
	}
	if w.size-first < 2 {
		return 1
	}
	a, b := f.all[w.window[first]], f.lastOf(*w)
	wrong := extrapolated(float64(a.t), float64(b.t), w.size-first, float64(at-4*f.s), float64(at)) - 1
	skew := 0.0
	if a.lane != b.lane {
		skew = clocks / float64(4*f.s)
	}
	return math.Sqrt(wrong*wrong + skew*skew + noise*noise)
}

// extrapolated is the rate in [from, to] of a counter that rises by 1 in a time of 1 and was seen so many times, by
// the extrapolation of Prometheus (promql/functions.go, extrapolatedRate).
func extrapolated(first, last float64, seen int, from, to float64) float64 {
	average := (last - first) / float64(seen-1)
	edge := func(distance float64) float64 {
		if distance >= 1.1*average {
			return average / 2
		}
		return distance
	}
	return (last - first + edge(first-from) + edge(to-last)) / (to - from)
}
