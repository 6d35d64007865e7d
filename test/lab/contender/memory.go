// Package contender makes the answers that others would give to a world, from what the replicas hold.
package contender

import (
	"math"
	"slices"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/remote"
	"prombraid/test/internal/world"
)

// Cluster is the external label that all replicas share, and a reader sees.
const Cluster = "lab"

// Stored gives what a replica holds as a remote reader sees it, without the replica's own label.
func Stored(series []world.Series) []remote.Series {
	var out []remote.Series
	for _, s := range series {
		seen := remote.Series{Labels: labels.NewBuilder(s.Labels).Set("cluster", Cluster).Labels()}
		for _, sample := range s.Samples {
			seen.Points = append(seen.Points, pointOf(sample))
		}
		out = append(out, seen)
	}
	slices.SortFunc(out, func(a, b remote.Series) int { return labels.Compare(a.Labels, b.Labels) })
	return out
}

func pointOf(s world.Sample) remote.Point {
	if s.H == nil {
		return remote.Point{T: s.T, Float: math.Float64bits(s.V)}
	}
	whole := prompb.FromIntHistogram(0, s.H)
	bytes, err := whole.Marshal()
	if err != nil {
		panic(err)
	}
	return remote.Point{T: s.T, Histogram: string(bytes)}
}

// Union is what a Prometheus makes of one remote_read entry a replica: all samples in the order of time,
// one of those with equal timestamps.
func Union(replicas [][]remote.Series) []remote.Series {
	found := map[string]int{}
	var out []remote.Series
	for _, replica := range replicas {
		for _, s := range replica {
			i, known := found[s.Labels.String()]
			if !known {
				i = len(out)
				found[s.Labels.String()] = i
				out = append(out, remote.Series{Labels: s.Labels})
			}
			out[i].Points = append(out[i].Points, s.Points...)
		}
	}
	for i := range out {
		points := out[i].Points
		slices.SortStableFunc(points, func(a, b remote.Point) int { return int(a.T - b.T) })
		out[i].Points = slices.CompactFunc(points, func(a, b remote.Point) bool { return a.T == b.T })
	}
	return out
}
