"""`industries.yaml`: what users call a field of work, and which clauses belong to it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from .. import models
from ..facts import nearest
from ..reading import Source
from ..rules import Industry, Standard
from ..texts import Text
from .additions import Base
from .folder import Folder

Part = str | list[str]


def read_industries(folder: Folder, documents: Mapping[str, Standard], base: Base | None) -> Mapping[str, Industry]:
    """Return the industries by id: those of *base*, to which documents may be added, and the folder's own."""
    found: dict[str, Industry] = dict(base.rulebook.industries) if base else {}
    file = folder.root / "industries.yaml"
    source = folder.source(file) if file.is_file() else None
    if source is None:
        return MappingProxyType(found)
    if not isinstance(source.data, dict):
        folder.problem(
            source.where(), Text("应写成“行业: {title, documents}”", "expected “industry: {title, documents}”")
        )
        return MappingProxyType(found)
    for name, data in source.data.items():
        if base and name in base.rulebook.industries:
            industry = _added_to(found[name], folder, base, source, data)
        else:
            industry = _own(name, folder, base, source, data)
        if industry:
            _check_documents(folder, documents, source, name)
            found[name] = industry
    return MappingProxyType(found)


def _own(name: str, folder: Folder, base: Base | None, source: Source, data: Any) -> Industry | None:
    model = folder.model(source, models.IndustryModel, data, (name,))
    if model is None or (base and not base.owns(folder, name, "_", source.where((name,), key=True))):
        return None
    return Industry(name, Text(model.title, model.en or name), _chapters(model.documents))


def _added_to(industry: Industry, folder: Folder, base: Base, source: Source, data: Any) -> Industry | None:
    """Return a shipped *industry* with the folder's own documents, which are all that may be added."""
    model = folder.model(source, models.IndustryAdditionModel, data, (industry.id,))
    if model is None:
        return None
    for document in model.documents:
        if not base.owns(folder, document, "-", source.where((industry.id, "documents", document), key=True)):
            return None
    documents = MappingProxyType({**industry.documents, **_chapters(model.documents)})
    return Industry(industry.id, industry.title, documents)


def _chapters(documents: Mapping[str, Part]) -> Mapping[str, tuple[str, ...] | None]:
    return MappingProxyType({name: None if part == "all" else tuple(part) for name, part in documents.items()})


def _check_documents(folder: Folder, documents: Mapping[str, Standard], source: Source, name: str) -> None:
    for document, part in source.data[name]["documents"].items():
        if document in documents:
            if not folder.unread:
                _check_chapters(folder, documents[document], part, source.where((name, "documents", document)))
        elif not (folder.root / document).is_dir():
            near = nearest(document, documents)
            folder.problem(
                source.where((name, "documents", document), key=True),
                Text(
                    f"没有文件夹“{document}”" + (f"，是不是“{near}”？" if near else ""),
                    f"there is no document “{document}”" + (f"; did you mean “{near}”?" if near else ""),
                ),
            )


def _check_chapters(folder: Folder, document: Standard, part: Part, where: str) -> None:
    chapters = {clause.chapter for clause in document.clauses} | set(document.chapters)
    for chapter in () if part == "all" else part:
        if chapter not in chapters:
            folder.problem(
                where,
                Text(
                    f"{document.id} 没有编号以“{chapter}”开头的条款文件",
                    f"{document.id} has no chapter “{chapter}”",
                ),
            )
