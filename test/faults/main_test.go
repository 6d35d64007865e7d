// Package faults holds Prombraid to its promises while its replicas, its clients and its name
// servers fail, stall and lie. Each case asserts the answer, the metric that counts the fault, the
// log line that names it, the memory that it took, and that the next good read works. The numbers
// in the names are those of docs/reliability.md.
package faults

import (
	"os"
	"testing"

	"prombraid/test/internal/suite"
)

var scratch string

func TestMain(m *testing.M) {
	os.Exit(suite.Suite{Name: "faults", Scratch: &scratch, Told: printCases}.Run(m))
}

var must = suite.Must
