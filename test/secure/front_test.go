package secure

import (
	"crypto/tls"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync/atomic"

	"prombraid/test/internal/prom"
)

// front is a reverse proxy before a plain Prometheus: it speaks TLS and lets in whom it wants.
type front struct {
	Address string
	served  atomic.Int64
	refused atomic.Int64
}

// front listens on host n; let says whether a request comes in. Each request needs a new connection.
func (s *stage) front(n int, behind *prom.Server, config *tls.Config, let func(*http.Request) bool) *front {
	s.Helper()
	to, err := url.Parse(behind.URL())
	must(s.T, err)
	listener, err := net.Listen("tcp", net.JoinHostPort(s.net.Host(n), prom.Port))
	must(s.T, err)
	f := &front{Address: listener.Addr().String()}
	pass := httputil.NewSingleHostReverseProxy(to)
	server := &http.Server{TLSConfig: config, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !let(r) {
			f.refused.Add(1)
			// As badly as can be: what was sent is quoted.
			http.Error(w, "no: "+r.Header.Get("Authorization")+r.Header.Get("X-Key"), http.StatusUnauthorized)
			return
		}
		f.served.Add(1)
		r.Header.Del("Authorization")
		pass.ServeHTTP(w, r)
	})}
	server.SetKeepAlivesEnabled(false)
	go func() {
		if config != nil {
			_ = server.ServeTLS(listener, "", "")
		} else {
			_ = server.Serve(listener)
		}
	}()
	s.Cleanup(func() { _ = server.Close() })
	return f
}

// tokens is an OAuth2 server: a new token for each who says the right secret, good until the next
// but one is given.
type tokens struct {
	URL    string
	given  atomic.Int64
	form   atomic.Pointer[url.Values]
	inForm bool // credentials are taken from the form alone
}

func (s *stage) tokens(n int, config *tls.Config, lives int, inForm bool) *tokens {
	s.Helper()
	listener, err := net.Listen("tcp", net.JoinHostPort(s.net.Host(n), "8443"))
	must(s.T, err)
	o := &tokens{URL: "https://" + listener.Addr().String() + "/token?key=planted-in-url", inForm: inForm}
	server := &http.Server{TLSConfig: config, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		id, word, basic := r.BasicAuth()
		if o.inForm {
			id, word, basic = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret"), !basic
		}
		w.Header().Set("Content-Type", "application/json")
		if !basic || id != "prombraid" || word != secret {
			w.WriteHeader(http.StatusUnauthorized)
			_ = json.NewEncoder(w).Encode(keys{"error": "invalid_client", "error_description": "not " + word})
			return
		}
		o.form.Store(&r.PostForm)
		_ = json.NewEncoder(w).Encode(keys{
			"access_token": o.token(o.given.Add(1)), "token_type": "bearer", "expires_in": lives,
		})
	})}
	go func() { _ = server.ServeTLS(listener, "", "") }()
	s.Cleanup(func() { _ = server.Close() })
	return o
}

func (o *tokens) token(n int64) string { return bearer + string(rune('a'+n%26)) }

// good says whether a request carries one of the last two tokens.
func (o *tokens) good(r *http.Request) bool {
	n := o.given.Load()
	got := r.Header.Get("Authorization")
	return n > 0 && (got == "Bearer "+o.token(n) || got == "Bearer "+o.token(n-1))
}
