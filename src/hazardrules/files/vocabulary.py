"""`facts/*.yaml`: the kinds of subject, their facts, and how facts follow from others; `tables/*.yaml`."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from .. import facts, models, units
from ..condition import Path as DataPath
from ..facts import FactSpec, Kind, Vocabulary, nearest
from ..reading import Source
from ..texts import Text
from .additions import ADDITIONS, Base
from .containment import check_kinds
from .definitions import read_computed, read_definition
from .folder import SHIPPED, Folder, shown, stem
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
    """Reads the facts files of a folder, and adds them to the vocabulary that it builds on."""

    def __init__(self, folder: Folder, base: Base | None = None) -> None:
        self.folder, self.base = folder, base
        self.beneath = base.rulebook.vocabulary if base else Vocabulary({})
        self.shared: dict[str, tuple[Source, models.SharedModel]] = {}

    def vocabulary(self) -> Vocabulary | None:
        """Return all kinds with their facts, definitions and needs; None where they do not fit together."""
        kinds: dict[str, tuple[Source, models.KindModel]] = {}
        added: dict[str, tuple[Source, models.SharedModel]] = {}
        if self.base:
            self._read_shared(Folder(SHIPPED))
        for file in self._read_shared(self.folder):
            source, name = self.folder.source(file), stem(file)
            kind = source and self.folder.model(source, models.KindModel)
            if source and kind and self._may_be_kind(name, source):
                kinds[name] = source, kind
        for file in self.folder.files(ADDITIONS):
            source, name = self.folder.source(file), stem(file)
            addition = source and self.folder.model(source, models.SharedModel)
            if source and addition and self._may_be_added_to(name, source):
                added[name] = source, addition
        specs = dict(self.beneath.kinds)
        origins: dict[tuple[str, str], tuple[Source, models.FactModel]] = {}
        for name, (source, kind) in kinds.items():
            specs[name] = self._kind(name, source, kind, self.shared, origins)
        for name, (source, addition) in added.items():
            specs[name] = self._extended(specs[name], source, addition, origins)
        vocabulary = Vocabulary(MappingProxyType(specs), tables=self._tables())
        sources = {name: source for name, (source, _) in (*kinds.items(), *added.items())}
        if not check_kinds(self.folder, vocabulary, sources):
            return None
        definitions, needs = dict(self.beneath.definitions), dict(self.beneath.needs)
        for key, (source, fact) in origins.items():
            scope = vocabulary.scope(key[0])
            path: DataPath = ("facts", key[1])
            if fact.python:
                definitions[key] = read_computed(self.folder, fact.python, source, path, specs[key[0]], vocabulary)
            elif definition := read_definition(self.folder, fact, source, path, scope, specs[key[0]].facts[key[1]]):
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

    def _read_shared(self, folder: Folder) -> list[Traversable]:
        """Read the shared facts files of *folder* and return the others."""
        files = folder.files("facts")
        for file in files:
            source = folder.source(file) if file.name.startswith("_") else None
            part = source and folder.model(source, models.SharedModel)
            name = stem(file)[1:]
            if source and part and (folder is not self.folder or self._owns(name, source.where())):
                self.shared[name] = source, part
        return [file for file in files if not file.name.startswith("_")]

    def _owns(self, name: str, where: str) -> bool:
        """Return whether *name* is the folder's to give, beside what it builds on."""
        return self.base is None or self.base.owns(self.folder, name, "_", where)

    def _may_be_kind(self, name: str, source: Source) -> bool:
        if name in self.beneath.kinds:
            self.folder.problem(
                source.where(),
                Text(
                    f"“{name}”是自带的种类；给它加事实，写在 {ADDITIONS}/{name}.yaml",
                    f"“{name}” is a shipped kind; facts are added to it in {ADDITIONS}/{name}.yaml",
                ),
            )
            return False
        return self._owns(name, source.where()) and self._check_id(name, source.where())

    def _may_be_added_to(self, name: str, source: Source) -> bool:
        if name in self.beneath.kinds:
            return True
        near = nearest(name, self.beneath.kinds)
        self.folder.problem(
            source.where(),
            Text(
                f"{ADDITIONS}/ 里一个文件给一种自带的对象加事实，没有“{name}”"
                + (f"，是不是“{near}”？" if near else ""),
                f"a file in {ADDITIONS}/ adds facts to a shipped kind, and there is no “{name}”"
                + (f"; did you mean “{near}”?" if near else ""),
            ),
        )
        return False

    def _extended(
        self,
        kind: Kind,
        source: Source,
        model: models.SharedModel,
        origins: dict[tuple[str, str], tuple[Source, models.FactModel]],
    ) -> Kind:
        """Return a shipped *kind* with the folder's own facts after its own."""
        specs = dict(kind.facts)
        for fact_id, fact in model.facts.items():
            if self._owns(fact_id, source.where(("facts", fact_id), key=True)):
                specs[fact_id] = self._spec(fact_id, fact, source)
                origins[kind.id, fact_id] = source, fact
        return replace(kind, facts=MappingProxyType(specs))

    def _tables(self) -> Mapping[str, Any]:
        """Return the tables; what builds on others may bring none, for only the library calculates with them."""
        if self.base is None:
            return read_tables(self.folder)
        for file in self.folder.files("tables"):
            self.folder.problem(
                shown(file),
                Text(
                    "补充的标准不能带 tables/，数表只有库里的计算能用",
                    "only the library's own calculations use tables/",
                ),
            )
        return self.beneath.tables

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
