package e2e

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
)

// stalled is a read whose client took the head and then stopped reading.
type stalled struct{ body io.ReadCloser }

func stall(t *testing.T, p *proxy.Prombraid, selector string) stalled {
	t.Helper()
	request := remote.Body(&prompb.ReadRequest{
		Queries:               []*prompb.Query{remote.Query(selector, morning.From, morning.To)},
		AcceptedResponseTypes: []remote.Mode{remote.Streamed},
	})
	response, err := http.Post(p.ReadURL(), "", bytes.NewReader(request))
	must(t, err)
	if response.StatusCode != http.StatusOK {
		t.Fatalf("status %s", response.Status)
	}
	return stalled{response.Body}
}

// openAndStall gives what ends the stalled client.
func openAndStall(t *testing.T, p *proxy.Prombraid, selector string) func() {
	t.Helper()
	s := stall(t, p, selector)
	return func() { _ = s.body.Close() }
}

// rest reads on to the end.
func (s stalled) rest() ([]byte, error) {
	defer s.body.Close()
	return io.ReadAll(s.body)
}
