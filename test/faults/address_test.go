package faults

import (
	"strings"
	"testing"
	"time"

	"prombraid/test/internal/scripted"
	"prombraid/test/internal/wait"
)

func self(name, start string) scripted.Self {
	return scripted.Self{External: map[string]string{"cluster": "lab", "replica": name}, StartTime: start}
}

func TestLoadBalancerIsTold(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	r := s.replica(0)
	r.Be(self("a", "2026-01-02T03:04:05.1Z"), self("b", "2026-01-02T03:04:06.1Z"))
	s.start(nil, "--replicas.expected=2")
	s.watch(0)
	must(t, wait.Until(10*time.Second, "the metric", func() error {
		return expectSum(s.metrics(), "prombraid_replica_ambiguous", 1)
	}))
	s.said("several replicas answer at one address", "headless service", r.Address())
	s.said("fewer replicas than --replicas.expected", "replicas=1", "expected=2")
	_, page, err := s.proxy.Get("/")
	must(t, err)
	for _, part := range []string{"several replicas answer at this address", "headless service", "1 of 2 expected replicas"} {
		if !strings.Contains(page, part) {
			t.Errorf("%q is not on the page:\n%s", part, page)
		}
	}
	if err := expectSum(s.metrics(), "prombraid_replicas_expected", 2); err != nil {
		t.Error(err)
	}
}

func TestRestartIsNoLoadBalancer(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	r := s.replica(0)
	r.Be(self("a", "2026-01-02T03:04:05.1Z"))
	s.start(nil)
	s.watch(0)
	r.Be(self("a", "2026-01-02T04:04:05.1Z"))
	time.Sleep(5 * time.Second) // two looks
	if err := expectSum(s.metrics(), "prombraid_replica_ambiguous", 0); err != nil {
		t.Error(err)
	}
	if n := strings.Count(s.log(), "replica found"); n != 2 {
		t.Errorf("found %d times, not 2:\n%s", n, s.log())
	}
}

// TestRefused: a replica that was there is gone, and comes back.
func TestRefused(t *testing.T) {
	t.Parallel()
	s := two(t)
	s.watch(0)
	b := s.replicas[1]
	b.Stop()
	before := s.metrics()
	for _, mode := range modes {
		got := s.read(mode)
		s.whole("without it, "+mode.String(), got)
		if partial := got.Header.Get("X-Prombraid-Partial"); partial != b.Address()+" (refused)" {
			t.Errorf("partial is %q", partial)
		}
	}
	s.grew(before, "prombraid_replica_failures_total", `reason="refused"`)
	s.said("replica failed a read", b.Address(), "reason=refused")
	back, err := scripted.Start(b.Host, self("b", "2026-01-02T05:04:05.1Z"))
	must(t, err)
	t.Cleanup(back.Stop)
	s.replicas[1] = back
	s.await(2)
	s.good()
}
