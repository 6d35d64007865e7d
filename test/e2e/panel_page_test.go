//go:build page

package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"prombraid/test/internal/prom"
)

// between stands between the browser and a Prometheus, whose pages it shows; what those pages ask is
// asked of another place, but for news of that Prometheus itself.
type between struct {
	sync.Mutex
	*httptest.Server
	graphs []asked
	failed []string
}

func newBetween(t *testing.T, pages, api string) *between {
	t.Helper()
	b := &between{}
	to := func(where string) *httputil.ReverseProxy {
		target, err := url.Parse(where)
		must(t, err)
		made := httputil.NewSingleHostReverseProxy(target)
		made.ModifyResponse = b.note
		return made
	}
	shown, answering := to(pages), to(api)
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Else the answer that is noted would be compressed.
		r.Header.Del("Accept-Encoding")
		own := strings.HasPrefix(r.URL.Path, "/api/v1/notifications")
		if strings.HasPrefix(r.URL.Path, "/api/") && !own {
			answering.ServeHTTP(w, r)
		} else {
			shown.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(b.Close)
	return b
}

func (b *between) note(answer *http.Response) error {
	b.Lock()
	defer b.Unlock()
	request := answer.Request
	if answer.StatusCode >= 400 {
		b.failed = append(b.failed, fmt.Sprintf("%s: %d", request.URL.Path, answer.StatusCode))
	}
	if request.URL.Path != "/api/v1/query_range" {
		return nil
	}
	body, err := io.ReadAll(answer.Body)
	answer.Body = io.NopCloser(bytes.NewReader(body))
	b.graphs = append(b.graphs, asked{request.URL.Query(), body})
	return err
}

// panel is the address of one graph on a server's own page.
func panel(base string) string {
	return base + "/query?" + url.Values{
		"g0.expr": {panelExpr}, "g0.show_tree": {"0"}, "g0.tab": {"graph"}, "g0.range_input": {"4h"},
		"g0.end_input": {at(panelHours.To).UTC().Format(time.DateTime)},
		"g0.res_type":  {"fixed"}, "g0.res_step": {"30"}, "g0.display_mode": {"lines"},
	}.Encode()
}

// draw has Chromium draw the panel, and gives what it asked for.
func (b *between) draw(t *testing.T, picture string) asked {
	t.Helper()
	path := filepath.Join(pictures(t), picture)
	draw(t, panel(b.URL), "--screenshot="+path, "--window-size=1240,840", "--virtual-time-budget=15000")
	if found, err := os.Stat(path); err != nil || found.Size() < 20_000 {
		t.Errorf("%v: no picture", err)
	}
	b.Lock()
	defer b.Unlock()
	if len(b.failed) > 0 {
		t.Errorf("the page was refused %q", b.failed)
	}
	if len(b.graphs) != 1 {
		t.Fatalf("it asked for %d graphs", len(b.graphs))
	}
	if got, want := b.graphs[0].form.Encode(), panelForm().Encode(); got != want {
		t.Errorf("TestPanel asks for %s, the page for %s", want, got)
	}
	return b.graphs[0]
}

// TestPageOfPrometheus has the web page of Prometheus draw one graph three times: of each replica by
// itself, and of an engine that reads through Prombraid, all of whose API is asked at Prombraid.
func TestPageOfPrometheus(t *testing.T) {
	home := os.Getenv("PROMETHEUS_PAGES")
	if home == "" {
		t.Fatal("scripts/page says where the pages of Prometheus are")
	}
	s := newSite(t)
	r0, r1, p, engine := panelOf(s, home)
	for n, replica := range []*prom.Server{r0, r1} {
		t.Run(replica.Name+" alone has holes", func(t *testing.T) {
			drawn := newBetween(t, replica.URL(), replica.URL()).draw(t, fmt.Sprintf("panel-replica-%d.png", n))
			if drawn.missing(t) == 0 {
				t.Error("it was down, and nothing is missing")
			}
		})
	}
	t.Run("through Prombraid there is none", func(t *testing.T) {
		drawn := newBetween(t, engine.URL(), p.URL()).draw(t, "panel-prombraid.png")
		if n := drawn.missing(t); n > 0 {
			t.Errorf("%d points are missing", n)
		}
	})
}
