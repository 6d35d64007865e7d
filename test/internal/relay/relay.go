// Package relay is a TCP relay that can act in the middle of an answer, so that "in the middle"
// means the same bytes in every run.
package relay

import (
	"io"
	"net"
	"sync"
)

// Relay forwards every connection to one target.
type Relay struct {
	listener net.Listener
	target   string

	mu    sync.Mutex
	after int64
	act   func()
	conns map[net.Conn]struct{}
}

// Listen starts a relay on address that leads to target.
func Listen(address, target string) (*Relay, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	r := &Relay{listener: listener, target: target, conns: map[net.Conn]struct{}{}}
	go r.accept()
	return r, nil
}

// OnceAfter calls act once, when one connection has carried more than this many bytes back from the
// target. No byte passes on that connection while act runs.
func (r *Relay) OnceAfter(bytes int64, act func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.after, r.act = bytes, act
}

// Close ends the relay and all its connections.
func (r *Relay) Close() {
	_ = r.listener.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	for conn := range r.conns {
		_ = conn.Close()
	}
}

func (r *Relay) accept() {
	for {
		client, err := r.listener.Accept()
		if err != nil {
			return
		}
		go r.carry(client)
	}
}

func (r *Relay) carry(client net.Conn) {
	defer r.forget(client)
	r.remember(client)
	target, err := net.Dial("tcp", r.target)
	if err != nil {
		return
	}
	defer r.forget(target)
	r.remember(target)
	// A small window keeps the rest of a long answer with its sender.
	_ = target.(*net.TCPConn).SetReadBuffer(32 << 10)
	go func() {
		_, _ = io.Copy(target, client)
		_ = target.(*net.TCPConn).CloseWrite()
	}()
	r.back(client, target)
}

func (r *Relay) back(client io.Writer, target io.Reader) {
	buffer := make([]byte, 16<<10)
	var carried int64
	for {
		n, err := target.Read(buffer)
		carried += int64(n)
		r.maybeAct(carried)
		if _, writeErr := client.Write(buffer[:n]); writeErr != nil || err != nil {
			return
		}
	}
}

func (r *Relay) maybeAct(carried int64) {
	r.mu.Lock()
	act := r.act
	if act == nil || carried <= r.after {
		r.mu.Unlock()
		return
	}
	r.act = nil
	r.mu.Unlock()
	act()
}

func (r *Relay) remember(conn net.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.conns[conn] = struct{}{}
}

func (r *Relay) forget(conn net.Conn) {
	_ = conn.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.conns, conn)
}
