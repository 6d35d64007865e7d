"""Pages that are made from the code: docs/flags.md from what --help prints."""

import re

PAGE = "docs/flags.md"
HELP = "test/config/help.golden"
FLAG = re.compile(r"^  (?:(-\w), )?--(\[no-\])?([a-z][\w.-]*)(?:=(\S+))?( \.\.\.)?$")
HEAD = """# Flags

Made from `prombraid --help` by `python3 test/lint/reference.py > docs/flags.md`; lint checks it. A flag stands
as `--flag=value` or `--flag value`. Durations are written as 1h30m or 250ms, sizes as 64MiB, counts as
50000000 or 5e7.
"""


def page(root):
    """Each heading of the help is a section, each flag a row."""
    out, row = [HEAD.rstrip()], None
    for line in (root / HELP).read_text().splitlines():
        flag = FLAG.match(line)
        if re.fullmatch(r"[A-Z][\w ]*:", line):
            out += ["", f"## {line[:-1]}", "", "| flag | default | what it is |", "| --- | --- | --- |"]
            row = None
        elif flag:
            _, negated, name, value, again = flag.groups()
            given = value if value and not value.isupper() else ""
            shown = f"--{'[no-]' if negated else ''}{name}{'=' + value if value and not given else ''}"
            row = len(out)
            out.append(f"| `{shown}`{', may be repeated' if again else ''} | {given} |")
        elif row is not None and line.startswith("          "):
            out[row] += " " + line.strip().replace("|", "\\|")
        elif row is not None and not line.strip():
            row = None
    closed = [line + " |" if line.startswith("| `") else line for line in out]
    return "\n".join(closed) + "\n"


def check(root):
    made = page(root)
    kept = (root / PAGE).read_text() if (root / PAGE).is_file() else ""
    return [] if made == kept else [f"python3 test/lint/reference.py > {PAGE}"]


if __name__ == "__main__":
    import pathlib

    print(page(pathlib.Path(__file__).resolve().parents[2]), end="")
