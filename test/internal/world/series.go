// Package world makes replicas' data: targets whose metrics are known functions of time, replicas
// that scrape them imperfectly, and the TSDB blocks that a real Prometheus then serves. A world is
// the same in every run.
package world

import (
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
)

// Sample is one value at one time; at most one of H and FH is set, and then V is not used.
type Sample struct {
	T  int64 // ms
	V  float64
	H  *histogram.Histogram
	FH *histogram.FloatHistogram
}

// Series is what one replica stores under one label set, in time order.
type Series struct {
	Labels  labels.Labels
	Samples []Sample
}

// Range is a span of time in ms, both ends inside.
type Range struct{ From, To int64 }

// Has says whether t lies inside.
func (r Range) Has(t int64) bool { return r.From <= t && t <= r.To }
