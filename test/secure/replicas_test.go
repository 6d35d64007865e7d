package secure

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
	"prombraid/test/internal/wait"
)

var debian = prom.Debian

func current() prom.Version {
	version, _ := prom.Current()
	return version
}

// TestReplicasOfPrometheus reads real servers that have TLS, client certificates and logins on.
func TestReplicasOfPrometheus(t *testing.T) {
	s := newStage(t)
	cert, key := s.issue("server", s.net.Host(10), s.net.Host(11))
	clientCert, clientKey := s.issue("client", "prombraid")
	both := s.client(clientCert, clientKey, true)

	login := s.replica(0, debian, keys{
		"tls_server_config": tlsOf(cert, key), "basic_auth_users": users(t),
	}, both)
	mutual := tlsOf(cert, key)
	mutual["client_ca_file"], mutual["client_auth_type"] = s.ca.File(), "RequireAndVerifyClientCert"
	strict := s.replica(1, current(), keys{"tls_server_config": mutual, "basic_auth_users": users(t)}, both)

	secretFile := s.file("password", password+"\n")
	for _, c := range []struct {
		title     string
		set       keys
		addresses []string
	}{
		{"TLS and a login", keys{
			"tls_config": keys{"ca_file": s.ca.File()},
			"basic_auth": keys{"username": user, "password": password},
		}, []string{"https://" + login.Address()}},
		{"the scheme of the set, the password in a file", keys{
			"scheme": "https", "tls_config": keys{"ca_file": s.ca.File(), "min_version": "TLS13"},
			"basic_auth": keys{"username": user, "password_file": secretFile},
		}, []string{login.Address()}},
		{"a client certificate, both servers", keys{
			"scheme":     "https",
			"tls_config": keys{"ca_file": s.ca.File(), "cert_file": clientCert, "key_file": clientKey},
			"basic_auth": keys{"username": user, "password": password},
		}, []string{login.Address(), strict.Address()}},
		{"nothing verified", keys{
			"scheme": "https", "tls_config": keys{"insecure_skip_verify": true},
			"basic_auth": keys{"username": user, "password": password},
		}, []string{login.Address()}},
	} {
		t.Run(c.title, func(t *testing.T) {
			p := s.start(proxy.Way{}, "--config.file="+s.over(c.set, c.addresses...))
			s.read(p)
			if _, page := s.get(p, "/"); strings.Contains(page, "DOWN") {
				t.Errorf("a replica is down:\n%s", page)
			}
			p.Stop()
		})
	}
}

// TestEngineOverTLS has an engine of the replicas' own authority, and keeps their login from it.
func TestEngineOverTLS(t *testing.T) {
	s := newStage(t)
	cert, key := s.issue("engine", s.net.Host(20))
	listener, err := tls.Listen("tcp", net.JoinHostPort(s.net.Host(20), prom.Port), serverTLS(cert, key))
	must(t, err)
	engine := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			w.WriteHeader(http.StatusTeapot)
		}
		_, _ = io.WriteString(w, `{"status":"success","data":{}}`)
	})}
	go func() { _ = engine.Serve(listener) }()
	defer engine.Close()
	set := keys{
		"tls_config": keys{"ca_file": s.ca.File(), "server_name": "name.of.the.replicas"},
		"basic_auth": keys{"username": user, "password": password},
	}
	p := s.start(proxy.Way{}, "--config.file="+s.over(set, s.replica(0, debian, nil, nil).Address()),
		"--query.engine-url=https://"+listener.Addr().String())
	must(t, wait.Until(20*time.Second, "an answer of the engine", func() error {
		if status, said := s.get(p, "/api/v1/query?query=1"); status != http.StatusOK {
			return fmt.Errorf("%d %s", status, said)
		}
		return nil
	}))
}

// TestCredentials reads through a front that takes one kind each.
func TestCredentials(t *testing.T) {
	s := newStage(t)
	cert, key := s.issue("front", s.net.Host(20), s.net.Host(21), s.net.Host(22), s.net.Host(30), s.net.Host(31))
	behind := s.replica(0, debian, nil, nil)
	config := serverTLS(cert, key)
	tokenFile := s.file("token", bearer)

	byToken := s.front(20, behind, config, func(r *http.Request) bool {
		want, _ := os.ReadFile(tokenFile)
		return r.Header.Get("Authorization") == "Bearer "+strings.TrimSpace(string(want)) && r.Header.Get("X-Key") == private
	})
	idp, idpInForm := s.tokens(30, config, 2, false), s.tokens(31, config, 3600, true)
	byOAuth := s.front(21, behind, config, idp.good)
	byForm := s.front(22, behind, config, idpInForm.good)

	trust := keys{"ca_file": s.ca.File()}
	oauth := func(o *tokens, more keys) keys {
		out := keys{"client_id": "prombraid", "client_secret": secret, "token_url": o.URL, "tls_config": trust}
		for key, value := range more {
			out[key] = value
		}
		return keys{"scheme": "https", "tls_config": trust, "oauth2": out}
	}

	t.Run("a token in a file, and a header", func(t *testing.T) {
		p := s.start(proxy.Way{}, "--config.file="+s.over(keys{
			"scheme": "https", "tls_config": trust,
			"authorization": keys{"credentials_file": tokenFile},
			"http_headers":  keys{"X-Key": keys{"secrets": []string{private}}},
		}, byToken.Address))
		s.read(p)
		s.file("token", bearer+"-changed\n")
		s.read(p)
		p.Stop()
	})
	t.Run("oauth2, renewed while it is read", func(t *testing.T) {
		p := s.start(proxy.Way{}, "--config.file="+s.over(
			oauth(idp, keys{"scopes": []string{"read", "more"}, "endpoint_params": keys{"audience": "prom&x"}}), byOAuth.Address))
		must(t, wait.Until(60*time.Second, "several tokens", func() error {
			s.read(p)
			if idp.given.Load() < 4 {
				return os.ErrDeadlineExceeded
			}
			return nil
		}))
		form := *idp.form.Load()
		if form.Get("grant_type") != "client_credentials" || form.Get("scope") != "read more" ||
			form.Get("audience") != "prom&x" || form.Has("client_secret") {
			t.Errorf("the form was %v", form)
		}
		if n := byOAuth.refused.Load(); n > 0 {
			t.Errorf("%d requests had no good token", n)
		}
		p.Stop()
	})
	t.Run("oauth2, credentials in the form, the secret in a file", func(t *testing.T) {
		set := oauth(idpInForm, keys{"client_secret_file": s.file("secret", secret)})
		delete(set["oauth2"].(keys), "client_secret")
		p := s.start(proxy.Way{}, "--config.file="+s.over(set, byForm.Address))
		s.read(p)
		p.Stop()
	})
}
