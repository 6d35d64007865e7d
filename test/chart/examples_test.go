package chart

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	admission "k8s.io/api/admissionregistration/v1"
	core "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

func example(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(Root(), "examples", path))
	must(t, err)
	return string(text)
}

func exampleValues(t *testing.T, path string) Values {
	t.Helper()
	var values Values
	must(t, yaml.UnmarshalStrict([]byte(example(t, path)), &values))
	return values
}

func TestManifestsFitTheirTypes(t *testing.T) {
	for _, path := range []string{"headless-service.yaml", "operator/prometheus.yaml", "injection/policy.yaml"} {
		t.Run(path, func(t *testing.T) {
			objects, err := Objects(example(t, path))
			must(t, err)
			if len(objects) == 0 {
				t.Error("nothing is in it")
			}
			for _, object := range objects {
				if _, err := Decode(object); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestSidecarsOfGrafana holds values of Grafana's chart to the types that its keys take, which is a
// text in extraContainers and a list in extraInitContainers.
func TestSidecarsOfGrafana(t *testing.T) {
	stack, _ := exampleValues(t, "kube-prometheus-stack/values.yaml")["grafana"].(map[string]any)
	for title, values := range map[string]Values{
		"extraContainers":       exampleValues(t, "grafana-sidecar/values.yaml"),
		"native":                exampleValues(t, "grafana-native-sidecar/values.yaml"),
		"kube-prometheus-stack": stack,
	} {
		t.Run(title, func(t *testing.T) { checkGrafana(t, values, title == "native") })
	}
}

func checkGrafana(t *testing.T, values Values, native bool) {
	var pod core.PodSpec
	key, into := "extraContainers", &pod.Containers
	if native {
		key, into = "extraInitContainers", &pod.InitContainers
	}
	part := values[key]
	if text, isText := part.(string); isText != native {
		if isText {
			must(t, yaml.UnmarshalStrict([]byte(text), &part))
		}
	} else {
		t.Fatalf("%s is a %T", key, part)
	}
	must(t, Fit(part, into))
	must(t, Fit(values["extraVolumes"], &pod.Volumes))
	containers := *into
	if len(containers) != 2 {
		t.Fatalf("%d containers", len(containers))
	}
	for _, container := range containers {
		checkSidecar(t, container, native)
		checkMounts(t, container, pod.Volumes)
	}
	for _, fault := range Unrestricted(pod) {
		t.Error(fault)
	}
	objects, _ := values["extraObjects"].([]any)
	for _, object := range objects {
		if _, err := Decode(Object(object.(map[string]any))); err != nil {
			t.Error(err)
		}
	}
}

// checkSidecar wants nothing of a sidecar that could take its pod out.
func checkSidecar(t *testing.T, c core.Container, native bool) {
	if c.ReadinessProbe != nil {
		t.Errorf("%s: its readiness is the whole pod's", c.Name)
	}
	if c.StartupProbe != nil && c.StartupProbe.HTTPGet.Path != "/-/healthy" {
		t.Errorf("%s: the pod's start waits for %s", c.Name, c.StartupProbe.HTTPGet.Path)
	}
	if stays := c.RestartPolicy != nil && *c.RestartPolicy == core.ContainerRestartPolicyAlways; stays != native {
		t.Errorf("%s: restartPolicy %v", c.Name, c.RestartPolicy)
	}
}

func checkMounts(t *testing.T, c core.Container, volumes []core.Volume) {
	for _, mount := range c.VolumeMounts {
		found := false
		for _, volume := range volumes {
			found = found || volume.Name == mount.Name
		}
		if !found {
			t.Errorf("%s mounts %s, which is no volume", c.Name, mount.Name)
		}
	}
}

func TestStackBringsTheHeadlessService(t *testing.T) {
	values := exampleValues(t, "kube-prometheus-stack/values.yaml")
	manifests, _ := values["extraManifests"].([]any)
	if len(manifests) != 1 {
		t.Fatalf("%d manifests", len(manifests))
	}
	decoded, err := Decode(Object(manifests[0].(map[string]any)))
	must(t, err)
	service := decoded.(*core.Service)
	if service.Spec.ClusterIP != core.ClusterIPNone {
		t.Errorf("clusterIP %q", service.Spec.ClusterIP)
	}
	containers, _ := values["grafana"].(map[string]any)["extraContainers"].(string)
	if !strings.Contains(containers, "--replicas=dns+"+service.Name+".") {
		t.Errorf("no container reads %s", service.Name)
	}
}

// TestInjection holds the container that the policy's expression makes to what the other sidecars
// are. CEL is not evaluated: braces and names are all that is looked at.
func TestInjection(t *testing.T) {
	objects, err := Objects(example(t, "injection/policy.yaml"))
	must(t, err)
	decoded, err := Decode(objects[0])
	must(t, err)
	policy := decoded.(*admission.MutatingAdmissionPolicy)
	text := policy.Spec.Mutations[0].ApplyConfiguration.Expression
	if strings.Count(text, "{") != strings.Count(text, "}") || strings.Contains(text, "readinessProbe") {
		t.Error(text)
	}
	for _, wanted := range []string{`restartPolicy: "Always"`, `allowPrivilegeEscalation: false`, `drop: ["ALL"]`} {
		if !strings.Contains(text, wanted) {
			t.Errorf("it makes no %s", wanted)
		}
	}
	if *policy.Spec.FailurePolicy != admission.Ignore {
		t.Error("pods would not start without it")
	}
	decoded, err = Decode(objects[1])
	must(t, err)
	if bound := decoded.(*admission.MutatingAdmissionPolicyBinding).Spec.PolicyName; bound != policy.Name {
		t.Errorf("%s is bound, not %s", bound, policy.Name)
	}
}
