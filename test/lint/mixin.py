"""The mixin: alerts, rules and the dashboard that the chart brings, and the runbooks of the alerts."""

import re
import subprocess
import sys

import yaml

MIXIN = "helm/prombraid/mixin"
RUNBOOKS = "docs/runbooks.md"
PARTS = ("**Meaning.**", "**Impact.**", "**Diagnosis.**", "**Mitigation.**")


def load(root, name):
    return yaml.safe_load((root / MIXIN / name).read_text())


def alerts(root):
    return [rule for group in load(root, "alerts.yaml")["groups"] for rule in group["rules"]]


def check_dashboard(root):
    """dashboard.json is what dashboard.py prints."""
    command = [sys.executable, str(root / MIXIN / "dashboard.py")]
    made = subprocess.run(command, text=True, capture_output=True, check=True).stdout
    kept = (root / MIXIN / "dashboard.json").read_text()
    return [] if made == kept else [f"{MIXIN}/dashboard.py > {MIXIN}/dashboard.json"]


def check_tests(root):
    """Each alert has a test in which it fires and one in which it does not."""
    seen = {True: set(), False: set()}
    for case in load(root, "alerts_test.yaml")["tests"]:
        for rule in case["alert_rule_test"]:
            seen[bool(rule["exp_alerts"])].add(rule["alertname"])
    faults = []
    for alert in alerts(root):
        name = alert["alert"]
        faults += [f"no test has {name} fire"] if name not in seen[True] else []
        faults += [f"no test has {name} silent"] if name not in seen[False] else []
    return faults


def check_runbooks(root):
    """Each alert has a runbook of all its parts, which its annotation leads to."""
    sections = {}
    for section in re.split(r"^## ", (root / RUNBOOKS).read_text(), flags=re.MULTILINE)[1:]:
        title, text = section.split("\n", 1)
        sections[title] = text
    faults = []
    for alert in alerts(root):
        name = alert["alert"]
        if alert["annotations"]["runbook_url"] != f"{RUNBOOKS}#{name.lower()}":
            faults.append(f"{name}: runbook_url {alert['annotations']['runbook_url']}")
        faults += [f"{RUNBOOKS}: {name} has no {p}" for p in PARTS if p not in sections.get(name, "")]
    names = {alert["alert"] for alert in alerts(root)}
    return faults + [f"{RUNBOOKS}: {title} is no alert" for title in sections if title not in names]
