package world

import (
	"context"
	"iter"
	"log/slog"
	"os"
	"slices"

	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// wholeRange makes one block of any data: Prometheus serves a block of any length.
const wholeRange = int64(10 * 365 * 24 * 3600 * 1000)

// WriteBlock writes the series as one TSDB block under dir, with floats in the given encoding
// (chunkenc.EncXOR, which every Prometheus reads, or chunkenc.EncXOR2).
func WriteBlock(dir string, floats chunkenc.Encoding, series []Series) error {
	return WriteBlockOf(dir, floats, slices.Values(series))
}

// WriteBlockOf is WriteBlock for more series than should be held as samples.
func WriteBlockOf(dir string, floats chunkenc.Encoding, series iter.Seq[Series]) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "head")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	head, err := newHead(scratch, floats)
	if err != nil {
		return err
	}
	defer head.Close()
	for s := range series {
		if err := appendSeries(head, s); err != nil {
			return err
		}
	}
	quiet := slog.New(slog.DiscardHandler)
	compactor, err := tsdb.NewLeveledCompactor(context.Background(), nil, quiet, []int64{wholeRange}, chunkenc.NewPool(), nil)
	if err != nil {
		return err
	}
	_, err = compactor.Write(dir, head, head.MinTime(), head.MaxTime()+1, nil)
	return err
}

func newHead(dir string, floats chunkenc.Encoding) (*tsdb.Head, error) {
	options := tsdb.DefaultHeadOptions()
	options.ChunkRange = wholeRange
	options.ChunkDirRoot = dir
	options.FloatChunkEncoding.Store(uint32(floats))
	head, err := tsdb.NewHead(nil, slog.New(slog.DiscardHandler), nil, nil, options, tsdb.NewHeadStats())
	if err != nil {
		return nil, err
	}
	return head, head.Init(minTime)
}

const minTime = -1 << 63

// appendSeries commits in parts, and wherever floats and histograms change places, as the head wants.
func appendSeries(head *tsdb.Head, s Series) error {
	const most = 10000
	app := head.Appender(context.Background())
	var ref storage.SeriesRef
	for i, sample := range s.Samples {
		if i > 0 && (i%most == 0 || sample.kind() != s.Samples[i-1].kind()) {
			if err := app.Commit(); err != nil {
				return err
			}
			app = head.Appender(context.Background())
		}
		var err error
		if sample.kind() == chunkenc.ValFloat {
			ref, err = app.Append(ref, s.Labels, sample.T, sample.V)
		} else {
			ref, err = app.AppendHistogram(ref, s.Labels, sample.T, sample.H, sample.FH)
		}
		if err != nil {
			return err
		}
	}
	return app.Commit()
}

func (s Sample) kind() chunkenc.ValueType {
	switch {
	case s.H != nil:
		return chunkenc.ValHistogram
	case s.FH != nil:
		return chunkenc.ValFloatHistogram
	}
	return chunkenc.ValFloat
}
