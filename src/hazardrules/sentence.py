"""One comparison, as a maintainer writes it, read into an `Expr` and written back.

    sentence := ["not"] fact | operand (< <= > >= == !=) operand
              | fact ["not"] (in | has) [word, …] | fact ["not"] in list-name
    operand  := [number *] fact | fact (+|-) (number unit | fact)
              | date + n (days|months|years) | number [unit] | date | word

At most one operator an operand, so there is no precedence and nothing to quote. Words are checked
against the declared values and units against units when the sentence is read.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from . import dates, units
from .expr import Call, Const, Expr, Fact
from .facts import FactSpec, Scope, nearest
from .ops import COMPARISONS, OPS, ORDERED
from .texts import Text

_NAME = r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?"
_NOT = re.compile(rf"not\s+({_NAME})")
_WORDS = re.compile(rf"({_NAME})\s+(not\s+)?(in|has)\s+\[(.*)\]")
_LISTED = re.compile(rf"({_NAME})\s+(not\s+)?in\s+([a-z][a-z0-9_]*)")
_COMPARISON = re.compile(r"\s(<=|>=|==|!=|<|>)\s")
_SCALED = re.compile(rf"([0-9.]+)\s*\*\s*({_NAME})")
_SHIFTED = re.compile(rf"({_NAME})\s+([+-])\s+(\S.*)")
_PERIOD = re.compile(r"(\d+)\s+(days?|months?|years?)")


class SentenceError(Exception):
    """A sentence that cannot be read: what is wrong, and at which character (from 0)."""

    def __init__(self, message: Text, offset: int = 0) -> None:
        super().__init__(message.zh)
        self.message, self.offset = message, offset


@dataclass(frozen=True, slots=True)
class _Operand:
    """An operand read so far: a typed expression, or the text of a literal still to be typed."""

    text: str
    offset: int
    expr: Expr | None = None
    spec: FactSpec | None = None


def read(text: str, scope: Scope, lists: Collection[str] | None = ()) -> Expr:
    """Return the condition that the sentence *text* states of a subject with *scope*.

    *lists* are the names of the dated word lists; None where none may be used. Raises `SentenceError`.
    """
    text = text.rstrip()
    try:
        return _read(text, scope, lists)
    except SentenceError as error:
        mended = _mended(text)
        if mended == text or not _can_be_read(mended, scope, lists):
            raise
        message = Text(
            f"读不懂“{text}”，是不是“{mended}”？运算符两边留空格，符号用半角，词不加引号",
            f"cannot read “{text}”; did you mean “{mended}”? Signs are half-width with spaces around the operator, "
            "words have no quotes",
        )
        raise SentenceError(message, error.offset) from None


def _can_be_read(text: str, scope: Scope, lists: Collection[str] | None) -> bool:
    try:
        _read(text, scope, lists)
    except SentenceError:
        return False
    return True


def _mended(text: str) -> str:
    """Return *text* with the signs that were probably meant: as one writes them on paper, or in other languages."""
    plain = text.translate(_PLAIN)
    spaced = _SIGN.sub(lambda found: f" {_MEANT.get(found[0].strip(), found[0].strip())} ", plain)
    return re.sub(r"\s+", " ", spaced).strip()


_PLAIN = str.maketrans({
    "！": "!", "＝": "=", "＜": "<", "＞": ">", "，": ", ", "、": ", ", "［": "[", "］": "]", "【": "[", "】": "]",
    "＊": "*", "×": " * ", "\u3000": " ", "“": "", "”": "", "‘": "", "’": "", '"': "", "'": "",
})  # fmt: skip
_MEANT = {
    "=": "==",
    "===": "==",
    "≠": "!=",
    "<>": "!=",
    "≥": ">=",
    "≧": ">=",
    "=>": ">=",
    "≤": "<=",
    "≦": "<=",
    "=<": "<=",
}
_SIGN = re.compile(r"\s*(?:[<>=!]+|[≠≥≧≤≦])\s*")


def _read(text: str, scope: Scope, lists: Collection[str] | None) -> Expr:
    if found := _NOT.fullmatch(text):
        return Call("not", (_yes_no(found[1], found.start(1), scope),))
    if found := _WORDS.fullmatch(text):
        return _words(found, scope)
    if (found := _LISTED.fullmatch(text)) and not _COMPARISON.search(text):
        return _listed(found, scope, lists)
    signs = list(_COMPARISON.finditer(text))
    if len(signs) == 1:
        sign = signs[0]
        left = _operand(text[: sign.start()], 0, scope)
        right = _operand(text[sign.end() :], sign.end(), scope)
        return _compare(COMPARISONS[sign[1]], left, right, scope)
    if signs:
        raise SentenceError(
            Text("一句话只写一个比较；分成两句放进 all", "one comparison a sentence; use two under all"),
            signs[1].start(1),
        )
    if re.fullmatch(_NAME, text):
        return _yes_no(text, 0, scope)
    raise SentenceError(
        Text(
            f"读不懂“{text}”；应写成“事实 == 词”“事实 < 数 单位”“事实 in [词, 词]”“not 事实”等，运算符两边留空格",
            f"cannot read “{text}”; write “fact == word”, “fact < number unit”, “fact in [word, word]”, "
            "“not fact”, with spaces around the operator",
        )
    )


def _find(name: str, offset: int, scope: Scope) -> FactSpec:
    spec = scope.find(name)
    if spec is None:
        near = _nearest(name, scope)
        kind = scope.chain[0]
        raise SentenceError(
            Text(
                f"{kind} 没有事实“{name}”" + (f"，是不是“{near}”？" if near else "；先在 facts 文件里声明它"),
                f"{kind} has no fact “{name}”" + (f"; did you mean “{near}”?" if near else "; declare it first"),
            ),
            offset,
        )
    if spec.type == "text":
        raise SentenceError(
            Text(f"“{name}”是文字，条件不能读它；改用 choice 或 yes_no", f"“{name}” is text: no condition may read it"),
            offset,
        )
    return spec


def _yes_no(name: str, offset: int, scope: Scope) -> Fact:
    spec = _find(name, offset, scope)
    if spec.type != "yes_no":
        raise SentenceError(
            Text(
                f"“{name}”是 {spec.type}，不能单独成句；写成“{name} == …”之类的比较",
                f"“{name}” is a {spec.type} and no sentence by itself; compare it with something",
            ),
            offset,
        )
    return Fact(name)


def _check_word(word: str, spec: FactSpec, offset: int) -> str:
    if word not in spec.values:
        near = nearest(word, spec.values)
        choices = "、".join(spec.values)
        raise SentenceError(
            Text(
                f"“{spec.id}”没有“{word}”这个值" + (f"，是不是“{near}”？" if near else "") + f"（可写：{choices}）",
                f"“{spec.id}” has no value “{word}”"
                + (f"; did you mean “{near}”?" if near else f" (one of {choices})"),
            ),
            offset,
        )
    return word


def _words(found: re.Match[str], scope: Scope) -> Expr:
    name, negated, op, inner = found[1], found[2], found[3], found[4]
    spec = _find(name, 0, scope)
    wanted = "has" if spec.type == "choices" else "in"
    if not (spec.is_word or spec.type == "choices"):
        raise SentenceError(
            Text(f"“{name}”是 {spec.type}，不能用 {op}", f"“{name}” is a {spec.type}: {op} cannot be used on it")
        )
    if op != wanted:
        raise SentenceError(
            Text(
                f"“{name}”是 {spec.type}，这里要写 {wanted} 而不是 {op}",
                f"“{name}” is a {spec.type}: write {wanted}, not {op}",
            ),
            found.start(3),
        )
    words, offset = [], found.start(4)
    for part in inner.split(","):
        lead = len(part) - len(part.lstrip())
        words.append(_check_word(part.strip(), spec, offset + lead))
        offset += len(part) + 1
    names = {"in": ("in", "not_in"), "has": ("has", "lacks")}[op]
    return Call(names[1] if negated else names[0], (Fact(name), Const(frozenset(words))))


def _listed(found: re.Match[str], scope: Scope, lists: Collection[str] | None) -> Expr:
    name, negated, wanted = found[1], found[2], found[3]
    spec = _find(name, 0, scope)
    if lists is None:
        raise SentenceError(
            Text(
                "有日期的词表只能在规则里用（这里的条件不随日期变化）；词要写在 [ ] 里",
                "dated word lists are for rules only (this condition does not depend on the day); words go in [ ]",
            ),
            found.start(3),
        )
    if wanted not in lists:
        near = nearest(wanted, lists)
        raise SentenceError(
            Text(
                f"没有名为“{wanted}”的词表" + (f"，是不是“{near}”？" if near else "；词要写在 [ ] 里"),
                f"there is no word list “{wanted}”" + (f"; did you mean “{near}”?" if near else "; words go in [ ]"),
            ),
            found.start(3),
        )
    if spec.type != "choice":
        raise SentenceError(
            Text(
                f"“{name}”是 {spec.type}，只有 choice 能查词表",
                f"“{name}” is a {spec.type}; only a choice can be looked up",
            )
        )
    listed = Call("listed", (Fact(name), Const(wanted)))
    return Call("not", (listed,)) if negated else listed


def _operand(text: str, offset: int, scope: Scope) -> _Operand:
    offset += len(text) - len(text.lstrip())
    text = text.strip()
    if found := _SCALED.fullmatch(text):
        factor, spec = units.decimal(found[1]), _find(found[2], offset + found.start(2), scope)
        if factor is None:
            raise SentenceError(Text(f"“{found[1]}”不是数", f"“{found[1]}” is no number"), offset)
        if spec.type != "number":
            raise SentenceError(
                Text(f"“{found[2]}”不是数，不能乘", f"“{found[2]}” is no number to multiply"), offset + found.start(2)
            )
        return _Operand(text, offset, Call("times", (Const(factor), Fact(found[2]))), spec)
    if (found := _SHIFTED.fullmatch(text)) and scope.find(found[1]):
        return _shifted(found, text, offset, scope)
    if re.fullmatch(_NAME, text) and (scope.find(text) or "_" in text or "." in text):
        return _Operand(text, offset, Fact(text), _find(text, offset, scope))
    return _Operand(text, offset)


def _shifted(found: re.Match[str], text: str, offset: int, scope: Scope) -> _Operand:
    name, sign, rest = found[1], found[2], found[3]
    spec, where = _find(name, offset, scope), offset + found.start(3)
    if spec.type in ("date", "time"):
        period = _PERIOD.fullmatch(rest)
        if sign == "-" or not period:
            raise SentenceError(
                Text(
                    f"日期只能向后推，写成“{name} + 3 months”（days、months、years）",
                    f"periods run forward only: write “{name} + 3 months” (days, months, years)",
                ),
                where,
            )
        unit = period[2] if period[2].endswith("s") else period[2] + "s"
        return _Operand(text, offset, Call("later", (Fact(name), Const(int(period[1])), Const(unit))), spec)
    if spec.type != "number":
        raise SentenceError(Text(f"“{name}”不能加减", f"“{name}” cannot be added to"), offset)
    if _SCALED.fullmatch(rest.strip()) or _SHIFTED.fullmatch(rest.strip()):
        raise SentenceError(
            Text(
                "一个数里最多写一个运算（乘、加或减）；再多的先在 facts 里定义一项事实",
                "at most one operation in an operand; for more, define a fact",
            ),
            where,
        )
    other = _operand(rest, where, scope)
    addend = other.expr if other.expr is not None else _literal(other, spec)
    if other.spec is not None:
        _check_units(spec, other.spec, where)
    return _Operand(text, offset, Call("plus" if sign == "+" else "minus", (Fact(name), addend)), spec)


def _nearest(text: str, scope: Scope) -> str | None:
    """Return the name of the fact that *text* probably means: something like its name, or its title."""
    titles = {spec.title.zh: name for name in scope.names() if (spec := scope.find(name))}
    near = nearest(text, scope.names())
    return near or titles.get(nearest(text, titles) or "")


def _undeclared(text: str, scope: Scope) -> Text:
    near = _nearest(text, scope)
    return Text(
        f"“{text}”不是已声明的事实" + (f"，是不是“{near}”？" if near else ""),
        f"“{text}” is no declared fact" + (f"; did you mean “{near}”?" if near else ""),
    )


def _compare(op: str, left: _Operand, right: _Operand, scope: Scope) -> Expr:
    spec = left.spec or right.spec
    if spec is None:
        raise SentenceError(_undeclared(left.text, scope), left.offset)
    if spec.type in ("yes_no", "choices", "list"):
        advice = {
            "yes_no": f"{spec.id} 或 not {spec.id}",
            "choices": f"{spec.id} has [词]",
            "list": "some / every / count",
        }
        raise SentenceError(
            Text(
                f"“{spec.id}”是 {spec.type}，不能用 {OPS[op].symbol}；写成“{advice[spec.type]}”",
                f"“{spec.id}” is a {spec.type}: {OPS[op].symbol} cannot be used; write “{advice[spec.type]}”",
            ),
            left.offset,
        )
    if op in ORDERED and spec.is_word:
        raise SentenceError(
            Text(
                f"“{spec.id}”的值没有大小，只能用 ==、!=、in",
                f"the values of “{spec.id}” have no order: use ==, !=, in",
            ),
            left.offset,
        )
    if left.spec and right.spec:
        _check_units(left.spec, right.spec, right.offset)
    for end in (left, right):
        if end.expr is None and not spec.is_word and re.fullmatch(_NAME, end.text):
            raise SentenceError(_undeclared(end.text, scope), end.offset)
    ends = [end.expr if end.expr is not None else _literal(end, spec) for end in (left, right)]
    return Call(op, (ends[0], ends[1]))


def _check_units(left: FactSpec, right: FactSpec, offset: int) -> None:
    def sort(spec: FactSpec) -> tuple[str, str | None]:
        return spec.type, units.kind_of(spec.unit) if spec.unit else None

    if sort(left) != sort(right) or (left.is_word and tuple(left.values) != tuple(right.values)):
        raise SentenceError(
            Text(
                f"“{left.id}”（{left.type} {left.unit or ''}）和“{right.id}”（{right.type} {right.unit or ''}）"
                "不能相比",
                f"“{left.id}” ({left.type} {left.unit or ''}) and “{right.id}” ({right.type} {right.unit or ''}) "
                "cannot be compared",
            ),
            offset,
        )


def _literal(end: _Operand, spec: FactSpec) -> Const:
    if spec.is_word:
        return Const(_check_word(end.text, spec, end.offset))
    if spec.type in ("date", "time"):
        day = dates.parse_time(end.text) if spec.type == "time" else dates.parse_day(end.text)
        if day is None:
            raise SentenceError(
                Text(f"“{end.text}”不是日期（如 2026-03-01）", f"“{end.text}” is no date (as 2026-03-01)"), end.offset
            )
        return Const(day)
    parsed = units.parse(end.text)
    unit = units.canonical(parsed[1]) if parsed and parsed[1] else None
    if parsed is None or (parsed[1] and unit is None):
        raise SentenceError(
            Text(
                f"“{end.text}”不是已声明的事实，也不是带已知单位的数",
                f"“{end.text}” is neither a declared fact nor a number with a known unit",
            ),
            end.offset,
        )
    wanted = spec.unit
    if (unit and units.kind_of(unit)) != (wanted and units.kind_of(wanted)):
        raise SentenceError(
            Text(
                f"“{spec.id}”的单位是 {wanted}，这里写的是“{end.text}”" if wanted else f"“{spec.id}”没有单位，只写数",
                f"“{spec.id}” is in {wanted}, but here is “{end.text}”" if wanted else f"“{spec.id}” has no unit",
            ),
            end.offset,
        )
    return Const(units.to_base(parsed[0], unit))


# ------------------------------------------------------------------------------------- writing


def write(expr: Expr, scope: Scope) -> str:
    """Return the sentence that `read` reads as *expr*; raises `ValueError` for a block condition."""
    match expr:
        case Fact(name):
            return name
        case Call("not", (Fact(name),)):
            return f"not {name}"
        case Call("not", (Call("listed", (Fact(name), Const(listed))),)):
            return f"{name} not in {listed}"
        case Call("listed", (Fact(name), Const(listed))):
            return f"{name} in {listed}"
        case Call("in" | "not_in" | "has" | "lacks" as op, (Fact(name), Const(words))):
            spec = scope.find(name)
            assert spec is not None
            inner = ", ".join(word for word in spec.values if word in words)
            return f"{name} {OPS[op].symbol} [{inner}]"
        case Call(op, (left, right)) if op in COMPARISONS.values():
            spec = _spec_of(left, scope) or _spec_of(right, scope)
            assert spec is not None
            return f"{_write_end(left, spec, scope)} {OPS[op].symbol} {_write_end(right, spec, scope)}"
    raise ValueError(f"not one sentence: {expr}")


def _spec_of(end: Expr, scope: Scope) -> FactSpec | None:
    match end:
        case Fact(name):
            return scope.find(name)
        case Call(_, args):
            return next((spec for arg in args if (spec := _spec_of(arg, scope))), None)
    return None


def _write_end(end: Expr, spec: FactSpec, scope: Scope) -> str:
    match end:
        case Fact(name):
            return name
        case Const(value):
            return write_value(value, spec)
        case Call("times", (Const(factor), Fact(name))):
            return f"{units.plain(factor)} * {name}"
        case Call("later", (Fact(name), Const(count), Const(period))):
            return f"{name} + {count} {period}"
        case Call("plus" | "minus" as op, (Fact(name), other)):
            return f"{name} {OPS[op].symbol} {_write_end(other, spec, scope)}"
    raise ValueError(f"not an operand: {end}")


def write_value(value: Any, spec: FactSpec) -> str:
    """Return a normalised *value* of the fact *spec* as text: "30 m", "未设置", "2026-03-01"."""
    if isinstance(value, frozenset):
        return "、".join(word for word in spec.values if word in value) or "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return dates.show(value)
    if isinstance(value, str):
        return value
    return units.from_base(Decimal(value) if isinstance(value, int) else value, spec.unit)
