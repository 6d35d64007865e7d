"""Words that do not belong into the repository: of one machine, secret, or against its policy."""

import re

MACHINE = re.compile(
    r"/(work|home|root|tmp/wt|Users)/\w"
    r"|/(tmp)/(?!prombraid)[a-z]+-?(build|wt)"
    r"|\b(localhost\.localdomain|\w+\.internal|\w+\.corp)\b"
    r"|[\w.-]*(artifactory|nexus)[\w-]*\.\w+"
)
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\b(AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_[A-Za-z0-9]{36}"
    r"|\bxox[abprs]-[A-Za-z0-9-]{10,}"
    r"|\beyJ[A-Za-z0-9_-]{20,}\.eyJ"
    r"|://[^/\s:@]+:[^/\s:@$<>{}]{4,}@"
)
LICENCE = re.compile(r"SPDX-License-Identifier|Copyright \(c\)|Licensed under the Apache License")

# The only files that may name what they look for.
EXEMPT = {"test/lint/words.py", "LICENSE"}


def search(root, paths, pattern):
    faults = []
    for path in paths:
        if str(path) in EXEMPT or "corpus" in path.parts or "golden" in path.parts:
            continue
        text = (root / path).read_text(errors="replace")
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            faults.append(f"{path}:{line}: {match.group(0)[:60]}")
    return faults[:40]


def check_machine(root, paths):
    return search(root, paths, MACHINE)


def check_secrets(root, paths):
    return search(root, paths, SECRET)


def check_licence(root, paths):
    """Files carry no header; copied .proto files keep theirs."""
    return search(root, [p for p in paths if p.suffix != ".proto"], LICENCE)
