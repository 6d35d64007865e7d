package main

import (
	"fmt"
	"os"
	"testing"

	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
	"prombraid/test/lab/field"
)

func TestMain(m *testing.M) {
	if _, err := os.Stat(proxy.Binary()); err != nil {
		fmt.Println("no program to test; build it or set PROMBRAID_BIN:", err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// farther are the small worlds whose rates are known to be farther from a perfect replica's than the bounds
// allow: with five targets and as many faults each seam weighs more. docs/merge.md has the figures
// of the full worlds.
var farther = map[string]bool{
	"flapping": true, "two": true, "5s": true, "late-joiner": true, "skewed": true, "fresh": true,
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
			for _, broken := range o.broken() {
				if broken.spacing && farther[name] {
					t.Log(broken.text)
				} else {
					t.Error(broken.text)
				}
			}
			t.Log("\n" + table([]outcome{o}))
		})
	}
}
