"""One folder a document: `standard.yaml`, and a file for each clause with its rules and cases."""

from __future__ import annotations

from datetime import date
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from .. import facts, models
from ..condition import Path as DataPath
from ..expr import ALWAYS, NEVER, Expr
from ..facts import Vocabulary, nearest
from ..reading import Source
from ..rules import (
    Case,
    Chapter,
    Clause,
    Exclusion,
    InForce,
    Level,
    Reading,
    Rule,
    Standard,
    Yield,
)
from ..texts import Text
from .folder import Folder, stem, yaml_files


def check_shapes(folder: Folder, place: Traversable) -> None:
    """Note what is wrong with the files of the document in *place* whatever the kinds of subject are."""
    for file in yaml_files(place):
        if source := folder.source(file):
            folder.model(source, models.StandardModel if file.name == "standard.yaml" else models.ClauseModel)


class DocumentReader:
    """Reads the folder of one document."""

    def __init__(self, folder: Folder, vocabulary: Vocabulary, place: Traversable) -> None:
        self.folder, self.vocabulary, self.place = folder, vocabulary, place
        self.id = place.name

    def standard(self) -> Standard | None:
        """Return the document, or None where its `standard.yaml` cannot be read."""
        source = self.folder.source(self.place / "standard.yaml")
        model = source and self.folder.model(source, models.StandardModel)
        clauses = [
            clause for file in yaml_files(self.place) if file.name != "standard.yaml" and (clause := self._clause(file))
        ]
        if not source or not model:
            return None
        reader, scope = self.folder.conditions(source, dated=False), self.vocabulary.scope(facts.ENTERPRISE)
        self._check_span(model.in_force, source, ("in_force",), issued=model.issued)
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
            clauses=tuple(_in_order(clauses, list(model.chapters))),
            scope=ALWAYS if model.scope is None else reader.read(model.scope, ("scope",), scope),
            scope_clause=model.scope_clause,
            chapters=MappingProxyType(self._chapters(model, source, clauses)),
            yields=tuple(
                Yield(reader.read(item.when, ("yields", i, "when"), scope), item.to)
                for i, item in enumerate(model.yields)
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

    def _chapters(self, model: models.StandardModel, source: Source, clauses: list[Clause]) -> dict[str, Chapter]:
        """Return the chapters; a gate is read in the scope of the chapter's own subjects."""
        found = {}
        for name, chapter in model.chapters.items():
            gate = ALWAYS
            if chapter.applies is not None:
                subjects = {s for c in clauses if c.chapter == name for rule in c.rules for s in rule.subjects}
                if not subjects and not any(stem(f).partition("-")[0] == name for f in yaml_files(self.place)):
                    subjects = {facts.ENTERPRISE}  # without rules yet; unreadable ones leave the gate unread
                for subject in sorted(subjects):
                    before = len(self.folder.problems)
                    gate = self.folder.conditions(source, dated=False).read(
                        chapter.applies, ("chapters", name, "applies"), self.vocabulary.scope(subject)
                    )
                    if len(self.folder.problems) > before:
                        break
            found[name] = Chapter(chapter.clause, chapter.title or chapter.clause, gate)
        return found

    def _clause(self, file: Traversable) -> Clause | None:
        source = self.folder.source(file)
        model = source and self.folder.model(source, models.ClauseModel)
        if not source or not model:
            return None
        name = stem(file)
        if bool(model.rules) == bool(model.unencoded):
            self.folder.problem(
                source.where(()),
                Text(
                    "要么写 rules，要么用 unencoded 说明为何没有编入",
                    "write either rules, or unencoded with the reason",
                ),
            )
        rules = [self._rule(rule, i, model, source, name) for i, rule in enumerate(model.rules)]
        kept = tuple(rule for rule in rules if rule is not None)
        return Clause(
            model.clause,
            name,
            kept,
            model.unencoded,
            model.topic or model.summary,
            model.note,
            path=source.name,
            where=source.where(("clause",)),
        )

    def _rule(
        self, model: models.RuleModel, i: int, clause: models.ClauseModel, source: Source, stem: str
    ) -> Rule | None:
        path: DataPath = ("rules", i)
        self._check_id(model.id, source, path, stem)
        subjects = (model.subject,) if isinstance(model.subject, str) else tuple(model.subject)
        if not self._known_subjects(subjects, source, (*path, "subject")):
            return None
        summary = model.summary or clause.summary
        if summary is None:
            self.folder.problem(source.where(path), Text("缺 summary（用自己的话说明这一条）", "summary is missing"))
            return None
        reader = self.folder.conditions(source)
        scopes = [self.vocabulary.scope(subject) for subject in subjects]

        def read(data: Any, at: DataPath, default: Expr) -> Expr:
            if data is None:
                return default
            for other in scopes[1:]:
                reader.read(data, at, other)
            return reader.read(data, at, scopes[0])

        span = model.in_force or models.Span()
        self._check_span(span, source, (*path, "in_force"))
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
            note=model.note,
            where=source.where((*path, "id")),
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

    def _known_subjects(self, subjects: tuple[str, ...], source: Source, path: DataPath) -> bool:
        good = True
        for subject in subjects:
            container, _, kind = subject.rpartition(".")
            found = self.vocabulary.kinds.get(kind)
            if found is None and kind in self.folder.unread:
                good = False
            elif found is None or (container and container not in found.within):
                near = nearest(subject, self.vocabulary.kinds)
                self.folder.problem(
                    source.where(path),
                    Text(
                        f"没有“{subject}”这种对象" + (f"，是不是“{near}”？" if near else "；先在 facts/ 里建它的文件"),
                        f"there is no kind of subject “{subject}”" + (f"; did you mean “{near}”?" if near else ""),
                    ),
                )
                good = False
        return good

    def _check_span(self, span: models.Span, source: Source, path: DataPath, *, issued: date | None = None) -> None:
        since, name = (span.since, "from") if span.since else (issued, "issued")
        if since and span.until and span.until <= since:
            self.folder.problem(
                source.where(path),
                Text(f"until 应晚于 {name}（失效日是失效的第一天）", f"until must be after {name}"),
            )

    def _check_id(self, rule_id: str, source: Source, path: DataPath, stem: str) -> None:
        wanted = f"{self.id}-{stem}"
        rest = rule_id.removeprefix(wanted)
        if not rule_id.startswith(wanted) or (rest and not (len(rest) == 2 and rest[0] == "-" and rest[1].islower())):
            self.folder.problem(
                source.where((*path, "id")),
                Text(
                    f"规则编号“{rule_id}”应是“{wanted}”，一条多则时加 -a、-b……",
                    f"rule id “{rule_id}” should be “{wanted}”, with -a, -b … for several",
                ),
            )


def _in_order(clauses: list[Clause], chapters: list[str]) -> list[Clause]:
    """Return *clauses* in the law's order: numbered files by number, named parts as the document lists them."""

    def place(clause: Clause) -> tuple[int, str]:
        named = clause.chapter in chapters and not clause.chapter.isdigit()
        return chapters.index(clause.chapter) if named else len(chapters), clause.stem or "~"

    return sorted(clauses, key=place)
