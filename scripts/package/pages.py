#!/usr/bin/env python3
"""Prints the manual page or bash's completions, from what `prombraid --help` prints:
pages.py man|completions PROMBRAID VERSION DATE"""

import re
import subprocess
import sys

FLAG = re.compile(r"^  (?:-\w, )?--(\[no-\])?([a-z][\w.-]*)(=\S+)?")


def escape(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text.startswith((".", "'")) else text


def man(text, version, date):
    """Headings of the help stand at the margin, flags two in, their text ten in."""
    out = [f'.TH PROMBRAID 1 "{date}" "prombraid {version}" "User Commands"', ".SH NAME",
           "prombraid \\- one gap\\-free answer over remote_read from every Prometheus replica",
           ".SH SYNOPSIS", ".nf"]
    lines = text.splitlines()
    blank = lines.index("")
    out += [escape(line.replace("usage:", "      ", 1).strip()) for line in lines[:blank]]
    out += [".fi", ".SH DESCRIPTION"]
    for line in lines[blank + 1 :]:
        if re.fullmatch(r"\S[^.]*:", line):
            out += [".SH " + escape(line[:-1].upper())]
        elif FLAG.match(line):
            out += [".TP", ".B " + escape(line.strip())]
        elif not line.strip():
            out += [".PP"] if not out[-1].startswith((".PP", ".SH")) else []
        else:
            out += [escape(line.strip())]
    # A paragraph before a heading or a flag is one too many.
    kept = [line for i, line in enumerate(out)
            if not (line == ".PP" and out[i + 1 : i + 2] and out[i + 1].startswith((".SH", ".TP")))]
    return kept + [".SH SEE ALSO", ".BR prometheus (1)"]


def completions(text, *_):
    flags = []
    for line in text.splitlines():
        if found := FLAG.match(line):
            negated, name, value = found.groups()
            flags.append(f"--{name}{'=' if value else ''}")
            flags += [f"--no-{name}"] if negated else []
    return [
        "# bash completion of prombraid",
        "_prombraid() {",
        "  local word=${COMP_WORDS[COMP_CWORD]}",
        f"  local flags='{' '.join(flags)}'",
        "  [ \"$COMP_CWORD\" -eq 1 ] && flags=\"explain check $flags\"",
        "  mapfile -t COMPREPLY < <(compgen -W \"$flags\" -- \"$word\")",
        "  [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace",
        "}",
        "complete -F _prombraid prombraid",
    ]


def main():
    what, program, version, date = sys.argv[1:]
    text = subprocess.run([program, "--help"], text=True, capture_output=True, check=True).stdout
    print("\n".join({"man": man, "completions": completions}[what](text, version, date)))


if __name__ == "__main__":
    main()
