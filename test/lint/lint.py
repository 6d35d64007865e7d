#!/usr/bin/env python3
"""Checks of the repository's own rules. Each prints `ok NAME`, `FAIL NAME` with what to mend, or
`skip NAME` with the reason; any failure makes the exit code 1."""

import pathlib
import shutil
import subprocess
import sys

import chart
import files
import includes
import keys
import mixin
import reference
import routes
import unit
import words

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Skip(Exception):
    """A tool that a check needs is not here."""


def run(*command):
    """The lines that a tool complains with."""
    if shutil.which(command[0]) is None:
        raise Skip(f"{command[0]} is not installed")
    done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=False)
    return [] if done.returncode == 0 else (done.stdout + done.stderr).splitlines()[:40]


def tracked():
    """All files of the repository, new ones included, as paths relative to its root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=True,
    )
    paths = [pathlib.Path(name) for name in listed.stdout.split("\0") if name]
    return [path for path in paths if (ROOT / path).is_file()]


def shell_scripts(paths):
    return [str(p) for p in paths if files.shebang(ROOT / p).endswith(("bash", "sh"))]


def main():
    paths = tracked()
    cc = [str(p) for p in paths if p.suffix in (".cc", ".h")]
    checks = {
        "includes go one way": lambda: includes.check(ROOT, paths),
        "the include table has no room too many": lambda: includes.check_table(ROOT),
        "the core has no sockets, threads or clocks": lambda: includes.check_core(ROOT, paths),
        "C++ is formatted": lambda: run("clang-format-19", "--dry-run", "--Werror", *cc),
        "files are short": lambda: files.check_length(ROOT, paths),
        "text is clean": lambda: files.check_text(ROOT, paths),
        "scripts can be run": lambda: files.check_scripts(ROOT, paths),
        "links in documents lead somewhere": lambda: files.check_links(ROOT, paths),
        "no words of one machine": lambda: words.check_machine(ROOT, paths),
        "no secrets": lambda: words.check_secrets(ROOT, paths),
        "no licence headers, LICENSE holds for all": lambda: words.check_licence(ROOT, paths),
        "the chart's values are as its schema says": lambda: chart.check_values(ROOT),
        "the chart's templates use the chart's values": lambda: chart.check_templates(ROOT),
        "flags that are named exist": lambda: chart.check_flags(ROOT, paths),
        "chart, image and program agree": lambda: chart.check_container(ROOT),
        "the chart runs restricted": lambda: chart.check_restricted(ROOT),
        "the chart's notes name the traps": lambda: chart.check_notes(ROOT),
        "the chart's README is as its script makes it": lambda: chart.check_readme(ROOT),
        "the page of flags is what --help says": lambda: reference.check(ROOT),
        "the page of keys is what the schema says": lambda: keys.check(ROOT),
        "the page of the HTTP API has every route": lambda: routes.check(ROOT),
        "the mixin's rules are rules": lambda: run(
            "promtool", "check", "rules", *(f"{mixin.MIXIN}/{name}.yaml" for name in ("alerts", "rules"))
        ),
        "the mixin's alerts fire when they should": lambda: run(
            "promtool", "test", "rules", f"{mixin.MIXIN}/alerts_test.yaml"
        ),
        "each alert is tested": lambda: mixin.check_tests(ROOT),
        "each alert has a runbook": lambda: mixin.check_runbooks(ROOT),
        "the dashboard is as its script prints it": lambda: mixin.check_dashboard(ROOT),
        "systemd finds the unit hardened": lambda: unit.check(ROOT),
        "the unit tells, is watched and loads anew": lambda: unit.check_reload(ROOT),
        "shell scripts are sound": lambda: run("shellcheck", "-x", *shell_scripts(paths)),
    }
    failed = False
    for name, check in checks.items():
        try:
            faults = check()
        except Skip as reason:
            print(f"skip {name}: {reason}")
            continue
        print(f"{'FAIL' if faults else 'ok'} {name}")
        for fault in faults:
            print(f"     {fault}")
        failed = failed or bool(faults)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
