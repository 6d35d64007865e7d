// Package proc runs the real programs of a test as child processes: started with a log file, ended
// for certain, with what they cost.
package proc

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// Process is one running or ended program.
type Process struct {
	Name    string
	LogPath string

	cmd  *exec.Cmd
	done chan struct{}
	peak atomic.Int64 // last seen peak of resident bytes
}

// Start runs bin with its output in a log file. The kernel kills the child if this process dies.
func Start(name, logPath, bin string, args ...string) (*Process, error) {
	return StartIn("", name, logPath, bin, args...)
}

// StartIn is Start in a working directory.
func StartIn(dir, name, logPath, bin string, args ...string) (*Process, error) {
	log, err := os.OpenFile(logPath, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.Command(bin, args...)
	cmd.Dir = dir
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	p := &Process{Name: name, LogPath: logPath, cmd: cmd, done: make(chan struct{})}
	go func() {
		_ = cmd.Wait()
		record(p)
		close(p.done)
	}()
	return p, nil
}

// PID is the process id, valid until the process has ended.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Signal sends sig; a process that has ended is no error.
func (p *Process) Signal(sig syscall.Signal) error {
	p.notePeak()
	err := p.cmd.Process.Signal(sig)
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}

// Stopped gives an error as long as a thread of the process runs on after a SIGSTOP: the signal
// reaches each in its own time.
func (p *Process) Stopped() error {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", p.PID()))
	if err != nil {
		return err
	}
	for _, thread := range threads {
		stat, err := os.ReadFile(thread)
		if err != nil {
			return err
		}
		// The state follows the name, which stands in parentheses (proc(5)).
		_, fields, _ := strings.Cut(string(stat), ") ")
		if !strings.HasPrefix(fields, "T") {
			return fmt.Errorf("%s: %.1s", thread, fields)
		}
	}
	return nil
}

// Exited says whether the process has ended.
func (p *Process) Exited() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// Wait gives the exit code, or an error when the process outlives the limit.
func (p *Process) Wait(limit time.Duration) (int, error) {
	select {
	case <-p.done:
		return p.cmd.ProcessState.ExitCode(), nil
	case <-time.After(limit):
		return 0, fmt.Errorf("%s still runs after %s", p.Name, limit)
	}
}

// Kill ends the process as a crash does and waits until it is gone.
func (p *Process) Kill() {
	_ = p.Signal(syscall.SIGKILL)
	<-p.done
}

// Stop asks the process to end, and kills it when it does not within ten seconds.
func (p *Process) Stop() {
	_ = p.Signal(syscall.SIGCONT)
	_ = p.Signal(syscall.SIGTERM)
	if _, err := p.Wait(10 * time.Second); err != nil {
		p.Kill()
	}
}

// Log gives the last lines that the process wrote.
func (p *Process) Log(lines int) string {
	text, err := os.ReadFile(p.LogPath)
	if err != nil {
		return err.Error()
	}
	all := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
