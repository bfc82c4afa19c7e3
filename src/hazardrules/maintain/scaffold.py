"""`hazardrules new`: files to start from, with comments for safety engineers and blanks to fill in.

Each blank is a value `待填：what to write there` (`files.blanks`): lint names every one, and nothing else is
wrong with a fresh file. What is there already is never overwritten.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..errors import HazardRulesError, Problem
from ..facts import TYPES, Vocabulary, nearest
from ..files import read
from ..files.additions import ADDITIONS
from ..files.blanks import BLANK
from ..files.folder import Folder
from ..models import ChapterModel
from ..places import CORPUS, adds, root_of
from ..reading import read_file
from ..texts import Text
from ..version import standards_version
from .formatting import in_style
from .naming import stem_of

USUAL_FACTS = ("yes_no", "choice", "number", "device")
_ID = re.compile(r"[a-z][a-z0-9_]*")
_DOCUMENT = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")

Files = dict[Path, str]


def corpus(folder: Path, namespace: str, title: str) -> Files:
    """Return the files of a new *folder* of standards that add to the shipped ones under *namespace*."""
    if not re.fullmatch(r"[a-z][a-z0-9]*", namespace):
        raise _wrong(namespace, "只用小写英文字母和数字，以字母开头，如 yunze",
                     "lower-case ASCII letters and digits, a letter first, as yunze")  # fmt: skip
    text = f"""\
# 在自带标准之上补充的标准。自己加的名字都以它开头：文件夹 {namespace}-…，种类、词表、行业和加的事实 {namespace}_…
namespace: {namespace}
title: {title}
# 至少要这个版本的自带标准（hazardrules --version 显示）
builds_on: hazardrules >= {standards_version()}
"""
    return {
        folder / CORPUS: in_style(text, CORPUS, Path(CORPUS), addition=True),
        folder / "VERSION": "0.1.0\n",
        folder / "__init__.py": '"""Standards for hazardrules: YAML, no code."""\n',
    }


def standard(folder: Path, name: str) -> Files:
    """Return the file of a new document in the folder *name* of the standards *folder*."""
    root = _root(folder)
    if not _DOCUMENT.fullmatch(name):
        raise _wrong(name, "文件夹名只用小写英文字母、数字和连字符，如 group-2026",
                     "a folder's name has lower-case ASCII letters, digits and hyphens, as group-2026")  # fmt: skip
    _check_own(root, name, "-")
    return {root / name / "standard.yaml": _styled(_STANDARD, root, f"{name}/standard.yaml")}


def clause(
    document: Path, label: str, *, file: str | None, subject: str | None, level: str, rules: int, unencoded: bool
) -> Files:
    """Return the file of a new clause *label* in the folder *document*, named after its numbers (or *file*).

    It has *rules* rules on *subject* (None: a blank) with a skeleton of cases, or none where it is *unencoded*.
    """
    document = document.resolve()
    place = document / "standard.yaml"
    if not place.is_file():
        raise _wrong(str(document), "这里没有 standard.yaml；先用 hazardrules new standard 建文件",
                     "there is no standard.yaml; begin with hazardrules new standard")  # fmt: skip
    root = _root(document.parent)
    if file is not None and (file in ("", "standard") or Path(file).name != file):
        raise _wrong(file, "只写文件名，不带文件夹和 .yaml，如 03-01",
                     "only a file's name, without a folder and .yaml, as 03-01")  # fmt: skip
    stem = file or stem_of(label, _chapters(place))
    if stem is None:
        raise _wrong(label, "条款号里没有数字，定不了文件名；用 --file 写出",
                     "the label has no number to name the file after; give --file")  # fmt: skip
    if subject is not None:
        _check_subject(root, subject)
    head = f"clause: {_text(label)}\nsummary: {BLANK}用自己的话说这一条管的是什么情形，不抄原文\n"
    if unencoded:
        text = f"{head}unencoded: {BLANK}为什么还没有编成规则\n"
    else:
        names = [f"{document.name}-{stem}" + (f"-{chr(97 + n)}" if rules > 1 else "") for n in range(rules)]
        text = _CLAUSE + head + "rules:\n" + "".join(_rule(name, subject, level, alone=rules == 1) for name in names)
    return {document / f"{stem}.yaml": _styled(text, root, f"{document.name}/{stem}.yaml")}


def subject(folder: Path, name: str, facts: Sequence[str], within: str | None) -> Files:
    """Return the file of a new kind of subject *name*, or of facts added to a shipped one.

    *facts* are `NAME:TYPE`, or only a type: then the name is a blank.
    """
    root = _root(folder)
    vocabulary, _ = _vocabulary(root)
    if not _ID.fullmatch(name):
        raise _wrong(name, "种类名只用小写英文字母、数字和下划线，如 charging_room",
                     "a kind's name has lower-case ASCII letters, digits and _, as charging_room")  # fmt: skip
    shipped = adds(root) and name in vocabulary.kinds and not (root / "facts" / f"{name}.yaml").exists()
    prefix = f"{_namespace(root)}_" if shipped else ""
    body = "facts:\n" + "".join(_fact(fact, prefix, name) for fact in facts or USUAL_FACTS)
    if shipped:
        return {root / ADDITIONS / f"{name}.yaml": _styled(_ADDITION + body, root, f"{ADDITIONS}/{name}.yaml")}
    _check_own(root, name, "_")
    if within is not None:
        _check_subject(root, within)
    inside = f"# 上级 {within} 要有一个 list 事实写着 of: {name}\nwithin: {within}\n" if within else ""
    return {root / "facts" / f"{name}.yaml": _styled(_KIND + inside + body, root, f"facts/{name}.yaml")}


# ---------------------------------------------------------------------------------------- the texts


_STANDARD = f"""\
# 一份文件：文号、日期、适用范围。每个键的意思见《标准怎么写、怎么改》第五节；用不着的行删去
number: {BLANK}文号，如 应急管理部令第10号
title: {BLANK}文件标题，照原文
title_en: {BLANK}英文标题
issuer: {BLANK}发文机关
issued: {BLANK}发布日期，如 2026-01-10
in_force:
  # 施行的第一天；原文没有写就删去 in_force
  from: {BLANK}施行的第一天，如 2026-02-01
# 替代了旧文件的，写 succeeds: 旧文件夹名，并在旧文件里写 until
# 适用范围是对企业的条件；哪里都适用就删去这两行
scope: {BLANK}适用范围，如 enterprise.sectors has [冶金, 有色]
scope_clause: {BLANK}适用范围写在第几条
# 条款号怎样写，照第一条的样子；有款有项的写成列表
numbering: {BLANK}条款号的写法，如 第一条第（一）项
"""

_CLAUSE = """\
# 先看原文：每个“或者”“、”“；”和“并且”“且”各读两遍，一支一条规则；有的条款用得着 unless、disputed、reading
"""

_KIND = f"""\
title: {BLANK}中文名称，如 叉车充电间
en: {BLANK}英文名称，如 forklift charging room
hint: {BLANK}怎样算一个，如 一间或者一处集中充电的地方写一条
"""

_ADDITION = """\
# 给自带的种类加的事实
"""

_VALUES = {
    "choice": f"values:\n  {BLANK}一个选项: {BLANK}它的英文\n  {BLANK}另一个选项: {BLANK}它的英文\n",
    "number": f"# 没有单位就删去这一行；只能是整数的写 integer: yes\nunit: {BLANK}单位，如 mm\n",
    "list": f"# 部件的文件里写 within: {{kind}}\nof: {BLANK}部件是哪种对象\n",
    "date": "# 可以填“从未”的写 never: yes\n",
}
_VALUES["choices"], _VALUES["time"] = _VALUES["choice"], _VALUES["date"]
_NOTES = {
    "device": "装置：正常、失效、无效、停用、旁路、未设置",
    "procedure": "制度：落实、未落实、未制定",
    "design": "与设计对照：符合、不符、未实施、设计无此项",
    "text": "文字：条件不能读它",
}


def _fact(wanted: str, prefix: str, kind: str) -> str:
    name, _, type_ = wanted.rpartition(":")
    if type_ not in TYPES or (name and not _ID.fullmatch(name)):
        near = nearest(type_, TYPES)
        raise _wrong(
            wanted,
            "写成 名字:类型，类型是 " + "、".join(TYPES) + (f"；是不是“{near}”？" if near and near != type_ else ""),
            "write NAME:TYPE, the type one of " + ", ".join(TYPES),
        )
    key = (
        prefix + name.removeprefix(prefix)
        if name
        else f"{BLANK}{type_} 事实的英文小写名{prefix and f'，以 {prefix} 开头'}"
    )
    note = f"# {_NOTES[type_]}\n" if type_ in _NOTES else ""
    lines = (
        f"{note}type: {type_}\ntitle: {BLANK}名称\nen: {BLANK}英文名称\n"
        f"question: {BLANK}在现场看得见的问题，不问法条\n" + _VALUES.get(type_, "").replace("{kind}", kind)
    )
    return f"  {key}:\n" + "".join(f"    {line}\n" for line in lines.splitlines())


def _rule(name: str, subject: str | None, level: str, *, alone: bool) -> str:
    on = subject or f"{BLANK}判断的是哪种对象，如 dust_system"
    told = f"hazardrules facts --subject {subject}" if subject else "hazardrules facts"
    own = "" if alone else f"    summary: {BLANK}用自己的话说这一支\n"
    return f"""\
  - id: {name}
    subject: {on}
    level: {level}
{own}\
    # 管不管它：什么样的对象才谈得上这一条。没有前提就删去 applies 和最后一个用例。可用的事实：{told}
    applies: {BLANK}前提，如 method == 干式
    # 是不是这种情形；几句话用 all、any 连起来，一句一行
    when: {BLANK}情形，如 airlock != 正常
    remedy: {BLANK}怎样消除，写成一句做什么
    # 每个数，正好在界限上一个用例，刚好越过一个；每个词、每个分支、每条除外都要有用例靠它
    cases:
      - given:
          {BLANK}合乎前提、出了问题的事实: {BLANK}它的值
        expect: hit
      - given:
          {BLANK}合乎前提、没有问题的事实: {BLANK}它的值
        expect: clear
      - given:
          {BLANK}合乎前提、别的没有看到的事实: {BLANK}它的值
        expect: unknown
        missing: [{BLANK}还缺的事实]
      - given:
          {BLANK}不合前提的事实: {BLANK}它的值
        expect: not_applicable
"""


# --------------------------------------------------------------------------------------- the checks


def _styled(text: str, root: Path, path: str) -> str:
    return in_style(text, path, Path(path), addition=adds(root))


def _text(label: str) -> str:
    return "'" + label.replace("'", "''") + "'"  # `in_style` takes away quotes that are not needed


def _root(folder: Path) -> Path:
    root = root_of(folder)
    if root is None or root.resolve() != folder.resolve():
        raise _wrong(str(folder), "不是标准文件夹（标准文件夹有 facts/ 或 corpus.yaml）",
                     "no standards folder (one that has facts/ or corpus.yaml)")  # fmt: skip
    return folder


def _namespace(root: Path) -> str:
    data = read_file(root / CORPUS).data
    return str(data.get("namespace", "")) if isinstance(data, dict) else ""


def _check_own(root: Path, name: str, joint: str) -> None:
    """Raise where *name* cannot be given in a folder that adds to the shipped standards."""
    if adds(root) and not name.startswith(prefix := f"{_namespace(root)}{joint}"):
        raise _wrong(name, f"自己加的名字要以“{prefix}”开头，如“{prefix}{name}”",
                     f"begin a name of your own with “{prefix}”, as “{prefix}{name}”")  # fmt: skip


def _vocabulary(root: Path) -> tuple[Vocabulary, Folder]:
    rulebook, folder = read(root)
    return rulebook.vocabulary, folder


def _check_subject(root: Path, subject: str) -> None:
    vocabulary, folder = _vocabulary(root)
    kind = subject.rpartition(".")[2]
    if not vocabulary.kinds or kind in vocabulary.kinds or kind in folder.unread:
        return
    near = nearest(subject, vocabulary.kinds)
    raise _wrong(
        subject,
        "没有这种对象" + (f"，是不是“{near}”？" if near else "；先用 hazardrules new subject 建它"),
        "there is no such kind of subject" + (f"; did you mean “{near}”?" if near else ""),
    )


def _chapters(file: Path) -> Mapping[str, ChapterModel]:
    data: Any = read_file(file).data
    chapters = data.get("chapters") if isinstance(data, dict) else None
    try:
        return {name: ChapterModel.model_validate(chapter) for name, chapter in (chapters or {}).items()}
    except (ValidationError, AttributeError):
        raise _wrong(str(file), "chapters 写得不对，先用 hazardrules lint 检查",
                     "its chapters are not right; see hazardrules lint") from None  # fmt: skip


def _wrong(where: str, zh: str, en: str) -> HazardRulesError:
    return HazardRulesError([Problem(where, Text(zh, en))])
