"""From the YAML in a standards folder to a `Rulebook`, with every error at file:line:column.

    facts/*.yaml  lists/*.yaml  industries.yaml  <document>/standard.yaml  <document>/<clause>.yaml
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from . import condition, facts, models, units, values
from .condition import Path as DataPath
from .errors import Problem, StandardsError
from .expr import ALWAYS, NEVER, Expr, all_of, negate
from .facts import Definition, FactSpec, Kind, Scope, Vocabulary, nearest
from .reading import ReadingError, Source, read_text, read_yaml
from .rules import (
    Case,
    Chapter,
    Clause,
    Exclusion,
    Industry,
    InForce,
    Level,
    Reading,
    Rule,
    Rulebook,
    Standard,
    WordEdition,
    WordList,
    Yield,
)
from .texts import Text

M = TypeVar("M", bound=BaseModel)
_LIMIT = 2_000_000  # bytes a standards file may have


def load(folder: str | Path | None = None) -> Rulebook:
    """Return the rulebook in *folder* (None: the standards shipped with the library).

    Raises `StandardsError` with every problem of every file.
    """
    loader = _Loader(resources.files("hazardrules.standards") if folder is None else Path(folder))
    rulebook = loader.load()
    if loader.problems:
        raise StandardsError(loader.problems)
    return rulebook


class _Loader:
    """Reads one folder; problems are collected, not raised, so that all come at once."""

    def __init__(self, root: Traversable) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.digest = hashlib.sha256()
        self.list_names: set[str] = set()
        self.list_words: dict[str, set[str]] = {}

    # ------------------------------------------------------------------------------ reading files

    def load(self) -> Rulebook:
        if not self.root.is_dir():
            self.problem(str(self.root), Text("没有这个标准文件夹", "there is no such standards folder"))
            return Rulebook(Vocabulary({}), (), {}, {})
        lists = {words.id: words for words in map(self.word_list, self.folder("lists")) if words}
        self.list_names = set(lists)
        vocabulary = self.vocabulary()
        standards = tuple(
            standard
            for entry in sorted(self.root.iterdir(), key=lambda e: e.name)
            if entry.is_dir() and (entry / "standard.yaml").is_file()
            if (standard := _DocumentReader(self, vocabulary, entry).standard())
        )
        self.check_ids(standards)
        industries = self.industries({standard.id for standard in standards})
        return Rulebook(
            vocabulary, self.in_order(standards), MappingProxyType(lists), industries, self.digest.hexdigest()
        )

    def folder(self, name: str) -> list[Traversable]:
        """Return the YAML files in the folder *name*, in order."""
        folder = self.root / name
        return yaml_files(folder) if folder.is_dir() else []

    def source(self, file: Traversable) -> Source | None:
        """Return the data of *file*, or None with the problems noted."""
        try:
            text = read_text(Path(str(file)), _LIMIT)
            self.digest.update(f"{file.name}\0{text}\0".encode())
            return read_yaml(text, shown(file))
        except ReadingError as error:
            self.problems.extend(Problem(p.where, p.message) for p in error.problems)
            return None

    def model(self, source: Source, kind: type[M], data: Any = None, path: DataPath = ()) -> M | None:
        """Return *data* (the whole of *source*) as the file model *kind*, or None."""
        try:
            return kind.model_validate(source.data if data is None else data)
        except ValidationError as error:
            for item in error.errors():
                where = (*path, *(part for part in item["loc"] if part not in ("str", "list[constrained-str]")))
                self.problem(source.where(where), _structure(item, kind))
            return None

    def problem(self, where: str, message: Text) -> None:
        self.problems.append(Problem(where, message))

    def conditions(self, source: Source) -> condition.Reader:
        """Return a reader of conditions whose problems are placed in *source*."""

        def report(path: DataPath, offset: int, message: Text) -> None:
            self.problem(_shift(source.where(path), offset), message)

        return condition.Reader(self.list_names, report)

    # -------------------------------------------------------------------------------- word lists

    def word_list(self, file: Traversable) -> WordList | None:
        source = self.source(file)
        model = source and self.model(source, models.WordListModel)
        if not model:
            return None
        editions = tuple(
            WordEdition(
                frozenset(e.words), InForce(e.since, e.until), e.citation, unverified=e.status is not None
            )
            for e in model.editions
        )
        return WordList(_stem(file), model.title, editions)

    # -------------------------------------------------------------------------------- vocabulary

    def vocabulary(self) -> Vocabulary:
        shared: dict[str, tuple[Source, models.SharedModel]] = {}
        kinds: dict[str, tuple[Source, models.KindModel]] = {}
        for file in self.folder("facts"):
            source = self.source(file)
            if source is None:
                continue
            name = _stem(file)
            if name.startswith("_"):
                if part := self.model(source, models.SharedModel):
                    shared[name[1:]] = source, part
            elif kind := self.model(source, models.KindModel):
                kinds[name] = source, kind
        specs: dict[str, Kind] = {}
        origins: dict[tuple[str, str], tuple[Source, models.FactModel]] = {}
        for name, (source, kind) in kinds.items():
            specs[name] = self.kind(name, source, kind, shared, origins)
        vocabulary = Vocabulary(MappingProxyType(specs))
        self.check_kinds(vocabulary, kinds)
        definitions, needs = {}, {}
        for key, (source, fact) in origins.items():
            if key[0] not in specs or self.broken_chain(key[0], vocabulary):
                continue
            scope = vocabulary.scope(key[0])
            path: DataPath = ("facts", key[1])
            if definition := self.definition(fact, source, path, scope, specs[key[0]].facts[key[1]]):
                definitions[key] = definition
            if fact.needs is not None:
                needs[key] = self.conditions(source).read(fact.needs, (*path, "needs"), scope)
        whole = vocabulary.with_conditions(definitions, needs)
        try:
            _ = whole.order
        except ValueError as error:
            self.problem("facts", Text(f"定义绕成了圈：{error}", f"definitions go round in a circle: {error}"))
            return vocabulary
        return whole

    def broken_chain(self, kind: str, vocabulary: Vocabulary) -> bool:
        try:
            vocabulary.chain(kind)
        except (KeyError, RecursionError):
            return True
        return False

    def kind(
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
                self.problem(
                    source.where(("include", i)),
                    Text(
                        f"没有公用事实文件 _{include}.yaml" + (f"，是不是“{near}”？" if near else ""),
                        f"there is no shared facts file _{include}.yaml" + (f"; did you mean “{near}”?" if near else ""),
                    ),
                )
        parts.append((source, model.facts))
        specs: dict[str, FactSpec] = {}
        for origin, found in parts:
            for fact_id, fact in found.items():
                if fact_id in specs:
                    self.problem(origin.where(("facts", fact_id)), Text(f"事实“{fact_id}”重复", f"fact “{fact_id}” twice"))
                specs[fact_id] = self.spec(fact_id, fact, origin)
                origins[name, fact_id] = origin, fact
        within = (model.within,) if isinstance(model.within, str) else tuple(model.within)
        hint = Text(model.hint, model.hint_en or model.hint) if model.hint else None
        return Kind(name, Text(model.title, model.en or name), MappingProxyType(specs), within, model.one, hint)

    def spec(self, fact_id: str, fact: models.FactModel, source: Source) -> FactSpec:
        path: DataPath = ("facts", fact_id)
        if not fact_id.isidentifier() or not fact_id.isascii() or fact_id.startswith("_") or fact_id != fact_id.lower():
            self.problem(
                source.where(path),
                Text(f"事实名“{fact_id}”只能用小写字母、数字和下划线", f"fact id “{fact_id}”: lower-case ASCII letters, digits, _"),
            )
        given = fact.values
        words = {word: word for word in given} if isinstance(given, list) else {w: en or w for w, en in (given or {}).items()}
        if fact.type in ("choice", "choices") and not words:
            self.problem(source.where(path), Text(f"{fact.type} 要写 values（可选的词）", f"a {fact.type} needs values"))
        unit = units.canonical(fact.unit) if fact.unit else None
        if fact.unit and unit is None:
            self.problem(
                source.where((*path, "unit")),
                Text(f"不认识单位“{fact.unit}”（可用：{' '.join(units.known_units())}）", f"unknown unit “{fact.unit}”"),
            )
        return FactSpec(
            id=fact_id,
            type=fact.type,
            title=Text(fact.title, fact.en or fact_id.replace("_", " ")),
            question=Text(fact.question, fact.en or fact_id.replace("_", " ")) if fact.question else None,
            values=MappingProxyType(facts.FIXED_WORDS.get(fact.type, words)),
            unit=unit,
            integer=fact.integer,
            min=None if fact.min is None else str(fact.min),
            of=fact.of,
            roster=MappingProxyType({k: tuple(v) for k, v in (fact.roster or {}).items()}),
            never=fact.never,
            judged=fact.judged,
            evidence=tuple(fact.evidence),
            group=fact.group,
            source=fact.source,
            unverified=fact.status is not None,
        )

    def check_kinds(self, vocabulary: Vocabulary, files: Mapping[str, tuple[Source, models.KindModel]]) -> None:
        """Check that containers and parts name each other."""
        for name, kind in vocabulary.kinds.items():
            source = files[name][0]
            for container in kind.within if not kind.one else ():
                around = vocabulary.kinds.get(container)
                if around is None:
                    self.problem(source.where(("within",)), Text(f"没有“{container}”这种对象", f"there is no kind “{container}”"))
                elif container != facts.ENTERPRISE and not any(spec.of == name for spec in around.lists):
                    self.problem(
                        source.where(("within",)),
                        Text(
                            f"{container} 要有一个 list 事实写 of: {name}，部件才有地方记",
                            f"{container} needs a list fact with of: {name}",
                        ),
                    )
            for spec in kind.lists:
                part = vocabulary.kinds.get(spec.of or "")
                if part is None or name not in part.within:
                    self.problem(
                        source.where(("facts", spec.id)),
                        Text(f"“{spec.of}”没有声明 within: {name}", f"“{spec.of}” does not say within: {name}"),
                    )
            for spec in kind.facts.values():
                for fact in spec.evidence:
                    if fact not in kind.facts:
                        self.problem(source.where(("facts", spec.id, "evidence")), Text(f"没有事实“{fact}”", f"no fact “{fact}”"))

    def definition(
        self, fact: models.FactModel, source: Source, path: DataPath, scope: Scope, spec: FactSpec
    ) -> Definition | None:
        reader = self.conditions(source)
        if fact.count:
            return Definition(count=fact.count, whole=True)
        if fact.python:
            return Definition(python=fact.python, whole=False)
        if fact.table:
            rows = tuple(
                self.table_row(row, fact.table.by, reader, source, (*path, "table", "rows", i), scope, spec)
                for i, row in enumerate(fact.table.rows)
            )
            return Definition(table=facts.Table(rows), whole=True)
        yes = None if fact.yes_when is None else reader.read(fact.yes_when, (*path, "yes_when"), scope)
        if fact.no_when == "otherwise":
            if yes is None:
                self.problem(source.where((*path, "no_when")), Text("otherwise 要与 yes_when 同用", "otherwise needs a yes_when"))
                return None
            return Definition(yes=yes, no=negate(yes), whole=True)
        if fact.yes_when == "otherwise" and fact.no_when is not None:
            no = reader.read(fact.no_when, (*path, "no_when"), scope)
            return Definition(yes=negate(no), no=no, whole=True)
        no = None if fact.no_when is None else reader.read(fact.no_when, (*path, "no_when"), scope)
        return Definition(yes=yes, no=no) if yes is not None or no is not None else None

    def table_row(
        self,
        row: list[Any],
        by: list[str],
        reader: condition.Reader,
        source: Source,
        path: DataPath,
        scope: Scope,
        spec: FactSpec,
    ) -> tuple[Expr, object]:
        if len(row) != len(by) + 1:
            self.problem(
                source.where(path),
                Text(f"这一行应有 {len(by)} 格加 1 个值，现有 {len(row)} 项", f"expected {len(by)} cells and a value, found {len(row)}"),
            )
            return NEVER, None
        cells = []
        for i, (name, cell) in enumerate(zip(by, row, strict=False)):
            if cell == "*":
                continue
            text = str(cell)
            compared = text.split(" ", 1)[0] in ("<", "<=", ">", ">=", "==", "!=")
            cells.append(reader.read(f"{name} {text}" if compared else f"{name} == {text}", (*path, i), scope))
        try:
            value = values.parse(spec, row[-1])
        except values.ValueProblem as error:
            self.problem(source.where((*path, len(by))), error.message)
            value = None
        return (all_of(*cells) if cells else ALWAYS), value

    # -------------------------------------------------------------------------------- the whole

    def check_ids(self, standards: Iterable[Standard]) -> None:
        rules = {rule.id: clause for s in standards for clause in s.clauses for rule in clause.rules}
        for standard in standards:
            for clause in standard.clauses:
                for rule in clause.rules:
                    for near in rule.near:
                        if near not in rules:
                            close = nearest(near, rules)
                            self.problem(
                                clause.path,
                                Text(
                                    f"near 里的“{near}”不是已有的规则" + (f"，是不是“{close}”？" if close else ""),
                                    f"near names “{near}”, which is no rule" + (f"; did you mean “{close}”?" if close else ""),
                                ),
                            )

    def industries(self, documents: set[str]) -> Mapping[str, Industry]:
        file = self.root / "industries.yaml"
        source = self.source(file) if file.is_file() else None
        found: dict[str, Industry] = {}
        for name, data in (source.data if source else {}).items():
            assert source is not None
            model = self.model(source, models.IndustryModel, data, (name,))
            if model is None:
                continue
            for document in model.documents:
                if document not in documents:
                    near = nearest(document, documents)
                    self.problem(
                        source.where((name, "documents", document)),
                        Text(
                            f"没有文件夹“{document}”" + (f"，是不是“{near}”？" if near else ""),
                            f"there is no document “{document}”" + (f"; did you mean “{near}”?" if near else ""),
                        ),
                    )
            chapters = {doc: None if part == "all" else tuple(part) for doc, part in model.documents.items()}
            found[name] = Industry(name, Text(model.title, model.en or name), MappingProxyType(chapters))
        return MappingProxyType(found)

    @staticmethod
    def in_order(standards: Iterable[Standard]) -> tuple[Standard, ...]:
        """Return the documents oldest first (a reader meets an edition before its successor)."""
        return tuple(sorted(standards, key=lambda s: (s.in_force.since is None, str(s.in_force.since), s.id)))


class _DocumentReader:
    """Reads the folder of one document."""

    def __init__(self, loader: _Loader, vocabulary: Vocabulary, folder: Traversable) -> None:
        self.loader, self.vocabulary, self.folder = loader, vocabulary, folder
        self.id = folder.name

    def standard(self) -> Standard | None:
        source = self.loader.source(self.folder / "standard.yaml")
        model = source and self.loader.model(source, models.StandardModel)
        clauses = [
            clause
            for file in yaml_files(self.folder)
            if file.name != "standard.yaml" and (clause := self.clause(file))
        ]
        if not source or not model:
            return None
        reader, scope = self.loader.conditions(source), self.vocabulary.scope(facts.ENTERPRISE)
        clauses += [
            Clause(item.clause, item.chapter or "", why=item.why, topic=item.topic, path=source.name)
            for item in model.unencoded
        ]
        since, until = model.in_force.since, model.in_force.until
        return Standard(
            id=self.id,
            number=model.number,
            title=model.title,
            title_en=model.title_en,
            issuer=model.issuer,
            issued=model.issued,
            in_force=InForce(since or model.issued, until),
            clauses=tuple(clauses),
            scope=ALWAYS if model.scope is None else reader.read(model.scope, ("scope",), scope),
            scope_clause=model.scope_clause,
            chapters=MappingProxyType(self.chapters(model, source, clauses)),
            yields=tuple(
                Yield(reader.read(item.when, ("yields", i, "when"), scope), item.to) for i, item in enumerate(model.yields)
            ),
            failed_device=model.failed_device,
            succeeds=model.succeeds,
            official=model.official,
            closed=model.closed,
            bounds=model.bounds,
            unverified=model.status is not None,
            note=model.note,
            states_no_date=since is None,
        )

    def chapters(self, model: models.StandardModel, source: Source, clauses: list[Clause]) -> dict[str, Chapter]:
        """Return the chapters; a gate is read in the scope of the chapter's own subjects."""
        found = {}
        for name, chapter in model.chapters.items():
            gate = ALWAYS
            if chapter.applies is not None:
                subjects = {s for c in clauses if c.chapter == name for rule in c.rules for s in rule.subjects}
                for subject in sorted(subjects) or [facts.ENTERPRISE]:
                    before = len(self.loader.problems)
                    gate = self.loader.conditions(source).read(
                        chapter.applies, ("chapters", name, "applies"), self.vocabulary.scope(subject)
                    )
                    if len(self.loader.problems) > before:
                        break
            found[name] = Chapter(chapter.clause, chapter.title or chapter.clause, gate)
        return found

    def clause(self, file: Traversable) -> Clause | None:
        source = self.loader.source(file)
        model = source and self.loader.model(source, models.ClauseModel)
        if not source or not model:
            return None
        stem = _stem(file)
        if bool(model.rules) == bool(model.unencoded):
            self.loader.problem(
                source.where(()),
                Text("要么写 rules，要么用 unencoded 说明为何没有编入", "write either rules, or unencoded with the reason"),
            )
        rules = [self.rule(rule, i, model, source, stem) for i, rule in enumerate(model.rules)]
        kept = tuple(rule for rule in rules if rule is not None)
        return Clause(model.clause, stem, kept, model.unencoded, model.topic or model.summary, source.name)

    def rule(self, model: models.RuleModel, i: int, clause: models.ClauseModel, source: Source, stem: str) -> Rule | None:
        path: DataPath = ("rules", i)
        self.check_id(model.id, source, path, stem)
        subjects = (model.subject,) if isinstance(model.subject, str) else tuple(model.subject)
        if not self.known_subjects(subjects, source, (*path, "subject")):
            return None
        summary = model.summary or clause.summary
        if summary is None:
            self.loader.problem(source.where(path), Text("缺 summary（用自己的话说明这一条）", "summary is missing"))
            return None
        reader = self.loader.conditions(source)
        scopes = [self.vocabulary.scope(subject) for subject in subjects]

        def read(data: Any, at: DataPath, default: Expr) -> Expr:
            if data is None:
                return default
            for other in scopes[1:]:
                reader.read(data, at, other)
            return reader.read(data, at, scopes[0])

        span = model.in_force or models.Span()
        return Rule(
            id=model.id,
            subjects=subjects,
            level=Level[model.level.upper()],
            summary=Text(summary, model.summary_en or clause.summary_en or summary),
            applies=read(model.applies, (*path, "applies"), ALWAYS),
            when=read(model.when, (*path, "when"), NEVER),
            unless=tuple(
                Exclusion(
                    when=read(item.when, (*path, "unless", k, "when"), NEVER),
                    why=Text(item.why, item.why_en or item.why),
                    basis=item.basis,
                    disputed=item.disputed,
                    unverified=item.status is not None,
                    defers_to=item.defers_to,
                )
                for k, item in enumerate(model.unless)
            ),
            disputed=tuple(
                Reading(read(item.when, (*path, "disputed", k, "when"), NEVER), Text(item.why, item.why_en or item.why))
                for k, item in enumerate(model.disputed)
            ),
            remedy=Text(model.remedy, model.remedy_en or model.remedy) if model.remedy else None,
            reading=model.reading,
            near=tuple(model.near),
            unverified=model.status is not None or clause.status is not None,
            in_force=InForce(span.since, span.until),
            cases=tuple(
                Case(
                    MappingProxyType(case.given),
                    case.expect,
                    None if case.missing is None else tuple(case.missing),
                    case.exception,
                    case.also,
                    case.note,
                    (*path, "cases", k),
                )
                for k, case in enumerate(model.cases)
            ),
        )

    def known_subjects(self, subjects: tuple[str, ...], source: Source, path: DataPath) -> bool:
        good = True
        for subject in subjects:
            container, _, kind = subject.rpartition(".")
            found = self.vocabulary.kinds.get(kind)
            if found is None or (container and container not in found.within):
                near = nearest(subject, self.vocabulary.kinds)
                self.loader.problem(
                    source.where(path),
                    Text(
                        f"没有“{subject}”这种对象" + (f"，是不是“{near}”？" if near else "；先在 facts/ 里建它的文件"),
                        f"there is no kind of subject “{subject}”" + (f"; did you mean “{near}”?" if near else ""),
                    ),
                )
                good = False
        return good

    def check_id(self, rule_id: str, source: Source, path: DataPath, stem: str) -> None:
        wanted = f"{self.id}-{stem}"
        rest = rule_id.removeprefix(wanted)
        if not rule_id.startswith(wanted) or (rest and not (len(rest) == 2 and rest[0] == "-" and rest[1].islower())):
            self.loader.problem(
                source.where((*path, "id")),
                Text(
                    f"规则编号“{rule_id}”应是“{wanted}”，一条多则时加 -a、-b……",
                    f"rule id “{rule_id}” should be “{wanted}”, with -a, -b … for several",
                ),
            )


# ------------------------------------------------------------------------------------- small helps


def yaml_files(folder: Traversable) -> list[Traversable]:
    """Return the YAML files of *folder*, in the order of their names."""
    return sorted((f for f in folder.iterdir() if f.name.endswith((".yaml", ".yml"))), key=lambda f: f.name)


def shown(file: Traversable) -> str:
    """Return the path of *file* as messages show it: from the working folder where it lies in it."""
    path = Path(str(file))
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _stem(file: Traversable) -> str:
    return file.name.rpartition(".")[0]


def _shift(where: str, offset: int) -> str:
    """Return *where* ("file:line:column") moved right by *offset* characters."""
    head, _, column = where.rpartition(":")
    return f"{head}:{int(column) + offset}" if offset and column.isdigit() else where


def _structure(item: Any, kind: type[BaseModel]) -> Text:
    """Return what a structural error of pydantic means, and what to do."""
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
            return Text(f"“{given}”不是可写的值（可写：{item['ctx']['expected']}）", f"“{given}” is not one of {item['ctx']['expected']}")
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


__all__ = ["load", "shown", "yaml_files"]
