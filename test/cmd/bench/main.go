// bench measures the whole: real Prometheus servers over prepared blocks, Prombraid in front of
// them, and direct reads of the same servers beside it, all in one run.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

type options struct {
	sets   []string
	parts  []string
	quick  bool
	fanout bool
	runs   int
	other  string
	spell  time.Duration
	cache  string
}

func main() {
	o, err := parse()
	if err == nil {
		err = run(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func parse() (options, error) {
	var o options
	sets := flag.String("sets", "holes", "data sets, or all: holes, clean, histograms, idle, huge, short")
	parts := flag.String("parts", "large,growth,silent,small,idle", "what to measure; all but large, replay and profile (by perf) only of the set holes")
	flag.BoolVar(&o.quick, "quick", false, "a tenth of the data: for a look, not for figures")
	flag.BoolVar(&o.fanout, "fanout", true, "measure a Prometheus with three remote_read entries too")
	flag.IntVar(&o.runs, "runs", 7, "measured runs of each large read")
	flag.StringVar(&o.other, "against", "", "another build of Prombraid to measure beside this one")
	flag.DurationVar(&o.spell, "spell", 2*time.Second, "how long each crowd of small reads lasts")
	flag.Parse()
	o.sets, o.parts = strings.Split(*sets, ","), strings.Split(*parts, ",")
	cache, err := os.UserCacheDir()
	o.cache = filepath.Join(cache, "prombraid", "bench")
	return o, err
}

func run(o options) error {
	fmt.Printf("%s, %d cores, %s\n", runtime.GOARCH, runtime.NumCPU(), load())
	for _, d := range datasets(o.quick) {
		if !slices.Contains(o.sets, d.Name) && !slices.Contains(o.sets, "all") {
			continue
		}
		if err := runSet(o, d); err != nil {
			return fmt.Errorf("%s: %w", d.Name, err)
		}
	}
	return nil
}

func runSet(o options, d dataset) error {
	l, err := openLab(d, o.cache)
	defer l.close()
	if err != nil {
		return err
	}
	steps := []struct {
		part string
		do   func() error
	}{
		{"large", func() error { return l.large(o.runs, o.fanout && d.Name == "holes", o.other) }},
		{"replay", func() error { return l.replay(o.runs, o.other) }},
		{"profile", func() error { return l.profile(o.runs, o.spell) }},
		{"growth", func() error { return errors.Join(l.growth(o.runs), l.growthByReplicas(o.runs)) }},
		{"silent", func() error { return l.silent() }},
		{"small", func() error { return l.small(o.spell) }},
		{"idle", func() error { return l.idle(3 * o.spell) }},
	}
	for _, step := range steps {
		ofAny := slices.Contains([]string{"large", "replay", "profile"}, step.part)
		if !slices.Contains(o.parts, step.part) || !ofAny && d.Name != "holes" {
			continue
		}
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.part, err)
		}
	}
	return nil
}

// load tells what else the machine does, by which every figure must be judged.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return err.Error()
	}
	return "load " + strings.Join(strings.Fields(string(text))[:3], " ")
}
