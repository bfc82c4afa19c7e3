"""What the definitions of facts say of the facts that some conditions read: premise → conclusion.

Only those that tie a fact read to another one read matter: a fact that follows from what nobody asks is free.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...expr import Call, Const, Expr, Fact
from ...facts import INSPECTION, Definition, Scope, Vocabulary
from .atoms import OPEN, at_atoms, facts_of, in_full

TODAY = f"{INSPECTION}.date"  # is always known
Law = tuple[Expr, Expr]


class Laws:
    """The definitions behind facts of one subject; names are in full (`kind.fact`).

    `exact` becomes False where a definition that ties facts together cannot be written as conditions.
    """

    def __init__(self, vocabulary: Vocabulary, scope: Scope, *, unknown: bool) -> None:
        """Take the scope of the subject, and whether its facts may be *unknown*."""
        self.vocabulary, self.scope, self.unknown = vocabulary, scope, unknown
        self.exact = True

    def among(self, conditions: Sequence[Expr]) -> list[Law]:
        """Return (premise, conclusion) of the definitions that tie facts read to other facts read."""
        asked = {name for condition in conditions for name in facts_of(condition)}
        read, found, done = set(asked), list[Law](), set[str]()
        while True:
            tied = [name for name in sorted(read - done) if self._sources(name) and self._is_tied(name, read)]
            if not tied:
                return [(self._kept(premise, asked), then) for premise, then in found] if self.unknown else found
            for name in tied:
                done.add(name)
                for law in self._law(name):
                    found.append(law)
                    read |= {fact for part in law for fact in facts_of(part)}

    def _kept(self, premise: Expr, asked: set[str]) -> Expr:
        """Return *premise* without the facts that nobody asks: where they may be not known, that rules out least."""

        def change(expr: Expr) -> Expr:
            names = facts_of(expr)
            free = any(name not in asked and not self._sources(name) & asked and name != TODAY for name in names)
            return OPEN if free else expr

        return at_atoms(premise, change)

    def _is_tied(self, name: str, read: set[str]) -> bool:
        own = self._sources(name)
        return any(own & ({other} | self._sources(other)) for other in read if other != name)

    def _sources(self, name: str) -> set[str]:
        """Return every fact from which *name* follows, through other definitions too."""
        found: set[str] = set()
        queue = [name]
        while queue:
            kind, _, fact = queue.pop().rpartition(".")
            definition = self.vocabulary.definitions.get((kind, fact))
            for law in self._conditions(kind, definition) if definition else ():
                for source in facts_of(law):
                    if source not in found:
                        found.add(source)
                        queue.append(source)
        return found

    def _conditions(self, kind: str, definition: Definition) -> list[Expr]:
        chain = self.scope.chain
        scope = Scope(self.vocabulary, chain[chain.index(kind) :])
        named = [Fact(definition.count)] if definition.count else []
        return [in_full(condition, scope) for condition in (*definition.conditions, *named)]

    def _law(self, name: str) -> Iterator[Law]:
        kind, _, fact = name.rpartition(".")
        definition = self.vocabulary.definitions[kind, fact]
        itself = Fact(name)
        if definition.count or definition.python:
            self.exact = False
            return
        conditions = iter(self._conditions(kind, definition))
        if definition.table:
            before: list[Expr] = []
            for _, value in definition.table.rows:
                holds = next(conditions)
                yield Call("all", (*before, holds)), Call("eq", (itself, Const(value)))
                before.append(Call("not", (holds,)))
            return
        if definition.yes is not None:
            yield next(conditions), itself
        if definition.no is not None:
            yield next(conditions), Call("not", (itself,))
