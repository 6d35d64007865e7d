package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestChartValuesAreOfTheProgram has the program itself read the configuration files that the chart's
// value files hold, which the chart's schema leaves open.
func TestChartValuesAreOfTheProgram(t *testing.T) {
	files, err := filepath.Glob("../../helm/prombraid/ci/*-values.yaml")
	must(t, err)
	checked := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		must(t, err)
		var values struct{ Config map[string]any }
		must(t, yaml.Unmarshal(text, &values))
		if values.Config == nil {
			continue
		}
		checked++
		t.Run(strings.TrimSuffix(filepath.Base(file), "-values.yaml"), func(t *testing.T) {
			config, err := yaml.Marshal(values.Config)
			must(t, err)
			path := filepath.Join(t.TempDir(), "prombraid.yaml")
			must(t, os.WriteFile(path, config, 0o644))
			if code, out, wrong := tool(t, "check", "config", path); code != 0 {
				t.Errorf("%d %s %s", code, out, wrong)
			}
		})
	}
	if checked < 3 {
		t.Errorf("only %d value files have a file", checked)
	}
}
