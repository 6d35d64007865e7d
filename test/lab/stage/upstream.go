package stage

import (
	"fmt"
	"math"
	"time"

	"prombraid/test/internal/prom"
	"prombraid/test/internal/remote"
	"prombraid/test/lab/field"
	"prombraid/test/lab/score"
	"prombraid/test/lab/truth"
)

// CheckUpstream asks a real Prometheus behind Prombraid for a graph and compares it with what the PromQL
// engine in this process makes of the samples that were read. It gives the number of points
// compared; the scores of this process can be trusted where there is no error.
func (s *Stage) CheckUpstream(version prom.Version, w *field.World, whole []remote.Series) (int, error) {
	upstream, err := s.Upstream(version)
	if err != nil {
		return 0, err
	}
	steps := score.StepsOf(w)
	expr := fmt.Sprintf("rate(%s[%dms])", truth.Counter, 4*w.Interval)
	want, err := score.Ask(whole, expr, steps)
	if err != nil {
		return 0, err
	}
	step := time.Duration(steps.Step) * time.Millisecond
	matrix, warnings, err := upstream.Graph(expr, time.UnixMilli(steps.From), time.UnixMilli(steps.To), step)
	if err != nil || len(warnings) > 0 {
		return 0, fmt.Errorf("upstream: %w %v", err, warnings)
	}
	have := 0
	for _, stream := range matrix {
		values := want[string(stream.Metric["instance"])]
		for _, p := range stream.Values {
			i := int((int64(p.Timestamp) - steps.From) / steps.Step)
			if values == nil || values[i] != float64(p.Value) {
				return have, fmt.Errorf("%s at %d: upstream says %v", stream.Metric, p.Timestamp, p.Value)
			}
			have++
		}
	}
	if points := count(want); points != have {
		return have, fmt.Errorf("upstream gives %d points, not %d", have, points)
	}
	return have, nil
}

func count(graph score.Graph) int {
	n := 0
	for _, values := range graph {
		for _, v := range values {
			if !math.IsNaN(v) {
				n++
			}
		}
	}
	return n
}
