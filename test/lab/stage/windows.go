package stage

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"prombraid/test/internal/remote"
	"prombraid/test/lab/field"
	"prombraid/test/lab/truth"
)

const everything = `{__name__=~".+"}`

// Whole reads the whole world through Prombraid, less the label cluster that all replicas share.
func (s *Stage) Whole(w *field.World) ([]remote.Series, error) {
	return remote.Read(s.Braid.ReadURL(), remote.Streamed, remote.Query(everything, w.From-hour, w.To+hour))
}

const hour = 3600_000

// Stability is how far an answer depends on what it should not depend on.
type Stability struct {
	Compared int // samples of shifted windows, beyond their first two intervals
	Differ   int // of these, not the same as in the whole, or not there
	Reorder  int // series that differ when the replicas are named in another order
}

// Stability reads shifted windows and asks the replicas in another order.
func (s *Stage) Stability(w *field.World, whole []remote.Series, windows int) (Stability, error) {
	out := Stability{}
	other, err := remote.Read(s.Shuffled.ReadURL(), remote.Streamed, remote.Query(everything, w.From-hour, w.To+hour))
	if err != nil {
		return out, err
	}
	out.Reorder = differing(whole, other)
	chance := rand.New(rand.NewPCG(w.Seed, 77))
	length := w.To - w.From
	for range windows {
		from := w.From + chance.Int64N(length*3/4)
		to := from + length/8 + chance.Int64N(w.To-from-length/8)
		selector := fmt.Sprintf(`{__name__=~"%s|%s"}`, truth.Up, truth.Counter)
		part, err := remote.Read(s.Braid.ReadURL(), remote.Streamed, remote.Query(selector, from, to))
		if err != nil {
			return out, err
		}
		out.compare(whole, part, from+2*w.Interval, to)
	}
	return out, nil
}

func (s *Stability) compare(whole, part []remote.Series, from, to int64) {
	parts := map[string][]remote.Point{}
	for _, p := range part {
		parts[p.Labels.String()] = p.Points
	}
	for _, series := range whole {
		if name := series.Labels.Get("__name__"); name != truth.Up && name != truth.Counter {
			continue
		}
		want, have := cut(series.Points, from, to), cut(parts[series.Labels.String()], from, to)
		s.Compared += len(want)
		s.Differ += differingPoints(want, have)
	}
}

func cut(points []remote.Point, from, to int64) []remote.Point {
	var out []remote.Point
	for _, p := range points {
		if p.T >= from && p.T <= to {
			out = append(out, p)
		}
	}
	return out
}

// differingPoints counts the samples that only one of both has, and those with other values.
func differingPoints(a, b []remote.Point) int {
	n, i, j := 0, 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			i, j = i+1, j+1
			continue
		case a[i].T == b[j].T:
			i, j = i+1, j+1
		case a[i].T < b[j].T:
			i++
		default:
			j++
		}
		n++
	}
	return n + len(a) - i + len(b) - j
}

func differing(a, b []remote.Series) int {
	n := max(len(a), len(b)) - min(len(a), len(b))
	for i := range min(len(a), len(b)) {
		if a[i].Labels.String() != b[i].Labels.String() || !slices.Equal(a[i].Points, b[i].Points) {
			n++
		}
	}
	return n
}
