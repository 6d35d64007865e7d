package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"prombraid/test/internal/proxy"
)

// coverage is what the tests look at of /api/v1/coverage.
type coverage struct {
	Range    struct{ Start, End int64 }
	Replicas []struct{ Name string }
	Cut      bool
	Series   []struct {
		Labels          map[string]string
		Interval        int64
		Samples, Filled int64
		Replicas        []struct {
			Replica int
			Strip   []struct {
				From, To int64
				State    string
			}
			Values [][2]any
		}
		Braid []struct {
			Replica  int
			From, To int64
			Why      string
		}
		Conflicts struct{ Count int64 }
	}
}

// twoHoled is a set of two replicas with a hole each.
func twoHoled(t *testing.T, flags ...string) *proxy.Prombraid {
	t.Helper()
	s := newSite(t)
	r0 := s.replica(0, debian, r0Labels, holed(0, 0, within(5*minute+second, 8*minute-second)))
	r1 := s.replica(1, debian, r1Labels, holed(1, 7*second, within(20*minute, 22*minute)))
	return s.prombraid([]string{r0.Address(), r1.Address()}, flags...)
}

func halfHour() url.Values {
	return url.Values{
		"match[]": {"lab_holed"},
		"start":   {fmt.Sprint(morning.From / second)},
		"end":     {fmt.Sprint(morning.From/second + 1800)},
	}
}

func TestCoverageShowsTheFilledHoles(t *testing.T) {
	p := twoHoled(t)
	form := halfHour()
	form.Set("samples", "5")
	said := call(t, p, http.MethodGet, "/api/v1/coverage", form)
	var got coverage
	must(t, json.Unmarshal(said.Data, &got))
	if said.code != 200 || len(got.Series) != 1 || len(got.Replicas) != 2 {
		t.Fatalf("%d %s %s", said.code, said.Data, said.Error)
	}
	one := got.Series[0]
	if one.Interval != interval || one.Filled == 0 || one.Labels["cluster"] != "lab" {
		t.Errorf("interval %d, filled %d, labels %v", one.Interval, one.Filled, one.Labels)
	}
	hole := one.Replicas[0].Strip[1]
	if hole.State != "hole" || hole.From != morning.From+5*minute || hole.To != morning.From+8*minute {
		t.Errorf("the hole of r0 is %+v", hole)
	}
	inHole := morning.From + 6*minute
	for _, use := range one.Braid {
		if use.From <= inHole && inHole <= use.To && use.Replica != 1 {
			t.Errorf("the hole of r0 is answered by %+v", use)
		}
	}
	for i, use := range one.Braid[1:] {
		if gap := use.From - one.Braid[i].To; gap <= 0 || gap > 3*interval/2 {
			t.Errorf("%d ms between pieces %d and %d of the answer", gap, i, i+1)
		}
	}
	if n := len(one.Replicas[1].Values); n != 5 {
		t.Errorf("%d samples, not 5", n)
	}
}

func TestCoverageRefuses(t *testing.T) {
	p := twoHoled(t)
	for _, query := range []string{"", "?match[]=up{", "?match[]=up&limit=1000", "?match[]=up&start=2&end=1"} {
		if got := call(t, p, http.MethodGet, "/api/v1/coverage"+query, nil); got.code != 400 || got.ErrorType != "bad_data" {
			t.Errorf("%s: %d %s %s", query, got.code, got.ErrorType, got.Error)
		}
	}
}

// TestReplicasDocument is what the page shows of replicas.
func TestReplicasDocument(t *testing.T) {
	p := twoHoled(t)
	call(t, p, http.MethodGet, "/api/v1/coverage", halfHour())
	said := call(t, p, http.MethodGet, "/api/v1/status/replicas", nil)
	for _, wanted := range []string{`"replica":"r0"`, `"version":"2.42.0+ds"`, `"up":true`, `"name":"default"`, `"p90":`} {
		if !strings.Contains(string(said.Data), wanted) {
			t.Errorf("no %s in %s", wanted, said.Data)
		}
	}
}

// TestPageIsServedSafely looks at the headers; what the page does is tested by scripts/page.
func TestPageIsServedSafely(t *testing.T) {
	p := twoHoled(t)
	request, err := http.NewRequest(http.MethodGet, p.URL()+"/", nil)
	must(t, err)
	request.Header.Set("Accept", "text/html,application/xhtml+xml")
	answer, err := http.DefaultClient.Do(request)
	must(t, err)
	defer answer.Body.Close()
	policy := answer.Header.Get("Content-Security-Policy")
	for _, wanted := range []string{"default-src 'none'", "script-src 'sha256-", "style-src 'sha256-", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, wanted) {
			t.Errorf("no %s in %q", wanted, policy)
		}
	}
	if strings.Contains(policy, "unsafe") || answer.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%v", answer.Header)
	}
}
