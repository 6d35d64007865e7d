package main

import (
	"fmt"
	"strings"
)

// verdicts are those of several seeds.
type verdicts []verdict

// mean of a figure over all seeds, and the worst.
func (vs verdicts) mean(value func(verdict) float64) (mean, worst float64) {
	for _, v := range vs {
		mean += value(v) / float64(len(vs))
		worst = max(worst, value(v))
	}
	return mean, worst
}

func meanOf(v verdict) float64 { return v.mean }
func p99Of(v verdict) float64  { return v.p99 }
func missingOf(v verdict) int  { return v.missing }
func differOf(v verdict) int   { return v.differ }
func comparedOf(v verdict) int { return v.compared }

func (vs verdicts) sum(value func(verdict) int) int {
	n := 0
	for _, v := range vs {
		n += value(v)
	}
	return n
}

// table has three figures: mean, p99, and what is missing or depends on the window.
func table(worlds []string, all []merge, results map[string][]verdicts) string {
	figure := func(value func(verdict) float64, format string) func(verdicts) string {
		return func(vs verdicts) string {
			mean, worst := vs.mean(value)
			return fmt.Sprintf(format+" · "+format, mean, worst)
		}
	}
	count := func(vs verdicts) string {
		if vs.sum(comparedOf) == 0 {
			return fmt.Sprintf("%d · –", vs.sum(missingOf))
		}
		return fmt.Sprintf("%d · %.2g %%", vs.sum(missingOf), 100*float64(vs.sum(differOf))/float64(vs.sum(comparedOf)))
	}
	return "Mean error × the floor's: over all seeds · the worst of them\n\n" + rows(worlds, all, results, figure(meanOf, "%.4f")) +
		"\n99th percentile × the floor's: over all seeds · the worst of them\n\n" + rows(worlds, all, results, figure(p99Of, "%.3f")) +
		"\nPoints missing · share of samples that differ in shifted windows\n\n" + rows(worlds, all, results, count)
}

func rows(worlds []string, all []merge, results map[string][]verdicts, cell func(verdicts) string) string {
	var text strings.Builder
	text.WriteString("| rule | looks back |")
	for _, w := range worlds {
		fmt.Fprintf(&text, " %s |", w)
	}
	text.WriteString("\n|---|---|" + strings.Repeat("---|", len(worlds)) + "\n")
	for i, m := range all {
		name := m.name
		if m.chosen {
			name = "**" + name + "**"
		}
		fmt.Fprintf(&text, "| %s | %s |", name, memoryOf(m))
		for _, w := range worlds {
			fmt.Fprintf(&text, " %s |", cell(results[w][i]))
		}
		text.WriteString("\n")
	}
	return text.String()
}

func memoryOf(m merge) string {
	switch m.memory {
	case long:
		return "for ever"
	case 0:
		return "2 S"
	}
	return fmt.Sprintf("%d min", m.memory/minute)
}
