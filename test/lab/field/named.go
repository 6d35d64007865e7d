package field

import "prombraid/test/internal/world"

// scene is a world that has a name; size scales its length and number of targets.
type scene struct {
	name string
	seed uint64
	make func(name string, seed uint64, size Size) *builder
}

// Size is how large a world is made.
type Size struct {
	Hours   int64 // of a world with 15 s between scrapes
	Targets int
}

// Full is what scripts/lab shows, Small what a test has time for.
var (
	Full  = Size{Hours: 6, Targets: 20}
	Small = Size{Hours: 6, Targets: 5}
)

// plain is three replicas at 15 s, or as many as are said at the interval that is said.
func plain(name string, seed uint64, size Size, interval int64, replicas int) *builder {
	length := size.Hours * hour
	if interval < 15*second {
		length /= 3
	}
	if interval > 15*second {
		length *= 2
	}
	return build(name, seed, length, interval, size.Targets, replicas)
}

func (s Size) blips(perSixHours int) int { return max(1, perSixHours*int(s.Hours)/6) }

var scenes = []scene{
	{"calm", 1, func(name string, seed uint64, size Size) *builder {
		return plain(name, seed, size, 15*second, 3).crash(20 * minute).blip(size.blips(6))
	}},
	{"flapping", 2, func(name string, seed uint64, size Size) *builder {
		b := plain(name, seed, size, 15*second, 3).crash(20 * minute).blip(size.blips(100))
		b.Flapping = true
		return b
	}},
	{"two", 3, func(name string, seed uint64, size Size) *builder {
		return plain(name, seed, size, 15*second, 2).crash(20 * minute).blip(size.blips(6))
	}},
	{"five", 4, func(name string, seed uint64, size Size) *builder {
		return plain(name, seed, size, 15*second, 5).crash(10 * minute).blip(size.blips(12))
	}},
	{"5s", 5, func(name string, seed uint64, size Size) *builder {
		return plain(name, seed, size, 5*second, 3).crash(7 * minute).blip(size.blips(6))
	}},
	{"60s", 6, func(name string, seed uint64, size Size) *builder {
		return plain(name, seed, size, 60*second, 3).crash(40 * minute).blip(size.blips(6))
	}},
	{"one-coarse", 7, func(name string, seed uint64, size Size) *builder {
		b := plain(name, seed, size, 15*second, 3).crash(20 * minute).blip(size.blips(6))
		b.Replicas[0].Interval = 60 * second
		return b
	}},
	{"mixed", 12, func(name string, seed uint64, size Size) *builder {
		b := plain(name, seed, size, 15*second, 3).crash(20 * minute).blip(size.blips(6))
		for i, interval := range []int64{60 * second, 30 * second, 15 * second} {
			b.Replicas[i].Interval = interval
		}
		b.Mixed = true
		return b
	}},
	{"long-crash", 8, func(name string, seed uint64, size Size) *builder {
		b := plain(name, seed, size, 15*second, 3).blip(size.blips(6))
		long := world.Range{From: b.within(0.3, 0.35), To: b.within(0.8, 0.85)}
		b.Replicas[0].Down = append(b.Replicas[0].Down, long)
		return b
	}},
	{"late-joiner", 9, func(name string, seed uint64, size Size) *builder {
		b := plain(name, seed, size, 15*second, 3).crash(20 * minute).blip(size.blips(6))
		b.Replicas[0].Down = append(b.Replicas[0].Down, world.Range{From: b.From, To: b.within(0.4, 0.5)})
		return b
	}},
	{"skewed", 10, func(name string, seed uint64, size Size) *builder {
		b := plain(name, seed, size, 15*second, 3).crash(20 * minute).blip(size.blips(20))
		for i := range b.Replicas {
			b.Replicas[i].Skew = []int64{-500, 500, 0, 250, -250}[i%5]
		}
		for i := range b.Targets {
			b.Targets[i].Slowest = 2000
		}
		return b
	}},
	{"fresh", 11, func(name string, seed uint64, size Size) *builder {
		b := plain(name, seed, size, 15*second, 3).crash(20 * minute).blip(size.blips(6))
		b.Replicas[0].Down = []world.Range{{From: 0, To: b.To + hour}}
		return b
	}},
}

// Names gives the names of all worlds but the wild ones.
func Names() []string {
	var names []string
	for _, s := range scenes {
		names = append(names, s.name)
	}
	return names
}

// Named makes the world of that name, or a wild one; seed 0 is its own. It is nil where there is none.
func Named(name string, seed uint64, size Size) *World {
	if name == wildName {
		return &wild(name, seed, size).World
	}
	for _, s := range scenes {
		if s.name != name {
			continue
		}
		if seed == 0 {
			seed = s.seed
		}
		return &s.make(name, seed, size).World
	}
	return nil
}
