package score

import (
	"fmt"
	"math"
	"slices"

	"github.com/prometheus/prometheus/model/labels"

	"prombraid/test/internal/oracle"
	"prombraid/test/internal/remote"
	"prombraid/test/lab/field"
	"prombraid/test/lab/truth"
)

// Errors are the relative errors of the points of a graph.
type Errors struct {
	Seen    Spread    // of points over whose windows some replica was live all the time
	All     Spread    // of these, and of those whose windows hold a part of a hole that all replicas share
	Missing int       // points that a perfect replica gives, and one of the replicas alone would give too
	Worst   []float64 // by step the greatest error of all targets; NaN where a point is missing
}

// Spread sums up errors.
type Spread struct {
	Mean, P99, Max float64
	Points         int
}

func spreadOf(errors []float64) Spread {
	n := len(errors)
	if n == 0 {
		return Spread{}
	}
	slices.Sort(errors)
	s := Spread{P99: errors[n*99/100], Max: errors[n-1], Points: n}
	for _, e := range errors {
		s.Mean += e / float64(n)
	}
	return s
}

// question is a graph whose true values are known.
type question struct {
	expr  string
	truth func(g truth.Target, from, to int64) float64
}

// questions are asked over four scrapes: rate, native rate, quantile and native quantile.
func questions(interval int64) []question {
	window := fmt.Sprintf("[%dms]", 4*interval)
	rate := func(g truth.Target, from, to int64) float64 { return g.Rate(from, to) }
	return []question{
		{"rate(" + truth.Counter + window + ")", rate},
		{"histogram_count(rate(" + truth.Native + window + "))", rate},
		{"histogram_quantile(0.9, rate(" + truth.Buckets + window + "))",
			func(g truth.Target, from, to int64) float64 { return g.Quantile(0.9, from, to) }},
		{"histogram_quantile(0.9, rate(" + truth.Native + window + "))",
			func(g truth.Target, from, to int64) float64 { return g.NativeQuantile(0.9, from, to) }},
	}
}

// StepsOf are the times at which a world is asked. The step shares no divisor with the interval, so that
// every target is asked in every phase of its scrapes and no replica is lucky in its phases.
func StepsOf(w *field.World) Steps {
	return Steps{From: w.From + 6*w.Interval, To: w.To - 2*w.Interval, Step: w.Interval * 618 / 1000}
}

// window says what can be asked of a point.
type window struct {
	wanted bool // the target lived quietly around it, and one of the replicas has two samples in it
	seen   bool // some replica was live all the time
}

// expected are the windows by target and step.
type expected map[string][]window

func expectedOf(w *field.World, replicas [][]remote.Series) expected {
	steps := StepsOf(w)
	out := expected{}
	for _, g := range w.Targets {
		windows := make([]window, steps.Count())
		var live []oracle.Span
		for _, replica := range replicas {
			for _, s := range replica {
				if s.Labels.Get(labels.MetricName) == truth.Counter && s.Labels.Get("instance") == g.Instance {
					markAnswerable(windows, s.Points, steps, 4*w.Interval)
					live = append(live, oracle.Live(s.Points, w.Interval*3/2)...)
				}
			}
		}
		live = oracle.Joined(live)
		for i := range windows {
			at := steps.At(i)
			windows[i].wanted = windows[i].wanted && g.Quiet(at-6*w.Interval, at+2*w.Interval)
			windows[i].seen = inside(live, at-5*w.Interval, at)
		}
		out[g.Instance] = windows
	}
	return out
}

// inside says whether one of the spans, which are in order, holds all of [from, to).
func inside(spans []oracle.Span, from, to int64) bool {
	i, _ := slices.BinarySearchFunc(spans, to, func(s oracle.Span, t int64) int { return int(s.To - t) })
	return i < len(spans) && spans[i].From <= from
}

// markAnswerable marks the steps whose window holds two real samples.
func markAnswerable(windows []window, points []remote.Point, steps Steps, length int64) {
	var real []int64
	for _, p := range points {
		if !oracle.Stale(p) {
			real = append(real, p.T)
		}
	}
	for i := range windows {
		at := steps.At(i)
		upto, _ := slices.BinarySearch(real, at+1)
		if upto >= 2 && real[upto-2] > at-length {
			windows[i].wanted = true
		}
	}
}

func errorsOf(w *field.World, want expected, graph Graph, q question) Errors {
	steps := StepsOf(w)
	out := Errors{Worst: make([]float64, steps.Count())}
	var all, seen []float64
	for _, g := range w.Targets {
		values := graph[g.Instance]
		for i, window := range want[g.Instance] {
			if !window.wanted {
				continue
			}
			if values == nil || math.IsNaN(values[i]) {
				out.Missing++
				out.Worst[i] = math.NaN()
				continue
			}
			at := steps.At(i)
			right := q.truth(g, at-4*w.Interval, at)
			wrong := math.Abs(values[i]-right) / right
			all = append(all, wrong)
			if window.seen {
				seen = append(seen, wrong)
			}
			if wrong > out.Worst[i] {
				out.Worst[i] = wrong
			}
		}
	}
	out.Seen, out.All = spreadOf(seen), spreadOf(all)
	return out
}
