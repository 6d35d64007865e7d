package faults

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/proxy"
	"prombraid/test/internal/scripted"
	"prombraid/test/internal/wait"
)

// seenRunning names, for each key of the configuration file or for all that begin so, the test that
// sees what the key does in a process that runs. That each is set, and refuses what it can't be, is
// test/config/every_key_test.cc.
var seenRunning = map[string]string{
	"replica_sets.name":                      "TestSetWithoutReplicas",
	"replica_sets.replicas":                  "TestSelectorAsksItsSetOnly",
	"replica_sets.path":                      "TestKeysOfASet",
	"replica_sets.replica_labels":            "TestKeysOfASet",
	"replica_sets.min_replicas":              "TestSetWithoutReplicas",
	"replica_sets.expected_replicas":         "TestStatusFollowsTheFile",
	"replica_sets.connect_timeout":           "TestReplica",
	"replica_sets.timeout":                   "TestKeysOfASet",
	"replica_sets.max_":                      "TestKeysOfASet",
	"replica_sets.required_matchers":         "TestKeysOfASet",
	"replica_sets.external_labels":           "TestKeysOfASet",
	"replica_sets.time_range.":               "TestKeysOfASet",
	"replica_sets.scheme":                    "TestReplicasOfPrometheus",
	"replica_sets.tls_config.":               "TestReplicasOfPrometheus",
	"replica_sets.basic_auth.":               "TestReplicasOfPrometheus",
	"replica_sets.authorization.":            "TestCredentials",
	"replica_sets.bearer_token":              "TestKeysOfASet",
	"replica_sets.oauth2.":                   "TestCredentials",
	"replica_sets.http_headers.":             "TestKeysOfASet",
	"replica_sets.follow_redirects":          "TestKeysOfASet",
	"replica_sets.enable_http2":              "TestReplicasOfPrometheus",
	"tenants.pass_headers":                   "TestHeadersArePassed",
	"tenants.enforce_label.":                 "TestTenantSeesItsOwn",
	"dns.server":                             "TestNames",
	"dns.refresh_interval":                   "TestNames",
	"read.straggler_grace":                   "TestStragglerIsLeftOut",
	"read.ignore_matchers_on":                "TestExternalLabelsOfTheUpstream",
	"read.memory_limit":                      "TestNoMemory",
	"read.max_response_bytes":                "TestBombs",
	"storage.remote.read_sample_limit":       "TestErrorsAreThoseOfPrometheus",
	"storage.remote.read_concurrent_limit":   "TestFullGate",
	"storage.remote.read_max_bytes_in_frame": "", // accepted and not used
	"limits.":                                "TestRequest",
	"limits.series_per_read":                 "TestSeriesLimit",
	"limits.label":                           "TestBombs",
	"query.":                                 "TestEngineAnswersComeBackAsTheyAre",
	"query.timeout":                          "TestSilentEngineIsATimeout",
	"web.listen_address":                     "TestProcessKeysOfTheFile",
	"web.max_connections":                    "TestProcessKeysOfTheFile",
	"web.enable_lifecycle":                   "TestProcessKeysOfTheFile",
	"web.access_log":                         "TestProcessKeysOfTheFile",
	"web.read_timeout":                       "TestSlowClients",
	"threads":                                "TestProcessKeysOfTheFile",
	"log.":                                   "TestProcessKeysOfTheFile",
	"log.slow_reads":                         "TestSlowReadsAreLogged",
	"tracing.":                               "TestTracingKeys",
	"tracing.insecure":                       "TestTracingKeys",
	"tracing.timeout":                        "TestCollectorThatIsNoGood",
}

type schema struct {
	Properties           map[string]schema
	Items                *schema
	AdditionalProperties json.RawMessage
}

// leaves are the paths of all keys below.
func (s schema) leaves(above string) []string {
	var out []string
	for name, key := range s.Properties {
		path := strings.TrimPrefix(above+"."+name, ".")
		inner := key
		if key.Items != nil && key.Items.Properties != nil {
			inner = *key.Items
		}
		var named schema
		if json.Unmarshal(key.AdditionalProperties, &named) == nil && named.Properties != nil {
			inner = named
		}
		if inner.Properties == nil {
			out = append(out, path)
		} else {
			out = append(out, inner.leaves(path)...)
		}
	}
	return out
}

// TestEveryKeyIsSeenRunning holds the list above to the schema, and to the tests that there are.
func TestEveryKeyIsSeenRunning(t *testing.T) {
	text, err := os.ReadFile("../../docs/config.schema.json")
	must(t, err)
	var all schema
	must(t, json.Unmarshal(text, &all))
	keys := all.leaves("")
	if len(keys) < 90 {
		t.Fatalf("only %d keys: %v", len(keys), keys)
	}
	used := map[string]bool{}
	for _, key := range keys {
		begin := ""
		for prefix := range maps.Keys(seenRunning) {
			exact := strings.HasSuffix(prefix, ".") || prefix == key || !strings.Contains(strings.TrimPrefix(key, prefix), ".")
			if strings.HasPrefix(key, prefix) && exact && len(prefix) > len(begin) {
				begin = prefix
			}
		}
		if begin == "" {
			t.Errorf("nobody sees %s in a process that runs", key)
		}
		used[begin] = true
	}
	tests := testNames(t)
	for prefix, name := range seenRunning {
		if !used[prefix] {
			t.Errorf("there is no key %s", prefix)
		}
		if name != "" && !tests[name] {
			t.Errorf("%s: there is no %s", prefix, name)
		}
	}
}

var testFunc = regexp.MustCompile(`(?m)^func (Test\w+)\(`)

func testNames(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	must(t, filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, match := range testFunc.FindAllSubmatch(text, -1) {
			out[string(match[1])] = true
		}
		return err
	}))
	return out
}

// setCase is one read of two sets, of which the second has one key more.
type setCase struct {
	name     string
	set      string // keys of the set us
	play     func(r *scripted.Replica)
	matchers []*prompb.LabelMatcher
	asked    string
	status   int
	says     string
	check    func(t *testing.T, heard *scripted.Exchange)
}

// TestKeysOfASet gives the second of two sets a key each time, and looks at what its replicas, or the
// client, see of it.
func TestKeysOfASet(t *testing.T) {
	t.Parallel()
	header := func(name, want string) func(*testing.T, *scripted.Exchange) {
		return func(t *testing.T, x *scripted.Exchange) {
			if got := strings.Join(x.Header.Values(name), " "); got != want {
				t.Errorf("%s: %q, not %q", name, got, want)
			}
		}
	}
	long := scripted.Streamed(scripted.Line(from, 1, 60_000, "__name__", "lab", "cluster", "us"))
	all := "[1 1 1 1]"
	for _, c := range []setCase{
		{name: "path", set: "path: /prom/api/v1/read", asked: all, check: func(t *testing.T, x *scripted.Exchange) {
			if x.Path != "/prom/api/v1/read" {
				t.Errorf("path %s", x.Path)
			}
		}},
		{name: "replica_labels", set: "replica_labels: [replica, shared]", asked: all},
		{name: "timeout", set: "timeout: 500ms", play: func(r *scripted.Replica) { r.Play(func(x *scripted.Exchange) { x.Stall() }) },
			asked: all, status: 503, says: "set us: 0 of 2 replicas answered"},
		{name: "max_series_bytes", set: "max_series_bytes: 64KiB, max_frame_bytes: 64KiB", play: func(r *scripted.Replica) { r.Play(long) },
			asked: all, status: 503, says: "--replica.max-"},
		{name: "max_response_bytes", set: "max_response_bytes: 1MiB", play: func(r *scripted.Replica) {
			r.Play(scripted.Sampled(scripted.Line(from, 1, 900_000, "__name__", "lab", "cluster", "us")))
		}, asked: all, status: 503, says: "--read.max-response-bytes"},
		{name: "required_matchers", set: "required_matchers: {shared: 'yes'}", asked: "[1 1 0 0]"},
		{name: "required_matchers that are there", set: "required_matchers: {shared: 'yes'}", matchers: []*prompb.LabelMatcher{equal("shared", "yes")}, asked: all},
		{name: "external_labels", set: "external_labels: {cluster: asia}", play: func(r *scripted.Replica) { r.Be(scripted.Self{Broken: "broken by script"}) }, matchers: []*prompb.LabelMatcher{equal("cluster", "us")}, asked: "[0 0 0 0]"},
		{name: "time_range, all is too old", set: "time_range: {oldest_age: 1d}", asked: "[1 1 0 0]"},
		{name: "time_range that meets it", set: "time_range: {newest_age: 1d}", asked: all},
		{name: "bearer_token", set: "bearer_token: planted-token", asked: all, check: header("Authorization", "Bearer planted-token")},
		{name: "http_headers", set: "http_headers: {X-Key: {values: [one], secrets: [planted-two]}}", asked: all, check: header("X-Key", "one planted-two")},
		{name: "follow_redirects", set: "follow_redirects: false", play: func(r *scripted.Replica) {
			r.Play(func(x *scripted.Exchange) {
				x.Send("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
			})
		}, asked: all, status: 503, says: "a redirect, which is not followed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			for n, cluster := range []string{"eu", "eu", "us", "us"} {
				s.cluster(n, cluster)
			}
			var mu sync.Mutex
			var last *scripted.Exchange
			play := c.play
			if play == nil {
				play = func(r *scripted.Replica) {
					r.Play(func(x *scripted.Exchange) {
						mu.Lock()
						last = x
						mu.Unlock()
						scripted.Streamed(scripted.Line(from, step, count, "__name__", "lab", "cluster", "us"))(x)
					})
				}
			}
			play(s.replicas[2])
			play(s.replicas[3])
			r, up := s.replicas, 4
			if c.name == "external_labels" {
				up = 2 // the others don't say who they are
			}
			s.overFileFor(up, fmt.Sprintf("replica_sets:\n- {name: eu, replicas: [%q, %q]}\n- {%s, name: us, replicas: [%q, %q]}\n",
				r[0].Address(), r[1].Address(), c.set, r[2].Address(), r[3].Address()))
			_, before := asked(s, nil)
			got := s.ask(nil, c.matchers...)
			if got.Status != max(c.status, 200) || !strings.Contains(string(got.Body), c.says) {
				t.Errorf("%d %v %.500s", got.Status, got.err, got.Body)
			}
			since, _ := asked(s, before)
			if text := fmt.Sprint(since); text != c.asked && c.name != "max_series_bytes" {
				t.Errorf("asked %s, not %s", text, c.asked)
			}
			mu.Lock()
			defer mu.Unlock()
			if c.check != nil && last != nil {
				c.check(t, last)
			} else if c.check != nil {
				t.Error("no replica was read")
			}
			if strings.Contains(s.log(), "planted") {
				t.Errorf("a secret is in the log:\n%s", s.log())
			}
		})
	}
}

func TestHeadersArePassed(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for n, cluster := range []string{"eu", "eu", "us", "us"} {
		s.cluster(n, cluster)
	}
	told := heard(s.replicas[0], scripted.Streamed(truthOf("a")...))
	s.overFileOf(s.twoSets("tenants: {pass_headers: [X-Scope-OrgID, traceparent, Authorization]}\n"))
	header := traced("01")
	header["X-Scope-Orgid"], header["Cookie"], header["X-Other"] = []string{"team"}, []string{"a=b"}, []string{"c"}
	header["Authorization"] = []string{"Bearer planted-token"}
	if got := s.ask(header); got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	got := told()[0]
	for name, want := range map[string]string{
		"X-Scope-Orgid": "team", "Traceparent": header.Get("Traceparent"), "Authorization": "Bearer planted-token",
		"Tracestate": "", "Cookie": "", "X-Other": "",
	} {
		if got.Get(name) != want {
			t.Errorf("%s: %q, not %q", name, got.Get(name), want)
		}
	}
	// What all replicas say of a client's own login is for the client.
	for _, c := range []struct{ all, last, want int }{{401, 401, 401}, {403, 403, 403}, {401, 403, 503}, {401, 500, 503}} {
		for i, r := range s.replicas {
			status := c.all
			if i%2 == 1 {
				status = c.last
			}
			r.Play(func(x *scripted.Exchange) {
				x.Send(fmt.Sprintf("HTTP/1.1 %d No\r\nWWW-Authenticate: Bearer realm=\"lab\"\r\nContent-Length: 3\r\n\r\nno\n", status))
			})
		}
		got := s.ask(header)
		if got.Status != c.want || (c.want == 401 && got.Header.Get("WWW-Authenticate") != `Bearer realm="lab"`) {
			t.Errorf("%d and %d: %d %v %s", c.all, c.last, got.Status, got.Header, got.Body)
		}
	}
	if strings.Contains(s.log(), "planted") {
		t.Error("a secret is in the log")
	}
}

// TestStatusFollowsTheFile: what is shown of the configuration is the one in force.
func TestStatusFollowsTheFile(t *testing.T) {
	t.Parallel()
	s := overFile(t, "")
	shown := func(path, part string, want bool) {
		t.Helper()
		must(t, wait.Until(20*time.Second, path, func() error {
			_, text, err := s.proxy.Get(path)
			if err != nil || strings.Contains(text, part) != want {
				return fmt.Errorf("%q: %v, %v", part, err, text)
			}
			return nil
		}))
	}
	shown("/api/v1/status/config", "asia", false)
	must(t, s.reload(strings.ReplaceAll(s.twoSets("limits: {series_per_read: 4321}\n"), "- name: us", "- expected_replicas: 3\n    name: asia")))
	shown("/api/v1/status/config", "asia", true)
	shown("/api/v1/status/flags", `"limits.series-per-read":"4321"`, true)
	shown("/api/v1/status/runtimeinfo", `"reloadConfigSuccess":true`, true)
	shown("/metrics", "prombraid_replicas_expected 3", true)
	shown("/metrics", `prombraid_set_replicas_expected{set="asia"} 3`, true)
	shown("/", "Set asia", true)
	if s.reload("- no map\n") == nil {
		t.Error("nonsense was loaded")
	}
	shown("/api/v1/status/runtimeinfo", `"reloadConfigSuccess":false`, true)
	shown("/api/v1/status/config", "asia", true)
	shown("/metrics", "prombraid_replicas_expected 3", true)
}

func TestProcessKeysOfTheFile(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for n, cluster := range []string{"eu", "eu", "us", "us"} {
		s.cluster(n, cluster)
	}
	second := net.JoinHostPort(s.net.Host(101), proxy.Port)
	file := s.configFile(s.twoSets(fmt.Sprintf(`web:
  access_log: true
  enable_lifecycle: true
  max_connections: 77
  listen_address: [%q, %q]
log: {format: json, level: debug}
threads: 3
`, net.JoinHostPort(s.net.Host(100), proxy.Port), second)))
	// The flag that the test's own way to start the program adds would hide the key.
	without := []string{"sh", "-c", `program=$1; shift 2; exec "$program" "$@"`, "sh"}
	p, err := proxy.StartUnder(without, s.dir, s.net.Host(100), "--config.file="+file)
	must(t, err)
	t.Cleanup(p.Stop)
	s.proxy = p
	answer, err := http.Get("http://" + second + "/-/healthy")
	must(t, err)
	answer.Body.Close()
	answer, err = http.Post(s.proxy.URL()+"/-/reload", "", nil)
	must(t, err)
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("POST /-/reload: %s", answer.Status)
	}
	must(t, wait.Until(20*time.Second, "the access log", func() error {
		log := s.log()
		if !strings.Contains(log, `"path":"/-/healthy"`) || !strings.HasPrefix(log[strings.LastIndex(strings.TrimSpace(log), "\n")+1:], "{") {
			return fmt.Errorf("%s", log)
		}
		return nil
	}))
	if threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", s.proxy.Process().PID())); err != nil || len(threads) < 3 {
		t.Errorf("%d threads, %v", len(threads), err)
	}
	if _, flags, err := s.proxy.Get("/api/v1/status/flags"); err != nil || !strings.Contains(flags, `"web.max-connections":"77"`) {
		t.Errorf("%v %s", err, flags)
	}
}

// TestSetsAreAskedAtOnce: a question goes to all sets before any of them has answered.
func TestSetsAreAskedAtOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	both := make(chan struct{})
	var asked sync.WaitGroup
	asked.Add(2)
	go func() { asked.Wait(); close(both) }()
	var addresses []string
	for n, name := range []string{"first", "second"} {
		listener, err := net.Listen("tcp", net.JoinHostPort(s.net.Host(10+n), "9090"))
		must(t, err)
		var once sync.Once
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			if r.URL.Path != "/api/v1/labels" {
				// Whatever is asked of the server itself.
				fmt.Fprintf(w, `{"status":"success","data":{"yaml":"global: {}\n","version":"2.42.0","startTime":"2026-01-02T03:04:05.%d23Z"}}`, n+1)
				return
			}
			once.Do(asked.Done)
			select {
			case <-both:
				fmt.Fprintf(w, `{"status":"success","data":[%q]}`, name)
			case <-time.After(15 * time.Second):
				http.Error(w, "alone", http.StatusInternalServerError)
			}
		})}
		go func() { _ = server.Serve(listener) }()
		t.Cleanup(func() { _ = server.Close() })
		addresses = append(addresses, listener.Addr().String())
	}
	s.overFileFor(2, fmt.Sprintf("replica_sets:\n- {name: a, replicas: [%q]}\n- {name: b, replicas: [%q]}\n", addresses[0], addresses[1]),
		"--replica.timeout=30s")
	must(t, wait.Until(30*time.Second, "both sets", func() error {
		_, text, err := s.proxy.Get("/api/v1/labels")
		if err != nil || !strings.Contains(text, "first") || !strings.Contains(text, "second") {
			return fmt.Errorf("%v %s", err, text)
		}
		return nil
	}))
}

// TestCoverageOfSeveralSets: the map has the strips of all sets, by their names.
func TestCoverageOfSeveralSets(t *testing.T) {
	t.Parallel()
	s := overFile(t, "")
	_, text, err := s.proxy.Get(fmt.Sprintf("/api/v1/coverage?match[]=lab&start=%d&end=%d", from/1000, to/1000))
	must(t, err)
	var said struct {
		Status string
		Data   struct {
			Replicas []struct{ Name string }
			Series   []struct {
				Labels map[string]string
			}
		}
	}
	must(t, json.Unmarshal([]byte(text), &said))
	var names []string
	for _, r := range said.Data.Replicas {
		names = append(names, r.Name)
	}
	want := []string{"eu/" + s.replicas[0].Address(), "eu/" + s.replicas[1].Address(), "us/" + s.replicas[2].Address(), "us/" + s.replicas[3].Address()}
	if said.Status != "success" || !slices.Equal(names, want) || len(said.Data.Series) != 3 {
		t.Errorf("%s, replicas %v, %d series\n%.2000s", said.Status, names, len(said.Data.Series), text)
	}
}
