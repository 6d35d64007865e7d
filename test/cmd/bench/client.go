package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// client speaks just enough HTTP/1.1 to cost almost nothing: bodies are counted and thrown away.
type client struct {
	conn net.Conn
	in   *bufio.Reader
}

// reading is what one read came to, as the client saw it.
type reading struct {
	wall, first time.Duration // until the last byte and the first of the body
	bytes       int64
}

const answerLimit = 2 * time.Minute

func dial(address string) (*client, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &client{conn: conn, in: bufio.NewReaderSize(conn, 256<<10)}, nil
}

func (c *client) close() { _ = c.conn.Close() }

// httpRequest is a whole POST of a remote_read, made once and sent often.
func httpRequest(host string, body []byte) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "POST /api/v1/read HTTP/1.1\r\nHost: %s\r\nContent-Encoding: snappy\r\n"+
		"Content-Type: application/x-protobuf\r\nX-Prometheus-Remote-Read-Version: 0.1.0\r\n"+
		"Content-Length: %d\r\n\r\n", host, len(body))
	out.Write(body)
	return out.Bytes()
}

// read sends a request and reads its answer to the end.
func (c *client) read(request []byte) (reading, error) {
	begun := time.Now()
	if err := c.ask(request); err != nil {
		return reading{}, err
	}
	return c.answer(begun)
}

func (c *client) ask(request []byte) error {
	_ = c.conn.SetDeadline(time.Now().Add(answerLimit))
	_, err := c.conn.Write(request)
	return err
}

// answer reads the answer to a request that was begun then.
func (c *client) answer(begun time.Time) (reading, error) {
	length, chunked, err := c.head()
	if err != nil {
		return reading{}, err
	}
	if _, err := c.in.Peek(1); err != nil {
		return reading{}, err
	}
	got := reading{first: time.Since(begun), bytes: length}
	if chunked {
		got.bytes, err = c.discardChunks()
	} else {
		err = c.discard(length)
	}
	got.wall = time.Since(begun)
	return got, err
}

// head reads status and headers; an answer that is not 200 is an error with its text.
func (c *client) head() (length int64, chunked bool, err error) {
	status, err := c.line()
	if err != nil {
		return 0, false, err
	}
	for {
		line, err := c.line()
		if err != nil {
			return 0, false, err
		}
		if line == "" {
			break
		}
		name, value, _ := strings.Cut(line, ":")
		switch strings.ToLower(name) {
		case "content-length":
			if length, err = strconv.ParseInt(strings.TrimSpace(value), 10, 64); err != nil {
				return 0, false, err
			}
		case "transfer-encoding":
			chunked = true
		}
	}
	if !strings.HasPrefix(status, "HTTP/1.1 200") {
		text, _ := io.ReadAll(io.LimitReader(c.in, min(length, 1000)))
		return 0, false, fmt.Errorf("%s: %s", status, text)
	}
	return length, chunked, nil
}

func (c *client) discardChunks() (total int64, err error) {
	for {
		line, err := c.line()
		if err != nil {
			return total, err
		}
		size, err := strconv.ParseInt(line, 16, 64)
		if err != nil {
			return total, fmt.Errorf("chunk size: %w", err)
		}
		if err := c.discard(size); err != nil {
			return total, err
		}
		total += size
		line, err = c.line()
		if err != nil || line != "" {
			return total, errors.Join(err, errors.New("no end of chunk"))
		}
		if size == 0 {
			return total, nil
		}
	}
}

func (c *client) discard(bytes int64) error {
	_, err := c.in.Discard(int(bytes))
	return err
}

func (c *client) line() (string, error) {
	line, err := c.in.ReadString('\n')
	return strings.TrimRight(line, "\r\n"), err
}
