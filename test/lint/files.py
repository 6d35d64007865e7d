"""Checks of files as files: length, white space, modes, links."""

import os
import re

LENGTHS = {"src": 500, "test": 900, "bench": 500, "scripts": 500}
TEXT = {".cc", ".h", ".py", ".sh", ".md", ".build", ".txt", ".yaml", ".yml", ".go", ".proto", ".in"}
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def shebang(path):
    with open(path, "rb") as file:
        first = file.readline(200)
    return first.decode(errors="replace").strip() if first.startswith(b"#!") else ""


def is_text(root, path):
    return path.suffix in TEXT or shebang(root / path) != ""


def check_length(root, paths):
    faults = []
    for path in paths:
        limit = LENGTHS.get(path.parts[0])
        if limit is None or path.suffix not in (".cc", ".h", ".py", ".go", ""):
            continue
        if "corpus" in path.parts or "golden" in path.parts:
            continue
        lines = (root / path).read_bytes().count(b"\n")
        if lines > limit:
            faults.append(f"{path}: {lines} lines, at most {limit}")
    return faults


def check_text(root, paths):
    faults = []
    for path in paths:
        if not is_text(root, path) or "corpus" in path.parts:
            continue
        data = (root / path).read_bytes()
        try:
            text = data.decode()
        except UnicodeDecodeError:
            faults.append(f"{path}: not UTF-8")
            continue
        if data and not data.endswith(b"\n"):
            faults.append(f"{path}: no newline at the end")
        for number, line in enumerate(text.split("\n"), 1):
            if line != line.rstrip():
                faults.append(f"{path}:{number}: white space at the end")
            if "\t" in line and path.suffix != ".go":
                faults.append(f"{path}:{number}: a tab")
    return faults[:40]


def check_scripts(root, paths):
    faults = []
    for path in paths:
        wants = shebang(root / path) != ""
        can = os.access(root / path, os.X_OK)
        if wants != can and path.suffix != ".py":
            faults.append(f"{path}: {'not executable' if wants else 'executable without #!'}")
    return faults


def check_links(root, paths):
    faults = []
    for path in paths:
        if path.suffix != ".md":
            continue
        for target in LINK.findall((root / path).read_text()):
            if "://" not in target and not (root / path.parent / target).exists():
                faults.append(f"{path}: no {target}")
    return faults
