package main

import (
	"fmt"
	"strings"
)

func table(worlds []string, all []merge, results map[string][]verdict) string {
	var text strings.Builder
	text.WriteString("| rule | looks back |")
	for _, w := range worlds {
		fmt.Fprintf(&text, " %s: mean · p99 × the floor's | windows: samples that differ |", w)
	}
	text.WriteString("\n|---|---|" + strings.Repeat("---|---|", len(worlds)) + "\n")
	for i, m := range all {
		name := m.name
		if m.chosen {
			name = "**" + name + "**"
		}
		fmt.Fprintf(&text, "| %s | %s |", name, memoryOf(m))
		for _, w := range worlds {
			v := results[w][i]
			fmt.Fprintf(&text, " %.4f · %.3f | %d of %d |", v.mean, v.p99, v.differ, v.compared)
		}
		text.WriteString("\n")
	}
	return text.String()
}

func memoryOf(m merge) string {
	if m.memory == long {
		return "for ever"
	}
	return fmt.Sprintf("%d S", m.memory)
}
