#!/usr/bin/env python3
"""Prints the chart's README.md: its values are those of values.yaml, each with the comment above it."""

import json
import pathlib
import re
import sys

import yaml

HERE = pathlib.Path(__file__).resolve().parent
KEY = re.compile(r"^( *)([A-Za-z]\w*):")

HEAD = """# The prombraid chart

Runs [Prombraid](../../README.md) as a Deployment with a Service, or brings what watches it where it
is a container of other pods. Kubernetes {kubernetes}.

```sh
helm install prombraid helm/prombraid --set image.repository=registry.example.com/prombraid \\
  --set 'replicas={{dns+prometheus-pair.monitoring.svc:9090}}'
```

The notes that Helm prints name three traps: recursion, external labels, and Services that select
too much or balance loads. [ci/](ci) has a file of values for each use, which are the ones tested:
rendered, held to the types of the oldest and the newest Kubernetes and to the restricted Pod
Security Standard. No cluster was at hand: admission, scheduling and NetworkPolicies at work are not
tested.

## Values

| value | default | what it is |
| --- | --- | --- |
"""

TAIL = """
## Upgrading

### 0.3.0

Pods read a file of `config` anew when it changes, in place of being replaced: `configReload: restart`
brings that back. `--web.config.file` stands in `webConfig` and no longer in `extraArgs`.

### 0.2.0

`extraArgs`, `replicas`, `image`, `service` and what is as in a pod are as they were. Pods keep off one
another's nodes where they can, and `fsGroup` is set: `podAntiAffinity: none` and
`podSecurityContext.fsGroup: null` bring back what was.

This file is made by `readme.py`.
"""


def comments(text):
    """What stands above each key, by its path."""
    found, above, path = {}, [], []
    for line in text.splitlines():
        key = KEY.match(line)
        if line.strip().startswith("#"):
            above.append(line.strip().lstrip("# "))
        elif key:
            path = [*path[: len(key.group(1)) // 2], key.group(2)]
            found[tuple(path)] = " ".join(above)
            above = []
        else:
            above = []
    return found


def rows(tree, said, above=()):
    for name, value in tree.items():
        path = (*above, name)
        # A map that is explained as a whole is the user's to fill.
        inner = isinstance(value, dict) and value and any(said.get((*path, key)) for key in value)
        if said.get(path) or not inner:
            shown = "" if inner else f"`{json.dumps(value)}`"
            yield ".".join(path), shown, said.get(path, "")
        if inner:
            yield from rows(value, said, path)


def main():
    text = (HERE / "values.yaml").read_text()
    chart = yaml.safe_load((HERE / "Chart.yaml").read_text())
    table = list(rows(yaml.safe_load(text), comments(text)))
    silent = [name for name, _, what in table if not what]
    if silent:
        sys.exit(f"values.yaml says nothing of {', '.join(silent)}")
    print(HEAD.format(kubernetes=chart["kubeVersion"].replace("-0", "")), end="")
    for name, default, what in table:
        print(f"| `{name}` | {default.replace('|', chr(92) + '|')} | {what} |")
    print(TAIL, end="")


if __name__ == "__main__":
    main()
