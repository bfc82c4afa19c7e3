"""What becomes of the mutants of one unit.

A mutant is *killed* by a case, *refused* by the reader or by lint, *survived* with a record that would kill
it, or proved *equivalent*. *beyond* are those that no case can show because cases assert their gates,
*undecided* those for which neither a record nor a proof was found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ...condition import Path as DataPath
from ...errors import HazardRulesError, Problem
from ...texts import Text
from ..cases import NOT_IN_FORCE
from . import defined, equivalence
from .equivalence import Proof, Witness
from .killing import Bench, Observed
from .mutants import Mutant
from .refusing import refusal
from .units import Unit, Work

#: outcome → in words
OUTCOMES: dict[str, Text] = {
    "killed": Text("用例发现了", "killed by a case"),
    "refused": Text("检查就会拒绝", "refused by the checks"),
    "equivalent": Text("证明等价", "proved equivalent"),
    "beyond": Text("用例够不着", "beyond cases"),
    "survived": Text("没有用例发现", "survived"),
    "undecided": Text("没有定论", "undecided"),
}
_FATES = {
    Proof.EQUIVALENT: "equivalent", Proof.UNASKED: "refused", Proof.BEYOND: "beyond",
    Proof.TOO_LARGE: "undecided", Proof.NOT_SHOWN: "undecided",
}  # fmt: skip


@dataclass(frozen=True)
class Suggestion:
    """A record that would kill a mutant, for a case of *rule*: what comes out, and what would with the mistake."""

    rule: str
    given: Mapping[str, Any]
    expect: str
    missing: tuple[str, ...] = ()
    exception: bool = False
    also: str | None = None
    instead: str = ""  # the verdict of the mutant


@dataclass(frozen=True)
class Result:
    """What became of one mutant."""

    document: str
    owner: str  # the rule, document, fact or word list
    kind: str  # of `mutants.KINDS`
    outcome: str  # of `OUTCOMES`
    file: str = ""
    path: DataPath = ()  # in the data of the file
    before: Any = None  # what was changed, as YAML data; None: left out
    after: Any = None
    by: str = ""  # the case that noticed; or why there is neither a case nor a record
    case: Suggestion | None = None


Fate = tuple[str, str, Suggestion | None]  # outcome, by, case


def assess(work: Work, unit: Unit) -> list[Result]:
    """Return what becomes of each mutant of *unit*.

    Raises `HazardRulesError` where a case fails already without any mistake.
    """
    benches = [Bench.of(work.rulebook, *place) for place in work.concerned(unit)]
    for bench in benches:
        if number := bench.killer():
            raise HazardRulesError([Problem(bench.clause.path, _fails_already(bench.rule.id, number))])
    return [_result(work, unit, mutant, _fate(work, unit, benches, mutant)) for mutant in work.mutants(unit)]


def _fails_already(rule: str, number: int) -> Text:
    return Text(
        f"{rule}: 用例 {number} 现在就不通过；先运行 hazardrules test 改好",
        f"{rule}: case {number} fails already; run hazardrules test first",
    )


def _result(work: Work, unit: Unit, mutant: Mutant[Any], fate: Fate) -> Result:
    outcome, by, case = fate
    result = Result(unit.document, unit.name, mutant.kind, outcome, by=by, case=case)
    if outcome == "killed":
        return result
    before, after = mutant.shown()
    return replace(result, file=unit.file, path=work.path(unit, mutant), before=before, after=after)


def _fate(work: Work, unit: Unit, benches: Sequence[Bench], mutant: Mutant[Any]) -> Fate:
    if unit.kind == "definition":
        return _of_definition(work, unit, benches, mutant)
    pairs = [(bench, _changed(unit, bench, mutant)) for bench in benches]
    for bench, other in pairs:
        moved = mutant.path[0] in ("in_force", "issued")  # and with it the day of a case that states none
        if number := (other if moved else bench).killer(other):
            return "killed", f"{bench.rule.id} {number}", None
    if unit.kind == "rule" and (problem := refusal(work.rulebook, work.places[unit.name], mutant.made)):
        return "refused", problem, None
    if mutant.kind == "article":
        return "survived", "", None
    proofs = []
    for one, other in pairs:
        found = equivalence.compare(one, other)
        if isinstance(found, Witness):
            return "survived", "", _suggestion(one, found)
        proofs.append(found)
    return _of(proofs)


def _changed(unit: Unit, bench: Bench, mutant: Mutant[Any]) -> Bench:
    """Return *bench* with the mistake."""
    match unit.kind:
        case "rule":
            return bench.changed(rule=mutant.made)
        case "document":
            return bench.changed(standard=mutant.made)
    lists = {**bench.rulebook.lists, unit.name: mutant.made}
    return bench.changed(rulebook=replace(bench.rulebook, lists=lists))


def _of_definition(work: Work, unit: Unit, benches: Sequence[Bench], mutant: Mutant[Any]) -> Fate:
    if by := defined.killer(benches, dict.fromkeys(unit.keys, mutant.made)):
        return "killed", "{} {}".format(*by), None
    proofs = []
    for key in unit.keys:
        own = [bench for bench in benches if key in bench.rulebook.vocabulary.definitions]
        found = defined.compare(own, key, work.rulebook.vocabulary.definitions[key], mutant.made)
        if not isinstance(found, Proof):
            return "survived", "", _suggestion(*found)
        proofs.append(found)
    return _of(proofs)


def _of(proofs: Sequence[Proof]) -> Fate:
    proof = equivalence.worst(proofs)
    return _FATES[proof], "" if proof is Proof.EQUIVALENT else proof.value, None


def _suggestion(bench: Bench, witness: Witness) -> Suggestion:
    before = witness.before
    given = {name: _plain(bench, witness.subject, name, value) for name, value in witness.given.items()}
    made = Suggestion(bench.rule.id, given, _verdict(before), instead=_verdict(witness.after))
    if before is None:
        return made
    return replace(made, missing=tuple(sorted(before.missing)), exception=before.exception, also=before.also)


def _plain(bench: Bench, subject: str, name: str, value: Any) -> Any:
    """Return *value* as a file has it: a number without unit is one."""
    spec = bench.corpus.vocabulary.scope(subject).find(name)
    bare = spec is not None and spec.type == "number" and isinstance(value, str) and spec.unit is None
    return Decimal(value) if bare else value


def _verdict(seen: Observed | None) -> str:
    return NOT_IN_FORCE if seen is None else seen.verdict.value


def read_again(data: Mapping[str, Any]) -> Result:
    """Return the result of which *data* holds the fields, as JSON has them. Raises `TypeError` for other data."""
    case = data["case"]
    made = case and Suggestion(**{**case, "missing": tuple(case["missing"])})
    return Result(**{**data, "path": tuple(data["path"]), "case": made})
