package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/proc"
	"prombraid/test/internal/remote"
)

// subject is one way to read, measured again and again in turn with the others.
type subject struct {
	name    string
	host    string // host:port
	mode    remote.Mode
	query   *prompb.Query
	process *proc.Process // whose CPU and memory count
	once    bool          // so slow that one run must do

	readings []reading
	cpu      []time.Duration
	peak     int64
}

// run reads once, on a connection of its own, and notes what it cost the process.
func (s *subject) run() error {
	c, err := dial(s.host)
	if err != nil {
		return err
	}
	defer c.close()
	request := httpRequest(s.host, remote.Body(&prompb.ReadRequest{
		Queries:               []*prompb.Query{s.query},
		AcceptedResponseTypes: []prompb.ReadRequest_ResponseType{s.mode},
	}))
	if err := s.process.ResetPeak(); err != nil {
		return err
	}
	before, err := s.process.Usage()
	if err != nil {
		return err
	}
	got, err := c.read(request)
	if err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	after, err := s.process.Usage()
	if err != nil {
		return err
	}
	s.readings = append(s.readings, got)
	s.cpu = append(s.cpu, after.CPU-before.CPU)
	s.peak = max(s.peak, after.Peak)
	return nil
}

// measure runs all subjects in turn, so that what else the machine does falls on all alike. The
// first round warms caches and connections and is forgotten.
func measure(subjects []*subject, runs int) error {
	for round := range runs + 1 {
		for _, s := range subjects {
			if s.once && round > 1 {
				continue
			}
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
