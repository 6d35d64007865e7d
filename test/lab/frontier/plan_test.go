package main

import (
	"math"
	"testing"
)

// oddStep is the error of rate over four scrapes, summed over all times around it, that one step of this length
// among steps of 1 brings.
func oddStep(length float64) float64 {
	const pace = 0.001
	sum := 0.0
	for end := 0.0; end < 6; end += pace {
		first, last, seen := math.Inf(1), math.Inf(-1), 0
		for k := -8; k < 8; k++ {
			t := float64(k)
			if k > 0 {
				t += length - 1
			}
			if t > end-4 && t <= end {
				first, last, seen = min(first, t), max(last, t), seen+1
			}
		}
		sum += pace * math.Abs(extrapolated(first, last, seen, end-4, end)-1)
	}
	return sum
}

// The steps that cost nothing are those that rate bears without an error.
func TestStepsWithoutError(t *testing.T) {
	for _, c := range []struct {
		length float64
		errs   bool
	}{{0.7, true}, {0.735, false}, {0.9, false}, {1, false}, {1.09, false}, {1.12, true}} {
		if e := oddStep(c.length); (e > 1e-3) != c.errs {
			t.Errorf("a step of %.3f: error %.5f", c.length, e)
		}
	}
	for _, step := range []float64{0.5, 1.3, 1.5} {
		t.Logf("a step of %.1f: error %.3f", step, oddStep(step))
	}
}
