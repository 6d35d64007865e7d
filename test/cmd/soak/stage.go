package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/prometheus/tsdb/chunkenc"

	"prombraid/test/internal/loopback"
	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
	"prombraid/test/internal/scripted"
	"prombraid/test/internal/wait"
	"prombraid/test/internal/world"
)

// stage is two real replicas that move from address to address, a scripted one that is hostile, a
// name server that knows where they are, and the proxy.
type stage struct {
	dir     string
	net     loopback.Subnet
	next    int // the next free host number
	reals   []*prom.Server
	hostile *scripted.Replica
	names   *scripted.NameServer
	proxy   *proxy.Prombraid

	mu     sync.Mutex
	moment moment
}

// moment is how far the restarts have come.
type moment struct {
	changes int
	away    missing
	at      [2]string // the addresses of the real replicas
}

func (s *stage) now() moment {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.moment
}

// turn notes that real replica i goes away or is back.
func (s *stage) turn(i int, away bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moment.changes++
	s.moment.away[i] = away
	s.moment.at[i] = s.reals[i].Address()
}

// until gives the real replicas that may be missing from an answer between two moments, of which the
// answer itself said that these were partial.
func (m moment) until(later moment, partial string) missing {
	away := m.away
	for i := range away {
		away[i] = away[i] || m.changes != later.changes || strings.Contains(partial, m.at[i])
	}
	return away
}

func newStage(dir string) (*stage, error) {
	s := &stage{dir: dir, net: loopback.New(), next: 10}
	for i := range 2 {
		if err := world.WriteBlock(s.data(i), chunkenc.EncXOR, block(i)); err != nil {
			return s, err
		}
		replica, err := s.start(i)
		if err != nil {
			return s, err
		}
		s.reals = append(s.reals, replica)
		s.turn(i, false)
	}
	var err error
	external := map[string]string{"cluster": "soak", "replica": "c"}
	if s.hostile, err = scripted.Start(s.net.Host(9), scripted.Self{External: external}); err != nil {
		return s, err
	}
	s.hostile.Play(trouble())
	if s.names, err = scripted.StartNames(s.net.Host(53), scripted.Silence); err != nil {
		return s, err
	}
	s.publish()
	s.proxy, err = proxy.Start(dir, s.net.Host(100), "--replicas=dns+prom.soak.test.:"+prom.Port,
		"--dns.server="+s.names.Address(), "--dns.refresh-interval=1s",
		"--replica.timeout=5s", "--replica.connect-timeout=1s", "--replica-label=replica")
	return s, err
}

func (s *stage) data(i int) string { return filepath.Join(s.dir, fmt.Sprintf("replica-%d", i), "data") }

// start gives replica i a new address.
func (s *stage) start(i int) (*prom.Server, error) {
	host := s.net.Host(10 + (s.next-10)%40)
	s.next++
	return prom.Start(prom.Config{
		Version: prom.Debian, Name: fmt.Sprintf("replica %d", i), Host: host,
		Dir:            filepath.Dir(s.data(i)),
		ExternalLabels: map[string]string{"cluster": "soak", "replica": string(rune('a' + i))},
	})
}

func (s *stage) publish() {
	hosts := []string{s.hostile.Host}
	for _, r := range s.reals {
		hosts = append(hosts, r.Host)
	}
	s.names.Play(scripted.Hosts(1, hosts...))
}

// restart ends replica i, by turns in order and as a crash, and starts it elsewhere. It returns when
// the proxy has found it there, as a rolling restart waits for readiness.
func (s *stage) restart(i int, crash bool) error {
	s.turn(i, true)
	if crash {
		s.reals[i].Kill()
	} else {
		s.reals[i].Stop()
	}
	replica, err := s.start(i)
	if err != nil {
		return err
	}
	s.reals[i] = replica
	s.publish()
	up := fmt.Sprintf("prombraid_replica_up{replica=%q} 1", replica.Address())
	err = wait.Until(30*time.Second, replica.Address()+" found", func() error {
		_, text, err := s.proxy.Get("/metrics")
		if err == nil && !strings.Contains(text, up) {
			err = fmt.Errorf("not in /metrics")
		}
		return err
	})
	s.turn(i, false)
	return err
}

func (s *stage) stop() {
	if s.proxy != nil {
		s.proxy.Stop()
	}
	for _, r := range s.reals {
		r.Stop()
	}
	if s.hostile != nil {
		s.hostile.Stop()
	}
	if s.names != nil {
		s.names.Stop()
	}
	_ = os.RemoveAll(s.dir)
}
