package chart

import (
	"fmt"
	"math"
	"strings"
)

// A braille character is two dots wide and four high; its dots have these bits (Unicode, U+2800).
var brailleBits = [4][2]rune{{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}

// Text draws the panels below each other, each rows lines high and one dot wide per value.
func Text(panels []Panel, rows int) string {
	var text strings.Builder
	scale := top(panels)
	for _, p := range panels {
		fmt.Fprintf(&text, "%s\n%s", p.Title, p.text(rows, scale))
	}
	return text.String()
}

func (p Panel) text(rows int, scale float64) string {
	cells := make([][]rune, rows)
	for i := range cells {
		cells[i] = []rune(strings.Repeat("\u2800", (len(p.Values)+1)/2))
	}
	gaps := []rune(strings.Repeat(" ", (len(p.Values)+1)/2))
	for x, value := range p.Values {
		if math.IsNaN(value) {
			gaps[x/2] = '\u2591'
			continue
		}
		y := rows*4 - 1 - int(value/scale*float64(rows*4-1)+0.5)
		cells[y/4][x/2] |= brailleBits[y%4][x%2]
	}
	var text strings.Builder
	for _, row := range cells {
		fmt.Fprintf(&text, "  \u2502%s\n", string(row))
	}
	fmt.Fprintf(&text, "  \u2514%s\n", string(gaps))
	return text.String()
}
