// Package e2e tests Prombraid on real parts: real Prometheus servers of two generations as replicas
// and as upstreams, behind names that a real DNS server serves.
package e2e

import (
	"fmt"
	"os"
	"testing"
	"time"

	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
)

// scratch holds the directories of all tests; blocks are linked from there, so it is one file system.
var scratch string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if _, err := os.Stat(proxy.Binary()); err != nil {
		fmt.Println("no program to test; build it or set PROMBRAID_BIN:", err)
		return 1
	}
	begun := time.Now()
	current, err := prom.Current()
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Printf("Prometheus %s is at hand after %.1f s\n", current.Name, time.Since(begun).Seconds())
	if scratch, err = os.MkdirTemp("", "prombraid-e2e-"); err != nil {
		fmt.Println(err)
		return 1
	}
	defer os.RemoveAll(scratch)
	code := m.Run()
	printCosts(os.Stdout)
	return code
}

// current is the newer Prometheus; TestMain has made sure of it.
func current() prom.Version {
	version, _ := prom.Current()
	return version
}

var debian = prom.Debian
