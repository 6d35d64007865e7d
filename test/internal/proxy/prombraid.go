// Package proxy starts and asks Prombraid itself.
package proxy

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"prombraid/test/internal/proc"
	"prombraid/test/internal/wait"
)

// Port is where every Prombraid of a test listens.
const Port = "9201"

// Binary is the program under test: PROMBRAID_BIN, or what scripts/build leaves.
func Binary() string {
	if named := os.Getenv("PROMBRAID_BIN"); named != "" {
		return named
	}
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "../../..", "build", "prombraid")
}

// Prombraid is a running proxy.
type Prombraid struct {
	host    string
	way     Way
	process *proc.Process
}

// Way is how a test talks to a proxy: the zero one in clear.
type Way struct {
	HTTPS  bool
	Client *http.Client
}

// Launch runs Prombraid without waiting for anything.
func Launch(dir, host string, flags ...string) (*Prombraid, error) {
	return LaunchUnder(nil, dir, host, flags...)
}

// LaunchFor is Launch for a proxy that is not asked in clear.
func LaunchFor(way Way, dir, host string, flags ...string) (*Prombraid, error) {
	p, err := LaunchUnder(nil, dir, host, flags...)
	if err == nil {
		p.way = way
	}
	return p, err
}

// LaunchUnder is Launch by way of a command that changes its surroundings and then becomes Prombraid.
func LaunchUnder(command []string, dir, host string, flags ...string) (*Prombraid, error) {
	args := append(slices.Clone(command), Binary(), "--web.listen-address="+net.JoinHostPort(host, Port))
	args = append(args, flags...)
	process, err := proc.Start("prombraid", filepath.Join(dir, "prombraid.log"), args[0], args[1:]...)
	if err != nil {
		return nil, err
	}
	clear := Way{Client: &http.Client{Timeout: 5 * time.Second}}
	return &Prombraid{host: host, way: clear, process: process}, nil
}

// Start runs Prombraid and returns when it is ready.
func Start(dir, host string, flags ...string) (*Prombraid, error) {
	return StartUnder(nil, dir, host, flags...)
}

// StartUnder is Start by way of a command, as LaunchUnder.
func StartUnder(command []string, dir, host string, flags ...string) (*Prombraid, error) {
	p, err := LaunchUnder(command, dir, host, flags...)
	if err != nil {
		return nil, err
	}
	if err := p.WaitReady(20 * time.Second); err != nil {
		p.process.Kill()
		return nil, err
	}
	return p, nil
}

// WaitReady returns when /-/ready says so.
func (p *Prombraid) WaitReady(limit time.Duration) error {
	err := wait.Until(limit, "prombraid ready", func() error {
		if p.process.Exited() {
			return errors.New("it has ended")
		}
		status, body, err := p.Get("/-/ready")
		if err == nil && status != http.StatusOK {
			err = fmt.Errorf("%d %s", status, body)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("%w; it said:\n%s", err, p.process.Log(15))
	}
	return nil
}

// Address is host:port.
func (p *Prombraid) Address() string { return net.JoinHostPort(p.host, Port) }

// URL is http://host:port, or https://.
func (p *Prombraid) URL() string {
	if p.way.HTTPS {
		return "https://" + p.Address()
	}
	return "http://" + p.Address()
}

// ReadURL is where remote_read is served.
func (p *Prombraid) ReadURL() string { return p.URL() + "/api/v1/read" }

// Process is the running program.
func (p *Prombraid) Process() *proc.Process { return p.process }

// Stop ends the proxy.
func (p *Prombraid) Stop() { p.process.Stop() }

// Get asks for a page and gives its status and text.
func (p *Prombraid) Get(path string) (int, string, error) {
	answer, err := p.way.Client.Get(p.URL() + path)
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(body), err
}
