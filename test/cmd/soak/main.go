// Command soak reads through a proxy over two replicas with different holes, which are restarted every
// five seconds under changing addresses, and a hostile third, while other clients leave midway or read
// slowly. It prints what it saw, and ends with 1 where a read failed, an answer was not the truth that
// the replicas then up have together, or memory or descriptors grew.
package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"
)

const restartEvery = 5 * time.Second

func main() {
	seconds := 60
	if len(os.Args) > 1 {
		var err error
		if seconds, err = strconv.Atoi(os.Args[1]); err != nil || seconds < 10 {
			fmt.Fprintln(os.Stderr, "usage: soak SECONDS, at least 10")
			os.Exit(2)
		}
	}
	if err := run(time.Duration(seconds) * time.Second); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

func run(length time.Duration) error {
	dir, err := os.MkdirTemp("", "prombraid-soak-")
	if err != nil {
		return err
	}
	s, err := newStage(dir)
	defer s.stop()
	if err != nil {
		return err
	}
	end := time.Now().Add(length)
	t := &tally{first: map[string]string{}}
	use := &usage{pid: s.proxy.Process().PID(), settled: time.Now().Add(min(time.Minute, length/3))}
	var clients sync.WaitGroup
	for range readers {
		clients.Go(func() { t.read(s, end) })
	}
	clients.Go(func() { t.leave(s.proxy, end) })
	clients.Go(func() { t.dawdle(s.proxy, end) })
	clients.Go(func() { use.watch(end) })
	restarts, restartErr := s.roll(end)
	clients.Wait()
	use.last()
	return errors.Join(restartErr, report(t, use, restarts, length, s))
}

// roll restarts one replica after the other.
func (s *stage) roll(end time.Time) (restarts int, err error) {
	for time.Now().Add(restartEvery).Before(end) {
		next := time.Now().Add(restartEvery)
		if err := s.restart(restarts%2, restarts%4 < 2); err != nil {
			return restarts, err
		}
		restarts++
		time.Sleep(time.Until(next))
	}
	return restarts, nil
}

func report(t *tally, use *usage, restarts int, length time.Duration, s *stage) error {
	fmt.Printf("soak of %s: %d reads (%.0f a second), %d failed, %d wrong; %d with both real replicas up and so the whole truth\n",
		length, t.reads.Load(), float64(t.reads.Load())/length.Seconds(), t.failed.Load(), t.wrong.Load(), t.whole.Load())
	fmt.Printf("%d restarts under new addresses, %d clients left midway, %d read slowly\n",
		restarts, t.left.Load(), t.slow.Load())
	fmt.Printf("memory %.1f MiB settled, %.1f MiB at the end (%+.1f %%), at most %.1f MiB; descriptors %d settled, %d at the end\n",
		mib(use.settledMemory), mib(use.endMemory), use.growth(), mib(use.mostMemory), use.settledFiles, use.endFiles)
	for kind, example := range t.first {
		fmt.Printf("the first that %s: %s\n", kind, example)
	}
	if t.failed.Load()+t.wrong.Load() > 0 {
		fmt.Printf("prombraid said last:\n%s\n", s.proxy.Process().Log(10))
		return errors.New("reads failed or were wrong")
	}
	return use.verdict()
}
