package main

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/proc"
	"prombraid/test/internal/remote"
)

// crowd is what so many clients, each asking again as soon as it is answered, came to.
type crowd struct {
	rate     float64 // reads a second
	p50, p99 time.Duration
	cpu      time.Duration // of the process, per read
}

// smallQuery asks for ten series over five minutes in which every replica scraped.
func (d dataset) smallQuery() *prompb.Query { return smallQuery(0, 0) }

// wideQuery is what Prombraid asks of a replica for it: its rule looks further.
func (d dataset) wideQuery() *prompb.Query { return smallQuery(45*minute, 5*minute) }

func smallQuery(before, after int64) *prompb.Query {
	from := epoch + 180*minute
	return remote.Query(metric+`{pod="checkout-5d9c8f7b6d-00003",path=~"/api/v2/items/0."}`,
		from-before, from+5*minute+after)
}

// small reads a little, very often: direct and through, by 1, 8 and 64 clients. From real servers,
// then from servers that answer from memory and cost nearly nothing.
func (l *lab) small(spell time.Duration) error {
	p, err := l.startProxy(2)
	if err != nil {
		return err
	}
	rows := [][]string{{"small reads", "clients", "reads/s", "p50 ms", "p99 ms", "CPU µs a read"}}
	direct := []target{
		{"replica 0, direct", []string{l.replicas[0].Address()}, l.replicas[0].Process(), l.dataset.smallQuery()},
		{"replica 1, direct", []string{l.replicas[1].Address()}, l.replicas[1].Process(), l.dataset.smallQuery()},
		{"both at once, asked as by Prombraid", []string{l.replicas[0].Address(), l.replicas[1].Address()}, nil,
			l.dataset.wideQuery()},
		{"Prombraid over 2", []string{p.Address()}, p.Process(), l.dataset.smallQuery()},
	}
	if rows, err = l.crowds(rows, direct, spell); err != nil {
		return err
	}
	tapes, err := l.startTapes(2)
	if err != nil {
		return err
	}
	defer stopTapes(tapes)
	q, err := l.startProxyOver([]string{tapes[0].address(), tapes[1].address()})
	if err != nil {
		return err
	}
	fromMemory := []target{
		{"a tape, direct", []string{tapes[0].address()}, nil, l.dataset.smallQuery()},
		{"Prombraid over 2 tapes", []string{q.Address()}, q.Process(), l.dataset.smallQuery()},
	}
	if rows, err = l.crowds(rows, fromMemory, spell); err != nil {
		return err
	}
	fmt.Printf("\n### Small reads: 10 series, 5 minutes, streamed\n\n")
	printTable(rows)
	return nil
}

type target struct {
	name    string
	hosts   []string      // asked at once: an answer is there when each has answered
	process *proc.Process // nil where it is this one, or several
	query   *prompb.Query
}

func (l *lab) crowds(rows [][]string, targets []target, spell time.Duration) ([][]string, error) {
	for _, clients := range []int{1, 8, 64} {
		for _, t := range targets {
			c, err := gather(t, clients, spell)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", t.name, err)
			}
			cpu := "-"
			if t.process != nil {
				cpu = fmt.Sprint(c.cpu.Microseconds())
			}
			rows = append(rows, []string{t.name, fmt.Sprint(clients), fmt.Sprintf("%.0f", c.rate),
				fmt.Sprintf("%.2f", c.p50.Seconds()*1000), fmt.Sprintf("%.2f", c.p99.Seconds()*1000), cpu})
		}
	}
	return rows, nil
}

// gather lets the clients read for as long as the spell lasts.
func gather(t target, clients int, spell time.Duration) (crowd, error) {
	request := httpRequest(t.hosts[0], remote.Body(&prompb.ReadRequest{
		Queries:               []*prompb.Query{t.query},
		AcceptedResponseTypes: []prompb.ReadRequest_ResponseType{remote.Streamed},
	}))
	var before, after proc.Usage
	var err error
	if t.process != nil {
		if before, err = t.process.Usage(); err != nil {
			return crowd{}, err
		}
	}
	taken, err := askTogether(t.hosts, request, clients, spell)
	if err != nil {
		return crowd{}, err
	}
	if t.process != nil {
		if after, err = t.process.Usage(); err != nil {
			return crowd{}, err
		}
	}
	slices.Sort(taken)
	n := len(taken)
	return crowd{float64(n) / spell.Seconds(), taken[n/2], taken[n*99/100], (after.CPU - before.CPU) / time.Duration(n)}, nil
}

func askTogether(hosts []string, request []byte, clients int, spell time.Duration) ([]time.Duration, error) {
	end := time.Now().Add(spell)
	var mutex sync.Mutex
	var all []time.Duration
	var failed error
	var crowd sync.WaitGroup
	for range clients {
		crowd.Go(func() {
			taken, err := askUntil(end, hosts, request)
			mutex.Lock()
			defer mutex.Unlock()
			all = append(all, taken...)
			if err != nil {
				failed = err
			}
		})
	}
	crowd.Wait()
	return all, failed
}

func askUntil(end time.Time, hosts []string, request []byte) ([]time.Duration, error) {
	var all []*client
	for _, host := range hosts {
		c, err := dial(host)
		if err != nil {
			return nil, err
		}
		defer c.close()
		all = append(all, c)
	}
	var taken []time.Duration
	for len(taken) == 0 || time.Now().Before(end) {
		begun := time.Now()
		for _, c := range all {
			if err := c.ask(request); err != nil {
				return taken, err
			}
		}
		for _, c := range all {
			if _, err := c.answer(begun); err != nil {
				return taken, err
			}
		}
		taken = append(taken, time.Since(begun))
	}
	return taken, nil
}
