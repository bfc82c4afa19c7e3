"""A condition as YAML holds it: sentences joined by all, any, not, some and every.

condition := sentence | {all: […]} | {any: […], at_least?: n} | {not: condition}
           | {some: list, at_least?: n, where: condition} | {every: list, where: condition}
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from . import sentence
from .expr import Call, Const, Each, Expr, any_of
from .facts import Scope, nearest
from .texts import Text

Path = tuple[str | int, ...]
Report = Callable[[Path, int, Text], None]

_FORMS: dict[str, set[str]] = {
    "all": {"all"},
    "any": {"any", "at_least"},
    "not": {"not"},
    "some": {"some", "where", "at_least"},
    "every": {"every", "where"},
}


class Reader:
    """Reads conditions of one file; what is wrong goes to `report(path, offset, message)`."""

    def __init__(self, lists: Collection[str] | None, report: Report) -> None:
        self.lists, self.report = lists, report

    def read(self, data: Any, path: Path, scope: Scope) -> Expr:
        """Return the condition in *data*; an unreadable part is reported and read as "never"."""
        if isinstance(data, str):
            try:
                return sentence.read(data, scope, self.lists)
            except sentence.SentenceError as error:
                return self._fail(path, error.message, error.offset)
        if not isinstance(data, dict):
            return self._fail(
                path,
                Text(
                    f"这里应是一句条件，或 all / any / not / some / every 之一{_instead(data, 'zh')}",
                    f"expected a sentence, or one of all / any / not / some / every{_instead(data, 'en')}",
                ),
            )
        forms = [form for form in _FORMS if form in data]
        if len(forms) != 1 or not set(data) <= _FORMS[forms[0]]:
            return self._fail(path, self._what_is_wrong(data, forms, scope))
        return getattr(self, f"_{forms[0]}")(data, path, scope)  # type: ignore[no-any-return]

    def _what_is_wrong(self, data: dict[str, Any], forms: list[str], scope: Scope) -> Text:
        if len(forms) > 1:
            both = "、".join(forms)
            return Text(
                f"{both} 不能写在同一层，把其中一个放进另一个里面",
                f"{both} stand side by side; put one inside the other",
            )
        known = _FORMS[forms[0]] if forms else set(_FORMS)
        odd = next((key for key in data if key not in known), None)
        if odd is None:
            return Text("这里缺条件", "a condition is missing here")
        if scope.find(odd) and not forms:
            meant = f"{odd} == {data[odd]}" if isinstance(data[odd], str) else f"{odd} …"
            return Text(
                f"条件是一句话，不写成“键: 值”：“{odd}”是事实，是不是“{meant}”这样一句？",
                f"a condition is a sentence and no key with a value: “{odd}” is a fact; did you mean “{meant}”?",
            )
        near = nearest(odd, known)
        return Text(
            f"条件里没有“{odd}”" + (f"，是不是“{near}”？" if near else f"（可写：{'、'.join(sorted(known))}）"),
            f"a condition has no “{odd}”"
            + (f"; did you mean “{near}”?" if near else f" (one of: {', '.join(sorted(known))})"),
        )

    def _fail(self, path: Path, message: Text, offset: int = 0) -> Expr:
        self.report(path, offset, message)
        return any_of()

    def _several(self, data: Any, path: Path, scope: Scope) -> tuple[Expr, ...]:
        if not isinstance(data, list) or not data:
            self._fail(
                path,
                Text(
                    "这里应是一列条件，每条一行，以“- ”开头",
                    "expected a list of conditions, one a line, each after “- ”",
                ),
            )
            return ()
        return tuple(self.read(item, (*path, i), scope) for i, item in enumerate(data))

    def _all(self, data: dict[str, Any], path: Path, scope: Scope) -> Expr:
        return Call("all", self._several(data["all"], (*path, "all"), scope))

    def _any(self, data: dict[str, Any], path: Path, scope: Scope) -> Expr:
        parts = self._several(data["any"], (*path, "any"), scope)
        if "at_least" not in data:
            return Call("any", parts)
        n = self._least(data, path)
        if n > len(parts):
            self._fail(
                (*path, "at_least"),
                Text(f"只有 {len(parts)} 条，不能要求至少 {n} 条", f"only {len(parts)} conditions, not {n}"),
            )
        return Call("at_least", (Const(n), *parts))

    def _least(self, data: dict[str, Any], path: Path) -> int:
        n = data.get("at_least", 1)
        if not isinstance(n, int) or isinstance(n, bool) or n < 1:
            self._fail(
                (*path, "at_least"), Text("at_least 应是 1 以上的整数", "at_least must be a whole number from 1")
            )
            return 1
        return n

    def _not(self, data: dict[str, Any], path: Path, scope: Scope) -> Expr:
        return Call("not", (self.read(data["not"], (*path, "not"), scope),))

    def _some(self, data: dict[str, Any], path: Path, scope: Scope) -> Expr:
        return self._each("some", data, path, scope, self._least(data, path))

    def _every(self, data: dict[str, Any], path: Path, scope: Scope) -> Expr:
        return self._each("every", data, path, scope, None)

    def _each(self, form: str, data: dict[str, Any], path: Path, scope: Scope, least: int | None) -> Expr:
        items = data[form]
        spec = scope.find(items) if isinstance(items, str) else None
        if spec is None or spec.type != "list" or "where" not in data:
            lists = [name for name in scope.names() if (found := scope.find(name)) and found.type == "list"]
            return self._fail(
                (*path, form),
                Text(
                    f"{form} 后面写部件清单的名字（{'、'.join(lists) or '此处没有'}），并用 where 写条件",
                    f"{form} names a list of parts ({', '.join(lists) or 'there is none here'}) and needs a where",
                ),
            )
        return Each(items, self.read(data["where"], (*path, "where"), scope.inside(items)), least)


def _instead(data: Any, lang: str) -> str:
    """Return what stands there instead of a condition, in words."""
    if data is None:
        return Text("，这里是空的", ", but there is nothing").say(lang)
    if isinstance(data, list):
        return Text("；几句条件写在 all 下面，每句一行", "; several sentences go under all").say(lang)
    shown = {True: "true", False: "false"}.get(data, data) if isinstance(data, bool) else data
    return Text(f"，而不是“{shown}”", f", not “{shown}”").say(lang)


def write(expr: Expr, scope: Scope) -> Any:
    """Return the YAML data (strings, lists, dicts) that `Reader.read` reads as *expr*."""
    match expr:
        case Call("all" | "any" as op, args):
            return {op: [write(arg, scope) for arg in args]}
        case Call("at_least", (Const(n), *args)):
            return {"any": [write(arg, scope) for arg in args], "at_least": n}
        case Each(items, where, least):
            inner = write(where, scope.inside(items))
            if least is None:
                return {"every": items, "where": inner}
            return {"some": items, **({"at_least": least} if least > 1 else {}), "where": inner}
    try:
        return sentence.write(expr, scope)
    except ValueError:
        assert isinstance(expr, Call)
        assert expr.op == "not"
        return {"not": write(expr.args[0], scope)}
