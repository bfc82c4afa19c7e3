"""What came of the cases: as text with the reasoning of each failure, as JSON, or as JUnit XML."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..dates import SHANGHAI
from ..texts import Text

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # no character of XML 1.0


@dataclass(frozen=True, slots=True)
class Trial:
    """A case that was run, or a rule that has none: what it is called, where it stands, what came of it."""

    suite: str  # the document, or "published"
    subject: str  # the rule, or the published case
    name: Text
    where: str
    problem: Text | None
    explanation: Text
    seconds: float


def as_text(trials: Sequence[Trial], lang: str) -> str:
    """Return the failures with their reasoning, and a line of counts."""
    lines = []
    for trial in trials:
        if trial.problem is not None:
            name = f"{trial.name.say(lang)}: " if trial.name.zh else ""
            lines.append(f"{trial.where}: {trial.subject}: {name}{trial.problem.say(lang)}")
            lines += [f"    {line}" for line in trial.explanation.say(lang).splitlines()]
    failed = sum(trial.problem is not None for trial in trials)
    passed = len(trials) - failed
    if not trials:
        lines.append(
            Text("这里没有规则，也没有公开案例：什么也没有运行", "no rules and no published cases here").say(lang)
        )
    else:
        lines.append(Text(f"通过 {passed}，失败 {failed}", f"{passed} passed, {failed} failed").say(lang))
    return "".join(f"{line}\n" for line in lines)


def as_json(trials: Sequence[Trial], lang: str) -> str:
    """Return one JSON object (`"schema": 1`): counts, and every trial with what was wrong and why."""
    failed = sum(trial.problem is not None for trial in trials)
    data = {
        "schema": 1,
        "counts": {"passed": len(trials) - failed, "failed": failed},
        "trials": [_data(trial, lang) for trial in trials],
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _data(trial: Trial, lang: str) -> dict[str, Any]:
    file, line = place(trial.where)
    wrong = (
        {
            "problem": trial.problem.say(lang),
            "explanation": trial.explanation.say(lang).splitlines(),
        }
        if trial.problem
        else {}
    )
    return {
        "suite": trial.suite, "subject": trial.subject, "name": trial.name.say(lang), "file": file, "line": line,
        "passed": trial.problem is None, **wrong,
    }  # fmt: skip


def place(where: str) -> tuple[str, int | None]:
    """Return file and line of "file:line:column"; None where there is no line."""
    file, line, column = (*where.rsplit(":", 2), "", "")[:3]
    return (file, int(line)) if line.isdigit() and column.isdigit() else (where, None)


def as_junit(trials: Sequence[Trial], lang: str) -> str:
    """Return the trials as JUnit XML: a suite a document, a case a trial."""
    suites: dict[str, list[Trial]] = {}
    for trial in trials:
        suites.setdefault(trial.suite, []).append(trial)
    stamp = datetime.now(SHANGHAI).replace(microsecond=0).isoformat()
    root = ET.Element("testsuites", {"name": "hazardrules test", **_counts(trials), "timestamp": stamp})
    for name, members in suites.items():
        suite = ET.SubElement(root, "testsuite", {"name": name, **_counts(members), "timestamp": stamp})
        for trial in members:
            file, line = place(trial.where)
            attributes = {
                "classname": f"{name}.{trial.subject}",
                "name": _text(f"{trial.subject} {trial.name.say(lang)}".strip()),
                "file": _text(file),
                **({"line": str(line)} if line else {}),
                "time": f"{trial.seconds:.6f}",
            }
            case = ET.SubElement(suite, "testcase", attributes)
            if trial.problem is not None:
                message = {"message": _text(trial.problem.say(lang)), "type": "failure"}
                ET.SubElement(case, "failure", message).text = _text(trial.explanation.say(lang))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _counts(trials: Iterable[Trial]) -> dict[str, str]:
    several = list(trials)
    failures = sum(trial.problem is not None for trial in several)
    seconds = sum(trial.seconds for trial in several)
    return {
        "tests": str(len(several)), "failures": str(failures), "errors": "0", "skipped": "0", "time": f"{seconds:.6f}",
    }  # fmt: skip


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


FORMS: Mapping[str, Callable[[Sequence[Trial], str], str]] = {"text": as_text, "json": as_json, "junit": as_junit}
