package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"prombraid/test/lab/report"
)

const preface = `## In the laboratory

` + "`scripts/lab`" + ` made this part. It makes worlds whose truth is known, lets replicas scrape them imperfectly, serves what each
has from a real Prometheus, and asks PromQL what came through Prombraid. Errors are relative to the truth, over four scrapes.
An *avoidable gap* is time in which a replica was live and the answer was not; *phantom* is the reverse. *Too close*
counts samples less than half an interval after another, where that closes no hole. *Missing* are
points that a single replica alone could have answered. Errors are those of points over whose windows a replica was live all the
time; the second table says how many more there are beside holes that all replicas share, and what they change.

`

// writePage puts the table, the bounds that are not kept and a plot a world into docs/merge.md.
func writePage(docs string, outcomes []outcome) error {
	images := filepath.Join(docs, "img")
	if err := os.MkdirAll(images, 0o755); err != nil {
		return err
	}
	text := preface + table(outcomes) + "\n" + bounds(outcomes)
	for _, o := range outcomes {
		name := "lab-" + o.world.Name + ".svg"
		if err := os.WriteFile(filepath.Join(images, name), []byte(o.plot()), 0o644); err != nil {
			return err
		}
		text += fmt.Sprintf("\n![%s](img/%s)\n", o.world.Name, name)
	}
	return report.Insert(filepath.Join(docs, "merge.md"), text)
}

// bounds says of each world which bounds are not kept, how its windows agreed, and its seed.
func bounds(outcomes []outcome) string {
	var text strings.Builder
	text.WriteString("| world | seed | shifted windows: samples that differ | points of rate seen · near shared holes | with those too: mean · p99 × the floor's | bounds kept |\n|---|---|---|---|---|---|\n")
	for _, o := range outcomes {
		kept := "all"
		if broken := o.broken(); len(broken) > 0 {
			kept = "not: " + joined(broken)
		}
		own, floor := o.entries[braid].Rate, o.entries[perfect].Rate
		fmt.Fprintf(&text, "| %s | %d | %d of %d | %d · %d | %.3f · %.3f | %s |\n",
			o.world.Name, o.world.Seed, o.stability.Differ, o.stability.Compared,
			own.Seen.Points, own.All.Points-own.Seen.Points,
			own.All.Mean/floor.All.Mean, own.All.P99/floor.All.P99, kept)
	}
	return text.String()
}

func joined(faults []fault) string {
	var texts []string
	for _, f := range faults {
		texts = append(texts, f.text)
	}
	return strings.Join(texts, "; ")
}

func (o outcome) plot() string {
	var strips []report.Strip
	for _, e := range o.entries {
		strips = append(strips, report.Strip{Title: e.name + ": " + three(e.Rate.Seen), Errors: e.Rate.Worst})
	}
	title := fmt.Sprintf("%s: the greatest error of rate over four scrapes among all targets; red: no answer", o.world.Name)
	return report.Plot(title, strips)
}
