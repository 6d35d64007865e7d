package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"prombraid/test/internal/dns"
	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
)

// composition is what docker/compose.yaml says, as far as real processes can follow it.
type composition struct {
	Services map[string]struct{ Command []string }
	Configs  map[string]struct{ Content string }
}

func readComposition(t *testing.T) composition {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	text, err := os.ReadFile(filepath.Join(filepath.Dir(here), "../../docker/compose.yaml"))
	must(t, err)
	var read composition
	must(t, yaml.Unmarshal(text, &read))
	return read
}

// TestComposition runs all of docker/compose.yaml but Grafana without Docker, with its own files and
// flags: containers' names are addresses here, and `replicas` a name of the test's name server.
func TestComposition(t *testing.T) {
	read := readComposition(t)
	s := newSite(t)
	s.startDNS()
	must(t, s.dns.Set("replicas."+dns.Domain, s.net.Host(10), s.net.Host(11)))
	placed := strings.NewReplacer("dns+replicas:", "dns+replicas."+dns.Domain+":",
		"prombraid:"+proxy.Port, s.net.Host(100)+":"+proxy.Port, "engine:"+prom.Port, s.net.Host(200)+":"+prom.Port)
	serve := func(name string, host int) *prom.Server {
		config := placed.Replace(read.Configs[name].Content)
		check := exec.Command("promtool", "check", "config", "/dev/stdin")
		check.Stdin = strings.NewReader(config)
		if out, err := check.CombinedOutput(); err != nil {
			t.Fatalf("%s: %s", name, out)
		}
		return s.server(prom.Config{Version: current(), Name: name, Host: s.net.Host(host), Text: config})
	}
	a, b := serve("replica-a", 10), serve("replica-b", 11)
	flags := append(read.Services["prombraid"].Command, "--dns.server="+s.dns.Address())
	for i := range flags {
		flags[i] = placed.Replace(flags[i])
	}
	p, err := proxy.Start(s.dir, s.net.Host(100), flags...)
	must(t, err)
	s.stopAtEnd(p)
	serve("engine", 200)

	if source := placed.Replace(read.Configs["datasource"].Content); !strings.Contains(source, "url: "+p.URL()+"\n") {
		t.Fatalf("Grafana's URL is another: %s", source)
	}
	// value is the newest scrape of Prombraid itself, as Grafana would ask for it.
	value := func() (seconds float64, err error) {
		got := call(t, p, http.MethodPost, "/api/v1/query", url.Values{"query": {`timestamp(up{job="prombraid"})`}})
		if _, err := fmt.Sscanf(string(got.Data), `{"resultType":"vector","result":[{"metric":{"instance":"`+p.Address()+`","job":"prombraid"},"value":[%f,"%f"]}]}`, new(float64), &seconds); err != nil {
			return 0, fmt.Errorf("%d %s %s", got.code, got.Data, got.Error)
		}
		return seconds, nil
	}
	until(t, "a panel has a value", func() error { _, err := value(); return err })
	for _, stopped := range []*prom.Server{a, b} {
		stopped.Stop()
		since := float64(time.Now().UnixMilli()) / 1000
		until(t, "a panel goes on without "+stopped.Name, func() error {
			newest, err := value()
			if err == nil && newest <= since {
				err = fmt.Errorf("%.1f s ago", since-newest)
			}
			return err
		})
		must(t, stopped.Restart())
	}
}
