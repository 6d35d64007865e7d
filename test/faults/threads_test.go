package faults

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"

	"prombraid/test/internal/scripted"
)

// TestManyThreads hands everything from thread to thread that ever is: replicas that come, go and
// change, reads on all threads, the gate, the budget, metrics, the status page, the log and the end.
// Under a thread sanitizer it says so in the log.
func TestManyThreads(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	names := s.names(scripted.Hosts(1, s.replica(0).Host, s.replica(1).Host))
	s.start([]string{target}, "--dns.server="+names.Address(), "--dns.refresh-interval=1s",
		"--threads=4", "--storage.remote.read-concurrent-limit=2", "--read.memory-limit=64MiB")
	s.watch(64 * mib)
	end := time.Now().Add(5 * time.Second)
	var work sync.WaitGroup
	for i := range 8 {
		work.Go(func() {
			for time.Now().Before(end) {
				got := s.read(modes[i%2])
				s.whole("while all changes, "+modes[i%2].String(), got)
			}
		})
	}
	for _, path := range []string{"/metrics", "/", "/-/ready"} {
		work.Go(func() {
			for time.Now().Before(end) {
				if status, _, err := s.proxy.Get(path); err != nil || status != 200 {
					t.Errorf("%s: %d %v", path, status, err)
				}
			}
		})
	}
	for i := 0; time.Now().Before(end); i++ {
		b := s.replicas[1]
		switch i % 4 {
		case 0:
			b.Play(scripted.Status(500, "broken"))
		case 1:
			b.Be(self("b", "2026-01-02T04:04:0"+digit(i/4%8)+".1Z"))
		case 2:
			names.Play(scripted.Hosts(1, s.replicas[0].Host))
		case 3:
			names.Play(scripted.Hosts(1, s.replicas[0].Host, b.Host))
			b.Play(scripted.Streamed(truthOf("b")...))
		}
		time.Sleep(300 * time.Millisecond)
	}
	work.Wait()
	s.said("replica failed a read", "reason=status_5xx")
	s.proxy.Stop()
	if code, err := s.proxy.Process().Wait(10 * time.Second); err != nil || code != 0 {
		t.Errorf("exit %d, %v", code, err)
	}
	if log := s.log(); strings.Contains(log, "ThreadSanitizer") {
		t.Errorf("%.4000s", log[strings.Index(log, "WARNING: ThreadSanitizer"):])
	}
}

// TestReadyForEachThread: a connection that is told that the proxy is ready is answered well right
// after it, whichever thread serves it.
func TestReadyForEachThread(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	names := s.names(scripted.Code(dns.RcodeServerFailure))
	s.replica(0)
	s.nameless(names, "--threads=16")
	var clients sync.WaitGroup
	for range 64 {
		conn := s.dial()
		clients.Go(func() { s.readWhenReady(conn) })
	}
	names.Play(scripted.Hosts(1, s.replicas[0].Host))
	clients.Wait()
}

// readWhenReady asks whether the proxy is ready and reads right behind that, until it is.
func (s *stage) readWhenReady(conn net.Conn) {
	body := string(goodBody())
	both := "GET /-/ready HTTP/1.1\r\nHost: h\r\n\r\n" + posted(fmt.Sprintf("Content-Length: %d\r\n", len(body)), body)
	in := bufio.NewReader(conn)
	for {
		if _, err := io.WriteString(conn, both); err != nil {
			s.Error(err)
			return
		}
		ready, read := s.status(in), s.status(in)
		if ready == http.StatusOK || ready == 0 {
			if read != http.StatusOK {
				s.Errorf("ready was answered %d, and the read behind it %d", ready, read)
			}
			return
		}
	}
}

// status of the next answer on a connection, whose body is passed over; 0 where there is none.
func (s *stage) status(in *bufio.Reader) int {
	answer, err := http.ReadResponse(in, nil)
	if err != nil {
		s.Error(err)
		return 0
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode
}
