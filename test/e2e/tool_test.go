package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"prombraid/test/internal/proxy"
	"prombraid/test/internal/remote"
	"prombraid/test/internal/wait"
)

// tool runs a command of the program.
func tool(t *testing.T, args ...string) (code int, out, complaints string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, proxy.Binary(), args...)
	var said, wrong bytes.Buffer
	command.Stdout, command.Stderr = &said, &wrong
	err := command.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		must(t, err)
	}
	return code, said.String(), wrong.String()
}

func halfHourFlags(more ...string) []string {
	return append([]string{
		"--start=" + at(morning.From).UTC().Format(time.RFC3339),
		fmt.Sprintf("--end=%d", (morning.From+30*minute)/second),
	}, more...)
}

func TestCheckHealthyAndReady(t *testing.T) {
	p, r0, _ := twoOfThem(t)
	for _, what := range []string{"healthy", "ready"} {
		if code, out, wrong := tool(t, "check", what, "--url="+p.URL()); code != 0 || !strings.HasPrefix(out, "Prombraid is ") {
			t.Errorf("%s: %d %q %q", what, code, out, wrong)
		}
	}
	for _, c := range []struct {
		title, says string
		args        []string
		code        int
	}{
		{"nobody listens", "refused", []string{"healthy", "--url=http://" + r0.Host + ":1"}, 1},
		{"not a Prombraid", "404", []string{"ready", "--url=" + p.URL() + "/elsewhere"}, 1},
		{"no URL", "address", []string{"ready", "--url=http://"}, 2},
		{"an unknown flag", "usage", []string{"ready", "--uri=x"}, 2},
	} {
		t.Run(c.title, func(t *testing.T) {
			if code, _, wrong := tool(t, append([]string{"check"}, c.args...)...); code != c.code || !strings.Contains(wrong, c.says) {
				t.Errorf("%d %q", code, wrong)
			}
		})
	}
}

func TestReadCommand(t *testing.T) {
	p := twoHoled(t)
	base := append([]string{"read", "--url=" + p.URL(), "--match=lab_holed"}, halfHourFlags()...)
	for _, c := range []struct{ format, begins, has string }{
		{"text", `{__name__="lab_holed", cluster="lab", job="lab"}` + "\n", "  2026-03-02T00:06:0"},
		{"json", `{"metric":{"__name__":"lab_holed","cluster":"lab","job":"lab"},"values":[[`, `,"1"]`},
		{"openmetrics", `lab_holed{cluster="lab",job="lab"} 1 1772409600`, "# EOF\n"},
	} {
		for _, samples := range []string{"--samples", "--no-samples"} {
			t.Run(c.format+" "+samples, func(t *testing.T) {
				code, out, wrong := tool(t, append(base, "--format="+c.format, samples)...)
				if code != 0 || !strings.HasPrefix(out, c.begins) || !strings.Contains(out, c.has) || wrong != "" {
					t.Errorf("%d %.300s %s", code, out, wrong)
				}
			})
		}
	}
	t.Run("what is written is read by promtool", func(t *testing.T) {
		_, out, _ := tool(t, append(base, "--format=openmetrics")...)
		file := filepath.Join(t.TempDir(), "samples.om")
		must(t, os.WriteFile(file, []byte(out), 0o644))
		made, err := exec.Command("promtool", "tsdb", "create-blocks-from", "openmetrics", file, t.TempDir()).CombinedOutput()
		if err != nil {
			t.Errorf("%v: %s", err, made)
		}
	})
	for _, c := range []struct {
		title, says string
		args        []string
		code        int
	}{
		{"no URL", "--url", []string{"read", "--match=up"}, 2},
		{"a bad selector", "position", []string{"read", "--url=" + p.URL(), "--match=up{"}, 2},
		{"another server", "404", []string{"read", "--url=" + p.URL() + "/nowhere", "--match=up"}, 1},
		{"help", "", []string{"read", "--help"}, 0},
	} {
		t.Run(c.title, func(t *testing.T) {
			if code, _, wrong := tool(t, c.args...); code != c.code || !strings.Contains(wrong, c.says) {
				t.Errorf("%d %q", code, wrong)
			}
		})
	}
}

func TestDiffCommand(t *testing.T) {
	s := newSite(t)
	r0 := s.replica(0, debian, r0Labels, holed(0, 0, within(5*minute+second, 8*minute-second)))
	r1 := s.replica(1, debian, r1Labels, holed(1, 7*second, within(20*minute, 22*minute)))
	flags := append(s.flags([]string{r0.Address(), r1.Address()}), halfHourFlags("--match=lab_holed")...)
	code, out, wrong := tool(t, append([]string{"diff"}, flags...)...)
	t.Log(out)
	if code != 1 || wrong != "" {
		t.Errorf("%d %s", code, wrong)
	}
	for _, wanted := range []string{
		r0.Address() + ": ", "a hole from 2026-03-02T00:05:00.000Z to 2026-03-02T00:08:00.000Z, 3m",
		"7s after those of the first", "1 series compared, 1 differ: 2 holes, 0 times",
	} {
		if !strings.Contains(out, wanted) {
			t.Errorf("no %q", wanted)
		}
	}
	t.Run("what is the same is no difference", func(t *testing.T) {
		quiet := append(s.flags([]string{r0.Address(), r1.Address()}), "--match=lab_holed",
			"--start="+at(morning.From+10*minute).UTC().Format(time.RFC3339), "--end="+at(morning.From+15*minute).UTC().Format(time.RFC3339))
		if code, out, _ := tool(t, append([]string{"diff"}, quiet...)...); code != 0 || !strings.Contains(out, "1 series compared, 0 differ") {
			t.Errorf("%d %s", code, out)
		}
	})
	t.Run("one replica is not enough", func(t *testing.T) {
		alone := append(s.flags([]string{r0.Address()}), halfHourFlags("--match=lab_holed")...)
		if code, _, wrong := tool(t, append([]string{"diff"}, alone...)...); code != 2 || !strings.Contains(wrong, "two replicas") {
			t.Errorf("%d %s", code, wrong)
		}
	})
}

// standInForSystemd is told of what the next Prombraid says, word by word; hear waits for one.
func standInForSystemd(t *testing.T) (hear func() string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	must(t, err)
	t.Cleanup(func() { socket.Close() })
	t.Setenv("NOTIFY_SOCKET", path)
	// One limit for all: signs of life come without end.
	must(t, socket.SetReadDeadline(time.Now().Add(time.Minute)))
	return func() string {
		t.Helper()
		buffer := make([]byte, 1000)
		n, err := socket.Read(buffer)
		must(t, err)
		word, _, _ := strings.Cut(string(buffer[:n]), "\n")
		return word
	}
}

func TestServiceManager(t *testing.T) {
	s := newSite(t)
	r := s.replica(0, debian, r0Labels, morningBlock(0))
	hear := standInForSystemd(t)
	t.Setenv("WATCHDOG_USEC", "200000")
	file := filepath.Join(t.TempDir(), "prombraid.yml")
	must(t, os.WriteFile(file, nil, 0o600))
	p := s.prombraid([]string{r.Address()}, "--web.access-log", "--config.file="+file)
	heard := map[string]bool{}
	for !heard["READY=1"] || !heard["WATCHDOG=1"] {
		heard[hear()] = true
	}
	// Under Type=notify-reload a reload lasts until READY=1, even one that changes nothing.
	must(t, os.WriteFile(file, []byte("nonsense: 1\n"), 0o600))
	must(t, p.Process().Signal(syscall.SIGHUP))
	for hear() != "RELOADING=1" {
	}
	for hear() != "READY=1" {
	}
	_, _, err := p.Get("/-/healthy")
	must(t, err)
	p.Stop()
	for hear() != "STOPPING=1" {
	}
	if log := p.Process().Log(10); !strings.Contains(log, "msg=request") || !strings.Contains(log, "path=/-/healthy") {
		t.Errorf("no access log in\n%s", log)
	}
}

// TestServiceManagerReloadsNoFile has `systemctl reload` end where there is nothing to load.
func TestServiceManagerReloadsNoFile(t *testing.T) {
	s := newSite(t)
	r := s.replica(0, debian, r0Labels, morningBlock(0))
	hear := standInForSystemd(t)
	p := s.prombraid([]string{r.Address()})
	for hear() != "READY=1" {
	}
	must(t, p.Process().Signal(syscall.SIGHUP))
	for hear() != "RELOADING=1" {
	}
	for hear() != "READY=1" {
	}
}

// TestShellTexts are judged by those who read them.
func TestShellTexts(t *testing.T) {
	_, man, _ := tool(t, "--help-man")
	groff := exec.Command("groff", "-man", "-ww", "-z")
	groff.Stdin = strings.NewReader(man)
	if out, err := groff.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("groff: %v %s", err, out)
	}
	_, script, _ := tool(t, "--completion-script-bash")
	script += `COMP_WORDS=(prombraid --query.e); COMP_CWORD=1; _prombraid; echo "${COMPREPLY[@]}"` + "\n" +
		`COMP_WORDS=(prombraid --log.level = w); COMP_CWORD=3; _prombraid; echo "${COMPREPLY[@]}"` + "\n"
	bash := exec.Command("bash", "-u", "-e")
	bash.Stdin = strings.NewReader(script)
	if out, err := bash.CombinedOutput(); err != nil || string(out) != "--query.engine-url\nwarn\n" {
		t.Errorf("bash: %v %s", err, out)
	}
	if _, zsh, _ := tool(t, "--completion-script-zsh"); !strings.HasPrefix(zsh, "#compdef prombraid\n") || !strings.Contains(zsh, "'--log.level=[") {
		t.Errorf("zsh: %s", zsh)
	}
}

// TestSlowReadsAreLogged has nearly every read be slow; one that is not is followed by another.
func TestSlowReadsAreLogged(t *testing.T) {
	p := twoHoled(t, "--log.slow-reads=1ms")
	must(t, wait.Until(20*time.Second, "a word of the read", func() error {
		r, err := remote.Read(p.ReadURL(), remote.Streamed, remote.Query("lab_holed", morning.From, morning.From+30*minute))
		if err != nil || len(r) != 1 {
			return fmt.Errorf("%d series, %v", len(r), err)
		}
		log := p.Process().Log(5)
		for _, wanted := range []string{`msg="slow read"`, `lab_holed`, "series=1", fmt.Sprintf("samples=%d", len(r[0].Points)), "replicas=2", "outcome=ok"} {
			if !strings.Contains(log, wanted) {
				return fmt.Errorf("no %s in %s", wanted, log)
			}
		}
		return nil
	}))
}
