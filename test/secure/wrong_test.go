package secure

import (
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"prombraid/test/internal/pki"
	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
	"prombraid/test/internal/wait"
)

// TestWhatIsWrongWithAReplica wants each fault to be told by its cause, with the replica's name, on
// the status page, in the log and in what a read is answered.
func TestWhatIsWrongWithAReplica(t *testing.T) {
	s := newStage(t)
	host := s.net.Host
	stranger, err := pki.New(s.dir, "stranger")
	must(t, err)
	good, goodKey := s.issue("good", host(20), host(24), host(30))
	other, otherKey := s.issue("other", "other.example")
	old, oldKey, err := s.ca.Issue("old", pki.Leaf{Names: []string{host(22)}, Until: time.Now().Add(-time.Hour)})
	must(t, err)
	all := func(*http.Request) bool { return true }
	none := func(*http.Request) bool { return false }
	behind := s.replica(0, debian, nil, nil)
	mutual := serverTLS(good, goodKey)
	mutual.ClientAuth, mutual.ClientCAs = 4, s.ca.Pool() // RequireAndVerifyClientCert
	strangers, strangersKey, err := stranger.Issue("strange", pki.Leaf{Names: []string{"strange"}})
	must(t, err)

	fine := s.front(20, behind, serverTLS(good, goodKey), all)
	misnamed := s.front(21, behind, serverTLS(other, otherKey), all)
	expired := s.front(22, behind, serverTLS(old, oldKey), all)
	plain := s.front(23, behind, nil, all)
	strict := s.front(24, behind, mutual, all)
	refusing := s.front(25, behind, nil, none)
	idp := s.tokens(30, serverTLS(good, goodKey), 60, false)
	trust := keys{"ca_file": s.ca.File()}

	for _, c := range []struct {
		title, address string
		set            keys
		says           string
	}{
		{"another authority", "https://" + fine.Address, keys{"tls_config": keys{"ca_file": stranger.File()}},
			"issued by CN=lab, is not trusted"},
		{"no authority", "https://" + fine.Address, nil, "issued by CN=lab, is not trusted"},
		{"another name", "https://" + misnamed.Address, keys{"tls_config": trust},
			"the certificate is not for the name asked for, but for other.example"},
		{"another server_name", "https://" + fine.Address,
			keys{"tls_config": keys{"ca_file": s.ca.File(), "server_name": "prom"}},
			"the certificate is not for the name asked for, but for " + host(20)},
		{"an expired certificate", "https://" + expired.Address, keys{"tls_config": trust}, "the certificate of CN=old expired at 2"},
		{"no client certificate", "https://" + strict.Address, keys{"tls_config": trust}, "client certificate"},
		{"a stranger's client certificate", "https://" + strict.Address,
			keys{"tls_config": keys{"ca_file": s.ca.File(), "cert_file": strangers, "key_file": strangersKey}}, "client certificate"},
		{"https to a plain port", "https://" + plain.Address, keys{"tls_config": trust}, "does not speak TLS; use http://"},
		{"http to a TLS port", "http://" + fine.Address, nil, "if it speaks TLS, write https:// in front of its address"},
		{"a wrong password, quoted by the replica", "http://" + refusing.Address,
			keys{
				"basic_auth":   keys{"username": user, "password": password},
				"http_headers": keys{"X-Key": keys{"secrets": []string{private}}},
			}, `answered 401: "no: Basic <secret><secret>"; it wants other credentials`},
		{"a wrong client secret, quoted by the token's server", "http://" + plain.Address,
			keys{"oauth2": keys{
				"client_id": "prombraid", "client_secret": secret + "-wrong", "token_url": idp.URL, "tls_config": trust,
			}}, "oauth2: https://" + host(30) + ":8443/token: answered 401"},
		{"a token server that wants TLS", "http://" + plain.Address,
			keys{"oauth2": keys{
				"client_id": "prombraid", "client_secret": secret, "token_url": strings.Replace(idp.URL, "https", "http", 1),
			}}, "oauth2: http://" + host(30) + ":8443/token: HTTP head: not HTTP/1.1"},
	} {
		t.Run(c.title, func(t *testing.T) {
			p := s.launch(proxy.Way{}, "--config.file="+s.over(c.set, c.address))
			_, at, _ := strings.Cut(c.address, "://")
			// The first look may be too late on a busy machine; the next comes half a minute later.
			must(t, wait.Until(90*time.Second, c.title, func() error {
				_, page := s.get(p, "/")
				if !strings.Contains(page, c.says) || !strings.Contains(page, "replica "+at) {
					return errors.New(page)
				}
				return nil
			}))
			body := remote.Body(request())
			answer, err := remote.Post(p.ReadURL(), body)
			must(t, err)
			s.said = append(s.said, string(answer.Body))
			if answer.Status/100 == 2 || !strings.Contains(string(answer.Body), c.says) {
				t.Errorf("a read was answered %d: %s", answer.Status, answer.Body)
			}
			s.logs(p, c.says)
			p.Stop()
		})
	}
}

// TestWhatIsWrongAtTheStart wants a process that can't work to say so and end.
func TestWhatIsWrongAtTheStart(t *testing.T) {
	s := newStage(t)
	cert, _ := s.issue("server", s.net.Host(100))
	_, otherKey := s.issue("other", s.net.Host(100))
	missing := filepath.Join(s.dir, "none.pem")
	for _, c := range []struct {
		title string
		flags []string
		says  string
	}{
		{"no authority's file", []string{"--config.file=" + s.over(keys{"tls_config": keys{"ca_file": missing}}, "a:1")},
			"replica set lab: tls_config: ca_file: " + missing + ": No such file or directory"},
		{"no password file", []string{"--config.file=" + s.over(keys{"basic_auth": keys{"username": user, "password_file": missing}}, "a:1")},
			"replica set lab: basic_auth: password_file: " + missing},
		{"no web configuration", []string{"--replicas=a:1", "--web.config.file=" + missing}, "--web.config.file: " + missing + ": No such file"},
		{"another's key", []string{"--replicas=a:1", "--web.config.file=" + s.yaml("web.yml", keys{"tls_server_config": tlsOf(cert, otherKey)})},
			"key_file " + otherKey + ": not the key of cert_file " + cert},
	} {
		t.Run(c.title, func(t *testing.T) {
			p := s.launch(proxy.Way{}, c.flags...)
			code, err := p.Process().Wait(20 * time.Second)
			must(t, err)
			if log := p.Process().Log(5); code != 2 || !strings.Contains(log, c.says) {
				t.Errorf("exit code %d: %s", code, log)
			}
		})
	}
}

// TestSlowHandshake holds a connection open that never finishes its handshake.
func TestSlowHandshake(t *testing.T) {
	s := newStage(t)
	cert, key := s.issue("server", s.net.Host(100))
	p := s.launch(proxy.Way{HTTPS: true, Client: s.client("", "", false)}, "--replicas="+s.net.Host(9)+":1",
		"--web.config.file="+s.yaml("web.yml", keys{"tls_server_config": tlsOf(cert, key)}))
	must(t, wait.Until(20*time.Second, "healthy", func() error {
		_, _, err := p.Get("/-/healthy")
		return err
	}))
	begun := time.Now()
	var slow []net.Conn
	for _, sent := range []string{"", "\x16\x03\x01\x02\x00\x01"} {
		conn, err := net.Dial("tcp", p.Address())
		must(t, err)
		_, err = conn.Write([]byte(sent))
		must(t, err)
		slow = append(slow, conn)
	}
	if status, _ := s.get(p, "/-/healthy"); status != http.StatusOK {
		t.Errorf("others are answered %d meanwhile", status)
	}
	for i, conn := range slow {
		_ = conn.SetReadDeadline(time.Now().Add(60 * time.Second))
		_, err := conn.Read(make([]byte, 1))
		took := time.Since(begun)
		var timeout net.Error
		if err == nil || (errors.As(err, &timeout) && timeout.Timeout()) || took < 9*time.Second {
			t.Errorf("connection %d: %v after %s", i, err, took)
		}
		_ = conn.Close()
	}
	s.logs(p, "it took too long")
	_, page := s.get(p, "/metrics")
	if !strings.Contains(page, "prombraid_http_tls_handshake_failures_total 2") {
		t.Error("the failures were not counted")
	}
}
