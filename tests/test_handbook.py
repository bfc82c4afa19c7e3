"""The handbook: everything of the standards is on its pages, each page is sound, and it is written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import pytest

import documents
from hazardrules import HazardRulesError, Verdict, explain, forms
from hazardrules.cli import main
from hazardrules.explain import LEVEL_WORDS, VERDICT_WORDS, Line
from hazardrules.facts import FIXED_WORDS
from hazardrules.files import load
from hazardrules.handbook import files, folder, search, site, write
from hazardrules.handbook.pages import GivenView, Site
from hazardrules.handbook.places import Place
from hazardrules.rules import Level, Rulebook
from hazardrules.showing import describe_clause, parts

GOOD = Path(__file__).parent / "bad_standards/good"
ASSETS = Path(__file__).parents[1] / "src/hazardrules/handbook/assets"
HAN = re.compile(r"[\u3400-\u9fff]")
PHRASING = {"a", "button", "code", "input", "label", "mark", "span", "time", "script"}
ONLY = {  # element → what it may hold; of the others nothing is demanded
    "ul": {"li"}, "ol": {"li"}, "dl": {"div"}, "table": {"caption", "thead", "tbody"}, "thead": {"tr"}, "tbody": {"tr"},
    "tr": {"th", "td"}, **dict.fromkeys(["p", "h1", "h2", "h3", "h4", "a", "span", "code", "summary", "dt", "caption", "label", "button"], PHRASING),
}  # fmt: skip


@cache
def rulebook() -> Rulebook:
    return load()


@cache
def shipped() -> Site:
    return site(rulebook())


@cache
def made(lang: str = "zh") -> dict[str, bytes]:
    return files(shipped(), lang)


def pages(found: dict[str, bytes]) -> dict[str, ET.Element]:
    """Return every page as a tree; raises where one is not well-formed."""
    return {name: ET.fromstring(content) for name, content in found.items() if name.endswith(".html")}


@cache
def trees(lang: str = "zh") -> dict[str, ET.Element]:
    return pages(made(lang))


def told(element: ET.Element) -> str:
    """Return the text of an element, its spaces made one."""
    return " ".join("".join(element.itertext()).split())


def by_id(page: ET.Element, name: str) -> ET.Element:
    (found,) = [element for element in page.iter() if element.get("id") == name]
    return found


def with_class(page: ET.Element, tag: str, name: str) -> list[ET.Element]:
    return [element for element in page.iter(tag) if name in (element.get("class") or "").split()]


# --------------------------------------------------------------------------------- what is on the pages


def test_every_clause_rule_and_case_is_in_the_model() -> None:
    standards = {standard.id: standard for standard in rulebook().standards}
    assert [page.standard.id for page in shipped().documents] == list(standards)
    for page in shipped().documents:
        standard = standards[page.standard.id]
        assert [clause.label for clause in page.clauses] == [clause.label for clause in standard.clauses]
        for view, clause in zip(page.clauses, standard.clauses, strict=True):
            assert [rule.rule for rule in view.rules] == list(clause.rules)
            assert bool(view.why) == (not clause.rules)
            for rule in view.rules:
                assert [(case.number, case.expect) for case in rule.cases] == [
                    (number, case.expect) for number, case in enumerate(rule.rule.cases, 1)
                ]
    assert sum(clause.cases for page in shipped().documents for clause in page.clauses) > 5000


@pytest.mark.parametrize("document", [standard.id for standard in load().standards])
def test_every_clause_rule_and_case_is_on_its_page(document: str) -> None:
    (page,) = [page for page in shipped().documents if page.standard.id == document]
    tree = trees()[page.place.page]
    assert told(next(tree.iter("h1"))) == f"《{page.standard.title}》"
    for clause in page.clauses:
        section = by_id(tree, clause.place.anchor)
        assert clause.label in told(section)
        assert (clause.why or "") in told(section)
        codes = [told(code) for mark in with_class(section, "p", "marks") for code in mark.iter("code")]
        assert codes == [view.rule.id for view in clause.rules]
        rows = [row for table in with_class(section, "table", "cases") for row in table.iter("tr")]
        assert len(rows) == clause.cases + sum(bool(view.cases) for view in clause.rules)  # a head each
        links = {link.get("href", "").rpartition("#")[2] for link in section.iter("a")}
        assert {fact.place.anchor for group in clause.facts for fact in group.facts} <= links


def lines(line: Line) -> Iterator[str]:
    yield line.text.zh
    for part in line.parts:
        yield from lines(part)


def test_conditions_are_said_as_everywhere_else() -> None:
    """Every line that `hazardrules show` prints of a rule stands on its page, with remedy, reading and reasons."""
    for page in shipped().documents:
        tree = trees()[page.place.page]
        for clause in page.clauses:
            text = told(by_id(tree, clause.place.anchor))
            original = next(c for c in page.standard.clauses if c.label == clause.label)
            for rule in original.rules:
                said = [line for part in parts(page.standard, original, rule, rulebook()) for line in lines(part.condition)]
                said += [part.title.zh for part in parts(page.standard, original, rule, rulebook())]
                said += [part.why.zh for part in parts(page.standard, original, rule, rulebook()) if part.why]
                said += [rule.summary.zh, rule.reading or "", rule.remedy.zh if rule.remedy else ""]
                missing = [line for line in said if " ".join(line.split()) not in text]
                assert missing == [], rule.id


def test_a_rule_on_its_page() -> None:
    tree = trees()["documents/gongmao-2023.html"]
    clause = by_id(tree, "gongmao-2023-11-06")
    heads = [told(head) for head in with_class(clause, "table", "rule")[0].iter("th")]
    assert heads == ["对象", "前提 第二条", "前提 第十一条", "适用于", "情形", "较宽的理解", "整改", "相邻的一般义务"]
    near = [link.get("href") for link in clause.iter("a") if "dust-2021" in (link.get("href") or "")]
    assert "dust-2021.html#dust-2021-15-05-a" in near[0]
    cases = with_class(clause, "table", "cases")[0]
    first = told(list(cases.iter("tr"))[1])
    assert first == "1收集的粉尘：木质粉尘除尘方式：干式锁气卸灰装置：未设置 命中"
    assert "还缺：锁气卸灰装置" in told(cases)
    assert "并引第十四条" in told(cases)
    bold = [[told(li) for li in with_class(row, "li", "changed")] for row in list(cases.iter("tr"))[1:4]]
    assert bold == [[], ["收集的粉尘：铝镁等金属粉尘"], ["锁气卸灰装置：失效"]]


def test_the_ordinary_duty_leads_back_to_what_is_major() -> None:
    duty = by_id(trees()["documents/dust-2021.html"], "dust-2021-15-05-a")
    row = next(row for row in duty.iter("tr") if told(row).startswith("列为重大的情形"))
    assert "gongmao-2023.html#gongmao-2023-11-06" in [PurePosixPath(a.get("href", "")).name for a in row.iter("a")]


def test_facts_have_their_questions_and_choices() -> None:
    vocabulary = rulebook().vocabulary
    for page in shipped().subjects:
        tree = trees()[page.place.page]
        assert [fact.id for fact in page.facts] == list(vocabulary.kinds[page.kind.id].facts)
        for fact in page.facts:
            row = by_id(tree, fact.place.anchor)
            spec = vocabulary.kinds[page.kind.id].facts[fact.id]
            choices = [told(item) for item in with_class(row, "ul", "choices") for item in item]
            assert choices == [word.zh for word in forms.choices(spec)]
            assert not spec.question or " ".join(spec.question.zh.split()) in told(row)
            assert fact.id in told(row)
            assert (spec.unit or "") in told(row)


def test_every_fact_is_reached_from_the_list_of_subjects() -> None:
    listed = {link.get("href") for link in trees()["subjects.html"].iter("a")}
    assert {page.place.page for page in shipped().subjects} <= listed


def test_how_a_fact_follows_is_told() -> None:
    good = site(load(GOOD))
    (tank,) = [page for page in good.subjects if page.kind.id == "tank"]
    row = {fact.id: fact for fact in tank.facts}
    follows = row["level_within_design"].follows
    assert follows is not None
    assert (follows.yes and follows.yes.text.zh, follows.no, follows.otherwise and follows.otherwise.zh) == (
        "液位不大于 设计液位", None, "否",
    )  # fmt: skip
    table = row["size"].follows
    assert table is not None
    assert [r.value.zh for r in table.table] == ["小", "小", "大"]
    count = row["valve_count"].follows
    assert count is not None
    assert count.count is not None
    assert count.count.place == Place("subjects/tank.html", "_fact-valves")
    text = told(by_id(pages(files(good))["subjects/tank.html"], "_fact-level_within_design"))
    assert "推出“是”：液位不大于 设计液位" in text
    assert "其余推出：否" in text


def test_parts_of_a_case_are_listed() -> None:
    def deep(facts: tuple[GivenView, ...]) -> list[object]:
        return [(str(f.title), str(f.value)) if not f.parts else [str(f.title), *map(deep, f.parts)] for f in facts]

    (page,) = [page for page in site(load(GOOD)).documents if page.standard.id == "tanks-2024"]
    views = {rule.rule.id: rule for clause in page.clauses for rule in clause.rules}
    given = views["tanks-2024-01-02-b"].cases[0].given
    assert deep(given) == [["阀门", [("阀门状态", "失效")]]]
    assert [str(f.value) for f in views["tanks-2024-01-02-c"].cases[0].given] == ["9.1 m"]
    seen = next(
        case for page in shipped().documents for clause in page.clauses for rule in clause.rules for case in rule.cases
        if any(f.parts and str(f.value) == "只看了这些" for f in case.given)
    )  # fmt: skip
    assert seen.outcome in VERDICT_WORDS.values()


def test_a_rule_that_is_not_in_force_is_no_verdict(tmp_path: Path) -> None:
    copy = shutil.copytree(GOOD, tmp_path / "standards")
    file = copy / "tanks-2024/01-02.yaml"
    text = file.read_text(encoding="utf-8")
    more = "    cases:\n      - given:\n          inspection.date: 2023-06-01\n        expect: not_in_force\n"
    file.write_text(text.replace("    cases:\n", more, 1), encoding="utf-8")
    tree = pages(files(site(load(copy))))["documents/tanks-2024.html"]
    assert told(with_class(by_id(tree, "tanks-2024-01-02-a"), "span", "not_in_force")[0]) == "没有生效"
    assert "没有生效" in {told(term) for term in trees()["words.html"].iter("dt")}


def test_industries_lead_to_their_chapters_and_kinds() -> None:
    section = by_id(trees()["industries.html"], "dust_explosion")
    links = [link.get("href") for link in section.iter("a")]
    assert "documents/gongmao-2023.html#_chapter-11" in links
    assert "subjects/dust_system.html" in links
    assert "documents/gb15577-2018.html" in links
    assert "hazardrules facts --industry dust_explosion" in told(section)


def test_a_chapter_of_one_clause_is_that_clause() -> None:
    """Else the clause would be headed twice; the links to the chapter lead to it."""
    tree = trees()["documents/confined-space-2024.html"]
    assert not [element for element in tree.iter() if (element.get("id") or "").startswith("_chapter")]
    assert len(list(tree.iter("h2"))) == 1


def test_the_glossary_has_every_verdict_level_and_state() -> None:
    words = {told(term) for term in trees()["words.html"].iter("dt")}
    assert {VERDICT_WORDS[verdict].zh for verdict in Verdict} <= words
    assert {LEVEL_WORDS[level].zh for level in (Level.MAJOR, Level.ORDINARY)} <= words
    assert {word for table in FIXED_WORDS.values() for word in table} <= words
    lists = told(trees()["words.html"])
    for words_ in rulebook().lists.values():
        for edition in words_.editions:
            assert edition.citation in lists
            assert all(word in lists for word in edition.words)


def test_dates_and_doubts_are_told() -> None:
    page = trees()["documents/gongmao-2017.html"]
    assert "失效2023-05-15" in told(page).replace(" ", "")
    rules = with_class(page, "p", "marks")
    assert rules
    assert all("未核实" in told(mark) and "2023-05-15 失效" in told(mark) for mark in rules)
    assert "凭记忆" in told(with_class(page, "div", "note")[0])
    assert "没有拿到条文原文" in told(trees()["documents/aq3067-2026.html"])
    official = [a for a in trees()["documents/gongmao-2023.html"].iter("a") if a.get("rel")]
    assert [a.get("href") for a in official] == [next(s.official for s in rulebook().standards if s.id == "gongmao-2023")]


def test_notes_of_clauses_and_rules_are_told(tmp_path: Path) -> None:
    copy = shutil.copytree(GOOD, tmp_path / "standards")
    file = copy / "tanks-2024/01-02.yaml"
    text = file.read_text(encoding="utf-8").replace("rules:\n", "note: 这一条的备注\nrules:\n", 1)
    file.write_text(text.replace("    subject: tank\n", "    subject: tank\n    note: 这一则的备注\n", 1), encoding="utf-8")
    tree = pages(files(site(load(copy))))["documents/tanks-2024.html"]
    assert "这一条的备注" in told(by_id(tree, "tanks-2024-01-02"))
    assert "备注这一则的备注" in told(by_id(tree, "tanks-2024-01-02-a"))


def test_facts_of_what_is_around_read_as_one_says_them() -> None:
    """A thing that is so or not is said of it, anything else is its own; and it is named once."""

    def said(name: str, kind: str) -> str:
        return explain.fact_title(name, kind, rulebook().vocabulary).zh

    assert said("enterprise.dust_explosion", "dust_system") == "企业存在粉尘爆炸危险"
    assert said("enterprise.sectors", "dust_system") == "企业的所属行业"
    assert said("enterprise.metal_smelting", "dust_system") == "金属冶炼企业"
    assert said("enterprise.sectors", "enterprise") == "所属行业"


def test_a_dated_word_list_is_named_and_not_looked_up() -> None:
    """`show` ended in a traceback here: which edition counts depends on the day, so the list stands by its title."""
    said = describe_clause(rulebook(), "gongmao-2023-03-02")
    assert "从事的作业在“特种作业目录”内" in said
    assert "is in the list “特种作业目录”" in describe_clause(rulebook(), "gongmao-2023-03-02", "en")


# ------------------------------------------------------------------------------------ each page is sound


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_are_valid(lang: str) -> None:
    for name, page in trees(lang).items():
        check(name, page, made(lang)[name].decode(), lang)


def check(name: str, page: ET.Element, source: str, lang: str) -> None:
    """Assert that a page is HTML as it should be, and that anybody can read it."""
    assert source.startswith("<!DOCTYPE html>\n"), name
    assert set(re.findall(r"<(\w+)[^<>]*/>", source)) <= {"meta", "link", "input"}, f"{name}: only void elements close themselves"
    assert page.get("lang") == {"zh": "zh-CN", "en": "en"}[lang]
    ids = Counter(element.get("id") for element in page.iter() if element.get("id"))
    assert [one for one, times in ids.items() if times > 1 or re.search(r"\s", one or "")] == [], name
    for tag in ("main", "h1", "title"):
        assert len(list(page.iter(tag))) == 1, f"{name}: one {tag}"
    assert told(next(page.iter("title"))).partition(" · ")[0]
    for parent in page.iter():
        if parent.tag in ONLY:
            wrong = {child.tag for child in parent} - ONLY[parent.tag]
            assert not wrong, f"{name}: {parent.tag} holds {wrong}"
        if parent.tag == "details":
            assert parent[0].tag == "summary", name
        if parent.tag == "table":
            assert parent[0].tag == "caption", f"{name}: a table without caption"
        if parent.tag == "th":
            assert parent.get("scope") in ("row", "col", "rowgroup"), f"{name}: a head of nothing"
        if parent.tag == "input":
            assert [label for label in page.iter("label") if label.get("for") == parent.get("id")], name
        if parent.tag == "a":
            assert told(parent), f"{name}: a link without words"
    levels = [int(element.tag[1]) for element in page.iter() if re.fullmatch(r"h\d", element.tag)]
    assert levels[0] == 1
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == [], f"{name}: a level of headings is left out"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_links_lead_somewhere_and_nothing_comes_from_elsewhere(lang: str) -> None:
    broken, outside = links(made(lang), trees(lang))
    assert broken == []
    assert outside == {standard.official for standard in rulebook().standards if standard.official}


def links(found: dict[str, bytes], parsed: dict[str, ET.Element]) -> tuple[list[str], set[str]]:
    """Return the links that lead nowhere, and those that lead out of the site; what is loaded may not."""
    ids = {name: {element.get("id") for element in page.iter()} for name, page in parsed.items()}
    broken, outside = [], set()
    for name, page in parsed.items():
        for element in page.iter():
            target = element.get("href") or element.get("src") or element.get("action")
            if target is None or target == "data:,":
                continue
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                assert element.tag == "a", f"{name}: {target} is loaded from elsewhere"
                assert parts.scheme in ("http", "https"), f"{name}: {target}"
                outside.add(target)
                continue
            there = resolved(name, unquote(parts.path)) if parts.path else name
            if there not in found or (parts.fragment and unquote(parts.fragment) not in ids[there]):
                broken.append(f"{name}: {target}")
    return broken, outside


def resolved(page: str, target: str) -> str:
    """Return the file that the relative address *target* on *page* names."""
    path = list(PurePosixPath(page).parent.parts)
    for part in PurePosixPath(target).parts:
        if part == "..":
            path.pop()
        else:
            path.append(part)
    return "/".join(path)


def test_the_tests_of_links_see_a_broken_one() -> None:
    page = b'<html><a href="b.html#x">b</a><a href="a.html#y">a</a><i id="x"/></html>'
    assert links({"a.html": page}, pages({"a.html": page}))[0] == ["a.html: b.html#x", "a.html: a.html#y"]


def test_styles_and_scripts_load_nothing() -> None:
    for file in ASSETS.iterdir():
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"https?:|url\(|@import|fetch\(|XMLHttpRequest|innerHTML|document\.write|eval\(", text), file.name


def test_chinese_in_an_english_page_is_marked() -> None:
    unmarked = []

    def walk(element: ET.Element, lang: str | None) -> None:
        lang = element.get("lang") or lang
        for text, at in [(element.text, lang), *((child.tail, lang) for child in element)]:
            if text and HAN.search(text) and at != "zh-CN" and element.tag not in ("title", "script"):
                unmarked.append(text.strip())
        for child in element:
            walk(child, lang)

    for page in trees("en").values():
        walk(page, None)
    assert unmarked == []
    assert sum(1 for page in trees("en").values() for element in page.iter("span") if element.get("lang")) > 1000


def test_english_pages_are_in_english() -> None:
    page = trees("en")["documents/gongmao-2023.html"]
    clause = by_id(page, "gongmao-2023-11-06")
    assert "Dry collection of aluminium/magnesium-type or wood dust" in told(clause)
    assert [told(head) for head in with_class(clause, "table", "rule")[0].iter("th")][-2:] == ["remedy", "ordinary duties beside it"]
    assert "Missing: airlock discharge device" in told(clause)


def luminance(colour: str) -> float:
    def part(n: int) -> float:
        value = int(colour[n : n + 2], 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_colours_have_contrast() -> None:
    css = (ASSETS / "handbook.css").read_text(encoding="utf-8")
    colour = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css.partition("@media")[0]))
    text = [("ink", "paper"), ("ink", "fill"), ("ink", "mark"), ("ink", "plain-fill"), ("ink", "doubt-fill"), ("soft", "paper"), ("soft", "fill"),
            ("link", "paper"), ("link", "fill"), ("major", "paper"), *((name, f"{name}-fill") for name in ("major", "doubt", "clear", "other"))]  # fmt: skip
    assert [pair for pair in text if contrast(colour[pair[0]], colour[pair[1]]) < 4.5] == []
    assert contrast(colour["here"], colour["paper"]) >= 3
    assert round(contrast("#ffffff", "#000000")) == 21


# ------------------------------------------------------------------------------------ hostile standards

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;]]>{{ 7 * 7 }}"


@pytest.fixture
def hostile(tmp_path: Path) -> Rulebook:
    """Return standards whose every text tries to be more than text, in a folder with an awkward name."""
    copy = shutil.copytree(GOOD, tmp_path / "标准")
    said = json.dumps(HOSTILE)
    for file in copy.rglob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        text = re.sub(
            r"^( *(?:- )?)(title|title_en|en|question|summary|summary_en|why|why_en|remedy|reading|number|issuer|to|failed_device|scope_clause|topic|hint): .+$",
            lambda m: f"{m[1]}{m[2]}: {json.dumps(HOSTILE + file.stem + m[0][-3:], ensure_ascii=False)}", text, flags=re.MULTILINE,
        )  # fmt: skip
        text = re.sub(r"^( +also: ).+$", rf"\g<1>{json.dumps(HOSTILE)}", text, flags=re.MULTILINE)
        if file.name == "standard.yaml":
            text += f"official: javascript:alert(3)\nnote: {said}\n"
        file.write_text(text, encoding="utf-8")
    folder_ = (copy / "tanks-2020").rename(copy / "a b#c?d%e&f'g\"h")
    new = (copy / "tanks-2024/standard.yaml").read_text(encoding="utf-8").replace("succeeds: tanks-2020", f"succeeds: {json.dumps(folder_.name)}")
    (copy / "tanks-2024/standard.yaml").write_text(new, encoding="utf-8")
    fields = copy / "industries.yaml"
    fields.write_text(fields.read_text(encoding="utf-8").replace("tanks-2020", json.dumps(folder_.name)), encoding="utf-8")
    return load(copy)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_texts_stay_texts(hostile: Rulebook, lang: str) -> None:
    found = files(site(hostile), lang)
    parsed = pages(found)
    for name, page in parsed.items():
        check(name, page, found[name].decode(), lang)
        assert not list(page.iter("img")), name
        assert not [element for element in page.iter() if any(key.startswith("on") for key in element.attrib)], name
        assert all(element.get("src") or "matchMedia" in (element.text or "") for element in page.iter("script")), name
        assert "javascript:" not in {urlsplit(element.get("href", "")).scheme + ":" for element in page.iter("a")}
    assert HOSTILE in told(parsed["documents/tanks-2024.html"])
    assert "49" not in told(next(parsed["documents/tanks-2024.html"].iter("h1")))
    assert links(found, parsed)[0] == []
    script = found["assets/search-index.js"].decode()
    assert "<" not in script
    assert len(indexed(found)) > 10


# ----------------------------------------------------------------------------------------------- search


def indexed(found: dict[str, bytes]) -> list[list[str]]:
    """Return what the script of the search's index holds."""
    rows: list[list[str]] = json.loads(found["assets/search-index.js"].decode().removeprefix("window.handbookIndex=").removesuffix(";\n"))
    return rows


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_everything_can_be_searched(lang: str) -> None:
    entries = list(search.entries(shipped(), lang))
    of = {sort: [entry for entry in entries if entry[0] == sort] for sort in ("clause", "document", "subject", "word")}
    assert len(of["clause"]) == sum(len(standard.clauses) for standard in rulebook().standards)
    assert len(of["document"]) == len(rulebook().standards)
    assert len(of["subject"]) == len(rulebook().vocabulary.kinds)
    ids = {name: {element.get("id") for element in page.iter()} for name, page in trees(lang).items()}
    for _, address, *_ in entries:
        page, _, anchor = address.partition("#")
        assert not anchor or unquote(anchor) in ids[unquote(page)]
        assert unquote(page) in ids
    found = next(entry for entry in of["clause"] if "gongmao-2023-11-06" in entry[4])
    assert found[2] == "应急管理部令第10号 第十一条第（六）项"
    assert ("airlock discharge" in found[3]) == (lang == "en")
    assert indexed(made(lang)) == [list(entry) for entry in entries]


def test_what_is_out_of_force_is_found_last_and_says_so() -> None:
    clauses = [entry for entry in search.entries(shipped(), "zh") if entry[0] == "clause"]
    out = [n for n, entry in enumerate(clauses) if entry[6]]
    assert {clauses[n][6] for n in out} == {"2023-05-15 失效"}
    assert out == list(range(out[0], len(clauses)))


def test_what_is_out_of_force_stands_last_in_an_industry_and_says_so() -> None:
    section = by_id(trees()["industries.html"], "dust_explosion")
    rows = [told(row) for row in section.iter("tr")]
    assert [row.startswith("安监总管四〔2017〕129号") for row in rows] == [*[False] * (len(rows) - 2), True, False]
    assert rows[-2].endswith("2023-05-15 失效")


def test_without_a_script_the_search_page_lists_every_clause() -> None:
    listed = {link.get("href") for link in trees()["search.html"].iter("a")}
    assert {clause.place.seen_from("search.html") for page in shipped().documents for clause in page.clauses} <= listed


# ---------------------------------------------------------------------------------------------- writing


def contents(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def test_the_same_standards_give_the_same_bytes() -> None:
    code = (
        "import hashlib; from hazardrules.files import load; from hazardrules.handbook import files, site\n"
        f"made = files(site(load({str(GOOD)!r})), 'zh')\n"
        "print(hashlib.sha256(repr(sorted(made.items())).encode()).hexdigest())"
    )
    ran = [
        subprocess.run([sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True).stdout.strip()
        for seed in ("1", "2")
    ]
    here = hashlib.sha256(repr(sorted(files(site(load(GOOD)), "zh").items())).encode()).hexdigest()
    assert ran == [here, here]


def test_a_handbook_is_written_and_written_again(tmp_path: Path) -> None:
    out = tmp_path / "new/handbook"
    count = write(load(GOOD), out)
    first = contents(out)
    assert count == sum(name.endswith(".html") for name in first)
    assert {"index.html", "search.html", "assets/handbook.css", "documents/tanks-2024.html", "subjects/tank.html"} <= set(first)
    assert json.loads(first[folder.MANIFEST])["files"] == sorted(set(first) - {folder.MANIFEST})
    write(load(GOOD), out, "en")
    assert contents(out)["index.html"] != first["index.html"]
    write(load(GOOD), out)
    assert contents(out) == first
    assert [path.name for path in out.parent.iterdir()] == ["handbook"], "nothing is left beside it"


def test_a_failure_leaves_the_old_handbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, written = tmp_path / "handbook", 0
    write(load(GOOD), out)
    before, real = contents(out), Path.write_bytes

    def fail(self: Path, data: bytes) -> int:
        nonlocal written
        written += 1
        if written == 5:
            raise OSError(28, "No space left on device")
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(HazardRulesError, match="写不了（No space left on device）"):
        write(load(GOOD), out, "en")
    assert written == 5
    assert contents(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["handbook"]


def test_a_failure_of_the_last_step_leaves_the_old_handbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "handbook"
    write(load(GOOD), out)
    before, real = contents(out), Path.rename

    def fail(self: Path, target: Path) -> Path:
        if self.name.endswith("-new"):
            raise OSError(16, "Device or resource busy")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(HazardRulesError, match="写不了（Device or resource busy）"):
        write(load(GOOD), out, "en")
    assert contents(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["handbook"]


def refused(out: Path, lang: str = "zh") -> str:
    with pytest.raises(HazardRulesError) as caught:
        folder.write({"index.html": b"new"}, out)
    return caught.value.say(lang)


def test_nothing_but_a_handbook_is_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = tmp_path / "theirs"
    (theirs / "inner").mkdir(parents=True)
    assert "里面有东西，又不是手册" in refused(theirs)
    (theirs / "inner/thesis.txt").write_text("years of work", encoding="utf-8")
    assert refused(theirs) == f"{theirs}: 里面有东西，又不是手册；换一个文件夹，或者先清空它"
    assert "holds something that is no handbook" in refused(theirs, "en")
    for wrong in ("", "[]", "{}", '{"handbook": 2, "files": []}', '{"handbook": 1, "files": 3}'):
        (theirs / folder.MANIFEST).write_text(wrong, encoding="utf-8")
        assert "又不是手册" in refused(theirs)
    assert (theirs / "inner/thesis.txt").read_text(encoding="utf-8") == "years of work"
    assert "这是文件，不是文件夹" in refused(theirs / "inner/thesis.txt")

    ours = tmp_path / "ours"
    folder.write({"index.html": b"old"}, ours)
    (ours / "CNAME").write_text("example.org", encoding="utf-8")
    assert refused(ours) == f"{ours}: 手册文件夹里有别的文件：CNAME；先移走，免得丢失"
    (ours / "CNAME").unlink()
    monkeypatch.chdir(ours)
    assert "正在这个文件夹里" in refused(ours)
    monkeypatch.chdir(tmp_path)
    folder.write({"other.html": b"new"}, Path("ours"))
    assert set(contents(ours)) == {"other.html", folder.MANIFEST}


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    folder.write({"index.html": b"new"}, tmp_path / "empty")
    assert contents(tmp_path / "empty")["index.html"] == b"new"


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert "写不了" in refused(tmp_path / "file/handbook")
    assert "写不了" in refused(tmp_path / ("x" * 300))


def test_what_a_killed_run_left_goes_in_the_end(tmp_path: Path) -> None:
    """But nothing of a run that may still go on, and nothing of anybody else's."""
    killed, running, theirs = (tmp_path / name for name in (f".book-{'0' * 16}-new", f".book-{'1' * 16}-new", ".book-old"))
    for left in (killed, running, theirs):
        folder.write({"index.html": b"half"}, left)
    for left in (killed, theirs):
        os.utime(left, (0, 0))
    folder.write({"index.html": b"whole"}, tmp_path / "book")
    assert {path.name for path in tmp_path.iterdir()} == {running.name, ".book-old", "book"}


# ----------------------------------------------------------------------------------------- command line


def test_the_command_of_the_guide_runs(tmp_path: Path) -> None:
    (line,) = documents.commands("docs/handbook.md")
    code, printed = documents.run(line, tmp_path)
    assert (code, printed) == (0, f"写了 {len(trees())} 页，打开 手册/index.html\n")
    assert contents(tmp_path / "手册").keys() == made().keys() | {folder.MANIFEST}


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "手册"
    assert main(["handbook", str(out), "--standards", str(GOOD)]) == 0
    assert re.fullmatch(rf"写了 \d+ 页，打开 {re.escape(str(out / 'index.html'))}\n", capsys.readouterr().out)
    assert "储罐新标准" in (out / "documents/tanks-2024.html").read_text(encoding="utf-8")
    assert main(["handbook", str(out), "--standards", str(GOOD), "--lang", "en"]) == 0
    assert "pages; open" in capsys.readouterr().out
    assert 'lang="en"' in (out / "index.html").read_text(encoding="utf-8")


def test_command_tells_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b").write_bytes(b"")
    assert main(["handbook", str(tmp_path / "a"), "--standards", str(GOOD)]) == 2
    assert "又不是手册" in capsys.readouterr().err
    assert main(["handbook", str(tmp_path / "c"), "--standards", str(tmp_path / "none")]) == 2
    assert "没有这个标准文件夹" in capsys.readouterr().err
    assert not (tmp_path / "c").exists()


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    assert main(["handbook", str(tmp_path / "out"), "--standards", str(GOOD)]) == 2
    assert "pip install 'hazardrules[maintain]'" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
