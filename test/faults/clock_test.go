package faults

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
	"prombraid/test/internal/scripted"
)

// counter is a growing counter as a replica sees it whose clock is ahead by skew and which scrapes
// every interval, over all of the range and an hour beyond it.
func counter(replica string, interval, skew int64) scripted.Series {
	const margin = 2 * 3_600_000
	s := scripted.Line(from-margin, interval, int((to-from+2*margin)/interval),
		"__name__", "lab", "cluster", "lab", "instance", "one", "replica", replica)
	for i := range s.Samples {
		s.Samples[i].Timestamp += skew // the value is that of the true time
	}
	return s
}

// TestSkewedClocks: replicas whose clocks or intervals differ. The answer follows one of them from
// end to end, so that no counter falls back where two clocks meet.
func TestSkewedClocks(t *testing.T) {
	for _, c := range []struct {
		name           string
		interval, skew int64
	}{
		{"31 a second ahead", step, 1000},
		{"31 two scrapes ahead", step, 2 * step},
		{"31 five minutes ahead", step, 300_000},
		{"31 an hour ahead", step, 3_600_000},
		{"31 an hour behind", step, -3_600_000},
		{"31 scrapes four times as seldom", 4 * step, 0},
		{"31 scrapes four times as seldom, an hour ahead", 4 * step, 3_600_000},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := two(t)
			s.watch(0)
			a, b := counter("a", step, 0), counter("b", c.interval, c.skew)
			s.replicas[0].Play(scripted.Streamed(a))
			s.replicas[1].Play(scripted.Streamed(b))
			before := s.metrics()
			for _, mode := range modes {
				got := s.read(mode)
				series, err := seriesOf(got.Answer)
				if got.err != nil || err != nil || len(series) != 1 {
					t.Fatalf("%s: status %d, %d series, %v %v", mode, got.Status, len(series), got.err, err)
				}
				if fault := neither(series[0], a, b); fault != "" {
					t.Errorf("%s: %s", mode, fault)
				}
			}
			if was, is := before.sum("prombraid_samples_filled_total"), s.metrics().sum("prombraid_samples_filled_total"); is != was {
				t.Errorf("%g samples were taken from the other replica", is-was)
			}
			s.good()
		})
	}
}

// neither says where the answer is not the samples of one of the replicas in the range.
func neither(got received, replicas ...scripted.Series) string {
	var faults []string
	for _, replica := range replicas {
		fault := notOf(got, replica)
		if fault == "" {
			return ""
		}
		faults = append(faults, fault)
	}
	return strings.Join(faults, "; ")
}

func notOf(got received, replica scripted.Series) string {
	want := replica.Samples[:0:0]
	for _, sample := range replica.Samples {
		if from <= sample.Timestamp && sample.Timestamp <= to {
			want = append(want, sample)
		}
	}
	if len(got.samples) != len(want) {
		return fmt.Sprintf("%d samples, not %d", len(got.samples), len(want))
	}
	for i, sample := range want {
		at := got.samples[i]
		if at.Timestamp != sample.Timestamp || math.Float64bits(at.Value) != math.Float64bits(sample.Value) {
			return fmt.Sprintf("sample %d is %v, not %v", i, at, sample)
		}
	}
	return ""
}

// wallClock is a library that moves the wall clock of the process it is loaded into by the seconds
// that a file holds; steady clocks go on as they are.
const wallClock = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec *now) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  int done = real(id, now);
  if (done || id != CLOCK_REALTIME) return done;
  long ahead = 0;
  FILE *file = fopen(getenv("WALL_CLOCK_AHEAD"), "r");
  if (file) {
    if (fscanf(file, "%ld", &ahead) != 1) ahead = 0;
    fclose(file);
  }
  now->tv_sec += ahead;
  return 0;
}
`

// TestClockJumps: the wall clock goes back and forth by years while a read is under way and between
// reads. Nothing is late, nothing early; the log shows the jumps.
func TestClockJumps(t *testing.T) {
	t.Parallel()
	if proxy.Sanitized() {
		return // a library that is loaded first asks for clock_gettime before theirs can allocate
	}
	s := newStage(t)
	source, library, ahead := filepath.Join(s.dir, "wall.c"), filepath.Join(s.dir, "wall.so"), filepath.Join(s.dir, "ahead")
	must(t, os.WriteFile(source, []byte(wallClock), 0o644))
	if out, err := exec.Command("clang-19", "-shared", "-fPIC", "-o", library, source).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	must(t, os.WriteFile(ahead, []byte("0"), 0o644))
	s.replica(0)
	s.replica(1)
	s.under = []string{"env", "LD_PRELOAD=" + library, "WALL_CLOCK_AHEAD=" + ahead}
	s.start(nil)
	s.watch(0)
	for _, jump := range []string{"100000000", "-100000000", "3600", "0"} {
		done := s.slowRead()
		must(t, os.WriteFile(ahead, []byte(jump), 0o644))
		s.whole("while the clock went to "+jump, <-done)
		s.good()
	}
	s.replicas[1].Play(scripted.Status(500, "broken"))
	must(t, os.WriteFile(ahead, []byte("100000000"), 0o644))
	before := s.metrics()
	s.whole("one of two", s.read(remote.Streamed))
	s.grew(before, "prombraid_replica_failures_total", `reason="status_5xx"`)
	year := time.Now().Add(100_000_000 * time.Second).UTC().Format("2006-01")
	s.said("time="+year, "replica failed a read")
	s.good()
}

// TestSuspended: the process stands still for longer than every deadline, and goes on. The read that
// was under way ends one way or the other; the next ones are whole.
func TestSuspended(t *testing.T) {
	t.Parallel()
	s := two(t)
	s.watch(0)
	done := s.slowRead()
	must(t, s.proxy.Process().Signal(syscall.SIGSTOP))
	time.Sleep(3 * time.Second)
	must(t, s.proxy.Process().Signal(syscall.SIGCONT))
	got := <-done
	if got.err == nil && got.Status == 200 {
		s.whole("the read that was under way", got)
	}
	s.await(2)
	s.good()
	if err := expectSum(s.metrics(), "prombraid_reads_in_flight", 0); err != nil {
		t.Error(err)
	}
}
