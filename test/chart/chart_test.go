package chart

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
)

// The Kubernetes versions of the two modules' types, the first being the chart's kubeVersion.
const oldest, newest = "25", "37"

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func eachCase(t *testing.T, check func(t *testing.T, values Values)) {
	files, err := CaseFiles()
	must(t, err)
	if len(files) < 12 {
		t.Fatalf("%d value files", len(files))
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), "-values.yaml"), func(t *testing.T) {
			values, err := ReadValues(file)
			must(t, err)
			check(t, values)
		})
	}
}

// TestLint is `helm lint --strict`: a warning is an error.
func TestLint(t *testing.T) {
	eachCase(t, func(t *testing.T, values Values) {
		for _, message := range lint.AllWithKubeVersion(Folder(), values, "ns", nil).Messages {
			if message.Severity >= support.WarningSev {
				t.Error(message)
			}
		}
	})
}

func TestObjectsFitTheNewestKubernetes(t *testing.T) {
	eachCase(t, func(t *testing.T, values Values) {
		made, err := Render(values, newest)
		must(t, err)
		for _, object := range made.All() {
			if _, err := Decode(object); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestObjectsFitTheOldestKubernetes(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "oldest")
	build := exec.Command("go", "build", "-o", bin, ".")
	build.Dir = "oldest"
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	fits := func(t *testing.T, objects []Object) string {
		text, err := json.Marshal(objects)
		must(t, err)
		program := exec.Command(bin)
		program.Stdin = bytes.NewReader(text)
		out, err := program.CombinedOutput()
		must(t, err)
		return string(out)
	}
	eachCase(t, func(t *testing.T, values Values) {
		made, err := Render(values, oldest)
		must(t, err)
		var own []Object
		for _, object := range made.All() {
			if object.Own() {
				own = append(own, object)
			}
		}
		if faults := fits(t, own); faults != "" {
			t.Error(faults)
		}
	})
	t.Run("what is newer is refused", func(t *testing.T) {
		values := Values{"replicas": []any{"a:1"}, "podDisruptionBudget": Values{"enabled": true}}
		made, err := Render(values, newest)
		must(t, err)
		if faults := fits(t, made.All()); !strings.Contains(faults, "unhealthyPodEvictionPolicy") {
			t.Errorf("it says %q", faults)
		}
	})
}

// TestRestricted holds the pods to the restricted standard, less those of two files: containers that
// a user adds are the user's.
func TestRestricted(t *testing.T) {
	eachCase(t, func(t *testing.T, values Values) {
		made, err := Render(values, newest)
		must(t, err)
		for _, object := range append(made.Objects["deployment.yaml"], made.Objects["test-ready.yaml"]...) {
			decoded, err := Decode(object)
			must(t, err)
			var pod core.PodSpec
			switch kind := decoded.(type) {
			case *apps.Deployment:
				pod = kind.Spec.Template.Spec
			case *core.Pod:
				pod = kind.Spec
			}
			pod.InitContainers, pod.Containers = nil, pod.Containers[:1]
			for _, fault := range Unrestricted(pod) {
				t.Error(fault)
			}
			if token := pod.AutomountServiceAccountToken; token == nil || *token {
				t.Error("the pod has a token of its ServiceAccount")
			}
		}
	})
}

func TestNotesNameTheTraps(t *testing.T) {
	eachCase(t, func(t *testing.T, values Values) {
		made, err := Render(values, newest)
		must(t, err)
		for _, trap := range []string{"Recursion", "filter_external_labels: false", "clusterIP: None", "prometheus-operated"} {
			if !strings.Contains(made.Notes, trap) {
				t.Errorf("the notes do not say %s:\n%s", trap, made.Notes)
			}
		}
	})
}
