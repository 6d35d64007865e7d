package faults

import (
	"net/http"
	"strings"
	"testing"

	"github.com/golang/snappy"
	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/remote"
	"prombraid/test/internal/scripted"
)

// on is the same stage for a subtest.
func (s *stage) on(t *testing.T) *stage {
	c := *s
	c.T = t
	return &c
}

// badRequest is a body that is refused, or not.
type badRequest struct {
	name   string
	body   []byte
	status int
	says   string
	metric []string // name and label pairs; outcome bad_request where empty
}

func limit(name string) []string {
	return []string{"prombraid_limit_hits_total", `limit="` + name + `"`}
}

func plain(protobuf string) []byte { return snappy.Encode(nil, []byte(protobuf)) }

// with is the usual request after a change.
func with(change func(*prompb.ReadRequest)) []byte {
	r := request(remote.Streamed)
	change(r)
	return remote.Body(r)
}

func matcher(kind prompb.LabelMatcher_Type, name, value string) func(*prompb.ReadRequest) {
	return func(r *prompb.ReadRequest) {
		r.Queries[0].Matchers = append(r.Queries[0].Matchers, &prompb.LabelMatcher{Type: kind, Name: name, Value: value})
	}
}

func accepting(types ...prompb.ReadRequest_ResponseType) func(*prompb.ReadRequest) {
	return func(r *prompb.ReadRequest) { r.AcceptedResponseTypes = types }
}

func ranged(start, end int64) func(*prompb.ReadRequest) {
	return func(r *prompb.ReadRequest) {
		r.Queries[0].StartTimestampMs, r.Queries[0].EndTimestampMs, r.Queries[0].Hints = start, end, nil
	}
}

func many(queries int) func(*prompb.ReadRequest) {
	return func(r *prompb.ReadRequest) {
		for len(r.Queries) < queries {
			r.Queries = append(r.Queries, r.Queries[0])
		}
	}
}

var badRequests = []badRequest{
	{"01 snappy of 4 GiB in ten bytes", []byte("\xff\xff\xff\xff\x0fabcde"), 400, "--limits.request-bytes", limit("request_bytes")},
	{"01 snappy of 33 MiB", append([]byte("\x80\x80\x84\x10"), "abcde"...), 400, "--limits.request-bytes", limit("request_bytes")},
	{"02 no body", nil, 400, "snappy", nil},
	{"02 truncated snappy", remote.Body(request(remote.Streamed))[:20], 400, "snappy", nil},
	{"02 snappy with a bad offset", []byte("\x10\x01\x00\xff\xff\x00"), 400, "snappy", nil},
	{"02 snappy that is longer than it says", append([]byte{1}, plain("abcdefgh")[1:]...), 400, "snappy", nil},
	{"02 framed snappy", []byte("\xff\x06\x00\x00sNaPpY\x01\x05\x00\x00abcde"), 400, "", nil},
	{"03 no protobuf", plain("\xff\xff\xff\xff\xff"), 400, "", nil},
	{"03 wrong wire type", plain("\x08\x05"), 400, "", nil},
	{"03 groups, 200 deep", plain(strings.Repeat("\x0b", 200) + strings.Repeat("\x0c", 200)), 400, "", nil},
	{"03 unknown fields", with(func(r *prompb.ReadRequest) { r.XXX_unrecognized = []byte("\x7a\x03abc") }), 200, "", nil},
	{"04 zero queries", with(func(r *prompb.ReadRequest) { r.Queries = nil }), 200, "", nil},
	{"04 10,000 queries", with(many(10_000)), 400, "--limits.queries-per-request", limit("queries")},
	{"04 1,000 matchers in one query", with(func(r *prompb.ReadRequest) {
		for range 1000 {
			matcher(prompb.LabelMatcher_NEQ, "instance", "x")(r)
		}
	}), 400, "--limits.matchers-per-query", limit("matchers")},
	{"05 start after end", with(ranged(to, from)), 200, "", nil},
	{"05 all of time", with(ranged(-1<<63, 1<<63-1)), 200, "", nil},
	{"05 as the series API asks", with(ranged(-9223309901257974000, 9223309901257974999)), 200, "", nil},
	{"05 a range after the last time", with(ranged(1<<63-1, 1<<63-1)), 200, "", nil},
	{"05 negative times", with(ranged(-5000, -1000)), 200, "", nil},
	{"06 a regex of 2 MB", with(matcher(prompb.LabelMatcher_RE, "instance", strings.Repeat("(a*)*", 400_000))), 400, "--limits.matcher-bytes", limit("matchers")},
	{"06 a catastrophic regex", with(matcher(prompb.LabelMatcher_RE, "cluster", "("+strings.Repeat("a*", 500)+")*b")), 200, "", nil},
	{"06 an invalid regex on an external label", with(matcher(prompb.LabelMatcher_RE, "cluster", "(")), 400, "", nil},
	{"07 an unknown matcher type", with(matcher(9, "instance", "one")), 400, "", nil},
	{"07 a UTF-8 label name", with(matcher(prompb.LabelMatcher_NEQ, "größe", "x")), 200, "", nil},
	{"08 no accepted type", with(accepting()), 200, "", nil},
	{"08 an unknown type first", with(accepting(77, remote.Streamed)), 200, "", nil},
	{"08 only unknown types", with(accepting(77, 78)), 400, "server does not support any of the requested response types", nil},
}

func TestRequest(t *testing.T) {
	shared := two(t)
	for _, c := range badRequests {
		t.Run(c.name, func(t *testing.T) {
			s := shared.on(t)
			s.watch(int64(32 * mib)) // the limit of a decoded request
			before := s.metrics()
			got := s.post(c.body)
			if got.err != nil || got.Status != c.status {
				t.Errorf("status %d, not %d, %v: %.200s", got.Status, c.status, got.err, got.Body)
			}
			if !strings.Contains(string(got.Body), c.says) {
				t.Errorf("%q is not in %q", c.says, got.Body)
			}
			if c.status == http.StatusBadRequest {
				metric := c.metric
				if metric == nil {
					metric = []string{"prombraid_reads_total", `outcome="bad_request"`}
				}
				s.grew(before, metric[0], metric[1:]...)
				s.said("a read was refused")
			}
			s.good()
		})
	}
}

// TestRelayedRefusal: what every replica calls the client's fault is passed on in their words.
func TestRelayedRefusal(t *testing.T) {
	for _, c := range []struct {
		name   string
		plays  [2]scripted.Script
		status int
		says   string
	}{
		{"21 both say 400", [2]scripted.Script{scripted.Status(400, "exceeded sample limit (5)"), scripted.Status(400, "exceeded sample limit (5)")}, 400, "exceeded sample limit (5)"},
		{"21 both say 422", [2]scripted.Script{scripted.Status(422, "bad"), scripted.Status(422, "bad")}, 422, "bad"},
		{"21 one says 400, one 500", [2]scripted.Script{scripted.Status(400, "bad"), scripted.Status(500, "broken")}, 503, "broken"},
		{"06 both refuse a regex with 500", [2]scripted.Script{scripted.Status(500, "error parsing regexp"), scripted.Status(500, "error parsing regexp")}, 503, "error parsing regexp"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := two(t)
			s.watch(0)
			for i, play := range c.plays {
				s.replicas[i].Play(play)
			}
			got := s.read(remote.Streamed)
			if got.Status != c.status || !strings.Contains(string(got.Body), c.says) {
				t.Errorf("status %d: %q", got.Status, got.Body)
			}
			if c.status != 503 && strings.TrimSpace(string(got.Body)) != c.says {
				t.Errorf("not in their words: %q", got.Body)
			}
			s.said("replica failed a read", "status_")
			s.good()
		})
	}
}
