"""A mistake in how a fact follows from others: which case of which rule notices it, and whether any could.

The definition before and after are compared in every case of the facts that they read, together with what a
rule reads beside the fact. Where only another definition reads the fact, the cases of the rules behind it
are told again with those facts in place of the stated one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, product
from typing import Any

from ...expr import ALWAYS, NEVER, Call, Const, Each, Expr, Fact, negate, walk
from ...expr import replace as rewrite
from ...facts import Definition, FactSpec, Scope, Table
from ...ops import OPS
from ...sentence import write_value
from ..cells import Space, TooManyError, in_full
from .answers import told, values_of, waited_for, with_stated
from .equivalence import Proof, Witness, search, shown, smallest, worst
from .killing import Bench, Key, behind
from .seeing import UNKNOWN, Ground, Law, Seen, differing, law_of

Sides = tuple[Definition, Definition]  # before and after

_MOST = 400  # records tried


def killer(benches: Sequence[Bench], made: Mapping[Key, Definition]) -> tuple[str, int] | None:
    """Return the rule and the number of the first case that fails with the definitions *made*; None where all pass."""
    for bench in benches:
        if number := bench.defined(made).killer():
            return bench.rule.id, number
    return None


def compare(benches: Sequence[Bench], key: Key, before: Definition, after: Definition) -> tuple[Bench, Witness] | Proof:
    """Return a record that a rule judges differently when *after* defines *key*, or why there is none.

    *benches* hold the rules that depend on the fact *key*.
    """
    proofs = []
    for bench in benches:
        other = bench.defined({key: after})
        for subject in bench.rule.subjects:
            try:
                found = _apart(bench, other, subject, key, (before, after))
            except TooManyError:
                found = Proof.TOO_LARGE
            if isinstance(found, Witness):
                return bench, smallest(bench, other, found)
            proofs.append(found)
    return worst(proofs)


def _apart(bench: Bench, other: Bench, subject: str, key: Key, sides: Sides) -> Witness | Proof:
    """Return a record of *subject* that the rule judges differently by the two definitions."""
    law, chain = law_of(bench.entry(bench.first_day)), bench.corpus.vocabulary.chain(subject)
    if law is None:
        return Proof.EQUIVALENT
    found: Witness | Proof = Proof.EQUIVALENT
    above = _above(bench, key)
    whole = law.rewritten(_instead(bench, above - {key}, chain))
    is_read = key[0] in chain and any(_reads(e, {_name(key, chain), ".".join(key)}) for e in whole.conditions())
    for defined in (True, False) if is_read else ():  # as in `equivalence`: a record, then the proof
        found = _joined(bench, other, subject, key, sides, whole, defined=defined)
        if found is not Proof.EQUIVALENT:
            break
    between = len(above) > 1 or any(isinstance(node, Each) for e in law.conditions() for node in walk(e))
    if isinstance(found, Witness) or (is_read and not between):
        return found
    return _retold(bench, other, subject, key, sides)


def _joined(
    bench: Bench, other: Bench, subject: str, key: Key, sides: Sides, law: Law, *, defined: bool
) -> Witness | Proof:
    """Look at every case of what rule and definitions read: the rule with each value of the fact in its place.

    First with records that leave the fact out, then with those that state it, rightly or wrongly.
    """
    vocabulary = bench.corpus.vocabulary
    spec, chain = vocabulary.kinds[key[0]].facts[key[1]], vocabulary.chain(subject)
    before, after = (_in_full(side, key[0], bench, chain) for side in sides)
    values = list(dict.fromkeys([None, *values_of(before), *values_of(after)]))
    names = {_name(key, chain), ".".join(key)}
    laws = {value: law.rewritten(_put(names, value, yes_no=spec.type == "yes_no")) for value in values}
    read = [*before.conditions, *after.conditions, *(e for made in laws.values() for e in made.conditions())]
    ground = Ground(bench, subject, read, defined=defined)
    answers = [told(ground.space, side) for side in (before, after)]
    proofs = []
    for stated in values:
        one, two = (with_stated(answer, stated, values) for answer in answers)

        def differences(*, asserted: bool, stated: Any = stated, one: Seen = one, two: Seen = two) -> list[int]:
            seen = {value: ground.seen(made, asserted=asserted) for value, made in laws.items()}
            whole = stated is None and before.whole
            left, right = (waited_for(seen, answer if whole else {}, key) for answer in (one, two))
            found = ((a, b, cases) for a, b in product(values, values) for cases in differing(left[a], right[b]))
            return [cases & one[a] & two[b] for a, b, cases in found if cases & one[a] & two[b]]

        def show(given: Mapping[str, Any], stated: Any = stated) -> Witness | None:
            more = {} if stated is None else {_name(key, chain): _raw(stated, spec)}
            return shown(bench, other, subject, {**given, **more})

        found = search(ground, differences, show)
        if isinstance(found, Witness):
            return found
        proofs.append(found)
    return worst(proofs)


def _raw(value: Any, spec: FactSpec) -> Any:
    """Return *value* of the fact *spec* as a record states it."""
    return [word for word in spec.values if word in value] if isinstance(value, frozenset) else write_value(value, spec)


# --------------------------------------------------------------------------------- read by a rule


def _name(key: Key, chain: Sequence[str]) -> str:
    """Return how a rule on the first kind of *chain* names the fact *key*."""
    return key[1] if key[0] == chain[0] else ".".join(key)


def _above(bench: Bench, key: Key) -> set[Key]:
    """Return the fact *key* and those that follow from it."""
    vocabulary = bench.corpus.vocabulary
    return {other for other in vocabulary.definitions if key in behind({other}, vocabulary)} | {key}


def _reads(expr: Expr, names: set[str]) -> bool:
    match expr:
        case Fact(name):
            return name in names
        case Call(_, args):
            return any(_reads(arg, names) for arg in args)
    return False


def _instead(bench: Bench, keys: set[Key], chain: Sequence[str]) -> Any:
    """Return the change of a condition that puts what defines the facts *keys* in their place, as far as it can."""
    definitions = bench.corpus.vocabulary.definitions
    named = {name: key for key in keys if key[0] in chain for name in (_name(key, chain), ".".join(key))}

    def change(expr: Expr) -> Expr:
        key = named.get(expr.name) if isinstance(expr, Fact) else None
        if key is None:
            return expr
        full = _in_full(definitions[key], key[0], bench, chain)
        side = full.yes if full.yes is not None else full.no and negate(full.no)
        return expr if side is None else rewrite(side, change)

    return change


def _put(names: set[str], value: Any, *, yes_no: bool) -> Any:
    """Return the change of a condition by which the fact of these *names* has *value*; None: it is not known."""
    instead = {True: ALWAYS, False: NEVER, None: UNKNOWN}[value] if yes_no else Const(value)

    def change(expr: Expr) -> Expr:
        match expr:
            case Fact(name) if name in names:
                return instead
            case Call(op, _) if op in OPS and OPS[op].opposite and value is None and instead in walk(expr):
                return UNKNOWN
        return expr

    return change


def _in_full(definition: Definition, kind: str, bench: Bench, chain: Sequence[str]) -> Definition:
    """Return *definition*, of a fact of *kind*, with names that mean the same for a subject with this *chain*."""
    scope = Scope(bench.corpus.vocabulary, tuple(chain[chain.index(kind) :]))
    yes, no = (side if side is None else in_full(side, scope) for side in (definition.yes, definition.no))
    rows = tuple((in_full(cells, scope), value) for cells, value in definition.table.rows) if definition.table else ()
    return replace(definition, yes=yes, no=no, table=Table(rows) if rows else None)


def _retold(bench: Bench, other: Bench, subject: str, key: Key, sides: Sides) -> Witness | Proof:
    """Return a record that shows the difference: a case of the rule with facts for which the definitions differ."""
    vocabulary = bench.corpus.vocabulary
    bare = vocabulary.with_conditions({}, vocabulary.needs)
    space = Space(bare, key[0], [e for side in sides for e in side.conditions], unknown=True)
    one, two = (told(space, side) for side in sides)
    examples = [space.example(cases) for what in {**one, **two} if (cases := one.get(what, 0) ^ two.get(what, 0))]
    chain, hides = vocabulary.chain(subject), _above(bench, key)
    tried = (
        given
        for example, case in product(examples, bench.rule.cases)
        for given in _with(case.given, example, key, hides, chain)
    )
    for given in islice(tried, _MOST):
        if witness := shown(bench, other, subject, given):
            return witness
    return Proof.NOT_SHOWN if examples else Proof.EQUIVALENT


def _with(
    given: Mapping[str, Any], example: Mapping[str, Any], key: Key, hides: set[Key], chain: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Yield *given* with the facts of *example*, of a subject of the kind of *key*, in place of those of *hides*."""
    hidden = {_name(other, chain) for other in hides}
    kept = {name: value for name, value in given.items() if name not in hidden}
    if key[0] in chain:
        yield {**kept, **{name if "." in name else _name((key[0], name), chain): example[name] for name in example}}
        return
    own = {fact for kind, fact in hides if kind == key[0]}
    for name, parts in kept.items():
        for n, part in enumerate(parts if isinstance(parts, list) else ()):
            if isinstance(part, Mapping):
                changed = {**{k: v for k, v in part.items() if k not in own}, **example}
                yield {**kept, name: [*parts[:n], changed, *parts[n + 1 :]]}
