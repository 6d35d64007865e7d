package remote

import (
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/promql/parser"
)

// Query builds the query that Prometheus would send for a selector over a range in ms.
func Query(selector string, from, to int64) *prompb.Query {
	return HintedQuery(selector, from, to, "")
}

// HintedQuery names the function around the selector too.
func HintedQuery(selector string, from, to int64, function string) *prompb.Query {
	matchers, err := parser.NewParser(parser.Options{}).ParseMetricSelector(selector)
	if err != nil {
		panic(err)
	}
	query := &prompb.Query{
		StartTimestampMs: from,
		EndTimestampMs:   to,
		Hints:            &prompb.ReadHints{StartMs: from, EndMs: to, Func: function},
	}
	for _, m := range matchers {
		query.Matchers = append(query.Matchers, &prompb.LabelMatcher{
			Type: matchType[m.Type], Name: m.Name, Value: m.Value,
		})
	}
	return query
}

var matchType = map[labels.MatchType]prompb.LabelMatcher_Type{
	labels.MatchEqual:     prompb.LabelMatcher_EQ,
	labels.MatchNotEqual:  prompb.LabelMatcher_NEQ,
	labels.MatchRegexp:    prompb.LabelMatcher_RE,
	labels.MatchNotRegexp: prompb.LabelMatcher_NRE,
}
