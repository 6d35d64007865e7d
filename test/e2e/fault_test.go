package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"prombraid/test/internal/oracle"
	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
	"prombraid/test/internal/relay"
	"prombraid/test/internal/remote"
)

// deadline is short, so that a frozen replica doesn't hold a test for long.
const (
	deadlineFlag = "--replica.timeout=4s"
	connectFlag  = "--replica.connect-timeout=1s"
	deadline     = 4 * time.Second
)

// braided is a set whose second replica is reached through a relay, over noise of 20 MB a replica.
type braided struct {
	r0, r1 *prom.Server
	wire   *relay.Relay
	proxy  *proxy.Prombraid
}

func newBraided(t *testing.T, flags ...string) braided {
	t.Helper()
	s := newSite(t)
	r0 := s.replica(0, debian, r0Labels, bulkBlock(0))
	r1 := s.replica(1, debian, r1Labels, bulkBlock(1))
	relayed := s.net.Host(31) + ":" + prom.Port
	wire, err := relay.Listen(relayed, r1.Address())
	must(t, err)
	t.Cleanup(wire.Close)
	flags = append(flags, deadlineFlag, connectFlag)
	return braided{r0, r1, wire, s.prombraid([]string{r0.Address(), relayed}, flags...)}
}

// failures are the two ways in which a replica fails: gone, or silent with its connections open.
var failures = []struct {
	title string
	end   func(*prom.Server)
}{
	{"killed", (*prom.Server).Kill},
	{"frozen", func(s *prom.Server) { _ = s.Freeze() }},
}

func TestReplicaFails(t *testing.T) {
	for _, failure := range failures {
		for _, moment := range []struct {
			title string
			after int64 // bytes of its answer; negative: before the read
		}{
			{"before a read", -1}, {"at the start of its answer", 0}, {"in the middle of its answer", 2 << 20},
		} {
			t.Run(failure.title+" "+moment.title, func(t *testing.T) {
				b := newBraided(t)
				whole := own(t, b.r0, "lab_bulk")
				other := own(t, b.r1, "lab_bulk")
				if moment.after < 0 {
					failure.end(b.r1)
				} else {
					b.wire.OnceAfter(moment.after+8<<10, func() { failure.end(b.r1) })
				}
				begun := time.Now()
				got := read(t, b.proxy.ReadURL(), remote.Streamed, "lab_bulk")
				if took := time.Since(begun); took > deadline+6*time.Second {
					t.Errorf("took %s", took)
				}
				report(t, "order", oracle.InOrder(got))
				report(t, "samples", oracle.FromReplicas(got, whole, other))
				report(t, "gaps", oracle.GapFree(got, 5*second, slack, morning.To, whole))
			})
		}
	}
}

func TestTooFewReplicasNeverEndCleanly(t *testing.T) {
	for _, failure := range failures {
		for _, mode := range modes {
			t.Run(fmt.Sprintf("%s in the middle, %s", failure.title, mode), func(t *testing.T) {
				b := newBraided(t, "--read.min-replicas=2")
				b.wire.OnceAfter(2<<20, func() { failure.end(b.r1) })
				got, err := remote.Read(b.proxy.ReadURL(), mode, remote.Query("lab_bulk", morning.From, morning.To))
				if err == nil {
					t.Errorf("a clean end with %d series", len(got))
				}
			})
		}
	}
}

func TestNoReplicaLeft(t *testing.T) {
	b := newBraided(t)
	b.r0.Kill()
	b.wire.Close()
	_, err := remote.Read(b.proxy.ReadURL(), remote.Streamed, remote.Query("up", morning.From, morning.To))
	if err == nil {
		t.Fatal("an answer without any replica")
	}
	for _, want := range []string{"503", b.r0.Address(), ".31:" + prom.Port} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q lacks %q", err, want)
		}
	}
}

func TestFewerThanTheMinimum(t *testing.T) {
	b := newBraided(t, "--read.min-replicas=2")
	b.r0.Kill()
	_, err := remote.Read(b.proxy.ReadURL(), remote.Streamed, remote.Query("lab_bulk", morning.From, morning.To))
	if err == nil || !strings.Contains(err.Error(), "503") || !strings.Contains(err.Error(), b.r0.Address()) {
		t.Errorf("%v", err)
	}
}

func TestReplicaComesBack(t *testing.T) {
	b := newBraided(t)
	b.r0.Kill()
	read(t, b.proxy.ReadURL(), remote.Streamed, `lab_bulk{n="0001"}`)
	must(t, b.r0.Restart())
	b.r1.Kill()
	// r0 must be asked again although it failed a moment ago.
	got := read(t, b.proxy.ReadURL(), remote.Streamed, `lab_bulk{n="0001"}`)
	report(t, "after its return", oracle.Same(got, own(t, b.r0, `lab_bulk{n="0001"}`)))
}

func TestSlowClientDoesNotStopOthers(t *testing.T) {
	b := newBraided(t, "--storage.remote.read-concurrent-limit=2")
	for range 3 {
		slow := openAndStall(t, b.proxy, "lab_bulk")
		defer slow()
	}
	done := make(chan error, 1)
	go func() {
		_, err := remote.Read(b.proxy.ReadURL(), remote.Streamed, remote.Query(`lab_bulk{n="0001"}`, morning.From, morning.To))
		done <- err
	}()
	select {
	case err := <-done:
		if err != nil {
			t.Logf("refused: %v", err)
		}
	case <-time.After(deadline + 10*time.Second):
		t.Error("a read waits behind clients that do not read")
	}
}
