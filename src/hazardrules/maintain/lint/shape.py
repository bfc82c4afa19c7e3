"""Files against their published JSON Schema, each complaint in plain words at its place.

The models that read a file and its schema complain of the same things in the same words; what was told
when the file was read is not told again.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from ...files.structure import explain_structure
from ...places import adds, real
from ...reading import Source
from ...texts import Text
from .. import schemas
from .book import Book, Check, Finding, Spot

_CONDITION = Text(
    "这里应是一句条件，或者只有 all / any / not / some / every 之一的结构",
    "expected a sentence, or a mapping with one of all / any / not / some / every",
)
#: keyword of a schema → the same complaint as the models have it
_SAME = {
    "required": "missing",
    "additionalProperties": "extra_forbidden",
    "pattern": "value_error",
    "minLength": "too_short",
    "minItems": "too_short",
}
_TYPES = {"object": "dict_type", "array": "list_type", "string": "string_type", "integer": "int_type"}


def shape(book: Book) -> Iterator[Finding]:
    """Yield what in a file is not as its schema has it and was not told when the file was read."""
    told = {problem.where for problem in book.problems}
    for source in book.sources.values():
        sort = _sort(book, source)
        if sort is None:
            continue
        understood = bool(book.vocabulary.kinds) and schemas.takes(sort, source.data)
        for error in _validator(sort).iter_errors(source.data):
            if _is_condition(error) and understood and error.instance is not None:
                continue  # conditions were read one by one, and every complaint is there
            for finding in _findings(source, sort, error):
                if finding.spot.where not in told:
                    told.add(finding.spot.where)
                    yield finding


def _sort(book: Book, source: Source) -> str | None:
    root = Path(str(book.folder.root)).resolve()
    return schemas.sort_of(real(Path(source.name)).relative_to(root), adds=adds(root))


@cache
def _validator(sort: str) -> Draft202012Validator:
    return Draft202012Validator(schemas.structure()[sort])


def _is_condition(error: ValidationError) -> bool:
    return bool(error.validator_value == schemas.CONDITION["anyOf"])


def _findings(source: Source, sort: str, error: ValidationError) -> Iterator[Finding]:
    """Yield the complaint of *error* in words; one for each key that is missing or unknown."""
    error = _innermost(error)
    path = tuple(error.absolute_path)
    if _is_condition(error):
        yield Finding(Spot(source, path), _CONDITION)
        return
    for item in _items(error):
        loc = (*path, *item.pop("loc"))
        spot = Spot(source, loc, key=item["type"] == "extra_forbidden")
        yield Finding(spot, explain_structure(item, loc, schemas.SORTS[sort]))


def _innermost(error: ValidationError) -> ValidationError:
    """Return what is wrong in that form of several which the data was probably meant to have."""
    while error.validator == "anyOf" and error.context:
        if _is_condition(error):
            given = set(error.instance) & set(_FORMS) if isinstance(error.instance, dict) else set()
            meant = [inner for inner in error.context if {inner.schema_path[0]} == {_FORMS[form] for form in given}]
            if not meant or not all(inner.relative_path for inner in meant):
                return error
        else:
            meant = [inner for inner in error.context if inner.relative_path] or list(error.context)
        error = meant[0]
    return error


#: key of a condition → the place of its form among those that there are
_FORMS = {form: n for n, kind in enumerate(schemas.CONDITION["anyOf"]) for form in kind.get("required", ())[:1]}


def _items(error: ValidationError) -> Iterator[dict[str, Any]]:
    """Yield what the models would report in place of *error*."""
    told: Any = error  # what it says is of any type
    keyword, given, wanted, schema = str(told.validator), told.instance, told.validator_value, told.schema
    same = {"type": _SAME.get(keyword, keyword), "loc": (), "input": given, "msg": error.message}
    if keyword == "required":
        yield from ({**same, "loc": (name,)} for name in wanted if name not in given)
    elif keyword == "additionalProperties":
        yield from ({**same, "loc": (name,)} for name in given if name not in schema.get("properties", {}))
    elif keyword == "enum" and True in wanted:
        yield {**same, "type": "bool_type"}
    elif keyword in ("enum", "const"):
        words = ", ".join(str(word) for word in (wanted if keyword == "enum" else [wanted]) if word is not None)
        yield {**same, "type": "literal_error", "ctx": {"expected": words}}
    elif keyword == "type":
        yield {**same, "type": _TYPES.get(wanted if isinstance(wanted, str) else wanted[0], keyword)}
    else:
        yield same


CHECKS = (Check("schema", Text("与公开的 JSON Schema 不符", "not as the published JSON Schema has it"), shape),)
