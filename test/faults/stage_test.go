package faults

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/loopback"
	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
	"prombraid/test/internal/scripted"
	"prombraid/test/internal/wait"
)

// Deadlines are short, so that a stalled replica doesn't hold a case for long.
var hasty = []string{"--replica.timeout=1500ms", "--replica.connect-timeout=400ms", "--threads=1"}

// hastyBut are the hasty flags that are not among the given ones.
func hastyBut(flags []string) []string {
	return slices.DeleteFunc(slices.Clone(hasty), func(flag string) bool {
		name, _, _ := strings.Cut(flag, "=")
		return slices.ContainsFunc(flags, func(f string) bool { return strings.HasPrefix(f, name+"=") })
	})
}

const readLimit = 20 * time.Second

// settled is the time after which what was sent has arrived.
const settled = 50 * time.Millisecond

// stage is one proxy over scripted replicas, on a subnet of its own, stopped when the test ends.
type stage struct {
	*testing.T
	net      loopback.Subnet
	dir      string
	replicas []*scripted.Replica
	proxy    *proxy.Prombraid
	under    []string // a command by way of which the proxy is started; usually none
}

func newStage(t *testing.T) *stage {
	t.Helper()
	dir, err := os.MkdirTemp(scratch, "stage-")
	must(t, err)
	return &stage{T: t, net: loopback.New(), dir: dir}
}

// replica starts scripted replica n, which has the truth.
func (s *stage) replica(n int) *scripted.Replica {
	s.Helper()
	name := string(rune('a' + n))
	r, err := scripted.Start(s.net.Host(10+n), scripted.Self{
		External:  map[string]string{"cluster": "lab", "replica": name},
		StartTime: "2026-01-02T03:04:05.12345678" + digit(n) + "Z",
	})
	must(s.T, err)
	s.Cleanup(r.Stop)
	r.Play(scripted.Streamed(truthOf(name)...))
	s.replicas = append(s.replicas, r)
	return r
}

func digit(n int) string { return string(rune('1' + n)) }

// start runs the proxy over these addresses; those of all replicas where none is given.
func (s *stage) start(addresses []string, flags ...string) {
	s.Helper()
	s.launch(addresses, flags...)
	s.await(len(s.replicas))
}

// launch is start without waiting for all replicas.
func (s *stage) launch(addresses []string, flags ...string) {
	s.Helper()
	if addresses == nil {
		for _, r := range s.replicas {
			addresses = append(addresses, r.Address())
		}
	}
	var args []string
	for _, address := range addresses {
		args = append(args, "--replicas="+address)
	}
	s.keep(proxy.StartUnder(s.under, s.dir, s.net.Host(100), append(append(args, hastyBut(flags)...), flags...)...))
}

// keep takes a proxy that was started for the stage's own, until the test ends.
func (s *stage) keep(p *proxy.Prombraid, err error) {
	s.Helper()
	must(s.T, err)
	s.proxy = p
	s.Cleanup(func() {
		if s.Failed() {
			s.Logf("prombraid said last:\n%s", p.Process().Log(20))
		}
		p.Stop()
	})
}

// await waits until so many replicas are known to be up.
func (s *stage) await(up int) {
	s.Helper()
	must(s.T, wait.Until(10*time.Second, "replicas up", func() error {
		return expectSum(s.metrics(), "prombraid_replica_up", float64(up))
	}))
}

// two is the usual stage: replicas a and b, and a proxy over both.
func two(t *testing.T, flags ...string) *stage {
	t.Helper()
	s := newStage(t)
	s.replica(0)
	s.replica(1)
	s.start(nil, flags...)
	return s
}

func (s *stage) metrics() metrics {
	_, text, err := s.proxy.Get("/metrics")
	if err != nil {
		return nil
	}
	return parseMetrics(text)
}

func (s *stage) log() string {
	text, err := os.ReadFile(filepath.Join(s.dir, "prombraid.log"))
	must(s.T, err)
	return string(text)
}

// answer is what a client got; err is set where the body broke off.
type answer struct {
	remote.Answer
	err error
}

// read asks for the truth's series, in the given mode.
func (s *stage) read(mode remote.Mode) answer {
	return s.post(remote.Body(request(mode)))
}

func (s *stage) post(body []byte) answer {
	got, err := remote.PostWithin(readLimit, s.proxy.ReadURL(), body)
	return answer{got, err}
}

func request(mode remote.Mode) *prompb.ReadRequest {
	return &prompb.ReadRequest{
		Queries:               []*prompb.Query{remote.Query("lab", from, to)},
		AcceptedResponseTypes: []remote.Mode{mode},
	}
}

// whole wants the answer to be the truth, sample for sample.
func (s *stage) whole(what string, got answer) {
	s.Helper()
	if got.err != nil || got.Status != http.StatusOK {
		s.Errorf("%s: status %d, %v: %.300s", what, got.Status, got.err, got.Body)
		return
	}
	series, err := seriesOf(got.Answer)
	if err != nil {
		s.Errorf("%s: %v", what, err)
		return
	}
	if fault := sameAsTruth(series); fault != "" {
		s.Errorf("%s: %s", what, fault)
	}
}

// good wants everything to be well again.
func (s *stage) good() {
	s.Helper()
	for i, r := range s.replicas {
		r.Play(scripted.Streamed(truthOf(string(rune('a' + i)))...))
	}
	for _, mode := range modes {
		got := s.read(mode)
		s.whole("the next read, "+mode.String(), got)
		if partial := got.Header.Get("X-Prombraid-Partial"); partial != "" {
			s.Errorf("the next read is partial: %s", partial)
		}
	}
}

var modes = []remote.Mode{remote.Streamed, remote.Samples}

func goodBody() []byte { return remote.Body(request(remote.Streamed)) }
