package main

import (
	"fmt"
	"strings"

	"prombraid/test/lab/score"
)

const head = `| world | | avoidable gap | phantom s | false resets | too close | torn vectors | rate: mean · p99 · max | missing | native rate: mean · p99 · max | missing | quantile: mean · p99 | native quantile: mean · p99 |
|---|---|---|---|---|---|---|---|---|---|---|---|---|
`

// table is what all worlds showed, as Markdown.
func table(outcomes []outcome) string {
	var text strings.Builder
	text.WriteString(head)
	for _, o := range outcomes {
		name := o.world.Name
		for _, e := range o.entries {
			text.WriteString(row(name, e))
			name = ""
		}
	}
	return text.String()
}

func row(world string, e entry) string {
	return fmt.Sprintf("| %s | %s | %.3f %% | %.0f | %d | %d | %d of %d | %s | %d | %s | %d | %s | %s |\n",
		world, e.name, 100*gapShare(e.Cover), e.Phantom, e.FalseResets, e.Close, e.Torn, e.Vectors,
		three(e.Rate.Seen), e.Rate.Missing, three(e.NativeRate.Seen), e.NativeRate.Missing,
		two(e.Quantile.Seen), two(e.NativeQuantile.Seen))
}

func three(e score.Spread) string {
	return fmt.Sprintf("%.2f · %.1f · %.1f %%", 100*e.Mean, 100*e.P99, 100*e.Max)
}

func two(e score.Spread) string { return fmt.Sprintf("%.2f · %.1f %%", 100*e.Mean, 100*e.P99) }
