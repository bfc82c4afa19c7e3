"""The contestants, one module each.

A module has `NAME`, `PACKAGE` (on PyPI; None for ours), `LACKS` (what it cannot do here, said fairly),
`THREE_VALUED`, and `prepare(rules) -> judge`, where `judge(record)` returns True, False or (where it
can) None for each rule, in order. What it does once for a rule set belongs into `prepare`.
"""

NAMES = (
    "ours", "by_hand", "by_hand_kleene", "zen", "cel_rust", "cel_python", "json_logic", "business_rules_", "rule_engine_",
    "durable", "clips", "experta_", "rego",
)  # fmt: skip
