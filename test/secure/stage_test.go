package secure

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"golang.org/x/crypto/bcrypt"

	"prombraid/test/internal/loopback"
	"prombraid/test/internal/pki"
	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
	"prombraid/test/internal/suite"
	"prombraid/test/internal/wait"
	"prombraid/test/internal/world"
)

// Every secret of these tests says so, and none may be seen in anything that Prombraid puts out.
const (
	mark     = suite.Planted
	password = "planted-password"
	bearer   = "planted-bearer-token"
	secret   = "planted-client-secret"
	private  = "planted-header"
)

const user = "anna"

var span = world.Range{From: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC).UnixMilli()}

func init() { span.To = span.From + 3600_000 }

const selector = `{job="lab"}`

// data is one block that all replicas have, made once.
var data = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(scratch, "block")
	replica := world.Replica{Name: "r", Seed: 1, Interval: 15_000}
	err := world.WriteBlock(dir, chunkenc.EncXOR, replica.Scrape(world.Targets(3), span))
	return dir, err
})

// stage is everything one test runs, on a subnet and in a directory of its own.
type stage struct {
	*testing.T
	net     loopback.Subnet
	dir     string
	ca      *pki.Authority
	proxies []*proxy.Prombraid
	files   int      // configuration files written
	said    []string // what requests were answered
	wasRead bool
	spans   struct {
		sync.Mutex
		texts []string
	}
}

func newStage(t *testing.T) *stage {
	t.Helper()
	dir, err := os.MkdirTemp(scratch, "stage-")
	must(t, err)
	ca, err := pki.New(dir, "lab")
	must(t, err)
	s := &stage{T: t, net: loopback.New(), dir: dir, ca: ca}
	s.collect()
	t.Cleanup(s.scan)
	return s
}

// collect keeps the spans that the proxies send, as they come.
func (s *stage) collect() {
	s.Helper()
	listener, err := net.Listen("tcp", net.JoinHostPort(s.net.Host(250), "4318"))
	must(s.T, err)
	server := &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		s.spans.Lock()
		defer s.spans.Unlock()
		s.spans.texts = append(s.spans.texts, string(text))
	})}
	go func() { _ = server.Serve(listener) }()
	s.Cleanup(func() { _ = server.Close() })
}

// issue makes a certificate of the stage's authority.
func (s *stage) issue(name string, names ...string) (cert, key string) {
	s.Helper()
	cert, key, err := s.ca.Issue(name, pki.Leaf{Names: names})
	must(s.T, err)
	return cert, key
}

func (s *stage) file(name, text string) string {
	s.Helper()
	path := filepath.Join(s.dir, name)
	must(s.T, os.WriteFile(path+".new", []byte(text), 0o600))
	must(s.T, os.Rename(path+".new", path))
	return path
}

// yaml writes JSON, which YAML contains.
func (s *stage) yaml(name string, value any) string {
	s.Helper()
	text, err := json.MarshalIndent(value, "", "  ")
	must(s.T, err)
	return s.file(name, string(text))
}

type keys = map[string]any

// users are the basic_auth_users of a web configuration.
func users(t *testing.T) keys {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	must(t, err)
	return keys{user: string(hash)}
}

// client trusts the stage's authority, shows its certificate and says its name where asked to.
func (s *stage) client(cert, key string, login bool) *http.Client {
	s.Helper()
	config, err := s.ca.Client(cert, key)
	must(s.T, err)
	var trip http.RoundTripper = &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}
	if login {
		trip = loggedIn{trip}
	}
	return &http.Client{Transport: trip, Timeout: 10 * time.Second}
}

type loggedIn struct{ next http.RoundTripper }

func (l loggedIn) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.SetBasicAuth(user, password)
	return l.next.RoundTrip(r)
}

// replica starts Prometheus n with the stage's data and this web configuration; nil for none.
func (s *stage) replica(n int, version prom.Version, web keys, client *http.Client) *prom.Server {
	s.Helper()
	block, err := data()
	must(s.T, err)
	config := prom.Config{
		Version: version, Name: fmt.Sprintf("replica %d (%s)", n, version.Name), Host: s.net.Host(10 + n),
		Dir:            filepath.Join(s.dir, fmt.Sprintf("replica-%d", n)),
		ExternalLabels: map[string]string{"replica": fmt.Sprint(n)},
	}
	must(s.T, os.MkdirAll(config.Dir, 0o755))
	must(s.T, os.CopyFS(config.DataDir(), os.DirFS(block)))
	if web != nil {
		_, https := web["tls_server_config"]
		config.Web = &prom.Web{File: s.yaml(fmt.Sprintf("replica-%d.yml", n), web), HTTPS: https, Client: client}
	}
	server, err := prom.Start(config)
	must(s.T, err)
	s.Cleanup(server.Stop)
	return server
}

// over writes a configuration file of one set over addresses, with more keys.
func (s *stage) over(more keys, addresses ...string) string {
	s.Helper()
	set := keys{"name": "lab", "replicas": addresses, "timeout": "10s", "connect_timeout": "10s"}
	for key, value := range more {
		set[key] = value
	}
	s.files++
	return s.yaml(fmt.Sprintf("prombraid-%d.yml", s.files), keys{"replica_sets": []any{set}})
}

// launch runs a proxy, without waiting for it.
func (s *stage) launch(way proxy.Way, flags ...string) *proxy.Prombraid {
	s.Helper()
	if way.Client == nil {
		way.Client = &http.Client{Timeout: 10 * time.Second}
	}
	dir := filepath.Join(s.dir, fmt.Sprintf("prombraid-%d", len(s.proxies)))
	must(s.T, os.MkdirAll(dir, 0o755))
	p, err := proxy.LaunchFor(way, dir, s.net.Host(100+len(s.proxies)), append(flags, "--threads=2", "--log.level=debug", "--web.access-log", "--log.slow-reads=1ms",
		"--tracing.endpoint=http://"+net.JoinHostPort(s.net.Host(250), "4318"), "--tracing.sampling-fraction=1")...)
	must(s.T, err)
	s.proxies = append(s.proxies, p)
	s.Cleanup(p.Stop)
	return p
}

// start is launch until it is ready.
func (s *stage) start(way proxy.Way, flags ...string) *proxy.Prombraid {
	s.Helper()
	p := s.launch(way, flags...)
	must(s.T, p.WaitReady(30*time.Second))
	return p
}

// logs wants a line of the log soon: a client may see the end before it is written.
func (s *stage) logs(p *proxy.Prombraid, says string) {
	s.Helper()
	must(s.T, wait.Until(20*time.Second, "log", func() error {
		log := p.Process().Log(1000)
		if !strings.Contains(strings.ReplaceAll(log, `\"`, `"`), says) {
			return fmt.Errorf("it says nothing of %q:\n%s", says, log)
		}
		return nil
	}))
}

// get keeps what was answered for the scan.
func (s *stage) get(p *proxy.Prombraid, path string) (int, string) {
	status, body, err := p.Get(path)
	if err != nil {
		body = err.Error()
	}
	s.said = append(s.said, body)
	return status, body
}

// read wants the whole data over a proxy without TLS of its own.
func (s *stage) read(p *proxy.Prombraid) {
	s.Helper()
	s.wasRead = true
	for _, mode := range []remote.Mode{remote.Streamed, remote.Samples} {
		series, err := remote.Read(p.ReadURL(), mode, remote.Query(selector, span.From, span.To))
		if err != nil {
			s.Fatalf("%s: %v", mode, err)
		}
		s.whole(series)
	}
}

// expires wants the metric of one certificate to say what the certificate does.
func (s *stage) expires(p *proxy.Prombraid, use, set, cert string) {
	s.Helper()
	text, err := os.ReadFile(cert)
	must(s.T, err)
	block, _ := pem.Decode(text)
	leaf, err := x509.ParseCertificate(block.Bytes)
	must(s.T, err)
	_, page := s.get(p, "/metrics")
	name := fmt.Sprintf("prombraid_tls_certificate_expiry_timestamp_seconds{use=%q,set=%q} ", use, set)
	_, rest, found := strings.Cut(page, name)
	said, _, _ := strings.Cut(rest, "\n")
	when, err := strconv.ParseFloat(said, 64)
	if !found || err != nil || int64(when) != leaf.NotAfter.Unix() {
		s.Errorf("%s: %q, not %d", name, said, leaf.NotAfter.Unix())
	}
}

func (s *stage) whole(series []remote.Series) {
	s.Helper()
	points := 0
	for _, one := range series {
		points += len(one.Points)
	}
	// Three targets, a scrape each 15 s of the hour, several series each.
	if len(series) < 3 || points < 3*240 {
		s.Errorf("%d series with %d points", len(series), points)
	}
}

// scan looks for secrets in everything that the proxies have put out.
func (s *stage) scan() {
	coded := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	for _, p := range s.proxies {
		for _, path := range []string{
			"/", "/metrics", "/api/v1/status/config", "/api/v1/status/flags", "/api/v1/status/runtimeinfo",
			"/api/v1/status/replicas", "/api/v1/labels", "/no-such-page",
		} {
			s.get(p, path)
		}
		log, err := os.ReadFile(p.Process().LogPath)
		must(s.T, err)
		s.said = append(s.said, string(log))
		if s.Failed() {
			s.Logf("prombraid said last:\n%s", p.Process().Log(20))
		}
	}
	s.spans.Lock()
	defer s.spans.Unlock()
	if s.wasRead && len(s.spans.texts) == 0 {
		s.Error("no span was sent that could be looked at")
	}
	for _, text := range append(s.said, s.spans.texts...) {
		for _, secret := range []string{mark, coded, "PRIVATE KEY", "$2a$"} {
			if at := strings.Index(text, secret); at >= 0 {
				s.Errorf("a secret is shown: ...%.200s", text[max(0, at-80):])
			}
		}
	}
}

func tlsOf(cert, key string) keys {
	return keys{"cert_file": cert, "key_file": key}
}

// serverTLS is a listener's side of a certificate that is read anew for each handshake.
func serverTLS(cert, key string) *tls.Config {
	return &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		for tries := 0; ; tries++ {
			pair, err := tls.LoadX509KeyPair(cert, key)
			if err == nil || tries == 50 {
				return &pair, err
			}
			time.Sleep(time.Millisecond) // a new certificate whose key is not there yet
		}
	}}
}
