package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"prombraid/test/internal/dns"
	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
	"prombraid/test/internal/wait"
)

// refreshFlag is as short as the TTL's lower bound.
const refreshFlag = "--dns.refresh-interval=5s"

// onlyR1 selects the series that r1 alone has.
const onlyR1 = `lab_temperature{instance="target-3:80"}`

// finds waits until a read of the selector gives this many series.
func finds(t *testing.T, p *proxy.Prombraid, limit time.Duration, selector string, want int) {
	t.Helper()
	must(t, wait.Until(limit, fmt.Sprintf("%d series of %s", want, selector), func() error {
		got, err := remote.Read(p.ReadURL(), remote.Streamed, remote.Query(selector, morning.From, morning.To))
		if err == nil && len(got) != want {
			err = fmt.Errorf("%d series", len(got))
		}
		return err
	}))
}

func TestPodIsReplaced(t *testing.T) {
	s := newSite(t)
	s.startDNS()
	r0 := s.replica(0, debian, r0Labels, morningBlock(0))
	r1 := s.replica(1, debian, r1Labels, morningBlock(1))
	s.publish(r0, r1)
	p := s.overName(refreshFlag)
	finds(t, p, 5*time.Second, onlyR1, 1)
	r1.Kill()
	finds(t, p, 5*time.Second, onlyR1, 0)
	finds(t, p, 5*time.Second, "lab_temperature", 3)
	moved := s.replica(2, debian, r1Labels, morningBlock(1))
	s.publish(r0, moved)
	finds(t, p, 15*time.Second, onlyR1, 1)
	checkMerged(t, read(t, p.ReadURL(), remote.Streamed, everything), everything, r0, moved)
}

func TestNameVanishesForAWhile(t *testing.T) {
	s := newSite(t)
	s.startDNS()
	r0 := s.replica(0, debian, r0Labels, morningBlock(0))
	r1 := s.replica(1, debian, r1Labels, morningBlock(1))
	s.publish(r0, r1)
	p := s.overName(refreshFlag)
	t.Run("NXDOMAIN for ten seconds", func(t *testing.T) {
		s.publish()
		for range 20 {
			finds(t, p, 0, "lab_temperature", 4)
			time.Sleep(500 * time.Millisecond)
		}
		s.publish(r0, r1)
	})
	t.Run("no name server for eight seconds", func(t *testing.T) {
		s.dns.Stop()
		for range 16 {
			finds(t, p, 0, "lab_temperature", 4)
			time.Sleep(500 * time.Millisecond)
		}
	})
}

func TestStartsWithoutDNS(t *testing.T) {
	s := newSite(t)
	r0 := s.replica(0, debian, r0Labels, morningBlock(0))
	server := s.net.Host(53) + ":5353"
	p, err := proxy.Launch(s.dir, s.net.Host(100), s.flags([]string{"dns+" + name + ":" + prom.Port},
		"--dns.server="+server, refreshFlag)...)
	must(t, err)
	s.stopAtEnd(p)
	must(t, wait.Until(5*time.Second, "healthy", func() error {
		status, text, err := p.Get("/-/healthy")
		if err == nil && status != 200 {
			err = fmt.Errorf("%d %s", status, text)
		}
		return err
	}))
	_, err = remote.Read(p.ReadURL(), remote.Streamed, remote.Query("up", morning.From, morning.To))
	if err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("a read with no known replica: %v", err)
	}
	s.startDNS()
	s.publish(r0)
	must(t, p.WaitReady(20*time.Second))
	finds(t, p, time.Second, "lab_temperature", 3)
}

func TestWaysToNameReplicas(t *testing.T) {
	s := newSite(t)
	r0 := s.replica(0, debian, r0Labels, morningBlock(0))
	r1 := s.replica(1, debian, r1Labels, morningBlock(1))
	pod := func(n int) string { return fmt.Sprintf("prometheus-%d.%s", n, dns.Domain) }
	s.startDNS(dns.Service{Name: "_web._tcp." + name, Target: pod(0), Port: 9090},
		dns.Service{Name: "_web._tcp." + name, Target: pod(1), Port: 9090})
	s.publish(r0, r1)
	must(t, s.dns.Set(pod(0), r0.Host))
	must(t, s.dns.Set(pod(1), r1.Host))
	for title, addresses := range map[string][]string{
		"addresses":                            {r0.Address(), r1.Address()},
		"addresses with scheme and path":       {"http://" + r0.Address() + "/api/v1/read", r1.Address()},
		"dns+":                                 {"dns+" + name + ":9090"},
		"dns+ with scheme":                     {"dns+http://" + name + ":9090"},
		"dnssrv+":                              {"dnssrv+_web._tcp." + name},
		"dnssrvnoa+":                           {"dnssrvnoa+_web._tcp." + name},
		"a plain name a replica":               {pod(0) + ":9090", pod(1) + ":9090"},
		"the same servers under several names": {"dns+" + name + ":9090", "dnssrv+_web._tcp." + name, r0.Address()},
	} {
		t.Run(title, func(t *testing.T) {
			p := s.prombraid(addresses)
			defer p.Stop()
			finds(t, p, 5*time.Second, "lab_temperature", 4)
			checkMerged(t, read(t, p.ReadURL(), remote.Streamed, everything), everything, r0, r1)
		})
	}
}
