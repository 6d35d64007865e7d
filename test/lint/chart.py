"""The Helm chart and the image, as far as they can be checked without helm and docker: that they
agree with the program, with one another and with themselves. test/chart renders the templates."""

import json
import re
import subprocess
import sys

import yaml

import values

CHART = "helm/prombraid"
# Where flags are named: folders and files of the root.
NAMING = {"helm", "docker", "docs", "examples", "README.md", "CHANGELOG.md"}
# Of a Prometheus that stands beside Prombraid there.
FOREIGN = {"storage.tsdb.path"}
VALUE = re.compile(r"\.Values\.([A-Za-z][\w.]*)")
FLAG = re.compile(r"(?<![\w-])--([a-z][\w.-]*\w)")
GIVEN = re.compile(r"^\s+(?:-\w, )?--(?:\[no-\])?([a-z][\w.-]*)", re.MULTILINE)


def load(root, name):
    return yaml.safe_load((root / CHART / name).read_text())


def templates(root):
    return sorted((root / CHART / "templates").iterdir())


def leaves(tree, above=()):
    """The paths of all values that are not maps with something in them."""
    for name, value in tree.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, (*above, name))
        else:
            yield (*above, name)


def check_values(root):
    """values.yaml and each file of ci/ are as the schema says."""
    schema = json.loads((root / CHART / "values.schema.json").read_text())
    defaults = load(root, "values.yaml")
    faults = values.faults_of(schema, defaults)
    cases = sorted((root / CHART / "ci").glob("*-values.yaml"))
    if len(cases) < 12:
        faults.append(f"{CHART}/ci: {len(cases)} value files")
    for case in cases:
        given = yaml.safe_load(case.read_text())
        faults += [f"{case.name}: {fault}" for fault in values.faults_of(schema, given)]
    return faults


def check_templates(root):
    """Templates use what values.yaml has, and all of it."""
    defaults = load(root, "values.yaml")
    text = "".join(file.read_text() for file in templates(root))
    used = {tuple(path.split(".")) for path in VALUE.findall(text)}
    faults = []
    for path in sorted(used):
        node = defaults
        for name in path:
            node = node.get(name) if isinstance(node, dict) else None
        if node is None:
            faults.append(f".Values.{'.'.join(path)} is not in values.yaml")
    for path in leaves(defaults):
        if not any(path[: len(whole)] == whole for whole in used):
            faults.append(f"no template uses {'.'.join(path)}")
    return faults


def check_flags(root, paths):
    """A flag that a document, the chart or the image names is one that the program has."""
    given = set(GIVEN.findall((root / "test/config/help.golden").read_text()))
    families = {flag.split(".")[0] for flag in given if "." in flag} | {"replicas", "replica-label"}
    faults = []
    for path in paths:
        if path.parts[0] not in NAMING or path.suffix == ".png":
            continue
        for flag in FLAG.findall((root / path).read_text()):
            if flag.split(".")[0] in families and flag not in given | FOREIGN:
                faults.append(f"{path}: there is no flag --{flag}")
    return faults


def check_container(root):
    """Port, routes, user and version are the same wherever they are written."""
    deployment = (root / CHART / "templates/deployment.yaml").read_text()
    dockerfile = (root / "docker/Dockerfile").read_text()
    routes = (root / "src/app/process_routes.cc").read_text()
    listen = (root / "test/config/help.golden").read_text()
    build = (root / "meson.build").read_text()
    chart, pod = load(root, "Chart.yaml"), load(root, "values.yaml")
    port = re.search(r"--web\.listen-address=:(\d+)", listen).group(1)
    user = pod["podSecurityContext"]["runAsUser"]
    version = re.search(r"^  version: '([^']+)'", build, re.MULTILINE).group(1)
    wanted = {
        f"containerPort: {port}": f"containerPort: {port}\n" in deployment,
        f"EXPOSE {port}": f"EXPOSE {port}\n" in dockerfile,
        f"service.port: {port}": pod["service"]["port"] == int(port),
        f"USER {user}": f"USER {user}:{pod['podSecurityContext']['runAsGroup']}\n" in dockerfile,
        f"appVersion: {version}": chart["appVersion"] == version,
    }
    probes = (pod["livenessProbe"], pod["readinessProbe"])
    for route in [probe["httpGet"]["path"] for probe in probes]:
        wanted[f"a route {route}"] = f'"{route}"' in routes
    return [f"missing or different: {what}" for what, there in wanted.items() if not there]


def check_restricted(root):
    """The defaults keep to the restricted Pod Security Standard, and leave no token in the pod."""
    given = load(root, "values.yaml")
    pod, container = given["podSecurityContext"], given["securityContext"]
    wanted = {
        "runAsNonRoot": pod.get("runAsNonRoot") is True,
        "a numeric user, not root": isinstance(pod.get("runAsUser"), int) and pod["runAsUser"] > 0,
        "seccompProfile": pod.get("seccompProfile") == {"type": "RuntimeDefault"},
        "no more privileges": container.get("allowPrivilegeEscalation") is False,
        "readOnlyRootFilesystem": container.get("readOnlyRootFilesystem") is True,
        "no capabilities": container.get("capabilities") == {"drop": ["ALL"]},
        "no token": "automountServiceAccountToken: false"
        in (root / CHART / "templates/deployment.yaml").read_text(),
    }
    return [f"{CHART}: {what}" for what, kept in wanted.items() if not kept]


def check_readme(root):
    """The chart's README is what its script makes of values.yaml."""
    command = [sys.executable, str(root / CHART / "readme.py")]
    made = subprocess.run(command, text=True, capture_output=True, check=False)
    if made.returncode != 0:
        return made.stderr.splitlines()
    kept = (root / CHART / "README.md").read_text()
    return [] if made.stdout == kept else [f"{CHART}/readme.py > {CHART}/README.md"]


def check_notes(root):
    """NOTES name the three traps."""
    notes = (root / CHART / "templates/NOTES.txt").read_text()
    traps = ("Recursion", "filter_external_labels: false", "headless", "prometheus-operated")
    return [f"NOTES.txt does not name {trap}" for trap in traps if trap not in notes]
