"""Lines of JSON, each one subject → a frame for the kernel in which every cell is text.

A line is read quickly where it is surely sound (`strict_json.quick`), else strictly. What a column of
text cannot hold (a number where a word belongs, a fact that there is not) makes the row odd: the
engine reads the line as it stands and takes it or tells what is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from .. import reading, strict_json, values
from ..backends.naming import is_word, layout
from ..classify import Corpus
from ..errors import FactsError, HazardRulesError, Problem
from ..facts import FactSpec
from ..texts import Text

Row = dict[str, Any]
_NO_OBJECT = Text("这一行应是 {…}：一个对象的各项事实", "a line is {…}: the facts of one subject")
_ODD = object()  # stands for a cell that a column of text cannot hold


def read_line(line: bytes) -> Row | tuple[Problem, ...]:
    """Return the object in a line of JSON, or what is wrong with it."""
    found = strict_json.quick(line)
    if found is not None:
        if not isinstance(found[0], dict):
            return (Problem("", _NO_OBJECT),)
        keys = len(found[0]) if line.count(b"{") == 1 else _keys(found[0])
        if keys == found[1]:
            return found[0]
    return read_strictly(line)


def read_strictly(line: bytes) -> Row | tuple[Problem, ...]:
    """Return the object in a line of JSON read strictly, its numbers as they stand; or what is wrong with it."""
    try:
        data = reading.read_message(line).data
    except HazardRulesError as error:
        return tuple(Problem("", problem.message) for problem in error.problems)
    return data if isinstance(data, dict) else (Problem("", _NO_OBJECT),)


def _keys(value: Any) -> int:
    """Return how many keys stand in *value*, at every depth."""
    if isinstance(value, dict):
        inner = value.values()
        return len(value) + sum(_keys(part) for part in inner if type(part) is dict or type(part) is list)
    return sum(_keys(part) for part in value if type(part) is dict or type(part) is list)


class Lines:
    """Makes frames of the lines of one kind of subject. Every frame has the columns of those before it."""

    def __init__(self, corpus: Corpus, subject: str, keep: Sequence[str]) -> None:
        self.vocabulary, self.subject, self.keep = corpus.vocabulary, subject, tuple(keep)
        self.known: dict[str, FactSpec | None] = {}  # key → what it records; None: an id or a day
        self.strange = set[str]()  # keys that mean nothing
        self.words = set[str]()  # keys that tell of one word each; as with lists of parts, the engine reads the line
        self._meet("id")

    def frame(self, rows: Sequence[Row]) -> tuple[pl.DataFrame, list[bool]]:
        """Return the frame of *rows*, and which of them are odd."""
        for key in dict.fromkeys(key for row in rows for key in row):
            self._meet(key)
        by_engine = self.strange | self.words
        odd = [not by_engine.isdisjoint(row) for row in rows]
        found = {name: _column(name, spec, [row.get(name) for row in rows], odd) for name, spec in self.known.items()}
        for name in self.keep:
            column, whole = found.get(name), pl.Series(name, [_kept(row.get(name)) for row in rows], dtype=pl.String)
            found[name] = whole if column is None else column.zip_with(column.is_not_null(), whole)
        return pl.DataFrame([column for column in found.values() if column is not None]), odd

    def record(self, row: Row) -> tuple[Row, str]:
        """Return the record that *row* stands for, and where it has the subject; what means nothing is in it too."""
        for key in row:
            self._meet(key)
        given = {key: value for key, value in row.items() if key in self.known or key in self.words}
        made = layout(self.vocabulary, self.subject, dict.fromkeys(given))
        others = {key: row[key] for key in row if key in self.strange}
        return made.record(given, raw=True, others=others), made.path(given)

    def _meet(self, key: str) -> None:
        """Learn what a key means."""
        if key in self.known or key in self.strange or key in self.words:
            return
        if is_word(self.vocabulary, self.subject, key):
            self.words.add(key)
            return
        try:
            (column,) = layout(self.vocabulary, self.subject, {key: None}).columns
        except FactsError:
            if key not in self.keep:
                self.strange.add(key)
        else:
            self.known[key] = column.spec


def _column(name: str, spec: FactSpec | None, column: list[Any], odd: list[bool]) -> pl.Series | None:
    """Return the column of text for what the rows have under *name*; note in *odd* what it cannot hold."""
    kind = spec.type if spec is not None else name.rpartition(".")[2]
    if kind == "note":
        return None  # whatever it says
    types = {*map(type, column)} - {type(None)}
    if types <= {str} and kind not in ("list", "choices", "observed_on"):
        return pl.Series(name, column, dtype=pl.String)
    if types <= {bool} and kind == "yes_no":
        return pl.Series(name, column, dtype=pl.Boolean).cast(pl.String)
    texts = [None if value is None else _text(kind, value) for value in column]
    for place, text in enumerate(texts):
        if text is _ODD:
            odd[place], texts[place] = True, None
    return None if kind == "list" else pl.Series(name, texts, dtype=pl.String)


def _text(kind: str, value: Any) -> Any:
    """Return a value as the text of a cell, `_ODD` where text is not the same."""
    match value:
        case bool():
            return ("true" if value else "false") if kind == "yes_no" else _ODD
        case str() if kind == "observed_on":
            return _ODD if values.is_unknown(value) else value  # blank where a table may be, and a record may not
        case str():
            return value if kind not in ("list", "choices") else _ODD
        case list() if kind == "choices":
            return _as_list(value)
        case int() if kind in ("number", "id"):
            return str(value)
        case float() | Decimal() if kind == "number":
            return str(value)
    return _ODD


def _as_list(words: list[Any]) -> Any:
    """Return words as the text of a JSON list, which a cell may hold; quick, as there are many."""
    try:
        joined = '","'.join(words)
    except TypeError:
        return _ODD
    if joined.count('"') != 2 * max(len(words) - 1, 0) or not joined.isprintable() or "\\" in joined:
        return _ODD
    return f'["{joined}"]' if words else "[]"


def _kept(value: Any) -> str | None:
    """Return a value that is handed through, as text."""
    if value is None or isinstance(value, str):
        return value
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False, default=float)
