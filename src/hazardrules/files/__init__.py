"""From the YAML in a standards folder to a `Rulebook`, with every error at file:line:column.

facts/*.yaml  lists/*.yaml  industries.yaml  <document>/standard.yaml  <document>/<clause>.yaml
A folder with a `corpus.yaml` adds to the shipped standards, any other stands alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

from .. import models
from ..errors import Problem, StandardsError
from ..facts import Vocabulary, nearest
from ..places import CORPUS, adds
from ..rules import Clause, InForce, Rule, Rulebook, Standard, WordEdition, WordList
from ..texts import Text
from .additions import ADDITIONS, Base, read_base, read_version
from .documents import DocumentReader, check_shapes
from .folder import SHIPPED, Folder, shown, stem, yaml_files
from .industries import read_industries
from .vocabulary import VocabularyReader

__all__ = ["load", "read", "shown"]


_NO_DOCUMENTS = {"facts", ADDITIONS, "lists", "tables", "schema", "lifecycle", "published"}
_ALONE = Text(
    "这个文件夹没有 corpus.yaml，自成一套，不能与别的标准一起用",
    "this folder has no corpus.yaml: it stands alone and cannot be loaded together with others",
)


def load(*folders: str | Path | None) -> Rulebook:
    """Return the rulebook in *folders* (none, or None: the standards shipped with the library).

    Several folders, each with a `corpus.yaml`, are added to the shipped standards one after the other, in the
    order of their namespaces: in whatever order they are named, and one twice, they are the same standards.
    Raises `StandardsError` with every problem of every file.
    """
    places = list({Path(folder).resolve(): Path(folder) for folder in folders if folder is not None}.values())
    if alone := [place for place in places if len(places) > 1 and not adds(place)]:
        raise StandardsError(Problem(str(place), _ALONE) for place in alone)
    rulebook = None
    for place in (sorted(places, key=_namespace) if len(places) > 1 else places) or (None,):
        rulebook, folder = read(place, rulebook)
        if folder.problems:
            raise StandardsError(folder.problems)
    assert rulebook is not None
    return rulebook


def _namespace(place: Path) -> str:
    """Return the namespace of the standards in *place*, "" where it cannot be read, as is told when all is."""
    folder = Folder(place)
    source = folder.source(place / CORPUS)
    model = source and folder.model(source, models.CorpusModel)
    return model.namespace if model else ""


def read(place: str | Path | None = None, onto: Rulebook | None = None) -> tuple[Rulebook, Folder]:
    """Return what can be read of the folder *place* (None: the standards shipped), and it with every problem.

    A folder with a `corpus.yaml` is added to *onto* (None: the standards shipped).
    """
    folder, base = Folder(SHIPPED if place is None else Path(place)), None
    if place is not None and adds(Path(place)):
        base = read_base(folder, onto or load())
        if base is None:  # what its names mean cannot be told
            return Rulebook(Vocabulary({}), (), {}, {}), folder
    return _Loader(folder, base).load(), folder


class _Loader:
    """Puts a rulebook together from a folder, and from what it builds on."""

    def __init__(self, folder: Folder, base: Base | None) -> None:
        self.folder, self.base = folder, base
        self.beneath = base.rulebook if base else Rulebook(Vocabulary({}), (), {}, {})

    def load(self) -> Rulebook:
        """Return what could be read; the problems are in the folder."""
        if not self.folder.root.is_dir():
            self.folder.problem(str(self.folder.root), Text("没有这个标准文件夹", "there is no such standards folder"))
            return Rulebook(Vocabulary({}), (), {}, {})
        self.folder.digest.update(self.beneath.fingerprint.encode())
        own = {words.id: words for words in map(self.word_list, self.folder.files("lists")) if words}
        lists = {**self.beneath.lists, **own}
        self.folder.list_names = set(lists) | self.folder.unread  # an unread list is complained of once
        vocabulary = VocabularyReader(self.folder, self.base).vocabulary()
        entries = sorted(self.folder.root.iterdir(), key=lambda e: e.name)
        documents = [entry for entry in entries if entry.is_dir() and self.is_document(entry)]
        if vocabulary is None:  # without sound kinds nothing else can be understood, but much can be told
            for entry in documents:
                check_shapes(self.folder, entry)
            return Rulebook(Vocabulary({}), (), {}, {})
        standards = tuple(
            standard for entry in documents if (standard := DocumentReader(self.folder, vocabulary, entry).standard())
        )
        every = (*self.beneath.standards, *standards)
        if not self.folder.problems:  # a rule that could not be read is missed only once
            self.check_ids(standards, every)
        industries = read_industries(self.folder, {standard.id: standard for standard in every}, self.base)
        version = read_version(self.folder)
        return Rulebook(
            vocabulary,
            self.in_order(every),
            MappingProxyType(lists),
            industries,
            self.folder.digest.hexdigest(),
            f"{self.beneath.version}+{self.base.namespace}.{version}" if self.base else version,
        )

    def word_list(self, file: Traversable) -> WordList | None:
        source = self.folder.source(file)
        model = source and self.folder.model(source, models.WordListModel)
        if not source or not model or (self.base and not self.base.owns(self.folder, stem(file), "_", source.where())):
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

    def check_ids(self, standards: Iterable[Standard], every: Iterable[Standard]) -> None:
        """Note what `near` of the rules in *standards* names that is no rule of *every* document."""
        rules = {rule.id for s in every for clause in s.clauses for rule in clause.rules}
        for standard in standards:
            for clause in standard.clauses:
                for rule in clause.rules:
                    for n, near in enumerate(rule.near):
                        if near not in rules:
                            close = nearest(near, rules)
                            self.folder.problem(
                                self.place_of_near(clause, rule, n),
                                Text(
                                    f"near 里的“{near}”不是已有的规则" + (f"，是不是“{close}”？" if close else ""),
                                    f"near names “{near}”, which is no rule"
                                    + (f"; did you mean “{close}”?" if close else ""),
                                ),
                            )

    def place_of_near(self, clause: Clause, rule: Rule, n: int) -> str:
        """Return the place of the id that stands *n*th in `near` of a *rule*."""
        source = self.folder.sources[clause.path]
        rules = (("rules", i) for i in range(len(source.data["rules"])))
        path = next(path for path in rules if source.where((*path, "id")) == rule.where)
        return source.where((*path, "near", n))

    def is_document(self, place: Traversable) -> bool:
        """Return whether *place* is a document's folder; one with clauses but no title is noted."""
        if place.name in _NO_DOCUMENTS or place.name.startswith(("_", ".")):
            return False
        if (place / "standard.yaml").is_file():
            return self.base is None or self.base.owns(self.folder, place.name, "-", shown(place))
        if yaml_files(place):
            self.folder.problem(
                shown(place), Text("有条款文件而没有 standard.yaml", "there are clause files but no standard.yaml")
            )
        return False

    @staticmethod
    def in_order(standards: Iterable[Standard]) -> tuple[Standard, ...]:
        """Return the documents: the judgment standards before those of ordinary duties, each oldest first."""

        def place(standard: Standard) -> tuple[bool, bool, str, str]:
            since = standard.in_force.since
            return not standard.judges_majors, since is None, str(since), standard.id

        return tuple(sorted(standards, key=place))
