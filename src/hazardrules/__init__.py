"""Tell major accident hazards (重大事故隐患) from ordinary ones, and cite the clause that says so.

import hazardrules as hr

result = hr.classify({"dust_system": [...]}, industry="dust_explosion", on="2026-03-01")
result.level, result.findings, result.open, result.questions()
"""

from .asking import Question
from .classification import Classification
from .classify import Corpus, classify, default, load
from .comparing import compare_dates
from .errors import FactsError, HazardRulesError, StandardsError
from .hazard_source import MajorHazardSource, major_hazard_source
from .judge import Verdict
from .results import Citation, Finding, Notice, Open, Subject
from .rules import Level
from .version import VERSION as __version__

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
    "compare_dates",
    "default",
    "load",
    "major_hazard_source",
]
