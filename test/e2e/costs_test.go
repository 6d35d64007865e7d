package e2e

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"prombraid/test/internal/proc"
)

// printCosts shows, for each kind of process, how many ran and the most that one of them cost.
func printCosts(out io.Writer) {
	type row struct {
		runs int
		most proc.Usage
	}
	rows := map[string]*row{}
	for _, one := range proc.AllEnded() {
		r := rows[one.Name]
		if r == nil {
			r = &row{}
			rows[one.Name] = r
		}
		r.runs++
		r.most.Peak = max(r.most.Peak, one.Peak)
		r.most.CPU = max(r.most.CPU, one.CPU)
	}
	var names []string
	for name := range rows {
		names = append(names, name)
	}
	slices.Sort(names)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "process\truns\tpeak memory at most\tCPU at most")
	for _, name := range names {
		r := rows[name]
		fmt.Fprintf(table, "%s\t%d\t%s\t%s\n", name, r.runs, mebibytes(r.most.Peak), r.most.CPU.Round(time.Millisecond))
	}
	if len(costs) > 0 {
		fmt.Fprintln(table, strings.Repeat("-", 8))
		fmt.Fprintln(table, "one read\tsamples\twall\tCPU of the server\tits peak memory")
		for _, c := range costs {
			fmt.Fprintf(table, "%s\t%d\t%s\t%s\t%s\n", c.what, c.samples,
				c.wall.Round(time.Millisecond), c.CPU, mebibytes(c.Peak))
		}
	}
	_ = table.Flush()
}

func mebibytes(n int64) string { return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20)) }

// cost is what one read cost the server that answered it.
type cost struct {
	what    string
	samples int
	wall    time.Duration
	proc.Usage
}

var costs []cost
