"""The documents say what is so: every code, key, field, module and count; every link leads somewhere."""

from __future__ import annotations

import ast
import inspect
import io
import json
import re
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

import documents
import hazardrules
from hazardrules import Level, Verdict, facts, models, results_schema, units
from hazardrules.cli import application, main
from hazardrules.maintain import lint

SOURCE = documents.ROOT / "src/hazardrules"
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def tree(module: str) -> ast.Module:
    """Return the syntax tree of a module of the library."""
    return ast.parse((SOURCE / module).read_text(encoding="utf-8"))


def constant(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


# ----------------------------------------------------------------------------------------- codes


def notice_codes() -> set[str]:
    """Return every code that `notices.py` can give: the first of each pair that it yields or appends."""
    pairs = []
    for node in ast.walk(tree("notices.py")):
        if isinstance(node, ast.Yield):
            pairs.append(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append":
            pairs += node.args
    return {code for pair in pairs if isinstance(pair, ast.Tuple) and (code := constant(pair.elts[0]))}


def test_every_notice_is_explained() -> None:
    table = documents.read("docs/semantics.md").partition("## Notices")[2].partition("\n## ")[0]
    told = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    assert len(told) > 10
    assert told == notice_codes()


def test_every_lint_code_is_explained() -> None:
    told = set(re.findall(r"^### `([\w-]+)`$", documents.read("docs/lint.md"), re.MULTILINE))
    assert len(told) > 20
    assert told == {check.code for check in lint.CHECKS}


# ----------------------------------------------------------------------------------------- counts


def catalogue() -> list[dict[str, Any]]:
    """Return what `hazardrules standards --json` prints."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        assert main(["standards", "--json"]) == 0
    found: list[dict[str, Any]] = json.loads(printed.getvalue())
    return found


def test_tables_of_documents_are_true() -> None:
    """Counted here anew, not by the script that writes the tables; in Chinese and in English."""
    rows = re.findall(r"^\| `([\w-]+)` \| (.+) \|$", documents.read("README.md"), re.MULTILINE)
    found = [(name, cells.split(" | ")) for name, cells in rows if len(cells.split(" | ")) == 9]
    expected = []
    for document in catalogue():
        rules = [rule for clause in document["clauses"] for rule in clause["rules"]]
        counts = [
            len(document["clauses"]), len([c for c in document["clauses"] if c["rules"]]), len(rules),
            len([r for r in rules if r["disputed"]]), len([r for r in rules if r["unverified"]]),
        ]  # fmt: skip
        expected.append((document["id"], document["number"], [str(count) for count in counts]))
    assert len(expected) > 4
    assert [(name, cells[-5:]) for name, cells in found] == [(name, counts) for name, _, counts in expected] * 2
    for (_, cells), (_, number, _) in zip(found, expected * 2, strict=True):
        assert cells[0].endswith(number)


def test_changelog_names_documents_and_days() -> None:
    text = documents.read("CHANGELOG.md")
    for document in catalogue():
        assert f"{document['number']}《{document['title']}》" in text
        assert document["in_force"]["from"] is None or document["in_force"]["from"] in text


# -------------------------------------------------------------------------------------- vocabulary


def schema_fields() -> set[str]:
    """Return every key that a classification's JSON can have."""
    parts = [kind for name, kind in vars(results_schema).items() if name.endswith("Data")]
    return {field for part in parts for field in part.__annotations__}


def test_every_field_of_the_json_is_explained() -> None:
    text = documents.read("docs/semantics.md")
    told = set(re.findall(r"[\w]+", " ".join(re.findall(r"`([^`\n]+)`", text))))
    assert schema_fields() - told == set()


def model_keys(annotation: Any) -> set[str]:
    """Return the keys of a file model and of every model below it."""
    keys: set[str] = set()
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            keys |= {field.alias or name, *model_keys(field.annotation)}
    for inner in get_args(annotation):
        keys |= model_keys(inner)
    return keys


def test_every_key_of_the_standards_is_explained() -> None:
    files = ("KindModel", "SharedModel", "ClauseModel", "StandardModel", "WordListModel", "IndustryModel", "PublishedModel", "CorpusModel")
    keys = {key for name in files for key in model_keys(getattr(models, name))}
    assert len(keys) > 60
    text = documents.read("standards/README.md")
    told = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`\n]+)`", text))))
    assert keys - told == set()


@pytest.mark.parametrize("name", ["standards/README.md", "docs/semantics.md"])
def test_every_type_and_word_is_explained(name: str) -> None:
    text = documents.read(name)
    words = [word for table in facts.FIXED_WORDS.values() for word in table]
    assert [word for word in (*facts.TYPES, *words) if word not in text and f"`{word}`" not in text] == []


def test_every_unit_is_listed() -> None:
    text = documents.read("standards/README.md").partition("`unit`")[2].partition("\n")[0]
    assert set(units.known_units()) - set(re.split(r"[\s|：]+", text)) == set()


def test_readme_names_every_command() -> None:
    """In the Chinese half and in the English one."""
    for half in documents.read("README.md").split("## English"):
        told = set(
            re.findall(r"[a-z-]+", " ".join(re.findall(r"`([^`\n]+)`", half)) + " ".join(documents.SHELL.findall(half)))
        )
        assert set(application("zh").commands) - told == set()


def test_every_public_function_is_explained() -> None:
    text = documents.read("README.md") + documents.read("docs/semantics.md")
    functions = [name for name in hazardrules.__all__ if inspect.isfunction(getattr(hazardrules, name))]
    assert "classify" in functions
    assert [name for name in functions if not re.search(rf"hr\.{name}\(", text)] == []


def test_glossary_has_every_verdict_level_and_outcome() -> None:
    text = documents.read("docs/glossary.md")
    words = {*(v.value for v in Verdict), *(level.value for level in Level), *get_args(models.Outcome)} - {"none"}
    assert [word for word in words if f"`{word}`" not in text] == []


# -------------------------------------------------------------------------------------- modules


def rooms() -> list[str]:
    """Return the rooms (modules and packages) in the order of the table in docs/architecture.md."""
    table = documents.read("docs/architecture.md").partition("## The rooms")[2].partition("\n### ")[0]
    return re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)


def sources() -> dict[str, list[Path]]:
    """Return the files that hold code, by room."""
    found: dict[str, list[Path]] = {}
    for path in SOURCE.rglob("*.py"):
        room = path.relative_to(SOURCE).with_suffix("").parts[0]
        if room not in ("__init__", "__main__") and len(ast.parse(path.read_text(encoding="utf-8")).body) > 1:
            found.setdefault(room, []).append(path)
    return found


def imports(path: Path) -> set[str]:
    """Return the rooms that a module imports from; what only type checkers import does not count."""
    package = list(path.relative_to(SOURCE).parent.parts)
    found = set()
    for node in ast.walk(_without_type_checking(ast.parse(path.read_text(encoding="utf-8")))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1] + (node.module.split(".") if node.module else [])
            found |= {base[0]} if base else {alias.name for alias in node.names}
    return found


def _without_type_checking(module: ast.Module) -> ast.Module:
    class Drop(ast.NodeTransformer):
        def visit_If(self, node: ast.If) -> ast.If | None:
            return None if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING" else node

    dropped = Drop().visit(module)
    assert isinstance(dropped, ast.Module)
    return dropped


def test_every_room_stands_in_the_table() -> None:
    assert sorted(rooms()) == sorted(sources())


def test_rooms_stand_in_import_order() -> None:
    order, known = rooms(), sources()
    pairs = [(room, other) for room, paths in known.items() for path in paths for other in imports(path) - {room}]
    assert len(pairs) > 100
    assert [pair for pair in pairs if order.index(pair[1]) > order.index(pair[0])] == []


# ----------------------------------------------------------------------------------------- links


@pytest.mark.parametrize("name", documents.DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    folder = (documents.ROOT / name).parent
    broken = []
    for target in LINK.findall(documents.read(name)):
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        there = folder / path if path else documents.ROOT / name
        if not there.exists() or (anchor and anchor not in anchors(there)):
            broken.append(target)
    assert broken == []


def anchors(path: Path) -> set[str]:
    """Return the anchors of the headings of a Markdown file, as code hosts make them."""
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def test_documents_are_found() -> None:
    assert {
        "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "docs/architecture.md", "docs/semantics.md",
        "docs/glossary.md", "docs/lint.md", "docs/decisions/README.md", "examples/README.md", "standards/README.md",
    } <= set(documents.DOCUMENTS)  # fmt: skip


def test_every_decision_is_listed() -> None:
    listed = set(LINK.findall(documents.read("docs/decisions/README.md")))
    assert {path.name for path in (documents.ROOT / "docs/decisions").glob("0*.md")} == listed


def test_licence_is_whole() -> None:
    text = documents.read("LICENSE")
    assert "Apache License" in text
    assert [f"{n}. " for n in range(1, 10) if f"\n   {n}. " not in text] == []
    assert "END OF TERMS AND CONDITIONS" in text
