package faults

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"prombraid/test/internal/proxy"
)

// mib above what was resident before a case, beside the limits that the case is about.
const mib = int64(1) << 20

const slack = 16 * mib

// cost is one line of the table at the end.
type cost struct {
	name   string
	took   time.Duration
	growth int64
	failed bool
}

var costs struct {
	sync.Mutex
	all []cost
}

// watch measures a case from now to the end of the test: resident memory may grow by the limits
// that are named, and 16 MiB.
func (s *stage) watch(limits int64) {
	s.Helper()
	begun := time.Now()
	process := s.proxy.Process()
	must(s.T, process.ResetPeak())
	before, err := process.Usage()
	must(s.T, err)
	s.Cleanup(func() {
		growth := int64(0)
		if after, err := process.Usage(); err == nil {
			growth = after.Peak - before.Peak
		} else if !process.Exited() {
			s.Errorf("usage: %v", err)
		}
		if growth > limits+slack && !proxy.Sanitized() {
			s.Errorf("resident memory grew by %.1f MiB, more than %d MiB", float64(growth)/float64(mib), (limits+slack)/mib)
		}
		costs.Lock()
		defer costs.Unlock()
		costs.all = append(costs.all, cost{s.Name(), time.Since(begun), growth, s.Failed()})
	})
}

// printCases writes a line a case that scripts/count finds by its first word.
func printCases(out io.Writer) {
	costs.Lock()
	defer costs.Unlock()
	slices.SortFunc(costs.all, func(a, b cost) int { return strings.Compare(a.name, b.name) })
	worst := cost{}
	for _, c := range costs.all {
		result := "passed"
		if c.failed {
			result = "FAILED"
		}
		fmt.Fprintf(out, "case: %-68s %s %6.2f s %+8.1f MiB\n", c.name, result, c.took.Seconds(), float64(c.growth)/float64(mib))
		if c.growth > worst.growth {
			worst = c
		}
	}
	fmt.Fprintf(out, "case: %d in all; the most memory: %.1f MiB, in %s\n", len(costs.all), float64(worst.growth)/float64(mib), worst.name)
}
