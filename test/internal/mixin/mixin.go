// Package mixin reads the dashboard and the rules that come with the chart.
package mixin

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// Ask is one query of the dashboard, as a test can send it.
type Ask struct {
	Panel, Legend, Expr string
}

// Folder holds the mixin.
func Folder() string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "../../../helm/prombraid/mixin")
}

// chosen stands for what Grafana puts in place of its variables where all is chosen.
var chosen = strings.NewReplacer("$cluster", ".*", "$namespace", ".*", "$job", ".*",
	"$instance", ".*", "$__rate_interval", "20s")

// Asks are all queries of the dashboard.
func Asks() ([]Ask, error) {
	var page struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr, LegendFormat string }
		}
	}
	text, err := os.ReadFile(filepath.Join(Folder(), "dashboard.json"))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &page); err != nil {
		return nil, err
	}
	var all []Ask
	for _, panel := range page.Panels {
		for _, target := range panel.Targets {
			all = append(all, Ask{panel.Title, target.LegendFormat, chosen.Replace(target.Expr)})
		}
	}
	return all, nil
}

var metric = regexp.MustCompile(`\b(?:prombraid|process)_[a-z_]+\b`)

// Metrics are the names of all metrics that the mixin's files ask for, less those that it records.
func Metrics() ([]string, error) {
	found := map[string]bool{}
	for _, file := range []string{"dashboard.json", "rules.yaml", "alerts.yaml"} {
		text, err := os.ReadFile(filepath.Join(Folder(), file))
		if err != nil {
			return nil, err
		}
		for _, at := range metric.FindAllIndex(text, -1) {
			if recorded := at[0] > 0 && text[at[0]-1] == ':'; !recorded {
				found[string(text[at[0]:at[1]])] = true
			}
		}
	}
	var names []string
	for name := range found {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}
