package scripted

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Self is what a replica says of itself under /api/v1/status.
type Self struct {
	External  map[string]string // external labels
	Version   string            // 2.42.0 where empty
	StartTime string            // RFC 3339
	Config    string            // more of the configuration, as YAML
	Broken    string            // answers 500 to every question, with this
}

func (s Self) yaml() string {
	var b strings.Builder
	b.WriteString("global:\n  scrape_interval: 15s\n  external_labels:\n")
	for name, value := range s.External {
		fmt.Fprintf(&b, "    %s: %q\n", name, value)
	}
	b.WriteString(s.Config)
	return b.String()
}

func (s Self) answer(path string) (status int, kind, body string) {
	version, start := s.Version, s.StartTime
	if version == "" {
		version = "2.42.0"
	}
	if start == "" {
		start = "2026-01-02T03:04:05.678901234Z"
	}
	var data map[string]any
	switch {
	case s.Broken != "":
		return http.StatusInternalServerError, "text/plain", s.Broken + "\n"
	case path == "/api/v1/status/config":
		data = map[string]any{"yaml": s.yaml()}
	case path == "/api/v1/status/buildinfo":
		data = map[string]any{"version": version, "revision": "r", "branch": "HEAD"}
	case path == "/api/v1/status/runtimeinfo":
		data = map[string]any{
			"startTime": start, "lastConfigTime": start, "reloadConfigSuccess": true,
			"storageRetention": "15d",
		}
	default:
		return http.StatusNotFound, "text/plain", "404 page not found\n"
	}
	text, err := json.Marshal(map[string]any{"status": "success", "data": data})
	if err != nil {
		panic(err)
	}
	return http.StatusOK, "application/json", string(text)
}
