"""`hazardrules fmt`: the meaning stays, the comments stay with what they are about, and twice is as once."""

from __future__ import annotations

import os
import re
import shutil
import stat
from itertools import takewhile
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from yaml.resolver import Resolver

from hazardrules import models, stored
from hazardrules.cli import main
from hazardrules.files import load
from hazardrules.maintain import schemas
from hazardrules.maintain.formatting import in_style, modeline
from hazardrules.maintain.style import styled
from hazardrules.reading import ReadingError, read_text, read_yaml

ROOT = Path(__file__).resolve().parents[1] / "standards"
FILES = [path.relative_to(ROOT) for path in sorted(ROOT.rglob("*.yaml")) if schemas.sort_of(path.relative_to(ROOT))]
SMALL = [path for path in FILES if (ROOT / path).stat().st_size < 6_000]


def model(path: Path) -> Any:
    sort = schemas.sort_of(path)
    assert sort is not None
    return schemas.SORTS[sort]


def bare(text: str) -> str:
    """Return *text* without comments on lines of their own, blank lines and comments beside."""
    lines = [re.sub(r"  # c\d+.*", "", line) for line in text.splitlines()]
    return "\n".join(line for line in lines if line.strip() and not line.lstrip().startswith("#"))


# ---------------------------------------------------------------------------------- shipped files


@pytest.mark.parametrize("path", FILES, ids=str)
def test_every_shipped_file_keeps_its_data_and_comments(path: Path) -> None:
    text = read_text(ROOT / path)
    made = in_style(text, str(path), path, addition=False)
    assert in_style(made, str(path), path, addition=False) == made
    assert read_yaml(made, "").data == read_yaml(text, "").data
    old, new = (sorted(re.findall(r"(?m)(?:^|(?<=\s))#(.*?)\s*$", t)) for t in (text, made))
    assert [c for c in new if "yaml-language-server" not in c] == [c for c in old if "yaml-language-server" not in c]
    assert made.splitlines()[0] == modeline(path, schemas.sort_of(path) or "")


def test_the_rulebook_is_the_same_before_and_after(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "standards"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns("__pycache__"))
    assert main(["fmt", str(folder)]) == 0
    assert main(["fmt", "--check", str(folder)]) == 0
    assert capsys.readouterr().out.rstrip().endswith("0 个不合写法")
    before, after = load(), load(folder)
    assert [r.cases for _, _, r in before.rules()] == [r.cases for _, _, r in after.rules()]
    data = [stored.to_data(book) for book in (before, after)]
    for rulebook in data:
        rulebook[5] = ""  # the fingerprint is that of the texts
    assert data[0] == data[1]


# ------------------------------------------------------------------------------------ mangled ones


class Mangler:
    """Writes a YAML document anew: other layout, other quotes, other order of our own keys, comments added."""

    AUTHORS = ("given", "values", "facts", "chapters", "documents", "roster", "readings", "lint")  # names by authors
    KINDS = tuple(kind for kind in vars(models).values() if isinstance(kind, type) and issubclass(kind, models.Model))
    KEYS = (
        frozenset({"any", "at_least"}), frozenset({"some", "at_least", "where"}), frozenset({"every", "where"}),
        *(frozenset(field.alias or name for name, field in kind.model_fields.items()) for kind in KINDS if kind is not models.Model),
    )  # fmt: skip

    def __init__(self, random: Random, comments: bool) -> None:
        self.random, self.comments, self.n = random, comments, 0
        self.promised: list[tuple[str, str]] = []  # comment, the text with which its line or the next one begins

    def maybe(self, share: float) -> bool:
        return self.random.random() < share

    def document(self, node: yaml.Node) -> str:
        lines = ["---"] if self.maybe(0.2) else []
        body = self.lines(node, 0, "")
        head = {line.strip() for line in takewhile(lambda line: not line or line.startswith("#"), body)}
        self.promised = [(c, "" if c in head else what) for c, what in self.promised]  # the file's own stay on top
        text = "\n".join([*lines, *body])
        text = "\n".join(line + " " * (self.random.randrange(4) if self.maybe(0.1) else 0) for line in text.split("\n"))
        text = "\ufeff" + text if self.maybe(0.1) else text
        return text.replace("\n", "\r\n") if self.maybe(0.2) else text + "\n"

    def comment(self, what: str) -> str:
        self.n += 1
        made = f"# c{self.n} " + self.random.choice(["注", "a: b", "- x", "[", "it's", "{"])
        self.promised.append((made, what))
        return made

    def above(self, indent: int, what: str) -> list[str]:
        lines = [""] * self.random.choice([0, 0, 0, 0, 1, 2])
        if self.comments and self.maybe(0.15):
            lines.append(" " * indent + self.comment(what))
        return lines

    def beside(self, what: str) -> str:
        return "  " + self.comment(what) if self.comments and self.maybe(0.1) else ""

    def lines(self, node: yaml.Node, indent: int, key: str) -> list[str]:
        if isinstance(node, yaml.MappingNode):
            entries = list(node.value)
            names = {k.value for k, _ in entries}
            if key not in self.AUTHORS and any(names <= known for known in self.KEYS) and self.maybe(0.5):
                self.random.shuffle(entries)
            made = []
            for k, value in entries:
                made += self.above(indent, f"{k.value}:") + self.keyed(k, value, indent)
            return made
        assert isinstance(node, yaml.SequenceNode)
        made = []
        for value in node.value:
            if isinstance(value, yaml.ScalarNode) or self.is_flow(value):
                text = self.scalar(value, False, None) if isinstance(value, yaml.ScalarNode) else self.flow(value)
                if key in ("all", "any"):
                    made += [*self.above(indent, "- "), f"{' ' * indent}- {text}{self.beside('- ')}"]
                else:  # a comment in it would keep the list from standing on one line
                    made += [f"{' ' * indent}- {text}"]
                continue
            wide = 2 + self.random.randrange(3)
            above = self.above(indent, "- ")
            inner = self.lines(value, indent + wide, "")
            while not inner[0].strip() or inner[0].lstrip().startswith("#"):  # before the dash: about the item
                above.append(" " * indent + inner.pop(0).strip())
                self.promised = [(c, "- " if c == above[-1].strip() else what) for c, what in self.promised]
            made += [*above, " " * indent + "-" + inner[0][indent + 1 :], *inner[1:]]
        return made

    def keyed(self, key: yaml.Node, value: yaml.Node, indent: int) -> list[str]:
        name = self.scalar(key, False, None)
        head = f"{' ' * indent}{name}:"
        if isinstance(value, yaml.ScalarNode):
            text = self.scalar(value, False, indent + 1)
            return [f"{head} {text}".rstrip() + ("" if "\n" in text else self.beside(f"{key.value}:"))]
        if self.is_flow(value):
            return [f"{head} {self.flow(value)}{self.beside(f'{key.value}:')}"]
        deeper = 0 if isinstance(value, yaml.SequenceNode) and self.maybe(0.3) else 1 + self.random.randrange(4)
        return [head + self.beside(f"{key.value}:"), *self.lines(value, indent + deeper, key.value)]

    def is_flow(self, node: yaml.Node) -> bool:
        if not node.value:
            return True
        return all(isinstance(v, yaml.ScalarNode) for v in node.value) and self.maybe(0.5) and isinstance(node, yaml.SequenceNode)

    def flow(self, node: yaml.Node) -> str:
        if isinstance(node, yaml.MappingNode):
            return "{ }"
        joint = self.random.choice([", ", ",  "])
        return f"[{' ' * self.random.randrange(2)}{joint.join(self.scalar(v, True, None) for v in node.value)}]"

    def scalar(self, node: yaml.Node, flow: bool, fold: int | None) -> str:
        text = node.value
        if node.style in ("'", '"') or (flow and re.search(r"[,\[\]{}]", text)):
            return "'" + text.replace("'", "''") + "'" if self.maybe(0.5) else yaml.dump(text, default_style='"', allow_unicode=True, width=9**9).strip()
        is_text = Resolver().resolve(yaml.ScalarNode, text, (True, False)) == "tag:yaml.org,2002:str" and text != "08" and text != "09"
        if text and is_text and self.maybe(0.2):
            return "'" + text.replace("'", "''") + "'"
        if fold is not None and " " in text and "#" not in text and self.maybe(0.2):
            left, _, right = text.partition(" ")
            if left and right.strip() and left[-1] != ":" and right[0] not in "-?:|>&*!%@`'\"[]{},# " and not text.startswith(("'", '"')):
                return f"{left}\n{' ' * (fold + 1)}{right}"
        return text


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(SMALL), st.integers(0, 2**32), st.booleans())
def test_however_a_file_is_written_it_comes_out_the_same(path: Path, seed: int, comments: bool) -> None:
    text = read_text(ROOT / path)
    mangler = Mangler(Random(seed), comments)
    mangled = mangler.document(yaml.compose(text, Loader=yaml.CSafeLoader))
    assert read_yaml(mangled, "mangled").data == read_yaml(text, "").data
    made = styled(mangled, str(path), model(path))
    assert bare(made) == bare(styled(text, str(path), model(path)))
    assert styled(made, str(path), model(path)) == made
    lines = made.splitlines()
    assert not any(line != line.rstrip() for line in lines)
    assert not re.search(r"\n\n\n|\A\n|\n\n\Z", made)
    for comment, what in mangler.promised:
        (at,) = [n for n, line in enumerate(lines) if line.strip() == comment or line.endswith(f"  {comment}")]
        owner = next(line for line in lines[at:] if line.strip() and not line.lstrip().startswith("#"))
        begins = owner.lstrip()
        assert begins.startswith(what) or begins.removeprefix("- ").startswith((what, f"'{what[:-1]}':", f'"{what[:-1]}":')), (comment, what, owner)


# ------------------------------------------------------------------------------------- what it does

UGLY = """\
# 整个文件的说明


summary:   "通风不好"
clause: '第一条'   #出处
rules:
- subject: pump  # 对象

  # 编号的说明
  id: demo-01
  when: {all: [sign, "method in [甲, 乙]"]}
  near:
  - a-1
  - a-2
  level: major
  cases:
  - expect: hit
    given: {sign: yes, sizes: [ 1, '2' ], '08': ~}
    # 用例后面的话
  # 规则后面的话
# 文件末尾的话
"""
NEAT = """\
# 整个文件的说明
clause: 第一条  # 出处
summary: 通风不好
rules:
  # 编号的说明
  - id: demo-01
    subject: pump  # 对象
    level: major
    when:
      all:
        - sign
        - method in [甲, 乙]
    near: [a-1, a-2]
    cases:
      - given:
          sign: yes
          sizes: [1, '2']
          '08': ~
        expect: hit
        # 用例后面的话
    # 规则后面的话
# 文件末尾的话
"""


def test_an_ugly_file_becomes_neat() -> None:
    assert styled(UGLY, "ugly.yaml", models.ClauseModel) == NEAT


@pytest.mark.parametrize(("text", "made"), [
    ("a: |\n  one\n  two\n# b\nb: 1\n", "a: |\n  one\n  two\n# b\nb: 1\n"),
    ("a: |  # why\n  one\n\n  two\nb: 1\n", "a: |  # why\n  one\n\n  two\nb: 1\n"),
    ("a: >-\n  one\n  two\n", "a: one two\n"),
    ("a: >\n  one\n  two\n", "a: |\n  one two\n"),
    ('a: "one\\ntwo"\n', "a: |-\n  one\n  two\n"),
    ('a: " one\\ntwo"\n', 'a: " one\\ntwo"\n'),
    ('a: "it\'s: so"\n', 'a: "it\'s: so"\n'),
    ("a: '1:5'\nb: 1:5\nc: '08'\nd: '2026-03-01'\ne: 2026-03-01\n", "a: '1:5'\nb: 1:5\nc: '08'\nd: '2026-03-01'\ne: 2026-03-01\n"),
    ("a: 'yes'\nb: '5.1.1'\nc: '> 5'\nd: 'x: y'\ne: ''\n", "a: 'yes'\nb: 5.1.1\nc: '> 5'\nd: 'x: y'\ne: ''\n"),
    ("a: []\nb: {}\nc:\n- x\n-\n", "a: []\nb: {}\nc: [x, null]\n"),
    ("a:\n- - x\n  - y\n- - z\n", "a:\n  - [x, y]\n  - [z]\n"),
    ("a: [x,\n  # inside\n  y]  # beside\n", "# inside\na: [x, y]  # beside\n"),
    ("a:\n- x  # of x\n- y\n", "a:\n  - x  # of x\n  - y\n"),
    ("a:\n- x\n# of b\nb: 1\n", "a: [x]\n# of b\nb: 1\n"),
    ("a:\n  - x\n  # of a\nb: 1\n", "a:\n  - x\n  # of a\nb: 1\n"),
    ("a: [" + ", ".join(["word"] * 30) + "]\n", "a:\n" + "  - word\n" * 30),
    ("a: 1.50\nb: 007\nc: +5\nd: ~\ne:\n", "a: 1.50\nb: 007\nc: +5\nd: ~\ne:\n"),
    ("plain\n", "plain\n"),
    ("- a: 1\n  b: 2\n-\n  # of c\n  c: 3\n", "- a: 1\n  b: 2\n# of c\n- c: 3\n"),
])  # fmt: skip
def test_values_stay_what_they_are(text: str, made: str) -> None:
    assert styled(text, "x.yaml") == made
    assert read_yaml(made, "").data == read_yaml(text, "").data


@settings(max_examples=300, deadline=None)
@given(st.recursive(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u200b\u200e\u200f\u2028\u2029\ufeff\ufffe\uffff") | st.just("\n"), max_size=12)
    | st.sampled_from(["yes", "~", "", "1.5", "08", "a: b", "- x", "x #y", "# z", " lead", "trail ", "[", "it's", '"', "a\n\n", "\n", "a\n b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "all", "08", "x y", "是"]), inner, max_size=3),
    max_leaves=12,
).filter(lambda data: data not in ("", None)))
def test_any_text_survives(data: Any) -> None:
    text = yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, default_style="'")
    try:
        wanted = read_yaml(text, "").data
    except ReadingError:
        return  # invisible characters and the like, which no file of ours can hold
    made = styled(text, "x.yaml")
    assert read_yaml(made, "").data == wanted
    assert styled(made, "x.yaml") == made


# ------------------------------------------------------------------------------------- the command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of a small folder of standards."""
    made = tmp_path / "mine"
    shutil.copytree(Path(__file__).parent / "bad_standards" / "good", made)
    return made


def test_check_names_and_changes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", str(folder)]) == 0
    file = folder / "facts" / "tank.yaml"
    file.write_text(file.read_text("utf-8").replace("\n", "\r\n"), "utf-8", newline="")
    before = file.read_bytes()
    capsys.readouterr()
    assert main(["fmt", "--check", str(folder)]) == 1
    told = capsys.readouterr().out
    assert "tank.yaml：写法不合，用 hazardrules fmt 整理" in told
    assert re.search(r"\d+ 个文件，1 个不合写法", told)
    assert file.read_bytes() == before
    assert main(["fmt", "--check", str(file), "--lang", "en"]) == 1
    assert "tank.yaml: not in style; run hazardrules fmt" in capsys.readouterr().out


def test_it_writes_whole_files_and_keeps_their_mode(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "facts" / "tank.yaml"
    file.chmod(0o640)
    assert main(["fmt", str(file)]) == 0
    assert "tank.yaml：已整理" in capsys.readouterr().out
    assert file.read_text("utf-8").startswith("# yaml-language-server: $schema=../schema/editor/facts.json\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".")] == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_what_cannot_be_written_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "facts").chmod(0o500)
    try:
        assert main(["fmt", str(folder / "facts" / "tank.yaml")]) == 2
    finally:
        (folder / "facts").chmod(0o700)
    assert "写不了这个文件" in capsys.readouterr().err


def test_a_full_disk_leaves_the_file_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "facts" / "tank.yaml"
    before = file.read_bytes()

    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as half:
            half.write(data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert main(["fmt", str(file)]) == 2
    assert "写不了这个文件（No space left on device）" in capsys.readouterr().err
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".")] == []


def test_a_link_stays_one(folder: Path, tmp_path: Path) -> None:
    file = folder / "facts" / "tank.yaml"
    target = tmp_path / "elsewhere" / "facts" / "tank.yaml"
    shutil.copytree(folder, tmp_path / "elsewhere")
    file.unlink()
    file.symlink_to(target)
    assert main(["fmt", str(file)]) == 0
    assert file.is_symlink()
    assert target.read_text("utf-8").startswith("# yaml-language-server:")


def test_a_bad_file_is_told_and_the_others_are_done(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = folder / "facts" / "tank.yaml"
    bad.write_text("title: [\n", "utf-8")
    assert main(["fmt", str(folder)]) == 2
    told = capsys.readouterr().out
    assert "tank.yaml:" in told
    assert "语法错误" in told
    assert "valve.yaml：已整理" in told
    assert bad.read_text("utf-8") == "title: [\n"


def test_a_path_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", str(tmp_path / "nowhere")]) == 2
    assert "没有这个文件或文件夹" in capsys.readouterr().err
    assert main(["fmt", str(tmp_path)]) == 2
    assert "corpus.yaml" in capsys.readouterr().err


def test_without_a_path_it_is_the_working_folder(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(folder / "facts")
    assert main(["fmt", "--check"]) == 1
    assert "tank.yaml" in capsys.readouterr().out


def test_other_files_of_the_folder_are_left_alone(folder: Path) -> None:
    other = folder / "schema" / "notes.yaml"
    other.parent.mkdir()
    other.write_text("b:   1\n", "utf-8")
    assert main(["fmt", str(folder)]) == 0
    assert other.read_text("utf-8") == "b:   1\n"


def test_an_old_line_for_editors_is_replaced() -> None:
    text = "# yaml-language-server: $schema=../old.json\n# 说明\nclause: 第一条\n"
    made = styled(text, "x.yaml", models.ClauseModel, "# yaml-language-server: $schema=../schema/editor/clause.json")
    assert made == "# yaml-language-server: $schema=../schema/editor/clause.json\n# 说明\nclause: 第一条\n"


# ------------------------------------------------------------------------------- what the guide says


@pytest.mark.parametrize(("head", "kind"), [
    ("### 事实文件", models.KindModel), ("事实的键：", models.FactModel), ("### 条款文件", models.ClauseModel),
    ("规则的键：", models.RuleModel), ("用例 `cases` 的键：", models.CaseModel), ("### 文件 `<文件夹>/standard.yaml`", models.StandardModel),
])  # fmt: skip
def test_the_guide_lists_the_keys_in_the_order_of_the_files(head: str, kind: type[models.Model]) -> None:
    table = (ROOT / "README.md").read_text("utf-8").partition(head)[2].partition("|---|---|\n")[2].partition("\n\n")[0]
    told = [key for row in table.splitlines() for key in re.findall(r"`(\w+)`", row.split("|")[1])]
    order = [field.alias or name for name, field in kind.model_fields.items()]
    assert told == [key for key in order if key in told]
    assert set(order) - set(told) <= {"lint"}
