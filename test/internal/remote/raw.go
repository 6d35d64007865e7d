package remote

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/gogo/protobuf/proto"
	"github.com/golang/snappy"
	"github.com/prometheus/prometheus/prompb"
	prom_remote "github.com/prometheus/prometheus/storage/remote"
)

// Answer is a whole HTTP answer.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Post sends a body as it is, with no header that the client library doesn't add by itself.
func Post(url string, body []byte) (Answer, error) { return PostWithin(readLimit, url, body) }

// PostWithin is Post with a time limit of the caller's.
func PostWithin(limit time.Duration, url string, body []byte) (Answer, error) {
	return PostWith(nil, limit, url, body)
}

// PostWith is PostWithin with headers.
func PostWith(header http.Header, limit time.Duration, url string, body []byte) (Answer, error) {
	client := http.Client{Timeout: limit}
	request, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return Answer{}, err
	}
	for name, values := range header {
		request.Header[name] = values
	}
	response, err := client.Do(request)
	if err != nil {
		return Answer{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return Answer{response.StatusCode, response.Header, text}, err
}

// Body encodes a request.
func Body(request *prompb.ReadRequest) []byte {
	plain, err := proto.Marshal(request)
	if err != nil {
		panic(err)
	}
	return snappy.Encode(nil, plain)
}

// Frames takes a streamed answer apart.
func (a Answer) Frames() ([]*prompb.ChunkedReadResponse, error) {
	var frames []*prompb.ChunkedReadResponse
	reader := prom_remote.NewChunkedReader(bytes.NewReader(a.Body), frameLimit, nil)
	for {
		frame := &prompb.ChunkedReadResponse{}
		err := reader.NextProto(frame)
		if errors.Is(err, io.EOF) {
			return frames, nil
		}
		if err != nil {
			return frames, err
		}
		frames = append(frames, frame)
	}
}

// Results takes a SAMPLES answer apart.
func (a Answer) Results() (*prompb.ReadResponse, error) {
	plain, err := snappy.Decode(nil, a.Body)
	if err != nil {
		return nil, err
	}
	response := &prompb.ReadResponse{}
	return response, proto.Unmarshal(plain, response)
}
