package prom

import (
	"encoding/json"
	"net/http"
	"os"
)

// RemoteRead is one endpoint that a server reads from.
type RemoteRead struct {
	URL                  string `json:"url"`
	ReadRecent           bool   `json:"read_recent"`
	FilterExternalLabels bool   `json:"filter_external_labels"`
	Timeout              string `json:"remote_timeout,omitempty"`
	// Keys of http_client_config beside the others.
	BasicAuth     map[string]any `json:"basic_auth,omitempty"`
	Authorization map[string]any `json:"authorization,omitempty"`
	OAuth2        map[string]any `json:"oauth2,omitempty"`
	TLSConfig     map[string]any `json:"tls_config,omitempty"`
}

// Web is the server's own TLS and logins, and how this test gets past them.
type Web struct {
	File   string // --web.config.file
	HTTPS  bool
	Client *http.Client
}

// Scrape is one job with fixed targets.
type Scrape struct {
	Job      string
	Interval string
	Targets  []string
}

// Config is what a test says of a server.
type Config struct {
	Version        Version
	Name           string // in logs and tables
	Host           string // the address it listens on; the port is always Port
	Dir            string // holds its configuration and data; empty at first or with blocks in data/
	ExternalLabels map[string]string
	RemoteRead     []RemoteRead
	Scrapes        []Scrape
	Rules          []string // absolute paths of files of rules, evaluated every second
	XOR2           bool     // 3.x: write float chunks in the newer encoding
	Flags          []string
	Web            *Web
	Text           string // its configuration file as it stands, in place of one made of the above
	Pages          string // what scripts/prometheus-ui prints, for a server with its web pages
}

// writeFile writes the configuration as JSON, which YAML contains.
func (c Config) writeFile(path string) error {
	if c.Text != "" {
		return os.WriteFile(path, []byte(c.Text), 0o644)
	}
	global := map[string]any{"scrape_interval": "15s"}
	if len(c.ExternalLabels) > 0 {
		global["external_labels"] = c.ExternalLabels
	}
	root := map[string]any{"global": global}
	if len(c.Rules) > 0 {
		global["evaluation_interval"] = "1s"
		root["rule_files"] = c.Rules
	}
	if len(c.RemoteRead) > 0 {
		root["remote_read"] = c.RemoteRead
	}
	var jobs []any
	for _, s := range c.Scrapes {
		jobs = append(jobs, map[string]any{
			"job_name": s.Job, "scrape_interval": s.Interval, "scrape_timeout": s.Interval,
			"static_configs": []any{map[string]any{"targets": s.Targets}},
		})
	}
	if jobs != nil {
		root["scrape_configs"] = jobs
	}
	if c.XOR2 {
		encoding := map[string]any{"chunk_encoding": map[string]any{"floats": "xor2"}}
		root["storage"] = map[string]any{"tsdb": encoding}
	}
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}
