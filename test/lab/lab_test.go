package main

import (
	"fmt"
	"math"
	"os"
	"testing"

	"prombraid/test/internal/prom"
	"prombraid/test/internal/suite"
	"prombraid/test/lab/field"
)

func TestMain(m *testing.M) {
	if err := suite.Program(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// fewTargets are the greatest means of small worlds that have as many faults as the full ones and a
// quarter of their targets: what phases they got by chance weighs more. docs/merge.md has the full worlds.
var fewTargets = map[string]float64{"flapping": 1.11, "two": 1.035, "5s": 1.045, "late-joiner": 1.03, "fresh": 1.03}

// Worlds that nobody thought of keep what is not a matter of degree.
func TestWildWorlds(t *testing.T) {
	for seed := range uint64(5) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			o, err := run(field.Named("wild", seed, field.Small), prom.Debian, nil, "")
			if err != nil {
				t.Fatal(err)
			}
			for _, broken := range o.broken(limits{math.Inf(1), math.Inf(1), 0}) {
				t.Error(broken)
			}
		})
	}
}

// The upstream is a real one in the calm world; elsewhere the same engine in this process answers.
func TestSmallWorlds(t *testing.T) {
	for _, name := range field.Names() {
		t.Run(name, func(t *testing.T) {
			var upstream *prom.Version
			if name == "calm" {
				current, err := prom.Current()
				if err != nil {
					t.Fatal(err)
				}
				upstream = &current
			}
			o, err := run(field.Named(name, 0, field.Small), prom.Debian, upstream, "")
			if err != nil {
				t.Fatal(err)
			}
			most := limitsOf(o.world)
			most.mean = max(most.mean, fewTargets[name])
			for _, broken := range o.broken(most) {
				t.Error(broken)
			}
			t.Log("\n" + table([]outcome{o}))
		})
	}
}
