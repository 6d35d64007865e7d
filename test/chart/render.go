// Package chart renders the Helm chart with Helm's own code and holds what comes out, and the
// manifests under examples/, to the types of Kubernetes and of the Prometheus operator.
package chart

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	helmchart "helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"sigs.k8s.io/yaml"
)

// Object is one manifest.
type Object map[string]any

// Values are what a user gives.
type Values = map[string]any

// Root is the repository.
func Root() string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "../..")
}

// Folder is the chart.
func Folder() string { return filepath.Join(Root(), "helm/prombraid") }

// Load reads the chart.
func Load() (*helmchart.Chart, error) { return loader.Load(Folder()) }

// CaseFiles are the value files of ci/.
func CaseFiles() ([]string, error) {
	return filepath.Glob(filepath.Join(Folder(), "ci", "*-values.yaml"))
}

// ReadValues reads a value file.
func ReadValues(path string) (Values, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return chartutil.ReadValues(text)
}

// Rendered is a release: objects by template, and the notes.
type Rendered struct {
	Objects map[string][]Object
	Notes   string
}

// All are the objects of all templates, in the order of the templates' names.
func (r Rendered) All() []Object {
	var names []string
	for name := range r.Objects {
		names = append(names, name)
	}
	slices.Sort(names)
	var all []Object
	for _, name := range names {
		all = append(all, r.Objects[name]...)
	}
	return all
}

// Render renders release r in namespace ns for a Kubernetes as of its minor version.
func Render(values Values, kubernetes string) (Rendered, error) {
	loaded, err := Load()
	if err != nil {
		return Rendered{}, err
	}
	capabilities := chartutil.DefaultCapabilities.Copy()
	capabilities.KubeVersion = chartutil.KubeVersion{Version: "v1." + kubernetes + ".0", Major: "1", Minor: kubernetes}
	release := chartutil.ReleaseOptions{Name: "r", Namespace: "ns", Revision: 1, IsInstall: true}
	// This holds the values to the schema as well.
	all, err := chartutil.ToRenderValues(loaded, values, release, capabilities)
	if err != nil {
		return Rendered{}, err
	}
	texts, err := engine.Render(loaded, all)
	if err != nil {
		return Rendered{}, err
	}
	return sorted(texts)
}

func sorted(texts map[string]string) (Rendered, error) {
	made := Rendered{Objects: map[string][]Object{}}
	for path, text := range texts {
		name := filepath.Base(path)
		if name == "NOTES.txt" {
			made.Notes = text
			continue
		}
		objects, err := Objects(text)
		if err != nil {
			return Rendered{}, fmt.Errorf("%s: %w", name, err)
		}
		if len(objects) > 0 {
			made.Objects[name] = objects
		}
	}
	return made, nil
}

// Objects reads a text of several documents; a key that is there twice is an error.
func Objects(text string) ([]Object, error) {
	var all []Object
	for _, document := range strings.Split("\n"+text, "\n---") {
		var object Object
		if err := yaml.UnmarshalStrict([]byte(document), &object); err != nil {
			return nil, fmt.Errorf("%w in\n%s", err, document)
		}
		if object != nil {
			all = append(all, object)
		}
	}
	return all, nil
}
