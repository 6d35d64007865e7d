// Package secure tests TLS and credentials in both directions on real parts: Prometheus servers and
// clients, token servers, and certificates that change while they are used.
package secure

import (
	"os"
	"testing"

	"prombraid/test/internal/prom"
	"prombraid/test/internal/suite"
)

// scratch holds the directories of all tests.
var scratch string

func TestMain(m *testing.M) {
	fetch := func() error {
		_, err := prom.Current()
		return err
	}
	os.Exit(suite.Suite{Name: "secure", Scratch: &scratch, Prepare: fetch}.Run(m))
}

var must = suite.Must
