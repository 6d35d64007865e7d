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

// JudgeRate gives the errors of rate alone.
func JudgeRate(w *field.World, replicas [][]remote.Series, answer []remote.Series) (Errors, error) {
	q := questions(w.Interval)[0]
	graph, err := Ask(answer, q.expr, StepsOf(w))
	return errorsOf(w, expectedOf(w, replicas), graph, q), err
}
