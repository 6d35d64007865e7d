package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"

	"prombraid/test/internal/prom"
	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
	"prombraid/test/internal/world"
)

// holed is one gauge of half an hour, without the samples of a hole.
func holed(n int, phase int64, hole world.Range) string {
	return block(fmt.Sprintf("holed-%d", n), chunkenc.EncXOR, func() []world.Series {
		series := world.Series{Labels: labels.FromStrings("__name__", "lab_holed", "job", "lab")}
		for t := morning.From + phase; t < morning.From+30*minute; t += interval {
			if !hole.Has(t) {
				series.Samples = append(series.Samples, world.Sample{T: t, V: 1})
			}
		}
		return []world.Series{series}
	})
}

// asExplained posts a read with the header that asks for words.
func asExplained(t *testing.T, url, value, selector string) (int, string, string) {
	t.Helper()
	query := remote.Query(selector, morning.From, morning.From+30*minute)
	body := remote.Body(&prompb.ReadRequest{Queries: []*prompb.Query{query}})
	request, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	must(t, err)
	request.Header.Set("X-Prombraid-Explain", value)
	client := http.Client{Timeout: 10 * time.Second}
	answer, err := client.Do(request)
	must(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	must(t, err)
	return answer.StatusCode, answer.Header.Get("Content-Type"), string(text)
}

// runExplain runs the command over the half hour.
func runExplain(t *testing.T, selector string, flags ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	args := append([]string{
		"explain", "--match=" + selector, "--start=" + at(morning.From).UTC().Format(time.RFC3339),
		fmt.Sprintf("--end=%d", (morning.From+30*minute)/second),
	}, flags...)
	command := exec.CommandContext(ctx, proxy.Binary(), args...)
	var complaints bytes.Buffer
	command.Stderr = &complaints
	out, err := command.Output()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, complaints.String())
	}
	return string(out), err
}

// filler gives the line that tells of a hole of one replica being filled.
func filler(page, of string) string {
	for _, line := range strings.Split(page, "\n") {
		if strings.Contains(line, "fills: "+of+" has a hole from ") {
			return line
		}
	}
	return ""
}

// TestExplainNamesWhoFilledTheHole has two replicas with a hole each, told by the header and by the
// command.
func TestExplainNamesWhoFilledTheHole(t *testing.T) {
	s := newSite(t)
	s.startDNS()
	r0 := s.replica(0, debian, r0Labels, holed(0, 0, within(5*minute+second, 8*minute-second)))
	r1 := s.replica(1, debian, r1Labels, holed(1, 7*second, within(20*minute, 22*minute)))
	s.publish(r0, r1)
	address := "dns+" + name + ":" + prom.Port
	p := s.prombraid([]string{address})
	status, kind, page := asExplained(t, p.ReadURL(), "true", "lab_holed")
	if status != 200 || !strings.HasPrefix(kind, "text/plain") {
		t.Fatalf("%d %s: %s", status, kind, page)
	}
	t.Log(page)
	for _, wanted := range []string{
		`{__name__="lab_holed", cluster="lab", job="lab"}`,
		"scrape interval 15s",
		"a hole from 2026-03-02T00:05:00.000Z to 2026-03-02T00:08:00.000Z (3m)",
		"a hole from 2026-03-02T00:19:52.000Z to 2026-03-02T00:22:07.000Z (2m15s)",
	} {
		if !strings.Contains(page, wanted) {
			t.Errorf("the page does not say %q", wanted)
		}
	}
	if line := filler(page, r0.Address()); !strings.Contains(line, "  "+r1.Address()+", ") {
		t.Errorf("r1 is not named as who filled the hole of r0, but %q", line)
	}
	t.Run("the command says the same", func(t *testing.T) {
		said, err := runExplain(t, `lab_holed{job="lab"}`, s.flags([]string{address})...)
		must(t, err)
		if said != page {
			t.Errorf("it says\n%s", said)
		}
	})
	t.Run("a replica that is gone is told", func(t *testing.T) {
		r0.Kill()
		said, err := runExplain(t, "lab_holed", s.flags([]string{r0.Address(), r1.Address()})...)
		must(t, err)
		if !strings.Contains(said, "Replicas that failed:\n  replica "+r0.Address()) {
			t.Errorf("it says\n%s", said)
		}
	})
}

func TestExplainIsBoundedAndStrict(t *testing.T) {
	p, r0, r1 := twoOfThem(t)
	_, _, page := asExplained(t, p.ReadURL(), "2", everything)
	if got := strings.Count(page, "scrape interval"); got != 2 || !strings.Contains(page, "Only the first 2 series") {
		t.Errorf("%d series in\n%s", got, page)
	}
	if status, _, text := asExplained(t, p.ReadURL(), "perhaps", everything); status != 400 {
		t.Errorf("%d %s", status, text)
	}
	if _, kind, _ := asExplained(t, p.ReadURL(), "false", everything); kind != "application/x-protobuf" {
		t.Errorf("false gives %s", kind)
	}
	replicas := []string{"--replicas=" + r0.Address(), "--replicas=" + r1.Address()}
	if said, err := runExplain(t, "no_such_metric", replicas...); err != nil || !strings.Contains(said, "\n0 series\n") {
		t.Errorf("%v: %s", err, said)
	}
	if _, err := runExplain(t, "up{", replicas...); err == nil || !strings.Contains(err.Error(), "at position 4") {
		t.Errorf("a bad selector: %v", err)
	}
}
