"""The handbook in a browser without a window, opened from the disk: at a desk, on a phone, without scripts, on paper.

    pytest tests/heavy/test_handbook_browser.py

Needs Chromium, its driver and selenium; a missing one fails by name. Named apart from `tests/test_handbook.py`,
for two test modules may not share a name.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from hazardrules.files import load
from hazardrules.handbook import write

DESK, PHONE, SMALL = (1280, 900), (390, 844), (360, 740)
Open = Callable[..., Any]


def tool(*names: str) -> str:
    """Return the path of the first of the programs *names* that is there; fail by name where none is."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail(f"missing tool: {names[0]} (Debian: apt-get install chromium chromium-driver fonts-noto-cjk)")
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the handbooks of the shipped standards, in a folder whose name is no plain word."""
    out = tmp_path_factory.mktemp("手 册#1")
    rulebook = load()
    write(rulebook, out / "zh")
    write(rulebook, out / "en", "en")
    return out


@pytest.fixture(scope="module")
def browsers() -> Iterator[Open]:
    """Return what starts a browser of a size, once for each size and choice of scripts."""
    try:
        from selenium import webdriver
    except ImportError:
        pytest.fail("missing tool: selenium (pip install 'hazardrules[heavy]')")
    os.environ["SE_OFFLINE"] = "true"  # the driver is named; nothing is to be fetched
    chromium, chromedriver = tool("chromium", "chromium-browser", "google-chrome"), tool("chromedriver")
    started: dict[tuple[Any, ...], Any] = {}

    def start(size: tuple[int, int], *, scripts: bool = True) -> Any:
        if (size, scripts) in started:
            return started[size, scripts]
        options = webdriver.ChromeOptions()
        options.binary_location = chromium
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", f"--window-size={size[0]},{size[1]}"):
            options.add_argument(argument)
        if size[0] < 500:
            phone = {"width": size[0], "height": size[1], "pixelRatio": 2, "touch": True, "mobile": True}
            options.add_experimental_option("mobileEmulation", {"deviceMetrics": phone})
        if not scripts:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        made = webdriver.Chrome(options=options, service=webdriver.ChromeService(chromedriver))
        made.implicitly_wait(3)
        started[size, scripts] = made
        return made

    yield start
    for browser in started.values():
        browser.quit()


def at(folder: Path, page: str) -> str:
    name, sign, rest = page.partition("#") if "#" in page else page.partition("?")
    return (folder / name).as_uri() + sign + rest


def css(browser: Any, selector: str) -> Any:
    return browser.find_element("css selector", selector)


def texts(browser: Any, selector: str) -> list[str]:
    return [element.text for element in browser.find_elements("css selector", selector)]


def quiet(browser: Any) -> None:
    """Assert that the browser complained of nothing since it was last asked, and loaded nothing from elsewhere."""
    assert [entry["message"] for entry in browser.get_log("browser")] == []
    loaded = browser.execute_script("return performance.getEntriesByType('resource').map(entry => entry.name)")
    assert [name for name in loaded if not name.startswith(("file:", "data:"))] == []


def in_sight(browser: Any, anchor: str) -> bool:
    return bool(browser.execute_script(
        "const box = document.getElementById(arguments[0]).getBoundingClientRect();"
        "return box.top >= -5 && box.top < innerHeight;", anchor,
    ))  # fmt: skip


# ----------------------------------------------------------------------------------------------- search


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_words_lead_to_a_clause(browsers: Open, folder: Path, size: tuple[int, int]) -> None:
    """From the first page: words into the box above, the first result, and there the clause is in sight."""
    browser = browsers(size)
    browser.get(at(folder, "zh/index.html"))
    box = css(browser, "header input[type=search]")
    box.send_keys("锁气 卸灰")
    box.submit()
    assert css(browser, "h1").text == "搜索"
    assert re.fullmatch(r"找到 \d+ 处", css(browser, "[role=status]").text)
    first = css(browser, ".results li")
    assert "第十一条第（六）项" in first.text
    assert "锁气卸灰" in "".join(mark.text for mark in first.find_elements("css selector", "mark"))
    assert not css(browser, "#_all").is_displayed()
    first.find_element("css selector", "a").click()
    assert css(browser, "h1").text == "《工贸企业重大事故隐患判定标准》"
    assert in_sight(browser, "gongmao-2023-11-06")
    quiet(browser)


@pytest.mark.parametrize("query", [
    "第十一条第（六）项", "十一条六项", "11条6项", "第11条第(6)项", "11-06", "gongmao-2023-11-06", "１１条６项",
    "应急管理部令第10号 第十一条第（六）项", "令第10号 十一条六项", "10号 锁气卸灰 木质粉尘",
])  # fmt: skip
def test_a_number_leads_to_its_clause(browsers: Open, folder: Path, query: str) -> None:
    browser = browsers(DESK)
    browser.get(at(folder, "zh/search.html"))
    css(browser, "#_q").send_keys(query)
    css(browser, "form.search button").click()
    first = css(browser, ".results a")
    assert "第十一条第（六）项" in first.text, query
    assert urlsplit(first.get_attribute("href")).fragment == "gongmao-2023-11-06"
    quiet(browser)


def test_a_number_is_found_only_whole(browsers: Open, folder: Path) -> None:
    browser = browsers(DESK)
    browser.get(at(folder, "zh/search.html?q=令第10号 四条"))
    found = texts(browser, ".results a")
    assert len(found) == 8
    assert all("第四条" in text for text in found), "第十四条 is another article"


@pytest.mark.parametrize("query", ["粉尘 清扫", "粉尘清理制度 积尘", "没有粉尘清扫的制度"])
def test_what_is_out_of_force_comes_after_what_is_not(browsers: Open, folder: Path, query: str) -> None:
    """However well its words fit; but not after what was not asked for by number."""
    browser = browsers(DESK)
    browser.get(at(folder, f"zh/search.html?q={query}"))
    out = ["失效" in text for text in texts(browser, ".results .sort")]
    assert any(out)
    assert out == sorted(out)
    browser.get(at(folder, "zh/search.html?q=粉尘清扫"))
    assert "都已失效" in css(browser, "[role=status]").text
    assert "失效" not in texts(browser, ".results .sort")[0]
    assert "没有粉尘清扫制度" in texts(browser, ".results li")[-1]
    browser.get(at(folder, "zh/search.html?q=安监总管四〔2017〕129号 粉尘"))
    assert "129号" in texts(browser, ".results a")[0]


def test_words_that_nothing_has_bring_what_comes_near(browsers: Open, folder: Path) -> None:
    browser = browsers(DESK)
    browser.get(at(folder, "zh/search.html?q=没有锁气卸灰的木粉除尘"))
    assert "相近" in css(browser, "[role=status]").text
    assert any("锁气卸灰" in text for text in texts(browser, ".results li")[:3])


def test_nothing_found_is_said_and_can_be_undone(browsers: Open, folder: Path) -> None:
    browser = browsers(DESK)
    browser.get(at(folder, "zh/search.html?q=qqqqqq"))
    assert "没有找到" in css(browser, "[role=status]").text
    assert css(browser, "#_q").get_attribute("value") == "qqqqqq"
    css(browser, "#_q").clear()
    css(browser, "form.search button").click()
    assert css(browser, "#_all").is_displayed()
    assert css(browser, "[role=status]").text == ""


def test_what_is_typed_is_never_markup(browsers: Open, folder: Path) -> None:
    browser = browsers(DESK)
    browser.get(at(folder, "zh/search.html?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%20粉尘"))
    assert browser.find_elements("css selector", "main img") == []
    quiet(browser)


def test_results_lead_somewhere(browsers: Open, folder: Path) -> None:
    browser = browsers(DESK)
    ids: dict[str, set[str]] = {}
    for query in ("粉尘", "第三条", "除尘系统", "重大事故隐患", "判定标准"):
        browser.get(at(folder, f"zh/search.html?q={query}"))
        targets = browser.execute_script("return [...document.querySelectorAll('.results a')].map(link => link.href)")
        assert targets
        for target in targets:
            parts = urlsplit(target)
            page = Path(unquote(parts.path))
            known = ids.setdefault(str(page), set(re.findall(r' id="([^"]+)"', page.read_text(encoding="utf-8"))))
            assert not parts.fragment or unquote(parts.fragment) in known


def test_the_english_search(browsers: Open, folder: Path) -> None:
    browser = browsers(DESK)
    browser.get(at(folder, "en/search.html?q=AIRLOCK discharge"))
    assert re.fullmatch(r"\d+ found", css(browser, "[role=status]").text)
    assert "airlock" in css(browser, ".results li").text


# ------------------------------------------------------------------------------------------------ pages

WIDE = """
const out = [], width = arguments[0];  // not innerWidth: a phone's grows with what is too wide
for (const part of document.querySelectorAll("main *, header *, footer *")) {
  const box = part.getBoundingClientRect();
  if (box.width && box.right > width + 0.5 && !part.closest(".unseen, .skip")) {
    out.push(`${part.tagName}.${part.className} ${part.textContent.slice(0, 30)}`);
  }
}
return [document.documentElement.scrollWidth > width ? "the page scrolls sideways" : "", ...out].filter(Boolean);
"""


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_checks_see_what_they_should(browsers: Open, tmp_path: Path, size: tuple[int, int]) -> None:
    page = tmp_path / "bad.html"
    page.write_text(
        '<meta name="viewport" content="width=device-width"><main><p style="width: 1400px">wide</p></main>'
        "<script>console.error('seen')</script>",
        encoding="utf-8",
    )
    browser = browsers(size)
    browser.get(page.as_uri())
    assert browser.execute_script(WIDE, size[0])[0] == "the page scrolls sideways"
    with pytest.raises(AssertionError, match="seen"):
        quiet(browser)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [DESK, PHONE, SMALL], ids=["desk", "phone", "small"])
def test_no_page_is_too_wide_or_complains(browsers: Open, folder: Path, size: tuple[int, int], lang: str) -> None:
    """With all that is folded unfolded."""
    browser = browsers(size)
    pages = sorted((folder / lang).rglob("*.html"))
    assert len(pages) > 100
    for page in pages:
        browser.get(page.as_uri())
        browser.execute_script("document.querySelectorAll('details').forEach(part => { part.open = true; })")
        assert browser.execute_script(WIDE, size[0]) == [], page.name
        quiet(browser)


def test_the_contents_follow_at_a_desk_and_fold_on_a_phone(browsers: Open, folder: Path) -> None:
    desk = browsers(DESK)
    desk.get(at(folder, "zh/documents/noncoal-2022.html#noncoal-2022-tailings-09-01"))
    assert css(desk, ".toc details").get_attribute("open")
    here = css(desk, ".toc a[aria-current]")
    assert "尾矿库第（九）项1" in here.text
    assert desk.execute_script(
        "const box = arguments[0].getBoundingClientRect(); return box.top > 0 && box.bottom < innerHeight", here
    )
    phone = browsers(PHONE)
    phone.get(at(folder, "zh/documents/gongmao-2023.html"))
    assert not css(phone, ".toc details").get_attribute("open")
    css(phone, ".toc summary").click()
    css(phone, ".toc a[href='#gongmao-2023-03-02']").click()
    assert not css(phone, ".toc details").get_attribute("open")
    assert in_sight(phone, "gongmao-2023-03-02")


def test_all_cases_unfold_at_once(browsers: Open, folder: Path) -> None:
    browser = browsers(DESK)
    browser.get(at(folder, "zh/documents/chemicals-2017.html"))
    count = "return document.querySelectorAll('details.cases[open]').length"
    assert browser.execute_script(count) == 0
    css(browser, "[data-unfold]").click()
    assert browser.execute_script(count) == len(browser.find_elements("css selector", "section.rule")) > 30
    assert css(browser, "[data-unfold]").get_attribute("aria-pressed") == "true"
    css(browser, "[data-unfold]").click()
    assert browser.execute_script(count) == 0


def test_the_keyboard_is_enough(browsers: Open, folder: Path) -> None:
    from selenium.webdriver import ActionChains, Keys

    browser = browsers(DESK)
    browser.get(at(folder, "zh/documents/gongmao-2023.html"))
    ActionChains(browser).send_keys(Keys.TAB).perform()
    first = browser.switch_to.active_element
    assert first.text == "跳到正文"
    assert first.rect["x"] >= 0, "it is seen where it has the focus"
    assert first.value_of_css_property("outline-style") == "solid"
    ActionChains(browser).send_keys(Keys.ENTER).perform()
    assert browser.switch_to.active_element.get_attribute("id") == "_main"
    browser.execute_script("document.querySelector('details.cases summary').focus()")
    ActionChains(browser).send_keys(Keys.ENTER).perform()
    assert css(browser, "details.cases").get_attribute("open")


def test_without_scripts_nothing_is_lost(browsers: Open, folder: Path) -> None:
    browser = browsers(DESK, scripts=False)
    browser.get(at(folder, "zh/documents/gongmao-2023.html#gongmao-2023-11-06"))
    assert browser.find_elements("css selector", "[data-unfold]:not([hidden])") == []
    fold = css(browser, "#gongmao-2023-11-06 details.cases")
    table = fold.find_element("css selector", "table")
    assert not table.is_displayed()
    fold.find_element("css selector", "summary").click()
    assert table.is_displayed()
    css(browser, "header input[type=search]").send_keys("粉尘")
    css(browser, "header form button").click()
    assert css(browser, "h1").text == "搜索"
    assert len(browser.find_elements("css selector", "#_all li a")) > 400


# ------------------------------------------------------------------------------------------------ paper


def test_a_document_prints(browsers: Open, folder: Path) -> None:
    """What is only of use on a screen is gone, the facts to look at are told, rows and rules stay whole."""
    browser = browsers(DESK)
    browser.get(at(folder, "zh/documents/gongmao-2023.html"))
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        seen = "return [...document.querySelectorAll(arguments[0])].map(part => part.checkVisibility({contentVisibilityAuto: true}))"
        for gone in ("header.site", ".toc", ".tools", "form", ".official", "details.cases"):
            assert not any(browser.execute_script(seen, gone)), gone
        facts = browser.execute_script(seen, "details.facts table.facts tr")
        assert len(facts) > 300
        assert all(facts)
        style = "const s = getComputedStyle(document.querySelector(arguments[0]), arguments[2] || null); return s[arguments[1]]"
        assert browser.execute_script(style, "table.rule", "breakInside") == "avoid"
        assert browser.execute_script(style, "table.facts tr", "breakInside") == "avoid"
        assert browser.execute_script(style, ".clause h3", "breakAfter") == "avoid"
        assert browser.execute_script(style, "main a", "content", "::after") in ("none", "normal")
        for text in ("main a", "main p", "th", "td", ".badge", "h1"):
            assert browser.execute_script(style, text, "color") == "rgb(0, 0, 0)", text
            assert browser.execute_script(style, text, "backgroundColor") == "rgba(0, 0, 0, 0)", text
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def paper(browser: Any) -> int:
    """Return on how many sheets the page is printed."""
    printed = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"])
    assert printed.startswith(b"%PDF-")
    assert set(re.findall(rb"/MediaBox \[0 0 (\d+)", printed)) == {b"595"} or b"594.9" in printed, "A4"
    return len(re.findall(rb"/Type\s*/Page\b", printed))


def test_printing_gives_sheets_of_paper(browsers: Open, folder: Path) -> None:
    browser = browsers(DESK)
    browser.get(at(folder, "zh/documents/chemicals-2017.html"))
    folded = paper(browser)
    assert 15 < folded < 80
    assert browser.execute_script("return document.querySelectorAll('details[open]').length") == 1, "as it was: the contents"
    css(browser, "[data-unfold]").click()
    assert paper(browser) > folded, "the cases are printed where they are unfolded"
    browser.get(at(folder, "zh/words.html"))
    assert 1 <= paper(browser) <= 4
