// Package scripted plays replicas and name servers that do exactly what a test says, byte by byte:
// they stall, trickle, tear, lie and reset.
package scripted

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/golang/snappy"
	"github.com/prometheus/prometheus/prompb"
)

// Port is where every scripted replica listens, each on an address of its own.
const Port = "9090"

// Script answers one remote_read. When it returns, the connection serves the next request, unless
// the script closed it.
type Script func(*Exchange)

// Replica answers status questions as a Prometheus does, and reads by a script.
type Replica struct {
	Host string

	listener net.Listener
	mu       sync.Mutex
	script   Script
	selves   []Self
	requests []*prompb.ReadRequest
	open     map[net.Conn]bool
	accepted atomic.Int64
	stopped  chan struct{}
}

// Start listens on host and answers as self, with nothing to read.
func Start(host string, self Self) (*Replica, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort(host, Port))
	if err != nil {
		return nil, err
	}
	r := &Replica{
		Host: host, listener: listener, script: Streamed(), selves: []Self{self},
		open: map[net.Conn]bool{}, stopped: make(chan struct{}),
	}
	go r.accept()
	return r, nil
}

// Address is host:port.
func (r *Replica) Address() string { return net.JoinHostPort(r.Host, Port) }

// ReadURL is where the script answers.
func (r *Replica) ReadURL() string { return "http://" + r.Address() + "/api/v1/read" }

// Play changes the script for the reads that follow.
func (r *Replica) Play(script Script) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.script = script
}

// Be changes who this replica says it is. With several, each new connection meets the next of them,
// as behind a load balancer.
func (r *Replica) Be(selves ...Self) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.selves = selves
}

// Requests are the reads that came so far.
func (r *Replica) Requests() []*prompb.ReadRequest {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]*prompb.ReadRequest(nil), r.requests...)
}

// Open is how many connections are open now.
func (r *Replica) Open() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.open)
}

// Stop resets every connection and listens no more.
func (r *Replica) Stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case <-r.stopped:
		return
	default:
	}
	close(r.stopped)
	_ = r.listener.Close()
	for conn := range r.open {
		reset(conn)
	}
}

func (r *Replica) accept() {
	for {
		conn, err := r.listener.Accept()
		if err != nil {
			return
		}
		go r.serve(conn, int(r.accepted.Add(1))-1)
	}
}

func (r *Replica) serve(conn net.Conn, n int) {
	r.mu.Lock()
	r.open[conn] = true
	self := r.selves[n%len(r.selves)]
	r.mu.Unlock()
	defer func() {
		_ = conn.Close()
		r.mu.Lock()
		delete(r.open, conn)
		r.mu.Unlock()
	}()
	in := bufio.NewReader(conn)
	for {
		request, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return
		}
		x := &Exchange{Path: request.URL.Path, Header: request.Header, conn: conn, stopped: r.stopped}
		if request.Method == http.MethodGet {
			// As with --web.route-prefix=/prom, where that is asked for.
			x.Reply(self.answer(strings.TrimPrefix(request.URL.Path, "/prom")))
		} else {
			r.read(x, body)
		}
		if x.closed {
			return
		}
	}
}

func (r *Replica) read(x *Exchange, body []byte) {
	x.Request = &prompb.ReadRequest{}
	plain, err := snappy.Decode(nil, body)
	if err == nil {
		err = x.Request.Unmarshal(plain)
	}
	if err != nil {
		x.Reply(http.StatusBadRequest, "text/plain", fmt.Sprint(err))
		return
	}
	r.mu.Lock()
	r.requests = append(r.requests, x.Request)
	script := r.script
	r.mu.Unlock()
	script(x)
}

// reset closes so that the peer sees RST.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
