// Package oracle judges a merged answer by what must hold of it, from whole lists of samples and
// without knowing the merge rule. Each judge gives one line per fault, none when all is well.
package oracle

import (
	"fmt"
	"math"
	"slices"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"

	"prombraid/test/internal/remote"
)

// mostFaults bounds what a judge says of one answer.
const mostFaults = 5

type faults []string

func (f *faults) add(format string, args ...any) {
	if len(*f) < mostFaults {
		*f = append(*f, fmt.Sprintf(format, args...))
	}
}

// InOrder wants label sets strictly ascending, names sorted, no value empty, and times ascending.
func InOrder(answer []remote.Series) []string {
	var f faults
	for i, s := range answer {
		if i > 0 && labels.Compare(answer[i-1].Labels, s.Labels) >= 0 {
			f.add("%s comes after %s", s.Labels, answer[i-1].Labels)
		}
		s.Labels.Range(func(l labels.Label) {
			if l.Value == "" {
				f.add("%s: label %s is empty", s.Labels, l.Name)
			}
		})
		for k := 1; k < len(s.Points); k++ {
			if s.Points[k].T <= s.Points[k-1].T {
				f.add("%s: time %d comes after %d", s.Labels, s.Points[k].T, s.Points[k-1].T)
			}
		}
	}
	return f
}

// FromReplicas wants every sample of the answer to be some replica's, bit for bit, and every series
// of a replica to be in the answer. The replicas' series must have lost their replica labels.
func FromReplicas(answer []remote.Series, replicas ...[]remote.Series) []string {
	type key struct {
		labels string
		t      int64
	}
	var f faults
	known := map[key][]remote.Point{}
	missing := map[string]bool{}
	for _, replica := range replicas {
		for _, s := range replica {
			name := s.Labels.String()
			missing[name] = true
			for _, p := range s.Points {
				known[key{name, p.T}] = append(known[key{name, p.T}], p)
			}
		}
	}
	for _, s := range answer {
		name := s.Labels.String()
		delete(missing, name)
		for _, p := range s.Points {
			same := func(q remote.Point) bool { return p.Float == q.Float && p.Histogram == q.Histogram }
			if !slices.ContainsFunc(known[key{name, p.T}], same) {
				f.add("%s: sample at %d is no replica's", name, p.T)
			}
		}
	}
	for name := range missing {
		f.add("%s is missing", name)
	}
	return f
}

// Same wants two readings to be equal sample for sample, reset hints too.
func Same(got, want []remote.Series) []string {
	var f faults
	if len(got) != len(want) {
		f.add("%d series, not %d", len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		g, w := got[i], want[i]
		if !labels.Equal(g.Labels, w.Labels) {
			f.add("series %d is %s, not %s", i, g.Labels, w.Labels)
			continue
		}
		if len(g.Points) != len(w.Points) {
			f.add("%s: %d samples, not %d", g.Labels, len(g.Points), len(w.Points))
		}
		for k := range min(len(g.Points), len(w.Points)) {
			if g.Points[k] != w.Points[k] {
				f.add("%s: sample %d is %+v, not %+v", g.Labels, k, g.Points[k], w.Points[k])
				break
			}
		}
	}
	return f
}

// Without takes labels away from all series and sorts them: what a replica's answer is to a merge.
func Without(series []remote.Series, names ...string) []remote.Series {
	var bare []remote.Series
	for _, s := range series {
		kept := labels.NewBuilder(s.Labels).Del(names...).Labels()
		bare = append(bare, remote.Series{Labels: kept, Points: s.Points})
	}
	slices.SortFunc(bare, func(a, b remote.Series) int { return labels.Compare(a.Labels, b.Labels) })
	return bare
}

// Stale says whether the point ends its series.
func Stale(p remote.Point) bool {
	if p.Histogram != "" {
		return staleHistogram(p)
	}
	return value.IsStaleNaN(math.Float64frombits(p.Float))
}
