package main

import "sort"

// moment is a sample of a lane: when, and whether it is a stale marker. Times are in ms.
type moment struct {
	t     int64
	stale bool
	at    int // its number among the points of its lane
}

// lane is what one replica holds of a series.
type lane []moment

// step is a moment that was taken, and from which lane.
type step struct {
	lane int
	moment
}

// after is the number of the first moment later than t.
func (l lane) after(t int64) int {
	return sort.Search(len(l), func(i int) bool { return l[i].t > t })
}

// real is the first sample in (from, to].
func (l lane) real(from, to int64) (moment, bool) {
	for _, m := range l[l.after(from):] {
		if m.t > to {
			break
		}
		if !m.stale {
			return m, true
		}
	}
	return moment{}, false
}

func (l lane) live(t, s int64) bool {
	i := l.after(t) - 1
	return i >= 0 && !l[i].stale && t-l[i].t < s*3/2
}

// rule is a way to go on: which of the candidates is taken, those being the first samples of each lane
// within 3/2 S that are S/2 away, or nearer in the lane that was followed.
type rule struct {
	stays  bool // with the lane it follows while that speaks within 5/4 S
	choose func(s, last int64, candidates []step) step
}

// firstLive returns to the best rank at once: the rule of the first design.
var firstLive = rule{choose: func(_, _ int64, c []step) step { return c[0] }}

// staying changes only where it must, to the candidate nearest to one interval away.
var staying = rule{stays: true, choose: func(s, last int64, c []step) step {
	best := c[0]
	for _, next := range c[1:] {
		if cost(s, next.t-last) < cost(s, best.t-last) {
			best = next
		}
	}
	return best
}}

// cost of a distance of neighbours: too early counts two thirds of too late.
func cost(s, gap int64) int64 {
	if gap >= s {
		return 3 * (gap - s)
	}
	return 2 * (s - gap)
}

// course is the rule's answer from a time on, to the second step behind another time.
func (r rule) course(lanes []lane, s, from, until int64) []step {
	var out []step
	next, found := begin(lanes, s, from)
	for found && (len(out) < 2 || out[len(out)-2].t <= until) {
		out = append(out, next)
		next, found = r.next(lanes, s, next)
	}
	return out
}

func begin(lanes []lane, s, from int64) (step, bool) {
	for k, l := range lanes {
		if m, ok := l.real(from, from+s*3/2); ok {
			return step{k, m}, true
		}
	}
	return beyondHole(lanes, s, from, false)
}

func (r rule) next(lanes []lane, s int64, last step) (step, bool) {
	if last.stale {
		return firstToSpeak(lanes, last.t)
	}
	if own, ok := lanes[last.lane].real(last.t, last.t+s*5/4); r.stays && ok {
		return step{last.lane, own}, true
	}
	var candidates []step
	for k, l := range lanes {
		from := last.t + s/2
		if k == last.lane {
			from = last.t
		}
		if m, ok := l.real(from, last.t+s*3/2); ok {
			candidates = append(candidates, step{k, m})
		}
	}
	if len(candidates) > 0 {
		return r.choose(s, last.t, candidates), true
	}
	if m, ok := inHole(lanes, s, last.t); ok {
		return m, true
	}
	return beyondHole(lanes, s, last.t, true)
}

// inHole is the latest sample in (S/4, S/2] where it makes a hole smaller.
func inHole(lanes []lane, s, t int64) (step, bool) {
	var best step
	found, more := false, false
	for k, l := range lanes {
		more = more || l.after(t+s*3/2) < len(l)
		for i := l.after(t+s/2) - 1; i >= 0 && l[i].t > t+s/4; i-- {
			if !l[i].stale && (!found || l[i].t > best.t) {
				best, found = step{k, l[i]}, true
			}
		}
	}
	return best, found && more
}

// beyondHole is the first marker at which no lane is live, else whoever speaks first.
func beyondHole(lanes []lane, s, t int64, begun bool) (step, bool) {
	from := t
	if begun {
		from += s / 2
	}
	next, found := firstToSpeak(lanes, from)
	for k, l := range lanes {
		for _, m := range l[l.after(t):] {
			if found && m.t > next.t {
				break
			}
			if m.stale && !anyLive(lanes, m.t, s) {
				next, found = step{k, m}, true
				break
			}
		}
	}
	return next, found
}

func anyLive(lanes []lane, t, s int64) bool {
	for _, l := range lanes {
		if l.live(t, s) {
			return true
		}
	}
	return false
}

func firstToSpeak(lanes []lane, t int64) (step, bool) {
	var best step
	found := false
	for k, l := range lanes {
		if m, ok := l.real(t, 1<<62); ok && (!found || m.t < best.t) {
			best, found = step{k, m}, true
		}
	}
	return best, found
}
