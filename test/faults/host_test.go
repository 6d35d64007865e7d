package faults

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/sys/unix"

	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
	"prombraid/test/internal/scripted"
	"prombraid/test/internal/wait"
)

// blackHole listens on address and answers no SYN: its queue is full, and nobody takes from it.
func blackHole(t *testing.T, address string) (stop func()) {
	t.Helper()
	at, err := net.ResolveTCPAddr("tcp4", address)
	must(t, err)
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	must(t, err)
	must(t, unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1))
	must(t, unix.Bind(fd, &unix.SockaddrInet4{Port: at.Port, Addr: [4]byte(at.IP.To4())}))
	must(t, unix.Listen(fd, 0))
	var filled []net.Conn
	var once sync.Once
	stop = func() {
		once.Do(func() {
			for _, conn := range filled {
				_ = conn.Close()
			}
			_ = unix.Close(fd)
		})
	}
	t.Cleanup(stop)
	for range 16 {
		conn, err := net.DialTimeout("tcp4", address, 300*time.Millisecond)
		if err != nil {
			return stop
		}
		filled = append(filled, conn)
	}
	t.Fatal("its queue has no end")
	return stop
}

// TestBlackHole: a replica whose host answers nothing costs the time-out of a connection, once.
func TestBlackHole(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.replica(0)
	host := s.net.Host(11)
	hole := net.JoinHostPort(host, scripted.Port)
	fill := blackHole(t, hole)
	s.launch([]string{s.replicas[0].Address(), hole})
	s.watch(0)
	before := s.metrics()
	for _, mode := range modes {
		got := s.read(mode)
		s.whole("without it, "+mode.String(), got)
		// The second read grants it less time.
		if partial := got.Header.Get("X-Prombraid-Partial"); !strings.HasPrefix(partial, hole+" (") {
			t.Errorf("partial is %q", partial)
		}
	}
	s.grew(before, "prombraid_replica_failures_total", `replica="`+hole+`"`, `reason="connect_timeout"`)
	s.said("replica failed a read", hole, "reason=connect_timeout")
	fill()
	s.replica(1)
	s.await(2)
	s.good()
}

// etc is a folder that stands in for /etc in the process to be started, and no other.
func (s *stage) etc() string {
	dir := filepath.Join(s.dir, "etc")
	must(s.T, os.Mkdir(dir, 0o755))
	s.under = []string{"unshare", "--mount"}
	if os.Getuid() != 0 {
		s.under = append(s.under, "--map-root-user")
	}
	s.under = append(s.under, "sh", "-c", `mount --bind "$0" /etc && exec "$@"`, dir)
	return dir
}

// TestResolvConf: whatever resolv.conf is at the start, the process starts, says that it is not
// ready, and finds its replicas once the file is good, by one question a family of addresses.
func TestResolvConf(t *testing.T) {
	for _, c := range []struct {
		name, text string
		missing    bool
	}{
		{"36 no resolv.conf", "", true},
		{"36 an empty resolv.conf", "", false},
		{"36 a NUL byte in resolv.conf", "nameserver 127.0.0\x00.1\noptions \x00\n", false},
		{"36 no server in resolv.conf", "search a.test b.test\noptions ndots:5\n", false},
		{"36 a server that is none", "nameserver nowhere\nnameserver 999.1.1.1\n", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			var asked sync.Map
			hosts := scripted.Hosts(1, s.replica(0).Host, s.replica(1).Host)
			names, err := scripted.StartNamesAt(net.JoinHostPort(s.net.Host(53), "53"), func(q *dns.Msg, tcp bool) [][]byte {
				asked.Store(q.Question[0].Name, true)
				return hosts(q, tcp)
			})
			must(t, err)
			t.Cleanup(names.Stop)
			file := filepath.Join(s.etc(), "resolv.conf")
			if !c.missing {
				must(t, os.WriteFile(file, []byte(c.text), 0o644))
			}
			p, err := proxy.LaunchUnder(s.under, s.dir, s.net.Host(100),
				append([]string{"--replicas=" + target, "--dns.refresh-interval=1s"}, hasty...)...)
			must(t, err)
			s.proxy = p
			t.Cleanup(p.Stop)
			must(t, listening(p))
			s.watch(0)
			if status, _, err := p.Get("/-/ready"); err != nil || status != http.StatusServiceUnavailable {
				t.Errorf("ready: %d %v", status, err)
			}
			must(t, wait.Until(20*time.Second, "a failure counted", func() error {
				if s.metrics().sum("prombraid_dns_failures_total") == 0 {
					return fmt.Errorf("there is none")
				}
				return nil
			}))
			s.said("a lookup brought nothing", "prom.braid.test")
			good := "nameserver " + s.net.Host(53) + "\nsearch a.test b.test\noptions ndots:5\n"
			must(t, os.WriteFile(file, []byte(good), 0o644))
			// The file is read again after the third failure, which come ever more seldom.
			must(t, wait.Until(60*time.Second, "replicas up", func() error {
				return expectSum(s.metrics(), "prombraid_replica_up", 2)
			}))
			s.good()
			asked.Range(func(name, _ any) bool {
				if name != "prom.braid.test." {
					t.Errorf("%s was asked for", name)
				}
				return true
			})
		})
	}
}

// TestBadOutput: a log on a full disk, and no standard files at all, whose numbers sockets would get.
func TestBadOutput(t *testing.T) {
	for _, c := range []struct{ name, redirect string }{
		{"41 the disk of the log is full", `exec "$@" >/dev/full 2>&1`},
		{"41 stderr is closed", `exec "$@" 2>&-`},
		{"41 stdin, stdout and stderr are closed", `exec "$@" <&- >&- 2>&-`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.replica(0)
			s.replica(1)
			s.under = []string{"sh", "-c", c.redirect, "sh"}
			s.start(nil)
			s.watch(0)
			s.good()
			before := s.metrics()
			s.replicas[1].Play(scripted.Status(500, "broken"))
			s.whole("one of two", s.read(remote.Streamed))
			s.grew(before, "prombraid_replica_failures_total", `reason="status_5xx"`)
			s.good()
		})
	}
}

// TestNoMemory: answers that the budget has no room for are refused with its name, while others and
// health go on.
func TestNoMemory(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	r := s.replica(0)
	s.start(nil, "--read.memory-limit=16MiB", "--replica.timeout=20s")
	s.watch(16 * mib)
	before := s.metrics()
	series := make([]scripted.Series, 0, 8000)
	for i := range cap(series) {
		noisy := scripted.Line(from, step, count, "__name__", "lab", "n", fmt.Sprintf("%06d", i))
		for k := range noisy.Samples {
			noisy.Samples[k].Value = float64(uint64(i*count+k) * 0x9e3779b97f4a7c15)
		}
		series = append(series, noisy)
	}
	r.Play(scripted.Streamed(series...))
	got := s.read(remote.Samples)
	if got.Status != http.StatusServiceUnavailable || !strings.Contains(string(got.Body), "--read.memory-limit") || got.Header.Get("Retry-After") == "" {
		t.Errorf("status %d: %.200q", got.Status, got.Body)
	}
	s.grew(before, "prombraid_limit_hits_total", `limit="memory"`)
	s.said("a read was refused", "--read.memory-limit")
	if status, _, err := s.proxy.Get("/-/healthy"); err != nil || status != http.StatusOK {
		t.Errorf("health: %d %v", status, err)
	}
	s.good()
}

// TestAllocationFails: the kernel gives no more memory in the middle of a read. That read fails, the
// process lives, and the next read that fits is whole.
func TestAllocationFails(t *testing.T) {
	t.Parallel()
	if proxy.Sanitized() {
		return // its shadow takes all addresses there are
	}
	s := newStage(t)
	r := s.replica(0)
	s.start(nil, "--read.memory-limit=1GiB", "--replica.timeout=20s")
	s.good()
	s.watch(96 * mib)
	long := scripted.Line(from, step, count, "__name__", "lab", "n", "1").Frame()
	huge := strings.Repeat(long, (48<<20)/len(long))
	first := scripted.Line(from, step, count, "__name__", "lab", "n", "0").Frame()
	limit := addressSpace(t, s.proxy.Process().PID()) + 32<<20
	must(t, unix.Prlimit(s.proxy.Process().PID(), unix.RLIMIT_AS, &unix.Rlimit{Cur: limit, Max: unix.RLIM_INFINITY}, nil))
	for _, answer := range []string{huge, first + huge} { // before the replica has settled, and after
		r.Play(scripted.StreamedBytes(answer))
		for _, mode := range modes {
			before := s.metrics()
			if got := s.read(mode); got.err == nil && got.Status == http.StatusOK {
				t.Errorf("%s: a clean answer of %d bytes", mode, len(got.Body))
			}
			s.grew(before, "prombraid_replica_failures_total", `reason="limit"`)
		}
	}
	if s.proxy.Process().Exited() {
		t.Fatal("the process has ended")
	}
	s.said("replica failed a read", r.Address(), "no memory is left")
	s.good()
}

// addressSpace is what the process has mapped, in bytes.
func addressSpace(t *testing.T, pid int) uint64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	must(t, err)
	var pages uint64
	_, err = fmt.Sscan(string(text), &pages)
	must(t, err)
	return pages * uint64(os.Getpagesize())
}
