// Package remote reads over remote_read with Prometheus's own client, and in whole for a test to compare.
package remote

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"time"

	config_util "github.com/prometheus/common/config"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/storage"
	prom_remote "github.com/prometheus/prometheus/storage/remote"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// Mode is the response type that a client asks for.
type Mode = prompb.ReadRequest_ResponseType

// The two modes.
const (
	Streamed = prompb.ReadRequest_STREAMED_XOR_CHUNKS
	Samples  = prompb.ReadRequest_SAMPLES
)

// Point is one sample, bit for bit. Histogram is the sample's protobuf without its time and reset
// hint, empty for floats, and then Float holds the value's bits.
type Point struct {
	T         int64
	Float     uint64
	Histogram string
	Reset     prompb.Histogram_ResetHint
}

// Series is one series as it was received.
type Series struct {
	Labels labels.Labels
	Points []Point
}

const (
	readLimit  = 2 * time.Minute
	frameLimit = 50_000_000 // what a Prometheus client accepts
)

// Read asks url for all queries in one request and gives the series in the order received.
func Read(url string, mode Mode, queries ...*prompb.Query) ([]Series, error) {
	return ReadAs(config_util.HTTPClientConfig{}, url, mode, queries...)
}

// ReadAs is Read with TLS and credentials.
func ReadAs(who config_util.HTTPClientConfig, url string, mode Mode, queries ...*prompb.Query) ([]Series, error) {
	client, err := newClient(who, url, mode)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), readLimit)
	defer cancel()
	set, err := client.ReadMultiple(ctx, queries, false)
	if err != nil {
		return nil, err
	}
	return collect(set)
}

// Drain reads and forgets, counting samples: what a client that only wants the data costs.
func Drain(url string, mode Mode, query *prompb.Query) (samples int, err error) {
	client, err := newClient(config_util.HTTPClientConfig{}, url, mode)
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), readLimit)
	defer cancel()
	set, err := client.Read(ctx, query, false)
	if err != nil {
		return 0, err
	}
	var it chunkenc.Iterator
	for set.Next() {
		it = set.At().Iterator(it)
		for it.Next() != chunkenc.ValNone {
			samples++
		}
		if it.Err() != nil {
			return samples, it.Err()
		}
	}
	return samples, set.Err()
}

func newClient(who config_util.HTTPClientConfig, address string, mode Mode) (prom_remote.ReadClient, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	return prom_remote.NewReadClient("test", &prom_remote.ClientConfig{
		URL:                   &config_util.URL{URL: parsed},
		Timeout:               model.Duration(readLimit),
		HTTPClientConfig:      who,
		ChunkedReadLimit:      frameLimit,
		AcceptedResponseTypes: []prompb.ReadRequest_ResponseType{mode},
	})
}

func collect(set storage.SeriesSet) ([]Series, error) {
	var all []Series
	for set.Next() {
		at := set.At()
		points, err := pointsOf(at.Iterator(nil))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", at.Labels(), err)
		}
		all = append(all, Series{Labels: at.Labels().Copy(), Points: points})
	}
	return all, set.Err()
}

func pointsOf(it chunkenc.Iterator) ([]Point, error) {
	var points []Point
	for kind := it.Next(); kind != chunkenc.ValNone; kind = it.Next() {
		var point Point
		var whole prompb.Histogram
		switch kind {
		case chunkenc.ValFloat:
			t, v := it.At()
			points = append(points, Point{T: t, Float: math.Float64bits(v)})
			continue
		case chunkenc.ValHistogram:
			t, h := it.AtHistogram(nil)
			point.T, whole = t, prompb.FromIntHistogram(0, h)
		case chunkenc.ValFloatHistogram:
			t, h := it.AtFloatHistogram(nil)
			point.T, whole = t, prompb.FromFloatHistogram(0, h)
		}
		point.Reset = whole.ResetHint
		whole.ResetHint = prompb.Histogram_UNKNOWN
		bytes, err := whole.Marshal()
		if err != nil {
			return nil, err
		}
		point.Histogram = string(bytes)
		points = append(points, point)
	}
	return points, it.Err()
}
