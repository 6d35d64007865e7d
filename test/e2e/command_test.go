package e2e

import (
	"context"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
	"prombraid/test/internal/relay"
	"prombraid/test/internal/remote"
)

func TestCommandLine(t *testing.T) {
	for _, c := range []struct {
		title string
		args  []string
		code  int
		says  string
	}{
		{"an unknown flag", []string{"--replicas=127.0.0.1:1", "--no-such-flag=1"}, 2, "no-such-flag"},
		{"a bad value", []string{"--replicas=127.0.0.1:1", "--dns.refresh-interval=soon"}, 2, "soon"},
		{"no replicas", nil, 2, "replicas"},
		{"a word that is no flag", []string{"--replicas=127.0.0.1:1", "serve"}, 2, "serve"},
		{"help", []string{"--help"}, 0, "--storage.remote.read-max-bytes-in-frame"},
		{"version", []string{"--version"}, 0, "prombraid, version"},
	} {
		t.Run(c.title, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			text, err := exec.CommandContext(ctx, proxy.Binary(), c.args...).CombinedOutput()
			code := 0
			if exit, ok := err.(*exec.ExitError); ok {
				code = exit.ExitCode()
			} else if err != nil {
				t.Fatal(err)
			}
			if code != c.code || !strings.Contains(string(text), c.says) {
				t.Errorf("code %d, text %q; not %d, %q", code, text, c.code, c.says)
			}
		})
	}
}

func TestPages(t *testing.T) {
	p, r0, _ := twoOfThem(t)
	for _, mode := range modes {
		read(t, p.ReadURL(), mode, everything)
	}
	for path, says := range map[string]string{"/-/healthy": "", "/-/ready": "", "/": r0.Address()} {
		status, text, err := p.Get(path)
		must(t, err)
		if status != 200 || !strings.Contains(text, says) {
			t.Errorf("%s: %d %q", path, status, text)
		}
	}
	t.Run("metrics pass promtool", func(t *testing.T) {
		status, text, err := p.Get("/metrics")
		must(t, err)
		if status != 200 {
			t.Fatalf("status %d", status)
		}
		check := exec.Command("promtool", "check", "metrics")
		check.Stdin = strings.NewReader(text)
		if out, err := check.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("promtool: %v\n%s", err, out)
		}
		if path := os.Getenv("PROMBRAID_METRICS_OUT"); path != "" {
			must(t, os.WriteFile(path, []byte(text), 0o644))
		}
	})
}

func TestTerminationDrains(t *testing.T) {
	b := newBraided(t)
	reading := stall(t, b.proxy, "lab_bulk")
	must(t, b.proxy.Process().Signal(syscall.SIGTERM))
	time.Sleep(300 * time.Millisecond)
	if conn, err := net.DialTimeout("tcp", strings.TrimPrefix(b.proxy.URL(), "http://"), time.Second); err == nil {
		_ = conn.Close()
		if status, _, err := b.proxy.Get("/-/ready"); err == nil && status == 200 {
			t.Error("ready while it drains")
		}
	}
	body, err := reading.rest()
	must(t, err)
	frames, err := remote.Answer{Body: body}.Frames()
	must(t, err)
	if len(frames) != bulkSeries {
		t.Errorf("%d series, not %d", len(frames), bulkSeries)
	}
	code, err := b.proxy.Process().Wait(10 * time.Second)
	if err != nil || code != 0 {
		t.Errorf("exit code %d, %v", code, err)
	}
}

func TestSecondTerminationEndsAtOnce(t *testing.T) {
	b := newBraided(t)
	defer openAndStall(t, b.proxy, "lab_bulk")()
	must(t, b.proxy.Process().Signal(syscall.SIGTERM))
	time.Sleep(300 * time.Millisecond)
	if b.proxy.Process().Exited() {
		t.Fatal("it did not wait for the read")
	}
	must(t, b.proxy.Process().Signal(syscall.SIGTERM))
	if _, err := b.proxy.Process().Wait(3 * time.Second); err != nil {
		t.Error(err)
	}
}

// TestLoopIsCut lets a replica read back through the proxy that reads it: the proxy refuses its own
// read, so the replica answers with what it has itself.
func TestLoopIsCut(t *testing.T) {
	s := newSite(t)
	back := s.net.Host(100)
	r0 := s.server(prom.Config{
		Version: current(), Name: "replica r0 that reads back", Host: s.net.Host(10), ExternalLabels: r0Labels,
		RemoteRead: []prom.RemoteRead{{URL: "http://" + back + ":" + proxy.Port + "/api/v1/read", ReadRecent: true}},
	}, morningBlock(0))
	r1 := s.replica(1, current(), r1Labels, morningBlock(1))
	p := s.prombraid([]string{r0.Address(), r1.Address()}, deadlineFlag)
	begun := time.Now()
	got := read(t, p.ReadURL(), remote.Streamed, "lab_temperature")
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("took %s", took)
	}
	plain := s.replica(2, current(), r0Labels, morningBlock(0))
	checkMerged(t, got, "lab_temperature", plain, r1)
}

// TestSameServerTwiceIsOneReplica reaches one server by two addresses.
func TestSameServerTwiceIsOneReplica(t *testing.T) {
	s := newSite(t)
	r1 := s.replica(1, debian, r1Labels, morningBlock(1))
	other := s.net.Host(31) + ":" + prom.Port
	wire, err := relay.Listen(other, r1.Address())
	must(t, err)
	defer wire.Close()
	p := s.prombraid([]string{r1.Address(), other}, "--replica-label=replica")
	checkMerged(t, read(t, p.ReadURL(), remote.Streamed, everything), everything, r1)
}
