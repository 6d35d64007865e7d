package faults

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/remote"
	"prombraid/test/internal/scripted"
	"prombraid/test/internal/wait"
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
	ended := make(chan answer, 1)
	go func() { ended <- s.post(body) }()
	must(t, wait.Until(10*time.Second, "the large read", func() error {
		if len(s.replicas[0].Requests()) == 0 {
			return fmt.Errorf("not begun")
		}
		return nil
	}))
	for served := 0; ; served++ {
		select {
		case large := <-ended:
			if large.err != nil || large.Status != http.StatusOK || len(large.Body) < 1<<20 {
				t.Errorf("the large read: status %d, %v, %d bytes", large.Status, large.err, len(large.Body))
			}
			if served < 3 {
				t.Errorf("%d small reads were served before the large one ended", served)
			}
			return
		default:
			s.whole("a small read", s.read(modes[0]))
		}
	}
}
