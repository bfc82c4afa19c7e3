"""The published JSON Schemas of the files in a standards folder, made from the models that read them.

One schema a sort of file. `structure` gives what every folder of standards has in common; lint checks
by it, and `standards/schema/` holds it for editors and other programs. A test keeps the files fresh.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from pydantic import TypeAdapter, ValidationError

from .. import models
from ..models import ClauseModel, IndustryModel, KindModel, SharedModel, StandardModel, WordListModel

Schema = dict[str, Any]
FOLDER = "schema"  # of a standards folder: where its schemas lie
_WIDTH = 160  # characters of a line of a schema's file
DIALECT = "https://json-schema.org/draft/2020-12/schema"

#: sort of file → what it holds
SORTS: Mapping[str, Any] = {
    "standard": StandardModel,
    "clause": ClauseModel,
    "facts": KindModel,
    "shared-facts": SharedModel,
    "list": WordListModel,
    "industries": dict[str, IndustryModel],
    "corpus": models.CorpusModel,
    "published": models.PublishedModel,
    "added-industries": dict[str, models.IndustryAdditionModel | IndustryModel],
    **{f"table-{name}": model for name, model in models.TABLES.items()},
}
TITLES = {
    "standard": "标准文件（standard.yaml）",
    "clause": "条款文件",
    "facts": "对象和它的事实（facts/）",
    "shared-facts": "几种对象公用的事实（facts/_*.yaml）",
    "list": "有日期的词表（lists/）",
    "industries": "行业（industries.yaml）",
    "corpus": "补充标准的说明（corpus.yaml）",
    "published": "公开案例（published/）",
    "added-industries": "补充标准的行业（industries.yaml）",
}

_REF = {"$ref": "#/$defs/Condition"}
_SEVERAL = {"type": "array", "items": _REF, "minItems": 1}


def _block(**parts: Any) -> Schema:
    required = [name for name in parts if name != "at_least"]
    return {"type": "object", "properties": parts, "required": required, "additionalProperties": False}


_LEAST = {"type": "integer", "minimum": 1}
#: a condition: a sentence, or one of the forms that join conditions
CONDITION: Schema = {
    "anyOf": [
        {"type": "string", "minLength": 1},
        _block(all=_SEVERAL),
        _block(any=_SEVERAL, at_least=_LEAST),
        _block(**{"not": _REF}),
        _block(some={"type": "string"}, at_least=_LEAST, where=_REF),
        _block(every={"type": "string"}, where=_REF),
    ]
}


@cache
def structure() -> Mapping[str, Schema]:
    """Return the schema of each sort of file, by its name; they hold for every folder of standards."""
    return {sort: _made(sort, model) for sort, model in SORTS.items()}


def sort_of(path: PurePath | str, *, adds: bool = False) -> str | None:
    """Return the sort of the YAML file at *path*, counted from the standards folder; None where it has no schema.

    *adds*: the folder adds to the shipped standards (it has a `corpus.yaml`); else it stands alone.
    """
    name = PurePath(path).stem
    match PurePath(path).parts:
        case ("corpus.yaml",):
            return "corpus"
        case ("industries.yaml",):
            return "added-industries" if adds else "industries"
        case ("facts", _):
            return "shared-facts" if name.startswith("_") else "facts"
        case ("additions", _):
            return "shared-facts"
        case ("lists", _):
            return "list"
        case ("published", _):
            return "published"
        case ("tables", _):
            return f"table-{name}" if name in models.TABLES else None
        case (folder, _) if folder not in (FOLDER, "lifecycle") and folder[0] not in "_.":
            return "standard" if name == "standard" else "clause"
    return None


def takes(sort: str, data: Any) -> bool:
    """Return whether the models take *data* as a file of this sort."""
    try:
        TypeAdapter(SORTS[sort]).validate_python(data)
    except ValidationError:
        return False
    return True


def stale(folder: Path) -> list[Path]:
    """Return the files in `schema/` of the standards *folder* that are not as they should be."""
    return [
        file
        for sort, schema in structure().items()
        if not (file := folder / FOLDER / f"{sort}.json").is_file() or file.read_text("utf-8") != as_text(schema)
    ]


def write(folder: Path) -> None:
    """Write the schemas, one file each, into `schema/` of the standards *folder*."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    for sort, schema in structure().items():
        (folder / FOLDER / f"{sort}.json").write_text(as_text(schema), encoding="utf-8")


def as_text(schema: Schema) -> str:
    """Return *schema* as the text of its file: what is short stands on one line."""
    return _lines(schema, "") + "\n"


def _lines(data: Any, pad: str) -> str:
    line = json.dumps(data, ensure_ascii=False)
    if len(pad) + len(line) <= _WIDTH or not isinstance(data, dict | list):
        return line
    inner = pad + " "
    if isinstance(data, list):
        return "[" + ",".join(f"\n{inner}{_lines(item, inner)}" for item in data) + f"\n{pad}]"
    entries = (f"{json.dumps(key, ensure_ascii=False)}: {_lines(value, inner)}" for key, value in data.items())
    return "{" + ",".join(f"\n{inner}{entry}" for entry in entries) + f"\n{pad}}}"


def _made(sort: str, model: Any) -> Schema:
    made = TypeAdapter(model).json_schema(by_alias=True)
    definitions = made.pop("$defs", {})
    title = TITLES.get(sort, sort)
    whole = {"$schema": DIALECT, "title": "", **made, "$defs": {**definitions, "Condition": CONDITION}}
    return {"$schema": DIALECT, "title": title, **_changed(whole, _tidy)}


def _changed(data: Any, change: Callable[[Schema], Schema]) -> Any:
    """Return *data* with `change` applied to each schema in it, the innermost first."""
    if isinstance(data, list):
        return [_changed(item, change) for item in data]
    if isinstance(data, dict):
        return change({key: _changed(value, change) for key, value in data.items()})
    return data


def _tidy(schema: Schema) -> Schema:
    """Name conditions by reference, say "or nothing" shortly, and leave out what pydantic makes up."""
    if schema.get("$comment") == "condition":
        return dict(_REF)
    if schema.get("anyOf", [])[1:] == [{"type": "null"}]:
        only: Schema = schema["anyOf"][0]
        kinds = only.get("type", [])
        if kinds or "enum" in only:
            also = {"type": [*([kinds] if isinstance(kinds, str) else kinds), "null"]} if kinds else {}
            return {**_merged(only), **also}
    invented = {"default"} | ({"title"} if isinstance(schema.get("title"), str) else set())
    return {key: value for key, value in schema.items() if key not in invented}


def _merged(schema: Schema) -> Schema:
    """Return *schema* with its choice of words widened to nothing at all."""
    words = [schema["const"]] if "const" in schema else schema.get("enum")
    rest = {key: value for key, value in schema.items() if key not in ("const", "enum")}
    return rest if words is None else {**rest, "enum": [*words, None]}
