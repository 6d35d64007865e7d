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

// check gives the first difference from the truth.
func check(got []remote.Series) error {
	if len(got) != seriesCount {
		return fmt.Errorf("%d series, not %d", len(got), seriesCount)
	}
	for i, s := range got {
		if s.Labels.Get("instance") != instance(i) || s.Labels.Get("cluster") != "soak" || s.Labels.Len() != 3 {
			return fmt.Errorf("series %d is %s", i, s.Labels)
		}
		if len(s.Points) != samples {
			return fmt.Errorf("%s: %d samples, not %d", s.Labels, len(s.Points), samples)
		}
		for k, p := range s.Points {
			if p.T != truth[i][k].Timestamp || p.Float != math.Float64bits(truth[i][k].Value) {
				return fmt.Errorf("%s: sample %d is %+v", s.Labels, k, p)
			}
		}
	}
	return nil
}
