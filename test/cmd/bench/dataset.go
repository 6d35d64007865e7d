package main

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"

	"prombraid/test/internal/world"
)

const (
	second = int64(1000)
	minute = 60 * second
)

// epoch is where all data begins: a whole hour in the past.
var epoch = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC).UnixMilli()

// dataset is what the replicas hold of one kind. Its numbers name its blocks, which are kept.
type dataset struct {
	Name     string
	Replicas int
	Series   int // of the metric that is read
	Others   int // of one that is not
	Scrapes  int
	Interval int64 // ms
	Holes    bool
	Native   bool // histograms
	Idle     bool // nine series in ten never change
}

const (
	metric      = "bench_requests_total"
	otherMetric = "bench_other_total"
	perTarget   = 50 // series that one scrape brings
)

func datasets(quick bool) []dataset {
	all := []dataset{
		{Name: "holes", Replicas: 5, Series: 5313, Others: 5187, Scrapes: 1440, Interval: 15 * second, Holes: true},
		{Name: "clean", Replicas: 3, Series: 5313, Others: 5187, Scrapes: 1440, Interval: 15 * second},
		{Name: "histograms", Replicas: 3, Series: 500, Scrapes: 1440, Interval: 15 * second, Holes: true, Native: true},
		{Name: "idle", Replicas: 3, Series: 5313, Scrapes: 1440, Interval: 15 * second, Holes: true, Idle: true},
		{Name: "huge", Replicas: 3, Series: 1, Scrapes: 2_000_000, Interval: second, Holes: true},
		{Name: "short", Replicas: 3, Series: 100_000, Scrapes: 8, Interval: 15 * second},
	}
	if quick {
		all[0].Series, all[0].Others, all[0].Replicas = 1000, 0, 3
		all[1].Series, all[1].Others = 1000, 0
		all[2].Series, all[3].Series, all[4].Scrapes, all[5].Series = 100, 1000, 300_000, 20_000
	}
	return all
}

func (d dataset) end() int64 { return epoch + int64(d.Scrapes)*d.Interval }

// holes are the times in which a replica scraped nothing: a crash and some restarts.
func (d dataset) holes(replica int) []world.Range {
	if !d.Holes {
		return nil
	}
	minutes := [][][2]int64{
		{{60, 80}, {200, 203}, {301, 303}},
		{{95, 98}, {250, 252}},
		{{20, 23}, {145, 155}, {310, 313}},
		{{120, 124}},
		{{170, 173}, {222, 225}},
	}[replica]
	var all []world.Range
	for _, m := range minutes {
		all = append(all, world.Range{From: epoch + m[0]*minute, To: epoch + m[1]*minute})
	}
	return all
}

// series gives what one replica holds, one series at a time.
func (d dataset) series(replica int) iter.Seq[world.Series] {
	return func(yield func(world.Series) bool) {
		for i := range d.Series + d.Others {
			if !yield(d.one(replica, i)) {
				return
			}
		}
	}
}

// one scrapes series i: timestamps sit on the replica's own grid, as Prometheus aligns them, but
// for one in thirty that came late.
func (d dataset) one(replica, i int) world.Series {
	target := i / perTarget
	phase := int64(rand.New(rand.NewPCG(uint64(replica), uint64(target))).IntN(int(d.Interval)))
	late := rand.New(rand.NewPCG(uint64(replica)+100, uint64(target)))
	growth := rand.New(rand.NewPCG(7, uint64(i)))
	holes := d.holes(replica)
	s := world.Series{Labels: d.labels(i), Samples: make([]world.Sample, 0, d.Scrapes)}
	var count int64
	for n := range d.Scrapes {
		count += 100 + growth.Int64N(200)
		at := epoch + int64(n)*d.Interval + phase
		if late.IntN(30) == 0 {
			at += 3 + late.Int64N(20)
		}
		if inside(holes, at) {
			continue
		}
		if d.Idle && i%10 > 0 {
			s.Samples = append(s.Samples, d.sample(at, int64(i)))
		} else {
			s.Samples = append(s.Samples, d.sample(at, count+phase/200))
		}
	}
	return s
}

func inside(holes []world.Range, at int64) bool {
	for _, hole := range holes {
		if hole.Has(at) {
			return true
		}
	}
	return false
}

func (d dataset) sample(at, count int64) world.Sample {
	if !d.Native {
		return world.Sample{T: at, V: float64(count)}
	}
	h := &histogram.Histogram{
		Schema: 1, ZeroThreshold: 0.001, ZeroCount: uint64(count / 10), Sum: float64(count) * 3.3,
		PositiveSpans: []histogram.Span{{Offset: -2, Length: 4}, {Offset: 3, Length: 4}},
	}
	h.Count = h.ZeroCount
	var last int64
	for bucket := range int64(8) {
		filled := count * (bucket + 1) / 40
		h.PositiveBuckets = append(h.PositiveBuckets, filled-last)
		h.Count += uint64(filled)
		last = filled
	}
	return world.Sample{T: at, H: h}
}

// labels are as many and as long as those of a service in Kubernetes. The label tenth parts the
// series in ten.
func (d dataset) labels(i int) labels.Labels {
	name := metric
	if i >= d.Series {
		name = otherMetric
	}
	return labels.FromStrings(
		labels.MetricName, name, "container", "server", "endpoint", "http-metrics",
		"instance", fmt.Sprintf("10.20.%d.%d:8080", i/perTarget/256, i/perTarget%256),
		"job", "shop/checkout", "namespace", "shop",
		"path", fmt.Sprintf("/api/v2/items/%02d", i%perTarget),
		"pod", fmt.Sprintf("checkout-5d9c8f7b6d-%05d", i/perTarget),
		"tenth", fmt.Sprint(i%10))
}
