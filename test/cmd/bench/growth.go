package main

import (
	"fmt"

	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/prom"
	"prombraid/test/internal/remote"
)

// growth reads a tenth of the series and a tenth of the range through one proxy and compares.
func (l *lab) growth(runs int) error {
	p, err := l.startProxy(3)
	if err != nil {
		return err
	}
	d := l.dataset
	whole := through("all", p, remote.Streamed, d.query())
	series := through("a tenth of the series", p, remote.Streamed,
		d.tenth())
	span := through("a tenth of the range", p, remote.Streamed,
		remote.Query(metric, epoch+150*minute, epoch+150*minute+(d.end()-epoch)/10))
	if err := measure([]*subject{whole, series, span}, runs); err != nil {
		return err
	}
	fmt.Printf("\n### %s, streamed: how cost grows with what is read\n\n", d.Name)
	rows := [][]string{{"read", "CPU ms", "all costs × this", "peak MiB"}}
	for _, s := range []*subject{whole, series, span} {
		rows = append(rows, []string{s.name, ms(s.spent()), ratio(whole.spent(), s.spent()), mib(s.peak)})
	}
	printTable(rows)
	return nil
}

func (d dataset) tenth() *prompb.Query {
	return remote.Query(metric+`{tenth="3"}`, epoch, d.end())
}

// manyReplicas is how many the cost of one is compared with.
const manyReplicas = 10

// growthByReplicas reads a tenth of the series through a proxy over one replica and one over ten.
// Those beyond the dataset's own have the data of the first ones.
func (l *lab) growthByReplicas(runs int) error {
	var extra []*prom.Server
	defer func() {
		for _, server := range extra {
			server.Stop()
		}
	}()
	var addresses []string
	for _, replica := range l.replicas {
		addresses = append(addresses, replica.Address())
	}
	for i := len(l.replicas); i < manyReplicas; i++ {
		server, err := l.replica(i, l.replicas[i%len(l.replicas)].DataDir())
		if err != nil {
			return err
		}
		extra, addresses = append(extra, server), append(addresses, server.Address())
	}
	one, err := l.startProxyOver(addresses[:1])
	if err != nil {
		return err
	}
	ten, err := l.startProxyOver(addresses)
	if err != nil {
		return err
	}
	subjects := []*subject{
		through("over 1 replica", one, remote.Streamed, l.dataset.tenth()),
		through(fmt.Sprintf("over %d replicas", manyReplicas), ten, remote.Streamed, l.dataset.tenth()),
	}
	if err := measure(subjects, runs); err != nil {
		return err
	}
	fmt.Printf("\n### %s, streamed: how cost grows with the replicas\n\n", l.dataset.Name)
	rows := [][]string{{"a tenth of the series", "CPU ms", "× one", "peak MiB"}}
	for _, s := range subjects {
		rows = append(rows, []string{s.name, ms(s.spent()), ratio(s.spent(), subjects[0].spent()), mib(s.peak)})
	}
	printTable(rows)
	return nil
}
