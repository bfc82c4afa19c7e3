"""What the file of a chart may hold, `standards/lifecycle/*.yaml`: structure only; `chart_file` gives it meaning."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from ..models import Condition, FactModel, Flag, Model, Span, Str, Verified

_EMPTY_LIST: Any = Field(default_factory=list)
_EMPTY_MAP: Any = Field(default_factory=dict)


class DocumentModel(Model):
    """A document that the chart cites."""

    number: Str
    title: Str
    in_force: Span = Span()
    status: Verified | None = None
    note: Str | None = None


class BasisModel(Model):
    """The article that something rests on, and how it was read."""

    document: Str
    article: Str
    reading: Str | None = None
    status: Verified | None = None


class TitledModel(Model):
    """What has a name in both languages and a basis."""

    title: Str
    en: Str
    basis: list[BasisModel] = _EMPTY_LIST
    note: Str | None = None


class ParameterModel(TitledModel):
    """A number of days that the law leaves open."""

    value: int = Field(ge=0)


class EventModel(TitledModel):
    """A kind of event, and the facts that it must and may state."""

    about: Literal["hazard", "enterprise", "ledger"] = "hazard"
    needs: list[Str] = _EMPTY_LIST
    needs_any: list[Str] = _EMPTY_LIST
    may: list[Str] = _EMPTY_LIST
    past: list[Str] = _EMPTY_LIST


class StateModel(TitledModel):
    """A state; `open` ones are not done with, and what ends in a `void` one was found wrongly."""

    open: Flag = True
    void: Flag = False


class TransitionModel(Model):
    """What an event does in a state."""

    on: Str
    source: list[Str] = Field(alias="from")
    to: Str | None = None
    applies: Condition = None
    when: Condition = None
    marked: list[Str] = _EMPTY_LIST
    unmarked: list[Str] = _EMPTY_LIST
    mark: list[Str] = _EMPTY_LIST
    unmark: list[Str] = _EMPTY_LIST
    set: dict[str, Any] = _EMPTY_MAP
    keep: list[Str] = _EMPTY_LIST
    stamp: list[Str] = _EMPTY_LIST
    begins: Flag = False
    signal: Str | None = None
    basis: list[BasisModel] = _EMPTY_LIST


class DeadlineModel(TitledModel):
    """A deadline that runs while the hazard is in one of the states: until a date, or else for some days."""

    id: Str
    within: list[Str] = Field(alias="in")
    when: Condition = None
    until: Str | None = None
    days: Str | None = None
    mark: Str


class CorrelationModel(TitledModel):
    """A pattern over time; just one of `count`, `sequence` and `after` says which."""

    id: Str
    by: list[Str]
    count: list[Str] | None = None
    where: Condition = None
    when: Condition = None
    distinct: Str | None = None
    at_least: int = Field(default=2, ge=2)
    within: Str | None = None
    sequence: list[Str] | None = None
    after: list[Str] | None = None
    without: Literal["any"] | list[Str] = "any"


class ChartModel(Model):
    """A file in `standards/lifecycle/`."""

    title: Str
    en: Str
    documents: dict[str, DocumentModel]
    parameters: dict[str, ParameterModel] = _EMPTY_MAP
    facts: dict[str, FactModel]
    events: dict[str, EventModel]
    blank: dict[str, Any] = _EMPTY_MAP
    states: dict[str, StateModel]
    marks: dict[str, TitledModel] = _EMPTY_MAP
    transitions: list[TransitionModel]
    deadlines: list[DeadlineModel] = _EMPTY_LIST
    correlations: list[CorrelationModel] = _EMPTY_LIST
