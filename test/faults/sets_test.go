package faults

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
	"prombraid/test/internal/scripted"
	"prombraid/test/internal/wait"
)

// cluster makes replica n one of a cluster, with one series that only this cluster has, and one that
// all have.
func (s *stage) cluster(n int, cluster string) *scripted.Replica {
	s.Helper()
	name := string(rune('a' + n))
	r, err := scripted.Start(s.net.Host(10+n), scripted.Self{
		External:  map[string]string{"cluster": cluster, "replica": name},
		StartTime: "2026-01-02T03:04:05.12345678" + digit(n) + "Z",
	})
	must(s.T, err)
	s.Cleanup(r.Stop)
	r.Play(scripted.Streamed(
		scripted.Line(from, step, count, "__name__", "lab", "cluster", cluster, "replica", name),
		scripted.Line(from, step, count, "__name__", "lab", "replica", name, "shared", "yes")))
	s.replicas = append(s.replicas, r)
	return r
}

// configFile writes the file that the proxy reads, and gives its name.
func (s *stage) configFile(text string) string {
	s.Helper()
	path := filepath.Join(s.dir, "prombraid.yml")
	must(s.T, os.WriteFile(path+".new", []byte(text), 0o600))
	must(s.T, os.Rename(path+".new", path))
	return path
}

// twoSets is the file of two sets of two replicas each; more goes to its end.
func (s *stage) twoSets(more string) string {
	r := s.replicas
	return fmt.Sprintf(`replica_sets:
  - name: eu
    replicas: [%q, %q]
  - name: us
    replicas: [%q, %q]
%s`, r[0].Address(), r[1].Address(), r[2].Address(), r[3].Address(), more)
}

// overFile starts the proxy over four replicas, two in each cluster, by a file.
func overFile(t *testing.T, more string, flags ...string) *stage {
	t.Helper()
	s := newStage(t)
	for n, cluster := range []string{"eu", "eu", "us", "us"} {
		s.cluster(n, cluster)
	}
	s.overFileOf(s.twoSets(more), flags...)
	return s
}

// overFileOf starts the proxy by this file, and waits until all replicas are known.
func (s *stage) overFileOf(text string, flags ...string) {
	s.Helper()
	s.overFileFor(len(s.replicas), text, flags...)
}

// overFileFor is overFileOf until so many replicas are known.
func (s *stage) overFileFor(up int, text string, flags ...string) {
	s.Helper()
	all := append([]string{"--config.file=" + s.configFile(text)}, append(hastyBut(flags), flags...)...)
	s.keep(proxy.Start(s.dir, s.net.Host(100), all...))
	s.await(up)
}

// asked says how many reads came to each replica since it was last called.
func asked(s *stage, before []int) (since, now []int) {
	for i, r := range s.replicas {
		n := len(r.Requests())
		now = append(now, n)
		if before != nil {
			n -= before[i]
		}
		since = append(since, n)
	}
	return since, now
}

func (s *stage) ask(header http.Header, matchers ...*prompb.LabelMatcher) answer {
	query := remote.Query("lab", from, to)
	query.Matchers = append(query.Matchers, matchers...)
	body := remote.Body(&prompb.ReadRequest{
		Queries: []*prompb.Query{query}, AcceptedResponseTypes: []remote.Mode{remote.Streamed},
	})
	got, err := remote.PostWith(header, readLimit, s.proxy.ReadURL(), body)
	return answer{got, err}
}

func equal(name, value string) *prompb.LabelMatcher {
	return &prompb.LabelMatcher{Type: prompb.LabelMatcher_EQ, Name: name, Value: value}
}

func TestSelectorAsksItsSetOnly(t *testing.T) {
	t.Parallel()
	s := overFile(t, "")
	_, before := asked(s, nil)
	for _, c := range []struct {
		name    string
		matcher []*prompb.LabelMatcher
		asked   string
		series  int
	}{
		{"no label", nil, "[1 1 1 1]", 3},
		{"one cluster", []*prompb.LabelMatcher{equal("cluster", "eu")}, "[1 1 0 0]", 1},
		{"the other", []*prompb.LabelMatcher{{Type: prompb.LabelMatcher_RE, Name: "cluster", Value: "u."}}, "[0 0 1 1]", 1},
		{"neither", []*prompb.LabelMatcher{equal("cluster", "asia")}, "[0 0 0 0]", 0},
		{"a replica of one", []*prompb.LabelMatcher{equal("replica", "c")}, "[0 0 1 0]", 2},
	} {
		got := s.ask(nil, c.matcher...)
		if got.err != nil || got.Status != http.StatusOK {
			t.Fatalf("%s: %d %v %s", c.name, got.Status, got.err, got.Body)
		}
		since, now := asked(s, before)
		before = now
		if text := fmt.Sprint(since); text != c.asked {
			t.Errorf("%s: asked %s, not %s", c.name, text, c.asked)
		}
		series, err := seriesOf(got.Answer)
		must(t, err)
		if len(series) != c.series {
			t.Errorf("%s: %d series, not %d", c.name, len(series), c.series)
		}
	}
	if err := expectSum(s.metrics(), "prombraid_series_joined_total", 1); err != nil {
		t.Error(err)
	}
	_, page, err := s.proxy.Get("/")
	must(t, err)
	for _, part := range []string{"Set eu", "Set us"} {
		if !strings.Contains(page, part) {
			t.Errorf("%q is not on the page:\n%s", part, page)
		}
	}
}

func TestSetWithoutReplicas(t *testing.T) {
	t.Parallel()
	s := overFile(t, "")
	s.replicas[2].Stop()
	s.replicas[3].Stop()
	got := s.ask(nil)
	if got.Status != http.StatusServiceUnavailable || !strings.Contains(string(got.Body), "set us: 0 of 2 replicas answered") {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	must(t, s.reload(strings.Replace(s.twoSets(""), "- name: us", "- min_replicas: 0\n    name: us", 1)))
	got = s.ask(nil)
	if got.Status != http.StatusOK || !strings.Contains(got.Header.Get("X-Prombraid-Partial"), "us/") {
		t.Errorf("%d %v %s", got.Status, got.Header, got.Body)
	}
}

// reload writes the file and returns when the proxy has it, or has refused it.
func (s *stage) reload(text string) error {
	s.configFile(text)
	attempts := func() int {
		return strings.Count(s.log(), "the configuration was loaded anew") + strings.Count(s.log(), "could not be loaded anew")
	}
	before := attempts()
	must(s.T, s.proxy.Process().Signal(syscall.SIGHUP))
	must(s.T, wait.Until(20*time.Second, "the reload", func() error {
		if attempts() == before {
			return fmt.Errorf("no attempt")
		}
		return nil
	}))
	return expectSum(s.metrics(), "prombraid_config_last_reload_successful", 1)
}

func TestReloadIsAllOrNothing(t *testing.T) {
	t.Parallel()
	s := overFile(t, "", "--web.enable-lifecycle")
	if s.reload(s.twoSets("nonsense: 1\n")) == nil {
		t.Error("nonsense was loaded")
	}
	s.said("nonsense: unknown key")
	if s.reload(s.twoSets("threads: 5\n")) == nil {
		t.Error("another number of threads was loaded")
	}
	if got := s.ask(nil); got.Status != http.StatusOK {
		t.Errorf("after a refused file: %d %s", got.Status, got.Body)
	}
	r := s.replicas
	must(t, s.reload(fmt.Sprintf("replica_sets:\n- {name: eu, replicas: [%q, %q]}\n", r[0].Address(), r[1].Address())))
	_, before := asked(s, nil)
	if got := s.ask(nil); got.Status != http.StatusOK {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	if since, _ := asked(s, before); fmt.Sprint(since) != "[1 1 0 0]" {
		t.Errorf("with one set asked %v", since)
	}
	for _, c := range []struct {
		text   string
		status int
	}{{s.twoSets(""), 200}, {"- no map\n", 500}} {
		s.configFile(c.text)
		answer, err := http.Post(s.proxy.URL()+"/-/reload", "", nil)
		must(t, err)
		answer.Body.Close()
		if answer.StatusCode != c.status {
			t.Errorf("POST /-/reload: %d, not %d", answer.StatusCode, c.status)
		}
	}
}

func TestReloadUnderLoad(t *testing.T) {
	t.Parallel()
	s := overFile(t, "", "--web.enable-lifecycle")
	stop := make(chan struct{})
	failed := make(chan string, 1)
	reads := make(chan int, 1)
	go func() {
		n := 0
		for ; ; n++ {
			select {
			case <-stop:
				reads <- n
				return
			default:
			}
			got := s.ask(nil)
			if got.err != nil || got.Status != http.StatusOK || got.Header.Get("X-Prombraid-Partial") != "" {
				select {
				case failed <- fmt.Sprintf("read %d: %d %v %v %.200s", n, got.Status, got.err, got.Header, got.Body):
				default:
				}
			}
		}
	}()
	texts := []string{s.twoSets(""), s.twoSets("read: {ignore_matchers_on: [x]}\n"), s.twoSets("bad: file\n"),
		strings.ReplaceAll(s.twoSets(""), "- name", "- timeout: 1400ms\n    name")}
	var descriptors int
	var resident float64
	reloads := 200
	if proxy.Sanitized() {
		reloads = 40 // each takes five times as long
	}
	for i := range reloads {
		s.configFile(texts[i%len(texts)])
		answer, err := http.Post(s.proxy.URL()+"/-/reload", "", nil)
		must(t, err)
		answer.Body.Close()
		if good := i%len(texts) != 2; good != (answer.StatusCode == http.StatusOK) {
			t.Fatalf("reload %d: %d", i, answer.StatusCode)
		}
		if i == 20 {
			descriptors = s.descriptors()
			resident = s.metrics().sum("process_resident_memory_bytes")
		}
	}
	close(stop)
	if n := <-reads; n == 0 {
		t.Error("nothing was read meanwhile")
	}
	select {
	case what := <-failed:
		t.Error(what)
	default:
	}
	// Each good reload makes connections, credentials and settings anew: 180 of them that were kept
	// would be more than this.
	const kept, mega = float64(6 * mib), float64(mib)
	if now := s.metrics().sum("process_resident_memory_bytes"); now > resident+kept && !proxy.Sanitized() {
		t.Errorf("%.1f MiB are resident, %.1f MiB were after 20 reloads", now/mega, resident/mega)
	} else {
		t.Logf("resident after 20 reloads %.1f MiB, after %d %.1f MiB", resident/mega, reloads, now/mega)
	}
	must(t, wait.Until(20*time.Second, "descriptors as before", func() error {
		if now := s.descriptors(); now > descriptors+8 {
			return fmt.Errorf("%d descriptors, %d after 20 reloads", now, descriptors)
		}
		return nil
	}))
}

func TestChangedFileIsLoaded(t *testing.T) {
	t.Parallel()
	s := overFile(t, "", "--config.auto-reload", "--config.auto-reload-interval=50ms")
	r := s.replicas
	s.configFile(fmt.Sprintf("replica_sets:\n- {name: eu, replicas: [%q, %q]}\n", r[0].Address(), r[1].Address()))
	must(t, wait.Until(20*time.Second, "one set", func() error {
		if !strings.Contains(s.log(), "the file changed") {
			return fmt.Errorf("not noticed")
		}
		return expectSum(s.metrics(), "prombraid_set_replicas", 2)
	}))
}

func TestTenantSeesItsOwn(t *testing.T) {
	t.Parallel()
	s := overFile(t, `tenants:
  pass_headers: [X-Scope-OrgID, traceparent]
  enforce_label: {name: cluster, header: X-Scope-OrgID}
`)
	tenant := func(values ...string) http.Header { return http.Header{"X-Scope-Orgid": values, "Cookie": {"a=b"}} }
	regex := &prompb.LabelMatcher{Type: prompb.LabelMatcher_RE, Name: "cluster", Value: ".*"}
	not := &prompb.LabelMatcher{Type: prompb.LabelMatcher_NEQ, Name: "cluster", Value: "eu"}
	notRegex := &prompb.LabelMatcher{Type: prompb.LabelMatcher_NRE, Name: "cluster", Value: "eu"}
	for _, c := range []struct {
		name     string
		header   http.Header
		matchers []*prompb.LabelMatcher
		status   int
		series   int
	}{
		{"its own", tenant("eu"), nil, 200, 1},
		{"another name", tenant("us"), nil, 200, 1},
		{"nobody", tenant("asia"), nil, 200, 0},
		{"regex", tenant("eu"), []*prompb.LabelMatcher{regex}, 200, 1},
		{"negative", tenant("eu"), []*prompb.LabelMatcher{not}, 200, 0},
		{"negative regex", tenant("eu"), []*prompb.LabelMatcher{notRegex}, 200, 0},
		{"empty matcher", tenant("eu"), []*prompb.LabelMatcher{equal("cluster", "")}, 200, 0},
		{"contradicting", tenant("eu"), []*prompb.LabelMatcher{equal("cluster", "us")}, 200, 0},
		{"duplicate", tenant("eu"), []*prompb.LabelMatcher{equal("cluster", "eu"), equal("cluster", "eu")}, 200, 1},
		{"duplicate and contradicting", tenant("eu"), []*prompb.LabelMatcher{equal("cluster", "eu"), equal("cluster", "us")}, 200, 0},
		{"missing header", nil, nil, 400, 0},
		{"empty header", tenant(""), nil, 400, 0},
		{"header twice", tenant("eu", "us"), nil, 400, 0},
		{"header twice, the same", tenant("eu", "eu"), nil, 400, 0},
		{"a value that is a regex", tenant(".*"), nil, 200, 0},
	} {
		got := s.ask(c.header, c.matchers...)
		if got.Status != c.status {
			t.Errorf("%s: %d %s", c.name, got.Status, got.Body)
			continue
		}
		if c.status != http.StatusOK {
			if !strings.Contains(string(got.Body), "X-Scope-OrgID") {
				t.Errorf("%s: %s", c.name, got.Body)
			}
			continue
		}
		series, err := seriesOf(got.Answer)
		must(t, err)
		if len(series) != c.series {
			t.Errorf("%s: %d series, not %d", c.name, len(series), c.series)
		}
	}
	two := remote.Body(&prompb.ReadRequest{
		Queries:               []*prompb.Query{remote.Query("lab", from, to), remote.Query("lab", from, to)},
		AcceptedResponseTypes: []remote.Mode{remote.Streamed},
	})
	got, err := remote.PostWith(tenant("us"), readLimit, s.proxy.ReadURL(), two)
	must(t, err)
	if series, err := got.Series(); err != nil || len(series) == 0 || strings.Contains(fmt.Sprint(series), `"eu"`) {
		t.Errorf("two queries: %v %v", series, err)
	}
	if status, page, err := s.proxy.Get("/api/v1/labels"); err != nil || status != http.StatusBadRequest {
		t.Errorf("labels: %d %v %s", status, err, page)
	}
}
