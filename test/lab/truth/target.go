package truth

import (
	"fmt"
	"math"
	"math/rand/v2"

	"prombraid/test/internal/world"
)

// Target is one thing that is scraped. Times are in ms.
type Target struct {
	Instance   string
	Slowest    int64         // so long after the scrape began the values are read at most
	Born, Gone int64         // scraped in [Born, Gone)
	Restarts   []int64       // counters begin anew
	Outages    []world.Range // no scrape succeeds
	Brief      world.Range   // when the series lab_brief exists

	origin int64
	load   load
	wobble float64
}

// NewTarget makes the n-th target of a world that begins at origin, alive all the time.
func NewTarget(n int, origin int64, chance *rand.Rand) Target {
	turn := func() float64 { return 2 * math.Pi * chance.Float64() }
	return Target{
		Instance: fmt.Sprintf("target-%02d:80", n),
		Born:     origin, Gone: math.MaxInt64,
		Brief:  world.Range{From: origin, To: math.MaxInt64},
		origin: origin,
		load: load{
			mean: 20 + 180*chance.Float64(), swing: 0.6,
			period: 900, phase: turn(), period2: 5400, phase2: turn(),
		},
		wobble: turn(),
	}
}

// Events gives the number of events between two times and how many of them were slow.
func (g Target) Events(from, to int64) (all, slow float64) {
	all0, slow0 := g.load.events(g.seconds(from))
	all1, slow1 := g.load.events(g.seconds(to))
	return all1 - all0, slow1 - slow0
}

// Rate is the true rate of events over [from, to], a second.
func (g Target) Rate(from, to int64) float64 {
	all, _ := g.Events(from, to)
	return all / float64(to-from) * 1000
}

// Gauge is the value of the gauge.
func (g Target) Gauge(at int64) float64 {
	return 20 + 5*math.Sin(g.seconds(at)/600+g.wobble) + 0.1*math.Sin(g.seconds(at)/7)
}

// Out says whether the target answers no scrape.
func (g Target) Out(at int64) bool {
	for _, outage := range g.Outages {
		if outage.Has(at) {
			return true
		}
	}
	return false
}

// Begun is when the counters began that are read at this time.
func (g Target) Begun(at int64) int64 {
	begun := g.origin - 3600_000
	for _, restart := range g.Restarts {
		if restart <= at && restart > begun {
			begun = restart
		}
	}
	return begun
}

// Quiet says whether the target lived through [from, to] without an outage or a restart.
func (g Target) Quiet(from, to int64) bool {
	if from < g.Born || to >= g.Gone || g.Begun(to) > from {
		return false
	}
	for _, outage := range g.Outages {
		if outage.From <= to && from <= outage.To {
			return false
		}
	}
	return true
}

// Fell says whether a restart lies in [from, to], so that a counter may fall.
func (g Target) Fell(from, to int64) bool { return g.Begun(to) >= from }

func (g Target) seconds(at int64) float64 { return float64(at-g.origin) / 1000 }
