package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/oracle"
	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
)

// twoOfThem is the usual set without a name server: r0 and r1, and a proxy over their addresses.
func twoOfThem(t *testing.T, flags ...string) (*proxy.Prombraid, *prom.Server, *prom.Server) {
	t.Helper()
	s := newSite(t)
	r0 := s.replica(0, current(), r0Labels, morningBlock(0))
	r1 := s.replica(1, current(), r1Labels, morningBlock(1))
	return s.prombraid([]string{r0.Address(), r1.Address()}, flags...), r0, r1
}

// TestLongestRequest sends as much as the flag allows, which is more than a thread holds else: it is read, and judged.
func TestLongestRequest(t *testing.T) {
	const size = 260 << 20
	p, _, _ := twoOfThem(t, fmt.Sprintf("--limits.request-bytes=%d", size))
	response, err := http.Post(p.ReadURL(), "", bytes.NewReader(make([]byte, size)))
	must(t, err)
	defer response.Body.Close()
	said, err := io.ReadAll(response.Body)
	must(t, err)
	if response.StatusCode != http.StatusBadRequest || !strings.Contains(string(said), "snappy") {
		t.Errorf("%s: %s", response.Status, said)
	}
}

func TestMatchersOnExternalLabels(t *testing.T) {
	p, r0, r1 := twoOfThem(t)
	const metric = "lab_temperature"
	t.Run("one replica by its label, which stays", func(t *testing.T) {
		for _, r := range []*prom.Server{r0, r1} {
			selector := metric + `{replica="` + r.ExternalLabels["replica"] + `"}`
			for _, mode := range modes {
				got := read(t, p.ReadURL(), mode, selector)
				want := read(t, r.ReadURL(), remote.Streamed, metric)
				report(t, selector, oracle.Same(got, want))
			}
		}
	})
	for _, c := range []struct {
		matcher string
		replica []*prom.Server
	}{
		{`cluster="lab"`, []*prom.Server{r0, r1}},
		{`cluster=~"l.b"`, []*prom.Server{r0, r1}},
		{`cluster=~"l"`, nil},
		{`cluster!="other"`, []*prom.Server{r0, r1}},
		{`cluster!~"lab|x"`, nil},
		{`cluster!="lab"`, nil},
		{`cluster=""`, nil},
		{`cluster="other"`, nil},
		{`cluster=~".*",instance=~"target-.*"`, []*prom.Server{r0, r1}},
		{`replica=~"r0|r1"`, []*prom.Server{r0, r1}},
		{`replica=~"r1"`, []*prom.Server{r1}},
		{`replica!="r1"`, []*prom.Server{r0}},
		{`replica!~"r0"`, []*prom.Server{r1}},
		{`nosuch=""`, []*prom.Server{r0, r1}},
		{`nosuch!=""`, nil},
	} {
		t.Run(c.matcher, func(t *testing.T) {
			got := oracle.Without(read(t, p.ReadURL(), remote.Streamed, metric+"{"+c.matcher+"}"), "replica")
			if len(c.replica) == 0 {
				if len(got) > 0 {
					t.Errorf("%d series, not none", len(got))
				}
				return
			}
			checkMerged(t, got, metric, c.replica...)
		})
	}
}

func TestSeriesFunctionGivesLabelsWithoutSamples(t *testing.T) {
	p, _, _ := twoOfThem(t)
	for _, mode := range modes {
		query := remote.HintedQuery(everything, morning.From, morning.To, "series")
		got, err := remote.Read(p.ReadURL(), mode, query)
		must(t, err)
		report(t, mode.String(), oracle.InOrder(got))
		want := read(t, p.ReadURL(), remote.Streamed, everything)
		for i := range want {
			want[i].Points = nil
		}
		report(t, mode.String(), oracle.Same(got, want))
	}
}

func TestSeveralQueriesInOneRequest(t *testing.T) {
	p, _, _ := twoOfThem(t)
	queries := []*prompb.Query{
		remote.Query("lab_requests_total", morning.From, morning.From+hour),
		remote.Query("nothing_like_it", morning.From, morning.To),
		remote.Query("lab_size_bytes", morning.From+hour, morning.From+2*hour),
		remote.Query("lab_requests_total", morning.From, morning.From+hour),
	}
	var alone []int
	for _, query := range queries {
		series, err := remote.Read(p.ReadURL(), remote.Streamed, query)
		must(t, err)
		alone = append(alone, len(series))
	}
	t.Run("streamed", func(t *testing.T) {
		answer := post(t, p, &prompb.ReadRequest{Queries: queries, AcceptedResponseTypes: []remote.Mode{remote.Streamed}})
		frames, err := answer.Frames()
		must(t, err)
		together := make([]int, len(queries))
		for i, frame := range frames {
			if i > 0 && frame.QueryIndex < frames[i-1].QueryIndex {
				t.Errorf("query %d after %d", frame.QueryIndex, frames[i-1].QueryIndex)
			}
			if len(frame.ChunkedSeries) != 1 {
				t.Fatalf("frame %d has %d series", i, len(frame.ChunkedSeries))
			}
			together[frame.QueryIndex]++
		}
		if !slices.Equal(together, alone) {
			t.Errorf("%v series together, %v alone", together, alone)
		}
	})
	t.Run("samples", func(t *testing.T) {
		answer := post(t, p, &prompb.ReadRequest{Queries: queries})
		response, err := answer.Results()
		must(t, err)
		var together []int
		for _, result := range response.Results {
			together = append(together, len(result.Timeseries))
		}
		if !slices.Equal(together, alone) {
			t.Errorf("%v series together, %v alone", together, alone)
		}
	})
}

func post(t *testing.T, p *proxy.Prombraid, request *prompb.ReadRequest) remote.Answer {
	t.Helper()
	answer, err := remote.Post(p.ReadURL(), remote.Body(request))
	must(t, err)
	if answer.Status != 200 {
		t.Fatalf("status %d: %s", answer.Status, answer.Body)
	}
	return answer
}

func TestHeadersOfBothModes(t *testing.T) {
	p, _, _ := twoOfThem(t)
	query := []*prompb.Query{remote.Query("up", morning.From, morning.From+hour)}
	for _, c := range []struct {
		title          string
		accepted       []remote.Mode
		kind, encoding string
	}{
		{"no preference", nil, "application/x-protobuf", "snappy"},
		{"samples first", []remote.Mode{remote.Samples, remote.Streamed}, "application/x-protobuf", "snappy"},
		{
			"an unknown type, then streamed", []remote.Mode{20, remote.Streamed},
			"application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse", "",
		},
	} {
		t.Run(c.title, func(t *testing.T) {
			answer := post(t, p, &prompb.ReadRequest{Queries: query, AcceptedResponseTypes: c.accepted})
			if kind := answer.Header.Get("Content-Type"); kind != c.kind {
				t.Errorf("Content-Type %q, not %q", kind, c.kind)
			}
			if encoding := answer.Header.Get("Content-Encoding"); encoding != c.encoding {
				t.Errorf("Content-Encoding %q, not %q", encoding, c.encoding)
			}
		})
	}
}

// TestErrorsAreThoseOfPrometheus asks a real server the same, and wants the same status.
func TestErrorsAreThoseOfPrometheus(t *testing.T) {
	p, r0, _ := twoOfThem(t, "--storage.remote.read-sample-limit=1000")
	good := remote.Query("up", morning.From, morning.To)
	badRegex := remote.Query("up", morning.From, morning.To)
	badRegex.Matchers = append(badRegex.Matchers, &prompb.LabelMatcher{Type: prompb.LabelMatcher_RE, Name: "a", Value: "("})
	for _, c := range []struct {
		title  string
		body   []byte
		status int // 0: what the replica answers
		says   string
	}{
		{"no body", nil, 0, "snappy"},
		{"no snappy", []byte("this is no snappy block"), 0, "snappy"},
		{"a snappy bomb", []byte{0xff, 0xff, 0xff, 0xff, 0x0f}, 0, ""},
		{"no protobuf", []byte{0x04, 0x0c, 0xff, 0xff, 0xff, 0xff}, 0, ""},
		{
			"unsupported response types", remote.Body(&prompb.ReadRequest{
				Queries: []*prompb.Query{good}, AcceptedResponseTypes: []remote.Mode{20, 21},
			}), 0, "server does not support any of the requested response types",
		},
		{
			"more samples than the limit", remote.Body(&prompb.ReadRequest{Queries: []*prompb.Query{good}}),
			400, "exceeded sample limit (1000)",
		},
		{"a bad regular expression", remote.Body(&prompb.ReadRequest{Queries: []*prompb.Query{badRegex}}), -1, ""},
	} {
		t.Run(c.title, func(t *testing.T) {
			got, err := remote.Post(p.ReadURL(), c.body)
			must(t, err)
			want, err := remote.Post(r0.ReadURL(), c.body)
			must(t, err)
			switch {
			case c.status > 0 && got.Status != c.status,
				c.status == 0 && got.Status != want.Status,
				c.status < 0 && got.Status/100 == 2:
				t.Errorf("status %d (%s), Prometheus says %d (%s)", got.Status, got.Body, want.Status, want.Body)
			}
			if !strings.Contains(string(got.Body), c.says) {
				t.Errorf("text %q lacks %q", got.Body, c.says)
			}
			if kind := got.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/plain") {
				t.Errorf("Content-Type %q", kind)
			}
		})
	}
	for path, status := range map[string]int{"/api/v1/read": 405, "/nothing/here": 404} {
		if got, text, err := p.Get(path); err != nil || got != status {
			t.Errorf("GET %s: %d %q %v, not %d", path, got, text, err, status)
		}
	}
}
