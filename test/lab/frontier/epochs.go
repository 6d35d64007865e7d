package main

// long is where a rule is never begun anew.
const long = int64(1) << 60

// braid is the rule's answer where in each epoch it follows the course that began one epoch earlier.
func (r rule) braid(lanes []lane, s, epoch int64) []step {
	plan := r.course(lanes, s, -long)
	if epoch >= long {
		return plan
	}
	var out []step
	for len(plan) > 0 {
		end := endOf(plan[0].t, epoch)
		if start := end - epoch; len(out) > 0 && out[len(out)-1].t <= start {
			plan = apart(out[len(out)-1], r.course(lanes, s, start-epoch), s)
			if len(plan) == 0 {
				break
			}
			end = max(end, endOf(plan[0].t, epoch))
		}
		for len(plan) > 0 && plan[0].t <= end {
			out, plan = append(out, plan[0]), plan[1:]
		}
	}
	return out
}

func endOf(t, epoch int64) int64 { return (t + epoch - 1) / epoch * epoch }

// apart is the part of a fresh course that may follow last.
func apart(last step, fresh []step, s int64) []step {
	for len(fresh) > 0 && fresh[0].t <= last.t {
		fresh = fresh[1:]
	}
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
