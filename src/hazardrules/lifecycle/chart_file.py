"""`standards/lifecycle/*.yaml` → `Chart`, with every problem at file:line:column.

Facts and conditions are read by the readers of the standards themselves: one language for both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .. import values
from ..compiled import truth_of
from ..errors import StandardsError
from ..expr import Expr, all_of
from ..facts import ENTERPRISE, INSPECTION, Kind, Vocabulary, nearest
from ..files.folder import SHIPPED, Folder, shown, stem, yaml_files
from ..files.vocabulary import VocabularyReader
from ..models import KindModel
from ..ops import PERIOD_NAMES
from ..reading import Source
from ..results import Citation
from ..texts import Text
from . import models
from .charts import (
    HAZARD,
    NEW,
    Basis,
    Chart,
    Correlation,
    Deadline,
    EventKind,
    Guard,
    Named,
    Parameter,
    State,
    Transition,
    Within,
)

FOLDER = "lifecycle"
OPEN = "open"  # in `from` and `in`: every state that is not done with
_OF_FORM = {"count": {"where", "when", "distinct", "at_least"}, "sequence": set[str](), "after": {"without"}}
_STRETCH = re.compile(r"(\d{1,4}) (days?|months?|years?)")

DataPath = tuple[str | int, ...]


@lru_cache(maxsize=1)
def shipped() -> Chart:
    """Return the chart that comes with the library."""
    return load()


def load(folder: str | Traversable | None = None) -> Chart:
    """Return the chart in the standards folder *folder* (None: the shipped one).

    Raises `StandardsError` with every problem.
    """
    place = SHIPPED if folder is None else Path(folder) if isinstance(folder, str) else folder
    root = Folder(place / FOLDER)
    files = yaml_files(root.root) if root.root.is_dir() else []
    if len(files) != 1:
        message = Text(
            f"这个文件夹里要有一个闭环的文件（YAML），现有 {len(files)} 个",
            f"one YAML file of a chart is expected in this folder, there are {len(files)}",
        )
        root.problem(shown(root.root), message)
        raise StandardsError(root.problems)
    source = root.source(files[0])
    model = source and root.model(source, models.ChartModel)
    chart = _Reader(root, source, model, stem(files[0])).chart() if source and model else None
    if root.problems or chart is None:
        raise StandardsError(root.problems)
    return chart


class _Reader:
    """Gives a file of the right shape its meaning; what is wrong is noted in the folder."""

    def __init__(self, folder: Folder, source: Source, model: models.ChartModel, name: str) -> None:
        self.folder, self.source, self.model, self.id = folder, source, model, name
        kind = VocabularyReader(folder)._kind(
            HAZARD, source, KindModel(title=model.title, en=model.en, facts=model.facts), {}, {}
        )
        around = {one: Kind(one, Text(one, one), {}, one=True) for one in (ENTERPRISE, INSPECTION)}
        self.vocabulary = Vocabulary(MappingProxyType({**around, HAZARD: kind}))
        self.facts = kind.facts
        self.scope = self.vocabulary.scope(HAZARD)
        self.conditions = folder.conditions(source, dated=False)

    def chart(self) -> Chart:
        """Return the chart; only sound where no problem was noted."""
        model = self.model
        self.apart("deadlines", [d.id for d in model.deadlines], {*model.events, *self.signals})
        self.apart("correlations", [c.id for c in model.correlations])
        return Chart(
            id=self.id,
            title=_title(model),
            vocabulary=self.vocabulary,
            parameters={
                name: Parameter(name, _title(p), self.basis(p, "parameters", name), p.value)
                for name, p in model.parameters.items()
            },
            events={name: self.event(name, event, n) for n, (name, event) in enumerate(model.events.items())},
            states={
                name: State(name, _title(s), self.basis(s, "states", name), s.open, s.void)
                for name, s in model.states.items()
            },
            marks={name: Named(name, _title(m), self.basis(m, "marks", name)) for name, m in model.marks.items()},
            transitions=tuple(self.transition(n, t) for n, t in enumerate(model.transitions)),
            deadlines=tuple(self.deadline(n, d) for n, d in enumerate(model.deadlines)),
            correlations=tuple(self.correlation(n, c) for n, c in enumerate(model.correlations)),
            blank=self.stated(model.blank, ("blank",)),
            digest=self.folder.digest.hexdigest(),
        )

    # ------------------------------------------------------------------------------- the parts

    def event(self, name: str, model: models.EventModel, rank: int) -> EventKind:
        path: DataPath = ("events", name)
        for key in ("needs", "needs_any", "may"):
            self.known(getattr(model, key), self.facts, (*path, key), Text("事实", "fact"))
        self.known(model.past, self.dates, (*path, "past"), Text("日期", "date"))
        return EventKind(
            name,
            _title(model),
            self.basis(model, *path),
            model.about,
            tuple(model.needs),
            tuple(model.needs_any),
            tuple(model.may),
            rank,
            tuple(model.past),
        )

    def transition(self, n: int, model: models.TransitionModel) -> Transition:
        path: DataPath = ("transitions", n)
        event, state, mark = Text("事件", "event"), Text("状态", "state"), Text("标记", "mark")
        self.known([model.on], self.model.events, (*path, "on"), event)
        self.known([model.to] if model.to else [], self.model.states, (*path, "to"), state)
        for key in ("marked", "unmarked", "mark", "unmark"):
            self.known(getattr(model, key), self.model.marks, (*path, key), mark)
        self.known(model.keep, self.facts, (*path, "keep"), Text("事实", "fact"))
        self.known(model.stamp, self.dates, (*path, "stamp"), Text("日期", "date"))
        applies, when = self.guard(model.applies, (*path, "applies")), self.guard(model.when, (*path, "when"))
        return Transition(
            index=n,
            on=model.on,
            source=self.states(model.source, (*path, "from")),
            to=model.to,
            guard=_both(applies, when, self.vocabulary),
            applies=applies,
            when=when,
            marked=frozenset(model.marked),
            unmarked=frozenset(model.unmarked),
            mark=frozenset(model.mark),
            unmark=frozenset(model.unmark),
            set=self.stated(model.set, (*path, "set")),
            keep=frozenset(model.keep),
            stamp=frozenset(model.stamp),
            begins=model.begins,
            signal=model.signal or model.on,
            basis=self.basis(model, *path),
        )

    def deadline(self, n: int, model: models.DeadlineModel) -> Deadline:
        path: DataPath = ("deadlines", n)
        if model.until is None and model.days is None:
            self.problem(path, Text("要写 until 或者 days", "write until or days"))
        self.known([model.until] if model.until else [], self.dates, (*path, "until"), Text("日期", "date"))
        self.known(
            [model.days] if model.days else [], self.model.parameters, (*path, "days"), Text("参数", "parameter")
        )
        self.known([model.mark], self.model.marks, (*path, "mark"), Text("标记", "mark"))
        return Deadline(
            model.id,
            _title(model),
            self.basis(model, *path),
            self.states(model.within, (*path, "in")),
            self.guard(model.when, (*path, "when")),
            model.until,
            model.days,
            model.mark,
        )

    def correlation(self, n: int, model: models.CorrelationModel) -> Correlation:
        path: DataPath = ("correlations", n)
        forms = [form for form in ("count", "sequence", "after") if getattr(model, form)]
        if len(forms) != 1 or (forms == ["after"] and model.within is None):
            message = Text(
                "count、sequence、after 写一个，只写一个；after 要有 within",
                "write just one of count, sequence and after; after needs within",
            )
            self.problem(path, message)
        form = forms[0] if forms else "count"
        for key in sorted(model.model_fields_set & set().union(*_OF_FORM.values()) - _OF_FORM[form]):
            self.problem((*path, key), Text(f"{form} 不看 {key}", f"{key} means nothing beside {form}"))
        kinds = tuple(getattr(model, form) or ())
        if form == "sequence" and len(kinds) < 2:
            message = Text("先后至少要两种事件；只有一种用 count", "a sequence has two kinds at least; one takes count")
            self.problem((*path, form), message)
        signals = {*self.model.events, *self.signals, *(deadline.id for deadline in self.model.deadlines)}
        self.known(kinds, signals, (*path, form), Text("事件", "event"))
        self.known(model.by, {ENTERPRISE, HAZARD, *self.facts}, (*path, "by"), Text("事实", "fact"))
        self.known([model.distinct] if model.distinct else [], self.facts, (*path, "distinct"), Text("事实", "fact"))
        without = None if model.without == "any" else frozenset(model.without)
        self.known(without or (), signals, (*path, "without"), Text("事件", "event"))
        return Correlation(
            model.id,
            _title(model),
            self.basis(model, *path),
            {"after": "absence"}.get(form, form),
            kinds,
            tuple(model.by),
            self.guard(model.where, (*path, "where")),
            self.guard(model.when, (*path, "when")),
            model.distinct,
            model.at_least,
            self.stretch(model.within, (*path, "within")),
            without,
        )

    # ----------------------------------------------------------------------------- small things

    @property
    def signals(self) -> set[str]:
        return {t.signal for t in self.model.transitions if t.signal}

    def apart(self, part: str, ids: Iterable[str], taken: Iterable[str] = ()) -> None:
        """Note each of the *ids* of a part that another one has, or a signal: they would mix without a word."""
        seen = set(taken)
        for n, name in enumerate(ids):
            if name in seen:
                message = Text(f"“{name}”已经有了，换一个名字", f"“{name}” is there already: choose another name")
                self.problem((part, n, "id"), message)
            seen.add(name)

    @property
    def dates(self) -> set[str]:
        return {name for name, spec in self.facts.items() if spec.type == "date"}

    def stretch(self, text: str | None, path: DataPath) -> Within | str | None:
        if text is None or text in self.model.parameters:
            return text
        found = _STRETCH.fullmatch(text)
        if found is None:
            message = Text(
                f"“{text}”不是时间：写 180 days、1 year，或者参数的名字（{'、'.join(self.model.parameters)}）",
                f"“{text}” is no stretch of time: write 180 days, 1 year, or a parameter "
                f"({', '.join(self.model.parameters)})",
            )
            self.problem(path, message)
            return None
        assert found[2] in PERIOD_NAMES
        return Within(int(found[1]), found[2])

    def states(self, names: Iterable[str], path: DataPath) -> frozenset[str]:
        self.known(names, {NEW, OPEN, *self.model.states}, path, Text("状态", "state"))
        every = {name for name, state in self.model.states.items() if state.open}
        return frozenset(state for name in names for state in (every if name == OPEN else {name}))

    def guard(self, data: Any, path: DataPath) -> Guard | None:
        if data is None:
            return None
        before = len(self.folder.problems)
        condition = self.conditions.read(data, path, self.scope)
        if len(self.folder.problems) > before:
            return None
        return guard_of(condition, self.vocabulary)

    def stated(self, data: Mapping[str, Any], path: DataPath) -> Mapping[str, Any]:
        found = {}
        self.known(data, self.facts, path, Text("事实", "fact"), keys=True)
        for name, raw in data.items():
            if name in self.facts:
                try:
                    found[name] = values.parse(self.facts[name], raw)
                except values.FactValueError as error:
                    self.problem((*path, name), error.message)
        return MappingProxyType(found)

    def basis(self, model: Any, *path: str | int) -> tuple[Basis, ...]:
        found = []
        for i, item in enumerate(model.basis):
            document = self.model.documents.get(item.document)
            self.known([item.document], self.model.documents, (*path, "basis", i, "document"), Text("文件", "document"))
            if document is not None:
                citation = Citation(document.number, document.title, item.article)
                unverified = item.status is not None or document.status is not None
                found.append(Basis(citation, item.reading, unverified))
        return tuple(found)

    def known(
        self, names: Iterable[str], among: Iterable[str], path: DataPath, what: Text, *, keys: bool = False
    ) -> None:
        """Note each of *names* that is not *among* those there are."""
        for name in names:
            if name not in among:
                near = nearest(name, among)
                message = Text(
                    f"没有{what.zh}“{name}”" + (f"，是不是“{near}”？" if near else ""),
                    f"there is no {what.en} “{name}”" + (f"; did you mean “{near}”?" if near else ""),
                )
                self.folder.problem(self.source.where((*path, name) if keys else path, key=keys), message)

    def problem(self, path: DataPath, message: Text) -> None:
        self.folder.problem(self.source.where(path), message)


def guard_of(condition: Expr, vocabulary: Vocabulary) -> Guard:
    """Return *condition* on a hazard as a guard."""
    return Guard(condition, truth_of(condition, vocabulary, HAZARD))


def _both(applies: Guard | None, when: Guard | None, vocabulary: Vocabulary) -> Guard | None:
    guards = [guard for guard in (applies, when) if guard is not None]
    return guard_of(all_of(*(guard.condition for guard in guards)), vocabulary) if guards else None


def _title(model: Any) -> Text:
    return Text(model.title, model.en)
