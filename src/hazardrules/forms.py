"""The empty record to fill in: as YAML with its questions, as a checklist on paper, as JSON Schema.

A form for an industry holds just the facts that some rule of it, or a definition below one, reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from . import observations, values
from .errors import FactsError, Problem
from .explain import as_text, both, describe
from .facts import ENTERPRISE, INSPECTION, FactSpec, Kind, Vocabulary, nearest
from .rules import Industry, Rulebook, on_enterprise
from .texts import Text

Facts = dict[str, list[FactSpec]]  # kind → the facts of it that the form asks

ANSWERS = {
    "yes_no": Text("是 / 否", "yes / no"),
    "number": Text("数", "number"),
    "date": Text("日期，如 2026-03-01", "date, as 2026-03-01"),
    "time": Text("时间，如 2026-03-01 08:30", "time, as 2026-03-01 08:30"),
    "text": Text("文字", "text"),
    "list": Text("逐个列出", "list"),
}


def asked(rulebook: Rulebook, industries: tuple[Industry, ...], subject: str | None = None) -> Facts:
    """Return which facts the form for *industries* (none: all) asks, by kind in the record's order.

    With *subject* only that kind and its parts. Raises `FactsError` for one that there is not.
    """
    vocabulary = rulebook.vocabulary
    used = _used(rulebook, industries)
    if observations.KIND in vocabulary.kinds:  # whatever the industry, there is room for what no rule asks
        used.add((observations.KIND, ""))
    for kind in list({key[0] for key in used}):
        _note_way(vocabulary, kind, used)
    for kind, fact in list(used):  # what names the parts of a roster is asked wherever the list is
        spec = vocabulary.kinds[kind].facts.get(fact)
        if spec and spec.of:
            used.update((spec.of, name) for name in spec.roster)
    kinds = [INSPECTION, ENTERPRISE, *(k for k in vocabulary.kinds if k not in (INSPECTION, ENTERPRISE))]
    facts: Facts = {}
    for name in kinds:
        always = name in (INSPECTION, ENTERPRISE)
        specs = [
            spec
            for spec in vocabulary.kinds[name].facts.values()
            if (name, spec.id) in used
            or (spec.type == "text" and (always or any(k == name for k, _ in used)))
            or name == INSPECTION
        ]
        if specs or always:
            facts[name] = specs
    if subject is None:
        return facts
    if subject not in facts:
        near = nearest(subject, facts)
        titles = {kind: vocabulary.kinds[kind].title for kind in facts}
        message = Text(
            f"这里没有对象“{subject}”"
            + (f"，是不是“{near}”？" if near else "。")
            + "可选：\n"
            + "\n".join(f"  {kind}  {title.zh}" for kind, title in titles.items()),
            f"there is no kind “{subject}” here"
            + (f"; did you mean “{near}”?" if near else ".")
            + " One of:\n"
            + "\n".join(f"  {kind}  {title.en}" for kind, title in titles.items()),
        )
        raise FactsError([Problem("--subject", message)])
    wanted, around = {subject, *_below(vocabulary, subject)}, _above(vocabulary, subject)
    return {
        kind: specs if kind in wanted else [spec for spec in specs if spec.of in wanted | around]
        for kind, specs in facts.items()
        if kind in wanted | around
    }


def _used(rulebook: Rulebook, industries: tuple[Industry, ...]) -> set[tuple[str, str]]:
    vocabulary = rulebook.vocabulary
    used: set[tuple[str, str]] = set()
    for standard, clause, rule in rulebook.rules():
        if industries and not any(industry.takes(standard.id, clause) for industry in industries):
            continue
        for subject in rule.subjects:
            kind = subject.rpartition(".")[2]
            used.add((kind, ""))
            for condition in (*rule.conditions(), *(gate for _, gate in standard.gate(clause))):
                used.update(vocabulary.reads(condition, subject))
        for item in (standard.scope, *(y.when for y in standard.yields)):
            if on_enterprise(item) or item is not standard.scope:
                used.update(vocabulary.reads(item, ENTERPRISE))
    queue = list(used)
    while queue:
        for key in behind(vocabulary, queue.pop()):
            if key not in used:
                used.add(key)
                queue.append(key)
    return used


def behind(vocabulary: Vocabulary, key: tuple[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the facts from which a fact follows, those that show it, and those that it needs."""
    kind, fact = key
    if definition := vocabulary.definitions.get(key):
        for condition in definition.conditions:
            yield from vocabulary.reads(condition, kind)
        if definition.count:
            yield kind, definition.count
        yield from definition.reads
    if spec := vocabulary.kinds[kind].facts.get(fact):
        yield from ((kind, name) for name in spec.evidence)
        if spec.of and definition is None:
            yield from ((spec.of, name) for name in spec.roster)
    if needs := vocabulary.needs.get(key):
        yield from vocabulary.reads(needs, kind)


def _note_way(vocabulary: Vocabulary, kind: str, used: set[tuple[str, str]]) -> None:
    """Note the list facts that lead to a part."""
    for around in vocabulary.kinds[kind].within:
        if vocabulary.kinds[kind].one or around == ENTERPRISE:
            continue
        for spec in vocabulary.kinds[around].lists:
            if spec.of == kind:
                used.add((around, spec.id))
                _note_way(vocabulary, around, used)


def _below(vocabulary: Vocabulary, kind: str) -> Iterator[str]:
    for spec in vocabulary.kinds[kind].lists:
        if spec.of:
            yield spec.of
            yield from _below(vocabulary, spec.of)


def _above(vocabulary: Vocabulary, kind: str) -> set[str]:
    """Return what contains *kind*, up to a kind that stands in the record by itself."""
    if vocabulary.kinds[kind].one or kind in vocabulary.top:
        return set()
    within = [around for around in vocabulary.kinds[kind].within if around != ENTERPRISE]
    return set(within).union(*(_above(vocabulary, around) for around in within))


def _tops(vocabulary: Vocabulary, facts: Facts) -> list[str]:
    """Return the kinds that stand at the outermost level of the form."""
    return [kind for kind in facts if vocabulary.kinds[kind].one or kind in vocabulary.top]


# ------------------------------------------------------------------------------------------- YAML


def as_yaml(vocabulary: Vocabulary, facts: Facts, lang: str = "zh") -> str:
    """Return the empty record: a line a fact, with its question and choices as a comment."""
    intro = Text(
        "# 把知道的填上；不清楚的留空。没有这种对象写 []；没有查看就删去那一段；只看了一部分写 {seen: [...]}\n"
        "# 有几个就写几项，每项以“- id:”开头",
        "# Fill in what is known and leave the rest blank. [] = there is none; delete what was not looked at;\n"
        "# {seen: [...]} = only some were looked at. One entry each, beginning with “- id:”",
    )
    lines = [intro.say(lang)]
    for kind in _tops(vocabulary, facts):
        lines += ["", *_yaml_kind(vocabulary, facts, kind, kind, 0, lang)]
    return "\n".join(lines) + "\n"


def _yaml_kind(vocabulary: Vocabulary, facts: Facts, name: str, key: str, depth: int, lang: str) -> Iterator[str]:
    kind, pad = vocabulary.kinds[name], "  " * depth
    hint = f"：{kind.hint.say(lang)}" if kind.hint else ""
    yield f"{pad}# {kind.title.say(lang)}{hint}"
    yield f"{pad}{key}:"
    inner = pad + ("  " if kind.one else "    ")
    if not kind.one:
        yield f"{pad}  - id:  # {Text('编号或名称', 'number or name').say(lang)}"
    group = None
    for spec in facts.get(name, []):
        if spec.group and spec.group != group:
            yield f"{inner}# —— {spec.group} ——"
        group = spec.group
        if spec.type == "list":
            if spec.of in facts:
                yield from _yaml_kind(
                    vocabulary, facts, spec.of, spec.id, depth + 2 if not kind.one else depth + 1, lang
                )
        else:
            yield f"{inner}{spec.id}:  # {_comment(spec, lang)}{_needed(vocabulary, name, spec, lang)}"


def _comment(spec: FactSpec, lang: str) -> str:
    question = f" {spec.question.say(lang)}" if spec.question and lang == "zh" else ""
    return f"{spec.title.say(lang)}。{question.strip()} 〔{_answer(spec, lang)}〕".replace("。 〔", " 〔").replace(
        "\n", " "
    )


def _needed(vocabulary: Vocabulary, kind: str, spec: FactSpec, lang: str) -> str:
    """Return under which condition the fact exists at all, in words; "" where it always does."""
    condition = vocabulary.needs.get((kind, spec.id))
    if condition is None:
        return ""
    told = " ".join(line.strip() for line in as_text(describe(condition, kind, vocabulary), lang).splitlines())
    return Text(f" （只在以下情况填：{told}）", f" (only where: {told})").say(lang)


def _quoted(word: str) -> str:
    """Return *word* as it may be written in a list: one with a comma or colon in it in quotes."""
    return f'"{word}"' if re.search(r"[,:\[\]{}#]", word) else word


def _answer(spec: FactSpec, lang: str) -> str:
    if spec.values:
        words = " / ".join(_quoted(both(word, spec).say(lang)) for word in spec.values)
        several = Text("可多选，写成 [甲, 乙]，都没有写 []：", "several, as [a, b], [] for none: ").say(lang)
        return (several if spec.type == "choices" else "") + words
    text = ANSWERS[spec.type].say(lang)
    if spec.type == "number":
        text = Text("整数", "whole number").say(lang) if spec.integer else text
        text += f" {spec.unit}" if spec.unit else ""
    return text + (Text("，从来没有写 从未", ", or never").say(lang) if spec.never else "")


def choices(spec: FactSpec) -> list[Text]:
    """Return the words that may answer for the fact; none where it is a number, a date, text or a list."""
    return [both(word, spec) for word in ((True, False) if spec.type == "yes_no" else spec.values)]


# --------------------------------------------------------------------------------------- on paper


def as_markdown(vocabulary: Vocabulary, facts: Facts, lang: str = "zh") -> str:
    """Return a checklist to print: a table a kind of subject, with boxes for the choices."""
    lines = [f"# {Text('检查记录', 'Inspection checklist').say(lang)}", ""]
    for name, specs in facts.items():
        kind = vocabulary.kinds[name]
        lines += [f"## {kind.title.say(lang)} `{name}`", ""]
        if kind.hint:
            lines += [kind.hint.say(lang), ""]
        if not kind.one:
            lines += [
                Text(
                    "编号或名称：__________　（每个一张；没有 ☐）",
                    "Number or name: __________ (one sheet each; none ☐)",
                ).say(lang),
                "",
            ]
        head = Text("| 事实 | 看什么、问什么 | 答 |", "| fact | what to look at | answer |").say(lang)
        lines += [head, "|---|---|---|"]
        lines += [
            _markdown_row(spec, _needed(vocabulary, name, spec, lang), lang) for spec in specs if spec.type != "list"
        ]
        lines.append("")
    return "\n".join(lines)


def _markdown_row(spec: FactSpec, needed: str, lang: str) -> str:
    unknown = Text("☐ 不清楚", "☐ unknown").say(lang)
    boxes = " ".join(f"☐ {word.say(lang)}" for word in choices(spec))
    answer = boxes or f"______ {spec.unit or ''}".rstrip()
    question = spec.question.say(lang) if spec.question else ""
    return f"| {spec.title.say(lang)} `{spec.id}` | {question}{needed} | {answer} {unknown} |".replace("\n", " ")


# ------------------------------------------------------------------------------------ JSON Schema

_UNKNOWN = [None, *values.UNKNOWN_WORDS]


def as_schema(vocabulary: Vocabulary, facts: Facts, lang: str = "zh") -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of records with these facts."""
    tops = _tops(vocabulary, facts)
    properties = {
        name: _table_schema(vocabulary.kinds[name], lang)
        if not vocabulary.kinds[name].one
        else {"anyOf": [{"$ref": f"#/$defs/{name}"}, {"type": "null"}]}
        for name in tops
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": Text("检查记录", "inspection record").say(lang),
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "$defs": {name: _kind_schema(vocabulary, name, facts[name], facts, lang) for name in facts},
    }


def _table_schema(kind: Kind, lang: str) -> dict[str, Any]:
    rows = {"type": "array", "items": {"$ref": f"#/$defs/{kind.id}"}}
    seen = {"type": "object", "additionalProperties": False, "required": ["seen"], "properties": {"seen": rows}}
    return {"title": kind.title.say(lang), "anyOf": [rows, seen, {"enum": [*_UNKNOWN, *values.NONE_WORDS]}]}


def _kind_schema(vocabulary: Vocabulary, name: str, specs: list[FactSpec], facts: Facts, lang: str) -> dict[str, Any]:
    own: dict[str, Any] = (
        {}
        if vocabulary.kinds[name].one
        else {"id": {"type": ["string", "number", "null"]}, "observed_on": {"type": ["string", "null"]}}
    )
    own["note"] = {}  # of any form: nothing reads it
    for spec in specs:
        if spec.type == "list":
            if spec.of in facts:
                own[spec.id] = _table_schema(vocabulary.kinds[spec.of], lang)
            continue
        own[spec.id] = _fact_schema(spec, lang)
    return {"type": "object", "additionalProperties": False, "properties": own}


def _fact_schema(spec: FactSpec, lang: str) -> dict[str, Any]:
    value = _value_schema(spec)
    judged = {
        "type": "object",
        "required": ["value"],
        "additionalProperties": False,
        "properties": {"value": value, **{key: {"type": ["string", "null"]} for key in ("by", "at", "evidence")}},
    }
    schema: dict[str, Any] = {"title": spec.title.say(lang), "anyOf": [value, judged]}
    if spec.question:
        schema["description"] = spec.question.say(lang)
    return schema


def _value_schema(spec: FactSpec) -> dict[str, Any]:
    words = list(dict.fromkeys([*spec.values, *spec.values.values(), *values.codes(spec.values)]))
    match spec.type:
        case "yes_no":
            return {"enum": [True, False, "是", "否", "有", "没有", "无", "yes", "no", "true", "false", *_UNKNOWN]}
        case "choices":
            return {
                "anyOf": [
                    {"type": "array", "items": {"enum": words}},
                    {"enum": [*_UNKNOWN, *values.NONE_WORDS]},
                ]
            }
        case "number":
            return {"anyOf": [{"type": "number"}, {"type": ["string", "null"]}]}
        case "date" | "time":
            return {"type": ["string", "null"]}
        case "text":
            return {"type": ["string", "number", "boolean", "null"]}
    return {"enum": [*words, *_UNKNOWN]}
