package main

import (
	"math"
	"sort"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// laneIterator goes over one lane, forwards only, as over chunks.
type laneIterator struct {
	lane Lane
	at   int
}

func (l *laneIterator) kind() chunkenc.ValueType {
	if l.at >= len(l.lane.Times) {
		return chunkenc.ValNone
	}
	if len(l.lane.Histograms[l.at]) > 0 {
		return chunkenc.ValHistogram
	}
	return chunkenc.ValFloat
}

func (l *laneIterator) Next() chunkenc.ValueType {
	l.at = min(l.at+1, len(l.lane.Times))
	return l.kind()
}

func (l *laneIterator) Seek(t int64) chunkenc.ValueType {
	from := max(l.at, 0)
	rest := l.lane.Times[from:]
	l.at = from + sort.Search(len(rest), func(i int) bool { return rest[i] >= t })
	return l.kind()
}

func (l *laneIterator) At() (int64, float64) {
	return l.AtT(), math.Float64frombits(l.lane.Floats[l.at])
}

func (l *laneIterator) AtHistogram(*histogram.Histogram) (int64, *histogram.Histogram) {
	var whole prompb.Histogram
	if err := whole.Unmarshal(l.lane.Histograms[l.at]); err != nil {
		panic(err)
	}
	return l.AtT(), whole.ToIntHistogram()
}

func (l *laneIterator) AtFloatHistogram(*histogram.FloatHistogram) (int64, *histogram.FloatHistogram) {
	t, h := l.AtHistogram(nil)
	return t, h.ToFloat(nil)
}

func (l *laneIterator) AtT() int64 { return l.lane.Times[l.at] }

func (*laneIterator) Err() error { return nil }
