package main

import (
	"fmt"

	"prombraid/test/internal/prom"
	"prombraid/test/internal/remote"
	"prombraid/test/lab/contender"
	"prombraid/test/lab/field"
	"prombraid/test/lab/score"
	"prombraid/test/lab/stage"
)

// entry is one contender's score in one world.
type entry struct {
	name string
	score.Score
}

// outcome is what a world showed. The first entry is the perfect replica's, the second Prombraid's.
type outcome struct {
	world     *field.World
	entries   []entry
	stability stage.Stability
	upstream  int // points that a real upstream Prometheus gave and that are the same
}

const perfect, braid = 0, 1

// windows is how many shifted windows are read of each world.
const windows = 12

// run puts one world on servers and scores all contenders. Without an upstream version the check
// against a real upstream is left out.
func run(w *field.World, replicaVersion prom.Version, upstream *prom.Version) (outcome, error) {
	out := outcome{world: w}
	var servers []stage.Replica
	var held [][]remote.Series
	for _, r := range w.Replicas {
		series := r.Scrape(w.Targets, w.From, w.To)
		servers = append(servers, stage.Replica{Name: r.Name, Series: series})
		held = append(held, contender.Stored(series))
	}
	st, err := stage.Open(replicaVersion, servers)
	if err != nil {
		return out, err
	}
	defer st.Close()
	answer, err := st.Whole(w)
	if err != nil {
		return out, fmt.Errorf("reading through prombraid: %w", err)
	}
	if out.stability, err = st.Stability(w, answer, windows); err != nil {
		return out, err
	}
	if upstream != nil {
		if out.upstream, err = st.CheckUpstream(*upstream, w, answer); err != nil {
			return out, err
		}
	}
	floor := contender.Stored(w.Perfect().Scrape(w.Targets, w.From, w.To))
	return out, out.judge(held, []answerOf{
		{"perfect replica", floor}, {"Prombraid", answer}, {"one replica", held[0]},
		{"remote_read of each", contender.Union(held)},
	})
}

type answerOf struct {
	name   string
	series []remote.Series
}

func (o *outcome) judge(held [][]remote.Series, answers []answerOf) error {
	for _, a := range answers {
		s, err := score.Judge(o.world, held, a.series)
		if err != nil {
			return fmt.Errorf("%s: %w", a.name, err)
		}
		o.entries = append(o.entries, entry{a.name, s})
	}
	return nil
}
