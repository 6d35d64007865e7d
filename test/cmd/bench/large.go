package main

import (
	"fmt"
	"time"

	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
)

// large reads all of the dataset's metric in both modes, side by side.
func (l *lab) large(runs int, fanout bool, against string) error {
	d := l.dataset
	over := map[int]*proxy.Prombraid{}
	for _, n := range []int{1, 2, 3, 5} {
		if n > d.Replicas {
			continue
		}
		p, err := l.startProxy(n)
		if err != nil {
			return err
		}
		over[n] = p
	}
	if against != "" {
		if err := l.startOther(against, 3); err != nil {
			return err
		}
	}
	samples, err := remote.Drain(over[3].ReadURL(), remote.Streamed, d.query())
	if err != nil {
		return err
	}
	modes := []remote.Mode{remote.Streamed, remote.Samples}
	subjects := map[remote.Mode][]*subject{}
	for _, mode := range modes {
		subjects[mode] = l.subjects(mode, over)
		if err := measure(subjects[mode], runs); err != nil {
			return err
		}
	}
	if fanout {
		if err := l.fanOut(subjects); err != nil {
			return err
		}
	}
	for _, mode := range modes {
		fmt.Printf("\n### %s, %s: %.2f M samples merged of three replicas\n\n",
			d.Name, modeName(mode), float64(samples)/1e6)
		printReads(subjects[mode], samples, subjects[mode][:3], "direct")
	}
	return nil
}

// fanOut reads once in each mode through a Prometheus with three remote_read entries. It comes last: the replicas have
// heaps of a gigabyte after it, and one whose garbage collector then rests answers for two thirds of the CPU.
func (l *lab) fanOut(subjects map[remote.Mode][]*subject) error {
	if err := l.startFanout(3); err != nil {
		return err
	}
	for mode := range subjects {
		s := direct("Prometheus, three remote_read", mode, l.dataset.query(), l.fanout)
		if err := s.run(); err != nil {
			return err
		}
		subjects[mode] = append(subjects[mode], s)
	}
	return nil
}

func (l *lab) subjects(mode remote.Mode, over map[int]*proxy.Prombraid) []*subject {
	query := l.dataset.query()
	var all []*subject
	for i, replica := range l.replicas[:3] {
		all = append(all, direct(fmt.Sprintf("direct read of replica %d", i), mode, query, replica))
	}
	all = append(all, direct("direct reads of all three at once", mode, query, l.replicas[:3]...))
	for _, n := range []int{1, 2, 3, 5} {
		if p := over[n]; p != nil {
			all = append(all, through(fmt.Sprintf("Prombraid over %d", n), p, mode, query))
		}
	}
	if l.other != nil {
		all = append(all, through("the other build over 3", l.other, mode, query))
	}
	return all
}

func direct(name string, mode remote.Mode, query *prompb.Query, servers ...*prom.Server) *subject {
	s := &subject{name: name, mode: mode, query: query}
	for _, server := range servers {
		s.sources = append(s.sources, source{server.Address(), server.Process()})
	}
	return s
}

func through(name string, p *proxy.Prombraid, mode remote.Mode, query *prompb.Query) *subject {
	return &subject{name: name, sources: []source{{p.Address(), p.Process()}}, mode: mode, query: query}
}

func (d dataset) query() *prompb.Query { return remote.Query(metric, epoch, d.end()) }

func modeName(mode remote.Mode) string {
	if mode == remote.Streamed {
		return "streamed"
	}
	return "samples"
}

// printReads compares with the mean of some subjects, of which the columns speak by the name given. Replicas that hold
// nearly the same can differ by half: one whose frames fit the 4 KiB that Go's server gathers for a write needs a write
// a series, and one whose frames do not needs two.
func printReads(subjects []*subject, samples int, with []*subject, name string) {
	wall, spent := mean(with, (*subject).wall), mean(with, (*subject).spent)
	least, times := mean(with, (*subject).leastSpent), "× "+name
	rows := [][]string{{"read", "wall ms", times, "first byte ms", "CPU ms", times, "least", times,
		"CPU s per M samples", "peak MiB", "MB"}}
	for _, s := range subjects {
		perMillion := s.spent().Seconds() / float64(samples) * 1e6
		rows = append(rows, []string{s.name, ms(s.wall()), ratio(s.wall(), wall), ms(s.first()),
			ms(s.spent()), ratio(s.spent(), spent), ms(s.leastSpent()), ratio(s.leastSpent(), least),
			fmt.Sprintf("%.4f", perMillion), mib(s.peak), fmt.Sprintf("%.1f", float64(s.bytes())/1e6)})
	}
	printTable(rows)
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f", d.Seconds()*1000) }

func mib(bytes int64) string { return fmt.Sprintf("%.1f", float64(bytes)/(1<<20)) }

func ratio(a, b time.Duration) string { return fmt.Sprintf("%.2f", a.Seconds()/b.Seconds()) }
