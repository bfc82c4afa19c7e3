"""One recorded value, checked against its declaration and normalised.

What comes out: bool for yes_no, the canonical word (str), a frozenset of words for choices, an
exact number in the base unit of its kind, a date or datetime, text; None where not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from . import dates, units
from .facts import FactSpec, nearest
from .texts import Text

YES_WORDS = ("是", "yes", "true", "有")
NO_WORDS = ("否", "no", "false", "没有", "无")
UNKNOWN_WORDS = ("不清楚", "不知道", "未知", "unknown", "?", "？", "")
NONE_WORDS = ("不涉及", "没有", "无", "none")
_CODE = re.compile(r"([A-Z]\d+(?:\.\d)?)(?![\d.])")
_LONGEST_TEXT = 10_000
_LONGEST_INTEGER = 256  # bits of one that is shown; Python refuses to write very long ones


class FactValueError(Exception):
    """A value that its fact cannot have; `message` says what was expected."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.zh)
        self.message = message


def is_unknown(raw: Any) -> bool:
    """Return whether *raw* says that the fact is not known: null, "不清楚", "unknown", blank."""
    return raw is None or (isinstance(raw, str) and raw.strip().lower() in UNKNOWN_WORDS)


def parse(spec: FactSpec, raw: Any) -> Any:
    """Return the normalised value of *raw* for the fact *spec*, None where it is not known.

    Raises `FactValueError`. Lists of parts are read by `record`, not here.
    """
    if is_unknown(raw):
        return None
    match spec.type:
        case "yes_no":
            return _yes_no(raw)
        case "choices":
            return _several(spec, raw)
        case "number":
            return _number(spec, raw)
        case "date" | "time":
            return _moment(spec, raw)
        case "text":
            return _text(raw)
    return _word(spec, raw)


def _show(raw: Any) -> str:
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, int) and raw.bit_length() > _LONGEST_INTEGER:
        return "…"
    text = str(raw) if isinstance(raw, (str, int, Decimal, float, date)) else type(raw).__name__
    return text if len(text) <= 40 else text[:40] + "…"


def _yes_no(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    word = raw.strip().lower() if isinstance(raw, str) else None
    if word in YES_WORDS:
        return True
    if word in NO_WORDS:
        return False
    raise FactValueError(
        Text(f"应填 是、否 或 不清楚，而不是“{_show(raw)}”", f"expected yes, no or unknown, not “{_show(raw)}”")
    )


def _word(spec: FactSpec, raw: Any) -> str:
    if isinstance(raw, str):
        word = raw.strip()
        if word in spec.values:
            return word
        for value, label in spec.values.items():
            if label and word.lower().replace("_", " ") == label.lower().replace("_", " "):
                return value
        if word in (coded := codes(spec.values)):
            return coded[word]
    if isinstance(raw, (list, dict)):
        raise FactValueError(Text("应是一个词，不是列表或结构", "expected one word, not a list or mapping"))
    choices = "、".join(spec.values)
    labels = ", ".join(label or value for value, label in spec.values.items())
    near = nearest(_show(raw), spec.values) or nearest(_show(raw), [v for v in spec.values.values() if v])
    raise FactValueError(
        Text(
            f"没有“{_show(raw)}”这个选项" + (f"，是不是“{near}”？" if near else "") + f"（可填：{choices}）",
            f"“{_show(raw)}” is no choice here"
            + (f"; did you mean “{near}”?" if near else "")
            + f" (one of: {labels})",
        )
    )


def codes(words: Iterable[str]) -> dict[str, str]:
    """Return the words that may be given by the code with which they begin: W5.3 → W5.3其他易燃液体2类."""
    return {found[1]: word for word in words if (found := _CODE.match(word))}


def _several(spec: FactSpec, raw: Any) -> frozenset[str]:
    if isinstance(raw, str) and raw.strip() in NONE_WORDS and raw.strip() not in spec.values:
        return frozenset()
    if not isinstance(raw, (list, tuple, set, frozenset)):
        raise FactValueError(
            Text(
                f"可多选，应写成列表 [甲, 乙]（都没有写 []），而不是“{_show(raw)}”",
                f"several may be chosen: write a list [a, b] ([] for none), not “{_show(raw)}”",
            )
        )
    return frozenset(_word(spec, item) for item in _ordered(raw))


def _ordered(items: Iterable[Any]) -> list[Any]:
    return sorted(items, key=str) if isinstance(items, (set, frozenset)) else list(items)


def _number(spec: FactSpec, raw: Any) -> units.Number:
    parsed = _parsed(raw)
    if parsed is None:
        raise FactValueError(_not_a_number(spec, raw))
    number, written = parsed
    unit = units.canonical(written) if written else spec.unit
    if written and "," in written:
        raise FactValueError(
            Text(
                f"“{_show(raw)}”里的逗号看不懂：小数点用“.”，不写千分位（单位 {spec.unit or '无'}）",
                f"the comma in “{_show(raw)}” is not understood: write a decimal point, no thousands separator "
                f"(in {spec.unit or 'no unit'})",
            )
        )
    if written and unit is None:
        raise FactValueError(
            Text(
                f"不认识单位“{written}”" + (f"，这里用 {spec.unit}" if spec.unit else "，这里只写数"),
                f"unknown unit “{written}”"
                + (f"; {spec.unit} is expected" if spec.unit else "; a bare number is expected"),
            )
        )
    if (unit and units.kind_of(unit)) != (spec.unit and units.kind_of(spec.unit)):
        raise FactValueError(
            Text(
                f"单位“{written}”不对，这里用 {spec.unit}"
                if spec.unit
                else f"这里没有单位，只写数，而不是“{_show(raw)}”",
                f"wrong unit “{written}”; {spec.unit} is expected"
                if spec.unit
                else f"a bare number is expected, not “{_show(raw)}”",
            )
        )
    if spec.unit == "1:m" and written is None:
        raise FactValueError(
            Text(
                f"坡比应写成 1:3 这样的形式或百分数，而不是“{_show(raw)}”",
                f"write the gradient as 1:3 or in %, not “{_show(raw)}”",
            )
        )
    number = units.to_base(number, unit)
    _check_range(spec, number, raw)
    return number


def _parsed(raw: Any) -> tuple[units.Number, str | None] | None:
    """Return the number and the unit as written in *raw*, or None where it is no number."""
    if isinstance(raw, str):
        return units.parse(raw)
    if isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal)):
        return None
    number = units.decimal(repr(raw) if isinstance(raw, float) else raw)  # repr: the shortest exact text
    return None if number is None else (number, None)


def _check_range(spec: FactSpec, number: units.Number, raw: Any) -> None:
    if spec.integer and number != int(number):
        raise FactValueError(Text(f"应是整数，而不是“{_show(raw)}”", f"expected a whole number, not “{_show(raw)}”"))
    least = spec.min if spec.min is not None else ("0" if spec.integer else None)
    if least is not None and number < units.to_base(Decimal(least), spec.unit):
        raise FactValueError(
            Text(f"不应小于 {least}，这里是“{_show(raw)}”", f"expected at least {least}, not “{_show(raw)}”")
        )


def _not_a_number(spec: FactSpec, raw: Any) -> Text:
    unit = f"（单位 {spec.unit}）" if spec.unit else ""
    unit_en = f" (in {spec.unit})" if spec.unit else ""
    if _show(raw).strip().lower().lstrip("+-.") in ("nan", "inf", "infinity"):
        return Text(
            f"“{_show(raw)}”不是有限的数{unit}；写出数值，不知道就不填",
            f"“{_show(raw)}” is not a finite number{unit_en}; state the number, or leave it out",
        )
    return Text(
        f"应是一个数{unit}，而不是“{_show(raw)}”（最多 {units.DIGITS} 位有效数字）",
        f"expected a number{unit_en}, not “{_show(raw)}” (at most {units.DIGITS} significant digits)",
    )


def _moment(spec: FactSpec, raw: Any) -> date:
    if spec.never and isinstance(raw, str) and raw.strip().lower() in dates.NEVER_WORDS:
        return dates.NEVER_TIME if spec.type == "time" else dates.NEVER_DAY
    value = dates.parse_time(raw) if spec.type == "time" else dates.parse_day(raw)
    if value is None:
        example = "2026-03-01 08:30" if spec.type == "time" else "2026-03-01"
        never = "，从来没有过写 从未" if spec.never else ""
        raise FactValueError(
            Text(
                f"“{_show(raw)}”不是{'时间' if spec.type == 'time' else '日期'}，应写成 {example}{never}",
                f"“{_show(raw)}” is no {spec.type}; write it as {example}" + (" (or never)" if spec.never else ""),
            )
        )
    return value


def is_writable(text: str) -> bool:
    """Return whether *text* can be written as UTF-8: a lone surrogate cannot."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _text(raw: Any) -> str:
    too_long = isinstance(raw, int) and raw.bit_length() > _LONGEST_INTEGER
    if isinstance(raw, (dict, list)) or too_long or len(str(raw)) > _LONGEST_TEXT or not is_writable(str(raw)):
        raise FactValueError(Text("应是一段文字", "expected text"))
    return str(raw)
