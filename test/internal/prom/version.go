package prom

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// Version is one Prometheus release that the tests run.
type Version struct {
	Name   string // such as 2.42
	Binary string
}

// Major tells 2 from 3.
func (v Version) Major() string { return strings.SplitN(v.Name, ".", 2)[0] }

const module = "github.com/prometheus/prometheus"

// Debian is the Prometheus of Debian 12.
var Debian = Version{Name: "2.42", Binary: "/usr/bin/prometheus"}

// Current gives the Prometheus that go.mod names, and builds it when it is not there yet: about
// three minutes on two cores the first time, less than a second with Go's build cache warm. The
// environment variable PROMETHEUS3_BIN names one that is built already.
var Current = sync.OnceValues(func() (Version, error) {
	name, err := currentRelease()
	if err != nil {
		return Version{}, err
	}
	short := name[:strings.LastIndex(name, ".")]
	if binary := os.Getenv("PROMETHEUS3_BIN"); binary != "" {
		return Version{Name: short, Binary: binary}, nil
	}
	binary, err := cachePath(name)
	if err != nil {
		return Version{}, err
	}
	return Version{Name: short, Binary: binary}, build(name, binary)
})

// CurrentIfBuilt is Current where that needs no build.
func CurrentIfBuilt() (Version, bool) {
	name, err := currentRelease()
	if err != nil {
		return Version{}, false
	}
	binary, err := cachePath(name)
	if err != nil {
		return Version{}, false
	}
	if _, err := os.Stat(binary); err != nil {
		return Version{}, false
	}
	return Version{Name: name[:strings.LastIndex(name, ".")], Binary: binary}, true
}

// currentRelease turns the module's version, v0.316.0, into the release's name, 3.16.0.
func currentRelease() (string, error) {
	out, err := inModule("list", "-m", "-f", "{{.Version}}", module).Output()
	if err != nil {
		return "", fmt.Errorf("go list -m %s: %w", module, err)
	}
	var minor, patch int
	version := strings.TrimSpace(string(out))
	if _, err := fmt.Sscanf(version, "v0.3%d.%d", &minor, &patch); err != nil {
		return "", fmt.Errorf("module version %q: %w", version, err)
	}
	return fmt.Sprintf("3.%d.%d", minor, patch), nil
}

func cachePath(name string) (string, error) {
	cache, err := os.UserCacheDir()
	return filepath.Join(cache, "prombraid", "prometheus-"+name), err
}

// build leaves out the service discoveries, which halve the time, and the web pages, which need npm.
func build(name, binary string) error {
	cmd := inModule("build", "-tags", "remove_all_sd",
		"-ldflags", "-s -w -X github.com/prometheus/common/version.Version="+name,
		"-o", binary, module+"/cmd/prometheus")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build Prometheus %s: %w\n%s", name, err, out)
	}
	return nil
}

// inModule is a go command in the tests' module, wherever this program runs.
func inModule(args ...string) *exec.Cmd {
	_, here, _, _ := runtime.Caller(0)
	cmd := exec.Command("go", args...)
	cmd.Dir = filepath.Dir(here)
	return cmd
}
