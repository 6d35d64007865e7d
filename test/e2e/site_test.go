package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"prombraid/test/internal/dns"
	"prombraid/test/internal/loopback"
	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
	"prombraid/test/internal/suite"
)

const name = "prometheus." + dns.Domain

// site is everything one test runs, on a subnet of its own, stopped when the test ends.
type site struct {
	t   *testing.T
	net loopback.Subnet
	dir string
	dns *dns.Server
}

func newSite(t *testing.T) *site {
	t.Helper()
	dir, err := os.MkdirTemp(scratch, "site-")
	must(t, err)
	s := &site{t: t, net: loopback.New(), dir: dir}
	t.Cleanup(func() { suite.Clear(dir) })
	return s
}

// startDNS runs the name server; names are set later.
func (s *site) startDNS(services ...dns.Service) {
	s.t.Helper()
	server, err := dns.Start(s.dir, s.net.Host(53), services...)
	must(s.t, err)
	s.t.Cleanup(server.Stop)
	s.dns = server
}

// publish makes the site's name lead to these replicas.
func (s *site) publish(replicas ...*prom.Server) {
	s.t.Helper()
	var hosts []string
	for _, r := range replicas {
		hosts = append(hosts, r.Host)
	}
	must(s.t, s.dns.Set(name, hosts...))
}

// replica starts replica n, named rN, over the given blocks.
func (s *site) replica(n int, version prom.Version, external map[string]string, blocks ...string) *prom.Server {
	s.t.Helper()
	return s.server(prom.Config{
		Version: version, Name: fmt.Sprintf("replica r%d (%s)", n, version.Name),
		Host: s.net.Host(10 + n), ExternalLabels: external,
	}, blocks...)
}

// upstream starts a Prometheus without data that reads through a proxy.
func (s *site) upstream(version prom.Version, p *proxy.Prombraid, external map[string]string, filter bool) *prom.Server {
	s.t.Helper()
	return s.server(prom.Config{
		Version: version, Name: fmt.Sprintf("upstream (%s)", version.Name),
		Host: s.net.Host(200), ExternalLabels: external,
		RemoteRead: []prom.RemoteRead{{URL: p.ReadURL(), ReadRecent: true, FilterExternalLabels: filter}},
	})
}

func (s *site) server(config prom.Config, blocks ...string) *prom.Server {
	s.t.Helper()
	dir, err := os.MkdirTemp(s.dir, "prometheus-")
	must(s.t, err)
	config.Dir = dir
	for _, block := range blocks {
		must(s.t, link(block, config.DataDir()))
	}
	server, err := prom.Start(config)
	must(s.t, err)
	s.t.Cleanup(func() {
		s.logOnFailure(server.Name, server.Process().Log(8))
		server.Stop()
	})
	return server
}

// prombraid starts the proxy over addresses.
func (s *site) prombraid(addresses []string, flags ...string) *proxy.Prombraid {
	s.t.Helper()
	p, err := proxy.Start(s.dir, s.net.Host(100), s.flags(addresses, flags...)...)
	must(s.t, err)
	s.stopAtEnd(p)
	return p
}

func (s *site) stopAtEnd(p *proxy.Prombraid) {
	s.t.Cleanup(func() {
		s.logOnFailure("prombraid", p.Process().Log(25))
		p.Stop()
	})
}

// overName is the usual proxy: over the site's name.
func (s *site) overName(flags ...string) *proxy.Prombraid {
	s.t.Helper()
	return s.prombraid([]string{"dns+" + name + ":" + prom.Port}, flags...)
}

// flags are those of a proxy over addresses, asking the site's name server if there is one.
func (s *site) flags(addresses []string, more ...string) []string {
	var all []string
	for _, address := range addresses {
		all = append(all, "--replicas="+address)
	}
	if s.dns != nil {
		all = append(all, "--dns.server="+s.dns.Address())
	}
	return append(all, more...)
}

func (s *site) logOnFailure(who, text string) {
	if s.t.Failed() {
		s.t.Logf("%s said last:\n%s", who, text)
	}
}

// link puts a block made once into the data of one server.
func link(block, data string) error {
	return filepath.WalkDir(block, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(filepath.Dir(block), path)
		if err != nil {
			return err
		}
		to := filepath.Join(data, relative)
		if entry.IsDir() {
			return os.MkdirAll(to, 0o755)
		}
		return os.Link(path, to)
	})
}

// report turns the lines of a judge into test errors.
func report(t *testing.T, what string, faults []string) {
	t.Helper()
	for _, fault := range faults {
		t.Errorf("%s: %s", what, fault)
	}
}
