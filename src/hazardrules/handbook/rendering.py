"""From what the pages hold to their files: HTML from the templates, the style sheet, the scripts.

The same site and language give the same bytes. Every page is well-formed XML too, so that any parser reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from importlib import resources
from typing import TYPE_CHECKING, Any

from ..errors import HazardRulesError, Problem
from ..explain import LEVEL_WORDS
from ..texts import Text
from . import search
from .documents import title
from .pages import DocumentPage, Site, Words
from .places import INDEX, INDUSTRIES, SEARCH, SUBJECTS, WORDS, Place

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

NAME = Text("重大事故隐患判定手册", "Handbook of major accident hazards")
_TAGS = {"zh": "zh-CN", "en": "en"}
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_ASSETS = ("handbook.css", "handbook.js", "search.js")


def files(site: Site, lang: str = "zh") -> dict[str, bytes]:
    """Return the files of *site* in the language *lang*, by their paths. Raises `HazardRulesError` without jinja2."""
    environment = _environment(lang)
    found = {path: text.encode() for path, text in _pages(environment, site, lang)}
    assets = resources.files(__package__) / "assets"
    for name in _ASSETS:
        found[f"assets/{name}"] = (assets / name).read_bytes()
    found["assets/search-index.js"] = search.script(site, lang).encode()
    return found


def _pages(environment: Environment, site: Site, lang: str) -> Iterator[tuple[str, str]]:
    def page(path: str, template: str, section: str, **given: Any) -> tuple[str, str]:
        to = partial(_to, path)
        given |= {"page": path, "section": section, "site": site, "lang": lang, "to": to}
        return path, environment.get_template(template).render(given) + "\n"

    for path in (INDEX, SEARCH, INDUSTRIES, SUBJECTS, WORDS):
        yield page(path, path, path)
    for document in site.documents:
        yield page(document.place.page, "document.html", INDEX, document=document)
    for subject in site.subjects:
        yield page(subject.place.page, "subject.html", SUBJECTS, subject=subject)


def _to(page: str, target: str) -> str:
    return Place(target).seen_from(page)


def _environment(lang: str) -> Environment:
    try:
        import jinja2
        from markupsafe import Markup, escape
    except ImportError as error:
        message = Text(
            "编手册要用 jinja2：pip install 'hazardrules[maintain]'",
            "the handbook needs jinja2: pip install 'hazardrules[maintain]'",
        )
        raise HazardRulesError([Problem("", message)]) from error

    def told(words: Words | None) -> Markup:
        """Return *words* for a page; Chinese ones in an English page are marked as such."""
        plain = _plain(words, lang)
        if lang != "zh" and _HAN.search(plain):
            return Markup('<span lang="zh-CN">{}</span>').format(plain)
        return escape(plain)

    @jinja2.pass_context
    def url(context: Any, place: Place) -> str:
        return place.seen_from(context["page"])

    made = jinja2.Environment(
        loader=jinja2.PackageLoader(__package__, "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"t": told, "plain": partial(_plain, lang=lang), "titled": _titled, "url": url}
    made.filters["day"] = Markup("<time>{}</time>").format
    made.tests["web_address"] = _is_web
    made.globals |= {
        "say": lambda zh, en: Markup(Text(zh, en).say(lang)),  # noqa: S704 - the templates' own words
        "tag": _TAGS[lang],
        "name": NAME.say(lang),
        "levels": LEVEL_WORDS,
    }
    return made


def _plain(words: Words | None, lang: str) -> str:
    if words is None:
        return ""
    return words if isinstance(words, str) else words.say(lang)


def _titled(document: DocumentPage) -> Text:
    return title(document.standard)


def _is_web(address: str) -> bool:
    """Return whether *address* may be a link: a file of standards can write anything there."""
    return address.startswith(("https://", "http://"))
