"""Facts that exist only under a condition (`needs`), read by a rule that does not ask for that condition.

Where the condition fails nobody is asked for the fact, so a rule that waits for it waits for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ...compiled import wide
from ...expr import Each, Expr, all_of
from ...facts import Scope
from ...texts import Text
from ..cells import OPEN, Space, TooManyError, at_atoms, atoms_of, facts_of, in_full
from .book import Book, Check, Finding, Placed


def unguarded(book: Book) -> Iterator[Finding]:
    """Yield the rules that stay open for want of a fact that does not exist."""
    for placed in book.rules:
        whole = all_of(placed.given(), placed.rule.applies, wide(placed.rule))
        for subject in placed.rule.subjects:
            for name in _waits_in_vain(book, placed, whole, book.vocabulary.scope(subject)):
                yield placed.finding(
                    f"“{name}”只在 needs 成立时才有，而不成立时规则仍在等它；把 needs 的条件写进 applies 或 when",
                    f"“{name}” exists only where its needs hold, and where they fail the rule still waits for it; "
                    "put the condition of needs into applies or when",
                )


def _waits_in_vain(book: Book, placed: Placed, condition: Expr, scope: Scope) -> Iterator[str]:
    """Yield the facts for which *condition* waits although they do not exist."""
    for name in dict.fromkeys(facts_of(condition)):
        owner = scope.owner(name)
        needs = book.vocabulary.needs.get(owner) if owner else None
        if owner is None or needs is None:
            continue
        around = Scope(book.vocabulary, scope.chain[scope.chain.index(owner[0]) :])
        without = at_atoms(condition, partial(_unless_of, name))
        needed = in_full(needs, around)
        try:
            space = Space(book.vocabulary, scope, [without, needed])
        except TooManyError:
            book.undecided.append(
                placed.finding(
                    f"情况太多，没有核对“{name}”的 needs", f"too many cases: the needs of “{name}” unchecked"
                )
            )
            continue
        answer = space.bits(without)
        if space.bits(needed).no & ~(answer.yes | answer.no):
            yield name
    for atom in atoms_of(condition):
        if isinstance(atom, Each):
            yield from _waits_in_vain(book, placed, atom.where, scope.inside(atom.items))


def _unless_of(name: str, atom: Expr) -> Expr:
    return OPEN if name in facts_of(atom) else atom


CHECKS = (Check("unguarded", Text("没有用 needs 的条件守住的事实", "a fact read without its needs"), unguarded),)
