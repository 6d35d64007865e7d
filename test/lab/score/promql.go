package score

import (
	"context"
	"log/slog"
	"math"
	"time"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"

	"prombraid/test/internal/remote"
)

// Graph is the answer to a range query: the values of each target by the number of the step, NaN
// where there is none.
type Graph map[string][]float64

// engine is the one that Prometheus has, over series in memory.
var engine = promql.NewEngine(promql.EngineOpts{
	Logger: slog.Default(), MaxSamples: 500_000_000, Timeout: 10 * time.Minute, LookbackDelta: 5 * time.Minute,
	EnableAtModifier: true, Parser: parser.NewParser(parser.Options{}),
})

// Steps says at which times a graph has values, in ms.
type Steps struct{ From, To, Step int64 }

// Count is the number of steps.
func (s Steps) Count() int { return int((s.To-s.From)/s.Step) + 1 }

// At is the time of the i-th step.
func (s Steps) At(i int) int64 { return s.From + int64(i)*s.Step }

// Ask evaluates expr over the series.
func Ask(series []remote.Series, expr string, steps Steps) (Graph, error) {
	ctx := context.Background()
	from, to := time.UnixMilli(steps.From), time.UnixMilli(steps.To)
	query, err := engine.NewRangeQuery(ctx, table{series}, nil, expr, from, to, time.Duration(steps.Step)*time.Millisecond)
	if err != nil {
		return nil, err
	}
	defer query.Close()
	matrix, err := query.Exec(ctx).Matrix()
	if err != nil {
		return nil, err
	}
	graph := Graph{}
	for _, s := range matrix {
		values := blank(steps.Count())
		for _, p := range s.Floats {
			values[(p.T-steps.From)/steps.Step] = p.F
		}
		graph[s.Metric.Get("instance")] = values
	}
	return graph, nil
}

func blank(n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = math.NaN()
	}
	return values
}

// table is a storage.Queryable of series in memory.
type table struct{ series []remote.Series }

func (t table) Querier(int64, int64) (storage.Querier, error) { return t, nil }

func (t table) Select(_ context.Context, _ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	var found []storage.Series
	for _, s := range t.series {
		if matches(s.Labels, matchers) {
			found = append(found, storage.NewListSeries(s.Labels, samplesOf(s.Points)))
		}
	}
	return &seriesSet{found, -1}
}

func (table) LabelValues(context.Context, string, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

func (table) LabelNames(context.Context, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

func (table) Close() error { return nil }

func matches(l labels.Labels, matchers []*labels.Matcher) bool {
	for _, m := range matchers {
		if !m.Matches(l.Get(m.Name)) {
			return false
		}
	}
	return true
}

type seriesSet struct {
	series []storage.Series
	at     int
}

func (s *seriesSet) Next() bool                      { s.at++; return s.at < len(s.series) }
func (s *seriesSet) At() storage.Series              { return s.series[s.at] }
func (*seriesSet) Err() error                        { return nil }
func (*seriesSet) Warnings() annotations.Annotations { return nil }

// sample is a chunks.Sample.
type sample struct {
	t int64
	v float64
	h *histogram.Histogram
}

func (s sample) T() int64                { return s.t }
func (sample) ST() int64                 { return 0 }
func (s sample) F() float64              { return s.v }
func (s sample) H() *histogram.Histogram { return s.h }
func (s sample) Copy() chunks.Sample     { return s }
func (s sample) Type() chunkenc.ValueType {
	if s.h != nil {
		return chunkenc.ValHistogram
	}
	return chunkenc.ValFloat
}

// FH is asked for where a function needs no more than the counts, even of integer histograms.
func (s sample) FH() *histogram.FloatHistogram {
	if s.h == nil {
		return nil
	}
	return s.h.ToFloat(nil)
}

func samplesOf(points []remote.Point) []chunks.Sample {
	samples := make([]chunks.Sample, len(points))
	for i, p := range points {
		samples[i] = sample{t: p.T, v: math.Float64frombits(p.Float), h: histogramOf(p)}
	}
	return samples
}

// histogramOf is nil for a float.
func histogramOf(p remote.Point) *histogram.Histogram {
	if p.Histogram == "" {
		return nil
	}
	var whole prompb.Histogram
	if err := whole.Unmarshal([]byte(p.Histogram)); err != nil {
		panic(err)
	}
	whole.ResetHint = p.Reset
	return whole.ToIntHistogram()
}
