// Package stage puts a world on real servers: each replica as a TSDB block under a Prometheus of its
// own, Prombraid in front, and a Prometheus behind that reads from it.
package stage

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/prometheus/prometheus/tsdb/chunkenc"

	"prombraid/test/internal/loopback"
	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
	"prombraid/test/internal/world"
)

// Replica is one server's data.
type Replica struct {
	Name   string
	Series []world.Series
}

// Stage is what runs.
type Stage struct {
	Braid    *proxy.Prombraid
	Shuffled *proxy.Prombraid // the same replicas, named in another order

	dir      string
	subnet   loopback.Subnet
	servers  []*prom.Server
	upstream *prom.Server
}

// Open starts everything but the upstream.
func Open(version prom.Version, replicas []Replica) (*Stage, error) {
	dir, err := os.MkdirTemp("", "prombraid-lab-")
	if err != nil {
		return nil, err
	}
	s := &Stage{dir: dir, subnet: loopback.New()}
	if err := s.start(version, replicas); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Stage) start(version prom.Version, replicas []Replica) error {
	var flags []string
	for i, r := range replicas {
		server, err := s.startReplica(version, i, r)
		if err != nil {
			return err
		}
		flags = append(flags, "--replicas="+server.Address())
	}
	var err error
	if s.Braid, err = proxy.Start(s.dir, s.subnet.Host(100), flags...); err != nil {
		return err
	}
	slices.Reverse(flags)
	s.Shuffled, err = proxy.Start(s.dir, s.subnet.Host(101), flags...)
	return err
}

func (s *Stage) startReplica(version prom.Version, i int, r Replica) (*prom.Server, error) {
	config := prom.Config{
		Version: version, Name: r.Name, Host: s.subnet.Host(i + 1), Dir: filepath.Join(s.dir, r.Name),
		ExternalLabels: map[string]string{"cluster": "lab", "replica": r.Name},
	}
	if len(r.Series) > 0 {
		if err := world.WriteBlock(config.DataDir(), chunkenc.EncXOR, r.Series); err != nil {
			return nil, err
		}
	}
	server, err := prom.Start(config)
	if err != nil {
		return nil, fmt.Errorf("replica %s: %w", r.Name, err)
	}
	s.servers = append(s.servers, server)
	return server, nil
}

// Upstream starts a Prometheus that reads from Prombraid, or gives the one that runs.
func (s *Stage) Upstream(version prom.Version) (*prom.Server, error) {
	if s.upstream != nil {
		return s.upstream, nil
	}
	var err error
	s.upstream, err = prom.Start(prom.Config{
		Version: version, Name: "upstream", Host: s.subnet.Host(102), Dir: filepath.Join(s.dir, "upstream"),
		RemoteRead: []prom.RemoteRead{{URL: s.Braid.ReadURL(), ReadRecent: true}},
	})
	return s.upstream, err
}

// Close ends all of it.
func (s *Stage) Close() {
	if s.upstream != nil {
		s.upstream.Kill()
	}
	for _, p := range []*proxy.Prombraid{s.Braid, s.Shuffled} {
		if p != nil {
			p.Stop()
		}
	}
	for _, server := range s.servers {
		server.Kill()
	}
	_ = os.RemoveAll(s.dir)
}
