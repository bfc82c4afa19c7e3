"""Imports run one way: a module imports only from those that stand above it in `ORDER`.

A package (`files`, `completions`, …) is one room; inside it there may be no circle either. What a
function imports when it runs, and what only a type checker reads, is left out of the order.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "hazardrules"

ORDER = """
    texts version errors processes truth units dates ops expr facts
    strict strict_yaml strict_json reading values
    sentence condition rules places stored models files cache rows judge lower compiled completions
    record inspection explain results_schema results asking classification summary observations notices findings
    classify backends many lifecycle comparing hazard_source forms showing handbook maintain testing cli
""".split()

#: third-party library → the rooms that may import it, at any place of a module
LIBRARIES = {
    "pydantic": {"models", "files", "classification", "results_schema", "lifecycle", "maintain"},
    "jsonschema": {"maintain"},
    "typing_extensions": {"results_schema"},  # comes with pydantic, which wants its TypedDict before Python 3.12
    "yaml": {"strict_yaml", "maintain"},
    "orjson": {"strict_json"},
    "click": {"cli"},
    "durable": {"lifecycle"},
    "durable_rules_engine": {"lifecycle"},  # the compiled part of durable-rules
    "polars": {"backends", "many"},
    "pyarrow": {"backends"},
    "pyspark": {"backends"},
    "hypothesis": {"testing"},
    "jinja2": {"handbook"},
    "markupsafe": {"handbook"},  # comes with jinja2
}


def modules() -> dict[str, Path]:
    """Return every module by its dotted name below `hazardrules` ("files.folder"; "" is the package itself)."""
    found = {}
    for file in sorted(SOURCE.rglob("*.py")):
        parts = list(file.relative_to(SOURCE).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


MODULES = modules()


def top_level(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield the statements that run when a module is imported; those under `if TYPE_CHECKING` do not."""
    for node in tree.body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.If | ast.Try):
            yield from (inner for inner in ast.walk(node) if isinstance(inner, ast.stmt))
        yield node


def imported(name: str) -> set[str]:
    """Return the modules of ours that the module *name* imports when it is imported."""
    is_package = MODULES[name].name == "__init__.py"
    here = name.split(".") if name else []
    found = set()
    for node in top_level(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            up = len(here) - node.level + is_package
            base = [*here[:up], *(node.module.split(".") if node.module else [])]
            inner = {".".join([*base, alias.name]) for alias in node.names} & MODULES.keys()
            found |= inner or {".".join(base)}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "hazardrules":
            found.add((node.module or "").partition(".")[2])
    return found - {name}


def third_party(name: str) -> set[str]:
    """Return the libraries that the module *name* imports anywhere."""
    found = set()
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").partition(".")[0])
    return found - sys.stdlib_module_names - {"hazardrules"}


def room(name: str) -> str:
    """Return the room that the module *name* belongs to."""
    return name.partition(".")[0]


INNER = [name for name in MODULES if name not in ("", "__main__")]


def test_every_module_has_its_place_in_the_order() -> None:
    assert {room(name) for name in INNER} == set(ORDER)
    assert len(ORDER) == len(set(ORDER))


@pytest.mark.parametrize("name", INNER)
def test_imports_run_one_way(name: str) -> None:
    own = ORDER.index(room(name))
    wrong = {other for other in imported(name) if room(other) != room(name) and ORDER.index(room(other)) >= own}
    assert not wrong, f"{name} imports from below itself: {sorted(wrong)}"


def test_there_is_no_circle_inside_a_room_either() -> None:
    graph = {name: imported(name) - {""} for name in INNER}
    assert len(list(TopologicalSorter(graph).static_order())) >= len(INNER)


def test_the_package_itself_is_imported_by_none() -> None:
    assert {name for name in INNER if "" in imported(name)} == set()


@pytest.mark.parametrize("name", INNER)
def test_libraries_stay_in_their_rooms(name: str) -> None:
    strangers = {lib for lib in third_party(name) if room(name) not in LIBRARIES.get(lib, set())}
    assert not strangers, f"{name} may not import {sorted(strangers)}"


def test_the_reader_of_imports_sees_what_it_should() -> None:
    assert {"facts", "judge", "rules"} <= imported("explain")
    assert imported("files") >= {"files.documents", "models", "rules"}
    assert "pydantic" in third_party("classification")  # only for the type checker, and where it is used
    assert third_party("cli") == {"click"}
