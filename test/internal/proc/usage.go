package proc

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// Usage is what a process cost.
type Usage struct {
	Peak int64 // resident bytes at most
	CPU  time.Duration
}

// Ended is the cost of one process over its whole life.
type Ended struct {
	Name string
	Usage
}

var ended struct {
	sync.Mutex
	all []Ended
}

func record(p *Process) {
	state := p.cmd.ProcessState
	ended.Lock()
	defer ended.Unlock()
	cost := Usage{Peak: p.peak.Load(), CPU: state.UserTime() + state.SystemTime()}
	ended.all = append(ended.all, Ended{p.Name, cost})
}

// notePeak reads the peak while the process lives. The one that wait4 gives afterwards is no use: it
// starts from the memory of the process that forked.
func (p *Process) notePeak() {
	if peak, err := peakResident(p.PID()); err == nil {
		p.peak.Store(max(peak, p.peak.Load()))
	}
}

// AllEnded gives the cost of every process that has ended, in the order of their ends.
func AllEnded() []Ended {
	ended.Lock()
	defer ended.Unlock()
	return append([]Ended(nil), ended.all...)
}

// ResetPeak makes the peak of Usage start again from what is resident now (proc(5), clear_refs).
func (p *Process) ResetPeak() error {
	p.notePeak()
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.PID()), []byte("5"), 0)
}

// Usage reads what the running process has cost so far.
func (p *Process) Usage() (Usage, error) {
	cpu, err := cpuTime(p.PID())
	if err != nil {
		return Usage{}, err
	}
	peak, err := peakResident(p.PID())
	return Usage{Peak: peak, CPU: cpu}, err
}

// cpuTime reads the clock of all the process's threads, those that have ended too, to the
// nanosecond; /proc/PID/stat counts in ticks of 10 ms.
func cpuTime(pid int) (time.Duration, error) {
	const schedClock = 2 // CPUCLOCK_SCHED; the clock's id is made as clock_getcpuclockid(3) does
	var spent unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|schedClock), &spent); err != nil {
		return 0, fmt.Errorf("CPU clock of process %d: %w", pid, err)
	}
	return time.Duration(spent.Nano()), nil
}

func peakResident(pid int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if value, found := strings.CutPrefix(line, "VmHWM:"); found {
			kib, err := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			return kib << 10, err
		}
	}
	return 0, fmt.Errorf("/proc/%d/status has no VmHWM", pid)
}
