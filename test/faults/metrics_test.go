package faults

import (
	"fmt"
	"strconv"
	"strings"
)

// metrics are the lines of one scrape, by name and labels as they stand there.
type metrics map[string]float64

func parseMetrics(text string) metrics {
	all := metrics{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		cut := strings.LastIndexByte(line, ' ')
		if strings.HasPrefix(line, "#") || cut < 0 {
			continue
		}
		if value, err := strconv.ParseFloat(line[cut+1:], 64); err == nil {
			all[line[:cut]] = value
		}
	}
	return all
}

// sum adds up the series of a metric that have all the given label pairs (`reason="torn"`).
func (m metrics) sum(name string, pairs ...string) float64 {
	var total float64
	for series, value := range m {
		base, labels, _ := strings.Cut(series, "{")
		matches := base == name
		for _, pair := range pairs {
			matches = matches && strings.Contains(labels, pair)
		}
		if matches {
			total += value
		}
	}
	return total
}

func expectSum(m metrics, name string, want float64) error {
	if got := m.sum(name); got != want {
		return fmt.Errorf("%s is %g, not %g", name, got, want)
	}
	return nil
}

// grew wants a counter to be larger than it was.
func (s *stage) grew(before metrics, name string, pairs ...string) {
	s.Helper()
	was, is := before.sum(name, pairs...), s.metrics().sum(name, pairs...)
	if is <= was {
		s.Errorf("%s%v was %g and is %g", name, pairs, was, is)
	}
}

// said wants a line of the log to have all the parts.
func (s *stage) said(parts ...string) {
	s.Helper()
	for line := range strings.Lines(s.log()) {
		found := true
		for _, part := range parts {
			found = found && strings.Contains(line, part)
		}
		if found {
			return
		}
	}
	s.Errorf("no line of the log has %q", parts)
}
