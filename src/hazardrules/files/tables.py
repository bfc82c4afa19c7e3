"""`tables/*.yaml`: figures of other standards that calculations use, frozen for all to share."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from .. import models
from .folder import Folder, stem


def read_tables(folder: Folder) -> Mapping[str, Any]:
    """Return the data of each file by its name; one whose content has a model is checked against it."""
    found: dict[str, Any] = {}
    for file in folder.files("tables"):
        source = folder.source(file)
        if source is None:
            continue
        name, data = stem(file), source.data
        if kind := models.TABLES.get(name):
            model = folder.model(source, kind)
            if model is None:
                continue
            data = model.model_dump(by_alias=True)
        found[name] = _frozen(data)
    return MappingProxyType(found)


def _frozen(data: Any) -> Any:
    if isinstance(data, dict):
        return MappingProxyType({key: _frozen(value) for key, value in data.items()})
    return tuple(map(_frozen, data)) if isinstance(data, list) else data
