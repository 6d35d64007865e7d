package faults

import (
	"errors"
	"testing"
	"time"

	"prombraid/test/internal/scripted"
	"prombraid/test/internal/wait"
)

// longRunning replicas have run since before the truth begins; freshly started ones have not.
const (
	longRunning  = "2023-01-02T03:04:05.5Z"
	freshStarted = "2026-01-02T03:04:05.5Z"
)

// pairOf is two replicas that have run since these times, and a proxy over both.
func pairOf(t *testing.T, since [2]string, flags ...string) *stage {
	t.Helper()
	s := newStage(t)
	for n, start := range since {
		s.replica(n).Be(scripted.Self{
			External:  map[string]string{"cluster": "lab", "replica": string(rune('a' + n))},
			StartTime: start,
		})
	}
	s.start(nil, flags...)
	return s
}

// late answers well, after a while.
func late(replica string, after time.Duration) scripted.Script {
	answer := scripted.Streamed(truthOf(replica)...)
	return func(x *scripted.Exchange) {
		x.Wait(after)
		answer(x)
	}
}

// readWithout reads so many times, and wants each answer whole and told to lack one replica.
func (s *stage) readWithout(times int, missing *scripted.Replica, reason string) {
	s.Helper()
	for range times {
		got := s.read(modes[0])
		s.whole("without "+missing.Address(), got)
		if partial := got.Header.Get("X-Prombraid-Partial"); partial != missing.Address()+" ("+reason+")" {
			s.Errorf("X-Prombraid-Partial is %q", partial)
		}
	}
}

// A replica that the others cover is left out after the grace, and that is told and counted.
func TestStragglerIsLeftOut(t *testing.T) {
	t.Parallel()
	s := pairOf(t, [2]string{longRunning, freshStarted}, "--read.straggler-grace=20ms", "--replica.timeout=15s")
	b := s.replicas[1]
	b.Play((*scripted.Exchange).Stall)
	before := s.metrics()
	s.readWithout(3, b, "straggler")
	s.grew(before, "prombraid_replica_failures_total", `replica="`+b.Address()+`"`, `reason="straggler"`)
	s.grew(before, "prombraid_partial_responses_total", `reason="straggler"`)
	// It is slow, not suspected: each read asks it.
	if asked := len(b.Requests()); asked != 3 {
		t.Errorf("the straggler was asked %d times by 3 reads", asked)
	}
	s.good()
}

// Whatever is not covered is waited for.
func TestLastReplicaIsWaitedFor(t *testing.T) {
	cases := []struct {
		name  string
		since [2]string
		flags []string
	}{
		{"without the flag", [2]string{longRunning, longRunning}, nil},
		{"the others started inside the range", [2]string{freshStarted, longRunning}, []string{"--read.straggler-grace=1ms"}},
		{"all must answer", [2]string{longRunning, longRunning}, []string{"--read.straggler-grace=1ms", "--read.min-replicas=2"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := pairOf(t, c.since, append(c.flags, "--replica.timeout=15s")...)
			s.replicas[1].Play(late("b", 300*time.Millisecond))
			got := s.read(modes[0])
			s.whole("with the last replica", got)
			if partial := got.Header.Get("X-Prombraid-Partial"); partial != "" {
				t.Errorf("X-Prombraid-Partial is %q", partial)
			}
		})
	}
}

// A silent replica costs one read its deadline. After that one request at a time waits for it, and
// as soon as that is over and it answers again, it is part of every answer.
func TestSilentReplicaIsOnTrial(t *testing.T) {
	t.Parallel()
	const deadline = 2 * time.Second
	s := two(t, "--replica.timeout=2s")
	b := s.replicas[1]
	b.Play((*scripted.Exchange).Stall)
	begun := time.Now()
	s.readWithout(40, b, "timeout")
	if asked, most := len(b.Requests()), 2+int(time.Since(begun)/deadline); asked > most {
		t.Errorf("the silent replica was asked %d times by 40 reads, more than %d", asked, most)
	}
	b.Play(scripted.Streamed(truthOf("b")...))
	must(t, wait.Until(20*time.Second, "a whole answer", func() error {
		got := s.read(modes[0])
		if partial := got.Header.Get("X-Prombraid-Partial"); partial != "" {
			return errors.New("left out: " + partial)
		}
		return got.err
	}))
}
