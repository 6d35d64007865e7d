package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"

	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
)

// grafana is what a pod of Grafana has: one URL, behind it two replicas, a proxy and an engine that
// reads back through the proxy.
type grafana struct {
	proxy  *proxy.Prombraid
	r0, r1 *prom.Server
	engine *prom.Server
}

func newGrafana(t *testing.T) grafana {
	t.Helper()
	s := newSite(t)
	g := grafana{
		r0: s.replica(0, debian, r0Labels, morningBlock(0)),
		r1: s.replica(1, current(), r1Labels, morningBlock(1)),
	}
	engine := "http://" + s.net.Host(200) + ":" + prom.Port
	g.proxy = s.prombraid([]string{g.r0.Address(), g.r1.Address()}, "--query.engine-url="+engine)
	g.engine = s.upstream(current(), g.proxy, nil, false)
	return g
}

// said is any answer of the HTTP API.
type said struct {
	code      int
	header    http.Header
	Status    string
	Data      json.RawMessage
	ErrorType string
	Error     string
	Warnings  []string
}

// call asks as a client does: POST with a form, or GET.
func call(t *testing.T, p *proxy.Prombraid, method, path string, form url.Values) said {
	t.Helper()
	target, body := p.URL()+path, io.Reader(nil)
	if method == http.MethodPost {
		body = strings.NewReader(form.Encode())
	} else if len(form) > 0 {
		target += "?" + form.Encode()
	}
	request, err := http.NewRequest(method, target, body)
	must(t, err)
	if method == http.MethodPost {
		// In any case of letters (RFC 9110, section 8.3.1); others here send it as it is usual.
		request.Header.Set("Content-Type", "Application/X-WWW-Form-Urlencoded; charset=UTF-8")
	}
	client := http.Client{Timeout: time.Minute}
	answer, err := client.Do(request)
	must(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	must(t, err)
	out := said{code: answer.StatusCode, header: answer.Header}
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatalf("%s %s: %d %.300s: %v", method, path, answer.StatusCode, text, err)
	}
	return out
}

func (s said) names(t *testing.T) []string {
	t.Helper()
	var out []string
	if err := json.Unmarshal(s.Data, &out); err != nil {
		t.Fatalf("%v in %s %s", err, s.Data, s.Error)
	}
	return out
}

// TestWhatGrafanaCalls replays each call of Grafana's data source, in the forms in which it is sent.
func TestWhatGrafanaCalls(t *testing.T) {
	g := newGrafana(t)
	form := func(pairs ...string) url.Values {
		out := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			out.Add(pairs[i], pairs[i+1])
		}
		return out
	}
	from, to := fmt.Sprint(morning.From/second), fmt.Sprint(morning.To/second)
	for _, c := range []struct {
		title, method, path string
		form                url.Values
		says                string
	}{
		{"health check", "POST", "/api/v1/query", form("query", "1+1", "time", "4"), `"result":[4,"2"]`},
		{"health check by GET", "GET", "/api/v1/query", form("query", "1+1", "time", "4"), `"result":[4,"2"]`},
		{"a graph", "POST", "/api/v1/query_range", form("query", "sum(lab_temperature)", "start", from, "end", to, "step", "60"), `"resultType":"matrix"`},
		{"an instant", "POST", "/api/v1/query", form("query", "count(lab_temperature)", "time", to), `"4"]`},
		{"flavour", "GET", "/api/v1/status/buildinfo", nil, `"version":"2.42.0"`},
		{"label names", "POST", "/api/v1/labels", form("start", from, "end", to, "match[]", "lab_temperature"), `"instance"`},
		{"label names by GET", "GET", "/api/v1/labels", form("start", from, "end", to), `"cluster"`},
		{"metric picker", "GET", "/api/v1/label/__name__/values", form("start", from, "end", to, "limit", "40000"), `"lab_temperature"`},
		{"a variable", "GET", "/api/v1/label/instance/values", form("match[]", `lab_temperature{job="lab"}`, "start", from, "end", to), `:80"`},
		{"a variable of an external label", "GET", "/api/v1/label/cluster/values", form("match[]", "lab_temperature"), `["lab"]`},
		{"an escaped name", "GET", "/api/v1/label/U__job/values", nil, `["lab"]`},
		{"metrics browser", "GET", "/api/v1/series", form("match[]", "lab_temperature", "start", from, "end", to), `"cluster":"lab"`},
		{"metrics browser by POST", "POST", "/api/v1/series", form("match[]", `{__name__=~"lab_temp.*"}`, "start", from, "end", to), `"job":"lab"`},
		{"editor start", "GET", "/api/v1/metadata", form("limit", "5000"), `{}`},
		{"exemplars probe", "GET", "/api/v1/query_exemplars", form("query", "test", "start", from, "end", to), `[]`},
		{"rules", "GET", "/api/v1/rules", nil, `"groups":[]`},
		{"alerts", "GET", "/api/v1/alerts", nil, `"alerts":[]`},
		{"formatting", "POST", "/api/v1/format_query", form("query", "sum( up )"), `"sum(up)"`},
		{"parsing", "GET", "/api/v1/parse_query", form("query", "up"), `"vectorSelector"`},
	} {
		t.Run(c.title, func(t *testing.T) {
			got := call(t, g.proxy, c.method, c.path, c.form)
			if got.code != 200 || got.Status != "success" || !strings.Contains(string(got.Data), c.says) {
				t.Errorf("%d %s %.500s %s, not %s", got.code, got.Status, got.Data, got.Error, c.says)
			}
			if len(got.Warnings) > 0 {
				t.Errorf("warnings %q", got.Warnings)
			}
		})
	}
}

// TestLabelsStayWholeWithoutAReplica takes one replica away: r1 has seen every target, r0 all but one,
// so without r0 everything is still there, and its absence is told.
func TestLabelsStayWholeWithoutAReplica(t *testing.T) {
	g := newGrafana(t)
	ask := func() map[string][]string {
		out := map[string][]string{}
		for _, path := range []string{"/api/v1/labels", "/api/v1/label/__name__/values", "/api/v1/label/instance/values", "/api/v1/label/cluster/values"} {
			got := call(t, g.proxy, http.MethodGet, path, nil)
			if got.code != 200 {
				t.Fatalf("%s: %d %s", path, got.code, got.Error)
			}
			out[path] = got.names(t)
		}
		return out
	}
	before := ask()
	if slices.Contains(before["/api/v1/labels"], "replica") {
		t.Errorf("the replica label is shown: %v", before["/api/v1/labels"])
	}
	if got := before["/api/v1/label/instance/values"]; len(got) != 4 {
		t.Errorf("instances %v, not 4", got)
	}
	g.r0.Kill()
	for path, names := range ask() {
		if !slices.Equal(names, before[path]) {
			t.Errorf("%s without r0: %v, not %v", path, names, before[path])
		}
	}
	got := call(t, g.proxy, http.MethodGet, "/api/v1/labels", nil)
	if len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0], g.r0.Address()) {
		t.Errorf("warnings %q", got.Warnings)
	}
	t.Run("a panel is still drawn", func(t *testing.T) {
		got := call(t, g.proxy, http.MethodPost, "/api/v1/query", url.Values{
			"query": {"count(lab_temperature)"}, "time": {fmt.Sprint(morning.To/second - 60)}})
		if !strings.Contains(string(got.Data), `"4"]`) {
			t.Errorf("%d %s %s", got.code, got.Data, got.Error)
		}
	})
	g.r1.Kill()
	t.Run("without any it is an error", func(t *testing.T) {
		got := call(t, g.proxy, http.MethodGet, "/api/v1/labels", nil)
		if got.code != 503 || got.ErrorType != "unavailable" || !strings.Contains(got.Error, g.r1.Address()) {
			t.Errorf("%d %s %s", got.code, got.ErrorType, got.Error)
		}
	})
}

// TestClientsOfTheAPI has Go programs and promtool use the one URL.
func TestClientsOfTheAPI(t *testing.T) {
	g := newGrafana(t)
	client, err := api.NewClient(api.Config{Address: g.proxy.URL()})
	must(t, err)
	asked := v1.NewAPI(client)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	from, to := at(morning.From), at(morning.To)
	t.Run("label names", func(t *testing.T) {
		names, warnings, _, err := asked.LabelNames(ctx, []string{"lab_temperature"}, from, to)
		must(t, err)
		if !slices.Contains(names, "cluster") || len(warnings) > 0 {
			t.Errorf("%v %v", names, warnings)
		}
	})
	t.Run("label values", func(t *testing.T) {
		values, _, _, err := asked.LabelValues(ctx, "instance", []string{"lab_temperature"}, from, to)
		must(t, err)
		if len(values) != 4 {
			t.Errorf("%v", values)
		}
	})
	t.Run("series", func(t *testing.T) {
		series, _, _, err := asked.Series(ctx, []string{`lab_temperature{cluster=~"la.+"}`}, from, to)
		must(t, err)
		if len(series) != 4 || series[0]["cluster"] != "lab" || series[0]["replica"] != "" {
			t.Errorf("%v", series)
		}
	})
	t.Run("query range", func(t *testing.T) {
		value, _, _, err := asked.QueryRange(ctx, "lab_temperature", v1.Range{Start: from, End: to, Step: time.Minute})
		must(t, err)
		if got := len(value.(model.Matrix)); got != 4 {
			t.Errorf("%d series", got)
		}
	})
	t.Run("the rest", func(t *testing.T) {
		_, err := asked.Metadata(ctx, "", "10")
		must(t, err)
		flags, err := asked.Flags(ctx)
		must(t, err)
		if !strings.Contains(flags["query.engine-url"], g.engine.Address()) {
			t.Errorf("flags %v", flags)
		}
		config, err := asked.Config(ctx)
		must(t, err)
		if !strings.Contains(config.YAML, g.r0.Address()) {
			t.Errorf("config %s", config.YAML)
		}
		runtime, err := asked.Runtimeinfo(ctx)
		must(t, err)
		if age := time.Since(runtime.StartTime); age < 0 || age > time.Hour {
			t.Errorf("started %s", runtime.StartTime)
		}
		_, err = asked.Buildinfo(ctx)
		must(t, err)
	})
	for _, args := range [][]string{
		{"query", "instant", "--time=" + to.UTC().Format(time.RFC3339), g.proxy.URL(), "count(lab_temperature)"},
		{"query", "series", "--match=lab_temperature", g.proxy.URL()},
		{"query", "labels", g.proxy.URL(), "instance"},
	} {
		t.Run("promtool "+args[1], func(t *testing.T) {
			out, err := exec.CommandContext(ctx, "promtool", args...).CombinedOutput()
			if err != nil || len(out) == 0 {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}

// TestAPIRefuses tells what is wrong in the API's own words.
func TestAPIRefuses(t *testing.T) {
	p, _, _ := twoOfThem(t)
	for _, c := range []struct {
		title, method, path string
		code                int
		kind, says          string
	}{
		{"no engine", "POST", "/api/v1/query?query=up", 404, "not_found", "--query.engine-url"},
		{"no such endpoint", "GET", "/api/v1/targets", 404, "not_found", "no such endpoint"},
		{"a bad selector", "GET", "/api/v1/labels?match[]=up{", 400, "bad_data", "match[]"},
		{"series of nothing", "GET", "/api/v1/series", 400, "bad_data", "no match[] parameter provided"},
		{"a bad time", "GET", "/api/v1/label/job/values?start=soon", 400, "bad_data", "start"},
	} {
		t.Run(c.title, func(t *testing.T) {
			got := call(t, p, c.method, c.path, nil)
			if got.code != c.code || got.ErrorType != c.kind || !strings.Contains(got.Error, c.says) {
				t.Errorf("%d %s %q", got.code, got.ErrorType, got.Error)
			}
		})
	}
	t.Run("an engine that is not there", func(t *testing.T) {
		s := newSite(t)
		r := s.replica(0, debian, r0Labels, morningBlock(0))
		p := s.prombraid([]string{r.Address()}, "--query.engine-url=http://"+s.net.Host(201)+":9090/prom")
		got := call(t, p, http.MethodGet, "/api/v1/query?query=1", nil)
		if got.code != 503 || got.ErrorType != "unavailable" || !strings.Contains(got.Error, "query engine") {
			t.Errorf("%d %s %q", got.code, got.ErrorType, got.Error)
		}
	})
	t.Run("an engine that is this proxy", func(t *testing.T) {
		s := newSite(t)
		r := s.replica(0, debian, r0Labels, morningBlock(0))
		p := s.prombraid([]string{r.Address()}, "--query.engine-url=http://"+s.net.Host(100)+":"+proxy.Port)
		if got := call(t, p, http.MethodGet, "/api/v1/query?query=1", nil); got.code != 508 {
			t.Errorf("%d %s %q", got.code, got.ErrorType, got.Error)
		}
	})
}

// TestBraidOfBraidsAnswersLabels asks through two layers of proxies.
func TestBraidOfBraidsAnswersLabels(t *testing.T) {
	s := newSite(t)
	r0 := s.replica(0, debian, r0Labels, morningBlock(0))
	r1 := s.replica(1, debian, r1Labels, morningBlock(1))
	inner, err := proxy.Start(s.dir, s.net.Host(101), s.flags([]string{r0.Address(), r1.Address()})...)
	must(t, err)
	s.stopAtEnd(inner)
	outer := s.prombraid([]string{inner.Address()})
	for _, path := range []string{"/api/v1/labels", "/api/v1/label/instance/values", "/api/v1/series?match[]=lab_temperature"} {
		want, got := call(t, inner, "GET", path, nil), call(t, outer, "GET", path, nil)
		if want.code != 200 || string(want.Data) != string(got.Data) {
			t.Errorf("%s: %d %s, not %s", path, got.code, got.Data, want.Data)
		}
	}
}

// TestEngineAnswersComeBackAsTheyAre compares long answers, compressed and not, with the engine's own.
func TestEngineAnswersComeBackAsTheyAre(t *testing.T) {
	g := newGrafana(t)
	query := "/api/v1/query_range?" + url.Values{
		"query": {`{job="lab"}`}, "start": {fmt.Sprint(morning.From / second)},
		"end": {fmt.Sprint(morning.From/second + 7200)}, "step": {"15"},
	}.Encode()
	get := func(base, encoding string) (string, http.Header) {
		request, err := http.NewRequest(http.MethodGet, base+query, nil)
		must(t, err)
		request.Header.Set("Accept-Encoding", encoding)
		answer, err := http.DefaultClient.Do(request)
		must(t, err)
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		must(t, err)
		return string(body), answer.Header
	}
	for _, encoding := range []string{"identity", "gzip"} {
		want, told := get(g.engine.URL(), encoding)
		got, header := get(g.proxy.URL(), encoding)
		if len(want) < 1<<16 || got != want {
			t.Errorf("%s: %d bytes, not the engine's %d", encoding, len(got), len(want))
		}
		for _, name := range []string{"Content-Type", "Content-Encoding"} {
			if header.Get(name) != told.Get(name) {
				t.Errorf("%s: %s is %q, not %q", encoding, name, header.Get(name), told.Get(name))
			}
		}
	}
}

// TestSilentEngineIsATimeout freezes the engine.
func TestSilentEngineIsATimeout(t *testing.T) {
	s := newSite(t)
	r := s.replica(0, debian, r0Labels, morningBlock(0))
	p := s.prombraid([]string{r.Address()}, "--query.timeout=1s", "--query.engine-url=http://"+s.net.Host(200)+":"+prom.Port)
	engine := s.upstream(debian, p, nil, false)
	must(t, engine.Freeze())
	got := call(t, p, http.MethodGet, "/api/v1/query?query=1", nil)
	must(t, engine.Thaw())
	if got.code != 503 || got.ErrorType != "timeout" || !strings.Contains(got.Error, "--query.timeout") {
		t.Errorf("%d %s %q", got.code, got.ErrorType, got.Error)
	}
}
