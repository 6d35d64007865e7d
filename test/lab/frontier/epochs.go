package main

// long is where a rule is never begun anew.
const long = int64(1) << 60

// epochs says when a rule is begun anew.
type epochs struct {
	length int64 // in ms
	back   int64 // so many epochs before an epoch its course begins
	third  bool  // a change may go by way of a third lane
}

// begin is where the course begins that is followed at t.
func (e epochs) begin(t int64) int64 { return endOf(t, e.length) - (1+e.back)*e.length }

// braid is the rule's answer where in each epoch it follows the course that began some epochs earlier.
func (r rule) braid(lanes []lane, s int64, e epochs) []step {
	plan := r.course(lanes, s, -long, long)
	if e.length >= long {
		return plan
	}
	var out []step
	for len(plan) > 0 {
		sure, end := 1, endOf(plan[0].t, e.length)
		if start := end - e.length; len(out) > 0 && out[len(out)-1].t <= start {
			last := out[len(out)-1]
			passed := last.t
			if plan[0].t-passed > max(s, lanes[last.lane].coarse(s))*3/2 {
				passed = start
			}
			fresh := later(r.course(lanes, s, start-e.back*e.length, end+3*s), passed+1)
			if met := len(fresh) > 0 && fresh[0] == plan[0]; met {
				plan = fresh
			} else if plan = apart(last, fresh, s); e.third {
				plan, sure = byWayOf(lanes, last, plan, start, s)
			}
			if len(plan) == 0 {
				break
			}
			end = max(end, endOf(plan[sure-1].t, e.length))
		}
		for len(plan) > 0 && plan[0].t <= end {
			out, plan = append(out, plan[0]), plan[1:]
		}
	}
	return out
}

func endOf(t, epoch int64) int64 { return (t + epoch - 1) / epoch * epoch }

// apart is the part of a fresh course, all of it later than last, that may follow last.
func apart(last step, fresh []step, s int64) []step {
	for ; len(fresh) > 0; fresh = fresh[1:] {
		gap := fresh[0].t - last.t
		if last.stale || fresh[0].stale || fresh[0].lane == last.lane || gap > s/2 {
			break
		}
		inTime := len(fresh) > 1 && !fresh[1].stale && fresh[1].t-last.t <= s*3/2
		if !inTime && gap > s/4 {
			break
		}
	}
	return fresh
}

// byWayOf goes from last onto plan through a third lane where the worse of the two steps is then better
// than the direct one, and gives how many steps belong to the change.
func byWayOf(lanes []lane, last step, plan []step, begin, s int64) ([]step, int) {
	if len(plan) == 0 || last.stale || plan[0].stale || plan[0].t-last.t > s*3/2 {
		return plan, 1
	}
	best, least, sure := plan, cost(s, plan[0].t-last.t), 1
	for k, l := range lanes {
		if k == last.lane || k == plan[0].lane {
			continue
		}
		m, ok := l.real(max(begin, last.t+s/2), last.t+s*3/2)
		if !ok {
			continue
		}
		rest := later(plan, m.t+s/2+1)
		if len(rest) == 0 || rest[0].stale || rest[0].t > min(m.t+s*3/2, begin+2*s) {
			continue
		}
		if worse := max(cost(s, m.t-last.t), cost(s, rest[0].t-m.t)); worse < least {
			best, least, sure = append([]step{{k, m}}, rest...), worse, 2
		}
	}
	return best, sure
}
