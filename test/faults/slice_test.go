package faults

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/remote"
	"prombraid/test/internal/scripted"
)

// largeAnswer is a million samples of one replica, some 200 ms of work for a proxy over two.
func largeAnswer(replica string) scripted.Script {
	var frames strings.Builder
	for i := range 200 {
		frames.WriteString(scripted.Line(from, 1000, 5000,
			"__name__", "large", "cluster", "lab", "instance", fmt.Sprintf("%03d", i), "replica", replica).Frame())
	}
	return scripted.StreamedBytes(frames.String())
}

// Small reads are served while a large one is under way on the same thread.
func TestSmallReadsDuringALargeOne(t *testing.T) {
	t.Parallel()
	s := two(t, "--threads=1", "--replica.timeout=15s")
	for i, r := range s.replicas {
		name := string(rune('a' + i))
		large, small := largeAnswer(name), scripted.Streamed(truthOf(name)...)
		r.Play(func(x *scripted.Exchange) {
			if strings.Contains(x.Request.String(), "large") {
				large(x)
			} else {
				small(x)
			}
		})
	}
	body := remote.Body(&prompb.ReadRequest{
		Queries:               []*prompb.Query{remote.Query("large", from, from+5_000_000)},
		AcceptedResponseTypes: []remote.Mode{remote.Streamed},
	})
	// How long a large read takes is the machine's affair: so many are tried until enough of the
	// small ones came back before the large one that they began beside.
	served := 0
	for tries := 0; served < 3 && tries < 40; tries++ {
		ended := make(chan answer, 1)
		go func() { ended <- s.post(body) }()
		for under := true; under; {
			s.whole("a small read", s.read(modes[0]))
			select {
			case large := <-ended:
				if large.err != nil || large.Status != http.StatusOK || len(large.Body) < 1<<20 {
					t.Fatalf("the large read: status %d, %v, %d bytes", large.Status, large.err, len(large.Body))
				}
				under = false
			default:
				served++
			}
		}
	}
	if served < 3 {
		t.Errorf("%d small reads were served before a large one ended", served)
	}
}
