// Package differential compares Prombraid's decoders with Prometheus's own, on the corpora of the
// fuzz targets and on what chance makes of them.
package differential

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/storage/remote"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// theirs says what Prometheus makes of the bytes, in the words of decoders.cc. It panics on some
// chunks that end too early, which is no way to take them.
func theirs(kind byte, input []byte) (text string, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("panic: %v", panicked)
		}
	}()
	switch kind {
	case 'f':
		return frames(input)
	case 'm':
		return message(input)
	}
	return samples(input)
}

func frames(input []byte) (string, error) {
	var out strings.Builder
	reader := remote.NewChunkedReader(bytes.NewReader(input), 1<<16, nil)
	for {
		frame, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return out.String(), nil
		}
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&out, "%d:%s\n", len(frame), frame)
	}
}

func message(input []byte) (string, error) {
	m := &prompb.ChunkedReadResponse{}
	if err := m.Unmarshal(input); err != nil {
		return "", err
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%d\n", m.QueryIndex)
	for _, series := range m.ChunkedSeries {
		labels := slices.DeleteFunc(series.Labels, func(l prompb.Label) bool { return l.Value == "" && l.Name != "" })
		slices.SortStableFunc(labels, func(a, b prompb.Label) int { return strings.Compare(a.Name, b.Name) })
		for _, l := range labels {
			fmt.Fprintf(&out, "%d:%s %d:%s\n", len(l.Name), l.Name, len(l.Value), l.Value)
		}
		for _, c := range series.Chunks {
			// A number that is no encoding is any other.
			kind := min(uint32(c.Type), 255)
			fmt.Fprintf(&out, "%d %d %d %d:%s\n", c.MinTimeMs, c.MaxTimeMs, kind, len(c.Data), c.Data)
		}
	}
	return out.String(), nil
}

func samples(input []byte) (string, error) {
	if len(input) < 3 {
		return "", errors.New("no head")
	}
	// A chunk that names no encoding is taken for the only one that there once was.
	chunk, err := chunkenc.FromData(chunkenc.Encoding(max(input[0], 1)), input[1:])
	if err != nil {
		return "", err
	}
	var out strings.Builder
	it := chunk.Iterator(nil)
	for kind := it.Next(); kind != chunkenc.ValNone; kind = it.Next() {
		switch kind {
		case chunkenc.ValFloat:
			t, v := it.At()
			fmt.Fprintf(&out, "%d %d\n", t, math.Float64bits(v))
		case chunkenc.ValHistogram:
			t, h := it.AtHistogram(nil)
			writeHistogram(&out, t, prompb.FromIntHistogram(t, h))
		case chunkenc.ValFloatHistogram:
			t, h := it.AtFloatHistogram(nil)
			writeHistogram(&out, t, prompb.FromFloatHistogram(t, h))
		}
	}
	return out.String(), it.Err()
}

func writeHistogram(out *strings.Builder, t int64, h prompb.Histogram) {
	fmt.Fprintf(out, "%d %d", t, math.Float64bits(h.Sum))
	if math.Float64bits(h.Sum) != 0x7ff0000000000002 { // stale: nothing else means anything
		count, zeros := h.GetCountInt(), h.GetZeroCountInt()
		if h.IsFloatHistogram() {
			count, zeros = math.Float64bits(h.GetCountFloat()), math.Float64bits(h.GetZeroCountFloat())
		}
		fmt.Fprintf(out, " %d %d %d %d", h.Schema, math.Float64bits(h.ZeroThreshold), count, zeros)
		writeSpans(out, h.PositiveSpans)
		writeSpans(out, h.NegativeSpans)
		writeList(out, h.PositiveDeltas)
		writeList(out, h.NegativeDeltas)
		writeList(out, bits(h.PositiveCounts))
		writeList(out, bits(h.NegativeCounts))
		writeList(out, bits(h.CustomValues))
	}
	out.WriteByte('\n')
}

func writeSpans(out *strings.Builder, spans []prompb.BucketSpan) {
	out.WriteString(" [")
	for _, span := range spans {
		fmt.Fprintf(out, " %d %d", span.Offset, span.Length)
	}
	out.WriteString(" ]")
}

func writeList[N int64 | uint64](out *strings.Builder, values []N) {
	out.WriteString(" [")
	for _, v := range values {
		fmt.Fprintf(out, " %d", v)
	}
	out.WriteString(" ]")
}

func bits(values []float64) []uint64 {
	out := make([]uint64, len(values))
	for i, v := range values {
		out[i] = math.Float64bits(v)
	}
	return out
}
