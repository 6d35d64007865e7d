package scripted

import (
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/prometheus/prompb"
)

// Exchange is one request on one connection, and all that a script can do with it. What it sends
// goes out at once, without regard to HTTP.
type Exchange struct {
	Path    string
	Header  http.Header
	Request *prompb.ReadRequest

	conn    net.Conn
	stopped chan struct{}
	closed  bool
}

// Content types of the two forms of an answer.
const (
	StreamedType = "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse"
	SamplesType  = "application/x-protobuf"
)

// Send writes bytes as they are. An error means that the peer has gone; the script needn't care.
func (x *Exchange) Send(bytes string) bool {
	_, err := x.conn.Write([]byte(bytes))
	if err != nil {
		x.closed = true
	}
	return err == nil
}

// Reply is a whole answer with a length.
func (x *Exchange) Reply(status int, kind, body string) {
	x.Send(fmt.Sprintf("HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s",
		status, http.StatusText(status), kind, len(body), body))
}

// Head begins a chunked answer with status 200.
func (x *Exchange) Head(kind string, fields ...string) {
	head := "HTTP/1.1 200 OK\r\nContent-Type: " + kind + "\r\nTransfer-Encoding: chunked\r\n"
	for _, field := range fields {
		head += field + "\r\n"
	}
	x.Send(head + "\r\n")
}

// Chunk sends one chunk of HTTP's coding.
func (x *Exchange) Chunk(bytes string) bool {
	return x.Send(fmt.Sprintf("%x\r\n%s\r\n", len(bytes), bytes))
}

// End ends a chunked answer as HTTP wants.
func (x *Exchange) End() { x.Send("0\r\n\r\n") }

// Close ends the connection in order.
func (x *Exchange) Close() {
	x.closed = true
	_ = x.conn.Close()
}

// Reset ends the connection by RST.
func (x *Exchange) Reset() {
	x.closed = true
	reset(x.conn)
}

// Wait lets time go by; it ends early when the replica is stopped.
func (x *Exchange) Wait(d time.Duration) {
	select {
	case <-x.stopped:
	case <-time.After(d):
	}
}

// Stall says nothing more until the peer closes or the replica is stopped, then closes.
func (x *Exchange) Stall() {
	x.closed = true
	_, _ = x.conn.Read(make([]byte, 1))
}

// Trickle sends bytes one by one.
func (x *Exchange) Trickle(bytes string, pause time.Duration) {
	for i := range len(bytes) {
		if !x.Send(bytes[i : i+1]) {
			return
		}
		x.Wait(pause)
	}
}
