"""`facts/*.yaml`: the kinds of subject, their facts, and how facts follow from others; `tables/*.yaml`."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from .. import condition, facts, models, units, values
from ..condition import Path as DataPath
from ..expr import ALWAYS, NEVER, Expr, all_of, negate
from ..facts import Definition, FactSpec, Kind, Scope, Vocabulary, nearest
from ..reading import Source
from ..texts import Text
from .containment import check_kinds
from .folder import Folder, stem
from .tables import read_tables

_ID = re.compile(r"[a-z][a-z0-9_]*")
_ONLY_FOR = {
    "values": ("choice", "choices"),
    "unit": ("number",),
    "integer": ("number",),
    "min": ("number",),
    "of": ("list",),
    "roster": ("list",),
    "never": ("date", "time"),
}
_RESERVED = ("id", "observed_on", "note", "seen")  # keys that a record has for itself


class VocabularyReader:
    """Reads the facts files of a folder."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder

    def vocabulary(self) -> Vocabulary | None:
        """Return all kinds with their facts, definitions and needs; None where they do not fit together."""
        shared: dict[str, tuple[Source, models.SharedModel]] = {}
        kinds: dict[str, tuple[Source, models.KindModel]] = {}
        for file in self.folder.files("facts"):
            source = self.folder.source(file)
            if source is None:
                continue
            name = stem(file)
            if name.startswith("_"):
                if part := self.folder.model(source, models.SharedModel):
                    shared[name[1:]] = source, part
            elif (kind := self.folder.model(source, models.KindModel)) and self._check_id(name, source.where()):
                kinds[name] = source, kind
        specs: dict[str, Kind] = {}
        origins: dict[tuple[str, str], tuple[Source, models.FactModel]] = {}
        for name, (source, kind) in kinds.items():
            specs[name] = self._kind(name, source, kind, shared, origins)
        vocabulary = Vocabulary(MappingProxyType(specs), tables=read_tables(self.folder))
        if not check_kinds(self.folder, vocabulary, {name: source for name, (source, _) in kinds.items()}):
            return None
        definitions, needs = {}, {}
        for key, (source, fact) in origins.items():
            scope = vocabulary.scope(key[0])
            path: DataPath = ("facts", key[1])
            if fact.python:
                definitions[key] = self._computed(fact.python, source, path, specs[key[0]], vocabulary)
            elif definition := self._definition(fact, source, path, scope, specs[key[0]].facts[key[1]]):
                definitions[key] = definition
            if fact.needs is not None:
                needs[key] = self.folder.conditions(source, dated=False).read(fact.needs, (*path, "needs"), scope)
        whole = vocabulary.with_conditions(definitions, needs)
        try:
            _ = whole.order
        except ValueError as error:
            first = str(error).partition(" ")[0].partition(".")
            self.folder.problem(
                origins[first[0], first[2]][0].where(("facts", first[2])),
                Text(f"定义绕成了圈：{error}", f"definitions go round in a circle: {error}"),
            )
            return vocabulary
        return whole

    def _check_id(self, name: str, where: str) -> bool:
        """Note it where *name* cannot be the id of a kind or a fact: it also becomes a name in code."""
        if _ID.fullmatch(name) and not keyword.iskeyword(name) and name not in _RESERVED:
            return True
        self.folder.problem(
            where,
            Text(
                f"名字“{name}”不能用：只用小写字母、数字和下划线，以字母开头，不用保留字（class、in、id 等）",
                f"“{name}” cannot be an id: lower-case ASCII letters, digits and _, a letter first, no reserved word",
            ),
        )
        return False

    def _kind(
        self,
        name: str,
        source: Source,
        model: models.KindModel,
        shared: Mapping[str, tuple[Source, models.SharedModel]],
        origins: dict[tuple[str, str], tuple[Source, models.FactModel]],
    ) -> Kind:
        parts: list[tuple[Source, Mapping[str, models.FactModel]]] = []
        for i, include in enumerate(model.include):
            if include in shared:
                parts.append((shared[include][0], shared[include][1].facts))
            else:
                near = nearest(include, shared)
                self.folder.problem(
                    source.where(("include", i)),
                    Text(
                        f"没有公用事实文件 _{include}.yaml" + (f"，是不是“{near}”？" if near else ""),
                        f"there is no shared facts file _{include}.yaml"
                        + (f"; did you mean “{near}”?" if near else ""),
                    ),
                )
        parts.append((source, model.facts))
        specs: dict[str, FactSpec] = {}
        for origin, found in parts:
            for fact_id, fact in found.items():
                if fact_id in specs:
                    self.folder.problem(
                        origin.where(("facts", fact_id)), Text(f"事实“{fact_id}”重复", f"fact “{fact_id}” twice")
                    )
                specs[fact_id] = self._spec(fact_id, fact, origin)
                origins[name, fact_id] = origin, fact
        within = (model.within,) if isinstance(model.within, str) else tuple(model.within)
        hint = Text(model.hint, model.hint_en or model.hint) if model.hint else None
        title = Text(model.title, model.en or name)
        return Kind(name, title, MappingProxyType(specs), within, model.one, hint, source.where())

    def _spec(self, fact_id: str, fact: models.FactModel, source: Source) -> FactSpec:
        path: DataPath = ("facts", fact_id)
        self._check_id(fact_id, source.where(path))
        given = fact.values
        words = (
            {word: word for word in given}
            if isinstance(given, list)
            else {w: en or w for w, en in (given or {}).items()}
        )
        if fact.type in ("choice", "choices") and not words:
            self.folder.problem(
                source.where(path), Text(f"{fact.type} 要写 values（可选的词）", f"a {fact.type} needs values")
            )
        for key, types in _ONLY_FOR.items():
            if getattr(fact, key) not in (None, False) and fact.type not in types:
                self.folder.problem(
                    source.where((*path, key)),
                    Text(f"{key} 只用于 {'、'.join(types)}", f"{key} is only for {', '.join(types)}"),
                )
        if fact.min is not None and units.decimal(str(fact.min)) is None:
            self.folder.problem(source.where((*path, "min")), Text("min 应是数", "min must be a number"))
        unit = units.canonical(fact.unit) if fact.unit else None
        if fact.unit and unit is None:
            self.folder.problem(
                source.where((*path, "unit")),
                Text(
                    f"不认识单位“{fact.unit}”（可用：{' '.join(units.known_units())}）", f"unknown unit “{fact.unit}”"
                ),
            )
        return FactSpec(
            id=fact_id,
            type=fact.type,
            title=Text(fact.title, fact.en or fact_id.replace("_", " ")),
            question=Text(fact.question, fact.en or fact_id.replace("_", " ")) if fact.question else None,
            values=MappingProxyType(facts.FIXED_WORDS.get(fact.type, words)),
            unit=unit,
            integer=fact.integer,
            min=None if fact.min is None or units.decimal(str(fact.min)) is None else str(fact.min),
            of=fact.of,
            roster=MappingProxyType({k: tuple(v) for k, v in (fact.roster or {}).items()}),
            never=fact.never,
            judged=fact.judged,
            evidence=tuple(fact.evidence),
            group=fact.group,
            where=source.where(path, key=True),
            source=fact.source,
            unverified=fact.status is not None,
        )

    def _definition(
        self, fact: models.FactModel, source: Source, path: DataPath, scope: Scope, spec: FactSpec
    ) -> Definition | None:
        reader = self.folder.conditions(source, dated=False)
        if fact.count:
            counted = scope.find(fact.count)
            if counted is None or counted.type != "list":
                self.folder.problem(
                    source.where((*path, "count")),
                    Text(f"“{fact.count}”不是这里的部件清单（list）", f"“{fact.count}” is no list of parts here"),
                )
                return None
            return Definition(count=fact.count, whole=True)
        if fact.table:
            for i, name in enumerate(fact.table.by):
                if scope.find(name) is None:
                    near = nearest(name, scope.names())
                    self.folder.problem(
                        source.where((*path, "table", "by", i)),
                        Text(
                            f"没有事实“{name}”" + (f"，是不是“{near}”？" if near else ""),
                            f"there is no fact “{name}”" + (f"; did you mean “{near}”?" if near else ""),
                        ),
                    )
                    return None
            rows = tuple(
                self._table_row(row, fact.table.by, source, (*path, "table", "rows", i), scope, spec)
                for i, row in enumerate(fact.table.rows)
            )
            return Definition(table=facts.Table(rows), whole=True)
        sides = {"yes_when": fact.yes_when, "no_when": fact.no_when}
        if any(side is not None for side in sides.values()) and spec.type != "yes_no":
            self.folder.problem(
                source.where(path),
                Text(
                    "yes_when、no_when 只用于 yes_no；其他类型用 table",
                    "yes_when and no_when define a yes_no; else use table",
                ),
            )
            return None
        read = {
            side: reader.read(data, (*path, side), scope)
            for side, data in sides.items()
            if data is not None and data != "otherwise"
        }
        yes, no = read.get("yes_when"), read.get("no_when")
        if "otherwise" not in sides.values():
            return Definition(yes=yes, no=no) if read else None
        if not read:
            self.folder.problem(
                source.where(path),
                Text("otherwise 要与另一边的条件同用", "otherwise needs a condition on the other side"),
            )
            return None
        return Definition(yes=yes or negate(no or NEVER), no=no or negate(yes or NEVER), whole=True)

    def _computed(self, name: str, source: Source, path: DataPath, kind: Kind, vocabulary: Vocabulary) -> Definition:
        """Return the definition by a function of `completions`, whose table and facts must be there."""
        computed, where, reads = facts.COMPUTED[name], source.where((*path, "python")), []
        if computed.table not in vocabulary.tables and not self.folder.problems:
            self.folder.problem(
                where, Text(f"缺 tables/{computed.table}.yaml", f"tables/{computed.table}.yaml is missing")
            )
        for fact in computed.facts:
            items, _, own = fact.rpartition(".")
            owner = kind if not items else vocabulary.kinds.get((items in kind.facts and kind.facts[items].of) or "")
            if owner is None or own not in owner.facts:
                self.folder.problem(where, Text(f"{name} 要用的事实“{fact}”没有", f"{name} needs the fact “{fact}”"))
            else:
                reads.append((owner.id, own))
        return Definition(python=name, reads=tuple(reads))

    def _table_row(
        self,
        row: list[Any],
        by: list[str],
        source: Source,
        path: DataPath,
        scope: Scope,
        spec: FactSpec,
    ) -> tuple[Expr, object]:
        if len(row) != len(by) + 1:
            self.folder.problem(
                source.where(path),
                Text(
                    f"这一行应有 {len(by)} 格加 1 个值，现有 {len(row)} 项",
                    f"expected {len(by)} cells and a value, found {len(row)}",
                ),
            )
            return NEVER, None

        def report(path: DataPath, _offset: int, message: Text) -> None:
            self.folder.problem(source.where(path), message)  # the offset is in the sentence made of the cell

        reader = condition.Reader(None, report)
        cells = []
        for i, (name, cell) in enumerate(zip(by, row, strict=False)):
            if cell == "*":
                continue
            text = str(cell)
            compared = text.split(" ", 1)[0] in ("<", "<=", ">", ">=", "==", "!=")
            cells.append(reader.read(f"{name} {text}" if compared else f"{name} == {text}", (*path, i), scope))
        try:
            value = values.parse(spec, row[-1])
        except values.FactValueError as error:
            self.folder.problem(source.where((*path, len(by))), error.message)
            value = None
        return (all_of(*cells) if cells else ALWAYS), value
