package main

import (
	"fmt"
	"os"
	"path/filepath"

	"prombraid/test/internal/loopback"
	"prombraid/test/internal/proc"
	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
)

// lab is the replicas of one dataset and those who read them.
type lab struct {
	dataset  dataset
	dir      string
	net      loopback.Subnet
	replicas []*prom.Server
	proxies  []*proxy.Prombraid
	other    *proxy.Prombraid // of another build, to compare with
	fanout   *prom.Server
}

// openLab starts the replicas; close must be called in any case.
func openLab(d dataset, cache string) (*lab, error) {
	l := &lab{dataset: d, net: loopback.New()}
	blocks, err := d.blocks(cache)
	if err != nil {
		return l, err
	}
	if l.dir, err = os.MkdirTemp("", "prombraid-bench-"); err != nil {
		return l, err
	}
	for i := range d.Replicas {
		server, err := l.replica(i, filepath.Join(blocks, fmt.Sprint(i), "data"))
		if err != nil {
			return l, err
		}
		l.replicas = append(l.replicas, server)
	}
	return l, nil
}

// replica starts replica i with a copy of the data.
func (l *lab) replica(i int, data string) (*prom.Server, error) {
	return l.server(fmt.Sprintf("replica %d", i), 10+i, prom.Config{
		ExternalLabels: map[string]string{"cluster": "bench", "replica": fmt.Sprintf("r%d", i)},
	}, data)
}

func (l *lab) server(name string, host int, config prom.Config, data string) (*prom.Server, error) {
	config.Version, config.Name, config.Host = prom.Debian, name, l.net.Host(host)
	config.Dir = filepath.Join(l.dir, name)
	// Blocks stay as they are: no compaction while something is measured.
	config.Flags = append(config.Flags,
		"--storage.tsdb.min-block-duration=2h", "--storage.tsdb.max-block-duration=2h",
		"--storage.remote.read-sample-limit=0")
	if err := os.MkdirAll(config.Dir, 0o755); err != nil {
		return nil, err
	}
	if data != "" {
		if err := os.CopyFS(config.DataDir(), os.DirFS(data)); err != nil {
			return nil, err
		}
	}
	return prom.Start(config)
}

// startProxy runs Prombraid over the first n replicas.
func (l *lab) startProxy(n int) (*proxy.Prombraid, error) {
	var addresses []string
	for _, replica := range l.replicas[:n] {
		addresses = append(addresses, replica.Address())
	}
	return l.startProxyOver(addresses)
}

func (l *lab) startProxyOver(addresses []string, flags ...string) (*proxy.Prombraid, error) {
	for _, address := range addresses {
		flags = append(flags, "--replicas="+address)
	}
	p, err := proxy.Start(l.dir, l.net.Host(100+len(l.proxies)), flags...)
	if err == nil {
		l.proxies = append(l.proxies, p)
	}
	return p, err
}

// startOther runs another build of Prombraid over the first n replicas.
func (l *lab) startOther(binary string, n int) error {
	return withBinary(binary, func() (err error) { l.other, err = l.startProxy(n); return err })
}

// withBinary does what starts proxies, which are then of another build.
func withBinary(binary string, do func() error) error {
	defer os.Setenv("PROMBRAID_BIN", proxy.Binary())
	os.Setenv("PROMBRAID_BIN", binary)
	return do()
}

// startFanout runs a Prometheus that has a remote_read entry for each of the first n replicas.
func (l *lab) startFanout(n int) error {
	var entries []prom.RemoteRead
	for _, replica := range l.replicas[:n] {
		entries = append(entries, prom.RemoteRead{URL: replica.ReadURL(), ReadRecent: true})
	}
	var err error
	l.fanout, err = l.server("fanout", 200, prom.Config{RemoteRead: entries}, "")
	return err
}

// servers are the processes of the first n replicas.
func (l *lab) servers(n int) []*proc.Process {
	var all []*proc.Process
	for _, replica := range l.replicas[:n] {
		all = append(all, replica.Process())
	}
	return all
}

func (l *lab) close() {
	for _, p := range l.proxies {
		p.Stop()
	}
	if l.fanout != nil {
		l.fanout.Stop()
	}
	for _, replica := range l.replicas {
		replica.Stop()
	}
	if l.dir != "" {
		_ = os.RemoveAll(l.dir)
	}
}
