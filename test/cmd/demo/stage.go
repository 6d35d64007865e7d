package main

import (
	"path/filepath"

	"prombraid/test/internal/dns"
	"prombraid/test/internal/loopback"
	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
)

const name = "prometheus." + dns.Domain

// stage is everything that the demo runs.
type stage struct {
	dir      string
	net      loopback.Subnet
	target   *target
	names    *dns.Server
	replicas []*prom.Server
	proxy    *proxy.Prombraid
	upstream *prom.Server
}

// newStage starts all; what it gives beside an error must be stopped too.
func newStage(dir string) (*stage, error) {
	s := &stage{dir: dir, net: loopback.New()}
	var err error
	if s.target, err = startTarget(s.net.Host(1)); err != nil {
		return s, err
	}
	var hosts []string
	for i, letter := range []string{"A", "B"} {
		replica, err := s.replica(10+i, letter)
		if err != nil {
			return s, err
		}
		s.replicas = append(s.replicas, replica)
		hosts = append(hosts, replica.Host)
	}
	if s.names, err = dns.Start(dir, s.net.Host(53)); err != nil {
		return s, err
	}
	if err = s.names.Set(name, hosts...); err != nil {
		return s, err
	}
	s.proxy, err = proxy.Start(dir, s.net.Host(100),
		"--replicas=dns+"+name+":"+prom.Port, "--dns.server="+s.names.Address())
	if err != nil {
		return s, err
	}
	s.upstream, err = prom.Start(prom.Config{
		Version: newest(), Name: "upstream", Host: s.net.Host(200), Dir: filepath.Join(dir, "upstream"),
		RemoteRead: []prom.RemoteRead{{URL: s.proxy.ReadURL(), ReadRecent: true}},
	})
	return s, err
}

func (s *stage) replica(n int, letter string) (*prom.Server, error) {
	return prom.Start(prom.Config{
		Version: prom.Debian, Name: "replica " + letter, Host: s.net.Host(n),
		Dir:            filepath.Join(s.dir, letter),
		ExternalLabels: map[string]string{"cluster": "demo", "replica": letter},
		Scrapes:        []prom.Scrape{{Job: "demo", Interval: "1s", Targets: []string{s.target.address()}}},
	})
}

// newest is a current Prometheus where the tests have built one; to build it here would take minutes.
func newest() prom.Version {
	if version, ok := prom.CurrentIfBuilt(); ok {
		return version
	}
	return prom.Debian
}

func (s *stage) stop() {
	if s.upstream != nil {
		s.upstream.Stop()
	}
	if s.proxy != nil {
		s.proxy.Stop()
	}
	for _, replica := range s.replicas {
		replica.Stop()
	}
	if s.names != nil {
		s.names.Stop()
	}
	if s.target != nil {
		s.target.stop()
	}
}
