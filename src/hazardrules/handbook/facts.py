"""The facts to look at: their questions, their choices, and how one follows from others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .. import forms
from ..explain import Line, both, describe, fact_title
from ..expr import Expr, negate
from ..facts import Definition, FactSpec, Kind, Vocabulary
from ..texts import Text
from .pages import FactGroup, FactView, Follows, Link, SubjectPage, TableRow
from .places import Places

_JUDGED = {
    "inspector": Text("由检查人判断", "judged by the inspector"),
    "expert": Text("由专家判断", "judged by an expert"),
}
Key = tuple[str, str]  # kind, fact


class Facts:
    """Makes what pages show of the facts of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def groups(self, keys: Iterable[Key]) -> tuple[FactGroup, ...]:
        """Return the facts *keys*, each once, by kind in the order of their coming."""
        found: dict[str, dict[str, None]] = {}
        for kind, fact in keys:
            found.setdefault(kind, {})[fact] = None
        return tuple(
            FactGroup(self.kind(kind), tuple(self.fact(kind, fact) for fact in facts)) for kind, facts in found.items()
        )

    def kind(self, kind: str) -> Link:
        """Return the way to the page of a kind of subject."""
        return Link(Places.kind(kind), self.vocabulary.kinds[kind].title)

    def fact(self, kind: str, fact: str) -> FactView:
        """Return the fact *fact* of *kind*."""
        spec, needs = self.vocabulary.kinds[kind].facts[fact], self.vocabulary.needs.get((kind, fact))
        definition = self.vocabulary.definitions.get((kind, fact))
        words = tuple(forms.choices(spec))
        return FactView(
            id=fact,
            place=Places.fact(kind, fact),
            title=spec.title,
            question=spec.question,
            choices=words,
            several=spec.type == "choices",
            answer=None if words else _answer(spec),
            unit=spec.unit,
            least=spec.min,
            parts=self.kind(spec.of) if spec.of else None,
            roster=tuple(self._roster(spec)),
            needs=describe(needs, kind, self.vocabulary) if needs is not None else None,
            judged=_JUDGED.get(spec.judged or ""),
            evidence=tuple(self._link(kind, (kind, name)) for name in spec.evidence),
            follows=self._follows(kind, spec, definition) if definition else None,
            group=spec.group,
            source=spec.source,
            unverified=spec.unverified,
        )

    def page(self, kind: Kind, rules: tuple[Link, ...]) -> SubjectPage:
        """Return the page of *kind*; *rules* are those that judge it."""
        grouped: list[tuple[str | None, list[FactView]]] = []
        for fact in kind.facts:
            view = self.fact(kind.id, fact)
            if not grouped or grouped[-1][0] != view.group:
                grouped.append((view.group, []))
            grouped[-1][1].append(view)
        return SubjectPage(
            kind,
            Places.kind(kind.id),
            () if kind.one else tuple(self.kind(around) for around in kind.within),
            tuple(self.kind(spec.of) for spec in kind.lists if spec.of),
            tuple((group, tuple(views)) for group, views in grouped),
            rules,
        )

    def _link(self, kind: str, key: Key) -> Link:
        name = key[1] if key[0] == kind else ".".join(key)
        return Link(Places.fact(*key), fact_title(name, kind, self.vocabulary))

    def _roster(self, spec: FactSpec) -> Iterator[tuple[Text, str]]:
        """Yield which facts of its parts name those that there must be, with the words."""
        for fact, words in spec.roster.items():
            assert spec.of is not None
            yield self.vocabulary.kinds[spec.of].facts[fact].title, "、".join(words)

    def _follows(self, kind: str, spec: FactSpec, definition: Definition) -> Follows:
        def told(condition: Expr) -> Line:
            return describe(condition, kind, self.vocabulary)

        yes, no, otherwise = definition.yes, definition.no, None
        if yes is not None and no is not None and definition.whole:
            yes, no, otherwise = (yes, None, both(False, spec)) if no == negate(yes) else (None, no, both(True, spec))
        reads = dict.fromkeys(forms.behind(self.vocabulary, (kind, spec.id)))
        return Follows(
            yes=None if yes is None else told(yes),
            no=None if no is None else told(no),
            otherwise=otherwise,
            table=tuple(
                TableRow(told(when), both(value, spec))
                for when, value in (definition.table.rows if definition.table else ())
            ),
            count=self._link(kind, (kind, definition.count)) if definition.count else None,
            computed=definition.python is not None,
            reads=tuple(self._link(kind, key) for key in reads if key[0] in self.vocabulary.kinds and key[1]),
        )


def _answer(spec: FactSpec) -> Text:
    """Return what kind of answer is wanted of a fact without choices."""
    if spec.integer:
        return Text("整数", "whole number")
    never = Text("，或者“从未”", ", or “never”") if spec.never else Text("", "")
    plain = forms.ANSWERS[spec.type]
    return Text(plain.zh + never.zh, plain.en + never.en)
