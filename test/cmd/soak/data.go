package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/scripted"
	"prombraid/test/internal/world"
)

// The truth is the same in all replicas, so every answer must be it: noise, an hour long.
const (
	seriesCount = 20
	samples     = 240
	from        = int64(1_700_000_000_000)
	step        = int64(15_000)
	to          = from + samples*step - 1
)

func instance(i int) string { return fmt.Sprintf("target-%02d", i) }

// values gives series i, the same in every run.
func values(i int) []prompb.Sample {
	chance := rand.New(rand.NewPCG(1, uint64(i)))
	out := make([]prompb.Sample, samples)
	for k := range out {
		out[k] = prompb.Sample{Timestamp: from + int64(k)*step, Value: chance.NormFloat64()}
	}
	return out
}

// block is the truth as a Prometheus stores it.
func block() []world.Series {
	var all []world.Series
	for i := range seriesCount {
		s := world.Series{Labels: labels.FromStrings("__name__", "soak", "instance", instance(i))}
		for _, v := range values(i) {
			s.Samples = append(s.Samples, world.Sample{T: v.Timestamp, V: v.Value})
		}
		all = append(all, s)
	}
	return all
}

// sent is the truth as the scripted replica sends it.
func sent(replica string) []scripted.Series {
	var all []scripted.Series
	for i := range seriesCount {
		all = append(all, scripted.Series{
			Labels:  []string{"__name__", "soak", "cluster", "soak", "instance", instance(i), "replica", replica},
			Samples: values(i),
		})
	}
	return all
}
