"""A YAML text as a tree that keeps its comments: each stays with the key or list item that it is about.

libyaml gives the tokens and their places; what stands between two tokens is punctuation, blank lines and
comments. A comment at the end of a line belongs to what begins on that line, comment lines belong to
what follows them, and those indented deeper than what follows close the list or mapping before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

import yaml
from yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

_HEADER = re.compile(r"[|>][-+0-9]*[ \t]*(#.*)?")


@dataclass
class Scalar:
    """A value as text: `text` as it is read, `style` as it was written ("" is plain)."""

    text: str
    style: str


@dataclass
class Entry:
    """A key with its value, or a list item (no key), with the comments that belong to it."""

    key: Scalar | None
    value: Scalar | Block
    above: list[str] = field(default_factory=list)  # comment lines before it; "" is a blank line
    beside: str = ""  # the comment at the end of its first line


@dataclass
class Block:
    """A mapping or a list, with the comment lines after its last entry."""

    is_map: bool
    entries: list[Entry] = field(default_factory=list)
    below: list[str] = field(default_factory=list)


def read(text: str) -> Entry:
    """Return the one document in *text*, which the strict reader accepts, as an entry without a key."""
    return _Reader(text).document()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.events: list[Any] = [
            event
            for event in yaml.parse(text, Loader=yaml.CLoader)
            if isinstance(event, ScalarEvent | yaml.CollectionStartEvent | yaml.CollectionEndEvent | StreamEndEvent)
        ]
        self.n = 0  # of the next event
        self.at = 0  # the end of what was read
        self.lines: list[tuple[int | None, str]] = []  # comment lines that belong to nothing yet, by column
        self.last = Entry(None, Scalar("", ""))  # the entry that began last
        self.columns: list[int] = [-1]  # of the blocks around, the innermost last

    def document(self) -> Entry:
        whole = self.entry(None)
        self.gap(len(self.text))
        below = [line for _, line in self.lines]
        if isinstance(whole.value, Block):
            whole.value.below += below
        else:
            whole.above += below
        return whole

    @property
    def next(self) -> Any:
        return self.events[self.n]

    def take(self, end: int | None = None) -> Any:
        """Return the next event and go on behind it."""
        event = self.next
        self.gap(event.start_mark.index)
        self.at = max(self.at, event.end_mark.index if end is None else end)
        self.n += 1
        return event

    def gap(self, end: int) -> None:
        """Note the comments and blank lines before *end*."""
        first, *others = self.text[self.at : end].split("\n")
        fresh = self.at == 0 or self.text[self.at - 1] == "\n"  # as after a block of text, which ends its line
        if fresh:
            others.insert(0, first)
        elif "#" in first:
            self.beside(first[first.index("#") :])
        for n, line in enumerate(others):
            if "#" in line:
                self.lines.append((line.index("#"), _tidy(line[line.index("#") :])))
            elif not line.strip() and n < len(others) - 1:
                self.lines.append((None, ""))
        self.at = max(self.at, end)

    def beside(self, comment: str) -> None:
        if self.last.beside:
            self.last.above.append(_tidy(comment))
        else:
            self.last.beside = _tidy(comment)

    def entry(self, key: Scalar | None) -> Entry:
        """Return the entry whose value comes next; with a *key*, it was just read."""
        if key is None:
            self.gap(self.next.start_mark.index)
        made = self.last = Entry(key, Scalar("", ""), [line for _, line in self.lines])
        self.lines.clear()
        made.value = self.value(made)
        return made

    def value(self, owner: Entry) -> Scalar | Block:
        event = self.next
        if isinstance(event, ScalarEvent):
            return self.scalar(owner)
        block = Block(isinstance(event, MappingStartEvent))
        if event.flow_style:
            self.flow(block, owner)
        else:
            self.block(block)
        return block

    def scalar(self, owner: Entry) -> Scalar:
        event = self.take()
        if event.style in ("|", ">") and (found := _HEADER.match(self.text, event.start_mark.index)) and found[1]:
            owner.beside = owner.beside or _tidy(found[1])
        self.lift(owner)
        return Scalar(event.value, event.style or "")

    def lift(self, owner: Entry) -> None:
        """Put comment lines that stand inside *owner* above it."""
        owner.above += [line for _, line in self.lines if line]
        self.lines.clear()

    def flow(self, block: Block, owner: Entry) -> None:
        """Read `[…]` or `{…}` into *block*; a comment inside goes above what it is in."""
        self.take()
        while not isinstance(self.next, SequenceEndEvent | MappingEndEvent):
            key = None
            if block.is_map:
                event = self.take()
                key = Scalar(event.value, event.style or "")
            inner = Entry(key, Scalar("", ""))
            inner.value = self.value(owner) if not isinstance(self.next, ScalarEvent) else self.scalar(owner)
            block.entries.append(inner)
        self.take()
        self.lift(owner)

    def block(self, block: Block) -> None:
        column = self.take(end=self.at).start_mark.column
        # a list may stand in the column of the key that holds it; then a comment there is about the next key
        least = column + (column == self.columns[-1])
        self.columns.append(column)
        while not isinstance(self.next, SequenceEndEvent | MappingEndEvent):
            block.entries.append(self.keyed() if block.is_map else self.entry(None))
        self.columns.pop()
        self.take(end=self.at)
        own = len(list(takewhile(lambda line: line[0] is None or line[0] >= least, self.lines)))
        while own and self.lines[own - 1][0] is None:
            own -= 1
        block.below += [line for _, line in self.lines[:own]]
        del self.lines[:own]

    def keyed(self) -> Entry:
        self.gap(self.next.start_mark.index)
        above = [line for _, line in self.lines]
        self.lines.clear()
        event = self.take()
        made = self.entry(Scalar(event.value, event.style or ""))
        made.above[:0] = above
        return made


def _tidy(comment: str) -> str:
    """Return *comment* with a blank after its sign."""
    comment = comment.rstrip()
    return f"# {comment[1:]}" if len(comment) > 1 and (comment[1].isalnum() or comment[1] == "_") else comment
