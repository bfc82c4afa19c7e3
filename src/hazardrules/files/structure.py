"""What a structural error of a file means, in the maintainer's words, and what to do."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from ..facts import nearest
from ..texts import Text

_WANTED = {
    "dict_type": Text("应写成“键: 值”的结构", "expected keys and values"),
    "model_type": Text("应写成“键: 值”的结构", "expected keys and values"),
    "model_attributes_type": Text("应写成“键: 值”的结构", "expected keys and values"),
    "list_type": Text("应写成列表，每项以“- ”开头", "expected a list, each entry after “- ”"),
    "string_type": Text("应是文字", "expected text"),
    "too_short": Text("不能是空的", "must not be empty"),
    "string_too_short": Text("不能是空的", "must not be empty"),
    "bool_type": Text("应是 yes 或 no", "expected yes or no"),
    "bool_parsing": Text("应是 yes 或 no", "expected yes or no"),
    "int_type": Text("应是整数", "expected a whole number"),
}


def explain_structure(item: Any, loc: tuple[str | int, ...], kind: type[BaseModel]) -> Text:
    """Return what pydantic's error *item* at *loc* in the file model *kind* means, and what to do."""
    given = item.get("input")
    name = next((str(part) for part in reversed(loc) if isinstance(part, str)), "")
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
            choices = item["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
            return Text(f"“{given}”不是可写的值（可写：{choices}）", f"“{given}” is not one of {choices}")
        case "value_error":
            return Text(f"“{given}”不是日期（如 2026-03-01）", f"“{given}” is no date (as 2026-03-01)")
    wanted = _WANTED.get(item["type"])
    subject = Text(f"“{name}”", f"“{name}”: ") if name else Text("这里", "here: ")
    if wanted is None:
        return Text(f"{subject.zh}的写法不对：{item['msg']}", f"{subject.en}{item['msg']}")
    return Text(subject.zh + wanted.zh, subject.en + wanted.en)


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
