"""A major hazard from finding to closing: what a ledger takes, and what it does not.

    python examples/closed_loop.py [LEDGER]      (without LEDGER: in memory)

The closing is tried too early on purpose. It is written all the same, with the reason: a ledger that
forgot who tried to close what would be of no use to anybody.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import hazardrules as hr
from hazardrules.lifecycle import telling
from hazardrules.lifecycle.ledger import Ledger
from hazardrules.reading import read_file

HERE = Path(__file__).parent
PLANT, RULE = "示例家具厂", "gongmao-2023-11-06"
FIVE = dict.fromkeys(("responsibility", "measures", "funds", "time_limit", "plan"), "是")


FIRST = read_file(HERE / "wood_workshop.yaml").data
SECOND = read_file(HERE / "closed-loop/wood_workshop_after.yaml").data


def main(path: str = ":memory:") -> None:
    """Open what the first inspection found, put one of it right, and close it by the second inspection."""
    first, second = (hr.classify(data, industry="dust_explosion") for data in (FIRST, SECOND))
    with Ledger(path, create=True) as ledger:
        opened = ledger.open(first, enterprise=PLANT, by="检查组", at="2026-03-12 10:00")
        hazard = next(o.event.hazard for o in opened if o.event.facts["rule"] == RULE)
        assert hazard is not None

        def record(kind: str, at: str, by: str, **facts: Any) -> None:
            data = {"kind": kind, "at": at, "by": by, "enterprise": PLANT, "hazard": hazard, "facts": facts}
            (outcome,) = ledger.record(data)
            print(telling.event_line(ledger.chart, outcome.event, "zh"))
            if outcome.why:
                print(f"  没有生效：{outcome.why.zh}")

        record("assigned", "2026-03-12 14:00", "厂长", to="李四", due="2026-03-31")
        record("fulfilled", "2026-03-13 09:00", "李四", evidence="整改方案第3号", **FIVE)
        record("submitted", "2026-03-26 16:00", "李四")
        record("closed", "2026-03-26 16:30", "李四")  # nobody has looked yet
        ledger.examine(hazard, SECOND, by="王五", at="2026-03-27 10:00", industry="dust_explosion")
        record("closed", "2026-03-27 15:00", "王五", evidence="复查记录")

        print("\n从头到尾：")
        for told in ledger.history(hazard, datetime(2026, 4, 1)):
            print(telling.told_line(ledger.chart, told, "zh"))
        print(f"\n摘要（记在别处，以后核对）：{ledger.replay().head}")
    print(f"\n两次检查比较：\n{hr.compare(first, second)}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
