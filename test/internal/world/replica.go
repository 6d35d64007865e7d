package world

import (
	"math"
	"math/rand/v2"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
)

// Replica says how one Prometheus scrapes.
type Replica struct {
	Name     string
	Seed     uint64
	Interval int64 // ms
	Phase    int64 // ms after the start of each interval
	Jitter   int64 // ms at most
	Down     []Range
	// Failed says whether the n-th scrape of a target fails: up is 0 and the rest goes stale.
	Failed func(target, n int) bool
	// Ignores says which targets this replica does not scrape at that time.
	Ignores func(target int, at int64) bool
}

// Scrape gives what the replica stores of these targets over a span of time.
func (r Replica) Scrape(targets []Target, span Range) []Series {
	var all []Series
	for i, target := range targets {
		log := scrapeLog{index: map[uint64]int{}}
		chance := rand.New(rand.NewPCG(r.Seed, uint64(i)))
		for n := 0; ; n++ {
			at := span.From + int64(n)*r.Interval + r.Phase
			if r.Jitter > 0 {
				at += chance.Int64N(r.Jitter + 1)
			}
			if at > span.To {
				break
			}
			r.scrapeOnce(&log, target, i, n, at)
		}
		all = append(all, log.series...)
	}
	return all
}

func (r Replica) scrapeOnce(log *scrapeLog, target Target, i, n int, at int64) {
	for _, down := range r.Down {
		if down.Has(at) {
			return
		}
	}
	if r.Ignores != nil && r.Ignores(i, at) {
		return
	}
	up := Reading{target.name("up"), Sample{V: 1}}
	if r.Failed != nil && r.Failed(i, n) {
		log.stale(at)
		up.Value.V = 0
		log.add(at, up)
		return
	}
	log.add(at, up)
	for _, reading := range target.Expose(at) {
		log.add(at, reading)
	}
}

// scrapeLog collects the series of one target.
type scrapeLog struct {
	series []Series
	index  map[uint64]int // by hash of the labels
}

func (l *scrapeLog) add(at int64, reading Reading) {
	hash := reading.Labels.Hash()
	i, known := l.index[hash]
	if !known {
		i = len(l.series)
		l.index[hash] = i
		l.series = append(l.series, Series{Labels: reading.Labels})
	}
	sample := reading.Value
	sample.T = at
	l.series[i].Samples = append(l.series[i].Samples, sample)
}

// stale marks every series but up as ended, as a failed scrape does.
func (l *scrapeLog) stale(at int64) {
	for i := range l.series {
		s := &l.series[i]
		if s.Labels.Get(labels.MetricName) == "up" || s.Samples[len(s.Samples)-1].isStale() {
			continue
		}
		s.Samples = append(s.Samples, s.Samples[len(s.Samples)-1].staleAt(at))
	}
}

func (s Sample) isStale() bool {
	switch {
	case s.H != nil:
		return value.IsStaleNaN(s.H.Sum)
	case s.FH != nil:
		return value.IsStaleNaN(s.FH.Sum)
	}
	return value.IsStaleNaN(s.V)
}

// staleAt is a stale marker of the same kind.
func (s Sample) staleAt(at int64) Sample {
	stale := math.Float64frombits(value.StaleNaN)
	switch {
	case s.H != nil:
		return Sample{T: at, H: &histogram.Histogram{Sum: stale}}
	case s.FH != nil:
		return Sample{T: at, FH: &histogram.FloatHistogram{Sum: stale}}
	}
	return Sample{T: at, V: stale}
}
