package main

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// printTable writes a Markdown table whose columns line up; the first row is its head.
func printTable(rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for r, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				line.WriteString("| " + cell + space + " |")
			} else {
				line.WriteString(" " + space + cell + " |")
			}
		}
		fmt.Println(line.String())
		if r == 0 {
			fmt.Println(ruler(widths))
		}
	}
}

func ruler(widths []int) string {
	line := "|" + strings.Repeat("-", widths[0]+2) + "|"
	for _, width := range widths[1:] {
		line += strings.Repeat("-", width+1) + ":|"
	}
	return line
}
