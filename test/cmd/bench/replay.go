package main

import (
	"errors"
	"fmt"

	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
)

// replay reads through this build, and through another in turn with it, what three replicas once
// answered: so servers that compete for the same processors do not blur what differs between them.
func (l *lab) replay(runs int, against string) error {
	tapes, err := l.startTapes(3)
	defer stopTapes(tapes)
	if err != nil {
		return err
	}
	var addresses []string
	for _, t := range tapes {
		addresses = append(addresses, t.address())
	}
	this, err := l.startProxyOver(addresses)
	if err != nil {
		return err
	}
	other := this
	if against != "" {
		err = withBinary(against, func() (err error) { other, err = l.startProxyOver(addresses); return err })
	}
	for _, mode := range []remote.Mode{remote.Streamed, remote.Samples} {
		if err == nil {
			err = l.replayed(mode, this, other, runs)
		}
	}
	return err
}

func (l *lab) replayed(mode remote.Mode, this, other *proxy.Prombraid, runs int) error {
	query := l.dataset.query()
	subjects := []*subject{through("the other build", other, mode, query), through("this build", this, mode, query)}
	if this == other {
		subjects = subjects[1:]
	}
	samples, err := remote.Drain(this.ReadURL(), mode, query)
	if err = errors.Join(err, measure(subjects, runs)); err != nil {
		return err
	}
	fmt.Printf("\n### %s, %s: three replicas' answers replayed, %s\n\n", l.dataset.Name, modeName(mode), load())
	printReads(subjects, samples, subjects[:1], "the first")
	return nil
}
