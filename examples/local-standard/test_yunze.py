"""云泽市补充规定的性质测试：在仓库目录里运行 pytest examples/local-standard/test_yunze.py。"""

from hypothesis import given, settings

import hazardrules as hr
from hazardrules.testing import properties, records, standards, subjects_in

FOLDER = "examples/local-standard/yunze_standards"

TestYunze = properties(FOLDER, examples=100)

CORPUS = standards(FOLDER)


@settings(max_examples=500, deadline=None)
@given(records(CORPUS, rule="yunze-2026-04", gaps=False))
def test_the_clause_in_my_own_words(record):
    """第四条：三个充电位以上的室内充电间，通风不起作用的，命中；其余不命中。"""
    verdicts = CORPUS.verdicts(record)
    for path, kind, room in subjects_in(record, CORPUS.vocabulary):
        if kind == "yunze_charging_room" and record["enterprise"]["yunze_located"]:
            meant = room["place"] == "室内" and room["chargers"] >= 3 and room["ventilation"] != "正常"
            assert (verdicts["yunze-2026-04", path] is hr.Verdict.HIT) == meant
