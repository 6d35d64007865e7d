package suite

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLeaks(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a/prombraid.log": "fine\nAuthorization: planted-token\n",
		"b/prombraid.log": "fine\n",
		"b/web.yml":       "password: planted-password\n",
	} {
		path := filepath.Join(dir, name)
		Must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		Must(t, os.WriteFile(path, []byte(text), 0o644))
	}
	found, logs, err := leaks(dir)
	Must(t, err)
	if logs != 2 || len(found) != 1 || !strings.Contains(found[0], "a/prombraid.log:2") {
		t.Errorf("%d logs, %q", logs, found)
	}
}
