package prom

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
)

const queryLimit = 2 * time.Minute

// Graph asks for a range query as Grafana does.
func (s *Server) Graph(expr string, start, end time.Time, step time.Duration) (model.Matrix, v1.Warnings, error) {
	ctx, cancel := context.WithTimeout(context.Background(), queryLimit)
	defer cancel()
	asked, err := s.api()
	if err != nil {
		return nil, nil, err
	}
	value, warnings, _, err := asked.QueryRange(ctx, expr, v1.Range{Start: start, End: end, Step: step})
	if err != nil {
		return nil, warnings, err
	}
	return value.(model.Matrix), warnings, nil
}

// Instant asks for the value of expr at one time.
func (s *Server) Instant(expr string, at time.Time) (model.Value, v1.Warnings, error) {
	ctx, cancel := context.WithTimeout(context.Background(), queryLimit)
	defer cancel()
	asked, err := s.api()
	if err != nil {
		return nil, nil, err
	}
	value, warnings, _, err := asked.Query(ctx, expr, at)
	return value, warnings, err
}

// Series asks which series match.
func (s *Server) Series(match string, start, end time.Time) ([]model.LabelSet, v1.Warnings, error) {
	ctx, cancel := context.WithTimeout(context.Background(), queryLimit)
	defer cancel()
	asked, err := s.api()
	if err != nil {
		return nil, nil, err
	}
	series, warnings, _, err := asked.Series(ctx, []string{match}, start, end)
	return series, warnings, err
}

func (s *Server) api() (v1.API, error) {
	config := api.Config{Address: s.URL()}
	if s.Web != nil {
		config.Client = s.Web.Client
	}
	client, err := api.NewClient(config)
	if err != nil {
		return nil, err
	}
	return v1.NewAPI(client), nil
}
