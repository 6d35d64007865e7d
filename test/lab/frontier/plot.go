package main

import (
	"fmt"
	"math"
	"strings"
)

const (
	panelWide = 400
	panelHigh = 240
	edge      = 56
	headroom  = 62
)

// drawn are the worlds that are drawn, inks their colours; limits are what mean and p99 must not exceed there.
var (
	drawn  = []string{"calm", "fresh", "skewed", "flapping"}
	inks   = []string{"#1f6fb2", "#c0562b", "#3b8f55", "#7a5aa8"}
	limits = map[string][2]float64{"skewed": {1.02, 1.10}, "flapping": {1.06, 1.5}}
)

// panel is one figure of all verdicts; how much it is above 1 is drawn on a scale of powers of ten.
type panel struct {
	title    string
	x        float64
	low, top float64 // exponents
	value    func(v verdict) float64
	bound    int // its number in limits
}

// plot draws both figures: filled dots where all windows agree, hollow ones where they do not, dashed the bound.
func plot(all []merge, results map[string][]verdicts) string {
	var svg strings.Builder
	wide, high := 2*(panelWide+edge)+20, panelHigh+headroom+44
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
<rect width="100%%" height="100%%" fill="#fff"/>
<text x="%d" y="20" font-size="15">Error of rate above a perfect replica's, by how far back the rule looks (hollow: windows differ; ring: chosen)</text>
`, wide, high, wide, high, edge)
	panels := []panel{
		{"mean", edge, -3, 0, meanOf, 0},
		{"99th percentile", 2*edge + panelWide, -2.5, 1, p99Of, 1},
	}
	for _, p := range panels {
		p.axes(&svg, all)
		for i, name := range drawn {
			p.world(&svg, i, name, all, results[name])
		}
	}
	svg.WriteString("</svg>\n")
	return svg.String()
}

func (p panel) axes(svg *strings.Builder, all []merge) {
	fmt.Fprintf(svg, `<text x="%.0f" y="%d" font-weight="bold">%s</text>`+"\n", p.x, headroom-22, p.title)
	for e := math.Ceil(p.low); e <= p.top; e++ {
		fmt.Fprintf(svg, `<path d="M%.0f %.1fh%d" stroke="#d5d9e0"/><text x="%.0f" y="%.1f" text-anchor="end" fill="#667">+%g %%</text>`+"\n",
			p.x, p.y(1+math.Pow(10, e)), panelWide, p.x-4, p.y(1+math.Pow(10, e))+4, 100*math.Pow(10, e))
	}
	for i, m := range all {
		label := memoryOf(m)
		if i == len(all)-1 {
			label = "future"
		}
		fmt.Fprintf(svg, `<text x="%.1f" y="%d" text-anchor="middle" fill="#667">%s</text>`+"\n", p.at(i, len(all)), headroom+panelHigh+18, label)
	}
}

func (p panel) world(svg *strings.Builder, number int, name string, all []merge, of []verdicts) {
	ink := inks[number%len(inks)]
	fmt.Fprintf(svg, `<text x="%.0f" y="%d" fill="%s">%s</text>`+"\n", p.x+130+float64(number)*70, headroom-22, ink, name)
	if bound, known := limits[name]; known {
		fmt.Fprintf(svg, `<path d="M%.0f %.1fh%d" stroke="%s" stroke-dasharray="5 4"/>`+"\n", p.x, p.y(bound[p.bound]), panelWide, ink)
	}
	var line, dots strings.Builder
	for i, vs := range of {
		mean, _ := vs.mean(p.value)
		x, y := p.at(i, len(all)), p.y(mean)
		fmt.Fprintf(&line, "%c%.1f %.1f", "ML"[min(i, 1)], x, y)
		fill := ink
		if vs.sum(differOf) > 0 || vs.sum(comparedOf) == 0 {
			fill = "#fff"
		}
		fmt.Fprintf(&dots, `<circle cx="%.1f" cy="%.1f" r="4" fill="%s" stroke="%s"/>`+"\n", x, y, fill, ink)
		if all[i].chosen {
			fmt.Fprintf(&dots, `<circle cx="%.1f" cy="%.1f" r="8" fill="none" stroke="%s"/>`+"\n", x, y, ink)
		}
	}
	fmt.Fprintf(svg, `<path d="%s" fill="none" stroke="%s"/>`+"\n%s", line.String(), ink, dots.String())
}

func (p panel) at(i, n int) float64 { return p.x + (float64(i)+0.5)*panelWide/float64(n) }

func (p panel) y(value float64) float64 {
	exponent := math.Log10(max(value-1, math.Pow(10, p.low)))
	return headroom + panelHigh*(p.top-exponent)/(p.top-p.low)
}
