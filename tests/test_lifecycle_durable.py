"""durable-rules: what it does when used plainly, and that our engine on top of it does not.

Each habit of the library is shown by itself, in a process of its own that may crash, hang or use
up its memory, and beside it stands what keeps it away from a ledger.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import strategies
from hazardrules import HazardRulesError
from hazardrules.cli import main
from hazardrules.compiled import truth_of
from hazardrules.expr import Call, Const, Each, Expr, Fact, walk
from hazardrules.lifecycle import engines
from hazardrules.lifecycle.chart_file import load, shipped
from hazardrules.lifecycle.charts import HAZARD, Chart, Correlation, Guard, Transition, Within
from hazardrules.lifecycle.comparisons import MOST, Comparison, NotPlainError, Numbers
from hazardrules.lifecycle.courses import Track
from hazardrules.lifecycle.engine import Signal
from hazardrules.lifecycle.events import Event
from hazardrules.lifecycle.ledger import Ledger
from hazardrules.lifecycle.machine import Machine
from hazardrules.lifecycle.pictures import picture
from hazardrules.lifecycle.ruleset import NUMBERS, RULES, Ruleset
from hazardrules.texts import Text
from lifecycle_stories import FIVE, THE_HAZARD, event, found, stories, told, whole_way
from test_layers import MODULES, third_party

pytestmark = [
    pytest.mark.skipif(sys.version_info >= (3, 13), reason="the library cannot be imported from Python 3.13 on"),
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp"),  # its own, from Python 3.12 on
]

UNTIL = datetime(2026, 6, 1)


@pytest.fixture
def durable() -> Any:
    return engines.engine("durable")


@contextmanager
def calls() -> Iterator[list[tuple[str, Any]]]:
    """Give every call of the library's inner functions, with the message of those that have one."""
    import durable_rules_engine

    made: list[tuple[str, Any]] = []

    def spied(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            made.append((name, json.loads(args[1]) if name == "assert_fact" else None))
            return function(*args)

        return call

    with pytest.MonkeyPatch.context() as monkeypatch:
        for name, function in vars(durable_rules_engine).copy().items():
            if callable(function) and not isinstance(function, type):
                monkeypatch.setattr(durable_rules_engine, name, spied(name, function))
        yield made


# ----------------------------------------------------------------------------- the library by itself

PLAIN = """
from durable import engine

fired = []

def rules(**all):
    return engine.Ruleset("plain", None, {
        name: {"all": rule, "run": (lambda name: lambda c: fired.append(name))(name)} for name, rule in all.items()})

def tell(ruleset, how="assert_fact", **message):
    fired.clear()
    outcome = []
    handle = getattr(ruleset, how)({"id": "a", "sid": "0", **message})
    ruleset.do_actions(handle, lambda error, state: outcome.append((error, state)))
    return outcome
"""


def plainly(code: str, *, seconds: float = 20, filled: int = 0) -> str:
    """Return what *code* prints in a process of its own: "hangs" or "crashes" where it comes to no end.

    The memory that the library is given is *filled*, as in a process that has run for long.
    """
    script = PLAIN + textwrap.dedent(code)
    environment = {**os.environ, "MALLOC_PERTURB_": str(filled)}
    command = [sys.executable, "-W", "ignore", "-c", script]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return "hangs"
    if done.returncode < 0:
        return "crashes"
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_plainly_null_counts_as_known_and_unknown_as_no() -> None:
    said = plainly("""
        r = rules(known=[{"m": {"$ex": {"x": 1}}}], no=[{"m": {"$and": [{"t": 1}, {"$nex": {"x": 1}}]}}], t=[{"m": {"t": 1}}])
        for n, message in enumerate(({"x": None}, {}, {"x": False})):
            tell(r, t=1, id=str(n), **message); print("known" in fired, "no" in fired)
        """)
    assert said.splitlines() == ["True False", "False True", "True False"]


def test_plainly_what_is_missing_on_the_right_lets_through() -> None:
    said = plainly("""
        r = rules(less=[{"m": {"$lt": {"a": {"$m": "b"}}}}], t=[{"m": {"t": 1}}])
        tell(r, t=1, a=1, b=0, id="1"); print("less" in fired)
        tell(r, t=1, a=1, id="2"); print("less" in fired)
        """)
    assert said.splitlines() == ["False", "True"]


def test_plainly_any_text_is_more_than_a_number() -> None:
    said = plainly("""
        r = rules(more=[{"m": {"$gt": {"x": 10}}}], same=[{"m": {"x": 5}}], one=[{"m": {"x": 1}}], t=[{"m": {"t": 1}}])
        for n, x in enumerate(("9", "abc", "5", True)):
            tell(r, t=1, x=x, id=str(n)); print(*fired)
        """)
    assert said.splitlines() == ["more t", "more t", "more same t", "one t"]


def test_plainly_a_large_number_is_another() -> None:
    said = plainly("""
        r = rules(same=[{"m": {"x": 9223372036854775807}}], t=[{"m": {"t": 1}}])
        tell(r, t=1, x=2**70); print(*fired)
        """)
    assert said == "same t"


def test_plainly_every_part_of_an_empty_list_is_not() -> None:
    said = plainly("""
        r = rules(every=[{"m": {"$iall": {"parts": {"$gt": {"$i": 3}}}}}], t=[{"m": {"t": 1}}])
        tell(r, t=1, parts=[4], id="1"); print(*fired)
        tell(r, t=1, parts=[], id="2"); print(*fired)
        """)
    assert said.splitlines() == ["every t", "t"]


def test_plainly_an_event_fires_but_one_of_its_rules() -> None:
    said = plainly("""
        r = rules(first=[{"m": {"t": 1}}], second=[{"m": {"t": 1}}], third=[{"m": {"t": 1}}])
        tell(r, "assert_event", t=1, id="1"); print(*fired)
        tell(r, "assert_fact", t=1, id="2"); print(*fired)
        """)
    assert said.splitlines() == ["first", "first second third"]


def test_plainly_one_message_that_meets_more_than_64_rules_fails() -> None:
    said = plainly("""
        for n in (64, 65):
            r = rules(**{f"r{k}": [{"m": {"$and": [{"t": 1}, {"$ex": {f"f{k}": 1}}]}}] for k in range(n)})
            try:
                tell(r, t=1, **{f"f{k}": 1 for k in range(n)}); print(len(fired))
            except Exception as error:
                print(error)
        """)
    assert said.splitlines() == ["64", "Could not assert fact, error code: 303"]


def test_plainly_too_many_rules_hang() -> None:
    code = """
        r = rules(**{{f"r{{k}}": [{{"m": {{"t": k}}}}] for k in range({n})}})
        try:
            tell(r, t=3); print(*fired)
        except Exception as error:
            print(error)
        """
    assert plainly(code.format(n=RULES)) == "r3"
    assert plainly(code.format(n=RULES + 1), seconds=3) != "r3"  # fails, or hangs
    assert plainly(code.format(n=600), seconds=3) == "hangs"


def test_plainly_more_than_1024_contexts_fail() -> None:
    said = plainly("""
        r = rules(t=[{"m": {"t": 1}}])
        try:
            for n in range(1100):
                tell(r, t=1, sid=f"s{n}")
        except MemoryError:
            print(n)
        """)
    assert said == "1024"


def test_plainly_what_an_action_raises_is_swallowed() -> None:
    said = plainly("""
        def fails(c):
            raise ValueError("lost")
        r = engine.Ruleset("plain", None, {"t": {"all": [{"m": {"t": 1}}], "run": fails}})
        ((error, state),) = tell(r, t=1)
        print(error, "lost" in state["exception"])
        """)
    assert said == "None True"


def test_plainly_a_name_is_taken_once_and_two_threads_run_ever_after() -> None:
    said = plainly("""
        import threading
        host = engine.Host()
        for _ in range(2):
            try:
                host.register_rulesets({"a": {"t": {"all": [{"m": {"t": 1}}], "run": lambda c: None}}})
            except Exception as error:
                print(error)
        print(threading.active_count())
        """)
    assert said.splitlines() == ["Ruleset with name a already registered", "3"]


def test_plainly_those_threads_crash_once_a_context_was_deleted() -> None:
    said = plainly("""
        import time
        host = engine.Host({"a": {"t": {"all": [{"m": {"t": 1}}], "run": lambda c: None}}})
        for n in range(300):
            host.assert_fact("a", {"t": 1, "id": "a", "sid": f"s{n}"})
        for n in range(100):
            host.delete_state("a", f"s{n}")
        time.sleep(1.5)
        """)
    assert said == "crashes"


def test_plainly_time_is_that_of_the_process() -> None:
    said = plainly("""
        import time
        due = [{"set": {"$timerName": "due"}}, {"timeout": {"$gte": {"$time": {"set": "$baseTime"}}}}]
        host = engine.Host({"a": {"due": {"all": due, "run": lambda c: fired.append("due")},
                                  "t": {"all": [{"m": {"t": 1}}], "run": lambda c: c.start_timer("due", 1)}}})
        host.assert_fact("a", {"t": 1, "at": "2026-03-01", "id": "a", "sid": "0"})
        host.assert_fact("a", {"t": 1, "at": "2036-03-01", "id": "b", "sid": "0"})
        print(len(fired))
        time.sleep(2.5)
        print(len(fired) > 0)
        """)
    assert said.splitlines() == ["0", "True"]


def test_plainly_two_names_with_one_hash_are_one() -> None:
    said = plainly("""
        r = rules(t=[{"m": {"t": 1}}], both=[{"first": {"t": 1}}, {"second": {"t": 2}}])
        tell(r, t=1, id="40186")
        try:
            tell(r, t=1, id="797189")
        except Exception as error:
            print(error.message)
        tell(r, t=1, id="c", sid="40186")
        tell(r, t=2, id="d", sid="797189")
        print(*fired)
        """)
    seen, mixed = said.splitlines()
    assert "already been observed" in seen
    assert mixed == "both"  # of two contexts


def test_plainly_a_rule_of_a_negation_fires_without_end() -> None:
    said = plainly("""
        import os
        def count(c):
            fired.append(1)
            if len(fired) == 5000:
                print("on and on", flush=True)
                os._exit(0)
        r = engine.Ruleset("plain", None, {"r": {"all": [{"m": {"$nex": {"done": 1}}}], "run": count}})
        tell(r, t=1)
        print("came to an end")
        """)
    assert said == "on and on"


def test_plainly_an_or_makes_a_comparison_hold() -> None:
    said = plainly("""
        r = rules(r=[{"first": {"t": 1}}, {"second": {"$and": [{"$or": [{"t": 2}, {"t": 3}]}, {"k": {"first": "k"}}]}}])
        tell(r, t=1, k=1, id="1")
        tell(r, t=2, k=99, id="2")
        print(*fired)
        """)
    assert said == "r"


def test_plainly_when_the_clock_leaps_the_other_rules_are_lost() -> None:
    """The library drops an action that took ten seconds by the clock, and what was to come after it."""
    said = plainly("""
        clock = [0.0]
        engine._unix_now = lambda: clock[0]
        def leaps(c):
            fired.append("first")
            clock[0] += 11
        r = engine.Ruleset("plain", None, {"first": {"all": [{"m": {"t": 1}}], "run": leaps},
                                           "second": {"all": [{"m": {"t": 1}}], "run": lambda c: fired.append("second")}})
        print(tell(r, t=1, id="1"), *fired)
        print(tell(r, t=1, id="2"), *fired)
        """)
    assert said.splitlines() == ["[] first", "[(None, None)]"]


def test_plainly_what_was_told_is_never_let_go() -> None:
    said = plainly("""
        def pages():
            return int(open("/proc/self/statm").read().split()[1])
        r = rules(t=[{"m": {"t": 1}}])
        before = pages()
        for n in range(5000):
            tell(r, t=1, id=f"f{n}")
        print((pages() - before) * 4096 // 5000)
        """)
    assert int(said) > 5000  # bytes a fact


glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc fills memory for these tests")


@glibc
@pytest.mark.parametrize("more", ['{"$gt": {"d": {"first": "d"}}}', '{"k": {"first": "k"}}, {"$gt": {"d": {"first": "d"}}}'])
def test_plainly_a_comparison_that_does_not_stand_alone_reads_beyond_the_rule(more: str) -> None:
    code = f"""
        two = [{{"first": {{"t": 1}}}}, {{"second": {{"$and": [{{"t": 2}}, {more}]}}}}]
        r = rules(a=two, b=two, c=two)
        for n in range(30):
            tell(r, t=1, k=1, d=5, id=f"a{{n}}")
            tell(r, t=2, k=1, d=n % 9, id=f"b{{n}}")
        """
    assert "crashes" in {plainly(code, filled=byte) for byte in (165, 10, 77)}


@glibc
def test_plainly_deleting_a_context_that_fired_nothing_frees_what_is_not_its_own() -> None:
    code = """
        r = rules(r=[{"first": {"t": 1}}, {"second": {"t": 2}}])
        tell(r, t=1)
        r.delete_state("0")
        """
    assert plainly(code, filled=165) == "crashes"


@glibc
def test_nothing_is_read_that_was_not_written() -> None:
    """The adapter's own rules, over memory of any content; tests/heavy/test_durable_memory.py looks closer."""
    code = f"""
        import sys
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from hazardrules.lifecycle import engines
        from lifecycle_stories import event, found, told, whole_way
        again = [found("2026-06-01 08:00", fingerprint="f5"), found("2026-06-02 08:00", subject="x", fingerprint="f6")]
        devices = [event(f"device_{{kind}}", f"2026-03-0{{n}}", facts={{"subject": "x"}}) for n, kind in
                   enumerate(["bypassed", "reset", "bypassed"], 1)]
        events = [*whole_way(), *again, *devices]
        print(told(engines.engine("durable"), *events) == told(engines.engine("python"), *events))
        """
    assert {plainly(code, filled=byte) for byte in (165, 10, 77)} == {"True"}


# ----------------------------------------------------------------------------- what goes into it


@given(story=stories)
@strategies.examples(30)
def test_only_whole_numbers_and_our_own_words_go_in(story: list[Event]) -> None:
    """No null, text, decimal, event, name of a user's; one context; nothing is taken back; no timer is set."""
    with calls() as made:
        picture(shipped(), story, engines.engine("durable"))
    allowed = {"assert_fact", "start_action_for_state", "update_state", "complete_and_start_action", "delete_state"}
    assert {name for name, _ in made} <= allowed | {"create_ruleset", "delete_ruleset"}
    for message in (message for name, message in made if name == "assert_fact"):
        what, name, context = message.pop("what", None), message.pop("id"), message.pop("sid")
        assert what in (None, "event", "clock", "count", "sequence")
        assert (name == "asked" if what else name.startswith("r")) and context == "0"
        assert {type(value) for value in message.values()} == {int}


def test_the_names_of_what_goes_in_have_hashes_of_their_own() -> None:
    """It knows names by a hash of 32 bits and nothing else."""
    words = "what on state id sid $s correlation kind day alike now n moment last like expects asked remembered".split()
    numbers = [f"{letter}{n}" for letter in "fbm" for n in range(NUMBERS)]
    facts = [f"r{n}" for n in range(20_000)]
    assert len({fnv(name) for name in [*words, *numbers]}) == len(words) + len(numbers)
    assert len({fnv(name) for name in facts}) == len(facts)
    assert fnv("40186") == fnv("797189")  # this is the hash


def fnv(name: str) -> int:
    found = 0x811C9DC5
    for byte in name.encode():
        found = (found ^ byte) * 16777619 & 0xFFFFFFFF
    return found


def test_every_rule_is_a_conjunction_or_one_comparison_that_stands_alone() -> None:
    rules = Ruleset(shipped()).rules
    assert len(rules) > 50
    for name, rule in rules.items():
        asked, *remembered = (next(iter(message.values())) for message in rule.messages)
        for part in asked.get("$and", [asked]):
            ((key, value),) = part.items()
            assert key[0] != "$" or (key in ("$ex", "$neq", "$lt", "$lte", "$gt", "$gte") and len(value) == 1), name
        for one in remembered:
            ((key, value),) = one.items()
            assert key in ("moment", "last", "like", "expects") or next(iter(value)) in ("moment", "last"), name


def test_the_library_runs_no_thread(durable: Any) -> None:
    before = threading.active_count()
    told(durable, *whole_way())
    assert threading.active_count() == before


def test_threads_may_share_an_engine(durable: Any) -> None:
    telling = [whole_way(), whole_way(close=False), [found()], whole_way(verdict="待定")] * 6
    with ThreadPoolExecutor(8) as pool:
        pictures = list(pool.map(lambda events: told(durable, *events), telling))
    assert pictures == [told(Machine(), *events) for events in telling]


def test_memory_is_given_back(durable: Any) -> None:
    events = [found(), event("assigned", "2026-03-01 09:00", facts={"to": "李四", "due": "2026-03-02"})]

    def pages() -> int:
        gc.collect()
        return int(Path("/proc/self/statm").read_text().split()[1])

    def follow(times: int) -> None:
        for _ in range(times):
            durable.follow(shipped(), events, UNTIL)

    follow(200)
    before = pages()
    follow(1500)  # more than 1024, which are the most contexts that it can hold
    assert (pages() - before) * 4096 < 4_000_000


def test_an_engine_can_follow_several_charts_in_turn(durable: Any) -> None:
    other = replace(shipped(), transitions=tuple(t for t in shipped().transitions if t.on != "assigned"))
    for chart in (shipped(), other) * 3:
        assert told(durable, *whole_way(), chart=chart) == told(Machine(), *whole_way(), chart=chart)


def test_of_transitions_that_fit_the_first_is_taken(durable: Any) -> None:
    chart = shipped()
    first = next(t for t in chart.transitions if t.on == "started")
    chart = replace(chart, transitions=(*chart.transitions, replace(first, to="withdrawn")))
    assert told(durable, found(), event("started", "2026-03-01 09:00"), chart=chart).courses[THE_HAZARD].state == "rectifying"


def test_parameters_need_no_new_rules(durable: Any) -> None:
    longer = event("parameter", "2026-02-01", facts={"parameter": "assign_days", "value": 30})
    with calls() as made:
        told(durable, longer, *whole_way())
        told(durable, *whole_way())
    assert [name for name, _ in made].count("create_ruleset") == 1


def test_the_rules_of_a_chart_are_given_back() -> None:
    with calls() as made:
        for _ in range(3):
            told(engines.engine("durable"), *whole_way())
            gc.collect()
    assert [name for name, _ in made].count("delete_ruleset") == 3


# ----------------------------------------------------------------------------- what goes wrong in it


def test_what_goes_wrong_inside_it_is_told(durable: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from hazardrules.lifecycle import durable as module

    class Failing(dict[str, Any]):
        def __init__(self, _: Any) -> None: ...

        def __missing__(self, key: str) -> Any:
            raise ValueError("lost")

    monkeypatch.setattr(module, "defaultdict", Failing)
    with pytest.raises(HazardRulesError) as failed:
        durable.follow(shipped(), [found()], UNTIL)
    assert "lost" in failed.value.say()
    assert "再试一次，或者用引擎 python" in failed.value.say()
    assert "try again, or use the engine “python”" in failed.value.say("en")
    monkeypatch.undo()
    assert durable.follow(shipped(), [found()], UNTIL).state == "found"


def test_a_clock_that_leaps_is_told_and_nothing_is_lost(durable: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import durable.engine as library

    clock = iter(range(0, 10**6, 11))
    monkeypatch.setattr(library, "_unix_now", lambda: next(clock))
    with pytest.raises(HazardRulesError, match="the last rule was not heard"):
        durable.follow(shipped(), [found()], UNTIL)
    monkeypatch.undo()
    assert durable.follow(shipped(), [found()], UNTIL).state == "found"


def test_an_error_of_the_library_is_told_in_our_words(durable: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import durable_rules_engine

    def full(*_: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(durable_rules_engine, "start_action_for_state", full)
    with pytest.raises(HazardRulesError, match="durable-rules 没有做完"):
        durable.follow(shipped(), [found()], UNTIL)
    monkeypatch.undo()
    assert durable.follow(shipped(), [found()], UNTIL).state == "found"  # nothing is left of what was told before


def test_a_replay_by_either_engine_gives_the_same_digest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = str(tmp_path / "hazards.ledger")
    with Ledger(ledger, engine="durable", create=True) as book:
        book.log.append(whole_way(close=False))
        assert book.course(THE_HAZARD).state == "submitted"
    said = []
    for engine in engines.NAMES:
        assert main(["ledger", "replay", "--ledger", ledger, "--engine", engine, "--json"]) == 0
        said.append(json.loads(capsys.readouterr().out))
    assert [one.pop("engine") for one in said] == list(engines.NAMES)
    assert said[0] == said[1]


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "durable.engine", None)
    monkeypatch.delitem(sys.modules, "hazardrules.lifecycle.durable", raising=False)
    with pytest.raises(HazardRulesError) as missing:
        engines.engine("durable")
    for said in (missing.value.say(), missing.value.say("en")):
        assert said.startswith("--engine: ")
        assert "pip install 'hazardrules[durable]'" in said
        assert "Python 3.12" in said
    assert isinstance(engines.engine("python"), Machine)


def test_only_the_adapter_imports_the_library() -> None:
    importing = {name for name in MODULES if {"durable", "durable_rules_engine"} & third_party(name)}
    assert importing == {"lifecycle.durable"}


# ----------------------------------------------------------------------------- what it cannot take


def guard(condition: Expr, chart: Chart | None = None) -> Guard:
    return Guard(condition, truth_of(condition, (chart or shipped()).vocabulary, HAZARD))


def guarded(condition: Expr, chart: Chart | None = None, **more: Any) -> Chart:
    """Return the chart in which a found hazard is reported only under *condition*."""
    chart = chart or shipped()
    kept = [t for t in chart.transitions if t.on != "reported"]
    one = Transition(len(kept), "reported", frozenset({"found"}), "assigned", guard(condition, chart), **more)
    return replace(chart, transitions=(*kept, one))


YES_NO = ["responsibility", "measures", "funds", "time_limit", "plan", "accepted", "removed", "reported", "told_staff"]


def test_as_many_cases_as_it_bears_are_taken(durable: Any) -> None:
    three = Call("at_least", (Const(3), *map(Fact, YES_NO[:8])))
    chart = guarded(three)
    assert len(Numbers(chart.vocabulary).alternatives(three)) == 56
    facts = {**FIVE, "evidence": "照片"}
    events = [found(), event("fulfilled", "2026-03-01 09:00", facts=facts), event("reported", "2026-03-01 10:00", facts={"body": "某"})]
    assert told(durable, *events, chart=chart).courses[THE_HAZARD].state == "assigned"
    assert told(durable, events[0], events[2], chart=chart).courses[THE_HAZARD].state == "found"


def refusal(durable: Any, chart: Chart) -> HazardRulesError:
    with pytest.raises(HazardRulesError) as refused:
        durable.follow(chart, [found()], UNTIL)
    Machine().follow(chart, [found()], UNTIL)  # the twin takes it
    return refused.value


def test_a_guard_with_too_many_cases_is_refused_by_name(durable: Any) -> None:
    chart = guarded(Call("at_least", (Const(4), *map(Fact, YES_NO))))
    refused = refusal(durable, chart)
    assert refused.say() == (
        f"transitions[{len(chart.transitions) - 1}].when: durable-rules 做不到：各个“或”展开以后多于 {MOST} 种情形；用引擎 python"
    )
    assert f"with every “or” written out there are more than {MOST} cases; use the engine “python”" in refused.say("en")


def test_too_many_cases_of_one_event_are_refused_by_name(durable: Any) -> None:
    thirty = guarded(Call("at_least", (Const(3), *map(Fact, YES_NO[:7]))))  # 35
    chart = replace(thirty, transitions=(*thirty.transitions, thirty.transitions[-1]))
    refused = refusal(durable, chart)
    assert refused.say() == "transitions[reported, found]: durable-rules 做不到：同一个事件要比 70 种情形，最多 60 种；用引擎 python"
    assert "one event has 70 cases to be compared with, and 60 are the most" in refused.say("en")


def test_too_many_rules_are_refused_by_name(durable: Any) -> None:
    chart = shipped()
    more = [replace(t, on=kind) for t in chart.transitions for kind in chart.events if chart.events[kind].about == HAZARD]
    refused = refusal(durable, replace(chart, transitions=tuple(more)))
    assert f"最多 {RULES} 条；用引擎 python" in refused.say()
    assert "transitions: durable-rules cannot do this: written as rules it comes to" in refused.say("en")


def test_guards_that_read_too_much_are_refused_by_name(durable: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from hazardrules.lifecycle import ruleset

    monkeypatch.setattr(ruleset, "NUMBERS", 5)
    refused = refusal(durable, shipped())
    assert "条件一共要看" in refused.say() and "最多 5 个" in refused.say()
    assert "numbers in all, and 5 are the most" in refused.say("en")


@pytest.mark.parametrize(
    "condition",
    [
        Call("gt", (Fact("value"), Const(3))),
        Call("not", (Call("any", (Fact("removed"), Call("eq", (Const(3), Fact("value"))))),)),
        Call("le", (Call("times", (Const(2), Fact("value"))), Fact("value"))),
        Each("value", Fact("removed"), 1),
    ],
)
def test_what_is_no_plain_comparison_is_refused_by_name(condition: Expr) -> None:
    with pytest.raises(NotPlainError) as refused:
        Numbers(shipped().vocabulary).alternatives(condition)
    assert refused.value.message == (
        "只能比较是否、词和日期，“value”不是",
        "only yes/no, words and dates can be compared, and “value” is none of them",
    )


def test_every_problem_of_a_chart_is_named_at_once(durable: Any, tmp_path: Path) -> None:
    """A folder of one's own: numbers in a guard of a transition and in one of a correlation."""
    text = next((Path(__file__).parents[1] / "standards" / "lifecycle").glob("*.yaml")).read_text(encoding="utf-8")
    assert text.count("    where: under_law\n") == 2
    text = text.replace("    applies: level == 重大\n", "    applies: value > 3\n", 1).replace("    where: under_law\n", "    where: value < 3\n", 1)
    (tmp_path / "lifecycle").mkdir()
    (tmp_path / "lifecycle" / "own.yaml").write_text(text, encoding="utf-8")
    own = load(tmp_path)
    changed = next(n for n, t in enumerate(own.transitions) if t.guard and Fact("value") in walk(t.guard.condition))
    refused = refusal(durable, own).say("en").splitlines()
    assert [line.partition(":")[0] for line in refused] == [
        f"transitions[{changed}].when", "correlations[penalties_180_days].where",
    ]  # fmt: skip
    assert all("and “value” is none of them; use the engine “python”" in line for line in refused)


# ----------------------------------------------------------------------------- laws on random charts

DAYS = [date(2026, 3, 1), date(2026, 3, 2), date(2026, 4, 1)]
DATES = ["due", "inspected_on"]
VERDICTS = list(shipped().facts["verdict"].values)



def alternatives(condition: Expr) -> int:
    """Return how many alternatives a condition has."""
    try:
        return len(Numbers(shipped().vocabulary).alternatives(condition))
    except NotPlainError:
        return 10**6


yes_no = st.sampled_from([*map(Fact, YES_NO[:4])])
days = st.sampled_from(DATES).map(Fact) | st.builds(
    lambda name, n, period: Call("later", (Fact(name), Const(n), Const(period))),
    st.sampled_from(DATES),
    st.integers(0, 2),
    st.sampled_from(["days", "months", "years"]),
)
leaves = (
    yes_no
    | st.builds(lambda op, word: Call(op, (Fact("verdict"), Const(word))), st.sampled_from(["eq", "ne"]), st.sampled_from(VERDICTS))
    | st.builds(
        lambda op, words: Call(op, (Fact("verdict"), Const(frozenset(words)))),
        st.sampled_from(["in", "not_in"]),
        st.lists(st.sampled_from(VERDICTS), min_size=1, max_size=4),
    )
    | st.builds(
        lambda op, left, right, turned: Call(op, (right, left) if turned else (left, right)),
        st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"]),
        days,
        days | st.sampled_from(DAYS).map(Const),
        st.booleans(),
    )
)
conditions = st.recursive(
    leaves,
    lambda inner: st.builds(lambda part: Call("not", (part,)), inner)
    | st.builds(lambda op, parts: Call(op, tuple(parts)), st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3))
    | st.lists(inner, min_size=2, max_size=3).map(lambda parts: Call("at_least", (Const(2), *parts))),
    max_leaves=6,
).filter(lambda condition: alternatives(condition) <= MOST // 2)
facts = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(YES_NO[:4], st.booleans()),
        **dict.fromkeys(DATES, st.sampled_from(DAYS)),
        "verdict": st.sampled_from(VERDICTS),
    },
)


def holds(comparison: Comparison, numbers: dict[str, int]) -> bool:
    left = numbers.get(comparison.left)
    right = numbers.get(comparison.right) if isinstance(comparison.right, str) else comparison.right
    if left is None or right is None:
        return False
    ordered = {"eq": left == right, "ne": left != right, "lt": left < right, "le": left <= right, "gt": left > right}
    return comparison.op == "known" or {**ordered, "ge": left >= right}[comparison.op]


@given(condition=conditions, known=facts)
@strategies.examples(300)
def test_the_comparisons_say_what_the_guard_says(condition: Expr, known: dict[str, Any]) -> None:
    chart = shipped()
    numbers = Numbers(chart.vocabulary)
    several = numbers.alternatives(condition)
    plain = any(all(holds(one, numbers.of(known)) for one in together) for together in several)
    assert plain == guard(condition).lets_through(chart.row(known))


@given(condition=conditions, known=facts, begins=st.booleans())
@strategies.examples(100)
def test_the_library_says_what_the_guard_says(condition: Expr, known: dict[str, Any], begins: bool) -> None:
    chart = guarded(condition, begins=begins)
    stated = Event("x", "reported", datetime(2026, 3, 1, 9), "某人", found().enterprise, THE_HAZARD, known)
    courses = [engine.follow(chart, [found(), stated], UNTIL) for engine in (engines.engine("durable"), Machine())]
    assert courses[0] == courses[1]


KINDS = ["opened", "penalty", "fulfilled", "rectify", "assign"]
patterns = st.builds(
    Correlation,
    id=st.just("some"),
    title=st.just(Text("某", "some")),
    form=st.sampled_from(["count", "sequence", "absence"]),
    kinds=st.lists(st.sampled_from(KINDS), min_size=2, max_size=3).map(tuple),
    by=st.sampled_from([("enterprise",), ("enterprise", "subject")]),
    where=st.none() | conditions.map(guard),
    when=st.none() | conditions.map(guard),
    distinct=st.none() | st.sampled_from(["fingerprint", "due"]),
    at_least=st.integers(2, 3),
    within=st.just("repeat_days") | st.builds(Within, st.integers(0, 3), st.sampled_from(["days", "months"])),
    without=st.none() | st.frozensets(st.sampled_from(KINDS), max_size=2),
)


@st.composite
def signalled(draw: st.DrawFn) -> list[Signal]:
    """Draw the signals of one enterprise, in order."""
    some = []
    for n in range(draw(st.integers(0, 14))):
        at = datetime(2026, 3, 1) + timedelta(days=draw(st.integers(0, 40)))
        stated = {**draw(facts), **draw(st.fixed_dictionaries({}, optional={
            "subject": st.sampled_from(["甲", "乙"]), "fingerprint": st.sampled_from(["f1", "f2", '引"号\n'])}))}  # fmt: skip
        some.append(Signal(at, f"e{n}", draw(st.sampled_from(KINDS)), "某厂", None, stated))
    return sorted(some, key=lambda signal: signal.at)


@given(pattern=patterns, signals=signalled(), settings=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 20)), max_size=2))
@strategies.examples(150)
def test_random_patterns_are_the_same(pattern: Correlation, signals: list[Signal], settings: list[tuple[int, int]]) -> None:
    made = [(datetime(2026, 3, 1) + timedelta(days=day), "repeat_days", value) for day, value in sorted(settings)]
    chart = replace(shipped(), correlations=(pattern,)).with_settings(made)
    found = [engine.correlate(chart, signals, UNTIL) for engine in (engines.engine("durable"), Machine())]
    assert found[0] == found[1]


def test_a_track_is_asked_about_with_its_marks() -> None:
    rules = Ruleset(shipped())
    asked = rules.event(Track(shipped(), THE_HAZARD, "某厂"), found())
    assert asked["state"] == 0
    assert {asked[name] for name in rules.marks.values()} == {0}
