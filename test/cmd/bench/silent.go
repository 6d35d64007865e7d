package main

import (
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/remote"
)

// mute carries connections to a replica until it is silenced: then it still accepts them, and no
// byte comes back.
type mute struct {
	listener net.Listener
	target   string
	silenced chan struct{}

	lock sync.Mutex
	open []net.Conn
}

func startMute(host, target string) (*mute, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort(host, "9090"))
	if err != nil {
		return nil, err
	}
	m := &mute{listener: listener, target: target, silenced: make(chan struct{})}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go m.carry(conn)
		}
	}()
	return m, nil
}

func (m *mute) address() string { return m.listener.Addr().String() }

func (m *mute) silence() { close(m.silenced) }

func (m *mute) stop() {
	_ = m.listener.Close()
	m.lock.Lock()
	defer m.lock.Unlock()
	for _, conn := range m.open {
		_ = conn.Close()
	}
}

func (m *mute) keep(conn net.Conn) {
	m.lock.Lock()
	defer m.lock.Unlock()
	m.open = append(m.open, conn)
}

func (m *mute) carry(client net.Conn) {
	m.keep(client)
	server, err := net.Dial("tcp", m.target)
	if err != nil {
		return
	}
	m.keep(server)
	go func() { _, _ = io.Copy(server, client) }()
	_, _ = io.Copy(writer(func(bytes []byte) (int, error) {
		select {
		case <-m.silenced:
			return len(bytes), nil
		default:
			return client.Write(bytes)
		}
	}), server)
}

type writer func([]byte) (int, error)

func (w writer) Write(bytes []byte) (int, error) { return w(bytes) }

// silent measures what a replica costs that takes requests and never answers: its deadline once.
func (l *lab) silent() error {
	const deadline = 2 * time.Second
	m, err := startMute(l.net.Host(170), l.replicas[1].Address())
	if err != nil {
		return err
	}
	defer m.stop()
	p, err := l.startProxyOver([]string{l.replicas[0].Address(), m.address()}, "--replica.timeout="+deadline.String())
	if err != nil {
		return err
	}
	request := httpRequest(p.Address(), remote.Body(&prompb.ReadRequest{
		Queries:               []*prompb.Query{l.dataset.smallQuery()},
		AcceptedResponseTypes: []prompb.ReadRequest_ResponseType{remote.Streamed},
	}))
	rows := [][]string{{"replica 1", "first read ms", "median of the next 100", "their 99th", "the slowest"}}
	for _, state := range []string{"answers", "takes requests and is silent"} {
		row, err := readsAfterTheFirst(p.Address(), request)
		if err != nil {
			return fmt.Errorf("%s: %w", state, err)
		}
		rows = append(rows, append([]string{state}, row...))
		if state == "answers" {
			m.silence()
		}
	}
	fmt.Printf("\n### Small reads over 2 replicas, one of them silent, its deadline %s\n\n", deadline)
	printTable(rows)
	return nil
}

// readsAfterTheFirst asks 101 times in turn and tells the first from the others.
func readsAfterTheFirst(host string, request []byte) ([]string, error) {
	c, err := dial(host)
	if err != nil {
		return nil, err
	}
	defer c.close()
	var taken []time.Duration
	for range 101 {
		got, err := c.read(request)
		if err != nil {
			return nil, err
		}
		taken = append(taken, got.wall)
	}
	next := slices.Sorted(slices.Values(taken[1:]))
	return []string{ms(taken[0]), ms(next[50]), ms(next[98]), ms(next[99])}, nil
}
