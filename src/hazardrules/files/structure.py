"""What a structural error of a file means, in the maintainer's words, and what to do."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from ..facts import nearest
from ..texts import Text


def explain_structure(item: Any, kind: type[BaseModel]) -> Text:
    """Return what pydantic's error *item* on the file model *kind* means, and what to do."""
    loc, given = item["loc"], item.get("input")
    name = str(loc[-1]) if loc else ""
    match item["type"]:
        case "missing":
            return Text(f"缺少“{name}”", f"“{name}” is missing")
        case "extra_forbidden":
            near = nearest(name, _keys(kind))
            return Text(
                f"不认识“{name}”" + (f"，是不是“{near}”？" if near else ""),
                f"unknown key “{name}”" + (f"; did you mean “{near}”?" if near else ""),
            )
        case "literal_error":
            return Text(
                f"“{given}”不是可写的值（可写：{item['ctx']['expected']}）",
                f"“{given}” is not one of {item['ctx']['expected']}",
            )
        case "value_error":
            return Text(f"“{given}”不是日期（如 2026-03-01）", f"“{given}” is no date (as 2026-03-01)")
    return Text(f"“{name}”的写法不对：{item['msg']}", f"“{name}”: {item['msg']}")


def _keys(kind: type[BaseModel]) -> set[str]:
    """Return the keys of *kind* and of every model below it."""
    keys: set[str] = set()
    seen: set[Any] = set()

    def visit(annotation: Any) -> None:
        if annotation in seen:
            return
        seen.add(annotation)
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            for name, field in annotation.model_fields.items():
                keys.add(field.alias or name)
                visit(field.annotation)
        for inner in getattr(annotation, "__args__", ()):
            visit(inner)

    visit(kind)
    return keys
