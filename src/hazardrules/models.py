"""What the files in `standards/` may hold: pydantic models, from which the editors' schemas come.

Only structure is checked here; `files` gives it meaning.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from .dates import parse_day

_FLAGS = {"yes": True, "no": False, "是": True, "否": False, "true": True, "false": False}


def _flag(value: Any) -> Any:
    return _FLAGS.get(value, value) if isinstance(value, str) else value


def _day(value: Any) -> Any:
    day = parse_day(value)
    if day is None:
        raise ValueError("day")
    return day


def _text(value: Any) -> Any:
    """Take a plain number as the text it was written as: `clause: 5`."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"enum": [True, False, *_FLAGS]})]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"})]
Str = Annotated[
    str,
    BeforeValidator(_text),
    Field(min_length=1),
    WithJsonSchema({"type": ["string", "integer"], "minLength": 1}),
]
Condition = Annotated[Any, WithJsonSchema({"$comment": "condition"})]  # `maintain.schemas` has its definition
Verified = Literal["unverified"]
Amount = Annotated[Decimal, Field(gt=0)]
Allowed = dict[str, Str]  # `lint`: code of a finding that is meant → why


class Model(BaseModel):
    """Base of the file models: no key that is not declared."""

    model_config = ConfigDict(extra="forbid", strict=False, populate_by_name=True)


class Span(Model):
    """`in_force`: `from` is the first day, `until` the first day after."""

    since: Day | None = Field(default=None, alias="from")
    until: Day | None = None


class TableModel(Model):
    """`table` of a fact: cells of each row, then the value."""

    by: list[Str]
    rows: list[list[Any]]


class FactModel(Model):
    """One fact of a kind of subject."""

    group: Str | None = None
    type: Literal[
        "yes_no", "choice", "choices", "number", "date", "time", "text", "list", "device", "procedure", "design"
    ]
    of: Str | None = None
    roster: dict[str, list[Str]] | None = None
    unit: Str | None = None
    integer: Flag = False
    min: Any = None
    never: Flag = False
    title: Str
    en: Str | None = None
    question: Str | None = None
    values: dict[str, Str | None] | list[Str] | None = None
    needs: Condition = None
    judged: Literal["inspector", "expert"] | None = None
    evidence: list[Str] = []
    yes_when: Condition = None
    no_when: Condition = None
    table: TableModel | None = None
    count: Str | None = None
    python: Literal["gb18218"] | None = None
    status: Verified | None = None
    source: Str | None = None
    lint: Allowed = {}


class KindModel(Model):
    """A file in `standards/facts/`: a kind of subject."""

    title: Str
    en: Str | None = None
    hint: Str | None = None
    hint_en: Str | None = None
    within: Str | list[Str] = "enterprise"
    one: Flag = False
    include: list[Str] = []
    lint: Allowed = {}
    facts: dict[str, FactModel]


class SharedModel(Model):
    """A file `standards/facts/_name.yaml`: facts that several kinds include."""

    facts: dict[str, FactModel]


class ExclusionModel(Model):
    """An exception under `unless`."""

    when: Condition
    why: Str
    why_en: Str | None = None
    basis: Str | None = None
    disputed: Str | None = None
    status: Verified | None = None
    defers_to: Str | None = None


class ReadingModel(Model):
    """A wider reading under `disputed`."""

    when: Condition
    why: Str
    why_en: Str | None = None


Outcome = Literal["hit", "clear", "unknown", "not_applicable", "disputed", "deferred", "not_in_force"]


class CaseModel(Model):
    """What the rule must say of some facts."""

    given: dict[str, Any] = {}
    expect: Outcome
    missing: list[Str] | None = None
    exception: Flag | None = None
    also: Str | None = None
    note: Str | None = None


class RuleModel(Model):
    """One limb of a clause."""

    id: Str
    subject: Str | list[Str]
    level: Literal["major", "ordinary"]
    in_force: Span | None = None
    summary: Str | None = None
    summary_en: Str | None = None
    applies: Condition = None
    when: Condition = None
    unless: list[ExclusionModel] = []
    disputed: list[ReadingModel] = []
    reading: Str | None = None
    remedy: Str | None = None
    remedy_en: Str | None = None
    near: list[Str] = []
    status: Verified | None = None
    note: Str | None = None
    lint: Allowed = {}
    cases: list[CaseModel] = []


class ClauseModel(Model):
    """A file in a document's folder: one clause."""

    clause: Str
    summary: Str | None = None
    summary_en: Str | None = None
    topic: Str | None = None
    status: Verified | None = None
    note: Str | None = None
    unencoded: Str | None = None
    lint: Allowed = {}
    rules: list[RuleModel] = []


class ChapterModel(Model):
    """What holds for every clause of a chapter."""

    clause: Str
    title: Str | None = None
    applies: Condition = None
    numbering: Str | list[Str] | None = None


class YieldModel(Model):
    """A matter that the document leaves to another one."""

    when: Condition
    to: Str


class UnencodedModel(Model):
    """A clause without rules."""

    clause: Str
    topic: Str | None = None
    why: Str
    chapter: Str | None = None


class StandardModel(Model):
    """`standard.yaml`: a promulgated document."""

    number: Str
    title: Str
    title_en: Str | None = None
    issuer: Str
    issued: Day | None = None
    in_force: Span = Span()
    succeeds: Str | None = None
    official: Str | None = None
    status: Verified | None = None
    note: Str | None = None
    scope: Condition = None
    scope_clause: Str | None = None
    chapters: dict[str, ChapterModel] = {}
    yields: list[YieldModel] = []
    failed_device: Str | None = None
    bounds: Str | None = None
    closed: Flag = False
    numbering: Str | list[Str] | None = None
    lint: Allowed = {}
    unencoded: list[UnencodedModel] = []


class WordEditionModel(Model):
    """One edition of a dated word list."""

    since: Day | None = Field(default=None, alias="from")
    until: Day | None = None
    words: list[Str]
    citation: Str
    status: Verified | None = None
    note: Str | None = None


class WordListModel(Model):
    """A file in `standards/lists/`."""

    title: Str
    note: Str | None = None
    lint: Allowed = {}
    editions: list[WordEditionModel]


class IndustryModel(Model):
    """One entry of `industries.yaml`."""

    title: Str
    en: Str | None = None
    note: Str | None = None
    documents: dict[str, Literal["all"] | list[Str]]


class IndustryAdditionModel(Model):
    """One entry of `industries.yaml` that adds documents to a shipped industry."""

    documents: dict[str, Literal["all"] | list[Str]]


class CorpusModel(Model):
    """`corpus.yaml`: what a folder that adds to the shipped standards says of itself."""

    namespace: Str
    title: Str
    title_en: Str | None = None
    builds_on: Str
    note: Str | None = None


# --------------------------------------------------------------------------------- published cases


class PublicationModel(Model):
    """Who published a case, where and when it happened, and what sort of text it is."""

    authority: Str
    place: Str
    date: Str
    kind: Literal["enforcement", "accident", "worked example", "quiz"]


class DecidedModel(Model):
    """What the source decided; `inferred`: it named no clause, and the wording gives it."""

    level: Literal["major", "ordinary", "none"]
    document: Str
    clauses: list[Str] = []
    basis: Literal["stated", "inferred"] = "stated"
    contested: Flag = False


class UnsupportedModel(Model):
    """A clause that others inferred and the source does not bear out."""

    clause: Str
    document: Str | None = None
    why: Str


class PublishedModel(Model):
    """A file in `published/`: a case that somebody else decided, recorded by us."""

    id: Str
    source: PublicationModel
    told: Str
    on: Day
    record: dict[str, Any] | list[dict[str, Any]]
    decided: DecidedModel
    industry: Str | None = None
    retrospective: Flag = False
    as_decided: Flag = True
    verdicts: dict[Str, Outcome] = {}
    unsupported: list[UnsupportedModel] = []
    assumed: Str | None = None
    note: Str | None = None


# ------------------------------------------------------------------------- tables of other standards


class ListedModel(Model):
    """A row of table 1 of GB 18218: a listed substance."""

    no: int
    name: Str
    alias: list[Str] = []
    names: list[Str] = []
    unsure: list[Str] = []
    cas: list[Str] = []
    other_cas: list[Str] = []
    condition: Flag = False
    group: Flag = False
    looks_like: list[Str] = []
    q: Amount


class HazardClassModel(Model):
    """A class of tables 2 and 4 of GB 18218."""

    symbol: Str
    kind: Str = Field(alias="class")
    description: Str
    q: Amount
    beta: Amount


class ToxicGasModel(Model):
    """A gas of table 3 of GB 18218."""

    name: Str
    names: list[Str] = []
    cas: list[Str]
    beta: Amount


class ResidentsModel(Model):
    """A row of table 5 of GB 18218."""

    since: int = Field(alias="from", ge=0)
    alpha: Amount


class GradeModel(Model):
    """A row of table 6 of GB 18218."""

    grade: Literal["一级", "二级", "三级", "四级"]
    since: Amount | None = Field(default=None, alias="from")


class UsedClauseModel(Model):
    """How a clause that a calculation uses is read."""

    clause: Str
    reading: Str
    reading_en: Str
    status: Verified | None = None


class Gb18218Model(Model):
    """`standards/tables/gb18218-2018.yaml`."""

    number: Str
    title: Str
    issued: Day
    in_force: Span
    note: Str
    readings: dict[str, UsedClauseModel]
    table1: list[ListedModel]
    classes: list[HazardClassModel]
    table3: list[ToxicGasModel]
    table5: list[ResidentsModel]
    table6: list[GradeModel]


#: file in `standards/tables/` → what it holds
TABLES: dict[str, type[Model]] = {"gb18218-2018": Gb18218Model}
