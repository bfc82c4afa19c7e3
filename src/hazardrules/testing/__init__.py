"""Tests for standards of one's own: strategies that draw records, laws, and ready-made properties.

    from hazardrules.testing import properties

    TestStandards = properties("my/standards")

Needs Hypothesis: `pip install 'hazardrules[testing]'`. `docs/testing.md` is the guide.
"""

from importlib.util import find_spec

from ..errors import HazardRulesError, Problem
from ..texts import Text

if find_spec("hypothesis") is None:
    raise HazardRulesError([
        Problem(
            "hazardrules.testing",
            Text(
                "要用 Hypothesis：运行 pip install 'hazardrules[testing]'",
                "needs Hypothesis: run pip install 'hazardrules[testing]'",
            ),
        )
    ])  # fmt: skip

from . import laws
from .contradictions import consistent
from .otherwise import reordered, respelled, subjects_in
from .strategies import facts, histories, hostile_facts, hostile_records, records, subjects
from .suite import properties, standards
from .telling import BrokenLawError, as_yaml
from .writing import Sketch

__all__ = [
    "BrokenLawError",
    "Sketch",
    "as_yaml",
    "consistent",
    "facts",
    "histories",
    "hostile_facts",
    "hostile_records",
    "laws",
    "properties",
    "records",
    "reordered",
    "respelled",
    "standards",
    "subjects",
    "subjects_in",
]
