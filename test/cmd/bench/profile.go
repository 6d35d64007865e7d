package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/prometheus/prometheus/prompb"

	"prombraid/test/internal/remote"
)

// profile shows by perf in which functions a proxy over three replicas spends its time.
func (l *lab) profile(runs int, spell time.Duration) error {
	p, err := l.startProxy(3)
	if err != nil {
		return err
	}
	for _, mode := range []remote.Mode{remote.Streamed, remote.Samples} {
		s := through("profiled", p, mode, l.dataset.query())
		title := l.dataset.Name + ", " + modeName(mode)
		err := l.recorded(title, p.Process().PID(), func() error { return measure([]*subject{s}, runs) })
		if err != nil {
			return err
		}
	}
	if l.dataset.Name != "holes" {
		return nil
	}
	request := httpRequest(p.Address(), remote.Body(&prompb.ReadRequest{
		Queries:               []*prompb.Query{l.dataset.smallQuery()},
		AcceptedResponseTypes: []prompb.ReadRequest_ResponseType{remote.Streamed},
	}))
	return l.recorded("small reads, 8 clients", p.Process().PID(), func() error {
		_, err := askTogether([]string{p.Address()}, request, 8, spell)
		return err
	})
}

// recorded runs do while perf looks at the process.
func (l *lab) recorded(title string, pid int, do func() error) error {
	file := filepath.Join(l.dir, "perf.data")
	perf := exec.Command("perf", "record", "-q", "-F", "1999", "-p", fmt.Sprint(pid), "-o", file)
	perf.Stderr = os.Stderr
	if err := perf.Start(); err != nil {
		return err
	}
	time.Sleep(300 * time.Millisecond)
	failed := do()
	_ = perf.Process.Signal(os.Interrupt)
	_ = perf.Wait()
	if failed != nil {
		return failed
	}
	fmt.Printf("\n### Profile: %s\n\n```\n", title)
	defer fmt.Println("```")
	for _, by := range []string{"dso", "symbol"} {
		if err := printReport(file, by); err != nil {
			return err
		}
	}
	return nil
}

func printReport(file, by string) error {
	text, err := exec.Command("perf", "report", "-i", file, "--stdio", "--no-children",
		"--percent-limit", "0.9", "--sort", by).Output()
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), "      ") // columns that perf leaves empty
		if line != "" && !strings.HasPrefix(line, "#") {
			fmt.Println(strings.TrimSpace(line))
		}
	}
	return nil
}
