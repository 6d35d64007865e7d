package e2e

import (
	"testing"
	"time"

	"prombraid/test/internal/proc"
	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
)

// TestCostOfAReadIsBounded measures the same read from one replica and through the proxy, and prints
// both; it fails only where memory is far from what was promised.
func TestCostOfAReadIsBounded(t *testing.T) {
	s := newSite(t)
	r0 := s.replica(0, current(), r0Labels, bulkBlock(0))
	r1 := s.replica(1, current(), r1Labels, bulkBlock(1))
	p := s.prombraid([]string{r0.Address(), r1.Address()})
	for _, mode := range modes {
		measure(t, "replica directly, "+mode.String(), r0.Process(), r0.ReadURL(), mode)
		through := measure(t, "two through Prombraid, "+mode.String(), p.Process(), p.ReadURL(), mode)
		if through.samples != bulkSeries*bulkSamples {
			t.Errorf("%s: %d samples", mode, through.samples)
		}
		if limit := int64(256 << 20); through.Peak > limit && !proxy.Sanitized() {
			t.Errorf("%s: peak of %s", mode, mebibytes(through.Peak))
		}
	}
}

func measure(t *testing.T, what string, server *proc.Process, url string, mode remote.Mode) cost {
	t.Helper()
	query := remote.Query("lab_bulk", morning.From, morning.To)
	must(t, server.ResetPeak())
	before, err := server.Usage()
	must(t, err)
	begun := time.Now()
	samples, err := remote.Drain(url, mode, query)
	must(t, err)
	after, err := server.Usage()
	must(t, err)
	c := cost{what, samples, time.Since(begun), proc.Usage{Peak: after.Peak, CPU: after.CPU - before.CPU}}
	costs = append(costs, c)
	t.Logf("%s: %d samples in %s", what, samples, c.wall)
	return c
}
