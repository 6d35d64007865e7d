// Package chart draws graphs with holes in them: as a picture, and as text for a terminal.
package chart

import "math"

// Panel is one graph: a value for each step, NaN where there is none.
type Panel struct {
	Title  string
	Values []float64
}

// Missing counts the steps without a value.
func (p Panel) Missing() int {
	missing := 0
	for _, value := range p.Values {
		if math.IsNaN(value) {
			missing++
		}
	}
	return missing
}

// top is the greatest value of all panels, so that they share a scale that starts at zero.
func top(panels []Panel) float64 {
	most := 0.0
	for _, p := range panels {
		for _, value := range p.Values {
			if value > most { // false for NaN
				most = value
			}
		}
	}
	if most == 0 {
		return 1
	}
	return most * 1.1
}
