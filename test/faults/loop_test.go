package faults

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
	"prombraid/test/internal/scripted"
	"prombraid/test/internal/wait"
)

// TestLoopThroughReplica: a replica that reads through this proxy is refused by the marker.
func TestLoopThroughReplica(t *testing.T) {
	t.Parallel()
	s := two(t)
	s.watch(0)
	b := s.replicas[1]
	b.Play(func(x *scripted.Exchange) {
		answer, err := remote.PostWithin(readLimit, s.proxy.ReadURL(), remote.Body(x.Request))
		if err != nil {
			x.Close()
			return
		}
		x.Reply(http.StatusInternalServerError, "text/plain", "remote read: "+string(answer.Body))
	})
	before := s.metrics()
	got := s.read(remote.Streamed)
	s.whole("beside a loop", got)
	if partial := got.Header.Get("X-Prombraid-Partial"); !strings.Contains(partial, b.Address()) {
		t.Errorf("partial is %q", partial)
	}
	s.grew(before, "prombraid_loops_detected_total")
	s.grew(before, "prombraid_reads_total", `outcome="loop"`)
	s.said("a read was refused", "kind=loop")
	s.good()
}

// TestTwoProxiesOfEachOther end at once, and say why.
func TestTwoProxiesOfEachOther(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	hosts := []string{s.net.Host(100), s.net.Host(101)}
	var proxies []*proxy.Prombraid
	for i, host := range hosts {
		p, err := proxy.Launch(s.dir, host, append([]string{"--replicas=" + hosts[1-i] + ":" + proxy.Port}, hasty...)...)
		must(t, err)
		t.Cleanup(p.Stop)
		proxies = append(proxies, p)
	}
	s.proxy = proxies[0]
	for _, p := range proxies {
		must(t, listening(p))
	}
	s.watch(0)
	// As long as the two have not found each other, a read finds no replica.
	must(t, wait.Until(10*time.Second, "a loop", func() error {
		s.proxy = proxies[0]
		got := s.read(remote.Streamed)
		if got.err != nil || got.Status < 500 {
			t.Errorf("status %d, %v: %s", got.Status, got.err, got.Body)
		}
		var loops float64
		for _, p := range proxies {
			s.proxy = p
			loops += s.metrics().sum("prombraid_loops_detected_total")
		}
		if loops < 1 {
			return fmt.Errorf("%g loops", loops)
		}
		return nil
	}))
	s.said("a read was refused", "kind=loop")
}

// besideBroken is a replica that is well, and one whose API says this and no more.
func besideBroken(t *testing.T, says string) *stage {
	t.Helper()
	s := newStage(t)
	s.replica(0)
	s.replica(1).Be(scripted.Self{Broken: says})
	s.launch(nil, "--replica-label=replica")
	s.await(1)
	s.watch(0)
	return s
}

// TestNotFoundIsNoPrometheus: a replica without a Prometheus API is told so on the status page.
func TestNotFoundIsNoPrometheus(t *testing.T) {
	t.Parallel()
	s := besideBroken(t, "broken by script")
	s.said("replica did not say who it is", s.replicas[1].Address())
	s.whole("a replica that does not say who it is", s.read(remote.Streamed))
}

// TestLastTroubleIsTold: a replica that fails in one way, then in another, is told with the last one.
func TestLastTroubleIsTold(t *testing.T) {
	t.Parallel()
	s := besideBroken(t, "disk full")
	for _, trouble := range []string{"disk full", "disk gone"} {
		s.replicas[1].Be(scripted.Self{Broken: trouble})
		must(t, wait.Until(30*time.Second, trouble, func() error {
			_, page, err := s.proxy.Get("/")
			if err == nil && !strings.Contains(page, trouble) {
				err = errors.New(page)
			}
			return err
		}))
		s.said("replica did not say who it is", s.replicas[1].Address(), trouble)
	}
	s.good()
}

// TestHostileWords: what peers say is escaped wherever it is shown.
func TestHostileWords(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	r := s.replica(0)
	r.Be(scripted.Self{
		External: map[string]string{"cluster": "<script>alert(1)</script>\n\x1b[31m\""},
		Version:  "2.42.0\"><script>", StartTime: "2026-01-02T03:04:05.5Z",
	})
	s.start(nil, "--replica-label=cluster")
	s.watch(0)
	r.Play(scripted.Status(500, "<script>\x1b[31m\"\n# HELP evil evil\nevil 1"))
	_ = s.read(remote.Streamed)
	answer, err := http.Get(s.proxy.URL() + "/")
	must(t, err)
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	must(t, err)
	if kind := answer.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/plain") || answer.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("Content-Type %q", kind)
	}
	for what, text := range map[string]string{"the page": string(page), "the log": s.log()} {
		if strings.Contains(text, "\x1b") {
			t.Errorf("%s has an escape character", what)
		}
	}
	if _, found := s.metrics()["evil"]; found {
		t.Error("a replica made a metric")
	}
	for line := range strings.Lines(s.log()) {
		if !strings.HasPrefix(line, "time=") {
			t.Errorf("a replica made a line of the log: %q", line)
		}
	}
}
