"""JSON schema, as far as the chart's values.schema.json needs it (draft 7)."""

import re

KINDS = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
}
NOTES = {"$schema", "title", "description"}
KNOWN = NOTES | {
    "type",
    "properties",
    "additionalProperties",
    "required",
    "items",
    "enum",
    "pattern",
    "not",
    "minimum",
    "maximum",
}


def is_a(value, kind):
    """`kind` is a name, or a list of names of which one must hold."""
    if isinstance(kind, list):
        return any(is_a(value, one) for one in kind)
    return isinstance(value, KINDS[kind]) and not (kind == "integer" and isinstance(value, bool))


def plain_faults(schema, value):
    """What is wrong with the value itself, not with what it holds."""
    if "type" in schema and not is_a(value, schema["type"]):
        return [f"not of type {schema['type']}: {value!r}"]
    faults = []
    if "enum" in schema and value not in schema["enum"]:
        faults.append(f"{value!r} is none of {schema['enum']}")
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        faults.append(f"{value!r} does not match {schema['pattern']}")
    if "not" in schema and not faults_of(schema["not"], value):
        faults.append(f"{value!r} must not match {schema['not']}")
    if "minimum" in schema and value < schema["minimum"]:
        faults.append(f"{value!r} is below {schema['minimum']}")
    if "maximum" in schema and value > schema["maximum"]:
        faults.append(f"{value!r} is above {schema['maximum']}")
    return faults


def faults_of(schema, value, where="values"):
    """What is wrong with a value, each with the place it stands at."""
    if schema is True:
        return []
    if schema is False:
        return [f"{where}: not known"]
    unknown = sorted(set(schema) - KNOWN)
    if unknown:
        # Else a keyword that this file does not know would hold for everything.
        return [f"{where}: schema keywords that test/lint/values.py does not know: {unknown}"]
    faults = [f"{where}: {fault}" for fault in plain_faults(schema, value)]
    if faults:
        return faults
    if isinstance(value, dict):
        wanted = schema.get("required", [])
        faults += [f"{where}: no {name}" for name in wanted if name not in value]
        for name, item in value.items():
            inner = schema.get("properties", {}).get(name, schema.get("additionalProperties", True))
            faults += faults_of(inner, item, f"{where}.{name}")
    if isinstance(value, list):
        for i, item in enumerate(value):
            faults += faults_of(schema.get("items", True), item, f"{where}[{i}]")
    return faults
