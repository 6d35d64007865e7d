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

// Judge scores an answer of the whole world, given what each replica holds.
func Judge(w *field.World, replicas [][]remote.Series, answer []remote.Series) (Score, error) {
	s := Score{Cover: coverOf(w, replicas, answer), Samples: samplesScore(w, answer)}
	want := expectedOf(w, replicas)
	parts := []*Errors{&s.Rate, &s.NativeRate, &s.Quantile, &s.NativeQuantile}
	for i, q := range questions(w.Interval) {
		graph, err := Ask(answer, q.expr, StepsOf(w))
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
