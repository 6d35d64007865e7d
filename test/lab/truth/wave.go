// Package truth says what the targets of a world really do: every metric is a known function of time.
package truth

import "math"

// load is a rate of events that swings around a mean, and the share of slow ones among them that
// swings too. Both have integrals that can be written down, so the truth needs no sampling.
type load struct {
	mean            float64 // events a second
	swing           float64 // of the rate, relative
	period, phase   float64 // of the rate: seconds, radians
	period2, phase2 float64 // of the share of slow events
}

const (
	slowMean  = 0.5
	slowSwing = 0.4
)

// events gives how many there were up to second s, and how many of them were slow. Differences count.
func (l load) events(s float64) (all, slow float64) {
	w1, w2 := 2*math.Pi/l.period, 2*math.Pi/l.period2
	all = l.mean * (s - l.swing/w1*math.Cos(w1*s+l.phase))
	alone := -math.Cos(w2*s+l.phase2) / w2
	both := (math.Sin((w1-w2)*s+l.phase-l.phase2)/(w1-w2) - math.Sin((w1+w2)*s+l.phase+l.phase2)/(w1+w2)) / 2
	return all, slowMean*all + slowSwing*l.mean*(alone+l.swing*both)
}
