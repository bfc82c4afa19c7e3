"""From the YAML in a standards folder to a `Rulebook`, with every error at file:line:column.

facts/*.yaml  lists/*.yaml  industries.yaml  <document>/standard.yaml  <document>/<clause>.yaml
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

from .. import models
from ..errors import StandardsError
from ..facts import Vocabulary, nearest
from ..rules import Industry, InForce, Rulebook, Standard, WordEdition, WordList
from ..texts import Text
from .documents import DocumentReader
from .folder import Folder, shown, stem, yaml_files
from .vocabulary import VocabularyReader

__all__ = ["load", "shown"]


def load(folder: str | Path | None = None) -> Rulebook:
    """Return the rulebook in *folder* (None: the standards shipped with the library).

    Raises `StandardsError` with every problem of every file.
    """
    root = Folder(resources.files("hazardrules.standards") if folder is None else Path(folder))
    rulebook = _Loader(root).load()
    if root.problems:
        raise StandardsError(root.problems)
    return rulebook


def _version(root: Traversable) -> str:
    file = root / "VERSION"
    return file.read_text("utf-8").strip() if file.is_file() else ""


class _Loader:
    """Puts a rulebook together from a folder."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder

    def load(self) -> Rulebook:
        """Return what could be read; the problems are in the folder."""
        if not self.folder.root.is_dir():
            self.folder.problem(str(self.folder.root), Text("没有这个标准文件夹", "there is no such standards folder"))
            return Rulebook(Vocabulary({}), (), {}, {})
        lists = {words.id: words for words in map(self.word_list, self.folder.files("lists")) if words}
        self.folder.list_names = set(lists) | self.folder.unread  # an unread list is complained of once
        vocabulary = VocabularyReader(self.folder).vocabulary()
        if vocabulary is None:  # without sound kinds nothing else can be understood
            return Rulebook(Vocabulary({}), (), {}, {})
        standards = tuple(
            standard
            for entry in sorted(self.folder.root.iterdir(), key=lambda e: e.name)
            if entry.is_dir() and self.is_document(entry)
            if (standard := DocumentReader(self.folder, vocabulary, entry).standard())
        )
        if not self.folder.problems:  # a rule that could not be read is missed only once
            self.check_ids(standards)
        industries = self.industries({standard.id: standard for standard in standards})
        return Rulebook(
            vocabulary,
            self.in_order(standards),
            MappingProxyType(lists),
            industries,
            self.folder.digest.hexdigest(),
            _version(self.folder.root),
        )

    def word_list(self, file: Traversable) -> WordList | None:
        source = self.folder.source(file)
        model = source and self.folder.model(source, models.WordListModel)
        if not source or not model:
            return None
        for i, edition in enumerate(model.editions):
            if edition.since and edition.until and edition.until <= edition.since:
                self.folder.problem(
                    source.where(("editions", i)), Text("until 应晚于 from", "until must be after from")
                )
        editions = tuple(
            WordEdition(frozenset(e.words), InForce(e.since, e.until), e.citation, unverified=e.status is not None)
            for e in model.editions
        )
        return WordList(stem(file), model.title, editions)

    def check_ids(self, standards: Iterable[Standard]) -> None:
        rules = {rule.id: clause for s in standards for clause in s.clauses for rule in clause.rules}
        for standard in standards:
            for clause in standard.clauses:
                for rule in clause.rules:
                    for near in rule.near:
                        if near not in rules:
                            close = nearest(near, rules)
                            self.folder.problem(
                                rule.where,
                                Text(
                                    f"near 里的“{near}”不是已有的规则" + (f"，是不是“{close}”？" if close else ""),
                                    f"near names “{near}”, which is no rule"
                                    + (f"; did you mean “{close}”?" if close else ""),
                                ),
                            )

    def is_document(self, place: Traversable) -> bool:
        """Return whether *place* is a document's folder; one with clauses but no title is noted."""
        if place.name in ("facts", "lists", "tables", "schema", "lifecycle") or place.name.startswith(("_", ".")):
            return False
        if (place / "standard.yaml").is_file():
            return True
        if yaml_files(place):
            self.folder.problem(
                shown(place), Text("有条款文件而没有 standard.yaml", "there are clause files but no standard.yaml")
            )
        return False

    def industries(self, documents: Mapping[str, Standard]) -> Mapping[str, Industry]:
        file = self.folder.root / "industries.yaml"
        source = self.folder.source(file) if file.is_file() else None
        found: dict[str, Industry] = {}
        if source is None:
            return found
        if not isinstance(source.data, dict):
            self.folder.problem(
                source.where(), Text("应写成“行业: {title, documents}”", "expected “industry: {title, documents}”")
            )
            return found
        for name, data in source.data.items():
            model = self.folder.model(source, models.IndustryModel, data, (name,))
            if model is None:
                continue
            for document, part in model.documents.items():
                if document in documents:
                    if not self.folder.unread:
                        self.check_chapters(documents[document], part, source.where((name, "documents", document)))
                elif not (self.folder.root / document).is_dir():
                    near = nearest(document, documents)
                    self.folder.problem(
                        source.where((name, "documents", document), key=True),
                        Text(
                            f"没有文件夹“{document}”" + (f"，是不是“{near}”？" if near else ""),
                            f"there is no document “{document}”" + (f"; did you mean “{near}”?" if near else ""),
                        ),
                    )
            chapters = {doc: None if part == "all" else tuple(part) for doc, part in model.documents.items()}
            found[name] = Industry(name, Text(model.title, model.en or name), MappingProxyType(chapters))
        return MappingProxyType(found)

    def check_chapters(self, document: Standard, part: str | list[str], where: str) -> None:
        chapters = {clause.chapter for clause in document.clauses} | set(document.chapters)
        for chapter in () if part == "all" else part:
            if chapter not in chapters:
                self.folder.problem(
                    where,
                    Text(
                        f"{document.id} 没有编号以“{chapter}”开头的条款文件",
                        f"{document.id} has no chapter “{chapter}”",
                    ),
                )

    @staticmethod
    def in_order(standards: Iterable[Standard]) -> tuple[Standard, ...]:
        """Return the documents: the judgment standards before those of ordinary duties, each oldest first."""

        def place(standard: Standard) -> tuple[bool, bool, str, str]:
            since = standard.in_force.since
            return not standard.judges_majors, since is None, str(since), standard.id

        return tuple(sorted(standards, key=place))
