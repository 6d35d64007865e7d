package field

import (
	"math/rand/v2"

	"prombraid/test/internal/world"
)

// wildName is a world that is none of the named ones: from its seed comes how many replicas there are, how often they
// scrape and how they fail.
const wildName = "wild"

func wild(name string, seed uint64, size Size) *builder {
	chance := rand.New(rand.NewPCG(seed, 77))
	pick := func(of ...int64) int64 { return of[chance.IntN(len(of))] }
	interval := pick(5, 10, 15, 20, 30, 60) * second
	b := plain(name, seed, size, interval, int(pick(2, 3, 4, 5, 7)))
	if chance.IntN(3) > 0 {
		b.crash(pick(1, 5, 10, 20, 60) * minute)
	}
	b.blip(int(pick(0, 3, 10, 30, 100)))
	b.Flapping = true
	one := &b.Replicas[chance.IntN(len(b.Replicas))]
	away := func(from, to int64) { one.Down = append(one.Down, world.Range{From: from, To: to}) }
	switch chance.IntN(6) {
	case 0:
		one.Interval = interval * pick(2, 3, 4)
	case 1:
		away(b.From, b.within(0.1, 0.9))
	case 2:
		away(b.within(0.1, 0.5), b.within(0.6, 1))
	case 3:
		for i := range b.Replicas {
			for range chance.IntN(4) {
				at := b.within(0, 1)
				b.Replicas[i].Down = append(b.Replicas[i].Down, world.Range{From: at, To: at + b.span(interval, 20*interval)})
			}
		}
	}
	return b
}
