package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/prometheus/common/model"

	"prombraid/test/internal/prom"
)

var (
	r0Labels = map[string]string{"cluster": "lab", "replica": "r0"}
	r1Labels = map[string]string{"cluster": "lab", "replica": "r1"}
	r2Labels = map[string]string{"cluster": "lab", "replica": "r2"}
)

// pair is one pairing at work.
type pair struct {
	*site
	replicas []*prom.Server
	upstream *prom.Server
}

func TestPairings(t *testing.T) {
	for _, replicas := range []prom.Version{debian, current()} {
		for _, upstream := range []prom.Version{debian, current()} {
			title := fmt.Sprintf("replicas %s, upstream %s", replicas.Name, upstream.Name)
			t.Run(title, func(t *testing.T) { testPairing(t, replicas, upstream) })
		}
	}
}

func testPairing(t *testing.T, replicas, upstream prom.Version) {
	s := newSite(t)
	s.startDNS()
	r0 := s.replica(0, replicas, r0Labels, morningBlock(0), monthBlock(0))
	r1 := s.replica(1, replicas, r1Labels, morningBlock(1), monthBlock(1))
	s.publish(r0, r1)
	through := s.overName()
	p := pair{s, []*prom.Server{r0, r1}, s.upstream(upstream, through, nil, true)}
	t.Run("a graph has every point that some replica has", p.graph)
	t.Run("a counter falls only where its target restarted", p.resets)
	t.Run("classic histograms are whole at every step", p.classic)
	t.Run("native histograms", p.native)
	t.Run("twelve selectors in one query", p.twelve)
	t.Run("a month", p.month)
	t.Run("the series API", p.series)
}

// step is fine enough to see each scrape, reach is the one and a half intervals of the live rule.
const (
	step  = 15 * time.Second
	reach = "22500ms"
)

func (p pair) graph(t *testing.T) {
	expr := fmt.Sprintf("last_over_time(lab_temperature[%s])", reach)
	got := points(p.ask(t, expr))
	var missing int
	all := map[string]bool{}
	for _, replica := range p.replicas {
		own := points(graph(t, replica, expr))
		for point := range own {
			all[point] = true
		}
	}
	for _, replica := range p.replicas {
		if own := points(graph(t, replica, expr)); len(own) == len(all) {
			t.Errorf("%s alone misses nothing: the test proves nothing", replica.Name)
		}
	}
	for point := range all {
		if !got[point] {
			missing++
		}
	}
	if missing > 0 || len(got) != len(all) {
		t.Errorf("%d points through Prombraid, %d missing of the replicas' %d", len(got), missing, len(all))
	}
}

func (p pair) resets(t *testing.T) {
	value, warnings, err := p.upstream.Instant("resets(lab_requests_total[6h])", at(morning.To))
	must(t, err)
	noWarnings(t, warnings)
	found := value.(model.Vector)
	if len(found) != 4 {
		t.Errorf("%d counters, not 4", len(found))
	}
	for _, sample := range found {
		want := model.SampleValue(0)
		if sample.Metric["instance"] == "target-1:80" {
			want = 1
		}
		if sample.Value != want {
			t.Errorf("%s fell %v times, not %v", sample.Metric, sample.Value, want)
		}
	}
}

func (p pair) classic(t *testing.T) {
	expr := fmt.Sprintf("count by (instance) (last_over_time(lab_latency_seconds_bucket[%s])) != 4", reach)
	if torn := p.ask(t, expr); len(torn) > 0 {
		t.Errorf("torn: %v", torn[0])
	}
	quantile := p.ask(t, "histogram_quantile(0.9, rate(lab_latency_seconds_bucket[1m]))")
	if len(quantile) != 4 {
		t.Errorf("quantiles of %d targets, not 4", len(quantile))
	}
}

func (p pair) native(t *testing.T) {
	if p.upstream.Version == debian {
		// It reads no histograms over remote_read: it must find nothing, and no error either.
		if got := p.ask(t, "lab_size_bytes"); len(got) != 0 {
			t.Errorf("%d series of histograms, which 2.42 can't have read", len(got))
		}
		return
	}
	for _, metric := range []string{"lab_size_bytes", "lab_weight"} {
		count := p.ask(t, fmt.Sprintf("histogram_count(last_over_time(%s[%s]))", metric, reach))
		if len(count) != 4 {
			t.Errorf("%s: %d series, not 4", metric, len(count))
		}
		rate := fmt.Sprintf("histogram_count(rate(%s[1m])) > 17 or histogram_count(rate(%s[1m])) < 0", metric, metric)
		if wrong := p.ask(t, rate); len(wrong) > 0 {
			t.Errorf("%s: a rate no target has: %v", metric, wrong[0])
		}
	}
}

func (p pair) twelve(t *testing.T) {
	expr := "lab_temperature"
	for i := 1; i < 12; i++ {
		expr += fmt.Sprintf(" + on (instance) max by (instance) (lab_requests_total offset %ds)", i)
	}
	if got := p.ask(t, expr); len(got) != 4 {
		t.Errorf("%d series, not 4", len(got))
	}
}

func (p pair) month(t *testing.T) {
	value, warnings, err := p.upstream.Instant(`count_over_time(up{job="month"}[30d])`, at(monthBefore.To+59*minute))
	must(t, err)
	noWarnings(t, warnings)
	found := value.(model.Vector)
	// One sample a minute, 30 days less an hour; a seam may cost or give one.
	want := float64(30*24*60 - 60)
	if len(found) != 1 || float64(found[0].Value) < want-4 || float64(found[0].Value) > want+4 {
		t.Errorf("%v, not %v samples of one series", found, want)
	}
}

func (p pair) series(t *testing.T) {
	found, warnings, err := p.upstream.Series("lab_temperature", at(morning.From), at(morning.To))
	must(t, err)
	noWarnings(t, warnings)
	if len(found) != 4 {
		t.Errorf("%d series, not 4: %v", len(found), found)
	}
	for _, labels := range found {
		if labels["replica"] != "" || labels["cluster"] != "lab" {
			t.Errorf("labels %s", labels)
		}
	}
}

// ask graphs the morning through the upstream and wants no warning.
func (p pair) ask(t *testing.T, expr string) model.Matrix {
	t.Helper()
	return graph(t, p.upstream, expr)
}

func graph(t *testing.T, server *prom.Server, expr string) model.Matrix {
	t.Helper()
	matrix, warnings, err := server.Graph(expr, at(morning.From), at(morning.To), step)
	if err != nil {
		t.Fatalf("%s: %s: %v", server.Name, expr, err)
	}
	noWarnings(t, warnings)
	return matrix
}

func noWarnings(t *testing.T, warnings []string) {
	t.Helper()
	if len(warnings) > 0 {
		t.Errorf("warnings: %q", warnings)
	}
}

// points are the places at which a graph of the targets has something.
func points(matrix model.Matrix) map[string]bool {
	all := map[string]bool{}
	for _, series := range matrix {
		for _, value := range series.Values {
			all[fmt.Sprintf("%s at %s", series.Metric["instance"], value.Timestamp.Time().UTC())] = true
		}
	}
	return all
}
