"""The elements of an article page -> its blocks in order, furniture taken out and clutter set apart with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ofsted_nlp.reading.clutter import ADVERTISEMENT, CAPTION, COMMENT, NOTICE, TEASER, WALL, line_of, mark_of
from ofsted_nlp.reading.page import squeezed
from ofsted_nlp.stories import ParagraphKind

_SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "canvas",
        "iframe",
        "object",
        "embed",
        "nav",
        "footer",
        "form",
        "button",
        "select",
        "input",
        "textarea",
        "label",
        "dialog",
        "audio",
        "video",
        "picture",
        "head",
        "menu",
        "time",
    ]
)
_BLOCKS = frozenset(
    [
        "p",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "div",
        "section",
        "article",
        "main",
        "td",
        "th",
        "dd",
        "dt",
        "pre",
        "figcaption",
        "header",
        "aside",
        "figure",
        "ul",
        "ol",
        "table",
        "tr",
        "tbody",
        "thead",
        "dl",
        "address",
        "details",
        "summary",
        "center",
        "body",
        "hgroup",
    ]
)
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_LINKED = 0.6
"""Share of its characters in links from which a block is a list of links."""
_MOST = 0.5
"""Share of the page's text that no element set apart as clutter may hold."""


@dataclass(slots=True)
class Block:
    """A block of text: its tag, text, element, the share of it in links, and why it is no coverage."""

    tag: str
    text: str
    element: Any
    linked: float = 0.0
    why: str | None = None
    part: int = 0

    @property
    def kind(self) -> ParagraphKind:
        """What it is, by its tag."""
        if self.tag in _HEADINGS:
            return ParagraphKind.HEADING
        return ParagraphKind.BULLET if self.tag == "li" else ParagraphKind.PARAGRAPH


@dataclass(slots=True)
class Body:
    """The blocks of a page in order, and whether something in it is a registration or payment wall."""

    blocks: list[Block] = field(default_factory=list)
    wall: bool = False
    taken: list[Any] = field(default_factory=list)


def body_of(root: Any) -> Body:
    """The blocks of a parsed page; the elements that are no coverage stand in ``taken``, in ``root`` still.

    Args:
        root: the lxml element of the page.
    """
    made = Body()
    total = sum(len(squeezed(p.text_content())) for p in root.iter("p")) or 1
    articles = _articles(root)
    skip: set[Any] = set()
    body = root.find("body")
    for element in (body if body is not None else root).iter():
        if not isinstance(element.tag, str):
            continue
        if element.getparent() is not None and element.getparent() in skip:
            skip.add(element)
            continue
        why = _why(element)
        if why and why != COMMENT and _share(element, total) > _MOST:
            why = None
        if why:
            skip.add(element)
            made.taken.append(element)
            made.wall = made.wall or why == WALL
            made.blocks += _apart(element, why, articles)
            continue
        if element.tag in _BLOCKS:
            made.blocks += _own(element, articles)
    return made


def _why(element: Any) -> str | None:
    tag = element.tag
    if tag in ("html", "body", "main"):
        return None
    if tag in _SILENT or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return NOTICE
    names = " ".join(
        element.get(name) or ""
        for name in ("class", "id", "data-component", "data-testid", "aria-label", "data-module")
    )
    role = element.get("role") or ""
    if role in ("navigation", "banner", "contentinfo", "search", "dialog", "alertdialog"):
        return NOTICE
    why = mark_of(names) if names.strip() else None
    if tag == "figcaption" or (tag == "figure" and not element.xpath(".//blockquote|.//p")):
        return CAPTION if tag == "figcaption" else None
    if tag == "article" and why not in (COMMENT, TEASER, ADVERTISEMENT):
        return None
    if tag in _HEADINGS and why not in (TEASER, COMMENT):
        return None
    if tag == "aside":
        return why or TEASER
    if tag == "header" and element.find(".//h1") is None:
        return NOTICE
    if why and element.find(".//h1") is not None:
        return None
    return why


def _share(element: Any, total: int) -> float:
    return sum(len(squeezed(p.text_content())) for p in element.iter("p")) / total


def _apart(element: Any, why: str, articles: list[Any]) -> Iterator[Block]:
    """The blocks of an element that is no coverage: each remark of a reader, else the element as a whole."""
    if why == NOTICE or (why != COMMENT and not _in_article(element)):
        return
    if why == COMMENT:
        leaves = [
            p
            for p in element.iter("p", "blockquote", "dd")
            if squeezed(p.text_content()) and next(p.iterancestors("form"), None) is None
        ]
        if element.tag == "p":
            leaves = [element]
        if not leaves:
            leaves = [e for e in element.iter("div", "li", "span") if squeezed(e.text or "")]
        for leaf in leaves:
            text = squeezed(leaf.text_content())
            if len(text) > 12 and line_of(text) is None:
                yield Block("p", text, leaf, why=why, part=_part(element, articles))
        return
    text = squeezed(" ".join(element.itertext()))
    if text:
        yield Block("p", text, element, why=why, part=_part(element, articles))


def _in_article(element: Any) -> bool:
    tags = [parent.tag for parent in element.iterancestors()]
    if "article" in tags or "main" in tags:
        return True
    # No element says where the article is: what has paragraphs beside it stands in it.
    parent = element.getparent()
    return parent is not None and sum(1 for p in parent.iterchildren("p")) >= 2


def _own(element: Any, articles: list[Any]) -> Iterator[Block]:
    """The blocks that an element's own text makes: what stands in it outside of inner blocks, parted at line breaks."""
    pieces: list[str] = [""]
    linked = [0]

    def add(text: str | None, link: bool) -> None:
        if text:
            pieces[-1] += text
            linked[-1] += len(text.strip()) if link else 0

    def walk(node: Any, link: bool) -> None:
        add(node.text, link)
        for child in node:
            if isinstance(child.tag, str):
                if child.tag == "br":
                    # Two breaks end a paragraph; one is a space.
                    following = child.getnext()
                    double = following is not None and following.tag == "br" and not (child.tail or "").strip()
                    if double:
                        pieces.append("")
                        linked.append(0)
                    else:
                        add(" ", False)
                elif child.tag in _BLOCKS:
                    pieces.append("")
                    linked.append(0)
                elif child.tag not in _SILENT and _why(child) is None:
                    walk(child, link or child.tag == "a")
            add(child.tail, link)

    walk(element, False)
    for text, count in zip(pieces, linked, strict=True):
        clean = squeezed(text)
        if clean:
            yield Block(element.tag, clean, element, min(1.0, count / len(clean)), part=_part(element, articles))


def _articles(root: Any) -> list[Any]:
    """The article elements that hold a story each, if there are several."""
    found = []
    for element in root.iter("article"):
        marked = mark_of(f"{element.get('class') or ''} {element.get('id') or ''}")
        if marked in (COMMENT, TEASER) or any(parent.tag in ("article", "aside") for parent in element.iterancestors()):
            continue
        texts = [squeezed(p.text_content()) for p in element.iter("p")]
        if len(texts) >= 2 and sum(map(len, texts)) >= 300 and next(element.iter("h1", "h2", "h3"), None) is not None:
            found.append(element)
    return found if len(found) > 1 else []


def _part(element: Any, articles: list[Any]) -> int:
    if not articles:
        return 0
    parents = [element, *element.iterancestors()]
    return next((k for k, article in enumerate(articles) if article in parents), -1)


def is_link_list(block: Block) -> bool:
    """Whether a block is made of links for the most part."""
    return block.linked > _LINKED
