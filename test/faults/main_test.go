// Package faults holds Prombraid to its promises while its replicas, its clients and its name
// servers fail, stall and lie. Each case asserts the answer, the metric that counts the fault, the
// log line that names it, the memory that it took, and that the next good read works. The numbers
// in the names are those of docs/reliability.md.
package faults

import (
	"fmt"
	"os"
	"testing"

	"prombraid/test/internal/proxy"
)

var scratch string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if _, err := os.Stat(proxy.Binary()); err != nil {
		fmt.Println("no program to test; build it or set PROMBRAID_BIN:", err)
		return 1
	}
	var err error
	if scratch, err = os.MkdirTemp("", "prombraid-faults-"); err != nil {
		fmt.Println(err)
		return 1
	}
	if os.Getenv("KEEP") == "" {
		defer os.RemoveAll(scratch)
	}
	code := m.Run()
	printCases(os.Stdout)
	return code
}
