// Package dns runs dnsmasq as the one name server of a test, with names that can change.
package dns

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"prombraid/test/internal/proc"
	"prombraid/test/internal/wait"
)

// Domain is the domain that the server answers for; a name of it that is not set does not exist.
const Domain = "braid.test"

const port = "5353"

// Server is a running dnsmasq.
type Server struct {
	process *proc.Process
	host    string
	hosts   string // the file with addresses and names
	names   map[string][]string
}

// Service is an SRV record: a name such as _web._tcp.prometheus.braid.test and where it leads.
type Service struct {
	Name   string
	Target string
	Port   int
}

// Start runs dnsmasq on host; services can't change later, addresses can, by Set.
func Start(dir, host string, services ...Service) (*Server, error) {
	s := &Server{host: host, hosts: filepath.Join(dir, "dns-hosts"), names: map[string][]string{}}
	if err := s.write(); err != nil {
		return nil, err
	}
	args := []string{
		"--keep-in-foreground", "--conf-file=/dev/null", "--user=root", "--pid-file=",
		"--no-resolv", "--no-hosts", "--no-daemon", "--log-facility=-",
		"--bind-interfaces", "--listen-address=" + host, "--port=" + port,
		"--addn-hosts=" + s.hosts, "--local=/" + Domain + "/", "--local-ttl=1",
	}
	for _, v := range services {
		args = append(args, fmt.Sprintf("--srv-host=%s,%s,%d", v.Name, v.Target, v.Port))
	}
	process, err := proc.Start("dnsmasq", filepath.Join(dir, "dnsmasq.log"), "/usr/sbin/dnsmasq", args...)
	if err != nil {
		return nil, err
	}
	s.process = process
	if err := s.Set("ready."+Domain, host); err != nil {
		s.Stop()
		return nil, fmt.Errorf("%w; dnsmasq said:\n%s", err, process.Log(10))
	}
	return s, nil
}

// Address is where the server listens, as ip:port.
func (s *Server) Address() string { return net.JoinHostPort(s.host, port) }

// Stop ends the server.
func (s *Server) Stop() { s.process.Stop() }

// Set makes name lead to these addresses and returns when the server says so. Without an address
// the name does not exist any more.
func (s *Server) Set(name string, addresses ...string) error {
	s.names[name] = slices.Sorted(slices.Values(addresses))
	if err := s.write(); err != nil {
		return err
	}
	return wait.Until(5*time.Second, "dns has "+name, func() error {
		// A signal before dnsmasq has set its handlers would end it, so ask first.
		got, err := s.lookup(name)
		if err != nil && !isNotFound(err) {
			return err
		}
		if slices.Equal(got, s.names[name]) {
			return nil
		}
		_ = s.process.Signal(syscall.SIGHUP)
		return fmt.Errorf("it still leads to %v", got)
	})
}

func (s *Server) write() error {
	var text strings.Builder
	for name, addresses := range s.names {
		for _, address := range addresses {
			fmt.Fprintf(&text, "%s %s\n", address, name)
		}
	}
	return os.WriteFile(s.hosts, []byte(text.String()), 0o644)
}

func (s *Server) lookup(name string) ([]string, error) {
	resolver := net.Resolver{
		PreferGo: true,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, s.Address())
		},
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	found, err := resolver.LookupHost(ctx, name+".")
	slices.Sort(found)
	return found, err
}

func isNotFound(err error) bool {
	dnsErr, ok := err.(*net.DNSError)
	return ok && dnsErr.IsNotFound
}
