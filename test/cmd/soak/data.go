package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/scripted"
	"prombraid/test/internal/world"
)

// The truth is noise, an hour long. Each replica has holes in it, and each sample at least one of the
// two real replicas: with both of them up every answer must be the whole truth.
const (
	seriesCount = 20
	samples     = 240
	window      = 24 // samples; in each of them one real replica has a hole
	from        = int64(1_700_000_000_000)
	step        = int64(15_000)
	to          = from + samples*step - 1
)

// The third is the hostile one.
const replicaCount = 3

func instance(i int) string { return fmt.Sprintf("target-%02d", i) }

// hole says that the replica has no sample at index k, of any series. Holes of the real replicas are
// from 1 to 18 samples long, by turns, and never at the same time.
func hole(replica, k int) bool {
	w, at := k/window, k%window
	if replica == 2 {
		return w%3 == 0 && 12 <= at && at < 20
	}
	return w%2 == replica && 4 <= at && at < 5+(w*7)%18
}

// values gives series i, the same in every run.
func values(i int) []prompb.Sample {
	chance := rand.New(rand.NewPCG(1, uint64(i)))
	out := make([]prompb.Sample, samples)
	for k := range out {
		out[k] = prompb.Sample{Timestamp: from + int64(k)*step, Value: chance.NormFloat64()}
	}
	return out
}

// held is what the replica has of series i.
func held(replica, i int) []prompb.Sample {
	var out []prompb.Sample
	for k, sample := range values(i) {
		if !hole(replica, k) {
			out = append(out, sample)
		}
	}
	return out
}

// block is what a real replica stores.
func block(replica int) []world.Series {
	var all []world.Series
	for i := range seriesCount {
		s := world.Series{Labels: labels.FromStrings("__name__", "soak", "instance", instance(i))}
		for _, v := range held(replica, i) {
			s.Samples = append(s.Samples, world.Sample{T: v.Timestamp, V: v.Value})
		}
		all = append(all, s)
	}
	return all
}

// sent is what the hostile replica sends when it is well.
func sent() []scripted.Series {
	var all []scripted.Series
	for i := range seriesCount {
		all = append(all, scripted.Series{
			Labels:  []string{"__name__", "soak", "cluster", "soak", "instance", instance(i), "replica", "c"},
			Samples: held(2, i),
		})
	}
	return all
}
