package e2e

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
)

// readsOf is how many remote_reads a server has answered by its own count.
func readsOf(t *testing.T, r *prom.Server) int {
	t.Helper()
	answer, err := http.Get(r.URL() + "/metrics")
	must(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	must(t, err)
	reads := 0
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, `prometheus_http_requests_total{`) || !strings.Contains(line, `handler="/api/v1/read"`) {
			continue
		}
		var n int
		_, err := fmt.Sscan(line[strings.LastIndexByte(strings.TrimSpace(line), ' ')+1:], &n)
		must(t, err)
		reads += n
	}
	return reads
}

// twoSets is two clusters of two servers each, of both generations, and a proxy over them.
func twoSets(t *testing.T) (replicas []*prom.Server, p *proxy.Prombraid) {
	t.Helper()
	s := newSite(t)
	for n, cluster := range []string{"eu", "eu", "us", "us"} {
		version := debian
		if n%2 == 1 {
			version = current()
		}
		labels := map[string]string{"cluster": cluster, "replica": fmt.Sprint(n)}
		replicas = append(replicas, s.replica(n, version, labels, morningBlock(n%2)))
	}
	file := filepath.Join(s.dir, "prombraid.yml")
	must(t, os.WriteFile(file, fmt.Appendf(nil, `replica_sets:
  - {name: eu, replicas: [%q, %q]}
  - {name: us, replicas: [%q, %q]}
`, replicas[0].Address(), replicas[1].Address(), replicas[2].Address(), replicas[3].Address()), 0o600))
	p, err := proxy.Start(s.dir, s.net.Host(100), "--config.file="+file)
	must(t, err)
	s.stopAtEnd(p)
	return replicas, p
}

// TestTwoSetsOfRealReplicas: which replicas a selector asks is what the servers themselves have
// counted.
func TestTwoSetsOfRealReplicas(t *testing.T) {
	replicas, p := twoSets(t)
	// What one of two has and the other has not belongs to the answer as well.
	names := map[string]bool{}
	for _, r := range replicas[:2] {
		for _, one := range own(t, r, everything) {
			names[fmt.Sprint(one.Labels)] = true
		}
	}
	whole := len(names)

	for _, c := range []struct {
		name     string
		matchers []*prompb.LabelMatcher
		asked    string
		series   int
	}{
		{"no label asks both", nil, "[1 1 1 1]", 2 * whole},
		{"one cluster", []*prompb.LabelMatcher{{Name: "cluster", Value: "eu"}}, "[1 1 0 0]", whole},
		{"the other", []*prompb.LabelMatcher{{Name: "cluster", Value: "us"}}, "[0 0 1 1]", whole},
		{"by a regular expression", []*prompb.LabelMatcher{{Type: prompb.LabelMatcher_RE, Name: "cluster", Value: "u."}}, "[0 0 1 1]", whole},
		{"by what it is not", []*prompb.LabelMatcher{{Type: prompb.LabelMatcher_NEQ, Name: "cluster", Value: "us"}}, "[1 1 0 0]", whole},
		{"a cluster that is none", []*prompb.LabelMatcher{{Name: "cluster", Value: "asia"}}, "[0 0 0 0]", 0},
	} {
		for _, mode := range modes {
			before := make([]int, len(replicas))
			for i, r := range replicas {
				before[i] = readsOf(t, r)
			}
			query := remote.Query(everything, morning.From, morning.To)
			query.Matchers = append(query.Matchers, c.matchers...)
			series, err := remote.Read(p.ReadURL(), mode, query)
			must(t, err)
			if len(series) != c.series {
				t.Errorf("%s, %s: %d series, not %d", c.name, mode, len(series), c.series)
			}
			var since []int
			for i, r := range replicas {
				since = append(since, readsOf(t, r)-before[i])
			}
			if asked := fmt.Sprint(since); asked != c.asked {
				t.Errorf("%s, %s: the servers counted %s, not %s", c.name, mode, asked, c.asked)
			}
		}
	}
}
