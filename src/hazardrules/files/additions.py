"""A folder that adds to the shipped standards: its `corpus.yaml`, and the names that may be its own.

Everything that such a folder declares begins with its namespace: `yunze-2026` (a document, and so its
rules), `yunze_jetty` (a kind, a word list, an industry), `yunze_licensed` (a fact added to a shipped kind).
So the next version of the shipped standards and a third party's can never mean two things by one name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .. import models
from ..places import CORPUS
from ..rules import Rulebook
from ..texts import Text
from .folder import Folder, shown

ADDITIONS = "additions"  # its folder with facts for shipped kinds
_NAMESPACE = re.compile(r"[a-z][a-z0-9]*")
_VERSION = r"\d+(?:\.\d+)*"
_WANTED = re.compile(rf"hazardrules\s+>=\s+({_VERSION})")


@dataclass(frozen=True)
class Base:
    """What a folder builds on, and what it is called there."""

    rulebook: Rulebook
    namespace: str
    version: str

    def owns(self, folder: Folder, name: str, joint: str, where: str) -> bool:
        """Return whether *name* begins with the namespace and *joint* ("-" or "_"); note it at *where* if not."""
        if name.startswith(prefix := f"{self.namespace}{joint}"):
            return True
        folder.problem(
            where,
            Text(
                f"“{name}”是自己加的名字，要以“{prefix}”开头，如“{prefix}{name}”，免得与自带标准的名字相撞",
                f"“{name}” is a name of your own: begin it with “{prefix}”, as “{prefix}{name}”, "
                "so that it never meets a shipped one",
            ),
        )
        return False


def read_base(folder: Folder, rulebook: Rulebook) -> Base | None:
    """Return how *folder* builds on *rulebook*; None where that cannot be told, with the problems noted."""
    source = folder.source(folder.root / CORPUS)
    model = source and folder.model(source, models.CorpusModel)
    version = read_version(folder)
    if not source or not model:
        return None
    before = len(folder.problems)
    if not re.fullmatch(_VERSION, version):
        folder.problem(
            shown(folder.root / "VERSION"),
            Text("写一行版本号，如 1.0.0", "one line with a version is wanted, as 1.0.0"),
        )
    _check_namespace(folder, rulebook, model.namespace, source.where(("namespace",)))
    wanted = _WANTED.fullmatch(model.builds_on)
    if wanted is None:
        folder.problem(
            source.where(("builds_on",)),
            Text(
                f"应写成“hazardrules >= {rulebook.version}”（自带标准的版本号，hazardrules --version 显示）",
                f"write “hazardrules >= {rulebook.version}”: the version of the shipped standards "
                "(hazardrules --version)",
            ),
        )
    elif _numbers(wanted[1]) > _numbers(rulebook.version):
        folder.problem(
            source.where(("builds_on",)),
            Text(
                f"要用 {wanted[1]} 以上的自带标准，这里是 {rulebook.version}；升级 hazardrules",
                f"needs shipped standards of {wanted[1]} or later, here are {rulebook.version}; upgrade hazardrules",
            ),
        )
    return Base(rulebook, model.namespace, version) if len(folder.problems) == before else None


def read_version(folder: Folder) -> str:
    """Return the version of the standards in *folder*, "" where none is given."""
    file = folder.root / "VERSION"
    return file.read_bytes().decode("utf-8", "replace").strip() if file.is_file() else ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.partition("+")[0].split(".")))


def _check_namespace(folder: Folder, rulebook: Rulebook, namespace: str, where: str) -> None:
    if not _NAMESPACE.fullmatch(namespace):
        folder.problem(
            where,
            Text(
                f"“{namespace}”不能用：只用小写英文字母和数字，以字母开头，如 yunze",
                f"“{namespace}” cannot be used: lower-case ASCII letters and digits, a letter first, as yunze",
            ),
        )
        return
    kinds = rulebook.vocabulary.kinds
    names = [*kinds, *(fact for kind in kinds.values() for fact in kind.facts), *rulebook.lists, *rulebook.industries]
    names += [standard.id for standard in rulebook.standards]
    taken = next((name for name in names if name.startswith((f"{namespace}-", f"{namespace}_"))), None)
    if taken:
        folder.problem(
            where,
            Text(f"已有以它开头的名字“{taken}”；换一个", f"“{taken}” already begins with it; choose another"),
        )
