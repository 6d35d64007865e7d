package contender

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"os"
	"os/exec"

	"github.com/prometheus/prometheus/model/labels"

	"prombraid/test/internal/remote"
)

// lane is what the program in lab/thanos reads and writes.
type lane struct {
	Labels     []string
	Times      []int64
	Floats     []uint64
	Histograms [][]byte
}

// Thanos merges as Thanos Query does for a selector inside of the PromQL function, which may be empty.
// The program is lab/thanos, built.
func Thanos(program, function string, replicas [][]remote.Series) ([]remote.Series, error) {
	var in, out bytes.Buffer
	if err := gob.NewEncoder(&in).Encode(lanesOf(replicas)); err != nil {
		return nil, err
	}
	cmd := exec.Command(program, function)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &in, &out, os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w", program, err)
	}
	var merged []lane
	if err := gob.NewDecoder(&out).Decode(&merged); err != nil {
		return nil, err
	}
	var series []remote.Series
	for _, l := range merged {
		series = append(series, l.series())
	}
	return series, nil
}

// lanesOf brings the lanes of equal labels together, in the order of the replicas.
func lanesOf(replicas [][]remote.Series) []lane {
	var lanes []lane
	for _, name := range Union(replicas) {
		for _, replica := range replicas {
			for _, s := range replica {
				if labels.Equal(s.Labels, name.Labels) {
					lanes = append(lanes, laneOf(s))
				}
			}
		}
	}
	return lanes
}

func laneOf(s remote.Series) lane {
	var l lane
	s.Labels.Range(func(pair labels.Label) { l.Labels = append(l.Labels, pair.Name, pair.Value) })
	for _, p := range s.Points {
		l.Times = append(l.Times, p.T)
		l.Floats = append(l.Floats, p.Float)
		l.Histograms = append(l.Histograms, []byte(p.Histogram))
	}
	return l
}

func (l lane) series() remote.Series {
	s := remote.Series{Labels: labels.FromStrings(l.Labels...)}
	for i, t := range l.Times {
		p := remote.Point{T: t, Histogram: string(l.Histograms[i])}
		if p.Histogram == "" {
			p.Float = l.Floats[i]
		}
		s.Points = append(s.Points, p)
	}
	return s
}
