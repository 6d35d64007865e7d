package faults

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"prombraid/test/internal/proxy"
)

// dial gives a bare connection to the proxy.
func (s *stage) dial() net.Conn {
	s.Helper()
	conn, err := net.Dial("tcp", net.JoinHostPort(s.net.Host(100), proxy.Port))
	must(s.T, err)
	s.Cleanup(func() { _ = conn.Close() })
	must(s.T, conn.SetDeadline(time.Now().Add(readLimit)))
	return conn
}

// say sends bytes and gives all that comes back until the connection ends.
func (s *stage) say(bytes string) string {
	s.Helper()
	conn := s.dial()
	go func() { _, _ = conn.Write([]byte(bytes)) }()
	back, _ := io.ReadAll(conn)
	return string(back)
}

const followUp = "GET /-/healthy HTTP/1.1\r\nHost: h\r\n\r\n"

func posted(fields, body string) string {
	return "POST /api/v1/read HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n" + body
}

// smuggled are requests that two readers could see differently, or that weigh too much.
var smuggled = []struct {
	name, bytes string
	status      int
	reason      string
}{
	{"length and chunks", posted("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400, "framing"},
	{"chunks and length", posted("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n"), 400, "framing"},
	{"two lengths", posted("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"), 400, "framing"},
	{"the same length twice", posted("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), 400, "framing"},
	{"an empty length", posted("Content-Length: \r\n", "abc"), 400, "framing"},
	{"a signed length", posted("Content-Length: +3\r\n", "abc"), 400, "framing"},
	{"a length of 2^64+3", posted("Content-Length: 18446744073709551619\r\n", "abc"), 0, ""},
	{"xchunked", posted("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501, "coding"},
	{"gzip, chunked", posted("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501, "coding"},
	{"chunked, identity", posted("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), 501, "coding"},
	{"no length", posted("", "abc"), 411, "length_required"},
	{"chunks of HTTP/1.0", "POST /api/v1/read HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "framing"},
	{"a chunk size of 17 digits", posted("Transfer-Encoding: chunked\r\n", "10000000000000000\r\nabc"), 0, ""},
	{"a bare line feed in a chunk's line", posted("Transfer-Encoding: chunked\r\n", "3\nabc\r\n0\r\n\r\n"), 400, "framing"},
	{"a chunk extension of 8 KB", posted("Transfer-Encoding: chunked\r\n", "3;"+strings.Repeat("a", 8000)+"\r\nabc\r\n0\r\n\r\n"), 400, "framing"},
	{"no host", "GET / HTTP/1.1\r\n\r\n", 400, "host"},
	{"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "host"},
	{"a folded field", "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n", 400, "malformed"},
	{"bare line feeds", "GET / HTTP/1.1\nHost: h\n\n", 400, "malformed"},
	{"a space before the colon", "GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400, "malformed"},
	{"an empty field name", "GET / HTTP/1.1\r\nHost: h\r\n: x\r\n\r\n", 400, "malformed"},
	{"a byte 0xff in the target", "GET /\xff HTTP/1.1\r\nHost: h\r\n\r\n", 400, "malformed"},
	{"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "version"},
	{"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, "malformed"},
	{"a target of 9 KB", "GET /" + strings.Repeat("a", 9000) + " HTTP/1.1\r\nHost: h\r\n\r\n", 414, "target_limit"},
	{"a head of 40 KB", "GET / HTTP/1.1\r\nHost: h\r\nA: " + strings.Repeat("a", 40_000) + "\r\n\r\n", 431, "head_limit"},
	{"1,500 fields", "GET / HTTP/1.1\r\nHost: h\r\n" + strings.Repeat("a:b\r\n", 1500) + "\r\n", 431, "head_limit"},
	{"a body of 40 MiB", posted("Content-Length: 41943040\r\n", "abc"), 413, "body_limit"},
	{"an unknown expectation", posted("Content-Length: 3\r\nExpect: a miracle\r\n", "abc"), 417, "expectation"},
}

func TestSmuggling(t *testing.T) {
	shared := two(t)
	for _, c := range smuggled {
		t.Run("10 "+c.name, func(t *testing.T) {
			s := shared.on(t)
			s.watch(0)
			before := s.metrics()
			answer := s.say(c.bytes + followUp)
			if n := strings.Count(answer, "HTTP/1.1 "); n != 1 {
				t.Errorf("%d answers, not one: %.300s", n, answer)
			}
			if strings.Contains(answer, "is Healthy") {
				t.Error("the bytes that follow were run as a request")
			}
			if c.status != 0 && !strings.HasPrefix(answer, fmt.Sprintf("HTTP/1.1 %d ", c.status)) {
				t.Errorf("not %d: %.100s", c.status, answer)
			}
			s.grew(before, "prombraid_http_refused_total", `reason="`+c.reason)
			s.good()
		})
	}
}

func TestRoutes(t *testing.T) {
	shared := two(t)
	for _, c := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/api/v1/read", 405, "POST"},
		{"DELETE", "/api/v1/read", 405, "POST"},
		{"OPTIONS", "/api/v1/read", 405, "POST"},
		{"POST", "/metrics", 405, "GET"},
		{"HEAD", "/metrics", 200, ""},
		{"GET", "/no/such/path", 404, ""},
		{"GET", "/-/healthy", 200, ""},
		{"BREW", "/", 405, "GET"},
	} {
		t.Run("09 "+c.method+" "+strings.ReplaceAll(c.path, "/", "|"), func(t *testing.T) {
			s := shared.on(t)
			s.watch(0)
			before := s.metrics()
			request, err := http.NewRequest(c.method, s.proxy.URL()+c.path, nil)
			must(t, err)
			answer, err := http.DefaultClient.Do(request)
			must(t, err)
			_ = answer.Body.Close()
			if answer.StatusCode != c.status {
				t.Errorf("status %d, not %d", answer.StatusCode, c.status)
			}
			if allow := answer.Header.Get("Allow"); !strings.Contains(allow, c.allow) {
				t.Errorf("Allow is %q, not %s", allow, c.allow)
			}
			s.grew(before, "prombraid_http_requests_total", fmt.Sprintf(`code="%d"`, c.status))
			s.good()
		})
	}
}

// TestContentTypesAreNoMatter: some clients send odd ones.
func TestContentTypesAreNoMatter(t *testing.T) {
	s := two(t)
	s.watch(0)
	for _, kind := range []string{"", "text/plain", "application/x-protobuf", "nonsense"} {
		request, err := http.NewRequest("POST", s.proxy.ReadURL(), strings.NewReader(string(goodBody())))
		must(t, err)
		request.Header.Set("Content-Type", kind)
		request.Header.Set("Content-Encoding", "gzip")
		answer, err := http.DefaultClient.Do(request)
		must(t, err)
		_ = answer.Body.Close()
		if answer.StatusCode != 200 {
			t.Errorf("%q: status %d", kind, answer.StatusCode)
		}
	}
	s.good()
}

// fine wants the next answer on a connection to be a good one.
func (s *stage) fine(in *bufio.Reader) {
	s.Helper()
	answer, err := http.ReadResponse(in, nil)
	must(s.T, err)
	if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != http.StatusOK {
		s.Errorf("status %d, %v", answer.StatusCode, err)
	}
}

// TestManners: 100-continue, reuse, pipelining, HTTP/1.0.
func TestManners(t *testing.T) {
	shared := two(t)
	t.Run("14 Expect: 100-continue", func(t *testing.T) {
		s := shared.on(t)
		s.watch(0)
		conn := s.dial()
		body := string(goodBody())
		fmt.Fprintf(conn, "POST /api/v1/read HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", len(body))
		in := bufio.NewReader(conn)
		line, err := in.ReadString('\n')
		if err != nil || !strings.HasPrefix(line, "HTTP/1.1 100 ") {
			t.Fatalf("%q, %v", line, err)
		}
		_, _ = in.ReadString('\n')
		_, _ = io.WriteString(conn, body)
		s.fine(in)
	})
	t.Run("14 three pipelined reads on one connection", func(t *testing.T) {
		s := shared.on(t)
		s.watch(0)
		conn := s.dial()
		body := string(goodBody())
		one := posted(fmt.Sprintf("Content-Length: %d\r\n", len(body)), body)
		go func() { _, _ = io.WriteString(conn, one+one+one) }()
		in := bufio.NewReader(conn)
		for range 3 {
			s.fine(in)
		}
		s.good()
	})
	t.Run("14 a client of HTTP/1.0", func(t *testing.T) {
		s := shared.on(t)
		s.watch(0)
		answer := s.say("GET /-/healthy HTTP/1.0\r\n\r\n")
		if !strings.HasPrefix(answer, "HTTP/1.1 200 ") || !strings.Contains(answer, "is Healthy") {
			t.Errorf("%q", answer)
		}
		s.good()
	})
}
