// Package prom starts and asks real Prometheus servers.
package prom

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"prombraid/test/internal/proc"
	"prombraid/test/internal/wait"
)

// Port is where every server listens, each on an address of its own.
const Port = "9090"

const startLimit = 60 * time.Second

// Server is a Prometheus that was started; it can be stopped and started again on the same data.
type Server struct {
	Config
	process *proc.Process
}

// Start runs a server and returns when it is ready.
func Start(c Config) (*Server, error) {
	s := &Server{Config: c}
	if err := os.MkdirAll(s.DataDir(), 0o755); err != nil {
		return nil, err
	}
	if err := c.writeFile(filepath.Join(c.Dir, "prometheus.yml")); err != nil {
		return nil, err
	}
	return s, s.Restart()
}

// DataDir is where a server keeps its blocks.
func (c Config) DataDir() string { return filepath.Join(c.Dir, "data") }

// Restart starts the server after Kill or Stop and returns when it is ready.
func (s *Server) Restart() error {
	args := append([]string{
		"--config.file=" + filepath.Join(s.Dir, "prometheus.yml"),
		"--storage.tsdb.path=" + s.DataDir(),
		"--storage.tsdb.retention.time=50y",
		"--web.listen-address=" + s.Address(),
	}, s.Flags...)
	if s.Web != nil {
		args = append(args, "--web.config.file="+s.Web.File)
	}
	process, err := proc.StartIn(s.Pages, s.Name, filepath.Join(s.Dir, "log"), s.Version.Binary, args...)
	if err != nil {
		return err
	}
	s.process = process
	err = wait.Until(startLimit, s.Name+" ready", s.ready)
	if err != nil {
		process.Kill()
		return fmt.Errorf("%w; it said:\n%s", err, process.Log(15))
	}
	return nil
}

// Address is host:port.
func (s *Server) Address() string { return net.JoinHostPort(s.Host, Port) }

// URL is where a person would look.
func (s *Server) URL() string {
	if s.Web != nil && s.Web.HTTPS {
		return "https://" + s.Address()
	}
	return "http://" + s.Address()
}

// ReadURL is where remote_read is served.
func (s *Server) ReadURL() string { return s.URL() + "/api/v1/read" }

// Process is the running program.
func (s *Server) Process() *proc.Process { return s.process }

// Kill ends the server as a crash does.
func (s *Server) Kill() { s.process.Kill() }

// Stop ends the server in order.
func (s *Server) Stop() { s.process.Stop() }

// Freeze stops the server's threads: connections stay open and nothing answers, until Thaw.
func (s *Server) Freeze() error {
	if err := s.process.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	return wait.Until(startLimit, s.Name+" frozen", s.process.Stopped)
}

// Thaw lets a frozen server go on.
func (s *Server) Thaw() error { return s.process.Signal(syscall.SIGCONT) }

func (s *Server) ready() error {
	if s.process.Exited() {
		return errors.New("it has ended")
	}
	client := &http.Client{Timeout: time.Second}
	if s.Web != nil {
		client = s.Web.Client
	}
	answer, err := client.Get(s.URL() + "/-/ready")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
	if answer.StatusCode != http.StatusOK {
		return errors.New(answer.Status)
	}
	return nil
}
