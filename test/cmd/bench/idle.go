package main

import (
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"prombraid/test/internal/proxy"
)

// idle measures a proxy that nobody reads: how soon it is ready, what it holds, how often it wakes.
func (l *lab) idle(rest time.Duration) error {
	begun := time.Now()
	p, err := proxy.Launch(l.dir, l.net.Host(99),
		"--replicas="+l.replicas[0].Address(), "--replicas="+l.replicas[1].Address())
	if err != nil {
		return err
	}
	defer p.Stop()
	ready, err := untilReady(p, begun)
	if err != nil {
		return err
	}
	// The second look at each replica, which tells whether it is alone at its address, comes after
	// two seconds.
	time.Sleep(4 * time.Second)
	before, err := switches(p.Process().PID())
	if err != nil {
		return err
	}
	time.Sleep(rest)
	after, err := switches(p.Process().PID())
	if err != nil {
		return err
	}
	resident, err := status(p.Process().PID(), "VmRSS:")
	if err != nil {
		return err
	}
	fmt.Printf("\n### Idle, over 2 replicas\n\n")
	printTable([][]string{
		{"start to ready ms", "resident MiB", "wake-ups a second"},
		{ms(ready), mib(resident << 10), fmt.Sprintf("%.1f", float64(after-before)/rest.Seconds())},
	})
	return nil
}

func untilReady(p *proxy.Prombraid, begun time.Time) (time.Duration, error) {
	for time.Since(begun) < 20*time.Second {
		if answer, err := http.Get(p.URL() + "/-/ready"); err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return time.Since(begun), nil
			}
		}
		time.Sleep(time.Millisecond)
	}
	return 0, fmt.Errorf("not ready after 20 s:\n%s", p.Process().Log(5))
}

// switches counts how often the process's threads went to sleep.
func switches(pid int) (int64, error) {
	threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return 0, err
	}
	var sum int64
	for _, thread := range threads {
		id, err := strconv.Atoi(thread.Name())
		if err != nil {
			return 0, err
		}
		count, err := status(id, "voluntary_ctxt_switches:")
		if err != nil {
			return 0, err
		}
		sum += count
	}
	return sum, nil
}

// status reads one number of /proc/PID/status.
func status(pid int, name string) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if value, found := strings.CutPrefix(line, name); found {
			return strconv.ParseInt(strings.Fields(value)[0], 10, 64)
		}
	}
	return 0, fmt.Errorf("/proc/%d/status has no %s", pid, name)
}
