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
// against a real upstream is left out; without the program lab/thanos, Thanos is.
func run(w *field.World, replicaVersion prom.Version, upstream *prom.Version, thanos string) (outcome, error) {
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
	return out, out.judge(held, answer, thanos)
}

// judge scores everybody, given what the replicas hold and what Prombraid answered.
func (o *outcome) judge(held [][]remote.Series, answer []remote.Series, thanos string) error {
	w := o.world
	var never [][]remote.Series
	for _, r := range w.Perfect() {
		never = append(never, contender.Stored(r.Scrape(w.Targets, w.From, w.To)))
	}
	floor, err := score.Floor(w, held, never)
	if err != nil {
		return err
	}
	o.entries = append(o.entries, entry{"perfect replica", floor})
	plain := func(series []remote.Series) score.Answer { return score.Answer{Plain: series, InRate: series} }
	names := []string{"Prombraid", "one replica", "remote_read of each"}
	answers := []score.Answer{
		plain(answer), plain(held[0]), plain(contender.Union(held)),
	}
	if thanos != "" {
		outside, err := contender.Thanos(thanos, "", held)
		if err != nil {
			return err
		}
		inside, err := contender.Thanos(thanos, "rate", held)
		if err != nil {
			return err
		}
		names, answers = append(names, "Thanos, penalty"), append(answers, score.Answer{Plain: outside, InRate: inside})
	}
	for i, a := range answers {
		s, err := score.Judge(w, held, a)
		if err != nil {
			return fmt.Errorf("%s: %w", names[i], err)
		}
		o.entries = append(o.entries, entry{names[i], s})
	}
	return nil
}
