package e2e

import (
	"fmt"
	"testing"

	"prombraid/test/internal/oracle"
	"prombraid/test/internal/prom"
	"prombraid/test/internal/remote"
	"prombraid/test/internal/world"
)

// everything selects all series of the morning.
const everything = `{job="lab"}`

// slack is for the interval that a merge has to find from jittered scrapes.
const slack = 200

var modes = []remote.Mode{remote.Streamed, remote.Samples}

// read asks for the morning.
func read(t *testing.T, url string, mode remote.Mode, selector string) []remote.Series {
	t.Helper()
	series, err := remote.Read(url, mode, remote.Query(selector, morning.From, morning.To))
	if err != nil {
		t.Fatalf("%s: %s: %v", url, selector, err)
	}
	return series
}

// own is what a replica says directly, streamed, which loses nothing in any version, less its replica
// label.
func own(t *testing.T, replica *prom.Server, selector string) []remote.Series {
	t.Helper()
	return oracle.Without(read(t, replica.ReadURL(), remote.Streamed, selector), "replica")
}

func TestOneReplicaComesBackExactly(t *testing.T) {
	for _, c := range []struct {
		title    string
		version  prom.Version
		external map[string]string
		block    func(int) string
	}{
		{"2.42", debian, r1Labels, morningBlock},
		{"2.42 without external labels", debian, nil, morningBlock},
		{"current", current(), r1Labels, morningBlock},
		{"current with custom bounds and XOR2 chunks", current(), r1Labels, newBlock},
	} {
		t.Run(c.title, func(t *testing.T) {
			s := newSite(t)
			replica := s.replica(1, c.version, c.external, c.block(1))
			p := s.prombraid([]string{replica.Address()}, "--replica-label=replica")
			want := own(t, replica, everything)
			for _, mode := range modes {
				got := read(t, p.ReadURL(), mode, everything)
				report(t, mode.String(), oracle.InOrder(got))
				report(t, mode.String(), oracle.Same(got, want))
			}
		})
	}
}

func TestReplicasBecomeOne(t *testing.T) {
	for _, c := range []struct {
		title    string
		external []map[string]string
		flags    []string
	}{
		{"two with external labels", []map[string]string{r0Labels, r1Labels}, nil},
		{"three with external labels", []map[string]string{r0Labels, r1Labels, r2Labels}, nil},
		{"two without external labels", []map[string]string{nil, nil}, nil},
		{"two with a replica label named by flag", []map[string]string{r0Labels, r1Labels}, []string{"--replica-label=replica"}},
	} {
		t.Run(c.title, func(t *testing.T) {
			s := newSite(t)
			s.startDNS()
			var replicas []*prom.Server
			for n, external := range c.external {
				replicas = append(replicas, s.replica(n, current(), external, newBlock(n)))
			}
			s.publish(replicas...)
			p := s.overName(c.flags...)
			for _, mode := range modes {
				checkMerged(t, read(t, p.ReadURL(), mode, everything), everything, replicas...)
			}
		})
	}
}

// checkMerged holds an answer to what must be true of every merge of these replicas.
func checkMerged(t *testing.T, got []remote.Series, selector string, replicas ...*prom.Server) {
	t.Helper()
	var parts [][]remote.Series
	for _, replica := range replicas {
		parts = append(parts, own(t, replica, selector))
	}
	report(t, "order", oracle.InOrder(got))
	report(t, "samples", oracle.FromReplicas(got, parts...))
	report(t, "gaps", oracle.GapFree(got, interval, slack, morning.To, parts...))
	// A hole of all replicas that is shorter than a scrape interval may be bridged.
	report(t, "honesty", oracle.Honest(got, interval, interval, parts...))
	report(t, "classic histograms", oracle.Coherent(got))
}

func TestMixedGenerationsOfReplicas(t *testing.T) {
	s := newSite(t)
	r0 := s.replica(0, debian, r0Labels, morningBlock(0))
	r1 := s.replica(1, current(), r1Labels, newBlock(1))
	p := s.prombraid([]string{r0.Address(), r1.Address()})
	for _, mode := range modes {
		checkMerged(t, read(t, p.ReadURL(), mode, everything), everything, r0, r1)
	}
}

// Of data that ended long ago the end is known: the replica that spoke last gives the last samples.
func TestEndOfOldDataIsOfWhoSpokeLast(t *testing.T) {
	s := newSite(t)
	r0 := s.replica(0, debian, r0Labels, holed(20, 0, world.Range{}))
	r1 := s.replica(1, debian, r1Labels, holed(21, 3*second, world.Range{}))
	p := s.prombraid([]string{r0.Address(), r1.Address()})
	got := read(t, p.ReadURL(), remote.Streamed, "lab_holed")
	if len(got) != 1 || len(got[0].Points) == 0 {
		t.Fatalf("got %d series", len(got))
	}
	last := got[0].Points[len(got[0].Points)-1].T
	if want := morning.From + 30*minute - interval + 3*second; last != want {
		t.Errorf("the last sample is at %d, want %d", last, want)
	}
}

func TestPartsOfARangeAreThatPartOfTheAnswer(t *testing.T) {
	s := newSite(t)
	r0 := s.replica(0, debian, r0Labels, morningBlock(0))
	r1 := s.replica(1, debian, r1Labels, morningBlock(1))
	p := s.prombraid([]string{r0.Address(), r1.Address()})
	whole := read(t, p.ReadURL(), remote.Streamed, "lab_temperature")
	for _, from := range []int64{63 * minute, 84*minute + 7*second, 179 * minute, 299*minute + 1} {
		part := within(from, from+30*minute)
		query := remote.Query("lab_temperature", part.From, part.To)
		got, err := remote.Read(p.ReadURL(), remote.Streamed, query)
		must(t, err)
		inner := within(from+2*interval, from+30*minute-2*interval)
		report(t, fmt.Sprintf("from minute %d", from/minute), oracle.Same(cut(got, inner.From, inner.To), cut(whole, inner.From, inner.To)))
		for _, series := range got {
			for _, point := range series.Points {
				if !part.Has(point.T) {
					t.Fatalf("%s: sample at %d outside of %v", series.Labels, point.T, part)
				}
			}
		}
	}
}

// cut keeps the samples inside a range, and the series that have some.
func cut(series []remote.Series, from, to int64) []remote.Series {
	var kept []remote.Series
	for _, s := range series {
		inside := remote.Series{Labels: s.Labels}
		for _, p := range s.Points {
			if from <= p.T && p.T <= to {
				inside.Points = append(inside.Points, p)
			}
		}
		if len(inside.Points) > 0 {
			kept = append(kept, inside)
		}
	}
	return kept
}
