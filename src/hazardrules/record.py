"""An inspection record, checked against the vocabulary and turned into typed rows.

What was looked at stays apart from what was found: a key that is absent was not looked at, `[]`
says that there is none, a list that these are all, `{seen: [...]}` that there may be more. Rows
for what nobody looked at are *phantoms*: everything about them is unknown; they are made by
`phantoms` only for the kinds that are judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from . import dates, reading, strict_json, values
from .errors import FactsError, Problem
from .facts import ENTERPRISE, INSPECTION, FactSpec, Kind, Vocabulary, nearest
from .rows import JUDGED, Parts, Row, blank, new_row, row_of
from .texts import Text

_OWN_KEYS = ("id", "observed_on", "note")  # of every subject, beside its facts
_JUDGED_KEYS = {"value", *JUDGED}
_DEEPEST = 32
_LONGEST_NUMBER = 64  # bits of a number that is a name
_NUMBERS = (int, float)
_PLAIN = (str, bool)  # not their likes: 1 == True
_MOST = 50  # problems of one record that are listed

Steps = tuple[Any, ...]  # keys, places in lists; a mapping stands for the entry that has these facts


@dataclass(frozen=True, slots=True)
class Gap:
    """A place where nobody looked for subjects of *kind*, or not for all of them."""

    kind: str
    up: Row
    fact: str | None = None  # the list of `up` that holds them; None: the record's own

    @property
    def path(self) -> str:
        """Where the record would have them."""
        return self.kind if self.fact is None else f"{self.up._path}.{self.fact}"


@dataclass
class Record:
    """A record read: rows by kind, and the places where nobody looked, or not everywhere."""

    inspection: Row
    enterprise: Row
    rows: dict[str, list[Row]] = field(default_factory=dict)
    looked: frozenset[str] = frozenset()  # the kinds that the record speaks of at its top level
    gaps: list[Gap] = field(default_factory=list)  # where else nobody looked, or not everywhere


def phantoms(record: Record, vocabulary: Vocabulary, kinds: Collection[str]) -> dict[str, list[Row]]:
    """Return, for each of *kinds*, a row of unknowns for every place where nobody looked."""
    above = vocabulary.leading_to(kinds)
    made: dict[str, list[Row]] = {}

    def make(kind: Kind, path: str, up: Row) -> None:
        row = row_of({**blank(kind, path, (), up, phantom=True), "_n": "?"})
        made.setdefault(kind.id, []).append(row)
        for spec in kind.lists:
            if spec.of in above:
                make(vocabulary.kinds[spec.of], f"{row._path}.{spec.id}", row)

    for name in vocabulary.top:
        if name in above and name not in record.looked:
            make(vocabulary.kinds[name], name, record.enterprise)
    for gap in record.gaps:
        if gap.kind in above:
            make(vocabulary.kinds[gap.kind], gap.path, gap.up)
    return made


def read(data: Any, vocabulary: Vocabulary) -> Record:
    """Return the record in *data* (a mapping from kind to subject or list of subjects).

    Raises `FactsError` with every problem, each at its path ("dust_system[3号].airlock").
    """
    reader = _Reader(vocabulary)
    record = reader.record(data)
    if reader.problems:
        raise FactsError(reader.problems)
    return record


def read_json(data: bytes, vocabulary: Vocabulary) -> Record:
    """Return the record in the JSON text *data*: the one that `read` makes of the same text read strictly.

    Raises `FactsError` with every problem of the record, `ReadingError` for what is no sound JSON.
    """
    found = strict_json.quick(data) if len(data) <= reading.RECORD_LIMIT else None
    if found is not None:
        reader = _Reader(vocabulary)
        with suppress(FactsError):  # the strict way tells them with their places
            record = reader.record(found[0])
            if not reader.problems and reader.keys == found[1]:
                return record
    return read(reading.read_message(data).data, vocabulary)


class _Reader:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.kinds = vocabulary.kinds
        self.problems: list[Problem] = []
        self.keys = 0  # of the mappings that were read

    def problem(self, where: str, message: Text) -> None:
        self.problems.append(Problem(where, message))
        if len(self.problems) == _MOST:
            text = Text("问题太多，以下不再列出；改好后再判一次", "too many problems; mend these and classify again")
            raise FactsError([*self.problems, Problem("", text)])

    def record(self, data: Any) -> Record:
        inspection = new_row(self.kinds[INSPECTION], INSPECTION, None, steps=(INSPECTION,))
        enterprise = new_row(self.kinds[ENTERPRISE], ENTERPRISE, inspection, steps=(ENTERPRISE,))
        record = Record(inspection, enterprise, {INSPECTION: [inspection], ENTERPRISE: [enterprise]})
        if not isinstance(data, Mapping):
            self.problem(
                "",
                Text(
                    "记录应是“对象: 内容”的结构（如 dust_system: [...]），可用 hazardrules facts 生成空白记录",
                    "a record maps kinds of subject to subjects (dust_system: [...]); "
                    "hazardrules facts prints an empty one",
                ),
            )
            return record
        self.keys += len(data)
        for row in (inspection, enterprise):
            self.single(row, data.get(row._kind), record)
        for key in data:
            if key not in self.vocabulary.top and key not in (INSPECTION, ENTERPRISE):
                self.unknown_kind(str(key))
        record.looked = frozenset(key for key in data if key in self.vocabulary.top)
        for kind in self.vocabulary.top if record.looked else ():
            if kind in record.looked:
                self.table(self.kinds[kind], data[kind], enterprise, record)
        return record

    def unknown_kind(self, key: str) -> None:
        part = self.kinds.get(key)
        if part is not None and not part.one:
            places = [
                f"{around}.{spec.id}" for around in part.within for spec in self.kinds[around].lists if spec.of == key
            ]
            where = "、".join(places)
            self.problem(
                key,
                Text(f"“{key}”是部件，应记在 {where} 里", f"“{key}” is a part: record it under {where}"),
            )
            return
        near = nearest(key, [*self.vocabulary.top, INSPECTION, ENTERPRISE])
        self.problem(
            key,
            Text(
                f"没有“{key}”这种对象"
                + (
                    f"，是不是“{near}”（{self.kinds[near].title.zh}）？"
                    if near
                    else "；hazardrules facts 列出可记的对象"
                ),
                f"there is no kind of subject “{key}”"
                + (f"; did you mean “{near}”?" if near else "; hazardrules facts lists them"),
            ),
        )

    def single(self, row: Row, data: Any, record: Record) -> None:
        if isinstance(data, Mapping):
            self.facts(self.kinds[row._kind], row, data, record, depth=0)
            return
        if data is not None:
            self.problem(
                row._path, Text(f"{row._kind} 只有一个，应写成“事实: 值”的结构", f"{row._kind} is one mapping of facts")
            )
        self.list_facts(self.kinds[row._kind], row, {}, record, depth=0)

    # ---------------------------------------------------------------------------- lists of subjects

    def table(
        self, kind: Kind, data: Any, up: Row, record: Record, depth: int = 0, fact: str | None = None
    ) -> Parts | None:
        """Read the subjects of *kind* in *data*, of the list *fact* of *up*; None where nobody looked."""
        path = kind.id if fact is None else f"{up._path}.{fact}"
        steps = (kind.id,) if fact is None else (*up._steps, fact)
        complete = True
        if isinstance(data, Mapping) and set(data) == {"seen"}:
            data, complete, steps = data["seen"], False, (*steps, "seen")
            self.keys += 1
        if isinstance(data, str) and data.strip() in values.NONE_WORDS:
            data = []
        if values.is_unknown(data):
            record.gaps.append(Gap(kind.id, up, fact))
            return None
        if not isinstance(data, Sequence) or isinstance(data, str):
            self.problem(
                path,
                Text(
                    f"{kind.title.zh}应写成列表，每个一项；一个也没有写 []，只看了一部分写 {{seen: [...]}}",
                    f"{kind.title.en}: expected a list with one entry each; [] for none, {{seen: [...]}} for some",
                ),
            )
            return Parts((), complete)
        if depth > _DEEPEST:
            self.problem(path, Text("层次太深", "nested too deeply"))
            return Parts((), complete)
        self.duplicates(data, path)
        made = record.rows.setdefault(kind.id, [])
        first, nothing = len(made), blank(kind, path, steps, up)
        for n, item in enumerate(data):
            if not _is_blank(item):
                self.subject(kind, item, row_of({**nothing, "_n": n}), made, record, depth)
        rows = made[first:] if first else list(made)
        complete = complete and len(rows) == len(data)  # an entry left blank in the form was not looked at
        rows.sort(key=_by_name)  # nothing may depend on the order of named rows
        if not complete:
            record.gaps.append(Gap(kind.id, up, fact))
        return Parts(tuple(rows), complete)

    def duplicates(self, data: Sequence[Any], path: str) -> None:
        named = (item.get("id") for item in data if item.__class__ is dict or isinstance(item, Mapping))
        names = [name if name.__class__ is str else str(name) for name in named if _is_name(name) and name is not None]
        if len(set(names)) == len(names):
            return
        named = (item["id"] for item in data if isinstance(item, Mapping) and not values.is_unknown(item.get("id")))
        counts = Counter(str(name) for name in named if _is_name(name))
        for name, count in counts.items():
            if count > 1:
                self.problem(
                    f"{path}[{name}]",
                    Text(
                        f"编号“{name}”出现了 {count} 次，编号不能重复",
                        f"id “{name}” stands {count} times; give each its own",
                    ),
                )

    def subject(self, kind: Kind, item: Any, row: Row, made: list[Row], record: Record, depth: int) -> None:
        """Read *item* into *row* and put it among those *made*."""
        made.append(row)
        if item.__class__ is not dict and not isinstance(item, Mapping):
            self.problem(row._path, Text("这一项应写成“事实: 值”的结构", "expected a mapping of facts"))
            return
        name = item.get("id")
        if name is not None:
            self.keys -= name.__class__ is float
            if not _is_name(name):
                message = Text("编号应是文字或数字，只能写一行", "an id is text or a number, on one line")
                self.problem(f"{row._path}.id", message)
            else:
                row._id = str(name)
        if item.get("observed_on") is not None:
            row._observed_on = dates.parse_day(item["observed_on"])
            if row._observed_on is None:
                self.problem(
                    f"{row._path}.observed_on", Text("不是日期，应写成 2026-03-01", "no date; write it as 2026-03-01")
                )
        self.facts(kind, row, item, record, depth)

    # ---------------------------------------------------------------------------- facts of a subject

    def facts(self, kind: Kind, row: Row, data: Mapping[str, Any], record: Record, depth: int) -> None:
        """Read the facts in *data* into *row*: what is written as usual by tables of its kind, the rest by `values`."""
        known, said = row.__dict__, row._stated
        words, several, numbers = kind.words, kind.several, kind.numbers
        self.keys += len(data)
        for key, raw in data.items():
            if raw.__class__ in _PLAIN:
                value = words[key].get(raw) if key in words else None
            elif raw.__class__ is list and key in several and several[key].issuperset(map(_word, raw)):
                value = frozenset(raw)
            elif raw.__class__ in _NUMBERS and key in numbers:
                value = numbers[key](raw)
            else:
                value = None
            if value is not None:
                known[key], said[key] = value, raw
                continue
            spec = kind.facts.get(key) if isinstance(key, str) else None
            if spec is None:
                if key not in _OWN_KEYS:
                    self.unknown_fact(row, kind, str(key))
                elif isinstance(raw, (list, dict)):
                    self.keys -= 1  # a note of any form: its own keys are not counted, nor its depth
            elif spec.type != "list":
                self.fact(row, spec, raw)
        if kind.lists:
            self.list_facts(kind, row, data, record, depth)

    def list_facts(self, kind: Kind, row: Row, data: Mapping[str, Any], record: Record, depth: int) -> None:
        for spec in kind.lists:
            part = self.kinds[spec.of or ""]
            if data.get(spec.id) is None:
                record.gaps.append(Gap(part.id, row, spec.id))
                continue
            parts = self.table(part, data[spec.id], row, record, depth + 1, spec.id)
            if parts is not None and spec.roster:
                parts = self.rostered(spec, part, parts, row, record)
            setattr(row, spec.id, parts)

    def rostered(self, spec: FactSpec, part: Kind, parts: Parts, up: Row, record: Record) -> Parts:
        """Add a row of unknowns for each part that the law demands by name and nobody recorded."""
        path, rows = f"{up._path}.{spec.id}", list(parts.rows)
        for fact, words in spec.roster.items():
            present = {getattr(row, fact) for row in rows}
            for word in words:
                if word not in present:
                    steps = (*up._steps, spec.id)
                    row = row_of({**blank(part, path, steps, up), "_id": word, "_n": {fact: word}, fact: word})
                    row._stated[fact] = word
                    record.rows.setdefault(part.id, []).append(row)
                    rows.append(row)
        return Parts(tuple(rows), parts.complete)

    def unknown_fact(self, row: Row, kind: Kind, key: str) -> None:
        near = nearest(key, kind.facts)
        title = f"（{kind.facts[near].title.zh}）" if near else ""
        self.problem(
            f"{row._path}.{key}",
            Text(
                f"{kind.title.zh}没有“{key}”这项事实"
                + (f"，是不是“{near}”{title}？" if near else "；hazardrules facts 列出可记的事实"),
                f"{kind.title.en} has no fact “{key}”"
                + (f"; did you mean “{near}”?" if near else "; hazardrules facts lists them"),
            ),
        )

    def fact(self, row: Row, spec: FactSpec, raw: Any) -> None:
        stated = raw
        if isinstance(raw, Mapping):
            if "value" not in raw or not set(raw) <= _JUDGED_KEYS:
                self.problem(
                    f"{row._path}.{spec.id}",
                    Text("应是一个值，或 {value, by, at, evidence}", "expected a value, or {value, by, at, evidence}"),
                )
                return
            self.keys += len(raw)
            raw = raw["value"]
        if raw.__class__ is float and spec.type != "number":
            self.keys -= 1  # of a number that is meant as text the way it is written counts
        try:
            value = values.parse(spec, raw)
        except values.FactValueError as error:
            self.problem(f"{row._path}.{spec.id}", error.message)
            return
        if value is not None:
            setattr(row, spec.id, value)
            row._stated[spec.id] = stated


def _word(item: Any) -> str | None:
    """Return *item* where it may be a word, else None, which no set of words holds."""
    return item if item.__class__ is str else None


def _is_blank(item: Any, depth: int = 0) -> bool:
    """Return whether nothing at all is recorded in *item*: an entry of the empty form."""
    if depth > _DEEPEST:
        return False
    if item.__class__ is dict or isinstance(item, Mapping):
        return values.is_unknown(item.get("id")) and all(_is_blank(value, depth + 1) for value in item.values())
    if isinstance(item, list):
        return bool(item) and all(_is_blank(value, depth + 1) for value in item)  # `[]` says that there is none
    return values.is_unknown(item)


def _by_name(row: Row) -> tuple[bool, str]:
    return row._id is None, row._id or ""


def _is_name(name: Any) -> bool:
    """Return whether *name* can be an id: one line of visible text, or a number; None is none."""
    if isinstance(name, str):
        return bool(name.strip()) and name.isprintable()
    if isinstance(name, int):
        return not isinstance(name, bool) and name.bit_length() <= _LONGEST_NUMBER
    return name is None or isinstance(name, (float, Decimal))
