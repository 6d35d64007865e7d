// Command lab puts made-up worlds on real Prometheus servers behind Prombraid and says how far the
// answers are from the truth, beside a perfect replica and others who merge.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"prombraid/test/internal/prom"
	"prombraid/test/lab/field"
)

func main() {
	name := flag.String("world", "", "one of "+strings.Join(field.Names(), ", ")+", all of them without it; or wild, which is another one with each seed")
	seed := flag.Uint64("seed", 0, "another world of that name; 0 is the world's own")
	small := flag.Bool("small", false, "as small as the tests have it")
	docs := flag.String("docs", "", "a directory whose merge.md and img/ take the results")
	thanos := flag.String("thanos", "", "the program lab/thanos, built; without it Thanos is left out")
	flag.Parse()
	if err := show(*name, *seed, *small, *docs, *thanos); err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err)
		os.Exit(1)
	}
}

func show(name string, seed uint64, small bool, docs, thanos string) error {
	names, size := field.Names(), field.Full
	if name != "" {
		names = []string{name}
	}
	if small {
		size = field.Small
	}
	upstream, err := prom.Current()
	if err != nil {
		return err
	}
	var outcomes []outcome
	for _, name := range names {
		w := field.Named(name, seed, size)
		if w == nil {
			return fmt.Errorf("no world is called %q", name)
		}
		begun := time.Now()
		o, err := run(w, prom.Debian, &upstream, thanos)
		if err != nil {
			return fmt.Errorf("world %s: %w", name, err)
		}
		fmt.Fprintf(os.Stderr, "%s, seed %d: %.1f s; %d points the same from a real upstream\n", name, w.Seed, time.Since(begun).Seconds(), o.upstream)
		outcomes = append(outcomes, o)
	}
	fmt.Print(table(outcomes))
	fmt.Print("\n" + bounds(outcomes))
	if docs != "" {
		return writePage(docs, outcomes)
	}
	return nil
}
