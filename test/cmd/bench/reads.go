package main

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/proc"
	"prombraid/test/internal/remote"
)

// subject is one way to read, measured again and again in turn with the others.
type subject struct {
	name    string
	sources []source // read at once, each on a connection of its own
	mode    remote.Mode
	query   *prompb.Query

	readings []reading
	cpu      []time.Duration
	peak     int64
}

// source is who is asked.
type source struct {
	host    string        // host:port
	process *proc.Process // whose CPU and memory count
}

// run reads once and notes what it cost. Of several sources the read is as slow as the slowest, its
// first byte too: who merges can say nothing before all have begun.
func (s *subject) run() error {
	var group sync.WaitGroup
	readings := make([]reading, len(s.sources))
	costs := make([]proc.Usage, len(s.sources))
	failures := make([]error, len(s.sources))
	for i, from := range s.sources {
		group.Go(func() { readings[i], costs[i], failures[i] = from.read(s.mode, s.query) })
	}
	group.Wait()
	if err := errors.Join(failures...); err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	var sum reading
	var cpu time.Duration
	for i, r := range readings {
		sum = reading{max(sum.wall, r.wall), max(sum.first, r.first), sum.bytes + r.bytes}
		cpu += costs[i].CPU
		s.peak = max(s.peak, costs[i].Peak)
	}
	s.readings, s.cpu = append(s.readings, sum), append(s.cpu, cpu)
	return nil
}

// read gives what the client saw, and what the process spent on it.
func (from source) read(mode remote.Mode, query *prompb.Query) (reading, proc.Usage, error) {
	c, err := dial(from.host)
	if err != nil {
		return reading{}, proc.Usage{}, err
	}
	defer c.close()
	request := httpRequest(from.host, remote.Body(&prompb.ReadRequest{
		Queries:               []*prompb.Query{query},
		AcceptedResponseTypes: []prompb.ReadRequest_ResponseType{mode},
	}))
	if err := from.process.ResetPeak(); err != nil {
		return reading{}, proc.Usage{}, err
	}
	before, err := from.process.Usage()
	if err != nil {
		return reading{}, proc.Usage{}, err
	}
	got, err := c.read(request)
	if err != nil {
		return reading{}, proc.Usage{}, err
	}
	after, err := from.process.Usage()
	after.CPU -= before.CPU
	return got, after, err
}

// measure runs all subjects in turn, so that what else the machine does falls on all alike. The
// first round warms caches and connections and is forgotten.
func measure(subjects []*subject, runs int) error {
	for round := range runs + 1 {
		for _, s := range subjects {
			if err := s.run(); err != nil {
				return err
			}
			if round == 0 {
				s.readings, s.cpu, s.peak = nil, nil, 0
			}
		}
	}
	return nil
}

func (s *subject) wall() time.Duration {
	return median(s.each(func(r reading) time.Duration { return r.wall }))
}

func (s *subject) first() time.Duration {
	return median(s.each(func(r reading) time.Duration { return r.first }))
}

func (s *subject) spent() time.Duration { return median(s.cpu) }

// leastSpent is what the read costs when nothing else takes the processor's caches away.
func (s *subject) leastSpent() time.Duration { return slices.Min(s.cpu) }

func (s *subject) bytes() int64 { return s.readings[0].bytes }

func (s *subject) each(part func(reading) time.Duration) []time.Duration {
	var all []time.Duration
	for _, r := range s.readings {
		all = append(all, part(r))
	}
	return all
}

func median(all []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

func mean(all []*subject, of func(*subject) time.Duration) time.Duration {
	var sum time.Duration
	for _, s := range all {
		sum += of(s)
	}
	return sum / time.Duration(len(all))
}
