"""The names of columns, and what each means for a kind of subject; a name that means nothing is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..errors import FactsError, Problem
from ..facts import INSPECTION, FactSpec, Scope, Vocabulary, nearest
from ..texts import Text
from .layout import OWN, SEEN, Column, Layout, Names


def layout(vocabulary: Vocabulary, subject: str, names: Names, keep: Sequence[str] = ()) -> Layout:
    """Return what the columns *names* of a frame of *subject* (a kind, or `container.kind`) mean.

    Columns in *keep* are handed through and may mean nothing. Raises `FactsError` with every other name that does not.
    """
    chain = _chain(vocabulary, subject)
    reader = _Reader(vocabulary, chain)
    found = Layout(vocabulary, chain, tuple(reader.columns(names, keep)))
    reader.check_words(found)
    for place in range(1, len(chain)):
        listed = "" if (name := found.hanging(place)) is None else f"{chain[place]}.{name}"
        for column in found.recorded.get(listed, ()):
            reader.problems.append(
                Problem(
                    column.name,
                    Text(
                        f"每行是其中的一个，{listed} 不能再作为列",
                        f"each row is one of them, so {listed} cannot be a column too",
                    ),
                )
            )
    if reader.problems:
        raise FactsError(reader.problems)
    return found


def is_word(vocabulary: Vocabulary, subject: str, name: str) -> bool:
    """Return whether the column *name* tells of one word of several, so that `layout` wants the others with it."""
    return _Reader(vocabulary, _chain(vocabulary, subject)).word(name) is not None


def _chain(vocabulary: Vocabulary, subject: str) -> tuple[str, ...]:
    container, _, kind = subject.rpartition(".")
    known = [kind for kind in vocabulary.kinds if kind != INSPECTION]
    if kind not in known or (container and container not in vocabulary.kinds[kind].within):
        near = nearest(subject, known)
        raise FactsError(
            [
                Problem(
                    subject,
                    Text(
                        "没有这种对象" + (f"，是不是“{near}”？" if near else "；hazardrules facts 列出可记的对象"),
                        "there is no such kind of subject"
                        + (f"; did you mean “{near}”?" if near else "; hazardrules facts lists them"),
                    ),
                )
            ]
        )
    if not container and not vocabulary.kinds[kind].one and len(within := vocabulary.kinds[kind].within) > 1:
        which = "、".join(f"{around}.{kind}" for around in within)
        raise FactsError(
            [Problem(subject, Text(f"要写明在什么里面：{which}", f"say in what: {which.replace('、', ', ')}"))]
        )
    return vocabulary.chain(subject)


class _Reader:
    def __init__(self, vocabulary: Vocabulary, chain: tuple[str, ...], path: str = "") -> None:
        self.vocabulary, self.chain, self.path = vocabulary, chain, path
        self.scope = Scope(vocabulary, chain)
        self.problems: list[Problem] = []

    def columns(self, names: Names, keep: Sequence[str] = ()) -> Iterator[Column]:
        for name, fields in names.items():
            column = self._column(name, fields, strange=name in keep)
            if column is not None:
                yield column

    def _column(self, name: str, fields: Names | None, *, strange: bool) -> Column | None:
        """Return what the column *name* means; None where it means nothing, a problem unless it may be *strange*."""
        for seen, fact in ((False, name), (True, name.removesuffix(SEEN))):
            spec = self._fact(fact)
            if spec is not None and spec.type == "list":
                return Column(name, self._place(fact), spec.id, spec, seen=seen, parts=self._parts(name, fact, fields))
            if spec is not None and not seen:
                return Column(name, self._place(fact), spec.id, spec)
        found = self._own(name) or self.word(name)
        if found is None and not strange:
            self._unknown(name)
        return found

    def _fact(self, name: str) -> FactSpec | None:
        around = name.rpartition(".")[0]
        own_only = bool(self.path) or around == self.chain[0]  # own facts are bare, and a part has no others
        return None if around and own_only else self.scope.find(name)

    def _place(self, name: str) -> int:
        """Return whose *name* is: the place of its kind in the chain."""
        around = name.rpartition(".")[0]
        return self.chain.index(around) if around else 0

    def _parts(self, name: str, fact: str, fields: Names | None) -> Layout:
        """Return what the fields of the column *name* mean, which holds parts in the list *fact*."""
        chain = self.scope.inside(fact).chain
        reader = _Reader(self.vocabulary, chain, f"{self.path}{name}.")
        parts = Layout(self.vocabulary, chain, tuple(reader.columns(fields or {})))
        self.problems += reader.problems
        return parts

    def _own(self, name: str) -> Column | None:
        around, _, key = name.rpartition(".")
        if key not in OWN or (around and (self.path or around not in self.chain)):
            return None
        return Column(name, self._place(name), key)

    def word(self, name: str) -> Column | None:
        """Return the column *name* where it tells of one word of a fact of several, else None."""
        for at, char in enumerate(name):
            spec = self._fact(name[:at]) if char == "." else None
            if spec is not None and spec.type == "choices" and name[at + 1 :] in spec.values:
                return Column(name, self._place(name[:at]), spec.id, spec, word=name[at + 1 :])
        return None

    def check_words(self, found: Layout) -> None:
        """Note facts of which only some words have a column, or that have a column of their own too."""
        for fact, columns in found.recorded.items():
            words = {column.word for column in columns if column.word is not None}
            spec = columns[0].spec
            assert spec is not None
            lacking = [word for word in spec.values if word not in words]
            if words and (len(words) < len(columns) or lacking):
                listed = "、".join(lacking)
                self.problems.append(
                    Problem(
                        fact,
                        Text(
                            f"每个词一列时，每个词都要有列；还缺：{listed}"
                            if lacking
                            else "每个词一列时，不能再有整项的列",
                            f"one column a word wants a column for each word; lacking: {listed}"
                            if lacking
                            else "with one column a word there cannot be a column for the whole too",
                        ),
                    )
                )

    def _unknown(self, name: str) -> None:
        """Note a column that means nothing."""
        near = nearest(name, self.scope.names())
        of = self.vocabulary.kinds[self.chain[0]].title
        title = spec.title.zh if near and (spec := self.scope.find(near)) else ""
        self.problems.append(
            Problem(
                f"{self.path}{name}",
                Text(
                    f"{of.zh}没有“{name}”这一列可记"
                    + (f"，是不是“{near}”（{title}）？" if near else "；hazardrules facts 列出可记的事实")
                    + "；不是事实的列写在 keep 里",
                    f"“{name}” is nothing that a frame of {of.en} records"
                    + (f"; did you mean “{near}”?" if near else "; hazardrules facts lists the facts")
                    + "; a column that is no fact goes into keep",
                ),
            )
        )


def subjects(vocabulary: Vocabulary) -> list[str]:
    """Return every way to name what a frame's rows are: a kind, or `container.kind`."""
    return [
        name
        for kind in vocabulary.kinds.values()
        if kind.id != INSPECTION
        for name in ([kind.id] if kind.one or len(kind.within) == 1 else [f"{up}.{kind.id}" for up in kind.within])
    ]
