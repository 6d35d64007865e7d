package score

import (
	"prombraid/test/internal/remote"
	"prombraid/test/lab/field"
)

// Score is everything that is said of one answer to one world.
type Score struct {
	Cover
	Samples
	Rate, NativeRate, Quantile, NativeQuantile Errors
}

// Answer is what somebody gives for the whole world. Who looks at the function around a selector gives
// other samples to rate.
type Answer struct{ Plain, InRate []remote.Series }

// Judge scores an answer, given what each replica holds.
func Judge(w *field.World, replicas [][]remote.Series, answer Answer) (Score, error) {
	s := Score{Cover: coverOf(w, replicas, answer.Plain), Samples: samplesScore(w, answer.Plain)}
	want := expectedOf(w, replicas)
	parts := []*Errors{&s.Rate, &s.NativeRate, &s.Quantile, &s.NativeQuantile}
	for i, q := range questions(w.Interval) {
		graph, err := Ask(answer.InRate, q.expr, StepsOf(w))
		if err != nil {
			return s, err
		}
		*parts[i] = errorsOf(w, want, graph, q)
	}
	return s, nil
}

// Floor scores the perfect replicas: the first one as any answer, but for the errors of rate, which are the mean
// of all of them.
func Floor(w *field.World, replicas [][]remote.Series, perfect [][]remote.Series) (Score, error) {
	s, err := Judge(w, replicas, Answer{Plain: perfect[0], InRate: perfect[0]})
	if err != nil {
		return s, err
	}
	s.Rate, err = meanErrors(w, replicas, perfect, questions(w.Interval)[0])
	if err != nil {
		return s, err
	}
	s.NativeRate, err = meanErrors(w, replicas, perfect, questions(w.Interval)[1])
	return s, err
}

// RateFloor is what Floor says of the rate of counters.
func RateFloor(w *field.World, replicas [][]remote.Series, perfect [][]remote.Series) (Errors, error) {
	return meanErrors(w, replicas, perfect, questions(w.Interval)[0])
}

// meanErrors takes the mean of means and of 99th percentiles, the greatest maximum, and all else from the first.
func meanErrors(w *field.World, replicas, perfect [][]remote.Series, q question) (Errors, error) {
	want := expectedOf(w, replicas)
	var out Errors
	for i, series := range perfect {
		graph, err := Ask(series, q.expr, StepsOf(w))
		if err != nil {
			return out, err
		}
		e := errorsOf(w, want, graph, q)
		if i == 0 {
			out = e
			continue
		}
		out.Seen, out.All = out.Seen.with(e.Seen, i), out.All.with(e.All, i)
	}
	return out, nil
}

// with is the mean of a spread that is one of n, and of another.
func (s Spread) with(other Spread, n int) Spread {
	mean := func(a, b float64) float64 { return (a*float64(n) + b) / float64(n+1) }
	s.Mean, s.P99, s.Max = mean(s.Mean, other.Mean), mean(s.P99, other.P99), max(s.Max, other.Max)
	return s
}

// JudgeCounters is Judge of counters alone: what lies before their rate is judged too.
func JudgeCounters(w *field.World, replicas [][]remote.Series, answer []remote.Series) (Score, error) {
	s := Score{Cover: coverOf(w, replicas, answer), Samples: samplesScore(w, answer)}
	q := questions(w.Interval)[0]
	graph, err := Ask(answer, q.expr, StepsOf(w))
	s.Rate = errorsOf(w, expectedOf(w, replicas), graph, q)
	return s, err
}
