package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/tsdb/chunkenc"

	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
	"prombraid/test/internal/world"
)

// The four hours of the panel; each replica was down for a part of them, and one of them twice.
var (
	panelHours = world.Range{From: morning.From, To: morning.From + 4*hour}
	panelDown  = [][]world.Range{
		{within(35*minute, 75*minute), within(200*minute, 215*minute)},
		{within(120*minute, 165*minute)},
	}
)

const panelExpr = "sum by (instance) (rate(lab_requests_total[2m]))"

func panelBlock(n int) string {
	return block(fmt.Sprintf("panel-%d", n), chunkenc.EncXOR, func() []world.Series {
		r := world.Replica{Seed: uint64(n + 1), Interval: interval, Phase: int64(300 + 7000*n), Jitter: 20, Down: panelDown[n]}
		before := world.Range{From: panelHours.From - 5*minute, To: panelHours.To + minute}
		return r.Scrape(world.Targets(3), before)
	})
}

// panelForm is what the web page of Prometheus 3 asks for to draw the panel in steps of 30 s.
func panelForm() url.Values {
	return url.Values{
		"query": {panelExpr}, "step": {"30"},
		"start": {fmt.Sprint(panelHours.From / second)}, "end": {fmt.Sprint(panelHours.To / second)},
	}
}

// panelOf is two replicas with holes, a proxy over both, and an engine that reads through it; pages,
// where they are wanted, are those of scripts/prometheus-ui.
func panelOf(s *site, pages string) (r0, r1 *prom.Server, p *proxy.Prombraid, engine *prom.Server) {
	serve := func(name string, host int, config prom.Config, blocks ...string) *prom.Server {
		config.Name, config.Host = name, s.net.Host(host)
		config.Version, config.Pages = current(), pages
		return s.server(config, blocks...)
	}
	r0 = serve("replica r0", 10, prom.Config{ExternalLabels: r0Labels}, panelBlock(0))
	r1 = serve("replica r1", 11, prom.Config{ExternalLabels: r1Labels}, panelBlock(1))
	p = s.prombraid([]string{r0.Address(), r1.Address()},
		"--query.engine-url=http://"+s.net.Host(200)+":"+prom.Port)
	engine = serve("engine", 200, prom.Config{
		RemoteRead: []prom.RemoteRead{{URL: p.ReadURL(), ReadRecent: true}}})
	return r0, r1, p, engine
}

// asked is a graph that the browser asked for, and the answer that it drew.
type asked struct {
	form   url.Values
	answer []byte
}

// missing counts the points of the graph that no value was drawn for, of all series together.
func (a asked) missing(t *testing.T) int {
	t.Helper()
	var said struct {
		Status   string
		Warnings []string
		Data     struct {
			Result []struct {
				Values [][2]any
			}
		}
	}
	must(t, json.Unmarshal(a.answer, &said))
	if said.Status != "success" || len(said.Warnings) > 0 || len(said.Data.Result) != 3 {
		t.Fatalf("%s, %d series, %q", said.Status, len(said.Data.Result), said.Warnings)
	}
	var start, end, step float64
	for name, into := range map[string]*float64{"start": &start, "end": &end, "step": &step} {
		_, err := fmt.Sscan(a.form.Get(name), into)
		must(t, err)
	}
	points := int((end-start)/step) + 1
	missing := 0
	for _, series := range said.Data.Result {
		missing += points - len(series.Values)
	}
	t.Logf("%d steps of %g s, %d points missing", points, step, missing)
	return missing
}

// TestPanel asks for the graph that TestPageOfPrometheus has a browser draw, of each replica and through
// Prombraid, and does what "Save & test" of a Grafana data source does.
func TestPanel(t *testing.T) {
	r0, r1, p, _ := panelOf(newSite(t), "")
	ask := func(base string) asked {
		answer, err := http.Get(base + "/api/v1/query_range?" + panelForm().Encode())
		must(t, err)
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		must(t, err)
		return asked{panelForm(), body}
	}
	for _, replica := range []*prom.Server{r0, r1} {
		if ask(replica.URL()).missing(t) == 0 {
			t.Errorf("%s was down, and nothing is missing", replica.Name)
		}
	}
	if n := ask(p.URL()).missing(t); n > 0 {
		t.Errorf("%d points are missing", n)
	}
	got := call(t, p, http.MethodPost, "/api/v1/query", url.Values{"query": {"1+1"}, "time": {"4"}})
	if got.code != 200 || !strings.Contains(string(got.Data), `"result":[4,"2"]`) {
		t.Errorf("1+1: %d %s %s", got.code, got.Data, got.Error)
	}
}
