package remote

import (
	"math"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// Series takes an answer of floats apart, whichever form it has. A series of a streamed answer is one
// frame.
func (a Answer) Series() ([]Series, error) {
	if a.Header.Get("Content-Encoding") == "snappy" {
		return a.sampled()
	}
	frames, err := a.Frames()
	if err != nil {
		return nil, err
	}
	var all []Series
	for _, frame := range frames {
		for _, s := range frame.ChunkedSeries {
			points, err := chunkPoints(s.Chunks)
			if err != nil {
				return nil, err
			}
			all = append(all, Series{labelsOf(s.Labels), points})
		}
	}
	return all, nil
}

func (a Answer) sampled() ([]Series, error) {
	response, err := a.Results()
	if err != nil {
		return nil, err
	}
	var all []Series
	for _, result := range response.Results {
		for _, s := range result.Timeseries {
			points := make([]Point, 0, len(s.Samples))
			for _, sample := range s.Samples {
				points = append(points, Point{T: sample.Timestamp, Float: math.Float64bits(sample.Value)})
			}
			all = append(all, Series{labelsOf(s.Labels), points})
		}
	}
	return all, nil
}

func chunkPoints(chunks []prompb.Chunk) ([]Point, error) {
	var all []Point
	for _, c := range chunks {
		chunk, err := chunkenc.FromData(chunkenc.Encoding(c.Type), c.Data)
		if err != nil {
			return nil, err
		}
		points, err := pointsOf(chunk.Iterator(nil))
		if err != nil {
			return nil, err
		}
		all = append(all, points...)
	}
	return all, nil
}

func labelsOf(pairs []prompb.Label) labels.Labels {
	var b labels.ScratchBuilder
	for _, pair := range pairs {
		b.Add(pair.Name, pair.Value)
	}
	return b.Labels()
}
