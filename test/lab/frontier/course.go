package main

import (
	"slices"
	"sort"
)

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
	s = max(s, l.coarse(s))
	return i >= 0 && !l[i].stale && t-l[i].t < s*3/2
}

// coarse is the lane's own interval, the median of its distances in whole seconds, where that is coarser
// than s; else 0.
func (l lane) coarse(s int64) int64 {
	if len(l) < 3 {
		return 0
	}
	coarse, known := intervals[&l[0]]
	if !known {
		var gaps []int64
		for i := 1; i < len(l); i++ {
			gaps = append(gaps, l[i].t-l[i-1].t)
		}
		slices.Sort(gaps)
		if own := (gaps[len(gaps)/2] + 500) / 1000 * 1000; own*3 > s*4 {
			coarse = own
		}
		intervals[&l[0]] = coarse
	}
	return coarse
}

// intervals are what was found of lanes, which are many times asked.
var intervals = map[*moment]int64{}

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

// course is the rule's answer from a time on, to the second step behind another time.
func (r rule) course(lanes []lane, s, from, until int64) []step {
	var out []step
	next, found := begin(lanes, s, from)
	for found && (len(out) < 2 || out[len(out)-2].t <= until) {
		out = append(out, next)
		next, found = r.next(lanes, s, next, from)
	}
	return out
}

func begin(lanes []lane, s, from int64) (step, bool) {
	for _, coarse := range []bool{false, true} {
		for k, l := range lanes {
			if m, ok := l.real(from, from+s*3/2); ok && coarse == (l.coarse(s) > 0) {
				return step{k, m}, true
			}
		}
	}
	return beyondHole(lanes, s, from, 0)
}

// next is what follows last in a course that began at a time.
func (r rule) next(lanes []lane, s int64, last step, begun int64) (step, bool) {
	if last.stale {
		return firstToSpeak(lanes, last.t)
	}
	coarse := lanes[last.lane].coarse(s)
	own, ok := lanes[last.lane].real(last.t, last.t+max(s, coarse)*5/4)
	if coarse > 0 && r.stays {
		if m, found := finerBefore(lanes, s, last, coarse, own, ok); found {
			if best, found := planned(lanes, s, last, long); found {
				return best, true
			}
			return m, true
		}
	}
	next, found := step{last.lane, own}, ok && r.stays
	finest := s
	if r.stays {
		s = max(s, coarse)
	}
	if c := r.candidates(lanes, s, finest, last); !found && len(c) > 0 {
		next, found = r.choose(s, last.t, c), true
	}
	if found && r.stays {
		return r.ahead(lanes, finest, last, next, begun), true
	}
	if found {
		return next, true
	}
	if m, ok := inHole(lanes, s, finest/4, last.t); ok {
		return m, true
	}
	return beyondHole(lanes, finest, last.t, s/2)
}

// ahead is the next step where the lane that is followed goes on, and else what is planned.
func (r rule) ahead(lanes []lane, s int64, last, next step, begun int64) step {
	if lanes[last.lane].coarse(s) > 0 || !breaks(lanes, s, last) {
		return next
	}
	until := long
	second, first := secondAfterHole(lanes, s, last, begun)
	if first {
		until = second.t
	}
	if best, found := planned(lanes, s, last, until); found {
		return best
	}
	if next.t > until {
		next = second
	}
	return r.beforeHole(lanes, s, last, next)
}

// finerBefore is the first sample of a finer lane before the followed one's own: s/2 away, or that of a coarse
// one s/4 where else there would be a hole.
func finerBefore(lanes []lane, s int64, last step, coarse int64, own moment, ok bool) (step, bool) {
	end := last.t + coarse*3/2
	if ok {
		end = own.t
	}
	first, found := firstFiner(lanes, s, coarse, last.t+s/2, end, 0)
	if found && first.t <= last.t+s*3/2 {
		return first, true
	}
	if near, there := firstFiner(lanes, s, coarse, last.t+s/4, min(end, last.t+s/2+1), 1); there {
		return near, true
	}
	return first, found
}

// firstFiner is the first sample in (from, end) of a lane finer than own and not finer than another.
func firstFiner(lanes []lane, s, own, from, end, than int64) (step, bool) {
	var first step
	found := false
	for k, l := range lanes {
		if c := l.coarse(s); c >= own-own/4 || c < than {
			continue
		}
		if m, there := l.real(from, end-1); there {
			first, found, end = step{k, m}, true, m.t
		}
	}
	return first, found
}

// beforeHole is the next step after last, or instead of it one that leads to who speaks last before a hole that all
// share: that one's last two samples may be all that a window holds.
func (r rule) beforeHole(lanes []lane, s int64, last, next step) step {
	may := func(m moment, k int) bool { return m.t-last.t <= s*3/2 && (k == last.lane || m.t-last.t > s/2) }
	if lanes[next.lane].coarse(s) > 0 || lanes[last.lane].coarse(s) > 0 {
		return next
	}
	if holeAfter(lanes, s, next) {
		if end, found := lastNear(lanes, s, next.t); found && may(end.moment, end.lane) {
			return end
		}
		return next
	}
	then, found := r.plainly(lanes, s, next)
	if !found || lanes[then.lane].coarse(s) > 0 || !holeAfter(lanes, s, then) {
		return next
	}
	if later, found := lastNear(lanes, s, then.t); found {
		then = later
	}
	l := lanes[then.lane]
	for i := l.after(then.t-1) - 1; then.lane != next.lane && i >= 0 && l[i].t > next.t; i-- {
		if !l[i].stale && l[i].t-last.t <= s*3/2 {
			if may(l[i], then.lane) {
				return step{then.lane, l[i]}
			}
			break
		}
	}
	return next
}

// plainly is the next step if no hole is looked for.
func (r rule) plainly(lanes []lane, s int64, last step) (step, bool) {
	if own, ok := lanes[last.lane].real(last.t, last.t+s*5/4); ok {
		return step{last.lane, own}, true
	}
	if c := r.candidates(lanes, s, s, last); len(c) > 0 {
		return r.choose(s, last.t, c), true
	}
	return step{}, false
}

// secondAfterHole is the first sample that is its lane's second one since a hole that ends with last, if it does.
func secondAfterHole(lanes []lane, s int64, last step, begun int64) (step, bool) {
	var second step
	found, since := false, last.t-s*3/2
	for k, l := range lanes {
		if _, spoke := l.real(since, last.t-1); spoke || since < begun {
			return step{}, false
		}
		first, _ := l.real(last.t-1, last.t+s*3/2)
		m, ok := l.real(first.t, last.t+s*3/2)
		if ok && first.t > 0 && (k == last.lane || m.t-last.t > s/2) && (!found || m.t < second.t) {
			second, found = step{k, m}, true
		}
	}
	return second, found
}

// candidates are the first samples within 3/2 S, that are S/2 away, of each lane that is not coarser than the finest; of
// the coarse ones where there is no other.
func (r rule) candidates(lanes []lane, s, finest int64, last step) []step {
	var fine, coarse []step
	for k, l := range lanes {
		from := last.t + s/2
		if k == last.lane {
			from = last.t
		}
		m, ok := l.real(from, last.t+s*3/2)
		if !ok {
			continue
		}
		if r.stays && l.coarse(finest) > 0 {
			coarse = append(coarse, step{k, m})
		} else {
			fine = append(fine, step{k, m})
		}
	}
	if len(fine) > 0 {
		return fine
	}
	return coarse
}

// holeAfter says whether nobody speaks within 3/2 S after last, but for what is nearer than S/4. All worlds are over:
// that it lasts is known.
func holeAfter(lanes []lane, s int64, last step) bool {
	for k, l := range lanes {
		from := last.t + s/4
		if k == last.lane {
			from = last.t
		}
		if _, speaks := l.real(from, last.t+s*3/2); speaks {
			return false
		}
	}
	return true
}

// lastNear is the latest sample in (t, t + S/4].
func lastNear(lanes []lane, s, t int64) (step, bool) {
	var best step
	found := false
	for k, l := range lanes {
		for i := l.after(t+s/4) - 1; i >= 0 && l[i].t > t; i-- {
			if !l[i].stale && (!found || l[i].t > best.t) {
				best, found = step{k, l[i]}, true
			}
		}
	}
	return best, found
}

// horizon is how far behind a sample somebody must go on, in ms, that another one makes the hole between smaller.
const horizon = 5 * minute

// inHole is the latest sample in (near, S/2] where it makes a hole smaller.
func inHole(lanes []lane, s, near, t int64) (step, bool) {
	var best step
	found, more := false, false
	for k, l := range lanes {
		i := l.after(t + s*3/2)
		more = more || i < len(l) && l[i].t <= t+max(horizon, 20*near)
		for i := l.after(t+s/2) - 1; i >= 0 && l[i].t > t+near; i-- {
			if !l[i].stale && (!found || l[i].t > best.t) {
				best, found = step{k, l[i]}, true
			}
		}
	}
	return best, found && more
}

// beyondHole is the first marker at which no lane is live, else whoever speaks first.
func beyondHole(lanes []lane, s, t, apart int64) (step, bool) {
	next, found := firstToSpeak(lanes, t+apart)
	if own := lanes[next.lane].coarse(s); found && own > 0 && next.t-t <= own*3/2 {
		next = finerSoon(lanes, s, next)
	}
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

// finerSoon is the sample of a finer lane within S/4 after that of a coarse one, if there is one:
// nearer ones are not both given, and the coarse lane's next comes long after.
func finerSoon(lanes []lane, s int64, first step) step {
	best := first
	for k, l := range lanes {
		own := lanes[best.lane].coarse(s)
		if l.coarse(s) >= own-own/4 {
			continue
		}
		if m, ok := l.real(first.t, first.t+s/4); ok {
			best = step{k, m}
		}
	}
	return best
}
