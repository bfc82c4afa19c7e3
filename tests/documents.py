"""The documents as the tests see them: their blocks, and `hazardrules` run as a reader would."""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import io
import re
import shlex
from pathlib import Path
from types import ModuleType
from typing import Any

from hazardrules.cli import main

ROOT = Path(__file__).resolve().parent.parent
SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)


def module(path: str) -> ModuleType:
    """Return the Python file *path* of the repository, imported under its own name."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


refresh = module("scripts/refresh_docs.py")
DOCUMENTS: list[str] = [str(path.relative_to(ROOT)) for path in refresh.documents()]


def read(name: str) -> str:
    """Return the text of the document *name*."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    """Return the fenced blocks of *language* in the document *name*."""
    return [found[3] for found in _FENCE.finditer(read(name)) if found[2] == language]


def commands(name: str) -> list[str]:
    """Return the lines of shell blocks that call `hazardrules`."""
    lines = (line.strip() for block in blocks(name, "sh") for line in block.splitlines())
    return [line for line in lines if line.startswith("hazardrules ")]


def run(command: str, folder: Path) -> tuple[int, str]:
    """Run a `hazardrules` command line in *folder*; return its exit code and output.

    `> file` writes the output to that file, as a shell would.
    """
    words = shlex.split(command)[1:]
    words, target = (words[:-2], words[-1]) if ">" in words else (words, None)
    printed = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        code = main(words)
    if target is not None:
        (folder / target).write_text(printed.getvalue(), encoding="utf-8")
    return code, printed.getvalue()


def execute(code: str, names: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Run the statements of *code* in *names*; return (source, expected, found) of each checked one.

    A statement is checked where it is an expression whose line ends in `# → text`: its value,
    as `str` or as `repr` gives it, must be that text.
    """
    checked = []
    for node in ast.parse(code).body:
        source = ast.get_source_segment(code, node) or ""
        if not isinstance(node, ast.Expr):
            exec(compile(ast.Module([node], []), "<document>", "exec"), names)
            continue
        value = eval(compile(ast.Expression(node.value), "<document>", "eval"), names)
        expected = code.splitlines()[(node.end_lineno or 1) - 1].partition("# → ")[2].strip()
        if expected:
            checked.append((source, expected, str(value) if str(value) == expected else repr(value)))
    return checked
