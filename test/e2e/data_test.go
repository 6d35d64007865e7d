package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/tsdb/chunkenc"

	"prombraid/test/internal/world"
)

const (
	second   = int64(1000)
	minute   = 60 * second
	hour     = 60 * minute
	interval = 15 * second
)

// epoch is where the data starts: in the past of any test, and whole hours.
var epoch = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// morning is the six hours that most tests ask for.
var morning = world.Range{From: epoch.UnixMilli(), To: epoch.UnixMilli() + 6*hour}

// monthBefore ends an hour before the morning begins.
var monthBefore = world.Range{From: morning.From - 30*24*hour, To: morning.From - hour}

func at(ms int64) time.Time { return time.UnixMilli(ms) }

// restart is when target 1 begins its counters anew.
var restart = morning.From + 160*minute

// targets of the morning: target 1 restarts, the last one is scraped by r1 alone.
func targets(custom bool) []world.Target {
	all := world.Targets(4)
	all[1].Restarts = []int64{restart}
	for i := range all {
		all[i].Histo, all[i].Custom = true, custom
		all[i].Since, all[i].Widens = morning.From-hour, morning.From+100*minute
	}
	return all
}

// outage is the time in which no replica scrapes.
var outage = world.Range{From: morning.From + 300*minute, To: morning.From + 305*minute}

func within(from, to int64) world.Range {
	return world.Range{From: morning.From + from, To: morning.From + to}
}

// scrapers are the replicas of the morning: each has a crash of its own, blips of its own, and all
// share one outage.
var scrapers = []world.Replica{
	{
		Name: "r0", Seed: 1, Interval: interval, Phase: 300, Jitter: 20,
		Down:    []world.Range{within(65*minute, 85*minute), outage},
		Failed:  func(target, n int) bool { return (target*7+n)%97 == 0 },
		Ignores: func(target int, _ int64) bool { return target == 3 },
	},
	{
		Name: "r1", Seed: 2, Interval: interval, Phase: 8100, Jitter: 20,
		Down:   []world.Range{within(180*minute, 190*minute), outage},
		Failed: func(target, n int) bool { return (target*5+n)%89 == 3 },
	},
	{
		Name: "r2", Seed: 3, Interval: interval, Phase: 3700, Jitter: 20,
		Down:   []world.Range{within(0, 120*minute), outage},
		Failed: func(target, n int) bool { return (target*3+n)%83 == 7 },
	},
}

// blocks are made once for all tests, each in a directory under scratch.
var blocks struct {
	sync.Mutex
	made map[string]string
}

// block gives the directory of the block with this name, made from these series if it is new.
func block(name string, floats chunkenc.Encoding, series func() []world.Series) string {
	blocks.Lock()
	defer blocks.Unlock()
	if path, ok := blocks.made[name]; ok {
		return path
	}
	dir := filepath.Join(scratch, "block-"+name)
	if err := world.WriteBlock(dir, floats, series()); err != nil {
		panic(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		panic(fmt.Sprintf("block %s: %d entries, %v", name, len(entries), err))
	}
	if blocks.made == nil {
		blocks.made = map[string]string{}
	}
	blocks.made[name] = filepath.Join(dir, entries[0].Name())
	return blocks.made[name]
}

// morningBlock is what replica n has of the morning, readable by every Prometheus.
func morningBlock(n int) string {
	return block(fmt.Sprintf("morning-%d", n), chunkenc.EncXOR, func() []world.Series {
		return scrapers[n].Scrape(targets(false), morning)
	})
}

// newBlock is the morning as only a current Prometheus can have it: histograms with custom bounds,
// floats in the newer encoding.
func newBlock(n int) string {
	return block(fmt.Sprintf("new-%d", n), chunkenc.EncXOR2, func() []world.Series {
		return scrapers[n].Scrape(targets(true), morning)
	})
}

// monthBlock is a month of one scrape a minute, with a day's hole in each replica.
func monthBlock(n int) string {
	return block(fmt.Sprintf("month-%d", n), chunkenc.EncXOR, func() []world.Series {
		down := monthBefore.From + int64(5+10*n)*24*hour
		r := world.Replica{
			Seed: uint64(n), Interval: minute, Phase: int64(n) * 20 * second, Jitter: 50,
			Down: []world.Range{{From: down, To: down + 24*hour}},
		}
		target := world.Target{Instance: "month:80", Job: "month", Seed: 77}
		return r.Scrape([]world.Target{target}, monthBefore)
	})
}

// bulkSeries and bulkSamples make an answer of about 20 MB that no codec makes smaller.
const (
	bulkSeries  = 600
	bulkSamples = 4000
)

// bulkBlock is much noise: the same times in every replica, values of the replica's own.
func bulkBlock(n int) string {
	return block(fmt.Sprintf("bulk-%d", n), chunkenc.EncXOR, func() []world.Series {
		chance := rand.New(rand.NewPCG(uint64(n), 5))
		all := make([]world.Series, bulkSeries)
		for i := range all {
			all[i].Labels = labels.FromStrings(labels.MetricName, "lab_bulk", "n", fmt.Sprintf("%04d", i))
			for k := range int64(bulkSamples) {
				sample := world.Sample{T: morning.From + k*5*second, V: chance.Float64()}
				all[i].Samples = append(all[i].Samples, sample)
			}
		}
		return all
	})
}
