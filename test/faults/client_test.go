package faults

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
	"prombraid/test/internal/scripted"
	"prombraid/test/internal/wait"
)

func listening(p *proxy.Prombraid) error {
	return wait.Until(10*time.Second, "listening", func() error {
		_, _, err := p.Get("/-/healthy")
		return err
	})
}

func (s *stage) descriptors() int {
	s.Helper()
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.proxy.Process().PID()))
	must(s.T, err)
	return len(entries)
}

// TestSlowClients: 500 clients that never finish their head, their body or their reading hold nobody
// up, and are sent away.
func TestSlowClients(t *testing.T) {
	t.Parallel()
	s := two(t, "--read.memory-limit=64MiB", "--replica.timeout=60s")
	s.watch(64 * mib)
	before := s.metrics()
	for _, r := range s.replicas {
		r.Play(flood)
	}
	body := string(goodBody())
	for range 20 {
		conn := s.dial()
		_, _ = io.WriteString(conn, posted(fmt.Sprintf("Content-Length: %d\r\n", len(body)), body))
		_, _ = conn.Read(make([]byte, 100))
	}
	var slow []net.Conn
	for range 240 {
		conn := s.dial()
		_, _ = io.WriteString(conn, "POST /api/v1/read HTTP/1.1\r\nHo")
		slow = append(slow, conn)
		_, _ = io.WriteString(s.dial(), posted("Content-Length: 1000\r\n", "abc"))
	}
	if open := s.metrics().sum("prombraid_http_connections"); open < 400 { // a slow machine has sent some away by now
		t.Errorf("%g connections are open", open)
	}
	s.good()
	answer, _ := io.ReadAll(slow[0])
	if !strings.HasPrefix(string(answer), "HTTP/1.1 408 ") {
		t.Errorf("%q", answer)
	}
	s.grew(before, "prombraid_http_refused_total", `reason="timeout"`)
	s.good()
}

func TestSlowBody(t *testing.T) {
	t.Parallel()
	s := two(t, "--web.read-timeout=500ms")
	s.watch(0)
	before := s.metrics()
	if answer := s.say(posted("Content-Length: 1000\r\n", "abc")); !strings.HasPrefix(answer, "HTTP/1.1 408 ") {
		t.Errorf("%q", answer)
	}
	s.grew(before, "prombraid_http_refused_total", `reason="timeout"`)
	s.good()
}

func TestSlowHead(t *testing.T) {
	t.Parallel()
	s := two(t, "--web.read-timeout=500ms")
	s.watch(0)
	begun := time.Now()
	if answer := s.say("POST /api/v1/read HTTP/1.1\r\nHost:"); !strings.HasPrefix(answer, "HTTP/1.1 408 ") {
		t.Errorf("%q", answer)
	}
	if took := time.Since(begun); took > 8*time.Second {
		t.Errorf("it was told after %v", took)
	}
	s.good()
}

// flood is a stream that has no end within any test.
func flood(x *scripted.Exchange) { series(x, 1<<30) }

// series begins a stream and sends so many of them.
func series(x *scripted.Exchange, count int) {
	x.Head(scripted.StreamedType)
	chunks := truthOf("a")[0].Chunks()
	for i := range count {
		m := scripted.Series{Labels: []string{"__name__", "lab", "n", fmt.Sprintf("%09d", i)}}.Message(0)
		m.ChunkedSeries[0].Chunks = chunks
		if !x.Chunk(scripted.FrameOf(m)) {
			return
		}
	}
}

// TestSlowReader: a client that takes the head and no more holds little, and nobody up.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	s := two(t)
	s.watch(0)
	for _, r := range s.replicas {
		r.Play(flood)
	}
	for range 4 {
		conn := s.dial()
		body := string(goodBody())
		_, _ = io.WriteString(conn, posted(fmt.Sprintf("Content-Length: %d\r\n", len(body)), body))
		_, _ = conn.Read(make([]byte, 100))
	}
	time.Sleep(time.Second)
	s.good()
}

// TestLeavingClients: upstream work ends with the client, and nothing is leaked.
func TestLeavingClients(t *testing.T) {
	t.Parallel()
	s := two(t)
	s.good()
	s.watch(0)
	before := s.metrics()
	for _, r := range s.replicas {
		r.Play(flood)
	}
	was := s.descriptors()
	body := string(goodBody())
	whole := posted(fmt.Sprintf("Content-Length: %d\r\n", len(body)), body)
	for i := range 300 {
		conn, err := net.Dial("tcp", net.JoinHostPort(s.net.Host(100), proxy.Port))
		must(t, err)
		switch i % 3 {
		case 0: // in the middle of the request
			_, _ = io.WriteString(conn, whole[:len(whole)/2])
		case 1: // in the middle of the answer
			_, _ = io.WriteString(conn, whole)
			_, _ = conn.Read(make([]byte, 1000))
		case 2: // half
			_, _ = io.WriteString(conn, whole)
			_ = conn.(*net.TCPConn).CloseWrite()
			_, _ = conn.Read(make([]byte, 1000))
		}
		_ = conn.Close()
	}
	must(t, wait.Until(3*time.Second, "upstream work ended", func() error {
		for _, r := range s.replicas {
			if r.Open() > 17 { // kept-alive ones
				return fmt.Errorf("%d connections to %s", r.Open(), r.Host)
			}
		}
		if now := s.descriptors(); now > was+4 {
			return fmt.Errorf("%d descriptors, was %d", now, was)
		}
		return expectSum(s.metrics(), "prombraid_reads_in_flight", 0)
	}))
	s.grew(before, "prombraid_reads_total", `outcome="canceled"`)
	s.good()
}

// TestManyIdle: 1,000 idle connections, and at most 512: the oldest ones make room.
func TestManyIdle(t *testing.T) {
	t.Parallel()
	s := two(t)
	s.watch(0)
	before := s.metrics()
	for range 1000 {
		s.dial()
	}
	// The kept connections of this test are among those that were closed.
	time.Sleep(300 * time.Millisecond)
	http.DefaultClient.CloseIdleConnections()
	s.good()
	s.grew(before, "prombraid_http_evicted_total")
	if open := s.metrics().sum("prombraid_http_connections"); open > 512 {
		t.Errorf("%g connections are open", open)
	}
}

// TestOutOfDescriptors: accept fails, nothing spins, and all is well when there are some again.
func TestOutOfDescriptors(t *testing.T) {
	t.Parallel()
	s := two(t)
	s.good()
	s.watch(0)
	const most = 256
	pid := s.proxy.Process().PID()
	must(t, unix.Prlimit(pid, unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: most, Max: most}, nil))
	var idle []net.Conn
	for range most + 50 {
		idle = append(idle, s.dial())
	}
	before, err := s.proxy.Process().Usage()
	must(t, err)
	time.Sleep(time.Second)
	after, err := s.proxy.Process().Usage()
	must(t, err)
	if spent := after.CPU - before.CPU; spent > 300*time.Millisecond {
		t.Errorf("it spins: %s of CPU in a second", spent)
	}
	for _, conn := range idle {
		_ = conn.Close()
	}
	must(t, wait.Until(5*time.Second, "accepting", func() error {
		_, _, err := s.proxy.Get("/-/healthy")
		return err
	}))
	s.good()
	s.grew(metrics{}, "prombraid_http_accept_errors_total")
}

// TestFullGate: reads beyond the limit wait; health does not.
func TestFullGate(t *testing.T) {
	t.Parallel()
	s := two(t, "--storage.remote.read-concurrent-limit=2")
	s.watch(0)
	for i, r := range s.replicas {
		r.Play(func(x *scripted.Exchange) {
			x.Wait(400 * time.Millisecond)
			scripted.Streamed(truthOf(string(rune('a' + i)))...)(x)
		})
	}
	var reads sync.WaitGroup
	answers := make([]answer, 6)
	for i := range answers {
		reads.Go(func() { answers[i] = s.read(remote.Streamed) })
	}
	must(t, wait.Until(time.Second, "four in the queue", func() error {
		return expectSum(s.metrics(), "prombraid_reads_queued", 4)
	}))
	if status, _, err := s.proxy.Get("/-/healthy"); err != nil || status != http.StatusOK {
		t.Errorf("health: %d %v", status, err)
	}
	reads.Wait()
	for _, got := range answers {
		s.whole("queued", got)
	}
	if err := expectSum(s.metrics(), "prombraid_reads_queued", 0); err != nil {
		t.Error(err)
	}
	s.good()
}
