package score

import (
	"math"
	"strconv"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"

	"prombraid/test/internal/oracle"
	"prombraid/test/internal/remote"
	"prombraid/test/lab/field"
	"prombraid/test/lab/truth"
)

// Samples says what is wrong with the samples themselves.
type Samples struct {
	FalseResets int // a counter or native histogram falls, or says so, and its target did not restart
	Close       int // pairs nearer than half an interval where that closes no hole
	Vectors     int // of classic histograms
	Torn        int // of these, not all buckets there, or not rising
}

// slack is how far a timestamp can be from the time of the read value: 2 s for a slow target, and half a
// second for a skewed clock.
const slack = 2600

func samplesScore(w *field.World, answer []remote.Series) Samples {
	targets := map[string]truth.Target{}
	for _, t := range w.Targets {
		targets[t.Instance] = t
	}
	var out Samples
	vectors := map[string]map[int64]vector{}
	for _, s := range answer {
		target := targets[s.Labels.Get("instance")]
		out.Close += closePairs(s.Points, w.Interval)
		switch s.Labels.Get(labels.MetricName) {
		case truth.Counter:
			out.FalseResets += falseFalls(s.Points, target)
		case truth.Native:
			out.FalseResets += falseHints(s.Points, target)
		case truth.Buckets:
			out.FalseResets += falseFalls(s.Points, target)
			if vectors[target.Instance] == nil {
				vectors[target.Instance] = map[int64]vector{}
			}
			addBucket(vectors[target.Instance], s)
		}
	}
	for _, byTime := range vectors {
		for _, v := range byTime {
			out.Vectors++
			if !v.whole() {
				out.Torn++
			}
		}
	}
	return out
}

// closePairs counts samples less than half an interval apart, where dropping the later one would not
// open a hole.
func closePairs(points []remote.Point, interval int64) int {
	n := 0
	for i := 1; i < len(points); i++ {
		if points[i].T-points[i-1].T >= interval/2 || oracle.Stale(points[i]) || oracle.Stale(points[i-1]) {
			continue
		}
		hole := i+1 == len(points) || oracle.Stale(points[i+1]) || points[i+1].T-points[i-1].T > interval*3/2
		if !hole {
			n++
		}
	}
	return n
}

func falseFalls(points []remote.Point, target truth.Target) int {
	n, last := 0, remote.Point{}
	for _, p := range points {
		if oracle.Stale(p) {
			continue
		}
		fell := math.Float64frombits(p.Float) < math.Float64frombits(last.Float)
		if last.T != 0 && fell && !target.Fell(last.T-slack, p.T+slack) {
			n++
		}
		last = p
	}
	return n
}

// falseHints counts histograms that fall, or say that they were reset, without a restart; and those that
// deny a fall.
func falseHints(points []remote.Point, target truth.Target) int {
	n := 0
	var last *histogram.Histogram
	var lastT int64
	for _, p := range points {
		if oracle.Stale(p) {
			continue
		}
		h := histogramOf(p)
		if last != nil && !target.Fell(lastT-slack, p.T+slack) {
			if h.Count < last.Count || h.CounterResetHint == histogram.CounterReset {
				n++
			}
		} else if last != nil && h.Count < last.Count && h.CounterResetHint == histogram.NotCounterReset {
			n++
		}
		last, lastT = h, p.T
	}
	return n
}

// vector is one scrape of a classic histogram, by the order of its bounds.
type vector map[float64]float64

func addBucket(byTime map[int64]vector, s remote.Series) {
	bound, err := strconv.ParseFloat(s.Labels.Get("le"), 64)
	if err != nil {
		panic(err)
	}
	for _, p := range s.Points {
		if oracle.Stale(p) {
			continue
		}
		if byTime[p.T] == nil {
			byTime[p.T] = vector{}
		}
		byTime[p.T][bound] = math.Float64frombits(p.Float)
	}
}

func (v vector) whole() bool {
	if len(v) != truth.Bounds {
		return false
	}
	for bound, count := range v {
		for other, more := range v {
			if bound < other && count > more {
				return false
			}
		}
	}
	return true
}
