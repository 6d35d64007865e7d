package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"prombraid/test/internal/proxy"
)

var placeInFile = regexp.MustCompile(`\.yml:(\d+):`)

// TestBrokenFiles has `check config` say what is wrong with each file of test/config/broken. The
// line that it names is the one that the file itself marks; the words are those of the golden. New
// goldens: go test ./e2e -run TestBrokenFiles -update
func TestBrokenFiles(t *testing.T) {
	folder, err := filepath.Abs("../config/broken")
	must(t, err)
	files, err := filepath.Glob(filepath.Join(folder, "*.yml"))
	must(t, err)
	if len(files) < 30 {
		t.Fatalf("only %d files", len(files))
	}
	told := map[string]string{}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(strings.TrimSuffix(name, ".yml"), func(t *testing.T) {
			said, code := checkConfig(t, folder, name)
			if code != 1 {
				t.Errorf("exit code %d", code)
			}
			golden := strings.TrimSuffix(file, ".yml") + ".golden"
			if *update {
				must(t, os.WriteFile(golden, []byte(said), 0o644))
			}
			want, err := os.ReadFile(golden)
			must(t, err)
			if said != string(want) {
				t.Errorf("said\n%snot\n%s", said, want)
			}
			text, err := os.ReadFile(file)
			must(t, err)
			if err := namesTheLine(said, string(text)); err != nil {
				t.Error(err)
			}
			if strings.Contains(said, "planted") {
				t.Errorf("a secret is shown: %s", said)
			}
			_, fault, _ := strings.Cut(said, "FAILED: "+name)
			if other := told[fault]; other != "" {
				t.Errorf("the same as of %s", other)
			}
			told[fault] = name
		})
	}
}

// checkConfig gives all that the program says, with names of files as they are in the folder.
func checkConfig(t *testing.T, folder, name string) (said string, code int) {
	t.Helper()
	var out bytes.Buffer
	command := exec.Command(proxy.Binary(), "check", "config", name)
	command.Dir, command.Stdout, command.Stderr = folder, &out, &out
	var exit *exec.ExitError
	if err := command.Run(); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		must(t, err)
	}
	return out.String(), code
}

// namesTheLine wants the line that is told to be the one with the mark.
func namesTheLine(said, text string) error {
	place := placeInFile.FindStringSubmatch(said)
	if place == nil {
		return fmt.Errorf("no line is named: %s", said)
	}
	number, err := strconv.Atoi(place[1])
	lines := strings.Split(text, "\n")
	if err != nil || number > len(lines) || !strings.HasSuffix(lines[number-1], "# fault") {
		return fmt.Errorf("line %s is named, which has no mark: %s", place[1], said)
	}
	return nil
}
