package main

import (
	"fmt"
	"math"
	"net"
	"net/http"
	"time"
)

// target is what is scraped: a counter whose rate waves between 40 and 160 a second.
type target struct {
	server   *http.Server
	listener net.Listener
	begun    time.Time
}

func startTarget(host string) (*target, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort(host, "8080"))
	if err != nil {
		return nil, err
	}
	t := &target{listener: listener, begun: time.Now()}
	mux := http.NewServeMux()
	mux.HandleFunc("/metrics", t.metrics)
	t.server = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = t.server.Serve(listener) }()
	return t, nil
}

func (t *target) address() string { return t.listener.Addr().String() }

func (t *target) stop() { _ = t.server.Close() }

func (t *target) metrics(w http.ResponseWriter, _ *http.Request) {
	const period = 20.0
	seconds := time.Since(t.begun).Seconds()
	requests := 100*seconds + 60*period/(2*math.Pi)*(1-math.Cos(2*math.Pi*seconds/period))
	fmt.Fprintf(w, "# HELP demo_requests_total Requests served.\n# TYPE demo_requests_total counter\n")
	fmt.Fprintf(w, "demo_requests_total %d\n", int64(requests))
}
