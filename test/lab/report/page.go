package report

import (
	"fmt"
	"os"
	"strings"
)

const (
	begin = "<!-- made by scripts/lab: begin -->\n"
	end   = "<!-- made by scripts/lab: end -->\n"
)

// Insert puts text between the two markers of a page, or appends it with them.
func Insert(page, text string) error {
	old, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(old), begin)
	after := ""
	if found {
		if _, after, found = strings.Cut(rest, end); !found {
			return fmt.Errorf("%s: no line %q", page, strings.TrimSpace(end))
		}
	} else {
		before += "\n"
	}
	return os.WriteFile(page, []byte(before+begin+text+end+after), 0o644)
}
