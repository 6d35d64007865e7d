// Package field makes worlds: targets and the replicas that scrape them imperfectly, fixed by a seed.
package field

import (
	"math"
	"math/rand/v2"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/value"

	"prombraid/test/internal/world"
	"prombraid/test/lab/truth"
)

// jitter is how much later than planned a scrape begins at most, in ms.
const jitter = 40

// Replica is one Prometheus. Times are in ms of a true clock.
type Replica struct {
	Name     string
	Seed     uint64
	Interval int64
	Skew     int64         // of its own clock: in all timestamps it writes
	Down     []world.Range // writes nothing
	Blips    []world.Range // fails to reach all targets
}

// Scrape gives what the replica stores of the targets in [from, to] of the true clock.
func (r Replica) Scrape(targets []truth.Target, from, to int64) []world.Series {
	var all []world.Series
	for i, target := range targets {
		chance := rand.New(rand.NewPCG(r.Seed, uint64(i)+1))
		log := newScrapeLog(target)
		phase := chance.Int64N(r.Interval)
		for n := int64(0); ; n++ {
			at := from + phase + n*r.Interval + chance.Int64N(jitter+1)
			read := at + chance.Int64N(target.Slowest+1)
			if at > to {
				break
			}
			switch {
			case in(r.Down, at):
				log.forget()
			case at >= target.Born:
				log.scrape(target, at+r.Skew, read, in(r.Blips, at))
			}
		}
		all = append(all, log.stored()...)
	}
	return all
}

func in(ranges []world.Range, at int64) bool {
	for _, r := range ranges {
		if r.Has(at) {
			return true
		}
	}
	return false
}

// scrapeLog collects the series of one target, up first.
type scrapeLog struct {
	series []world.Series
	fresh  []bool // has a sample and no stale marker after it
}

func newScrapeLog(target truth.Target) *scrapeLog {
	log := &scrapeLog{}
	for _, name := range target.Names() {
		log.series = append(log.series, world.Series{Labels: name})
	}
	log.fresh = make([]bool, len(log.series))
	return log
}

// scrape stores at time t what the target told at the time read.
func (l *scrapeLog) scrape(target truth.Target, t, read int64, failed bool) {
	if read >= target.Gone {
		l.stale(0, t)
		return
	}
	if failed || target.Out(read) {
		l.add(0, t, world.Sample{V: 0})
		l.stale(1, t)
		return
	}
	told := target.Read(read)
	for i, sample := range told {
		l.add(i, t, sample)
	}
	l.stale(len(told), t)
}

func (l *scrapeLog) add(i int, t int64, sample world.Sample) {
	sample.T = t
	l.series[i].Samples = append(l.series[i].Samples, sample)
	l.fresh[i] = true
}

// forget is what a restart does: no stale marker will be written for a series that is not seen again.
func (l *scrapeLog) forget() { clear(l.fresh) }

// stale ends all series from the i-th on.
func (l *scrapeLog) stale(from int, t int64) {
	marker := math.Float64frombits(value.StaleNaN)
	for i := from; i < len(l.series); i++ {
		if !l.fresh[i] {
			continue
		}
		sample := world.Sample{T: t, V: marker}
		if l.series[i].Samples[0].H != nil {
			sample = world.Sample{T: t, H: &histogram.Histogram{Sum: marker}}
		}
		l.series[i].Samples = append(l.series[i].Samples, sample)
		l.fresh[i] = false
	}
}

func (l *scrapeLog) stored() []world.Series {
	var stored []world.Series
	for _, s := range l.series {
		if len(s.Samples) > 0 {
			stored = append(stored, s)
		}
	}
	return stored
}
