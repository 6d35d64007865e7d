package faults

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
	"prombraid/test/internal/scripted"
	"prombraid/test/internal/wait"
)

const target = "dns+prom.braid.test.:" + scripted.Port

// named is a stage whose two replicas are found by a name.
func named(t *testing.T) (*stage, *scripted.NameServer) {
	t.Helper()
	s := newStage(t)
	names := s.names(scripted.Hosts(1, s.replica(0).Host, s.replica(1).Host))
	s.start([]string{target}, "--dns.server="+names.Address(), "--dns.refresh-interval=1s")
	return s, names
}

func (s *stage) names(reply scripted.Reply) *scripted.NameServer {
	s.Helper()
	names, err := scripted.StartNames(s.net.Host(53), reply)
	must(s.T, err)
	s.Cleanup(names.Stop)
	return names
}

// lookups waits until the name was asked for a few times more.
func (s *stage) lookups(names *scripted.NameServer, more int64) {
	s.Helper()
	was := names.Asked()
	must(s.T, wait.Until(15*time.Second, "lookups", func() error {
		if got := names.Asked(); got < was+more {
			return fmt.Errorf("%d, not %d", got, was+more)
		}
		return nil
	}))
}

func answerTo(edit func(*dns.Msg)) scripted.Reply { return scripted.Edited(1, edit, "127.0.0.1") }

func bytesOf(bytes string) scripted.Reply {
	return func(*dns.Msg, bool) [][]byte { return [][]byte{[]byte(bytes)} }
}

func aliased(from, to string) *dns.CNAME {
	return &dns.CNAME{Hdr: dns.RR_Header{Name: from, Rrtype: dns.TypeCNAME, Class: dns.ClassINET, Ttl: 1}, Target: to}
}

// dnsFaults say nothing that is believed: the replicas of before stay.
var dnsFaults = []struct {
	name   string
	reply  scripted.Reply
	reason string
}{
	{"34 NXDOMAIN", scripted.Code(dns.RcodeNameError), "nxdomain"},
	{"34 SERVFAIL", scripted.Code(dns.RcodeServerFailure), "server"},
	{"34 REFUSED", scripted.Code(dns.RcodeRefused), "server"},
	{"34 silence", scripted.Silence, "timeout"},
	{"34 no records", scripted.Hosts(1), "empty"},
	{"35 garbage", bytesOf("this is no DNS message at all"), "timeout"},
	{"35 a packet of no bytes", bytesOf(""), "timeout"},
	{"35 a wrong id", answerTo(func(m *dns.Msg) { m.Id++ }), "timeout"},
	{"35 a wrong question", answerTo(func(m *dns.Msg) { m.Question[0].Name = "else.braid.test." }), "timeout"},
	{"35 CNAME in a circle", answerTo(func(m *dns.Msg) {
		m.Answer = []dns.RR{aliased(m.Question[0].Name, "b.braid.test."), aliased("b.braid.test.", m.Question[0].Name)}
	}), "cname_loop"},
	{"37 only 0.0.0.0", scripted.Hosts(1, "0.0.0.0"), "empty"},
}

func TestNames(t *testing.T) {
	for _, c := range dnsFaults {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, names := named(t)
			s.watch(0)
			before := s.metrics()
			names.Play(c.reply)
			must(t, wait.Until(20*time.Second, "the failure counted", func() error {
				if s.metrics().sum("prombraid_dns_failures_total", `reason="`+c.reason+`"`) <= before.sum("prombraid_dns_failures_total", `reason="`+c.reason+`"`) {
					return fmt.Errorf("%s is not", c.reason)
				}
				return nil
			}))
			s.good()
			s.said("a lookup brought nothing", "prom.braid.test")
			names.Play(scripted.Hosts(1, s.replicas[0].Host))
			must(t, wait.Until(20*time.Second, "one replica", func() error {
				return expectSum(s.metrics(), "prombraid_dns_addresses", 1)
			}))
			s.whole("after the next good answer", s.read(remote.Streamed))
		})
	}
}

// TestOddNames are answers that are to be taken.
func TestOddNames(t *testing.T) {
	for _, c := range []struct {
		name  string
		reply func(a, b, self string) scripted.Reply
		count float64
	}{
		{"35 TTL 0", func(a, b, _ string) scripted.Reply { return scripted.Hosts(0, a, b) }, 2},
		{"35 TTL 2^31", func(a, b, _ string) scripted.Reply { return scripted.Hosts(1<<31, a, b) }, 2},
		{"35 truncated, then TCP", func(a, b, _ string) scripted.Reply {
			return func(q *dns.Msg, tcp bool) [][]byte {
				if tcp {
					return scripted.Hosts(1, a, b)(q, tcp)
				}
				return scripted.Edited(1, func(m *dns.Msg) { m.Truncated = true })(q, tcp)
			}
		}, 2},
		{"35 a CNAME before the records", func(a, b, _ string) scripted.Reply {
			return scripted.Edited(1, func(m *dns.Msg) {
				if len(m.Answer) == 0 {
					return
				}
				for _, rr := range m.Answer {
					rr.Header().Name = "alias.braid.test."
				}
				m.Answer = append(m.Answer, aliased(m.Question[0].Name, "alias.braid.test."))
			}, a, b)
		}, 2},
		{"37 the same address thrice", func(a, b, _ string) scripted.Reply { return scripted.Hosts(1, a, a, b, a) }, 2},
		{"37 0.0.0.0 among them", func(a, b, _ string) scripted.Reply { return scripted.Hosts(1, a, "0.0.0.0", b) }, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			a, b := s.replica(0), s.replica(1)
			names := s.names(c.reply(a.Host, b.Host, s.net.Host(100)))
			s.start([]string{target}, "--dns.server="+names.Address(), "--dns.refresh-interval=1s")
			s.watch(0)
			if err := expectSum(s.metrics(), "prombraid_dns_addresses", c.count); err != nil {
				t.Error(err)
			}
			s.lookups(names, 2)
			s.good()
		})
	}
}

// TestNameOfItself: DNS leads to this very process.
func TestNameOfItself(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a := s.replica(0)
	names := s.names(scripted.Hosts(1, a.Host, s.net.Host(100)))
	s.start([]string{"dns+prom.braid.test.:" + proxy.Port, "dns+prom.braid.test.:" + scripted.Port}, "--dns.server="+names.Address())
	s.watch(0)
	if _, found := s.metrics()[fmt.Sprintf("prombraid_replica_up{replica=%q}", s.net.Host(100)+":"+proxy.Port)]; found {
		t.Error("it is its own replica")
	}
	got := s.read(remote.Streamed)
	s.whole("with itself in DNS", got)
}

// TestReadyWaitsForNames: where two names are asked for and one is not answered, readiness waits
// until that lookup was in vain, and no longer.
func TestReadyWaitsForNames(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a, b := s.replica(0), s.replica(1)
	begun := time.Now()
	late := scripted.Hosts(60, b.Host)
	names := s.names(func(q *dns.Msg, tcp bool) [][]byte {
		if strings.HasPrefix(q.Question[0].Name, "late.") {
			time.Sleep(time.Until(begun.Add(time.Second)))
			return late(q, tcp)
		}
		return scripted.Hosts(60, a.Host)(q, tcp)
	})
	s.launch([]string{target, "dns+late.braid.test.:" + scripted.Port}, "--dns.server="+names.Address())
	s.watch(0)
	if err := expectSum(s.metrics(), "prombraid_replica_up", 2); err != nil {
		t.Errorf("ready with %v", err)
	}
	s.whole("the first read", s.read(remote.Streamed))
}

// nameless starts a proxy whose replicas' name leads nowhere yet; it listens when this returns.
func (s *stage) nameless(names *scripted.NameServer, flags ...string) {
	s.Helper()
	flags = append(flags, "--replicas="+target, "--dns.server="+names.Address(), "--dns.refresh-interval=1s")
	s.keep(proxy.Launch(s.dir, s.net.Host(100), flags...))
	must(s.T, wait.Until(10*time.Second, "listening", func() error {
		_, _, err := s.proxy.Get("/-/healthy")
		return err
	}))
}

// TestStartWithoutNames: it starts, says that it is not ready, and finds the replicas later.
func TestStartWithoutNames(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a := s.replica(0)
	names := s.names(scripted.Code(dns.RcodeServerFailure))
	s.nameless(names)
	p := s.proxy
	s.watch(0)
	if status, text, err := p.Get("/-/ready"); err != nil || status != http.StatusServiceUnavailable {
		t.Errorf("ready: %d %s %v", status, text, err)
	}
	got := s.read(remote.Streamed)
	if got.Status != http.StatusServiceUnavailable || !strings.Contains(string(got.Body), "no replica is known yet") || got.Header.Get("Retry-After") == "" {
		t.Errorf("status %d: %s", got.Status, got.Body)
	}
	names.Play(scripted.Hosts(1, a.Host))
	must(t, p.WaitReady(15*time.Second))
	s.good()
}

// TestManyAddresses: 200 records, of which two answer.
func TestManyAddresses(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	hosts := []string{s.replica(0).Host, s.replica(1).Host}
	for i := range 198 {
		hosts = append(hosts, fmt.Sprintf("127.254.%d.%d", i/100, 1+i%100))
	}
	reply := func(q *dns.Msg, tcp bool) [][]byte {
		if tcp {
			return scripted.Hosts(1, hosts...)(q, tcp)
		}
		return scripted.Edited(1, func(m *dns.Msg) { m.Truncated = true })(q, tcp)
	}
	names := s.names(reply)
	s.start([]string{target}, "--dns.server="+names.Address())
	s.watch(0)
	if names.AskedByTCP() == 0 {
		t.Error("never asked by TCP")
	}
	if err := expectSum(s.metrics(), "prombraid_dns_addresses", 200); err != nil {
		t.Error(err)
	}
	s.whole("two of 200", s.read(remote.Streamed))
}
