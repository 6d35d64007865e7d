package chart

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/chartutil"
)

const pair = "replicas: [dns+pair:9090]\n"

// given are the templates that a file of values renders, and values of theirs by path; <none> is a
// path that is not there.
type given struct {
	title, values, template string
	want                    map[string]string
}

const pod = "spec.template.spec."
const container = pod + "containers.0."

var cases = []given{
	{"the least", pair, "deployment.yaml", map[string]string{
		"metadata.name": "r-prombraid", "metadata.namespace": "ns", "spec.replicas": "2",
		container + "args": "[--replicas=dns+pair:9090]", container + "image": "prombraid:0.1.0",
		container + "ports.0.containerPort": "9201", container + "resources": "<none>",
		pod + "volumes": "<none>", pod + "affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution.0.weight": "100",
	}},
	{"several replicas and flags", "replicas: [a:1, b:2]\nextraArgs: [--log.level=debug]", "deployment.yaml", map[string]string{
		container + "args": "[--replicas=a:1 --replicas=b:2 --log.level=debug]",
	}},
	{"a version is in no selector", pair, "deployment.yaml", map[string]string{
		"spec.selector.matchLabels": "map[app.kubernetes.io/instance:r app.kubernetes.io/name:prombraid]",
	}},
	{"an image of a registry", pair + "image: {registry: a.example, repository: b/c, tag: v1}", "deployment.yaml", map[string]string{
		container + "image": "a.example/b/c:v1",
	}},
	{"a registry for all charts", pair + "global: {imageRegistry: m.example}\nimage: {registry: a.example}", "deployment.yaml", map[string]string{
		container + "image": "m.example/prombraid:0.1.0",
	}},
	{"an image by its digest", pair + "image: {tag: v1, digest: \"sha256:" + strings.Repeat("0", 64) + "\"}", "deployment.yaml", map[string]string{
		container + "image": "prombraid@sha256:" + strings.Repeat("0", 64),
	}},
	{"secrets that are there", pair + "existingSecrets: [{name: tls, mountPath: /etc/tls}]", "deployment.yaml", map[string]string{
		container + "volumeMounts": "[map[mountPath:/etc/tls name:tls readOnly:true]]",
		pod + "volumes":            "[map[name:tls secret:map[secretName:tls]]]",
	}},
	{"a file of its own", "config: {replica_sets: []}", "config.yaml", map[string]string{
		"kind": "ConfigMap", "metadata.name": "r-prombraid-config", "data": "map[prombraid.yaml:replica_sets: []\n]",
	}},
	{"a file kept secret", "config: {replica_sets: []}\nconfigAsSecret: true", "config.yaml", map[string]string{
		"kind": "Secret", "data": "<none>", "stringData": "map[prombraid.yaml:replica_sets: []\n]",
	}},
	{"another's file", "existingSecret: {name: s, key: k}\nconfig: {a: b}", "config.yaml", nil},
	{"a file in the pod", "config: {replica_sets: []}", "deployment.yaml", map[string]string{
		container + "args": "[--config.file=/etc/prombraid/prombraid.yaml --config.auto-reload]", "spec.template.metadata.annotations": "<none>", pod + "volumes.0.configMap.name": "r-prombraid-config",
		container + "volumeMounts": "[map[mountPath:/etc/prombraid name:config readOnly:true]]",
	}},
	{"another's file in the pod", "existingSecret: {name: s, key: k}", "deployment.yaml", map[string]string{
		pod + "volumes.0.secret":             "map[items:[map[key:k path:prombraid.yaml]] secretName:s]",
		"spec.template.metadata.annotations": "<none>",
	}},
	{"a file that replaces the pods", "config: {a: b}\nconfigReload: restart", "deployment.yaml", map[string]string{
		container + "args":                   "[--config.file=/etc/prombraid/prombraid.yaml]",
		"spec.template.metadata.annotations": "map[checksum/config:75cd1899337ffbc9341398f7456f1027e2fc4b2658f9f0555a7a965cb309c6dd]",
	}},
	{"TLS", pair + "webConfig: {existingSecret: s, tls: true}", "deployment.yaml", map[string]string{
		container + "args": "[--web.config.file=/etc/prombraid-web/web-config.yaml --replicas=dns+pair:9090]",
		pod + "volumes":    "[map[name:web-config secret:map[secretName:s]]]", container + "volumeMounts.0.mountPath": "/etc/prombraid-web",
		container + "livenessProbe.httpGet": "map[path:/-/healthy port:http scheme:HTTPS]", container + "readinessProbe.httpGet.scheme": "HTTPS",
	}},
	{"logins", pair + "webConfig: {existingSecret: s, key: k, tls: true, guarded: true}\nlivenessProbe: {periodSeconds: 7}", "deployment.yaml", map[string]string{
		container + "args.0": "--web.config.file=/etc/prombraid-web/k", container + "readinessProbe": "map[tcpSocket:map[port:http]]",
		container + "livenessProbe": "map[periodSeconds:7 tcpSocket:map[port:http]]",
	}},
	{"an engine", pair + "queryEngineUrl: http://e:9090", "deployment.yaml", map[string]string{
		container + "args": "[--query.engine-url=http://e:9090 --replicas=dns+pair:9090]",
	}},
	{"pods apart for certain", pair + "podAntiAffinity: hard", "deployment.yaml", map[string]string{
		pod + "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.0.topologyKey": "kubernetes.io/hostname",
	}},
	{"pods anywhere", pair + "podAntiAffinity: none", "deployment.yaml", map[string]string{pod + "affinity": "<none>"}},
	{"a spread with these pods' labels", pair + "topologySpreadConstraints: [{maxSkew: 1, topologyKey: z, whenUnsatisfiable: DoNotSchedule}]", "deployment.yaml", map[string]string{
		pod + "topologySpreadConstraints.0.labelSelector.matchLabels": "map[app.kubernetes.io/instance:r app.kubernetes.io/name:prombraid]",
	}},
	{"a spread with other labels", pair + "topologySpreadConstraints: [{maxSkew: 1, topologyKey: z, whenUnsatisfiable: DoNotSchedule, labelSelector: {}}]", "deployment.yaml", map[string]string{
		pod + "topologySpreadConstraints.0.labelSelector": "map[]",
	}},
	{"no readiness", pair + "readinessProbe: null", "deployment.yaml", map[string]string{container + "readinessProbe": "<none>"}},
	{"another's size", pair + "autoscaling: {enabled: true}", "deployment.yaml", map[string]string{"spec.replicas": "<none>"}},
	{"its size", pair + "autoscaling: {enabled: true}", "horizontalpodautoscaler.yaml", map[string]string{
		"spec.scaleTargetRef.name": "r-prombraid", "spec.minReplicas": "2", "spec.maxReplicas": "10",
		"spec.metrics.0.resource.name": "cpu", "spec.metrics.1": "<none>",
		"spec.behavior.scaleDown.stabilizationWindowSeconds": "300",
	}},
	{"by memory alone", pair + "autoscaling: {enabled: true, targetCPUUtilizationPercentage: 0, targetMemoryUtilizationPercentage: 80}", "horizontalpodautoscaler.yaml", map[string]string{
		"spec.metrics.0.resource.name": "memory", "spec.metrics.1": "<none>",
	}},
	{"none without being asked", pair, "horizontalpodautoscaler.yaml", nil},
	{"a Service", pair, "service.yaml", map[string]string{
		"spec.ports.0.port": "9201", "spec.ports.0.targetPort": "http", "spec.clusterIP": "<none>",
	}},
	{"a headless Service", pair + "service: {clusterIP: None, port: 80}", "service.yaml", map[string]string{
		"spec.clusterIP": "None", "spec.ports.0.port": "80",
	}},
	{"near ones first", pair + "service: {trafficDistribution: PreferClose}", "service.yaml", map[string]string{
		"spec.trafficDistribution": "PreferClose",
	}},
	{"no Service of a sidecar", "mode: sidecar-only", "service.yaml", nil},
	{"no pods of a sidecar", "mode: sidecar-only", "deployment.yaml", nil},
	{"an account", pair, "serviceaccount.yaml", map[string]string{"automountServiceAccountToken": "false"}},
	{"another's account", pair + "serviceAccount: {create: false}", "serviceaccount.yaml", nil},
	{"no budget without being asked", pair, "poddisruptionbudget.yaml", nil},
	{"a budget", pair + "podDisruptionBudget: {enabled: true}", "poddisruptionbudget.yaml", map[string]string{
		"spec.maxUnavailable": "1", "spec.minAvailable": "<none>", "spec.unhealthyPodEvictionPolicy": "AlwaysAllow",
	}},
	{"a budget of zero", pair + "podDisruptionBudget: {enabled: true, maxUnavailable: 0}", "poddisruptionbudget.yaml", map[string]string{
		"spec.maxUnavailable": "0",
	}},
	{"a budget of a share", pair + "podDisruptionBudget: {enabled: true, minAvailable: 50%}", "poddisruptionbudget.yaml", map[string]string{
		"spec.minAvailable": "50%", "spec.maxUnavailable": "<none>",
	}},
	{"no policy without being asked", pair, "networkpolicy.yaml", nil},
	{"both ways", pair + "networkPolicy: {enabled: true}", "networkpolicy.yaml", map[string]string{
		"spec.policyTypes": "[Ingress Egress]", "spec.ingress.0.ports.0.port": "http",
		"spec.ingress.0.from.1.podSelector.matchLabels": "map[app.kubernetes.io/name:grafana]",
		"spec.egress.0.ports.0.port":                    "53", "spec.egress.1.ports.0.port": "9090", "spec.egress.1.to": "<none>",
	}},
	{"open to all", pair + "networkPolicy: {enabled: true, ingress: {from: []}, egress: {dns: false}}", "networkpolicy.yaml", map[string]string{
		"spec.ingress.0.from": "<none>", "spec.egress.0.ports.0.port": "9090",
	}},
	{"the replicas let it in", pair + "networkPolicy: {upstreamPolicy: {enabled: true, namespace: m, podLabels: {a: b}}}", "networkpolicy-upstream.yaml", map[string]string{
		"metadata.namespace": "m", "spec.podSelector.matchLabels": "map[a:b]", "spec.policyTypes": "[Ingress]",
		"spec.ingress.0.from.0.namespaceSelector.matchLabels": "map[kubernetes.io/metadata.name:ns]",
		"spec.ingress.0.ports.0.port":                         "9090",
	}},
	{"a monitor of the Service", pair + "serviceMonitor: {enabled: true, interval: 15s, additionalLabels: {release: k}}", "servicemonitor.yaml", map[string]string{
		"spec.endpoints.0": "map[interval:15s path:/metrics port:http]", "metadata.labels.release": "k",
		"spec.namespaceSelector.matchNames": "[ns]",
	}},
	{"a monitor by TLS", pair + "serviceMonitor: {enabled: true}\nwebConfig: {existingSecret: s, tls: true}", "servicemonitor.yaml", map[string]string{
		"spec.endpoints.0": "map[path:/metrics port:http scheme:https]",
	}},
	{"a monitor of the pods", pair + "podMonitor: {enabled: true}", "podmonitor.yaml", map[string]string{
		"spec.podMetricsEndpoints.0.port": "http", "spec.selector.matchLabels": "map[app.kubernetes.io/instance:r app.kubernetes.io/name:prombraid]",
	}},
	{"a monitor of sidecars", "mode: sidecar-only\npodMonitor: {enabled: true, port: braid, podLabels: {a: b}}", "podmonitor.yaml", map[string]string{
		"spec.podMetricsEndpoints.0.port": "braid", "spec.selector.matchLabels": "map[a:b]",
	}},
	{"rules", pair + "prometheusRule: {enabled: true, runbookUrl: \"https://r\"}", "prometheusrule.yaml", map[string]string{
		"spec.groups.0.name": "prombraid.rules", "spec.groups.1.rules.0.expr": `absent(prombraid_build_info{namespace="ns"})`,
		"spec.groups.1.rules.0.annotations.runbook_url": "https://r#prombraidabsent", "spec.groups.2": "<none>",
	}},
	{"rules of one's own", pair + "prometheusRule: {enabled: true, disabled: [PrombraidAbsent], overrides: {PrombraidReadErrorRateHigh: {for: 1h}}, extraRules: [{record: a, expr: b}]}", "prometheusrule.yaml", map[string]string{
		"spec.groups.1.rules.0.alert": "PrombraidReadErrorRateHigh", "spec.groups.1.rules.0.for": "1h",
		"spec.groups.2.rules.0.record": "a",
	}},
	{"a dashboard", pair + "dashboards: {enabled: true, folder: F}", "dashboards.yaml", map[string]string{
		"metadata.labels.grafana_dashboard": "1", "metadata.annotations.grafana_folder": "F",
	}},
	{"a data source", pair + "grafanaDatasource: {enabled: true, url: \"http://p\"}", "grafana-datasource.yaml", map[string]string{
		"metadata.labels.grafana_datasource": "1",
	}},
	{"no names without being asked", pair, "ingress.yaml", nil},
	{"a name", pair + "ingress: {enabled: true, className: c, hosts: [{host: h}], tls: [{secretName: s}]}", "ingress.yaml", map[string]string{
		"spec.ingressClassName": "c", "spec.rules.0.host": "h", "spec.tls.0.secretName": "s",
		"spec.rules.0.http.paths.0": "map[backend:map[service:map[name:r-prombraid port:map[name:http]]] path:/ pathType:Prefix]",
	}},
	{"paths", pair + "ingress: {enabled: true, hosts: [{host: h, paths: [{path: /a, pathType: Exact}, {path: /b}]}]}", "ingress.yaml", map[string]string{
		"spec.rules.0.http.paths.0.pathType": "Exact", "spec.rules.0.http.paths.1.path": "/b", "spec.ingressClassName": "<none>",
	}},
	{"no name of a sidecar", "mode: sidecar-only\ningress: {enabled: true, hosts: [{host: h}]}", "ingress.yaml", nil},
	{"no route without being asked", pair, "httproute.yaml", nil},
	{"a route", pair + "service: {port: 80}\nroute: {enabled: true, parentRefs: [{name: g}], hostnames: [h]}", "httproute.yaml", map[string]string{
		"spec.parentRefs.0.name": "g", "spec.hostnames": "[h]", "spec.rules.0.backendRefs": "[map[name:r-prombraid port:80]]",
		"spec.rules.0.matches": "[map[path:map[type:PathPrefix value:/]]]", "spec.rules.0.filters": "<none>",
	}},
	{"no advice without being asked", pair, "verticalpodautoscaler.yaml", nil},
	{"requests that follow", pair + "verticalPodAutoscaler: {enabled: true, maxAllowed: {memory: 1Gi}}", "verticalpodautoscaler.yaml", map[string]string{
		"spec.targetRef.name": "r-prombraid", "spec.updatePolicy.updateMode": "Off",
		"spec.resourcePolicy.containerPolicies.0": "map[containerName:prombraid controlledResources:[cpu memory] maxAllowed:map[memory:1Gi]]",
	}},
	{"a test", pair + "service: {port: 80}", "test-ready.yaml", map[string]string{
		"spec.containers.0.args": "[check ready --url=http://r-prombraid.ns.svc:80]", "spec.containers.0.image": "prombraid:0.1.0",
		"metadata.annotations": "map[helm.sh/hook:test helm.sh/hook-delete-policy:before-hook-creation,hook-succeeded]",
	}},
	{"no test behind TLS", pair + "webConfig: {existingSecret: s, tls: true}", "test-ready.yaml", nil},
	{"no test that is not wanted", pair + "testPod: {enabled: false}", "test-ready.yaml", nil},
	{"any object", pair + "extraObjects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: \"{{ .Release.Name }}-x\"}}]", "extra-objects.yaml", map[string]string{
		"metadata.name": "r-x",
	}},
}

func TestTemplates(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range cases {
		seen[c.template] = true
		t.Run(strings.TrimSuffix(c.template, ".yaml")+": "+c.title, func(t *testing.T) { c.check(t) })
	}
	files, err := filepath.Glob(filepath.Join(Folder(), "templates", "*.yaml"))
	must(t, err)
	for _, file := range files {
		if !seen[filepath.Base(file)] {
			t.Errorf("%s has no case", filepath.Base(file))
		}
	}
}

func (c given) check(t *testing.T) {
	values, err := chartutil.ReadValues([]byte(c.values))
	must(t, err)
	made, err := Render(values, newest)
	must(t, err)
	objects := made.Objects[c.template]
	if c.want == nil {
		if len(objects) > 0 {
			t.Errorf("it makes %v", objects)
		}
		return
	}
	if len(objects) != 1 {
		t.Fatalf("%d objects", len(objects))
	}
	for path, want := range c.want {
		if got := at(map[string]any(objects[0]), path); got != want {
			t.Errorf("%s is %s, not %s", path, got, want)
		}
	}
}

// at is what stands at a path, as text; a part of a path is a key or an index, and labels keep their
// dots by being asked for as a whole map.
func at(node any, path string) string {
	for _, part := range strings.Split(path, ".") {
		switch inner := node.(type) {
		case Object:
			node = inner[part]
		case map[string]any:
			node = inner[part]
		case []any:
			n, err := strconv.Atoi(part)
			if err != nil || n >= len(inner) {
				return "<none>"
			}
			node = inner[n]
		default:
			return "<none>"
		}
	}
	if node == nil {
		return "<none>"
	}
	return fmt.Sprint(node)
}

func TestRefusals(t *testing.T) {
	for title, c := range map[string]struct{ values, says string }{
		"no replicas":              {"{}", "replicas or config is required"},
		"a value that is not":      {pair + "replcaCount: 3", "replcaCount"},
		"replicas among the flags": {pair + "extraArgs: [--replicas=b:1]", "extraArgs"},
		"a name of all":            {pair + "ingress: {enabled: true}", "ingress.hosts is required"},
		"a route from nowhere":     {pair + "route: {enabled: true}", "route.parentRefs is required"},
		"two that follow the load": {pair + "autoscaling: {enabled: true}\nverticalPodAutoscaler: {enabled: true, updateMode: Auto}", "updateMode Off only advises"},
		"a web file by a flag":     {pair + "extraArgs: [--web.config.file=w]", "extraArgs"},
		"a mode that is not":       {pair + "mode: statefulset", "mode"},
		"whose pods":               {pair + "networkPolicy: {upstreamPolicy: {enabled: true}}", "podLabels is required"},
		"which sidecars":           {"mode: sidecar-only\npodMonitor: {enabled: true}", "podLabels is required"},
		"an alert that is not":     {pair + "prometheusRule: {enabled: true, disabled: [Nothing]}", "there is no alert Nothing"},
		"a source of nothing":      {pair + "grafanaDatasource: {enabled: true}", "url is required"},
		"a digest that is not":     {pair + "image: {digest: latest}", "digest"},
	} {
		t.Run(title, func(t *testing.T) {
			values, err := chartutil.ReadValues([]byte(c.values))
			must(t, err)
			if _, err := Render(values, newest); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, which does not say %s", err, c.says)
			}
		})
	}
}

// TestDashboardIsCarriedWhole guards the mixin's way through the template.
func TestDashboardIsCarriedWhole(t *testing.T) {
	values, err := chartutil.ReadValues([]byte(pair + "dashboards: {enabled: true}"))
	must(t, err)
	made, err := Render(values, newest)
	must(t, err)
	want, err := os.ReadFile(filepath.Join(Folder(), "mixin/dashboard.json"))
	must(t, err)
	data, _ := made.Objects["dashboards.yaml"][0]["data"].(map[string]any)
	if got := data["prombraid.json"]; got != strings.TrimSpace(string(want)) {
		t.Errorf("%v", got)
	}
}
