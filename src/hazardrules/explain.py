"""A judgement told in words: a tree of lines, in Chinese or English, as text, Markdown or data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from . import sentence
from .completions import working
from .expr import ALWAYS, Call, Const, Each, Expr, Fact, walk
from .facts import FactSpec, Vocabulary
from .judge import Judgement, Trace, Verdict, judge
from .ops import OPS, PERIOD_NAMES
from .rows import Parts, Row, container, look, new_row, stated
from .rules import Level, WordList
from .texts import Text
from .truth import NO, UNKNOWN, YES, Truth

MARKS = {YES: "✓", NO: "✗", UNKNOWN: "?"}
VERDICT_WORDS = {
    Verdict.HIT: Text("命中", "hit"),
    Verdict.DISPUTED: Text("有争议", "disputed"),
    Verdict.UNKNOWN: Text("待定", "unknown"),
    Verdict.NOT_APPLICABLE: Text("不适用", "not applicable"),
    Verdict.DEFERRED: Text("按另一文件判定", "deferred"),
    Verdict.CLEAR: Text("未命中", "clear"),
}


LEVEL_WORDS = {
    Level.MAJOR: Text("重大事故隐患", "major accident hazard"),
    Level.ORDINARY: Text("一般事故隐患", "ordinary hazard"),
    Level.NONE: Text("未发现", "none found"),
    Level.UNDETERMINED: Text("尚不能判定", "undetermined"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation, with the lines that it rests on."""

    text: Text
    truth: Truth | None = None
    parts: tuple[Line, ...] = ()


def explain(judgement: Judgement, vocabulary: Vocabulary) -> Line:
    """Return the explanation of *judgement*: its conditions as they came out, nothing else."""
    teller = _Teller(vocabulary)
    rule, sections = judgement.rule, []
    for label, trace, asserted in judgement.gates:
        taken = asserted and trace.truth is UNKNOWN
        suffix = Text("（按所选行业视为满足）", " (taken as met by the chosen industry)") if taken else Text("", "")
        sections.append(
            _section(
                _join(Text(f"前提 {label or ''}".strip(), f"premise {label or ''}".strip()), suffix), trace, teller
            )
        )
    if rule.applies != ALWAYS:
        sections.append(_section(Text("适用于", "applies to"), judgement.applies, teller))
    sections.append(_section(Text("情形", "situation"), judgement.when, teller))
    for exclusion, trace in judgement.unless:
        word = Text("除外", "exception")
        if exclusion.defers_to:
            word = Text(f"按 {exclusion.defers_to} 判定", f"judged under {exclusion.defers_to}")
        elif exclusion.soft:
            word = Text("除外（有争议或未核实，不能据以排除）", "exception (disputed or unverified, never clears)")
        sections.append(_section(_join(word, Text("：", ": "), exclusion.why), trace, teller))
    for reading, trace in judgement.disputed:
        sections.append(_section(_join(Text("较宽的理解：", "wider reading: "), reading.why), trace, teller))
    head = _join(rule.summary, Text(" → ", " → "), VERDICT_WORDS[judgement.verdict])
    return Line(head, None, tuple(sections))


def failing(trace: Trace, vocabulary: Vocabulary) -> list[Text]:
    """Return in words what keeps the condition from holding: the comparisons that surely fail."""
    if trace.truth is not NO:
        return []
    inner = [part for part in trace.parts if isinstance(part.value, Truth)]
    if isinstance(trace.expr, Call) and trace.expr.op in ("all", "any") and inner:
        return [text for part in inner for text in failing(part, vocabulary)]
    return [_Teller(vocabulary).line(trace).text]


def describe(
    condition: Expr, subject: str, vocabulary: Vocabulary, lists: Mapping[str, WordList] | None = None
) -> Line:
    """Return *condition* on *subject* in words, without any facts; a dated word list by its title in *lists*."""
    row: Row | None = None
    for kind in reversed(vocabulary.chain(subject)):
        row = new_row(vocabulary.kinds[kind], kind, row)
    assert row is not None
    return _bare(_Teller(vocabulary, values=False, lists=lists).line(judge(condition, row, vocabulary)))


def fact_title(name: str, kind: str, vocabulary: Vocabulary) -> Text:
    """Return what the fact *name* is called where a *kind* is spoken of: one of another kind with that kind."""
    other, _, fact = name.rpartition(".")
    spec = vocabulary.kinds[other or kind].facts.get(fact)
    own = spec.title if spec else Text(name, name)
    if not other or other == kind:
        return own
    around = vocabulary.kinds[other].title
    joint = "" if spec and spec.type == "yes_no" else "的"  # 企业存在粉尘爆炸危险, 企业的所属行业
    is_told = own.zh.startswith(around.zh) or own.zh.endswith(around.zh)
    return Text(own.zh if is_told else f"{around.zh}{joint}{own.zh}", f"{own.en} of the {around.en}")


def _bare(line: Line) -> Line:
    return Line(line.text, None, tuple(_bare(part) for part in line.parts))


def _now(value: Text) -> Text:
    """Return what stands behind a comparison: the recorded value."""
    return _join(Text("（现为 ", " (recorded: "), value, Text("）", ")"))


def _section(title: Text, trace: Trace, teller: _Teller) -> Line:
    line = teller.line(trace)
    if line.parts and isinstance(trace.expr, Call) and trace.expr.op == "all":
        return Line(title, trace.truth, line.parts)
    return Line(title, trace.truth, (line,))


def _join(*texts: Text) -> Text:
    return Text("".join(text.zh for text in texts), "".join(text.en for text in texts))


class _Teller:
    """Puts traces into words with the titles of the vocabulary."""

    def __init__(
        self, vocabulary: Vocabulary, *, values: bool = True, lists: Mapping[str, WordList] | None = None
    ) -> None:
        self.vocabulary, self.values, self.lists = vocabulary, values, lists or {}

    def line(self, trace: Trace) -> Line:
        expr, parts = trace.expr, trace.parts
        match expr:
            case Call("all", _):
                return self._group(Text("以下各项都满足", "all of these hold"), trace)
            case Call("any", _):
                return self._group(Text("以下至少一项满足", "at least one of these holds"), trace)
            case Call("at_least", (Const(n), *_)):
                return self._group(Text(f"以下至少 {n} 项满足", f"at least {n} of these hold"), trace)
            case Call("not", (Fact(name),)):
                inner = self.line(parts[0])
                denied = _join(self.title(name, trace.row), Text("为 否", ": no"))
                now = self.value(name, trace.row)
                return Line(_join(denied, _now(now)) if self.values else denied, trace.truth, inner.parts)
            case Call("not", _):
                return self._group(Text("以下不成立", "this does not hold"), trace)
            case Each():
                return self._each(expr, trace)
            case Fact(name):
                title, value = self.title(name, trace.row), self.value(name, trace.row)
                if not self.values:
                    return Line(title)
                why = tuple(self.line(part) for part in parts[:1])
                return Line(_join(title, Text("：", ": "), value), trace.truth, why)
            case Call("listed", (fact, Const(name))):  # as it is written: which edition counts, depends on the day
                title = self.operand(fact, trace.row, None)
                words = self.lists[name].title if name in self.lists else name
                return Line(Text(f"{title.zh}在“{words}”内", f"{title.en} is in the list “{words}”"), trace.truth)
        return self._comparison(expr, trace)

    def _group(self, title: Text, trace: Trace) -> Line:
        return Line(title, trace.truth, tuple(self.line(part) for part in trace.parts))

    def _each(self, expr: Each, trace: Trace) -> Line:
        title = self.title(expr.items, trace.row)
        parts = look(trace.row, expr.items)
        how = {None: Text("每一个都满足", "every one of them"), 1: Text("至少一个满足", "some of them")}.get(
            expr.least, Text(f"至少 {expr.least} 个满足", f"at least {expr.least} of them")
        )
        state = Text("", "")
        if parts is None:
            state = Text("（没有查看）", " (not looked at)")
        elif isinstance(parts, Parts) and not parts.complete:
            state = Text("（只看了一部分）", " (only some were looked at)")
        if not self.values:
            return Line(_join(title, Text("：", ": "), how), None, (self._inside(expr, trace),))
        lines = []
        for part in trace.parts:
            inner = self.line(part)
            lines.append(
                Line(
                    _join(
                        Text(f"[{part.row._id or part.row._path}] ", f"[{part.row._id or part.row._path}] "), inner.text
                    ),
                    inner.truth,
                    inner.parts,
                )
            )
        return Line(_join(title, Text("：", ": "), how, state), trace.truth, tuple(lines))

    def _inside(self, expr: Each, trace: Trace) -> Line:
        spec = self.spec(expr.items, trace.row)
        owner = container(trace.row, expr.items.rpartition(".")[0] or trace.row._kind)
        assert spec is not None
        assert spec.of is not None
        part = new_row(self.vocabulary.kinds[spec.of], spec.of, owner)
        return self.line(judge(expr.where, part, self.vocabulary))

    def _comparison(self, expr: Expr, trace: Trace) -> Line:
        assert isinstance(expr, Call)
        spec = next((self.spec(node.name, trace.row) for node in walk(expr) if isinstance(node, Fact)), None)
        operands = [self.operand(arg, trace.row, spec) for arg in expr.args]
        says = OPS[expr.op].says
        text = Text(
            says.zh.format(*(operand.zh for operand in operands)), says.en.format(*(operand.en for operand in operands))
        )
        if not self.values:
            return Line(text)
        names = list(dict.fromkeys(node.name for node in walk(expr) if isinstance(node, Fact)))
        if len(names) == 1:
            found = self.value(names[0], trace.row)
            note = _now(found)
        else:
            each = [_join(self.title(name, trace.row), Text(" ", " "), self.value(name, trace.row)) for name in names]
            note = Text("（" + "；".join(t.zh for t in each) + "）", " (" + "; ".join(t.en for t in each) + ")")
        return Line(_join(text, note), trace.truth, tuple(self._working(names, trace.row)))

    def _working(self, names: list[str], row: Row) -> Iterator[Line]:
        """Yield how those of the facts came out that a function computes."""
        for name in names:
            kind, _, fact = name.rpartition(".")
            owner = container(row, kind) if kind else row
            if owner is not None:
                yield from (Line(text) for text in working(owner, fact, self.vocabulary))

    def operand(self, expr: Expr, row: Row, spec: FactSpec | None) -> Text:
        match expr:
            case Fact(name):
                return self.title(name, row)
            case Const(None):
                return Text("（当日没有有效的词表）", "(no list in force on that day)")
            case Const(value) if spec is not None:
                return both(value, spec)
            case Call("times", (Const(factor), fact)):
                inner = self.operand(fact, row, spec)
                return Text(f"{inner.zh}的 {factor} 倍", f"{factor} × {inner.en}")
            case Call("later", (fact, Const(count), Const(period))):
                inner = self.operand(fact, row, spec)
                return Text(f"{inner.zh}之后 {count} {PERIOD_NAMES[period]}", f"{count} {period} after {inner.en}")
            case Call(op, args):
                texts = [self.operand(arg, row, spec) for arg in args]
                says = OPS[op].says
                return Text(says.zh.format(*(t.zh for t in texts)), says.en.format(*(t.en for t in texts)))
        return Text(str(expr), str(expr))

    def spec(self, name: str, row: Row) -> FactSpec | None:
        kind, _, fact = name.rpartition(".")
        return self.vocabulary.kinds[kind or row._kind].facts.get(fact)

    def title(self, name: str, row: Row) -> Text:
        """Return what the fact *name* is called on *row*."""
        return fact_title(name, row._kind, self.vocabulary)

    def value(self, name: str, row: Row) -> Text:
        """Return the recorded value in words, with who judged it."""
        spec, value = self.spec(name, row), look(row, name)
        if spec is None or value is None:
            return Text("未知", "unknown")
        kind, _, fact = name.rpartition(".")
        owner = (container(row, kind) if kind else row) or row
        said = stated(owner, fact)
        text = both(value, spec)
        if spec.type == "number" and said is not None and isinstance(said.raw, str):
            text = Text(said.raw, said.raw)
        if said is not None and (said.by or said.at):
            who = "，".join(part for part in (said.by, said.at) if part)
            text = Text(f"{text.zh}〔{who}〕", f"{text.en} [{who}]")
        return text


def both(value: Any, spec: FactSpec) -> Text:
    """Return a normalised *value* in both languages."""
    zh = sentence.write_value(value, spec)
    if isinstance(value, bool):
        return Text(zh, "yes" if value else "no")
    if isinstance(value, frozenset):
        labels = [spec.values[word] for word in spec.values if word in value]
        return Text(zh, ", ".join(labels) or "none")
    if isinstance(value, str):
        return Text(zh, spec.values.get(value, value))
    return Text(zh, "never" if zh == "从未" else zh)


# ---------------------------------------------------------------------------------------- rendering


def as_text(line: Line, lang: str = "zh", depth: int = 0) -> str:
    """Return the explanation as indented lines, each with its mark ✓ ✗ ?."""
    return "\n".join(_lines(line, lang, depth))


def _lines(line: Line, lang: str, depth: int) -> Iterator[str]:
    mark = f"{MARKS[line.truth]} " if line.truth is not None else ""
    yield f"{'  ' * depth}{mark}{line.text.say(lang)}"
    for part in line.parts:
        yield from _lines(part, lang, depth + 1)


def as_markdown(line: Line, lang: str = "zh", depth: int = 0) -> str:
    """Return the explanation as a nested Markdown list."""
    return "\n".join(_bullet(text) for text in _lines(line, lang, depth))


def _bullet(text: str) -> str:
    indent = len(text) - len(text.lstrip())
    return f"{' ' * indent}- {text.lstrip()}"


def as_data(line: Line, lang: str = "zh") -> dict[str, Any]:
    """Return the explanation as plain data: {text, truth, parts}."""
    return {
        "text": line.text.say(lang),
        "truth": None if line.truth is None else line.truth.name.lower(),
        "parts": [as_data(part, lang) for part in line.parts],
    }
