package main

import (
	"math"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/util/annotations"
	"github.com/thanos-io/thanos/pkg/compact/downsample"
	"github.com/thanos-io/thanos/pkg/dedup"
)

// merge keeps the lanes of a replica apart, which is kinder than Thanos Query: that packs the
// replicas' chunks into as few lanes as it can (pkg/dedup/iter.go, NewOverlapSplit).
func merge(lanes []Lane, function string) ([]Lane, error) {
	set := dedup.NewSeriesSet(&laneSet{lanes: lanes, at: -1, counter: isCounter(function)}, function, dedup.AlgorithmPenalty)
	var merged []Lane
	for set.Next() {
		lane, err := collect(set.At())
		if err != nil {
			return nil, err
		}
		merged = append(merged, lane)
	}
	return merged, set.Err()
}

// isCounter is as in Thanos (pkg/query/iter.go): these functions get each lane without its resets.
func isCounter(function string) bool {
	return function == "increase" || function == "rate" || function == "irate" || function == "resets"
}

// laneSet is the lanes as a storage.SeriesSet.
type laneSet struct {
	lanes   []Lane
	at      int
	counter bool
}

func (s *laneSet) Next() bool                      { s.at++; return s.at < len(s.lanes) }
func (s *laneSet) At() storage.Series              { return series{s.lanes[s.at], s.counter} }
func (*laneSet) Err() error                        { return nil }
func (*laneSet) Warnings() annotations.Annotations { return nil }

type series struct {
	lane    Lane
	counter bool
}

func (s series) Labels() labels.Labels { return labels.FromStrings(s.lane.Labels...) }

func (s series) Iterator(chunkenc.Iterator) chunkenc.Iterator {
	it := &laneIterator{lane: s.lane, at: -1}
	if s.counter {
		return downsample.NewApplyCounterResetsIterator(it)
	}
	return it
}

func collect(s storage.Series) (Lane, error) {
	var out Lane
	s.Labels().Range(func(l labels.Label) { out.Labels = append(out.Labels, l.Name, l.Value) })
	it := s.Iterator(nil)
	for kind := it.Next(); kind != chunkenc.ValNone; kind = it.Next() {
		var t int64
		var v float64
		var h *histogram.Histogram
		var bytes []byte
		if kind == chunkenc.ValHistogram {
			t, h = it.AtHistogram(nil)
			whole := prompb.FromIntHistogram(0, h)
			var err error
			if bytes, err = whole.Marshal(); err != nil {
				return out, err
			}
		} else {
			t, v = it.At()
		}
		out.Times = append(out.Times, t)
		out.Floats = append(out.Floats, math.Float64bits(v))
		out.Histograms = append(out.Histograms, bytes)
	}
	return out, it.Err()
}
