package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/dns"
	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
)

// braidName leads to all proxies of a site, as a headless Service does.
const braidName = "braid." + dns.Domain

// selectors are read in both modes; the last finds nothing.
var selectors = []string{everything, `lab_temperature`, `{__name__=~"lab_latency.*"}`, `up{job="nothing"}`}

// more starts a further proxy, number n of the site.
func (s *site) more(n int, addresses []string, flags ...string) *proxy.Prombraid {
	s.t.Helper()
	dir, err := os.MkdirTemp(s.dir, "prombraid-")
	must(s.t, err)
	p, err := proxy.Start(dir, s.net.Host(100+n), s.flags(addresses, flags...)...)
	must(s.t, err)
	s.stopAtEnd(p)
	return p
}

// request is one read of the morning.
func request(mode remote.Mode, selector string) []byte {
	return remote.Body(&prompb.ReadRequest{
		Queries:               []*prompb.Query{remote.Query(selector, morning.From, morning.To)},
		AcceptedResponseTypes: []remote.Mode{mode},
	})
}

// whole is the whole answer to one read, which must be a good one.
func whole(t *testing.T, url string, mode remote.Mode, selector string) []byte {
	t.Helper()
	answer, err := remote.Post(url, request(mode, selector))
	must(t, err)
	if answer.Status != http.StatusOK || answer.Header.Get("X-Prombraid-Partial") != "" {
		t.Fatalf("%s: %d %v", selector, answer.Status, answer.Header)
	}
	return answer.Body
}

// TestThreeProxiesBehindOneName: it does not matter which of them a read gets.
func TestThreeProxiesBehindOneName(t *testing.T) {
	s := newSite(t)
	s.startDNS()
	s.publish(s.replica(0, debian, r0Labels, morningBlock(0)), s.replica(1, current(), r1Labels, morningBlock(1)))
	over := []string{"dns+" + name + ":" + prom.Port}
	alone := s.more(0, over)
	var several []*proxy.Prombraid
	var hosts []string
	for n := 1; n <= 3; n++ {
		several = append(several, s.more(n, over))
		hosts = append(hosts, s.net.Host(100+n))
	}
	must(t, s.dns.Set(braidName, hosts...))
	client := s.byName()
	for _, mode := range modes {
		for _, selector := range selectors {
			want := whole(t, alone.ReadURL(), mode, selector)
			for range 6 {
				got := postBy(t, client, "http://"+braidName+":"+proxy.Port+"/api/v1/read", request(mode, selector))
				if !bytes.Equal(got, want) {
					t.Errorf("%s of %s: %d bytes, not the same %d", mode, selector, len(got), len(want))
				}
			}
		}
	}
	for _, p := range several {
		if reads := served(t, p); reads == 0 {
			t.Errorf("%s has served no read: the test proves nothing", p.Address())
		} else {
			t.Logf("%s served %d reads", p.Address(), reads)
		}
	}
}

// byName looks names up at the site's own server, anew for each request.
func (s *site) byName() *http.Client {
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, s.dns.Address())
	}}
	dialer := &net.Dialer{Resolver: resolver}
	return &http.Client{
		Timeout:   time.Minute,
		Transport: &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true},
	}
}

func postBy(t *testing.T, client *http.Client, url string, body []byte) []byte {
	t.Helper()
	answer, err := client.Post(url, "application/x-protobuf", bytes.NewReader(body))
	must(t, err)
	defer answer.Body.Close()
	got, err := io.ReadAll(answer.Body)
	must(t, err)
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", answer.Status, got)
	}
	return got
}

// served is how many reads a proxy has answered well.
func served(t *testing.T, p *proxy.Prombraid) int {
	t.Helper()
	_, page, err := p.Get("/metrics")
	must(t, err)
	sum := 0
	for _, line := range strings.Split(page, "\n") {
		var reads int
		labels, rest, _ := strings.Cut(line, "} ")
		if !strings.HasPrefix(labels, `prombraid_reads_total{`) || !strings.Contains(labels, `outcome="ok"`) {
			continue
		}
		_, err := fmt.Sscan(rest, &reads)
		must(t, err)
		sum += reads
	}
	return sum
}

// TestBraidOfBraids: a proxy whose replicas are proxies answers as one over the servers does.
func TestBraidOfBraids(t *testing.T) {
	s := newSite(t)
	r0 := s.replica(0, debian, r0Labels, morningBlock(0))
	r1 := s.replica(1, current(), r1Labels, morningBlock(1))
	pair := []string{r0.Address(), r1.Address()}
	alone := s.more(0, pair)
	lower := []string{s.more(1, pair).Address(), s.more(2, pair).Address()}
	for title, top := range map[string]*proxy.Prombraid{
		"two of two":   s.more(3, lower),
		"over a proxy": s.more(4, lower[:1]),
		"three floors": s.more(5, []string{s.more(6, lower).Address(), s.more(7, lower).Address()}),
	} {
		t.Run(title, func(t *testing.T) {
			for _, mode := range modes {
				for _, selector := range selectors {
					want := whole(t, alone.ReadURL(), mode, selector)
					if got := whole(t, top.ReadURL(), mode, selector); !bytes.Equal(got, want) {
						t.Errorf("%s of %s: %d bytes, not the same %d", mode, selector, len(got), len(want))
					}
				}
			}
		})
	}
}
