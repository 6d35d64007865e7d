package faults

import (
	"fmt"
	"math"

	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"

	"prombraid/test/internal/remote"
	"prombraid/test/internal/scripted"
)

// The truth: three series of 300 samples, the same on every replica.
const (
	from  = int64(1_700_000_000_000)
	step  = int64(15_000)
	count = 300
	to    = from + step*count - 1
)

var instances = []string{"one", "three", "two"}

// truthOf is the truth as a replica of this name sends it.
func truthOf(replica string) []scripted.Series {
	var all []scripted.Series
	for _, instance := range instances {
		all = append(all, scripted.Line(from, step, count,
			"__name__", "lab", "cluster", "lab", "instance", instance, "replica", replica))
	}
	return all
}

// received is a series as an answer has it.
type received struct {
	labels  string
	samples []prompb.Sample
}

func seriesOf(a remote.Answer) ([]received, error) {
	if a.Header.Get("Content-Encoding") == "snappy" {
		return sampledSeries(a)
	}
	return streamedSeries(a)
}

func sampledSeries(a remote.Answer) ([]received, error) {
	response, err := a.Results()
	if err != nil {
		return nil, err
	}
	var all []received
	for _, result := range response.Results {
		for _, s := range result.Timeseries {
			all = append(all, received{labelText(s.Labels), s.Samples})
		}
	}
	return all, nil
}

func streamedSeries(a remote.Answer) ([]received, error) {
	frames, err := a.Frames()
	if err != nil {
		return nil, err
	}
	var all []received
	for _, frame := range frames {
		for _, s := range frame.ChunkedSeries {
			samples, err := decoded(s.Chunks)
			if err != nil {
				return nil, err
			}
			all = append(all, received{labelText(s.Labels), samples})
		}
	}
	return all, nil
}

func decoded(chunks []prompb.Chunk) ([]prompb.Sample, error) {
	var samples []prompb.Sample
	for _, c := range chunks {
		chunk, err := chunkenc.FromData(chunkenc.Encoding(c.Type), c.Data)
		if err != nil {
			return nil, err
		}
		it := chunk.Iterator(nil)
		for it.Next() != chunkenc.ValNone {
			t, v := it.At()
			samples = append(samples, prompb.Sample{Timestamp: t, Value: v})
		}
		if it.Err() != nil {
			return nil, it.Err()
		}
	}
	return samples, nil
}

func labelText(labels []prompb.Label) string {
	var text string
	for _, l := range labels {
		text += fmt.Sprintf("%s=%q ", l.Name, l.Value)
	}
	return text
}

// sameAsTruth gives the first difference, nothing where there is none.
func sameAsTruth(got []received) string {
	if len(got) != len(instances) {
		return fmt.Sprintf("%d series, not %d", len(got), len(instances))
	}
	for i, want := range truthOf("") {
		labels := fmt.Sprintf(`__name__="lab" cluster="lab" instance=%q `, instances[i])
		if got[i].labels != labels {
			return fmt.Sprintf("series %d is %s, not %s", i, got[i].labels, labels)
		}
		if len(got[i].samples) != len(want.Samples) {
			return fmt.Sprintf("%s: %d samples, not %d", labels, len(got[i].samples), len(want.Samples))
		}
		for k, sample := range want.Samples {
			at := got[i].samples[k]
			if at.Timestamp != sample.Timestamp || math.Float64bits(at.Value) != math.Float64bits(sample.Value) {
				return fmt.Sprintf("%s: sample %d is %v, not %v", labels, k, at, sample)
			}
		}
	}
	return ""
}
