package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
)

const readers = 4

// tally is what the clients saw.
type tally struct {
	reads, failed, wrong, whole, left, slow atomic.Int64

	mu    sync.Mutex
	first map[string]string // one example a kind
}

func (t *tally) note(kind string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, known := t.first[kind]; !known {
		t.first[kind] = time.Now().Format(time.TimeOnly) + " " + err.Error()
	}
}

// read asks and checks until the end.
func (t *tally) read(s *stage, end time.Time) {
	for time.Now().Before(end) {
		mode := []remote.Mode{remote.Streamed, remote.Samples}[rand.IntN(2)]
		t.once(s, remote.Body(&prompb.ReadRequest{
			Queries: []*prompb.Query{query()}, AcceptedResponseTypes: []remote.Mode{mode},
		}))
	}
}

func (t *tally) once(s *stage, body []byte) {
	before := s.now()
	got, err := remote.Post(s.proxy.ReadURL(), body)
	away := before.until(s.now(), got.Header.Get("X-Prombraid-Partial"))
	t.reads.Add(1)
	if away == (missing{}) {
		t.whole.Add(1)
	}
	if err == nil && got.Status != http.StatusOK {
		err = fmt.Errorf("status %d: %.200s", got.Status, got.Body)
	}
	if err != nil {
		t.failed.Add(1)
		t.note("failed", err)
		return
	}
	series, err := got.Series()
	if err == nil {
		err = check(series, away)
	}
	if err != nil {
		t.wrong.Add(1)
		t.note("wrong", err)
	}
}

// partly opens a read by hand, reads some of it at a pace, and leaves.
func partly(p *proxy.Prombraid, pieces int, pause time.Duration) error {
	body := remote.Body(&prompb.ReadRequest{
		Queries: []*prompb.Query{query()}, AcceptedResponseTypes: []remote.Mode{remote.Streamed},
	})
	conn, err := net.Dial("tcp", p.Address())
	if err != nil {
		return err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	fmt.Fprintf(conn, "POST /api/v1/read HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	piece := make([]byte, 512)
	for range pieces {
		if _, err := io.ReadFull(conn, piece); err != nil {
			return nil
		}
		time.Sleep(pause)
	}
	return nil
}

func (t *tally) leave(p *proxy.Prombraid, end time.Time) {
	for time.Now().Before(end) {
		if err := partly(p, rand.IntN(4), 0); err != nil {
			t.note("left", err)
		}
		t.left.Add(1)
		time.Sleep(30 * time.Millisecond)
	}
}

func (t *tally) dawdle(p *proxy.Prombraid, end time.Time) {
	for time.Now().Before(end) {
		if err := partly(p, 60, 50*time.Millisecond); err != nil {
			t.note("slow", err)
		}
		t.slow.Add(1)
	}
}
