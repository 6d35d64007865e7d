"""docs/api.md's table of paths, held to the routes that the sources add."""

import re

PAGE = "docs/api.md"
ROOMS = ("src/app", "src/api")
ADDED = re.compile(r"\badd\(\s*(method|\"[A-Z]+\"),\s*(path|\"/[^\"]*\")")
EACH = r"for \(const char\* %s :\s*\{([^}]*)\}\)"
TEXT = re.compile(r'"([^"]*)"')


def texts(word, name, before):
    """The texts that an argument stands for: its own, those of the loop that it is in, or none, where a
    function passes it on."""
    if word.startswith('"'):
        return TEXT.findall(word)
    loops = re.findall(EACH % name, before)
    return TEXT.findall(loops[-1]) if loops else []


def added(root):
    """Each route of the sources, as its path and its methods."""
    routes = {}
    for room in ROOMS:
        for file in sorted((root / room).glob("*.cc")):
            text = file.read_text()
            for call in ADDED.finditer(text):
                before = text[: call.start()]
                for path in texts(call[2], "path", before):
                    routes.setdefault(path.replace("*", "NAME"), set()).update(texts(call[1], "method", before))
    return routes


def told(root):
    """The same from the page. A name without a slash stands beside the path before it."""
    routes = {}
    for row in re.findall(r"^\| (`/.*?) \| ([A-Z, ]+) \|", (root / PAGE).read_text(), re.MULTILINE):
        folder = ""
        for path in re.findall(r"`([^`]+)`", row[0]):
            folder = path.rsplit("/", 1)[0] if path.startswith("/") else folder
            whole = path if path.startswith("/") else f"{folder}/{path}"
            routes[whole] = set(row[1].split(", "))
    return routes


def check(root):
    there, page = added(root), told(root)
    faults = [f"{PAGE} does not tell of {path}" for path in sorted(set(there) - set(page))]
    faults += [f"{PAGE} tells of {path}, which is no route" for path in sorted(set(page) - set(there))]
    for path in sorted(set(page) & set(there)):
        if page[path] != there[path]:
            faults.append(f"{PAGE}: {path} takes {sorted(there[path])}, not {sorted(page[path])}")
    return faults or ([] if len(there) > 20 else [f"only {len(there)} routes were found"])
