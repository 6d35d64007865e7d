package faults

import (
	"errors"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
	"prombraid/test/internal/scripted"
	"prombraid/test/internal/wait"
)

func TestEndIdle(t *testing.T) {
	t.Parallel()
	s := two(t)
	s.watch(0)
	s.good()
	must(t, s.proxy.Process().Signal(syscall.SIGTERM))
	code, err := s.proxy.Process().Wait(5 * time.Second)
	if err != nil || code != 0 {
		t.Errorf("exit %d, %v", code, err)
	}
	s.said("draining")
	s.said("stopped")
}

// slowly gives a replica's truth over a second.
func slowly(replica string) scripted.Script {
	return func(x *scripted.Exchange) {
		x.Head(scripted.StreamedType)
		for _, series := range truthOf(replica) {
			x.Chunk(series.Frame())
			x.Wait(300 * time.Millisecond)
		}
		x.End()
	}
}

// slowRead begins a read of replicas that are slow; it is under way when this returns.
func (s *stage) slowRead() <-chan answer {
	s.Helper()
	for i, r := range s.replicas {
		r.Play(slowly(string(rune('a' + i))))
	}
	return s.underWay()
}

// underWay begins a read, and returns when each replica was asked.
func (s *stage) underWay() <-chan answer {
	s.Helper()
	var asked []int
	for _, r := range s.replicas {
		asked = append(asked, len(r.Requests()))
	}
	done := make(chan answer, 1)
	go func() { done <- s.read(remote.Streamed) }()
	must(s.T, wait.Until(readLimit, "a read under way", func() error {
		for i, r := range s.replicas {
			if len(r.Requests()) == asked[i] {
				return errors.New(r.Address() + " was not asked")
			}
		}
		return nil
	}))
	return done
}

func TestEndUnderLoad(t *testing.T) {
	t.Parallel()
	s := two(t)
	s.watch(0)
	done := s.slowRead()
	must(t, s.proxy.Process().Signal(syscall.SIGTERM))
	s.whole("a read under way", <-done)
	code, err := s.proxy.Process().Wait(5 * time.Second)
	if err != nil || code != 0 {
		t.Errorf("exit %d, %v", code, err)
	}
}

func TestEndTwice(t *testing.T) {
	t.Parallel()
	s := two(t)
	s.watch(0)
	for _, r := range s.replicas {
		r.Play((*scripted.Exchange).Stall)
	}
	s.underWay()
	must(t, s.proxy.Process().Signal(syscall.SIGTERM))
	time.Sleep(100 * time.Millisecond)
	must(t, s.proxy.Process().Signal(syscall.SIGTERM))
	code, err := s.proxy.Process().Wait(time.Second)
	if err != nil || code == 0 {
		t.Errorf("exit %d, %v", code, err)
	}
	s.said("second signal")
}

// TestSignalStorm: signals that ask for nothing it can do change nothing.
func TestSignalStorm(t *testing.T) {
	t.Parallel()
	s := two(t)
	s.watch(0)
	for range 500 {
		for _, signal := range []syscall.Signal{syscall.SIGHUP, syscall.SIGPIPE, syscall.SIGUSR1} {
			must(t, s.proxy.Process().Signal(signal))
		}
	}
	s.good()
}

func TestBadFlags(t *testing.T) {
	for _, c := range []struct{ name, flags, says string }{
		{"39 no replicas", "", "replicas"},
		{"39 an unknown flag", "--replicas=127.0.0.1:1 --no.such-flag", "no.such-flag"},
		{"39 a bad duration", "--replicas=127.0.0.1:1 --replica.timeout=fast", "replica.timeout"},
		{"39 a bad size", "--replicas=127.0.0.1:1 --read.memory-limit=much", "read.memory-limit"},
		{"39 a bad address", "--replicas=dns+:9090", "dns+:9090"},
		{"39 a bad listen address", "--replicas=127.0.0.1:1 --web.listen-address=nowhere", "web.listen-address"},
	} {
		t.Run(c.name, func(t *testing.T) {
			// Not the default port, which somebody may have.
			flags := append([]string{"--web.listen-address=127.0.0.1:0"}, strings.Fields(c.flags)...)
			out, err := exec.Command(proxy.Binary(), flags...).CombinedOutput()
			exit, ended := err.(*exec.ExitError)
			if !ended || exit.ExitCode() != 2 || !strings.Contains(string(out), c.says) {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}

// TestBlockedLog: a log that nobody reads stops nothing.
func TestBlockedLog(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a := s.replica(0)
	reader, writer, err := pipe()
	must(t, err)
	defer reader.Close()
	cmd := exec.Command(proxy.Binary(), append([]string{
		"--replicas=" + a.Address(), "--web.listen-address=" + s.net.Host(100) + ":" + proxy.Port,
	}, hasty...)...)
	cmd.Stderr, cmd.Stdout = writer, writer
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	must(t, cmd.Start())
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	url := "http://" + s.net.Host(100) + ":" + proxy.Port
	deadline := time.Now().Add(5 * time.Second)
	for time.Now().Before(deadline) {
		answer, err := http.Get(url + "/-/ready")
		if err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Error("it is not ready: its log holds it up")
}
