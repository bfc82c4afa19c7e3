"""YAML built from libyaml's events, without recursion: bounded depth, and all places for free.

What YAML would drop (duplicate keys, text after " #"), run (tags), repeat (aliases) or misread (">5")
is refused with its place. Keys are always text.
"""

from __future__ import annotations

import re
from itertools import repeat
from typing import Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from .strict import MAX_DEPTH, Place, Problems, Refused, empty, near, place_of, plain, syntax, too_deep, unseen
from .texts import Text

MAX_PARTS = 2_000_000  # events, of which a key and its value are two
_ITEM: Final = object()  # stands for the key while the container is a list
_ODD_KEYS = frozenset(("", "~", "null", "Null", "NULL", "<<"))
_HASH = re.compile(r"#\w")
_GLUED = re.compile(r"[ \t]+(?=#\w)")
_BLOCK_DIGIT = re.compile("[|>][-+]?[0-9]")
_REFUSED = {
    "tag": Text(
        "不支持标签（! 开头）{here}；若是文字，给整个值加引号",
        "tags (a leading !) are not supported: {here}; if it is text, quote the whole value",
    ),
    "anchor": Text(
        "不支持锚点（& 开头）{here}；若是文字，给整个值加引号",
        "anchors (a leading &) are not supported: {here}; if it is text, quote the whole value",
    ),
    "alias": Text(
        "不支持引用（* 开头）{here}；若是文字，给整个值加引号",
        "aliases (a leading *) are not supported: {here}; if it is text, quote the whole value",
    ),
    "merge": Text("不支持合并键 <<；把内容直接写出来", "the merge key << is not supported; write the content out"),
    "twice": Text(
        "键{here}重复：第 {line} 行已写过；合并或删去一处",
        "duplicate key {here}: already on line {line}; merge them or delete one",
    ),
    "null key": Text(
        "键是空的{here}；写出键名，若是文字则加引号", "the key is null or empty: {here}; write a name, or quote it"
    ),
    "container key": Text(
        "键只能是文字，不能是列表或映射{here}；若是文字则加引号",
        "a key must be text, not a list or mapping: {here}; if it is text, quote it",
    ),
    "no colon": Text("{here}没有值；冒号后面要空一格", "{here} has no value; put a space after the colon"),
    "block digit": Text(
        "值以 > 或 | 加数字开头{here}，YAML 会当作多行文字；若是比较，给整个值加引号",
        "> or | before a digit starts a block of text: {here}; if it is a comparison, quote the whole value",
    ),
    "comment": Text(
        "空格后的 # 是注释，{here}会丢掉；若是文字，给整个值加引号，若是注释，# 后空一格",
        "# after a space starts a comment, {here} would be lost; "
        "if it is text, quote the whole value; if a comment, put a space after #",
    ),
    "second document": Text(
        "一个文件只写一份，这里又用 --- 开始了一份；拆成几个文件",
        "one file holds one document, but a second starts here with ---; split the file",
    ),
    "directive": Text(
        "行首的 % 是 YAML 指令{here}；删去这一行，若是文字则缩进",
        "a % at the start of a line is a YAML directive: {here}; delete the line, or indent it if it is text",
    ),
    "too many": Text("内容超过约一百万项；拆成几个文件", "over about a million values; split the file"),
    "libyaml": Text(
        "PyYAML 没有带 libyaml；重装：pip install --force-reinstall --only-binary=:all: PyYAML",
        "PyYAML lacks libyaml; reinstall: pip install --force-reinstall --only-binary=:all: PyYAML",
    ),
}


def build(text: str, name: str) -> tuple[Any, list[Any]]:
    """Return the data of the YAML *text* and the marks of its parts (see `reading.Source.marks`).

    *text* has plain line feeds and no control characters. Raises `ReadingError` with every problem;
    a syntax error alone.
    """
    problems = Problems(name)
    loader = getattr(yaml, "CLoader", None)
    if loader is None:
        problems.fail(_REFUSED["libyaml"])
    if (at := f"\n{text}".find("\n%")) >= 0:  # beforehand, for thousands of directives are slow in libyaml
        problems.fail(_say("directive", here=near(text, at)), place_of(text, at))
    try:
        data, marks = _Builder(text, problems).build(loader(text).get_event)
    except yaml.MarkedYAMLError as error:
        Problems(name).fail(*_syntax(error, text))
    except yaml.YAMLError as error:
        Problems(name).fail(Text(f"读不了（{error}）", f"cannot be read ({error})"))
    problems.check()
    if data is None:
        problems.fail(empty())
    return data, marks


class _Builder:
    def __init__(self, text: str, problems: Problems) -> None:
        self.text = text
        self.problems = problems
        self.has_hash = _HASH.search(text) is not None

    def build(self, next_event: Any) -> tuple[Any, list[Any]]:
        """Return the one document and its marks; the hot loop of reading, hence one function."""
        documents: list[Any] = []
        box: Any = documents
        marks: list[Any] = []
        key: Any = _ITEM  # _ITEM in a list; in a mapping None before a key, else the key of the next value
        stack: list[tuple[Any, list[Any], Any]] = []
        for _ in repeat(None, MAX_PARTS):
            event = next_event()
            kind = type(event)
            if kind is ScalarEvent:
                if key is None:
                    key = event.value
                    if key in box or key in _ODD_KEYS or event.style == '"' or event.tag or event.anchor:
                        key = self.odd_key(event, box, marks)
                    marks.append(event.start_mark)
                    continue
                value = self.scalar(event, key)
                marks.append(event.start_mark)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                value = self.container(event, kind, key, len(stack))
                marks.append((event.start_mark, []))
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                box, marks, key = stack.pop()
                continue
            elif kind is AliasEvent:
                self.refuse("alias", event)
                value = None
                marks.append(event.start_mark)
                if key is None:
                    key = object()
                    continue
            elif kind is StreamEndEvent:
                break
            else:
                if kind is DocumentStartEvent and documents:
                    self.refuse("second document", event)
                    self.problems.check()
                continue
            if key is _ITEM:
                box.append(value)
            else:
                box[key] = value
                key = None
            if kind is not ScalarEvent and kind is not AliasEvent:
                stack.append((box, marks, key))
                box, marks, key = value, marks[-1][1], None if kind is MappingStartEvent else _ITEM
        else:
            self.problems.fail(_REFUSED["too many"])
        return (documents or [None])[0], marks

    def scalar(self, event: Any, key: Any) -> Any:
        """Return the value of *event*, noting what is wrong with it."""
        if event.tag or event.anchor:
            self.decorated(event)
            return None
        text, style = event.value, event.style
        if style == "":
            if not text and isinstance(key, str) and self.text[event.start_mark.index - 1] != ":":
                self.refuse("no colon", event, here=near(key))  # {a:1} has the one key "a:1"
            if self.has_hash and (blanks := _GLUED.match(self.text, event.end_mark.index)):
                self.refuse("comment", event, here=near(self.text, blanks.end()))
            value = plain(text)
            if type(value) is Refused:
                self.problems.add(value.why, _place(event.start_mark))
            return value
        if style == '"':
            self.escapes(event)
        elif style != "'" and _BLOCK_DIGIT.match(self.text, event.start_mark.index):
            self.refuse("block digit", event)
        return text

    def container(self, event: Any, kind: type, key: Any, depth: int) -> Any:
        """Return the new mapping or list, noting what is wrong with it."""
        if event.tag or event.anchor:
            self.decorated(event)
        if key is None:
            self.refuse("container key", event)
            self.problems.check()
        if depth >= MAX_DEPTH:
            Problems(self.problems.name).fail(too_deep(), _place(event.start_mark))
        return {} if kind is MappingStartEvent else []

    def odd_key(self, event: Any, box: dict[Any, Any], marks: list[Any]) -> Any:
        """Return the key of *event*, or a stand-in after noting what is wrong with it."""
        key, before = event.value, len(self.problems.found)
        self.decorated(event)
        if key in box:
            self.refuse("twice", event, here=near(key), line=_place(marks[2 * list(box).index(key)])[0])
        elif key == "<<" and event.style == "":
            self.refuse("merge", event)
        elif key in _ODD_KEYS and (not key or event.style == ""):
            self.refuse("null key", event)
        self.escapes(event)
        return key if len(self.problems.found) == before else object()

    def decorated(self, event: Any) -> None:
        if event.tag:
            self.refuse("tag", event)
        if event.anchor:
            self.refuse("anchor", event)

    def escapes(self, event: Any) -> None:
        for _, message in unseen(event.value):  # only "\u0000" and the like: the bare ones are refused before
            self.problems.add(message, _place(event.start_mark))

    def refuse(self, what: str, event: Any, *, here: str = "", line: int = 0) -> None:
        here = here or near(self.text, event.start_mark.index)
        self.problems.add(_say(what, here=here, line=line), _place(event.start_mark))


def _say(what: str, **values: Any) -> Text:
    zh, en = _REFUSED[what]
    return Text(zh.format(**values), en.format(**values))


def _place(mark: Any) -> Place:
    return mark.line + 1, mark.column + 1


def _syntax(error: yaml.MarkedYAMLError, text: str) -> tuple[Text, Place | None]:
    """Return libyaml's complaint and its place."""
    mark, context, problem = error.problem_mark, error.context_mark, error.problem or ""
    if mark is None:
        return Text("写法有误", str(error)), None
    if text[mark.index : mark.index + 1] == "\t":
        problem = "found a tab character where an indentation space is expected"
    elif problem == "could not find expected ':'" and context is not None:
        mark = context  # it is the line before that lacks it
    zh, en = syntax(text, mark.index, problem, f"{error.context}: " if error.context else "")
    if context is not None and context.line != mark.line:
        zh, en = f"{zh}（从第 {context.line + 1} 行开始的一段）", f"{en} (begun on line {context.line + 1})"
    return Text(zh, en), _place(mark)
