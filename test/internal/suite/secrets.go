package suite

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Planted is the word that every secret in these tests has in it.
const Planted = "planted"

const programLog = "prombraid.log"

// Clear empties a test's directory, but for the log of the program, which is looked through at the
// end.
func Clear(dir string) {
	entries, _ := os.ReadDir(dir)
	for _, entry := range entries {
		if entry.Name() != programLog {
			_ = os.RemoveAll(filepath.Join(dir, entry.Name()))
		}
	}
}

// leaks names each log of the program, of whichever test, that has a planted secret in it, and says
// how many logs there are.
func leaks(scratch string) (found []string, logs int, err error) {
	err = filepath.WalkDir(scratch, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() != programLog {
			return err
		}
		logs++
		text, err := os.ReadFile(path)
		for number, line := range bytes.Split(text, []byte("\n")) {
			if bytes.Contains(line, []byte(Planted)) {
				found = append(found, fmt.Sprintf("%s:%d: a planted secret", path, number+1))
			}
		}
		return err
	})
	return found, logs, err
}
