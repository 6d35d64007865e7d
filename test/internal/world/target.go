package world

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
)

// Target is one thing that is scraped. What it exposes at a time depends on nothing but that time.
type Target struct {
	Instance string
	Job      string
	Seed     uint64
	Restarts []int64 // times at which its counters begin anew
	Histo    bool    // expose native histograms too
	Custom   bool    // expose a native histogram with custom bounds too
}

// Reading is one exposed metric.
type Reading struct {
	Labels labels.Labels
	Value  Sample // T is not set
}

// bounds are the classic buckets' upper bounds and their shares of all observations.
var bounds = []struct {
	le    string
	share float64
}{{"0.1", 0.23}, {"0.5", 0.61}, {"1", 0.87}, {"+Inf", 1}}

// Expose gives all metrics but up.
func (g Target) Expose(at int64) []Reading {
	requests := g.counter(at)
	readings := []Reading{
		{g.name("lab_temperature"), Sample{V: g.gauge(at)}},
		{g.name("lab_requests_total"), Sample{V: requests}},
	}
	for _, b := range bounds {
		value := math.Floor(requests * b.share)
		readings = append(readings, Reading{g.name("lab_latency_seconds_bucket", "le", b.le), Sample{V: value}})
	}
	readings = append(readings,
		Reading{g.name("lab_latency_seconds_count"), Sample{V: requests}},
		Reading{g.name("lab_latency_seconds_sum"), Sample{V: requests * 0.41}})
	if g.Histo {
		whole := g.native(requests)
		readings = append(readings,
			Reading{g.name("lab_size_bytes"), Sample{H: whole}},
			Reading{g.name("lab_weight"), Sample{FH: whole.ToFloat(nil)}})
	}
	if g.Custom {
		readings = append(readings, Reading{g.name("lab_custom"), Sample{H: g.custom(requests)}})
	}
	return readings
}

// name builds the labels of one metric of the target.
func (g Target) name(metric string, more ...string) labels.Labels {
	pairs := append([]string{labels.MetricName, metric, "instance", g.Instance, "job", g.Job}, more...)
	return labels.FromStrings(pairs...)
}

// gauge is a slow wave with noise in every bit of the mantissa, the same for the same time.
func (g Target) gauge(at int64) float64 {
	wave := math.Sin(float64(at)/3.6e6 + float64(g.Seed))
	return 20 + 5*wave + rand.New(rand.NewPCG(g.Seed, uint64(at))).Float64()
}

// counter grows by 10 a second, waving between 4 and 16, since the last restart.
func (g Target) counter(at int64) float64 {
	since := int64(0)
	for _, restart := range g.Restarts {
		if restart <= at && restart > since {
			since = restart
		}
	}
	return math.Floor(g.grown(at) - g.grown(since))
}

// grown is the integral of the counter's rate.
func (g Target) grown(at int64) float64 {
	const period = 900.0 // seconds
	seconds := float64(at) / 1000
	return 10*seconds - 6*period/(2*math.Pi)*math.Cos(2*math.Pi*seconds/period+float64(g.Seed))
}

// native spreads the observations over two spans; a later bucket fills only after some time, so that
// the layout changes within a series.
func (g Target) native(count float64) *histogram.Histogram {
	parts := []float64{0.1, 0.2, 0.3, 0.25}
	spans := []histogram.Span{{Offset: -2, Length: 2}, {Offset: 3, Length: 2}}
	if int64(count)/2000%2 == 1 {
		parts = append(parts, 0.05)
		spans[1].Length++
	}
	h := &histogram.Histogram{Schema: 1, ZeroThreshold: 0.001, PositiveSpans: spans, Sum: count * 3.3}
	h.ZeroCount = uint64(count * 0.1)
	h.Count = h.ZeroCount
	h.PositiveBuckets, h.Count = deltas(parts, count, h.Count)
	return h
}

// custom has bounds of its own in place of an exponential schema.
func (g Target) custom(count float64) *histogram.Histogram {
	h := &histogram.Histogram{
		Schema:        histogram.CustomBucketsSchema,
		PositiveSpans: []histogram.Span{{Offset: 0, Length: 3}},
		CustomValues:  []float64{0.25, 2.5},
		Sum:           count * 0.7,
	}
	h.PositiveBuckets, h.Count = deltas([]float64{0.3, 0.4, 0.2}, count, 0)
	return h
}

// deltas gives the buckets' counts as differences, and the sum of all counts from already on.
func deltas(parts []float64, count float64, already uint64) ([]int64, uint64) {
	var buckets []int64
	var last int64
	for _, part := range parts {
		value := int64(math.Floor(count * part))
		buckets = append(buckets, value-last)
		last = value
		already += uint64(value)
	}
	return buckets, already
}

// Targets makes n targets of one job.
func Targets(n int) []Target {
	var all []Target
	for i := range n {
		all = append(all, Target{Instance: fmt.Sprintf("target-%d:80", i), Job: "lab", Seed: uint64(i + 1)})
	}
	return all
}
