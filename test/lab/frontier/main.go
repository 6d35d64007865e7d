// Command frontier compares ways to merge: how near each comes to a perfect replica, and how far back what it
// answers can depend on the data.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"prombraid/test/lab/field"
)

const minute = int64(60_000)

// chosen is what Prombraid does.
var chosen = epochs{length: 5 * minute, back: 8, third: true}

func main() {
	docs := flag.String("docs", "", "a directory whose img/ takes the plot")
	worlds := flag.String("worlds", strings.Join(field.Names(), ","), "which worlds")
	seeds := flag.Uint64("seeds", 5, "how many worlds of each name: its own seed, and others from 101 on")
	only := flag.String("rules", "", "only rules with this in their names, and each world's verdict as it comes")
	flag.Parse()
	if err := show(strings.Split(*worlds, ","), *seeds, *docs, *only); err != nil {
		fmt.Fprintln(os.Stderr, "frontier:", err)
		os.Exit(1)
	}
}

func show(worlds []string, seeds uint64, docs, only string) error {
	all := slices.DeleteFunc(merges(), func(m merge) bool { return !strings.Contains(m.name, only) })
	results := map[string][]verdicts{}
	for _, name := range worlds {
		results[name] = make([]verdicts, len(all))
		for n := range seeds {
			seed := uint64(0)
			if n > 0 {
				seed = 100 + n
			}
			if err := judgeAll(name, seed, all, results[name], only != ""); err != nil {
				return err
			}
		}
	}
	fmt.Print(table(worlds, all, results))
	if docs == "" {
		return nil
	}
	return os.WriteFile(filepath.Join(docs, "img", "frontier.svg"), []byte(plot(all, results)), 0o644)
}

func judgeAll(name string, seed uint64, all []merge, into []verdicts, tell bool) error {
	w := field.Named(name, seed, field.Full)
	if w == nil {
		return fmt.Errorf("no world is called %q", name)
	}
	g, err := groundOf(w)
	if err != nil {
		return err
	}
	for i, m := range all {
		v, err := g.judge(m)
		if err != nil {
			return err
		}
		into[i] = append(into[i], v)
		if tell {
			fmt.Fprintf(os.Stderr, "%s %d, %s: mean %.4f, p99 %.3f, missing %d, gap %.4f %%, false resets %d, too close %d, windows differ %d\n",
				name, w.Seed, m.name, v.mean, v.p99, v.missing, 100*v.gap, v.falls, v.close, v.differ)
		}
	}
	return nil
}

// merges are the ways that are compared, by how far back they look.
func merges() []merge {
	all := []merge{{"returns to the first live replica at once", false, 0, endless(firstLive), asked}}
	for _, back := range []int64{1, 2, 4, chosen.back, 12} {
		e := chosen
		e.back = back
		if back == chosen.back {
			e.third = false
			all = append(all, merge{"the same, changing directly", false, reach(e), anew(e), e.begin})
			e.third = true
		}
		name := fmt.Sprintf("stays, begun anew %d min before each epoch", back*e.length/minute)
		all = append(all, merge{name, e == chosen, reach(e), anew(e), e.begin})
	}
	return append(all,
		merge{"stays, never begun anew", false, long, endless(staying), asked},
		merge{"least error by times, knowing the future", false, long, leastError, nil})
}

func asked(from int64) int64 { return from - 1 }

func reach(e epochs) int64 { return (1 + e.back) * e.length }

func endless(r rule) func([]lane, int64) []step {
	return func(lanes []lane, s int64) []step { return r.braid(lanes, s, epochs{length: long}) }
}

func anew(e epochs) func([]lane, int64) []step {
	return func(lanes []lane, s int64) []step { return staying.braid(lanes, s, e) }
}
