package truth

import (
	"math"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"

	"prombraid/test/internal/world"
)

// The names of the metrics.
const (
	Up       = "up"
	Gauge    = "lab_temperature"
	Counter  = "lab_requests_total"
	Buckets  = "lab_latency_seconds_bucket"
	Native   = "lab_size_bytes"
	brief    = "lab_brief"
	count    = "lab_latency_seconds_count"
	sum      = "lab_latency_seconds_sum"
	instance = "instance"
)

// Names gives the labels of all series of the target, up first, in the order of Read.
func (g Target) Names() []labels.Labels {
	names := []labels.Labels{g.name(Up), g.name(Gauge), g.name(Counter), g.name(count), g.name(sum)}
	for _, b := range classic {
		names = append(names, g.name(Buckets, "le", b.le))
	}
	return append(names, g.name(Native), g.name(brief))
}

func (g Target) name(metric string, more ...string) labels.Labels {
	return labels.FromStrings(append([]string{labels.MetricName, metric, instance, g.Instance, "job", "lab"}, more...)...)
}

// Read gives what a scrape reads at this time, without timestamps; the last one, lab_brief, only
// while it exists.
func (g Target) Read(at int64) []world.Sample {
	all, slow := g.Events(g.Begun(at), at)
	fast := all - slow
	samples := []world.Sample{
		{V: 1}, {V: g.Gauge(at)}, {V: math.Floor(all)}, {V: math.Floor(all)}, {V: 0.2*fast + 0.9*slow},
	}
	for _, b := range classic {
		upto := math.Floor(fast*b.fast + slow*b.slow)
		if b.le == "+Inf" {
			upto = math.Floor(all)
		}
		samples = append(samples, world.Sample{V: upto})
	}
	samples = append(samples, world.Sample{H: nativeOf(fast, slow)})
	if g.Brief.Has(at) {
		samples = append(samples, world.Sample{V: g.Gauge(at)})
	}
	return samples
}

// nativeOf rounds each bucket down by itself, so that none ever falls.
func nativeOf(fast, slow float64) *histogram.Histogram {
	h := &histogram.Histogram{
		ZeroThreshold: 1e-9,
		PositiveSpans: []histogram.Span{{Offset: nativeFirst, Length: uint32(len(native))}},
		Sum:           0.2*fast + 0.9*slow,
	}
	last := int64(0)
	for _, b := range native {
		n := int64(math.Floor(fast*b.fast + slow*b.slow))
		h.PositiveBuckets = append(h.PositiveBuckets, n-last)
		h.Count += uint64(n)
		last = n
	}
	return h
}
