package secure

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/config"
	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/pki"
	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
)

func request() *prompb.ReadRequest {
	return &prompb.ReadRequest{
		Queries:               []*prompb.Query{remote.Query(selector, span.From, span.To)},
		AcceptedResponseTypes: []remote.Mode{remote.Streamed},
	}
}

// guarded starts a proxy over one plain replica that wants a client certificate and a login.
func guarded(t *testing.T, more keys) (s *stage, p *proxy.Prombraid, cert, key string) {
	t.Helper()
	s = newStage(t)
	behind := s.replica(0, debian, nil, nil)
	own, ownKey := s.issue("prombraid", s.net.Host(100))
	cert, key = s.issue("client", "client.example")
	server := tlsOf(own, ownKey)
	server["client_ca_file"], server["client_auth_type"] = s.ca.File(), "RequireAndVerifyClientCert"
	server["client_allowed_sans"] = []string{"client.example"}
	web := keys{
		"tls_server_config": server, "basic_auth_users": users(t),
		"http_server_config": keys{"headers": keys{"X-Frame-Options": "deny", "Strict-Transport-Security": "max-age=1"}},
	}
	for key, value := range more {
		web[key] = value
	}
	p = s.start(proxy.Way{HTTPS: true, Client: s.client(cert, key, true)},
		"--config.file="+s.over(nil, behind.Address()), "--web.config.file="+s.yaml("web.yml", web))
	return s, p, cert, key
}

// TestClients asks as Go's own client, Prometheus's library and a whole upstream server do.
func TestClients(t *testing.T) {
	s, p, cert, key := guarded(t, nil)
	who := config.HTTPClientConfig{
		BasicAuth: &config.BasicAuth{Username: user, Password: password},
		TLSConfig: config.TLSConfig{CAFile: s.ca.File(), CertFile: cert, KeyFile: key},
	}
	for _, mode := range []remote.Mode{remote.Streamed, remote.Samples} {
		series, err := remote.ReadAs(who, p.ReadURL(), mode, remote.Query(selector, span.From, span.To))
		must(t, err)
		s.whole(series)
	}

	answer, err := s.client(cert, key, true).Get(p.URL() + "/-/healthy")
	must(t, err)
	defer answer.Body.Close()
	if answer.Header.Get("X-Frame-Options") != "deny" || answer.Header.Get("Strict-Transport-Security") != "max-age=1" {
		t.Errorf("security headers: %v", answer.Header)
	}

	upstream, err := prom.Start(prom.Config{
		Version: current(), Name: "upstream", Host: s.net.Host(200), Dir: filepath.Join(s.dir, "upstream"),
		RemoteRead: []prom.RemoteRead{{
			URL: p.ReadURL(), ReadRecent: true,
			BasicAuth: map[string]any{"username": user, "password": password},
			TLSConfig: map[string]any{"ca_file": s.ca.File(), "cert_file": cert, "key_file": key},
		}},
	})
	must(t, err)
	s.Cleanup(upstream.Stop)
	graph, warnings, err := upstream.Graph(`{job="lab"}`, time.UnixMilli(span.From), time.UnixMilli(span.To), time.Minute)
	must(t, err)
	if len(graph) < 3 || len(warnings) > 0 {
		t.Errorf("%d series, warnings %v", len(graph), warnings)
	}
}

// TestUpstreamsTokens has an upstream Prometheus that sends a token of its own, or fetches one: to a
// proxy that asks for a certificate alone it makes no difference.
func TestUpstreamsTokens(t *testing.T) {
	s, p, cert, key := guarded(t, keys{"basic_auth_users": keys{}})
	idpCert, idpKey := s.issue("idp", s.net.Host(30))
	idp := s.tokens(30, serverTLS(idpCert, idpKey), 3600, false)
	trust := map[string]any{"ca_file": s.ca.File(), "cert_file": cert, "key_file": key}
	for i, read := range []prom.RemoteRead{
		{Authorization: map[string]any{"credentials": bearer}},
		{OAuth2: map[string]any{
			"client_id": "prombraid", "client_secret": secret, "token_url": idp.URL,
			"tls_config": map[string]any{"ca_file": s.ca.File()},
		}},
	} {
		read.URL, read.ReadRecent, read.TLSConfig = p.ReadURL(), true, trust
		upstream, err := prom.Start(prom.Config{
			Version: debian, Name: "upstream", Host: s.net.Host(200 + i), Dir: filepath.Join(s.dir, "upstream", string(rune('a'+i))),
			RemoteRead: []prom.RemoteRead{read},
		})
		must(t, err)
		s.Cleanup(upstream.Stop)
		graph, _, err := upstream.Graph(`{job="lab"}`, time.UnixMilli(span.From), time.UnixMilli(span.To), time.Minute)
		must(t, err)
		if len(graph) < 3 {
			t.Errorf("upstream %d: %d series", i, len(graph))
		}
	}
}

// TestStrangers are turned away, each with a reason.
func TestStrangers(t *testing.T) {
	s, p, cert, key := guarded(t, nil)
	stranger, err := pki.New(s.dir, "stranger")
	must(t, err)
	strange, strangeKey, err := stranger.Issue("strange", pki.Leaf{Names: []string{"client.example"}})
	must(t, err)
	unnamed, unnamedKey := s.issue("unnamed", "somebody.example")

	for _, c := range []struct {
		title, cert, key, says string
	}{
		{"no certificate", "", "", "the client gave no certificate, and one is required"},
		{"of another authority", strange, strangeKey, "issued by CN=stranger, is not trusted"},
		{"of a name that is not allowed", unnamed, unnamedKey, "none of the names in client_allowed_sans"},
	} {
		t.Run(c.title, func(t *testing.T) {
			time.Sleep(1100 * time.Millisecond) // the log tells one a second
			config, err := s.ca.Client(c.cert, c.key)
			must(t, err)
			if c.cert == strange {
				// A Go client keeps a certificate back that the server says it does not trust.
				pair := config.Certificates[0]
				config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil }
			}
			client := http.Client{Transport: &http.Transport{TLSClientConfig: config}, Timeout: 10 * time.Second}
			if answer, err := client.Get(p.URL() + "/-/healthy"); err == nil {
				t.Errorf("it came in: %s", answer.Status)
			}
			s.logs(p, c.says)
		})
	}

	t.Run("logins", func(t *testing.T) {
		for _, login := range [][2]string{{user, mark + "-wrong"}, {"bert", password}, {"", ""}} {
			asked, err := http.NewRequest(http.MethodPost, p.ReadURL(), strings.NewReader("x"))
			must(t, err)
			if login[0] != "" {
				asked.SetBasicAuth(login[0], login[1])
			}
			answer, err := s.client(cert, key, false).Do(asked)
			must(t, err)
			body, _ := io.ReadAll(answer.Body)
			s.said = append(s.said, string(body))
			if answer.StatusCode != http.StatusUnauthorized || answer.Header.Get("WWW-Authenticate") != "Basic" {
				t.Errorf("%v: %s %v", login[0], answer.Status, answer.Header)
			}
		}
	})

	t.Run("plain HTTP", func(t *testing.T) {
		answer, err := http.Get("http://" + p.Address() + "/-/healthy")
		must(t, err)
		body, _ := io.ReadAll(answer.Body)
		if answer.StatusCode != http.StatusBadRequest || string(body) != "Client sent an HTTP request to an HTTPS server.\n" {
			t.Errorf("%s %q", answer.Status, body)
		}
	})

	t.Run("plain HTTP that stays", func(t *testing.T) {
		// More than there are threads: none of them may wait for what such a client never sends.
		for range 4 * runtime.NumCPU() {
			kept, err := net.Dial("tcp", p.Address())
			must(t, err)
			defer kept.Close()
			_, err = io.WriteString(kept, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
			must(t, err)
			must(t, kept.SetReadDeadline(time.Now().Add(30*time.Second)))
			said, _ := io.ReadAll(kept)
			if !strings.Contains(string(said), "Client sent an HTTP request") {
				t.Fatalf("%q", said)
			}
		}
		answer, err := s.client(cert, key, false).Get(p.URL() + "/-/healthy")
		must(t, err)
		answer.Body.Close()
	})
}
