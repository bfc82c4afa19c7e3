"""Schemas for editors: those of the files' structure, with what one vocabulary allows filled in.

In a clause file an editor then offers the kinds of subject, and by a rule's subject the facts and words
of its cases and the beginnings of its conditions; a wrong key or word in a case is underlined. What a
sentence means is beyond JSON Schema: `lint` says that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from pathlib import Path

from .. import units, values
from ..errors import StandardsError
from ..facts import ENTERPRISE, FactSpec, Kind, Vocabulary
from ..files import read, shown
from ..places import here, located
from ..rules import Rulebook
from ..texts import Text
from .schemas import FOLDER, Schema, as_text, structure
from .writing import write_whole

Echo = Callable[[str], None]
PLACE = f"{FOLDER}/editor"  # of a standards folder: where these schemas lie

_YES_NO = [True, False, *values.YES_WORDS, *values.NO_WORDS]
_TEXT = {"type": ["string", "number"]}
_ROW = {"id": _TEXT, "observed_on": {"type": "string"}, "note": {"type": "string"}}
_USUAL = {"device": "正常", "procedure": "落实", "design": "符合"}  # what a rule says it is not


def write(place: str | Path | None, check: bool, lang: str, echo: Echo) -> int:
    """Write the editors' schemas of the standards folder *place*; with *check* only name those out of date.

    Returns the exit code, 1 where *check* finds one. Raises `HazardRulesError` where the facts of the folder
    cannot be read, or a file cannot be written.
    """
    _, folder = located(place or here())
    rulebook, found = read(folder)
    if not rulebook.vocabulary.kinds:  # rules that cannot be read yet do not matter: that is when help is wanted
        raise StandardsError(found.problems)
    changed = stale(folder, rulebook)
    for file, text in changed.items():
        if not check:
            write_whole(file, text)
        told = Text("不是最新，用 hazardrules schemas 重新生成", "out of date; run hazardrules schemas")
        echo(f"{shown(file)}: {(told if check else Text('已生成', 'written')).say(lang)}")
    if not changed:
        echo(Text("编辑器用的结构都是最新的", "the editors' schemas are up to date").say(lang))
    return int(check and bool(changed))


def stale(folder: Path, rulebook: Rulebook) -> dict[Path, str]:
    """Return the files of the editors' schemas of *folder* that are not as they should be, each with its text."""
    wanted = {folder / PLACE / f"{sort}.json": as_text(schema) for sort, schema in for_editors(rulebook).items()}
    return {file: text for file, text in wanted.items() if not file.is_file() or file.read_text("utf-8") != text}


def for_editors(rulebook: Rulebook) -> Mapping[str, Schema]:
    """Return the schema of each sort of file in a folder with *rulebook*, by its name."""
    made = deepcopy(dict(structure()))
    vocabulary = rulebook.vocabulary
    for sort in ("facts", "shared-facts"):
        fact = made[sort]["$defs"]["FactModel"]["properties"]
        fact["unit"] = _offered(units.known_units(), fact["unit"])
        fact["of"] = _offered(vocabulary.kinds, fact["of"])
    standard = made["standard"]
    standard["$defs"]["Words"] = {"enum": [f"{ENTERPRISE}.{text}" for text in _sentences(vocabulary.kinds[ENTERPRISE])]}
    standard["$defs"]["Condition"]["anyOf"].insert(0, {"$ref": "#/$defs/Words"})
    for sort in ("industries", "added-industries"):
        for name, kind in made[sort]["$defs"].items():
            if name.startswith("Industry"):
                documents = kind["properties"]["documents"]
                of_each = documents["additionalProperties"]
                documents["properties"] = {document.id: of_each for document in rulebook.standards}
    made["clause"] = _clause(made["clause"], rulebook)
    return made


def _offered(words: Iterable[str], schema: Schema) -> Schema:
    """Return *schema* with *words* to choose from, which need not be all."""
    return {"anyOf": [{"enum": list(words)}, schema]}


# ----------------------------------------------------------------------------------- clause files


def _clause(schema: Schema, rulebook: Rulebook) -> Schema:
    vocabulary, definitions = rulebook.vocabulary, schema["$defs"]
    kinds = vocabulary.kinds
    subjects = _subjects(vocabulary)
    definitions["facts"] = {kind.id: {spec.id: _fact(spec) for spec in kind.facts.values()} for kind in kinds.values()}
    definitions["row"] = {spec.of: _row(kinds[spec.of]) for kind in kinds.values() for spec in kind.lists if spec.of}
    definitions["around"] = {kind: _around(kinds[kind]) for kind in _containers(vocabulary)}
    definitions["words"] = {
        kind: {"enum": [f"{kind}.{fact}" for fact in kinds[kind].facts]} for kind in _containers(vocabulary)
    }
    definitions["given"] = {subject: _given(subject, vocabulary) for subject in subjects}
    definitions["when"] = {subject: _when(subject, vocabulary, definitions["Condition"]) for subject in subjects}
    rule = definitions["RuleModel"]
    known = {"enum": list(subjects)}
    rule["properties"]["subject"] = {"anyOf": [known, {"type": "array", "items": known}]}
    near = rule["properties"]["near"]
    near["items"] = _offered((found.id for _, _, found in rulebook.rules()), near["items"])
    rule["allOf"] = [_of_subject(subject) for subject in subjects]
    return schema


def _subjects(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return how a rule may name its subject: a kind, or `container.kind` where a kind has several containers."""
    kinds = vocabulary.kinds.values()
    several = (f"{around}.{kind.id}" for kind in kinds if len(kind.within) > 1 for around in kind.within)
    return (*vocabulary.kinds, *several)


def _chain(subject: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the kinds around *subject* whose facts its rules may name, nearest first."""
    kind = vocabulary.kinds[subject.rpartition(".")[2]]
    inner = () if kind.one or "." in subject else kind.within
    return tuple(dict.fromkeys((*inner, *vocabulary.chain(subject)[1:])))


def _containers(vocabulary: Vocabulary) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind for subject in _subjects(vocabulary) for kind in _chain(subject, vocabulary)))


def _of_subject(subject: str) -> Schema:
    """Return what holds for a rule on *subject*."""
    when, given = {"$ref": f"#/$defs/when/{subject}"}, {"$ref": f"#/$defs/given/{subject}"}
    several = {"items": {"properties": {"when": when}}}
    return {
        "if": {"properties": {"subject": {"const": subject}}, "required": ["subject"]},
        "then": {
            "properties": {
                "applies": when, "when": when, "unless": several, "disputed": several,
                "cases": {"items": {"properties": {"given": given}}},
            }
        },
    }  # fmt: skip


# ------------------------------------------------------------------------------------------ cases


def _fact(spec: FactSpec) -> Schema:
    """Return what a case may give of the fact *spec*."""
    told = {"title": spec.title.zh, **({"description": spec.question.zh} if spec.question else {})}
    match spec.type:
        case "yes_no":
            return {**told, "enum": _YES_NO}
        case "choices":
            return {**told, "type": "array", "items": {"enum": list(spec.values)}}
        case "list":
            rows = {"type": "array", "items": {"$ref": f"#/$defs/row/{spec.of}"}}
            seen = {"type": "object", "properties": {"seen": rows}, "required": ["seen"], "additionalProperties": False}
            return {**told, "anyOf": [rows, seen]}
        case "number":
            return {**told, "type": ["integer" if spec.integer else "number", "string"]}
        case "date" | "time":
            return {**told, "type": "string"}
        case "text":
            return {**told, **_TEXT}
    return {**told, "enum": list(spec.values)}


def _facts(kind: Kind, prefix: str = "") -> dict[str, Schema]:
    return {f"{prefix}{fact}": {"$ref": f"#/$defs/facts/{kind.id}/{fact}"} for fact in kind.facts}


def _row(kind: Kind) -> Schema:
    return {"type": "object", "properties": {**_ROW, **_facts(kind)}, "additionalProperties": False}


def _around(kind: Kind) -> Schema:
    """Return what a case may give of a container by dotted names, and that it may give nothing else of it."""
    others = rf"^{re.escape(kind.id)}\.(?!(?:{'|'.join(kind.facts)})$)"
    return {"properties": _facts(kind, f"{kind.id}."), "patternProperties": {others: False}}


def _given(subject: str, vocabulary: Vocabulary) -> Schema:
    kind = vocabulary.kinds[subject.rpartition(".")[2]]
    return {
        "properties": _facts(kind),
        "patternProperties": {r"\.": True},
        "additionalProperties": False,
        "allOf": [{"$ref": f"#/$defs/around/{around}"} for around in _chain(subject, vocabulary)],
    }


# ------------------------------------------------------------------------------------- conditions


def _sentences(kind: Kind) -> list[str]:
    """Return the beginnings of sentences on the facts of *kind*."""
    return [text for spec in kind.facts.values() if spec.type != "text" for text in _on(spec)]


def _on(spec: FactSpec) -> list[str]:
    match spec.type:
        case "yes_no":
            return [spec.id, f"not {spec.id}"]
        case "choices":
            return [f"{spec.id} has [{word}]" for word in spec.values]
        case "choice":
            return [f"{spec.id} == {word}" for word in spec.values]
        case "device" | "procedure" | "design":
            return [f"{spec.id} != {_USUAL[spec.type]}"]
    return [spec.id]


def _when(subject: str, vocabulary: Vocabulary, condition: Schema) -> Schema:
    """Return *condition* with the beginnings of sentences on *subject*, in its blocks too."""
    own = {"$ref": f"#/$defs/when/{subject}"}
    kind = vocabulary.kinds[subject.rpartition(".")[2]]
    text, every, some, *_ = condition["anyOf"]
    blocks = deepcopy([every, some])
    for name, block in zip(("all", "any"), blocks, strict=True):
        block["properties"][name]["items"] = own
    parts = [_each(form, spec) for spec in kind.lists for form in ("some", "every")]
    around = ({"$ref": f"#/$defs/words/{container}"} for container in _chain(subject, vocabulary))
    return {"anyOf": [{"enum": _sentences(kind)}, *around, text, *blocks, *parts, {"$ref": "#/$defs/Condition"}]}


def _each(form: str, spec: FactSpec) -> Schema:
    """Return the block `some` or `every` over the parts in the list fact *spec*."""
    where = {"$ref": f"#/$defs/when/{spec.of}"}
    least = {"at_least": {"type": "integer", "minimum": 1}} if form == "some" else {}
    return {
        "type": "object",
        "properties": {form: {"const": spec.id}, **least, "where": where},
        "required": [form, "where"],
        "additionalProperties": False,
    }
