// Package e2e tests Prombraid on real parts: real Prometheus servers of two generations as replicas
// and as upstreams, behind names that a real DNS server serves.
package e2e

import (
	"fmt"
	"os"
	"testing"
	"time"

	"prombraid/test/internal/prom"
	"prombraid/test/internal/suite"
)

// scratch holds the directories of all tests; blocks are linked from there, so it is one file system.
var scratch string

func TestMain(m *testing.M) {
	os.Exit(suite.Suite{Name: "e2e", Scratch: &scratch, Prepare: fetchPrometheus, Told: printCosts}.Run(m))
}

func fetchPrometheus() error {
	begun := time.Now()
	current, err := prom.Current()
	if err != nil {
		return err
	}
	fmt.Printf("Prometheus %s is at hand after %.1f s\n", current.Name, time.Since(begun).Seconds())
	return nil
}

// current is the newer Prometheus; TestMain has made sure of it.
func current() prom.Version {
	version, _ := prom.Current()
	return version
}

var debian = prom.Debian

var must = suite.Must
