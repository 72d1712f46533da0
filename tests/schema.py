"""JSON Schema (2020-12) as far as the description of our API uses it, and no further."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

TYPES = {
    "object": dict, "array": list, "string": str, "boolean": bool, "null": type(None),
}  # fmt: skip
KNOWN = {
    "$ref", "type", "properties", "required", "items", "enum", "oneOf", "format", "minimum",
    "maximum", "maxLength", "default", "additionalProperties",
}  # fmt: skip


def breaches(value: Any, schema: dict[str, Any], whole: dict[str, Any], at: str = "$") -> list[str]:
    """A line for each place where `value` is not what `schema` says; also for unknown keys."""
    assert set(schema) <= KNOWN, f"{at}: {set(schema) - KNOWN}"
    if "$ref" in schema:
        return breaches(value, resolved(schema["$ref"], whole), whole, at)
    if "oneOf" in schema:
        fits = [one for one in schema["oneOf"] if not breaches(value, one, whole, at)]
        return [] if len(fits) == 1 else [f"{at}: {len(fits)} of oneOf fit"]
    wanted = schema.get("type", [])
    wanted = [wanted] if isinstance(wanted, str) else wanted
    if wanted and not any(_is(value, one) for one in wanted):
        return [f"{at}: {value!r} is no {wanted}"]
    if value is not None and "enum" in schema and value not in schema["enum"]:
        return [f"{at}: {value!r} is not among {schema['enum']}"]
    if not _has_format(value, schema.get("format")):
        return [f"{at}: {value!r} is no {schema['format']}"]
    if isinstance(value, dict):
        return _of_object(value, schema, whole, at)
    if isinstance(value, list) and "items" in schema:
        return [
            line
            for n, one in enumerate(value)
            for line in breaches(one, schema["items"], whole, f"{at}[{n}]")
        ]
    return []


def _of_object(
    value: dict[str, Any], schema: dict[str, Any], whole: dict[str, Any], at: str
) -> list[str]:
    properties, required = schema.get("properties", {}), schema.get("required", ())
    found = [f"{at}: {name} is missing" for name in required if name not in value]
    if properties:
        found += [f"{at}: {name} is not described" for name in value.keys() - properties.keys()]
    for name in value.keys() & properties.keys():
        found += breaches(value[name], properties[name], whole, f"{at}.{name}")
    return found


def resolved(ref: str, whole: dict[str, Any]) -> dict[str, Any]:
    """What a reference within the document points at."""
    found: Any = whole
    assert ref.startswith("#/")
    for part in ref[2:].split("/"):
        found = found[part]
    assert isinstance(found, dict)
    return found


def references(thing: Any) -> list[str]:
    """Every $ref anywhere in a document."""
    if isinstance(thing, dict):
        own = [thing["$ref"]] if "$ref" in thing else []
        return own + [ref for one in thing.values() for ref in references(one)]
    return [ref for one in thing for ref in references(one)] if isinstance(thing, list) else []


def _is(value: Any, wanted: str) -> bool:
    if wanted == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, TYPES[wanted])


def _has_format(value: Any, wanted: str | None) -> bool:
    if value is None:
        return True
    if wanted == "date-time":
        exact = re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", value)
        return bool(exact) and datetime.fromisoformat(value).tzinfo is not None
    if wanted == "uri":
        return urlsplit(value).scheme in {"http", "https"} and bool(urlsplit(value).netloc)
    return True
