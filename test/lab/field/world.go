package field

import (
	"math/rand/v2"

	"prombraid/test/internal/world"
	"prombraid/test/lab/truth"
)

// Units of time in ms.
const (
	second = int64(1000)
	minute = 60 * second
	hour   = 60 * minute
)

// begin is a time that is no multiple of anything: where epochs and blocks are cut is not known here.
const begin = int64(1_750_000_123_457)

// World is what happened, and who looked.
type World struct {
	Name     string
	Seed     uint64
	From, To int64
	Interval int64 // the finest of its replicas
	Flapping bool  // the bounds of a flapping world hold
	Mixed    bool  // one replica alone has the finest interval: the bounds of such a world hold
	Targets  []truth.Target
	Replicas []Replica
}

// Perfect are replicas that never failed, with right clocks, each with phases of its own: by the luck of these the
// errors of one alone can be two in a hundred less than another's.
func (w World) Perfect() []Replica {
	var all []Replica
	for n := range uint64(5) {
		all = append(all, Replica{Name: "perfect", Seed: w.Seed ^ 0x5eed + n<<32, Interval: w.Interval})
	}
	return all
}

// builder makes a world step by step from one source of chance.
type builder struct {
	World
	chance *rand.Rand
}

// build makes targets as they are in every world: a third slow, some with restarts, outages, a
// late or an early end, and n replicas with skewed clocks that were restarted one after the other.
func build(name string, seed uint64, length, interval int64, targets, replicas int) *builder {
	b := &builder{chance: rand.New(rand.NewPCG(seed, 4))}
	b.World = World{Name: name, Seed: seed, From: begin, To: begin + length, Interval: interval}
	for n := range targets {
		b.Targets = append(b.Targets, b.target(n))
	}
	for n := range replicas {
		b.Replicas = append(b.Replicas, Replica{
			Name: string(rune('a' + n)), Seed: b.chance.Uint64(), Interval: interval,
			Skew: b.chance.Int64N(1001) - 500,
		})
	}
	b.restartAll()
	return b
}

// target makes one whose troubles depend on its number, so that small worlds have some of each.
func (b *builder) target(n int) truth.Target {
	g := truth.NewTarget(n, b.From, b.chance)
	g.Slowest = []int64{50, 2000, 500}[n%3]
	switch n % 5 {
	case 1:
		g.Restarts = []int64{b.within(0.1, 0.5), b.within(0.5, 0.9)}
	case 2:
		out := b.within(0.2, 0.8)
		g.Outages = []world.Range{{From: out, To: out + b.span(20*second, 6*minute)}}
		g.Restarts = []int64{g.Outages[0].To}
	case 3:
		g.Brief = world.Range{From: b.within(0.2, 0.4), To: b.within(0.6, 0.8)}
	}
	switch n {
	case 4:
		g.Born = b.within(0.1, 0.4)
	case 9:
		g.Gone = b.within(0.6, 0.9)
	}
	return g
}

// restartAll is a rolling restart: one replica after the other is away for a minute or so.
func (b *builder) restartAll() {
	at := b.within(0.05, 0.2)
	for i := range b.Replicas {
		down := world.Range{From: at, To: at + b.span(40*second, 100*second)}
		b.Replicas[i].Down = append(b.Replicas[i].Down, down)
		at = down.To + b.span(30*second, 3*minute)
	}
}

// crash lets every replica be away for so long, one after the other and never two at once.
func (b *builder) crash(length int64) *builder {
	slot := (b.To - b.From) * 7 / 10 / int64(len(b.Replicas))
	length = min(length, slot*9/10)
	for i := range b.Replicas {
		at := b.From + (b.To-b.From)/4 + slot*int64(i) + b.span(0, slot-length)
		b.Replicas[i].Down = append(b.Replicas[i].Down, world.Range{From: at, To: at + length})
	}
	return b
}

// blip lets every replica fail to reach its targets n times, for one to three scrapes.
func (b *builder) blip(n int) *builder {
	for i := range b.Replicas {
		for range n {
			at := b.within(0, 1)
			blip := world.Range{From: at, To: at + b.span(b.Interval/2, 3*b.Interval)}
			b.Replicas[i].Blips = append(b.Replicas[i].Blips, blip)
		}
	}
	return b
}

func (b *builder) within(from, to float64) int64 {
	share := from + (to-from)*b.chance.Float64()
	return b.From + int64(share*float64(b.To-b.From))
}

func (b *builder) span(least, most int64) int64 { return least + b.chance.Int64N(most-least+1) }
