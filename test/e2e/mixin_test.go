package e2e

import (
	"fmt"
	"math"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"

	"prombraid/test/internal/mixin"
	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
	"prombraid/test/internal/wait"
)

// patience is for scrapes and rules, every second, on a machine that does other things as well.
const patience = 90 * time.Second

// onlyInTrouble are the dashboard's queries that show nothing while all is well.
var onlyInTrouble = []string{
	"Ended or refused by a limit/limit: {{limit}}",
	"Ended or refused by a limit/request: {{reason}}",
	"Failures by reason/{{replica}}: {{reason}}",
	"Lookups of names/{{name}} failed: {{reason}}",
}

// ofCertificates is a query that shows something where there are some: test/secure has the metric.
func ofCertificates(ask mixin.Ask) bool { return strings.Contains(ask.Expr, "_certificate_expiry_") }

// watched is a proxy over two replicas, read all the time, and the Prometheus that watches it.
type watched struct {
	*site
	replicas []*prom.Server
	proxy    *proxy.Prombraid
	watcher  *prom.Server
}

func newWatched(t *testing.T) watched {
	s := newSite(t)
	s.startDNS()
	r0 := s.replica(0, debian, r0Labels, morningBlock(0))
	r1 := s.replica(1, debian, r1Labels, morningBlock(1))
	s.publish(r0, r1)
	p := s.overName(refreshFlag, "--replicas.expected=3", "--limits.queries-per-request=1")
	w := s.server(prom.Config{
		Version: debian, Name: "watcher", Host: s.net.Host(201),
		Scrapes: []prom.Scrape{{Job: "prombraid", Interval: "1s", Targets: []string{p.Address()}}},
		Rules: []string{filepath.Join(mixin.Folder(), "rules.yaml"),
			filepath.Join(mixin.Folder(), "alerts.yaml")},
	})
	return watched{s, []*prom.Server{r0, r1}, p, w}
}

// TestMixin runs all that the mixin asks against what a Prometheus scraped of a Prombraid at work,
// first while all is well and then in trouble.
func TestMixin(t *testing.T) {
	w := newWatched(t)
	asks, err := mixin.Asks()
	must(t, err)
	asks = slices.DeleteFunc(asks, ofCertificates)
	if len(asks) < 50 {
		t.Fatalf("the dashboard has %d queries", len(asks))
	}
	t.Run("its metrics are ours", w.names)
	t.Run("the dashboard while all is well", func(t *testing.T) {
		w.untilOnly(t, onlyInTrouble, asks)
	})
	must(t, w.alerts("PrombraidReplicaCountLow"))
	t.Run("the dashboard in trouble", func(t *testing.T) {
		w.trouble(t)
		w.untilOnly(t, nil, asks)
	})
	t.Run("alerts", func(t *testing.T) {
		w.replicas[0].Kill()
		must(t, w.alerts("PrombraidReplicaCountLow", "PrombraidPartialResponses", "PrombraidDNSFailures",
			"PrombraidReadErrorRateHigh", "PrombraidNoReplicas"))
	})
}

func (w watched) names(t *testing.T) {
	names, err := mixin.Metrics()
	must(t, err)
	_, page, err := w.proxy.Get("/metrics")
	must(t, err)
	for _, name := range names {
		family := name
		for _, part := range []string{"_bucket", "_count", "_sum"} {
			family = strings.TrimSuffix(family, part)
		}
		if !strings.Contains(page, "# TYPE "+name+" ") && !strings.Contains(page, "# TYPE "+family+" histogram") {
			t.Errorf("the mixin asks for %s, which /metrics has not", name)
		}
	}
}

// read sends one read of each kind; that they may fail is the point of some of them.
func (w watched) read() {
	for _, mode := range modes {
		_, _ = remote.Read(w.proxy.ReadURL(), mode, remote.Query(everything, morning.From, morning.To))
	}
}

// trouble is everything that the rest of the dashboard shows.
func (w watched) trouble(t *testing.T) {
	w.replicas[1].Kill()
	w.publish()
	query := remote.Query("up", morning.From, morning.To)
	until(t, "two queries are refused", func() error {
		_, err := remote.Read(w.proxy.ReadURL(), remote.Samples, query, query)
		if err == nil {
			return fmt.Errorf("two queries were answered where one is the limit")
		}
		return nil
	})
}

// malformed sends what is no HTTP request.
func (w watched) malformed() {
	connection, err := net.DialTimeout("tcp", w.proxy.Address(), time.Second)
	if err != nil {
		return
	}
	defer connection.Close()
	_, _ = connection.Write([]byte("GET /metrics HTTP/1.1\r\n\r\n"))
	_ = connection.SetReadDeadline(time.Now().Add(time.Second))
	_, _ = connection.Read(make([]byte, 64))
}

// untilOnly waits until the queries that show nothing are these and no others.
func (w watched) untilOnly(t *testing.T, silent []string, asks []mixin.Ask) {
	t.Helper()
	inTrouble := len(silent) == 0
	until(t, "the dashboard", func() error {
		w.read()
		if inTrouble {
			w.malformed()
			query := remote.Query("up", morning.From, morning.To)
			_, _ = remote.Read(w.proxy.ReadURL(), remote.Samples, query, query)
		}
		var got []string
		for _, ask := range asks {
			shows, err := w.shows(ask)
			if err != nil {
				return err
			}
			if !shows {
				got = append(got, ask.Panel+"/"+ask.Legend)
			}
		}
		if !slices.Equal(got, silent) {
			return fmt.Errorf("nothing is shown of %q", got)
		}
		return nil
	})
}

// shows says whether a query has a value that is a number.
func (w watched) shows(ask mixin.Ask) (bool, error) {
	value, warnings, err := w.watcher.Instant(ask.Expr, time.Now())
	if err != nil || len(warnings) > 0 {
		return false, fmt.Errorf("%s: %s: %w %v", ask.Panel, ask.Expr, err, warnings)
	}
	for _, sample := range value.(model.Vector) {
		if !math.IsNaN(float64(sample.Value)) {
			return true, nil
		}
	}
	return false, nil
}

// alerts waits until exactly these alerts are there, pending ones included.
func (w watched) alerts(wanted ...string) error {
	slices.Sort(wanted)
	return wait.Until(patience, "alerts", func() error {
		w.read()
		value, _, err := w.watcher.Instant("count by (alertname) (ALERTS)", time.Now())
		if err != nil {
			return err
		}
		var got []string
		for _, sample := range value.(model.Vector) {
			got = append(got, string(sample.Metric["alertname"]))
		}
		slices.Sort(got)
		if !slices.Equal(got, wanted) {
			return fmt.Errorf("%v", got)
		}
		return nil
	})
}

func until(t *testing.T, what string, check func() error) {
	t.Helper()
	must(t, wait.Until(patience, what, check))
}
