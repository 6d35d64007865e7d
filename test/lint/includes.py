"""The direction of every #include: which room may use which, and what the core never touches."""

import re

# A room is a folder of src. The ones to its right are all that it may include beside itself; what
# stands above uses nothing below. docs/ARCHITECTURE.md draws the same.
ROOMS = {
    "base": "",
    "series": "base",
    "trace": "base",
    "log": "base",
    "tls": "base",
    "access": "base log tls",
    "metrics": "base",
    "wire": "base series",
    "chunk": "base series",
    "merge": "base series chunk",
    "query": "base series wire merge",
    "discovery": "base log",
    "config": "base log tls access discovery",
    "replica": "base log series wire chunk discovery tls access",
    "server": "base tls trace",
    "guard": "base log tls config server",
    "read": "base tls access series wire chunk merge query discovery replica server log metrics trace",
    "api": "base tls access series wire chunk merge query discovery replica server log metrics trace read",
    "app": "base tls access guard series wire chunk merge query discovery replica server log metrics trace config read api",
}

CORE = {"base", "trace", "series", "wire", "chunk", "merge", "query"}
# Discovery's policy is core as well; its resolver is not.
CORE_FILES = re.compile(r"src/discovery/(address|answer|lookups|refresh|policy|endpoint)\w*\.(h|cc)")

FORBIDDEN_IN_CORE = re.compile(
    r"boost/(asio|beast)|ares|openssl/|spdlog/|prometheus/|CLI/"
    r"|thread|mutex|condition_variable|future|sys/socket\.h|netinet/|unistd\.h|iostream"
)
# <chrono> may name a duration; asking for the time is the caller's.
CLOCK = re.compile(r"(steady|system|high_resolution)_clock::now|gettimeofday|clock_gettime|\btime\((NULL|nullptr|0|&)")

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.MULTILINE)


def sources(root, paths):
    for path in paths:
        if path.parts[0] == "src" and len(path.parts) > 2 and path.suffix in (".cc", ".h"):
            yield path, path.parts[1], (root / path).read_text()


def check(root, paths):
    faults = []
    for path, room, text in sources(root, paths):
        allowed = {room, *ROOMS.get(room, "").split()}
        if room not in ROOMS:
            faults.append(f"{path}: room {room} is not in the table of test/lint/includes.py")
            continue
        for kind, name in INCLUDE.findall(text):
            other = name.split("/")[0]
            if kind == '"' and "/" in name and other not in allowed:
                faults.append(f"{path}: {room} must not include {name}")
    return faults


def check_table(root):
    """A room is only listed below what it uses, and only as long as it exists."""
    faults = []
    seen = set()
    for room, used in ROOMS.items():
        faults += [f"{room} uses {u}, which stands below it" for u in used.split() if u not in seen]
        seen.add(room)
        if not (root / "src" / room).is_dir():
            faults.append(f"there is no room src/{room}")
    return faults


def check_core(root, paths):
    faults = []
    for path, room, text in sources(root, paths):
        if room not in CORE and not CORE_FILES.fullmatch(str(path)):
            continue
        for _, name in INCLUDE.findall(text):
            if FORBIDDEN_IN_CORE.match(name):
                faults.append(f"{path}: the core must not include {name}")
        code = re.sub(r"//.*", "", text)
        if CLOCK.search(code):
            faults.append(f"{path}: the core must not ask for the time")
    return faults
