//go:build page

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/tsdb/chunkenc"

	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
	"prombraid/test/internal/world"
)

// evil is what a target could call itself to run a script on the page.
const evil = `<img src=x onerror="document.title='owned'">'"&`

// pictures is where screenshots go; PROMBRAID_PICTURES is docs/img when they are made anew.
func pictures(t *testing.T) string {
	if dir := os.Getenv("PROMBRAID_PICTURES"); dir != "" {
		return dir
	}
	return t.TempDir()
}

// browse runs Chromium on one address, in virtual time, and gives what it printed. A word on its
// console, as of a script that was refused or broke, is an error.
func browse(t *testing.T, address string, flags ...string) string {
	t.Helper()
	out, said := draw(t, address, flags...)
	for _, line := range strings.Split(said, "\n") {
		if strings.Contains(line, "CONSOLE") {
			t.Errorf("the console says %s", line)
		}
	}
	return out
}

// draw is browse of a page that may say what it wants.
func draw(t *testing.T, address string, flags ...string) (out, said string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	args := append([]string{
		"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
		"--hide-scrollbars", "--window-size=1240,1500", "--virtual-time-budget=4000",
		"--enable-logging=stderr", "--user-data-dir=" + t.TempDir(),
	}, flags...)
	command := exec.CommandContext(ctx, "chromium", append(args, address)...)
	var printed, told bytes.Buffer
	command.Stdout, command.Stderr = &printed, &told
	if err := command.Run(); err != nil {
		t.Fatalf("chromium: %v: %s", err, told.String())
	}
	return printed.String(), told.String()
}

// evilBlock is one series whose label is markup.
func evilBlock() string {
	return block("evil", chunkenc.EncXOR, func() []world.Series {
		series := world.Series{Labels: labels.FromStrings("__name__", "lab_evil", "job", evil)}
		for t := morning.From; t < morning.To; t += interval {
			series.Samples = append(series.Samples, world.Sample{T: t, V: 1})
		}
		return []world.Series{series}
	})
}

// newPage is the morning of two replicas, behind a name, and a proxy over it.
func newPage(t *testing.T) *proxy.Prombraid {
	t.Helper()
	s := newSite(t)
	s.startDNS()
	r0 := s.replica(0, debian, r0Labels, morningBlock(0), evilBlock())
	r1 := s.replica(1, current(), r1Labels, morningBlock(1))
	gone := s.replica(2, debian, map[string]string{"cluster": "lab", "replica": "r2"})
	s.publish(r0, r1, gone)
	p := s.prombraid([]string{"dns+" + name + ":" + prom.Port}, "--replicas.expected=3", "--dns.refresh-interval=5s")
	gone.Kill()
	// It is noticed by the next look at the replicas, which no read waits for.
	until(t, "the page knows that one is down", func() error {
		got := call(t, p, http.MethodGet, "/api/v1/status/replicas", nil)
		if !strings.Contains(string(got.Data), `"up":false`) {
			return fmt.Errorf("%s", got.Data)
		}
		return nil
	})
	call(t, p, http.MethodGet, "/api/v1/coverage?match[]=lab_temperature", nil)
	return p
}

// link is the page with a map of the morning, and perhaps a piece that is open.
func (c pageCase) link(p *proxy.Prombraid) string {
	fragment := url.Values{
		"match": {c.match}, "start": {at(morning.From).UTC().Format(time.RFC3339)},
		"end": {at(morning.From + 4*hour).UTC().Format(time.RFC3339)},
	}
	if c.pick != "" {
		fragment.Set("pick", c.pick)
	}
	return p.URL() + "/#" + fragment.Encode()
}

type pageCase struct{ match, pick string }

func TestPageInChromium(t *testing.T) {
	p := newPage(t)
	one := pageCase{match: `lab_temperature{instance="` + firstInstance(t, p) + `"}`, pick: "0.0.5"}
	t.Run("it shows replicas, DNS and a filled hole", func(t *testing.T) {
		dom := browse(t, one.link(p), "--dump-dom")
		for _, wanted := range []string{
			"Replica set default", ">up<", ">down<", `replica="r0"`, "2.42.0+ds", "prometheus.", "last good",
			`class="hole"`, "the answer", "fills a hole of", "In bold what the answer took", `>taken<`,
		} {
			if !strings.Contains(dom, wanted) {
				t.Errorf("no %q on the page", wanted)
			}
		}
		if n := strings.Count(dom, `class="strip braid"`); n != 1 {
			t.Errorf("%d strips of the answer", n)
		}
	})
	t.Run("markup in labels stays text", func(t *testing.T) {
		dom := browse(t, pageCase{match: "lab_evil", pick: "0.0.0"}.link(p), "--dump-dom")
		if !strings.Contains(dom, "&lt;img src=x") || regexp.MustCompile(`<img[^>]*onerror`).MatchString(dom) || !strings.Contains(dom, "<title>Prombraid</title>") {
			t.Error("a label became markup")
		}
	})
	t.Run("an error is shown", func(t *testing.T) {
		if dom := browse(t, pageCase{match: "up{"}.link(p), "--dump-dom"); !strings.Contains(dom, "at position 4") {
			t.Error("no word of the error")
		}
	})
	for look, scheme := range map[string]string{"light": "1", "dark": "0"} {
		t.Run("picture, "+look, func(t *testing.T) {
			path := filepath.Join(pictures(t), "coverage-"+look+".png")
			browse(t, one.link(p), "--screenshot="+path, "--blink-settings=preferredColorScheme="+scheme)
			if found, err := os.Stat(path); err != nil || found.Size() < 20_000 {
				t.Errorf("%v: no picture", err)
			}
		})
	}
}

// TestPageOfSeveralSets: each set has its card, and the map a strip a replica of all of them.
func TestPageOfSeveralSets(t *testing.T) {
	replicas, p := twoSets(t)
	dom := browse(t, pageCase{match: `lab_temperature{cluster="us"}`}.link(p), "--dump-dom")
	for _, wanted := range []string{"Replica set eu", "Replica set us", "us/" + replicas[2].Address(), "us/" + replicas[3].Address(), "the answer"} {
		if !strings.Contains(dom, wanted) {
			t.Errorf("no %q on the page", wanted)
		}
	}
	if strings.Contains(dom, "eu/"+replicas[0].Address()) {
		t.Error("a set that was not asked has a strip")
	}
	both := browse(t, pageCase{match: `lab_temperature`}.link(p), "--dump-dom")
	for i, r := range replicas {
		if set := []string{"eu/", "eu/", "us/", "us/"}[i]; !strings.Contains(both, set+r.Address()) {
			t.Errorf("no strip of %s%s", set, r.Address())
		}
	}
}

func firstInstance(t *testing.T, p *proxy.Prombraid) string {
	t.Helper()
	names := call(t, p, http.MethodGet, "/api/v1/label/instance/values", nil).names(t)
	if len(names) == 0 {
		t.Fatal("no instances")
	}
	return fmt.Sprint(names[0])
}
