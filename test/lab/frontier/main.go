// Command frontier compares ways to merge: how near each comes to a perfect replica, and how far back what it
// answers can depend on the data.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"prombraid/test/lab/field"
)

// chosen is the epoch of Prombraid in intervals of 15 s.
const chosen = 20

func main() {
	docs := flag.String("docs", "", "a directory whose img/ takes the plot")
	worlds := flag.String("worlds", "calm,flapping", "which worlds")
	flag.Parse()
	if err := show(strings.Split(*worlds, ","), *docs); err != nil {
		fmt.Fprintln(os.Stderr, "frontier:", err)
		os.Exit(1)
	}
}

func show(worlds []string, docs string) error {
	results := map[string][]verdict{}
	all := merges()
	for _, name := range worlds {
		w := field.Named(name, 0, field.Full)
		if w == nil {
			return fmt.Errorf("no world is called %q", name)
		}
		g, err := groundOf(w)
		if err != nil {
			return err
		}
		for _, m := range all {
			v, err := g.judge(m)
			if err != nil {
				return err
			}
			results[name] = append(results[name], v)
		}
	}
	fmt.Print(table(worlds, all, results))
	if docs == "" {
		return nil
	}
	return os.WriteFile(filepath.Join(docs, "img", "frontier.svg"), []byte(plot(worlds, all, results)), 0o644)
}

// merges are the ways that are compared, by how far back they look.
func merges() []merge {
	all := []merge{{"returns to the first live replica at once", false, 2, endless(firstLive), asked}}
	for _, n := range []int64{5, 10, chosen, 40, 80} {
		name := fmt.Sprintf("stays, begun anew in epochs of %d S", n)
		all = append(all, merge{name, n == chosen, 2 * n, epochs(n), func(from, s int64) int64 {
			return endOf(from, n*s) - 2*n*s
		}})
	}
	return append(all,
		merge{"stays, never begun anew", false, long, endless(staying), asked},
		merge{"least cost in sum, knowing the future", false, long, leastCost, asked})
}

func asked(from, _ int64) int64 { return from - 1 }

func endless(r rule) func([]lane, int64) []step {
	return func(lanes []lane, s int64) []step { return r.braid(lanes, s, long) }
}

func epochs(n int64) func([]lane, int64) []step {
	return func(lanes []lane, s int64) []step { return staying.braid(lanes, s, n*s) }
}
