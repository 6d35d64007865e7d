package main

import (
	"fmt"
	"os"
	"time"
)

// Memory may grow by 5 % and a little that any allocator takes; descriptors by a few connections.
const (
	mostGrowth   = 5.0     // percent
	memorySlack  = 2 << 20 // bytes
	mostNewFiles = 24      // kept-alive connections to two replicas, by chance
)

// usage follows the proxy's memory and descriptors.
type usage struct {
	pid     int
	settled time.Time

	settledMemory, endMemory, mostMemory int64
	settledFiles, endFiles               int
}

func (u *usage) watch(end time.Time) {
	for time.Now().Before(end) {
		time.Sleep(500 * time.Millisecond)
		memory := resident(u.pid)
		u.mostMemory = max(u.mostMemory, memory)
		if time.Now().Before(u.settled) {
			u.settledMemory = max(u.settledMemory, memory)
			u.settledFiles = max(u.settledFiles, files(u.pid))
		}
	}
}

func (u *usage) last() {
	time.Sleep(time.Second)
	u.endMemory, u.endFiles = resident(u.pid), files(u.pid)
}

func (u *usage) growth() float64 {
	return 100 * float64(u.endMemory-u.settledMemory) / float64(max(1, u.settledMemory))
}

func (u *usage) verdict() error {
	if u.growth() > mostGrowth && u.endMemory-u.settledMemory > memorySlack {
		return fmt.Errorf("memory grew by %.1f %%", u.growth())
	}
	if u.endFiles > u.settledFiles+mostNewFiles {
		return fmt.Errorf("descriptors grew from %d to %d", u.settledFiles, u.endFiles)
	}
	return nil
}

func mib(bytes int64) float64 { return float64(bytes) / (1 << 20) }

func resident(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	var total, pages int64
	if _, err := fmt.Sscan(string(text), &total, &pages); err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

func files(pid int) int {
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		return 0
	}
	return len(entries)
}
