"""The systemd unit: how much of the machine it leaves to the process, by systemd's own score."""

import pathlib
import re
import subprocess

UNIT = "scripts/package/prombraid.service"
# From 0, nothing is left to it, to 10.
WORST = 1.5


def said(root):
    command = ["systemd-analyze", "security", "--offline=true", str(root / UNIT)]
    return subprocess.run(command, text=True, capture_output=True, check=False).stdout


def check(root):
    score = re.search(r"Overall exposure level for \S+: ([0-9.]+)", said(root))
    if not score:
        return [f"systemd-analyze gives no score of {UNIT}"]
    if float(score[1]) > WORST:
        return [f"{UNIT}: exposure level {score[1]}, more than {WORST}"]
    return []


def check_reload(root):
    text = (root / UNIT).read_text()
    wanted = ("Type=notify", "WatchdogSec=", "ExecReload=")
    return [f"{UNIT} has no {line}" for line in wanted if f"\n{line}" not in text]


if __name__ == "__main__":
    print(said(pathlib.Path(__file__).resolve().parents[2]).splitlines()[-1])
