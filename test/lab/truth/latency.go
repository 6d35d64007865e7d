package truth

import "math"

// classic are the upper bounds of the classic histogram, with the shares of fast and of slow events
// that lie below each.
var classic = []struct {
	le         string
	bound      float64
	fast, slow float64
}{
	{"0.1", 0.1, 0.35, 0.02}, {"0.25", 0.25, 0.75, 0.1}, {"0.5", 0.5, 0.95, 0.3},
	{"1.0", 1, 0.99, 0.65}, {"2.5", 2.5, 1, 0.95}, {"+Inf", math.Inf(1), 1, 1},
}

// Bounds is the number of classic buckets.
const Bounds = 6

// native are the shares of events in the buckets of a native histogram of schema 0, whose n-th
// bucket is (2^(n-1), 2^n]; the first one here is n = -3.
var native = []struct{ fast, slow float64 }{
	{0.1, 0}, {0.3, 0.02}, {0.35, 0.08}, {0.2, 0.2}, {0.04, 0.35}, {0.01, 0.25}, {0, 0.1},
}

const nativeFirst = -3

// Quantile is histogram_quantile(q, ...) of the classic buckets of the events in [from, to], as if
// they had been counted at exactly these times. No finite bucket may lack events.
func (g Target) Quantile(q float64, from, to int64) float64 {
	all, slow := g.Events(from, to)
	rank, below, lower := q*all, 0.0, 0.0
	for _, b := range classic {
		upto := (all-slow)*b.fast + slow*b.slow
		if upto >= rank {
			return lower + (b.bound-lower)*(rank-below)/(upto-below)
		}
		below, lower = upto, b.bound
	}
	return math.NaN()
}

// NativeQuantile is the same of the native histogram, whose buckets are taken as exponentially
// filled.
func (g Target) NativeQuantile(q float64, from, to int64) float64 {
	all, slow := g.Events(from, to)
	rank := q * all
	for i, b := range native {
		in := (all-slow)*b.fast + slow*b.slow
		if in >= rank {
			return math.Exp2(float64(nativeFirst+i-1) + rank/in)
		}
		rank -= in
	}
	return math.NaN()
}
