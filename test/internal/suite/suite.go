// Package suite is what the packages that test the program begin and end with.
package suite

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"prombraid/test/internal/proxy"
)

// Suite is one package of tests.
type Suite struct {
	Name    string          // of the directory of its files
	Scratch *string         // is set to that directory, which is gone at the end unless KEEP is set
	Prepare func() error    // what must be at hand before the first test; may be nil
	Told    func(io.Writer) // what is printed behind the last one; may be nil
}

// Run gives the exit code. Where a secret came into a log of the program it is a bad one, whatever
// the tests say.
func (s Suite) Run(m *testing.M) int {
	if err := s.begin(); err != nil {
		fmt.Println(err)
		return 1
	}
	if os.Getenv("KEEP") == "" {
		defer os.RemoveAll(*s.Scratch)
	}
	code := m.Run()
	if s.Told != nil {
		s.Told(os.Stdout)
	}
	found, logs, err := leaks(*s.Scratch)
	if err != nil || len(found) > 0 {
		fmt.Println(strings.Join(found, "\n"), err)
		return 1
	}
	fmt.Printf("%d logs of the program, no secret in them\n", logs)
	return code
}

func (s Suite) begin() (err error) {
	if err := Program(); err != nil {
		return err
	}
	if s.Prepare != nil {
		if err := s.Prepare(); err != nil {
			return err
		}
	}
	*s.Scratch, err = os.MkdirTemp("", "prombraid-"+s.Name+"-")
	return err
}

// Program says that there is something to test.
func Program() error {
	if _, err := os.Stat(proxy.Binary()); err != nil {
		return fmt.Errorf("no program to test; build it or set PROMBRAID_BIN: %w", err)
	}
	return nil
}

// Must ends the test where there is an error.
func Must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
