"""Editors: yaml-language-server, as editors run it, against good and bad files.

It is installed with npm into a temporary folder and spoken to over its standard input and output (LSP).
What it offers and underlines comes from the schemas that `hazardrules schemas` writes, which each file
names in the one line that `hazardrules fmt` puts at its top.
"""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hazardrules.cli import main
from hazardrules.maintain import schemas

ROOT = Path(__file__).resolve().parents[2]
SERVER = "yaml-language-server@1.25.0"
SETTINGS = {"validate": True, "completion": True, "hover": True, "format": {"enable": False}, "schemaStore": {"enable": False}}
WAIT = 120


class Editor:
    """Speaks to the language server as an editor does."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.server = subprocess.Popen(
            ["node", str(program), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
        )
        self.heard: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        self.asked = 0
        item = {"completionItem": {"snippetSupport": False}}
        capabilities = {"textDocument": {"completion": item, "publishDiagnostics": {}}, "workspace": {"configuration": True}}
        self.ask("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": capabilities})
        self._say({"method": "initialized", "params": {}})

    def _listen(self) -> None:
        assert self.server.stdout is not None
        while head := self.server.stdout.readline():
            length = int(head.split(b":")[1])
            while self.server.stdout.readline() != b"\r\n":
                pass
            self.heard.put(json.loads(self.server.stdout.read(length)))

    def _say(self, message: dict[str, Any]) -> None:
        assert self.server.stdin is not None
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(content) + content)
        self.server.stdin.flush()

    def _hear(self) -> dict[str, Any]:
        """Return the next message, after answering the server where it asks for settings."""
        message = self.heard.get(timeout=WAIT)
        if "method" in message and "id" in message:
            items = message["params"]["items"] if message["method"] == "workspace/configuration" else None
            result = items and [SETTINGS if item.get("section") == "yaml" else {} for item in items]
            self._say({"id": message["id"], "result": result})
        return message

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        self.asked += 1
        self._say({"id": self.asked, "method": method, "params": params})
        while "method" in (message := self._hear()) or message.get("id") != self.asked:
            pass
        assert "error" not in message, message
        return message["result"]

    def open(self, file: Path) -> list[tuple[int, str]]:
        """Open *file* and return what is underlined: lines from 1, and why."""
        return self._opened(file, file.read_text("utf-8"))

    def underlines(self, folder: Path, text: str) -> list[tuple[int, str]]:
        """Return what is underlined in *text* as a new file in *folder*."""
        return self._opened(self._new(folder), text)

    def offers(self, folder: Path, text: str) -> set[str]:
        """Return what is offered at the mark § in *text*, as a new file in *folder*."""
        file, before = self._new(folder), text[: text.index("§")]
        self._opened(file, text.replace("§", ""))
        found = self._at("textDocument/completion", file, before)
        return {item["label"] for item in (found["items"] if isinstance(found, dict) else found)}

    def tells(self, folder: Path, text: str) -> str:
        """Return what is shown where one points at the mark § in *text*, as a new file in *folder*."""
        file, before = self._new(folder), text[: text.index("§")]
        self._opened(file, text.replace("§", ""))
        return json.dumps(self._at("textDocument/hover", file, before), ensure_ascii=False)

    def _at(self, method: str, file: Path, before: str) -> Any:
        place = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        return self.ask(method, {"textDocument": {"uri": file.as_uri()}, "position": place})

    def _new(self, folder: Path) -> Path:
        """Return a name that no file had: what is said of it is of this text."""
        self.asked += 1
        return folder / f"new-{self.asked}.yaml"

    def _opened(self, file: Path, text: str) -> list[tuple[int, str]]:
        document = {"uri": file.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self._say({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        while True:
            message = self._hear()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == file.as_uri():
                found = message["params"]["diagnostics"]
                return sorted((each["range"]["start"]["line"] + 1, each["message"]) for each in found)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the language server, freshly installed."""
    for tool in ("node", "npm"):
        assert shutil.which(tool), f"missing tool: {tool}"
    place = tmp_path_factory.mktemp("server")
    (place / "package.json").write_text("{}", "utf-8")
    ran = subprocess.run(["npm", "install", "--no-audit", "--no-fund", SERVER], cwd=place, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return place / "node_modules" / "yaml-language-server" / "out" / "server" / "src" / "server.js"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the shipped standards as `fmt` and `schemas` leave them."""
    made = tmp_path_factory.mktemp("clone") / "standards"
    shutil.copytree(ROOT / "standards", made, ignore=shutil.ignore_patterns("__pycache__"))
    assert main(["fmt", str(made)]) == 0
    assert main(["schemas", str(made)]) == 0
    return made


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the example of a third party's standards, made ready likewise."""
    made = tmp_path_factory.mktemp("third") / "yunze_standards"
    shutil.copytree(ROOT / "examples" / "local-standard" / "yunze_standards", made, ignore=shutil.ignore_patterns("__pycache__"))
    assert main(["schemas", str(made)]) == 0
    return made


@pytest.fixture(scope="module")
def editor(program: Path, folder: Path) -> Iterator[Editor]:
    made = Editor(program, folder)
    yield made
    made.server.kill()
    made.server.wait()


LINE = "# yaml-language-server: $schema=../schema/editor/{}.json\n"
CLAUSE = LINE.format("clause") + """\
clause: 第一条
summary: 说明
rules:
  - id: demo-01
    subject: {subject}
    level: major
    when: {when}
    cases:
      - given:
          {given}
        expect: hit
"""


def clause(**parts: str) -> str:
    return CLAUSE.format(**{"subject": "dust_system", "when": "airlock != 正常", "given": "airlock: 未设置", **parts})


def test_nothing_is_underlined_in_any_shipped_file(editor: Editor, folder: Path) -> None:
    files = [file for file in sorted(folder.rglob("*.yaml")) if schemas.sort_of(file.relative_to(folder))]
    assert len(files) > 300
    underlined = {}
    for file in files:
        if found := editor.open(file):
            underlined[str(file.relative_to(folder))] = found
    assert underlined == {}


def test_nothing_is_underlined_in_a_third_partys_files(editor: Editor, local: Path) -> None:
    files = [file for file in sorted(local.rglob("*.yaml")) if schemas.sort_of(file.relative_to(local), adds=True)]
    assert len(files) >= 8
    assert {file.name: found for file in files if (found := editor.open(file))} == {}


def test_a_schema_that_is_not_there_is_told(editor: Editor, folder: Path) -> None:
    """That nothing is underlined means something: the schema was read."""
    text = (folder / "gongmao-2023" / "11-06.yaml").read_text("utf-8").replace("editor/clause.json", "editor/nowhere.json")
    ((_, told),) = editor.underlines(folder / "gongmao-2023", text)
    assert "nowhere.json" in told


@pytest.mark.parametrize(("text", "line", "words"), [
    (clause().replace("summary:", "sumary:"), 3, "sumary"),
    (clause().replace("level: major", "level: grave"), 7, '"major", "ordinary"'),
    (clause().replace("expect: hit", "expect: hitt"), 12, '"hit", "clear"'),
    (clause().replace("    level: major\n", ""), 5, "level"),
    (clause(subject="dust_sistem"), 6, "dust_system"),
    (clause(given="airlok: 正常"), 11, "airlok"),
    (clause(given="airlock: 已失效"), 11, '"正常", "失效"'),
    (clause(given="dusts: [木粉]"), 11, "木质粉尘"),
    (clause(given="kinds_shared: 好"), 11, "是"),
    (clause(given="buildings_served: 1.5"), 11, "integer"),
    (clause(given="enterprise.sectrs: [冶金]"), 11, "enterprise.sectrs"),
    (clause(given="enterprise.sectors: [冶金业]"), 11, "冶金"),
    (clause(subject="confined_space", when="sign", given="jobs: [{gard: 1}]"), 11, "gard"),
    (clause(when="{all: airlock != 正常}"), 8, "array"),
    (LINE.format("facts") + "title: 泵\nfacts:\n  on:\n    type: yesno\n    title: 开\n", 5, '"yes_no"'),
    (LINE.format("facts") + "title: 泵\nfact: {}\n", 3, "fact"),
    (LINE.format("standard") + "number: 1\ntitle: x\nissuer: y\nissued: 2026年1月\n", 5, "pattern"),
    (LINE.format("list") + "title: x\neditions: 1\n", 3, "array"),
])  # fmt: skip
def test_what_is_wrong_is_underlined(editor: Editor, folder: Path, text: str, line: int, words: str) -> None:
    found = editor.underlines(folder / "gongmao-2023", text)
    assert any(at == line and words in told for at, told in found), found


def test_a_good_clause_of_ones_own_is_not_underlined(editor: Editor, folder: Path) -> None:
    assert editor.underlines(folder / "gongmao-2023", clause()) == []


def test_kinds_of_subject_are_offered(editor: Editor, folder: Path) -> None:
    offered = editor.offers(folder / "gongmao-2023", clause(subject="§"))
    assert {"dust_system", "confined_space", "tailings_pond", "open_pit.weather_warning"} <= offered


def test_the_facts_of_the_subject_are_offered_in_cases(editor: Editor, folder: Path) -> None:
    offered = editor.offers(folder / "gongmao-2023", clause(given="airlock: 未设置\n          §"))
    assert {"method", "dusts", "enterprise.sectors", "inspection.date"} <= offered
    assert not {"guard", "airlock"} & offered, "of another kind, or written already"
    other = editor.offers(folder / "gongmao-2023", clause(subject="confined_space_job", given="stage: 已结束\n          §"))
    assert {"guard", "confined_space.hazards"} <= other
    assert "method" not in other


def test_the_words_of_a_choice_are_offered(editor: Editor, folder: Path) -> None:
    place = folder / "gongmao-2023"
    assert editor.offers(place, clause(given="airlock: §")) == {"正常", "失效", "无效", "停用", "旁路", "未设置"}
    assert {"木质粉尘", "铝镁等金属粉尘"} <= editor.offers(place, clause(given="dusts:\n            - §"))


def test_beginnings_of_sentences_are_offered(editor: Editor, folder: Path) -> None:
    place = folder / "gongmao-2023"
    offered = editor.offers(place, clause(when="§"))
    assert {"airlock != 正常", "method == 干式", "kinds_shared", "not kinds_shared", "enterprise.sectors"} <= offered
    assert "dusts has [木质粉尘]" in editor.offers(place, clause(when="\n      all:\n        - §"))
    inside = editor.offers(place, clause(subject="confined_space", when="\n      some: jobs\n      where: §"))
    assert "stage == 已结束" in inside


def test_rules_units_and_documents_are_offered(editor: Editor, folder: Path) -> None:
    place = folder / "gongmao-2023"
    near = editor.offers(place, clause().replace("    cases:", "    near:\n      - §\n    cases:"))
    assert "dust-2021-15-05-a" in near
    units = editor.offers(folder / "facts", LINE.format("facts") + "title: x\nfacts:\n  a:\n    type: number\n    title: y\n    unit: §\n")
    assert {"mm", "kPa", "℃"} <= units
    line = "# yaml-language-server: $schema=schema/editor/industries.json\n"
    documents = editor.offers(folder, line + "x:\n  title: y\n  documents:\n    a: all\n    §\n")
    assert {"gongmao-2023", "dust-2021"} <= documents


def test_a_third_partys_own_facts_are_offered_beside_the_shipped(editor: Editor, local: Path) -> None:
    place = local / "yunze-2026"
    offered = editor.offers(place, clause(given="airlock: 未设置\n          §"))
    assert {"yunze_platform", "method", "enterprise.yunze_located"} <= offered
    assert "yunze_charging_room" in editor.offers(place, clause(subject="§"))
    assert "chargers" in editor.offers(place, clause(subject="yunze_charging_room", given="place: 室内\n          §"))


def test_pointing_at_a_fact_shows_its_question(editor: Editor, folder: Path) -> None:
    assert "星形卸灰阀" in editor.tells(folder / "gongmao-2023", clause(given="air§lock: 未设置"))
