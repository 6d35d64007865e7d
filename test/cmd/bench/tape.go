package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// tape is a replica that answers from memory: what a real one once answered to the same request.
type tape struct {
	real     string // host:port
	listener net.Listener
	answers  sync.Map // of the request's bytes
}

// startTapes records the first n replicas, on addresses of their own.
func (l *lab) startTapes(n int) ([]*tape, error) {
	var all []*tape
	for i := range n {
		listener, err := net.Listen("tcp", net.JoinHostPort(l.net.Host(150+i), "9090"))
		if err != nil {
			return all, err
		}
		t := &tape{real: l.replicas[i].Address(), listener: listener}
		go t.serve()
		all = append(all, t)
	}
	return all, nil
}

func stopTapes(tapes []*tape) {
	for _, t := range tapes {
		_ = t.listener.Close()
	}
}

func (t *tape) address() string { return t.listener.Addr().String() }

func (t *tape) serve() {
	for {
		conn, err := t.listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			t.answerAll(conn)
		}()
	}
}

func (t *tape) answerAll(conn net.Conn) {
	in := bufio.NewReaderSize(conn, 16<<10)
	var request []byte
	for {
		var err error
		if request, err = readRequest(in, request[:0]); err != nil {
			return
		}
		answer, known := t.answers.Load(string(request))
		if !known {
			if answer, err = t.record(request); err != nil {
				return
			}
			t.answers.Store(string(request), answer)
		}
		if _, err := conn.Write(answer.([]byte)); err != nil {
			return
		}
	}
}

// readRequest appends the request's head and body to what is given.
func readRequest(in *bufio.Reader, request []byte) ([]byte, error) {
	length := 0
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		request = append(request, line...)
		if len(line) <= 2 {
			break
		}
		const name = "content-length:"
		if len(line) > len(name) && strings.EqualFold(string(line[:len(name)]), name) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(line[len(name):]))); err != nil {
				return nil, err
			}
		}
	}
	head := len(request)
	request = append(request, make([]byte, length)...)
	_, err := io.ReadFull(in, request[head:])
	return request, err
}

// record asks the real server and keeps its answer with a plain length.
func (t *tape) record(request []byte) ([]byte, error) {
	asked, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(request)))
	if err != nil {
		return nil, err
	}
	asked.RequestURI, asked.URL.Scheme, asked.URL.Host = "", "http", t.real
	answer, err := http.DefaultClient.Do(asked)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n",
		answer.Status, answer.Header.Get("Content-Type"), len(body))
	out.Write(body)
	return out.Bytes(), nil
}
