package main

import (
	"math"
	"slices"
	"testing"

	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/prom"
	"prombraid/test/internal/remote"
	"prombraid/test/internal/world"
	"prombraid/test/lab/contender"
	"prombraid/test/lab/field"
	"prombraid/test/lab/score"
	"prombraid/test/lab/stage"
	"prombraid/test/lab/truth"
)

// Two replicas fail in turn, and the targets restart when both see it, when one is away, and between two seams.
func TestEngineSeesTheResetsOfNativeHistogramsAcrossSeams(t *testing.T) {
	w := seams(t)
	answer := braided(t, w)
	for _, each := range []struct {
		name string
		of   []remote.Series
	}{{"a replica that never failed", never(w)}, {"prombraid", answer}} {
		for instance, n := range resets(t, w, each.of) {
			if n != float64(len(w.Targets[0].Restarts)) {
				t.Errorf("%s, %s: %v resets, want %d", each.name, instance, n, len(w.Targets[0].Restarts))
			}
		}
	}
	// The engine believes the hints: where all deny it, no reset is seen.
	for instance, n := range resets(t, w, denied(answer)) {
		if n != 0 {
			t.Errorf("%s: %v resets that all hints deny", instance, n)
		}
	}
	// The counter has no hints: its resets are seen in its values.
	steps := score.StepsOf(w)
	native := ask(t, answer, "histogram_count(rate("+truth.Native+"[1m]))", steps)
	counter := ask(t, answer, "rate("+truth.Counter+"[1m])", steps)
	if len(native) != len(w.Targets) {
		t.Fatalf("rates of %d targets, want %d", len(native), len(w.Targets))
	}
	for instance, rates := range native {
		for i, rate := range rates {
			other := counter[instance][i]
			if math.IsNaN(rate) != math.IsNaN(other) || math.Abs(rate-other) > 0.02*other {
				t.Errorf("%s at %d: the histogram's rate is %v, the counter's %v", instance, steps.At(i), rate, other)
			}
		}
	}
}

// seams is the calm world with holes and restarts where the test wants them.
func seams(t *testing.T) *field.World {
	t.Helper()
	w := field.Named("calm", 0, field.Size{Hours: 2, Targets: 4})
	at := func(minutes float64) int64 { return w.From + int64(minutes*60_000) }
	for i := range w.Targets {
		g := &w.Targets[i]
		g.Outages, g.Slowest, g.Born, g.Gone = nil, 50, w.From, math.MaxInt64
		g.Restarts = []int64{at(30), at(61), at(62.1), at(100)}
	}
	w.Replicas = w.Replicas[:2]
	w.Replicas[0].Down = []world.Range{{From: at(20), To: at(22)}, {From: at(29), To: at(32)}, {From: at(60.5), To: at(61.5)}}
	w.Replicas[1].Down = []world.Range{{From: at(62), To: at(63)}, {From: at(90), To: at(91)}}
	for i := range w.Replicas {
		w.Replicas[i].Blips = nil
	}
	return w
}

func braided(t *testing.T, w *field.World) []remote.Series {
	t.Helper()
	var servers []stage.Replica
	for _, r := range w.Replicas {
		servers = append(servers, stage.Replica{Name: r.Name, Series: r.Scrape(w.Targets, w.From, w.To)})
	}
	st, err := stage.Open(prom.Debian, servers)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	answer, err := st.Whole(w)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func denied(series []remote.Series) []remote.Series {
	var out []remote.Series
	for _, s := range series {
		s.Points = slices.Clone(s.Points)
		for i := range s.Points {
			s.Points[i].Reset = prompb.Histogram_NO
		}
		out = append(out, s)
	}
	return out
}

func never(w *field.World) []remote.Series {
	return contender.Stored(w.Perfect()[0].Scrape(w.Targets, w.From, w.To))
}

// resets are those of the native histograms over the whole world, by the engine.
func resets(t *testing.T, w *field.World, series []remote.Series) map[string]float64 {
	t.Helper()
	found := map[string]float64{}
	for instance, values := range ask(t, series, "resets("+truth.Native+"[3h])", score.Steps{From: w.To, To: w.To, Step: 1000}) {
		found[instance] = values[0]
	}
	if len(found) != len(w.Targets) {
		t.Fatalf("resets of %d targets, want %d", len(found), len(w.Targets))
	}
	return found
}

func ask(t *testing.T, series []remote.Series, expr string, steps score.Steps) score.Graph {
	t.Helper()
	graph, err := score.Ask(series, expr, steps)
	if err != nil {
		t.Fatal(err)
	}
	return graph
}
