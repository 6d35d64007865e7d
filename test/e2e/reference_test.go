package e2e

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/metrics.md anew")

const metricsHead = `# Metrics

What /metrics says, made from it by ` + "`go test ./e2e -run TestMetricsPage -update`" + ` in test/, which
also checks this page. [The mixin](../helm/prombraid/mixin/alerts.yaml) has alerts on them,
[runbooks.md](runbooks.md) says what to do.

| metric | type | labels | what it is |
| --- | --- | --- | --- |
`

var (
	helpLine  = regexp.MustCompile(`^# HELP (\S+) (.*)$`)
	typeLine  = regexp.MustCompile(`^# TYPE (\S+) (\S+)$`)
	labelName = regexp.MustCompile(`([a-z_]+)="`)
)

// TestMetricsPage holds docs/metrics.md to what a Prombraid at work exports.
func TestMetricsPage(t *testing.T) {
	s := newSite(t)
	s.startDNS()
	s.publish(s.replica(0, debian, r0Labels, morningBlock(0)))
	p := s.overName()
	for _, mode := range modes {
		read(t, p.ReadURL(), mode, everything)
	}
	_, text, err := p.Get("/metrics")
	must(t, err)
	_, here, _, _ := runtime.Caller(0)
	path := filepath.Join(filepath.Dir(here), "../../docs/metrics.md")
	made := metricsHead + strings.Join(metricRows(text), "\n") + "\n"
	if *update {
		must(t, os.WriteFile(path, []byte(made), 0o644))
	}
	kept, err := os.ReadFile(path)
	must(t, err)
	if string(kept) == made {
		return
	}
	for _, row := range strings.Split(made, "\n") {
		if !strings.Contains(string(kept), row+"\n") {
			t.Errorf("docs/metrics.md lacks %s", row)
		}
	}
	t.Error("docs/metrics.md is not what the program exports; write it with -update")
}

// metricRows are the rows of the page, in the order of /metrics.
func metricRows(text string) []string {
	var names []string
	help, kind, labels := map[string]string{}, map[string]string{}, map[string][]string{}
	for _, line := range strings.Split(text, "\n") {
		if found := helpLine.FindStringSubmatch(line); found != nil {
			names = append(names, found[1])
			help[found[1]] = found[2]
		} else if found := typeLine.FindStringSubmatch(line); found != nil {
			kind[found[1]] = found[2]
		} else if len(names) > 0 {
			name := names[len(names)-1]
			for _, label := range labelName.FindAllStringSubmatch(line, -1) {
				if label[1] != "le" && !slices.Contains(labels[name], label[1]) {
					labels[name] = append(labels[name], label[1])
				}
			}
		}
	}
	var rows []string
	for _, name := range names {
		rows = append(rows, fmt.Sprintf("| `%s` | %s | %s | %s |", name, kind[name],
			strings.Join(labels[name], ", "), help[name]))
	}
	return rows
}
