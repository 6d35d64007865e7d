package faults

import (
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"

	"prombraid/test/internal/remote"
	"prombraid/test/internal/scripted"
	"prombraid/test/internal/wait"
)

const (
	clientTrace = "0af7651916cd43dd8448eb211c80319c"
	clientSpan  = "b7ad6b7169203331"
)

// collector takes spans as OpenTelemetry's own does, by its decoder.
type collector struct {
	server *httptest.Server
	mu     sync.Mutex
	spans  []ptrace.Span
	names  []string // of services
	fault  error
	key    string // the last Authorization
}

func (s *stage) collector(over *tls.Config) *collector {
	s.Helper()
	c := &collector{}
	listener, err := net.Listen("tcp", net.JoinHostPort(s.net.Host(150), "4318"))
	must(s.T, err)
	c.server = httptest.NewUnstartedServer(http.HandlerFunc(c.take))
	_ = c.server.Listener.Close()
	c.server.Listener, c.server.TLS = listener, over
	if over == nil {
		c.server.Start()
	} else {
		c.server.StartTLS()
	}
	s.Cleanup(c.server.Close)
	return c
}

func (c *collector) take(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	request := ptraceotlp.NewExportRequest()
	if err == nil {
		err = request.UnmarshalJSON(body)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.key = r.Header.Get("Authorization")
	if err != nil || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/json" {
		c.fault = fmt.Errorf("%s %v: %w\n%.300s", r.URL, r.Header, err, body)
		http.Error(w, "bad", http.StatusBadRequest)
		return
	}
	for _, resource := range request.Traces().ResourceSpans().All() {
		name, _ := resource.Resource().Attributes().Get("service.name")
		c.names = append(c.names, name.Str())
		for _, scope := range resource.ScopeSpans().All() {
			for _, span := range scope.Spans().All() {
				c.spans = append(c.spans, span)
			}
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, "{}")
}

// wait waits until so many spans have come.
func (c *collector) wait(t *testing.T, count int) []ptrace.Span {
	t.Helper()
	var spans []ptrace.Span
	must(t, wait.Until(30*time.Second, "spans", func() error {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.fault != nil {
			return c.fault
		}
		if spans = slices.Clone(c.spans); len(spans) < count {
			return fmt.Errorf("%d of %d spans", len(spans), count)
		}
		return nil
	}))
	return spans
}

func traced(flags string) http.Header {
	return http.Header{
		"Traceparent": {"00-" + clientTrace + "-" + clientSpan + "-" + flags}, "Tracestate": {"vendor=x"},
	}
}

// heard has a replica note the headers of the reads that come to it.
func heard(r *scripted.Replica, then scripted.Script) func() []http.Header {
	var mu sync.Mutex
	var all []http.Header
	r.Play(func(x *scripted.Exchange) {
		mu.Lock()
		all = append(all, x.Header)
		mu.Unlock()
		then(x)
	})
	return func() []http.Header {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all)
	}
}

func ofKind(spans []ptrace.Span, kind ptrace.SpanKind) []ptrace.Span {
	return slices.DeleteFunc(slices.Clone(spans), func(s ptrace.Span) bool { return s.Kind() != kind })
}

func (s *stage) collectorURL() string { return "http://" + s.net.Host(150) + ":4318" }

func TestTraceGoesOn(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a, b := s.replica(0), s.replica(1)
	good := heard(a, scripted.Streamed(truthOf("a")...))
	bad := heard(b, scripted.Status(http.StatusInternalServerError, "broken by script"))
	c := s.collector(nil)
	s.start(nil, "--tracing.endpoint="+s.collectorURL())
	begun := time.Now()
	got, err := remote.PostWith(traced("01"), readLimit, s.proxy.ReadURL(), goodBody())
	must(t, err)
	if got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	spans := c.wait(t, 3)
	servers, clients := ofKind(spans, ptrace.SpanKindServer), ofKind(spans, ptrace.SpanKindClient)
	if len(spans) != 3 || len(servers) != 1 || len(clients) != 2 {
		t.Fatalf("%d spans, %d of the server, %d of clients", len(spans), len(servers), len(clients))
	}
	server := servers[0]
	for _, span := range spans {
		if span.TraceID().String() != clientTrace {
			t.Errorf("%s is of trace %s", span.Name(), span.TraceID())
		}
		took := span.EndTimestamp().AsTime().Sub(span.StartTimestamp().AsTime())
		if span.StartTimestamp().AsTime().Before(begun.Add(-time.Minute)) || took < 0 || took > time.Minute {
			t.Errorf("%s began at %s and took %s", span.Name(), span.StartTimestamp().AsTime(), took)
		}
	}
	if server.Name() != "POST /api/v1/read" || server.ParentSpanID().String() != clientSpan {
		t.Errorf("%q has the parent %s", server.Name(), server.ParentSpanID())
	}
	for key, want := range map[string]string{
		"http.response.status_code": "200", "http.route": "/api/v1/read", "prombraid.outcome": "partial",
		"prombraid.series": "3", "prombraid.samples": "900", "prombraid.replicas": "2",
	} {
		if value := noted(server, key); value != want {
			t.Errorf("%s is %q, not %q", key, value, want)
		}
	}
	s.clientSpan(clients, server, a, good(), "3", "")
	s.clientSpan(clients, server, b, bad(), "", "status_5xx")
	if c.names[0] != "prombraid" {
		t.Errorf("the service is %q", c.names[0])
	}
	if err := expectSum(s.metrics(), "prombraid_trace_spans_exported_total", 3); err != nil {
		t.Error(err)
	}
}

// noted is an attribute as text; empty where there is none.
func noted(span ptrace.Span, key string) string {
	value, there := span.Attributes().Get(key)
	if !there {
		return ""
	}
	return value.AsString()
}

// clientSpan finds the replica's span, which must be the one that it was told of.
func (s *stage) clientSpan(clients []ptrace.Span, server ptrace.Span, r *scripted.Replica, reads []http.Header, series, fault string) {
	s.Helper()
	if len(reads) != 1 {
		s.Fatalf("%s was read %d times", r.Address(), len(reads))
	}
	parent := reads[0]["Traceparent"]
	if len(parent) != 1 || reads[0].Get("Tracestate") != "vendor=x" {
		s.Fatalf("%s was told %v", r.Address(), reads[0])
	}
	for _, span := range clients {
		if "00-"+clientTrace+"-"+span.SpanID().String()+"-01" != parent[0] {
			continue
		}
		if span.ParentSpanID() != server.SpanID() || noted(span, "network.peer.address") != r.Host ||
			noted(span, "prombraid.series") != series || noted(span, "error.type") != fault ||
			(span.Status().Code() == ptrace.StatusCodeError) != (fault != "") {
			s.Errorf("%s: parent %s, attributes %v, status %v", r.Address(), span.ParentSpanID(), span.Attributes().AsRaw(), span.Status())
		}
		return
	}
	s.Errorf("%s was told of %s, which is no span", r.Address(), parent[0])
}

func TestTraceThatIsNotSampled(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	told := heard(s.replica(0), scripted.Streamed(truthOf("a")...))
	c := s.collector(nil)
	s.start(nil, "--tracing.endpoint="+s.collectorURL(), "--tracing.sampling-fraction=1")
	for _, header := range []http.Header{traced("00"), {"Traceparent": {"nonsense"}, "Tracestate": {"vendor=x"}}} {
		_, err := remote.PostWith(header, readLimit, s.proxy.ReadURL(), goodBody())
		must(t, err)
	}
	spans := c.wait(t, 2) // of the second read, which began a trace of its own
	for _, span := range spans {
		if span.TraceID().String() == clientTrace {
			t.Errorf("a span of a trace that is not sampled: %s", span.Name())
		}
	}
	first, second := told()[0], told()[1]
	if p := first.Get("Traceparent"); !strings.HasPrefix(p, "00-"+clientTrace+"-") || !strings.HasSuffix(p, "-00") || strings.Contains(p, clientSpan) {
		t.Errorf("told of %s", p)
	}
	if p := second.Get("Traceparent"); !strings.HasSuffix(p, "-01") || second.Get("Tracestate") != "" {
		t.Errorf("told of %s, state %q", p, second.Get("Tracestate"))
	}
}

// TestTracingKeys sends over TLS with a header, as the file says, and asks another question than a read.
func TestTracingKeys(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for n, cluster := range []string{"eu", "eu", "us", "us"} {
		s.cluster(n, cluster)
	}
	c := s.collector(&tls.Config{})
	s.overFileOf(s.twoSets(fmt.Sprintf(`tracing:
  endpoint: %s:4318
  client_type: http
  sampling_fraction: 1.0
  timeout: 5s
  headers: {Authorization: planted-key}
  tls_config: {insecure_skip_verify: true}
`, s.net.Host(150))))
	_, _, err := s.proxy.Get("/api/v1/labels")
	must(t, err)
	spans := c.wait(t, 5)
	if server := ofKind(spans, ptrace.SpanKindServer); len(server) != 1 || server[0].Name() != "GET /api/v1/labels" {
		t.Errorf("%d spans of the server", len(server))
	}
	if clients := ofKind(spans, ptrace.SpanKindClient); len(clients) != 4 || clients[0].Name() != "GET /api/v1/labels" {
		t.Errorf("%d spans of clients", len(clients))
	}
	if c.key != "planted-key" {
		t.Errorf("Authorization was %q", c.key)
	}
	for _, path := range []string{"/", "/metrics", "/api/v1/status/config", "/api/v1/status/flags", "/-/healthy"} {
		if _, page, err := s.proxy.Get(path); err != nil || strings.Contains(page, "planted") {
			t.Errorf("%s: %v %s", path, err, page)
		}
	}
	if strings.Contains(s.log(), "planted") || strings.Contains(spansText(spans), "planted") {
		t.Error("a secret is shown")
	}
}

func spansText(spans []ptrace.Span) string {
	var out strings.Builder
	for _, span := range spans {
		id := span.SpanID()
		fmt.Fprintln(&out, hex.EncodeToString(id[:]), span.Name(), span.Attributes().AsRaw(), span.Status().Message())
	}
	return out.String()
}

// TestCollectorThatIsNoGood: reads don't care, and what was not sent is counted.
func TestCollectorThatIsNoGood(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		play   func(s *stage)
		reason string
		reads  int
	}{
		{"nobody listens", func(*stage) {}, "export_failed", 3},
		{"it answers 503", func(s *stage) {
			s.answering(func(conn net.Conn) { _, _ = io.WriteString(conn, "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n") })
		}, "export_failed", 3},
		{"it answers nonsense", func(s *stage) { s.answering(func(conn net.Conn) { _, _ = io.WriteString(conn, "nonsense\r\n\r\n") }) }, "export_failed", 3},
		{"it hangs", func(s *stage) { s.answering(func(net.Conn) {}) }, "export_failed", 3},
		{"it hangs for long", func(s *stage) { s.answering(func(net.Conn) {}) }, "queue_full", 1100},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.replica(0)
			s.replica(1)
			c.play(s)
			timeout := "300ms"
			if c.reason == "queue_full" {
				timeout = "10m"
			}
			s.start(nil, "--tracing.endpoint="+s.collectorURL(), "--tracing.sampling-fraction=1", "--tracing.timeout="+timeout)
			s.watch(16 * mib)
			for range c.reads {
				s.good()
			}
			must(t, wait.Until(60*time.Second, "dropped spans", func() error {
				if s.metrics().sum("prombraid_trace_spans_dropped_total", `reason="`+c.reason+`"`) == 0 {
					return fmt.Errorf("none")
				}
				return nil
			}))
			if sum := s.metrics().sum("prombraid_trace_spans_exported_total"); sum != 0 {
				t.Errorf("%g spans were exported", sum)
			}
			if c.reason == "export_failed" {
				s.said("spans could not be sent", "collector=")
			}
			s.good()
		})
	}
}

// TestNextAddressOfAName has a collector and an engine each at the second address of its name, and
// nobody at the first.
func TestNextAddressOfAName(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.replica(0)
	names := s.names(scripted.Hosts(60, s.net.Host(149), s.net.Host(150)))
	c := s.collector(nil)
	listener, err := net.Listen("tcp", net.JoinHostPort(s.net.Host(150), "9090"))
	must(t, err)
	engine := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"status":"success","data":{}}`)
	})}
	go func() { _ = engine.Serve(listener) }()
	s.Cleanup(func() { _ = engine.Close() })
	s.start(nil, "--dns.server="+names.Address(), "--tracing.sampling-fraction=1",
		"--tracing.endpoint=http://one.braid.test.:4318", "--query.engine-url=http://one.braid.test.:9090")
	must(t, wait.Until(30*time.Second, "the engine and the collector to be found", func() error {
		code, said, err := s.proxy.Get("/api/v1/query?query=1")
		c.mu.Lock()
		defer c.mu.Unlock()
		if err != nil || code != http.StatusOK || len(c.spans) == 0 {
			return fmt.Errorf("%d %s %v, %d spans", code, said, err, len(c.spans))
		}
		return nil
	}))
}

// answering listens where the collector should be, reads what comes and lets answer see to the rest.
func (s *stage) answering(answer func(net.Conn)) {
	s.Helper()
	listener, err := net.Listen("tcp", net.JoinHostPort(s.net.Host(150), "4318"))
	must(s.T, err)
	var mu sync.Mutex
	var open []net.Conn
	s.Cleanup(func() {
		_ = listener.Close()
		mu.Lock()
		defer mu.Unlock()
		for _, conn := range open {
			_ = conn.Close()
		}
	})
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, conn)
			mu.Unlock()
			go func() {
				answer(conn)
				_, _ = io.Copy(io.Discard, conn)
			}()
		}
	}()
}
