// Package secure tests TLS and credentials in both directions on real parts: Prometheus servers and
// clients, token servers, and certificates that change while they are used.
package secure

import (
	"fmt"
	"os"
	"testing"

	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
)

// scratch holds the directories of all tests.
var scratch string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if _, err := os.Stat(proxy.Binary()); err != nil {
		fmt.Println("no program to test; build it or set PROMBRAID_BIN:", err)
		return 1
	}
	if _, err := prom.Current(); err != nil {
		fmt.Println(err)
		return 1
	}
	var err error
	if scratch, err = os.MkdirTemp("", "prombraid-secure-"); err != nil {
		fmt.Println(err)
		return 1
	}
	defer os.RemoveAll(scratch)
	return m.Run()
}
