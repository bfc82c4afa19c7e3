"""Tell major accident hazards (重大事故隐患) from ordinary ones, and cite the clause that says so.

import hazardrules as hr

result = hr.classify({"dust_system": [...]}, industry="dust_explosion", on="2026-03-01")
result.level, result.findings, result.open, result.questions()
"""

from typing import TYPE_CHECKING, Any

from .asking import Question
from .classification import Classification
from .classify import Corpus, classify, default, load
from .errors import FactsError, HazardRulesError, StandardsError
from .judge import Verdict
from .results import Citation, Finding, Notice, Open, Subject
from .rules import Level
from .version import VERSION as __version__

if TYPE_CHECKING:
    from .comparing import compare_dates
    from .hazard_source import MajorHazardSource, major_hazard_source
    from .lifecycle.looking_back import compare

#: what few programs want, by the module that has it: imported when it is asked for
_ON_DEMAND = {
    "MajorHazardSource": "hazard_source",
    "compare": "lifecycle.looking_back",
    "compare_dates": "comparing",
    "major_hazard_source": "hazard_source",
}

__all__ = [
    "Citation",
    "Classification",
    "Corpus",
    "FactsError",
    "Finding",
    "HazardRulesError",
    "Level",
    "MajorHazardSource",
    "Notice",
    "Open",
    "Question",
    "StandardsError",
    "Subject",
    "Verdict",
    "__version__",
    "classify",
    "compare",
    "compare_dates",
    "default",
    "load",
    "major_hazard_source",
]


def __getattr__(name: str) -> Any:
    """Return a public name that is imported on demand."""
    if name not in _ON_DEMAND:
        raise AttributeError(f"module 'hazardrules' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_ON_DEMAND[name]}", __name__), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__
