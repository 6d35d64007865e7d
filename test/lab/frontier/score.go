package main

import (
	"math/rand/v2"
	"slices"

	"prombraid/test/internal/oracle"
	"prombraid/test/internal/remote"
	"prombraid/test/lab/contender"
	"prombraid/test/lab/field"
	"prombraid/test/lab/score"
	"prombraid/test/lab/truth"
)

// merge is a way to make one lane of many.
type merge struct {
	name   string
	chosen bool  // Prombraid does it so
	memory int64 // in ms: how far back an answer can depend on the data, at most
	run    func(lanes []lane, s int64) []step
	read   func(from int64) int64 // the begin of what is read for a window from there on; nil where windows can't agree
}

// verdict is what a merge shows in a world.
type verdict struct {
	mean, p99        float64 // × a perfect replica's
	missing          int     // points
	gap              float64 // avoidable, of what was live
	falls, close     int     // false resets; samples too close
	compared, differ int     // samples of shifted windows
}

// ground is a world as it is judged: the counter of each target.
type ground struct {
	world *field.World
	held  [][]remote.Series
	lanes map[string][]lane
	floor score.Errors
}

func groundOf(w *field.World) (ground, error) {
	g := ground{world: w, lanes: map[string][]lane{}}
	for k, r := range w.Replicas {
		series := counters(contender.Stored(r.Scrape(w.Targets, w.From, w.To)))
		g.held = append(g.held, series)
		for _, s := range series {
			name := s.Labels.String()
			if g.lanes[name] == nil {
				g.lanes[name] = make([]lane, len(w.Replicas))
			}
			for i, p := range s.Points {
				g.lanes[name][k] = append(g.lanes[name][k], moment{p.T, oracle.Stale(p), i})
			}
		}
	}
	var err error
	var perfect [][]remote.Series
	for _, r := range w.Perfect() {
		perfect = append(perfect, counters(contender.Stored(r.Scrape(w.Targets, w.From, w.To))))
	}
	g.floor, err = score.RateFloor(w, g.held, perfect)
	return g, err
}

func counters(series []remote.Series) []remote.Series {
	return slices.DeleteFunc(series, func(s remote.Series) bool { return s.Labels.Get("__name__") != truth.Counter })
}

// judge scores the merge, the answer for the whole world first.
func (g ground) judge(m merge) (verdict, error) {
	answers := map[string][]step{}
	var out []remote.Series
	for name, lanes := range g.lanes {
		answers[name] = m.run(lanes, g.world.Interval)
		out = append(out, g.series(name, answers[name]))
	}
	seen, err := score.JudgeCounters(g.world, g.held, out)
	v := verdict{
		mean: seen.Rate.Seen.Mean / g.floor.Seen.Mean, p99: seen.Rate.Seen.P99 / g.floor.Seen.P99, missing: seen.Rate.Missing,
		gap: seen.Gap / seen.Live, falls: seen.FalseResets, close: seen.Close,
	}
	if m.read != nil {
		g.shift(m, answers, &v)
	}
	return v, err
}

func (g ground) series(name string, steps []step) remote.Series {
	var out remote.Series
	held := make([]remote.Series, len(g.held))
	for k, series := range g.held {
		for _, s := range series {
			if s.Labels.String() == name {
				held[k] = s
				out.Labels = s.Labels
			}
		}
	}
	for _, taken := range steps {
		out.Points = append(out.Points, held[taken.lane].Points[taken.at])
	}
	return out
}

// windows is how many shifted windows are made of each world.
const windows = 12

// shift compares answers from windows that begin later with those of the whole, beyond two intervals.
func (g ground) shift(m merge, answers map[string][]step, v *verdict) {
	w := g.world
	chance := rand.New(rand.NewPCG(w.Seed, 77))
	for range windows {
		from := w.From + chance.Int64N((w.To-w.From)*3/4)
		for name, lanes := range g.lanes {
			var read []lane
			for _, l := range lanes {
				read = append(read, l[l.after(m.read(from)):])
			}
			want := later(answers[name], from+2*w.Interval)
			have := later(m.run(read, w.Interval), from+2*w.Interval)
			v.compared += len(want)
			v.differ += missing(want, have) + missing(have, want)
		}
	}
}

func later(steps []step, t int64) []step {
	return steps[slices.IndexFunc(append(steps, step{moment: moment{t: long}}), func(s step) bool { return s.t >= t }):]
}

// missing counts the steps of a that b has not.
func missing(a, b []step) int {
	n, j := 0, 0
	for _, s := range a {
		for j < len(b) && b[j].t < s.t {
			j++
		}
		if j == len(b) || b[j].t != s.t || b[j].lane != s.lane {
			n++
		}
	}
	return n
}
