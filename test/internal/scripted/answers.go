package scripted

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"strings"

	"github.com/golang/snappy"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// Series is what a replica sends: labels as name, value, name, value, in the order given.
type Series struct {
	Labels  []string
	Samples []prompb.Sample
}

// Line is a series with a sample each step ms from a time on, whose values are the times' seconds.
func Line(from, step int64, count int, labels ...string) Series {
	s := Series{Labels: labels}
	for i := range count {
		t := from + int64(i)*step
		s.Samples = append(s.Samples, prompb.Sample{Timestamp: t, Value: float64(t) / 1000})
	}
	return s
}

func (s Series) labels() []prompb.Label {
	var out []prompb.Label
	for i := 0; i+1 < len(s.Labels); i += 2 {
		out = append(out, prompb.Label{Name: s.Labels[i], Value: s.Labels[i+1]})
	}
	return out
}

// Chunks encodes the samples as a Prometheus stores them, 120 a chunk.
func (s Series) Chunks() []prompb.Chunk {
	var out []prompb.Chunk
	for samples := s.Samples; len(samples) > 0; {
		n := min(120, len(samples))
		chunk := chunkenc.NewXORChunk()
		app, err := chunk.Appender()
		if err != nil {
			panic(err)
		}
		for _, sample := range samples[:n] {
			app.Append(0, sample.Timestamp, sample.Value)
		}
		out = append(out, prompb.Chunk{
			MinTimeMs: samples[0].Timestamp, MaxTimeMs: samples[n-1].Timestamp,
			Type: prompb.Chunk_XOR, Data: chunk.Bytes(),
		})
		samples = samples[n:]
	}
	return out
}

// Message is the series as one ChunkedReadResponse, before it is framed.
func (s Series) Message(query int64) *prompb.ChunkedReadResponse {
	return &prompb.ChunkedReadResponse{
		QueryIndex:    query,
		ChunkedSeries: []*prompb.ChunkedSeries{{Labels: s.labels(), Chunks: s.Chunks()}},
	}
}

// Frame is the series as one frame of query 0.
func (s Series) Frame() string { return FrameOf(s.Message(0)) }

// FrameOf frames a message.
func FrameOf(m *prompb.ChunkedReadResponse) string {
	bytes, err := m.Marshal()
	if err != nil {
		panic(err)
	}
	return RawFrame(uint64(len(bytes)), crc32.Checksum(bytes, crc32.MakeTable(crc32.Castagnoli)), string(bytes))
}

// RawFrame is a frame whose head may lie.
func RawFrame(length uint64, sum uint32, bytes string) string {
	head := binary.AppendUvarint(nil, length)
	head = binary.BigEndian.AppendUint32(head, sum)
	return string(head) + bytes
}

// Frames are the frames of all series, one after the other.
func Frames(all ...Series) string {
	var b strings.Builder
	for _, s := range all {
		b.WriteString(s.Frame())
	}
	return b.String()
}

// Streamed answers as Prometheus does to a client that takes streams.
func Streamed(all ...Series) Script { return StreamedBytes(Frames(all...)) }

// StreamedBytes is a streamed answer of any bytes, ended well.
func StreamedBytes(bytes string) Script {
	return func(x *Exchange) {
		x.Head(StreamedType)
		if bytes != "" {
			x.Chunk(bytes)
		}
		x.End()
	}
}

// Block encodes the series as a SAMPLES answer to one query.
func Block(all ...Series) string {
	result := &prompb.QueryResult{}
	for _, s := range all {
		result.Timeseries = append(result.Timeseries, &prompb.TimeSeries{Labels: s.labels(), Samples: s.Samples})
	}
	bytes, err := (&prompb.ReadResponse{Results: []*prompb.QueryResult{result}}).Marshal()
	if err != nil {
		panic(err)
	}
	return string(snappy.Encode(nil, bytes))
}

// Sampled answers with SAMPLES whatever was asked.
func Sampled(all ...Series) Script { return SampledBytes(Block(all...)) }

// SampledBytes is a SAMPLES answer of any bytes.
func SampledBytes(bytes string) Script {
	return func(x *Exchange) {
		x.Head(SamplesType, "Content-Encoding: snappy")
		x.Chunk(bytes)
		x.End()
	}
}

// Status answers with a status and a text, as Go's http.Error does.
func Status(code int, text string) Script {
	return func(x *Exchange) { x.Reply(code, "text/plain; charset=utf-8", text+"\n") }
}

// StaleBits marks the end of a series.
var StaleBits = math.Float64frombits(0x7ff0000000000002)
