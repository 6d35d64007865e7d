package main

import (
	"fmt"
	"math"

	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/remote"
)

var truth = func() [][]prompb.Sample {
	var all [][]prompb.Sample
	for i := range seriesCount {
		all = append(all, values(i))
	}
	return all
}()

func query() *prompb.Query { return remote.Query("soak", from, to) }

// missing are the real replicas that may be missing from an answer.
type missing [2]bool

// excuses says that sample k may be absent: the only real replica that has it may be missing.
func (m missing) excuses(k int) bool {
	return m[0] && hole(1, k) || m[1] && hole(0, k)
}

// check gives the first difference from the truth: a sample that is none, or one that is not there
// though a replica has it that answered.
func check(got []remote.Series, away missing) error {
	if len(got) != seriesCount {
		return fmt.Errorf("%d series, not %d", len(got), seriesCount)
	}
	for i, s := range got {
		if s.Labels.Get("instance") != instance(i) || s.Labels.Get("cluster") != "soak" || s.Labels.Len() != 3 {
			return fmt.Errorf("series %d is %s", i, s.Labels)
		}
		if err := checkPoints(s.Points, truth[i], away); err != nil {
			return fmt.Errorf("%s: %w", s.Labels, err)
		}
	}
	return nil
}

func checkPoints(points []remote.Point, truth []prompb.Sample, away missing) error {
	for k, want := range truth {
		if len(points) > 0 && points[0].T == want.Timestamp {
			if points[0].Float != math.Float64bits(want.Value) {
				return fmt.Errorf("sample %d is %+v", k, points[0])
			}
			points = points[1:]
		} else if !away.excuses(k) {
			return fmt.Errorf("sample %d is not there, with %v missing", k, away)
		}
	}
	if len(points) > 0 {
		return fmt.Errorf("%+v is no sample of the truth, or out of order", points[0])
	}
	return nil
}
