"""Published cases: what authorities, accident reports and examiners decided, judged again from our records.

`published/` of a standards folder holds one case a file. One that is major must hit the clauses decided;
one that is ordinary or no hazard must hit nothing; a contested one may stay open, but never come out
confidently wrong. `as_decided: no` pins what we say where we cannot follow the source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .. import models
from ..classification import Classification
from ..classify import Corpus
from ..condition import Path as DataPath
from ..errors import FactsError
from ..files.folder import Folder, stem
from ..judge import VERDICTS, Verdict
from ..reading import Source
from ..rules import Level
from ..texts import Text
from .cases import NOTHING, reasoning

FOLDER = "published"
Cited = tuple[str, str]  # number of a document and label of a clause


@dataclass(frozen=True, slots=True)
class Published:
    """A case as its file gives it, and where that stands."""

    model: models.PublishedModel
    source: Source

    @property
    def records(self) -> list[dict[str, Any]]:
        """The one record, or several where the source names alternatives."""
        given = self.model.record
        return given if isinstance(given, list) else [given]

    @property
    def decided(self) -> set[Cited]:
        """The clauses that the source decided by."""
        return {(self.model.decided.document, clause) for clause in self.model.decided.clauses}

    @property
    def unsupported(self) -> set[Cited]:
        """The clauses that must not be hit."""
        own = self.model.decided.document
        return {(item.document or own, item.clause) for item in self.model.unsupported}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one record of a case came out; `problem` is None where it passed."""

    case: str
    number: int  # of the record
    where: str
    problem: Text | None = None
    explanation: Text = NOTHING


def read(folder: Folder) -> list[Published]:
    """Return the published cases in *folder*; what is wrong with a file is noted there."""
    found = []
    for file in folder.files(FOLDER):
        source = folder.source(file)
        model = source and folder.model(source, models.PublishedModel)
        if not source or not model:
            continue
        if model.id != stem(file):
            folder.problem(
                source.where(("id",)),
                Text(f"编号“{model.id}”应是文件名“{stem(file)}”", f"id “{model.id}” should be the name of its file"),
            )
        elif not _wants_anything(model):
            folder.problem(
                source.where(("decided",)),
                Text(
                    "这个案例什么也没有要求：写出 decided.clauses，或者用 verdicts 写相近的规则应当怎么说",
                    "this case demands nothing: give decided.clauses, or in verdicts what the nearest rules must say",
                ),
            )
        else:
            found.append(Published(model, source))
    return found


def _wants_anything(model: models.PublishedModel) -> bool:
    settled = model.decided.level == "major" and model.as_decided and not model.decided.contested
    return bool(model.decided.clauses) if settled else bool(model.verdicts)


def run(corpus: Corpus, case: Published) -> Iterator[Outcome]:
    """Yield how each record of *case* comes out."""
    for number, record in enumerate(case.records, 1):
        path: DataPath = ("record", number - 1) if isinstance(case.model.record, list) else ("record",)
        place = case.source.where(path)
        try:
            problems = list(_Trial(corpus, case, record).problems())
        except FactsError as error:
            problems = [(Text(error.say("zh"), error.say("en")), NOTHING)]
        if not problems:
            yield Outcome(case.model.id, number, place)
            continue
        wrong, why = ([text for text in texts if text.zh] for texts in zip(*problems, strict=True))
        yield Outcome(
            case.model.id,
            number,
            place,
            Text("；".join(text.zh for text in wrong), "; ".join(text.en for text in wrong)),
            Text("\n".join(dict.fromkeys(text.zh for text in why)), "\n".join(dict.fromkeys(text.en for text in why))),
        )


class _Trial:
    """One record of a case, judged. Raises `FactsError` where it cannot be."""

    def __init__(self, corpus: Corpus, case: Published, record: Mapping[str, Any]) -> None:
        self.corpus, self.case = corpus, case
        on = case.model.on
        self.inspection = corpus.inspect(record, industry=case.model.industry, on=on)
        self.result: Classification = corpus.classify(record, industry=case.model.industry, on=on)
        self.verdicts: dict[str, set[str]] = defaultdict(set)
        self.judged = [
            (entry, judged.row, VERDICTS[code])
            for judged in corpus.judge(self.inspection)
            for entry, code in zip(judged.block.entries, judged.codes, strict=True)
        ]
        for entry, _, verdict in self.judged:
            self.verdicts[entry.rule.id].add(verdict.value)
        self.hits = {
            (entry.standard.number, entry.clause.label)
            for entry, _, verdict in self.judged
            if verdict is Verdict.HIT and entry.rule.level is Level.MAJOR
        }

    def problems(self) -> Iterator[tuple[Text, Text]]:
        """Yield what is not as it should be, each with the reasoning of what happened instead."""
        model = self.case.model
        if not model.as_decided:
            yield from self._open()
        elif model.decided.level != "major":
            yield from self._nothing()
        elif model.decided.contested:
            if self.result.established is not Level.MAJOR and self.result.conclusive:
                level = self.result.level.value
                yield (
                    Text(f"有争议的案例被断然判为 {level}", f"a contested case came out as {level} for sure"),
                    NOTHING,
                )
        else:
            yield from self._as_decided()
        for cited in sorted(self.case.unsupported & self.hits):
            yield Text(f"不应命中{_name(cited)}", f"{_name(cited)} must not be hit"), self._why(cited)
        for rule, verdict in model.verdicts.items():
            found = self.verdicts.get(rule, set())
            if found != {verdict}:
                said = "、".join(sorted(found)) or "没有判"
                yield (
                    Text(f"{rule} 应为 {verdict}，实为 {said}", f"{rule}: expected {verdict}, got {said}"),
                    self._why(rule),
                )

    def _as_decided(self) -> Iterator[tuple[Text, Text]]:
        for cited in sorted(self.case.decided - self.hits):
            yield Text(f"应命中{_name(cited)}，没有命中", f"{_name(cited)} should be hit and is not"), self._why(cited)
        if self.result.level is not Level.MAJOR:
            yield self._level("major")

    def _nothing(self) -> Iterator[tuple[Text, Text]]:
        for cited in sorted(self.hits):
            yield Text(f"不应判为重大，却命中{_name(cited)}", f"not major, but {_name(cited)} is hit"), self._why(cited)
        if self.result.established is Level.MAJOR and not self.hits:
            yield self._level(self.case.model.decided.level)

    def _open(self) -> Iterator[tuple[Text, Text]]:
        """Where the source says major and we do not: the clause is not hit, and the level stays open."""
        for cited in sorted(self.case.decided & self.hits):
            text = Text(f"已经命中{_name(cited)}，可以去掉 as_decided", f"{_name(cited)} is hit: drop as_decided")
            yield text, self._why(cited)
        if self.result.possible is not Level.MAJOR or self.result.level is not Level.UNDETERMINED:
            yield self._level("undetermined")

    def _level(self, wanted: str) -> tuple[Text, Text]:
        found = self.result.level.value
        return Text(f"级别应为 {wanted}，实为 {found}", f"the level should be {wanted} and is {found}"), NOTHING

    def _why(self, of: Cited | str) -> Text:
        """Return how the rules of a clause, or one rule, came out on each subject recorded."""
        told = [
            reasoning(self.corpus.judgement(entry, row, self.inspection), self.corpus)
            for entry, row, _ in self.judged
            if of in (entry.rule.id, (entry.standard.number, entry.clause.label))
        ]
        nobody = Text("记录里没有这条规则判的对象", "the record has no subject that this is about")
        return Text(*("\n".join(text) for text in zip(*(told or [nobody]), strict=True)))


def _name(cited: Cited) -> str:
    return " ".join(cited)
