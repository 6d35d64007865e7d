"""The reference of the configuration file's keys, made from its JSON schema, which a unit test holds to
what the program prints: docs/config-keys.md."""

import json

PAGE = "docs/config-keys.md"
SCHEMA = "docs/config.schema.json"
HEAD = """# Keys of the configuration file

Made from [config.schema.json](config.schema.json), as `prombraid check schema` prints it, by
`python3 test/lint/keys.py > docs/config-keys.md`; lint checks it. What they mean together is in
[configuration.md](configuration.md) and [security-tls.md](security-tls.md). `[]` is each map of a list,
`NAME` a name of your own.

Durations are written as 1h30m or 250ms, sizes as 64MiB, counts as 50000000 or 5e7.
"""
DURATION = "([0-9]+ms)?"
SIZE = "[KMGTPE]i?B"


def is_open(schema):
    """A map whose names are free."""
    return isinstance(schema.get("additionalProperties"), dict)


def kind(schema):
    """What stands behind the key, in a word or two."""
    named, pattern = schema.get("type"), schema.get("pattern", "")
    if "enum" in schema:
        return " or ".join(f"`{one}`" for one in schema["enum"])
    if DURATION in pattern:
        return "duration"
    if SIZE in pattern:
        return "size"
    if named == ["number", "string"]:
        return "count"
    if named == "boolean":
        return "true or false"
    if named == "array":
        return "list of maps" if "properties" in schema["items"] else "list of texts"
    if named == "object":
        texts = is_open(schema) and schema["additionalProperties"].get("type") == "string"
        return "map of texts" if texts else "map"
    return "text"


def rows(schema, above=""):
    """A row for each key, and behind it those of the map that it holds."""
    needed = set(schema.get("required", []))
    for name, inner in schema.get("properties", {}).items():
        path = above + name
        default = "required" if name in needed else f"`{inner['default']}`" if "default" in inner else ""
        said = inner.get("description", "").replace("|", "\\|")
        yield path, f"| `{path}` | {kind(inner)} | {default} | {said} |"
        if isinstance(inner.get("items"), dict):
            yield from rows(inner["items"], path + "[].")
        elif is_open(inner):
            yield from rows(inner["additionalProperties"], path + ".NAME.")
        else:
            yield from rows(inner, path + ".")


def page(root):
    """A section for each key of the file itself."""
    out, section = [HEAD.rstrip()], None
    for path, row in rows(json.loads((root / SCHEMA).read_text())):
        first = path.split(".")[0].removesuffix("[]")
        if first != section:
            section = first
            out += ["", f"## {first}", "", "| key | kind | default | what it is |", "| --- | --- | --- | --- |"]
        out.append(row)
    return "\n".join(out) + "\n"


def check(root):
    kept = (root / PAGE).read_text() if (root / PAGE).is_file() else ""
    return [] if page(root) == kept else [f"python3 test/lint/keys.py > {PAGE}"]


if __name__ == "__main__":
    import pathlib

    print(page(pathlib.Path(__file__).resolve().parents[2]), end="")
