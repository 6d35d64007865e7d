package e2e

import (
	"fmt"
	"testing"

	"prombraid/test/internal/prom"
)

// TestExternalLabelsOfTheUpstream has an upstream with external labels of its own, which it adds as
// matchers to what it asks, or does not.
func TestExternalLabelsOfTheUpstream(t *testing.T) {
	for _, c := range []struct {
		title    string
		external map[string]string
		flags    []string
	}{
		{"the replicas' cluster", map[string]string{"cluster": "lab"}, nil},
		{"a replica label that no replica has", map[string]string{"cluster": "lab", "replica": "upstream"}, nil},
		{"a label that the proxy is told to ignore", map[string]string{"place": "here"}, []string{"--read.ignore-matchers-on=place"}},
	} {
		for _, version := range []prom.Version{debian, current()} {
			for _, filter := range []bool{true, false} {
				t.Run(fmt.Sprintf("%s, %s, filter %t", c.title, version.Name, filter), func(t *testing.T) {
					s := newSite(t)
					r0 := s.replica(0, debian, r0Labels, morningBlock(0))
					r1 := s.replica(1, debian, r1Labels, morningBlock(1))
					p := s.prombraid([]string{r0.Address(), r1.Address()}, c.flags...)
					up := s.upstream(version, p, c.external, filter)
					if got := graph(t, up, "lab_temperature"); len(got) != 4 {
						t.Errorf("%d series, not 4", len(got))
					}
				})
			}
		}
	}
}
