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
time, by the finest interval; the second table says how many more there are beside holes that all replicas share, and what they
change.

The bounds: no gap (0.000 %), false reset, torn vector, sample too close or point missing; windows agree from their third interval on;
the error of rate is at most 1.02 × a perfect replica's in the mean and 1.10 × at the 99th percentile. In *flapping*, where each replica
fails 100 times in six hours, 1.06 and 1.5. In *mixed*, where one replica alone scrapes every 15 s and others every 30 s and every minute,
1.06 and 1.10, and 1.3 in the mean of all points: a perfect replica there scrapes every 15 s all the time. A gap is judged by
each replica's own interval: a sample that the answer has from a coarser one counts as long as it does there, and one that goes on is
not missed where a finer one speaks a quarter of an interval later at most. The perfect replica's errors of rate are the mean of five
such replicas with phases of their own: one alone is up to 2 % better or worse than another by luck.

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
		if broken := o.broken(limitsOf(o.world)); len(broken) > 0 {
			kept = "not: " + strings.Join(broken, "; ")
		}
		own, floor := o.entries[braid].Rate, o.entries[perfect].Rate
		fmt.Fprintf(&text, "| %s | %d | %d of %d | %d · %d | %.3f · %.3f | %s |\n",
			o.world.Name, o.world.Seed, o.stability.Differ, o.stability.Compared,
			own.Seen.Points, own.All.Points-own.Seen.Points,
			own.All.Mean/floor.All.Mean, own.All.P99/floor.All.P99, kept)
	}
	return text.String()
}

func (o outcome) plot() string {
	var strips []report.Strip
	for _, e := range o.entries {
		strips = append(strips, report.Strip{Title: e.name + ": " + three(e.Rate.Seen), Errors: e.Rate.Worst})
	}
	title := fmt.Sprintf("%s: the greatest error of rate over four scrapes among all targets; red: no answer", o.world.Name)
	return report.Plot(title, strips)
}
