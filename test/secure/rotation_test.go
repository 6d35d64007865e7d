package secure

import (
	"crypto/tls"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/common/config"

	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
)

// TestRotation changes every certificate, of both replicas, of the proxy and of its client side, and
// the logins' file, while reads go on over ever new connections.
func TestRotation(t *testing.T) {
	s := newStage(t)
	names := [][]string{{s.net.Host(20)}, {s.net.Host(21)}, {s.net.Host(100)}, {"prombraid"}}
	files := []string{"front-0", "front-1", "prombraid", "client"}
	rotate := func(i int) (cert, key string) { return s.issue(files[i], names[i]...) }

	behind := s.replica(0, debian, nil, nil)
	clientCert, clientKey := rotate(3)
	var addresses []string
	for i := range 2 {
		cert, key := rotate(i)
		strict := serverTLS(cert, key)
		strict.ClientAuth, strict.ClientCAs = tls.RequireAndVerifyClientCert, s.ca.Pool()
		addresses = append(addresses, s.front(20+i, behind, strict, func(*http.Request) bool { return true }).Address)
	}
	ownCert, ownKey := rotate(2)
	web := keys{"tls_server_config": tlsOf(ownCert, ownKey), "basic_auth_users": users(t)}
	p := s.start(proxy.Way{HTTPS: true, Client: s.client("", "", true)},
		"--config.file="+s.over(keys{
			"scheme": "https", "min_replicas": 1,
			"tls_config": keys{"ca_file": s.ca.File(), "cert_file": clientCert, "key_file": clientKey},
		}, addresses...),
		"--web.config.file="+s.yaml("web.yml", web))

	s.expires(p, "server", "", ownCert)
	s.expires(p, "client", "lab", clientCert)
	who := config.HTTPClientConfig{
		BasicAuth: &config.BasicAuth{Username: user, Password: password},
		TLSConfig: config.TLSConfig{CAFile: s.ca.File()},
	}
	stop := make(chan struct{})
	var reads atomic.Int64
	var readers sync.WaitGroup
	for range 3 {
		readers.Add(1)
		go func() {
			defer readers.Done()
			for {
				select {
				case <-stop:
					return
				default:
				}
				// A client of its own each time, and so a connection.
				series, err := remote.ReadAs(who, p.ReadURL(), remote.Streamed, remote.Query(selector, span.From, span.To))
				if err != nil {
					t.Errorf("read %d: %v", reads.Load(), err)
					return
				}
				s.whole(series)
				reads.Add(1)
			}
		}()
	}
	before := leaf(t, s, p)
	for round := range 12 {
		for i := range files {
			rotate(i)
		}
		if round%4 == 3 {
			s.yaml("web.yml", keys{"tls_server_config": tlsOf(ownCert, ownKey), "basic_auth_users": users(t)})
		}
		seen := reads.Load()
		for limit := time.Now().Add(30 * time.Second); reads.Load() < seen+3 && time.Now().Before(limit) && !t.Failed(); {
			time.Sleep(20 * time.Millisecond)
		}
	}
	close(stop)
	readers.Wait()
	if leaf(t, s, p) == before {
		t.Error("the certificate is still the first one")
	}
	if reads.Load() < 36 {
		t.Errorf("%d reads only", reads.Load())
	}
	t.Logf("%d reads, none failed, over 12 rotations of four certificates", reads.Load())
}

// leaf is the serial number of the certificate that the proxy shows.
func leaf(t *testing.T, s *stage, p *proxy.Prombraid) string {
	t.Helper()
	config, err := s.ca.Client("", "")
	must(t, err)
	conn, err := tls.Dial("tcp", p.Address(), config)
	must(t, err)
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0].SerialNumber.String()
}
