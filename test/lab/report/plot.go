// Package report draws what a world showed and puts it into a page.
package report

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// Strip is one contender's errors over the time of a world, relative; NaN where it had no answer.
type Strip struct {
	Title  string
	Errors []float64
}

const (
	width  = 900
	left   = 46
	height = 84 // of a strip
	room   = 22 // above it, for its title
	bins   = 280
	top    = 0.4 // errors above it are cut
)

// Plot draws the strips below each other as SVG: in each bin of time the greatest error, red where an
// answer is missing.
func Plot(title string, strips []Strip) string {
	var svg strings.Builder
	total := 34 + len(strips)*(height+room)
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">
<rect width="100%%" height="100%%" fill="#fff"/>
<text x="%d" y="20" font-size="15">%s</text>
`, width, total, width, total, left, html.EscapeString(title))
	for i, s := range strips {
		s.draw(&svg, 34+i*(height+room))
	}
	svg.WriteString("</svg>\n")
	return svg.String()
}

func (s Strip) draw(svg *strings.Builder, y int) {
	base := y + room + height - 6
	full := float64(base - y - room)
	fmt.Fprintf(svg, `<text x="%d" y="%d">%s</text>`+"\n", left, y+14, html.EscapeString(s.Title))
	for _, share := range []float64{0, 0.2, 0.4} {
		at := base - int(share/top*full)
		fmt.Fprintf(svg, `<path d="M%d %dH%d" stroke="#d5d9e0"/><text x="4" y="%d" font-size="11" fill="#667">%.0f %%</text>`+"\n",
			left, at, width-8, at+4, 100*share)
	}
	var bars, missing strings.Builder
	step := float64(width-8-left) / bins
	for i, worst := range binned(s.Errors) {
		x := float64(left) + (float64(i)+0.5)*step
		if math.IsNaN(worst) {
			fmt.Fprintf(&missing, "M%.1f %dV%d", x, base, y+room)
		} else if up := min(worst/top, 1) * full; up >= 0.5 {
			fmt.Fprintf(&bars, "M%.1f %dv-%.1f", x, base, up)
		}
	}
	stroke(svg, "#f0a79f", missing.String(), step)
	stroke(svg, "#1f6fb2", bars.String(), step)
}

func stroke(svg *strings.Builder, ink, path string, thick float64) {
	if path != "" {
		fmt.Fprintf(svg, `<path d="%s" stroke="%s" stroke-width="%.1f"/>`+"\n", path, ink, thick)
	}
}

// binned gives the greatest value of each bin, NaN where one is missing.
func binned(values []float64) []float64 {
	out := make([]float64, bins)
	// A NaN is never less than v, so it stays.
	for i, v := range values {
		bin := i * bins / len(values)
		if math.IsNaN(v) || v > out[bin] {
			out[bin] = v
		}
	}
	return out
}
