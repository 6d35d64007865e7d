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
	Since    int64   // when it began to run
	Restarts []int64 // times at which its counters begin anew
	Widens   int64   // from then on a bucket more of its native histograms is filled
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
		whole := g.native(at)
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
func (g Target) counter(at int64) float64 { return math.Floor(g.grownSince(at, g.begun(at))) }

// begun is when the counters of that time began.
func (g Target) begun(at int64) int64 {
	since := g.Since
	for _, restart := range g.Restarts {
		if restart <= at && restart > since {
			since = restart
		}
	}
	return since
}

func (g Target) grownSince(at, since int64) float64 { return g.grown(at) - g.grown(since) }

// grown is the integral of the counter's rate.
func (g Target) grown(at int64) float64 {
	const period = 900.0 // seconds
	seconds := float64(at) / 1000
	return 10*seconds - 6*period/(2*math.Pi)*math.Cos(2*math.Pi*seconds/period+float64(g.Seed))
}

// native spreads the observations over two spans. Once wide values are seen the second span is
// longer, so that the layout changes within the series, and back when the target restarts.
func (g Target) native(at int64) *histogram.Histogram {
	count := g.counter(at)
	h := &histogram.Histogram{
		Schema: 1, ZeroThreshold: 0.001, ZeroCount: uint64(count * 0.1), Sum: count * 3.3,
		PositiveSpans: []histogram.Span{{Offset: -2, Length: 2}, {Offset: 3, Length: 2}},
	}
	counts := shares(count, 0.1, 0.2, 0.3, 0.25)
	if wide := g.grownSince(at, max(g.Widens, g.begun(at))); g.Widens > 0 && wide > 0 {
		counts = append(counts, int64(wide/20))
		h.PositiveSpans[1].Length++
	}
	h.PositiveBuckets, h.Count = deltas(counts, h.ZeroCount)
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
	h.PositiveBuckets, h.Count = deltas(shares(count, 0.3, 0.4, 0.2), 0)
	return h
}

// shares are whole parts of a count.
func shares(count float64, parts ...float64) []int64 {
	counts := make([]int64, len(parts))
	for i, part := range parts {
		counts[i] = int64(math.Floor(count * part))
	}
	return counts
}

// deltas gives the buckets' counts as differences, and the sum of all counts from already on.
func deltas(counts []int64, already uint64) ([]int64, uint64) {
	var last int64
	buckets := make([]int64, len(counts))
	for i, count := range counts {
		buckets[i] = count - last
		last = count
		already += uint64(count)
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
