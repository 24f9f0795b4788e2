"""What updates brought as an Atom feed (RFC 4287): the same changes have the same ids in every edition of it."""

from __future__ import annotations

import datetime
import html
import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from ofsted_nlp.presentation.update_report import details, heading

ATOM = "http://www.w3.org/2005/Atom"
TITLE = "Ofsted's reports on children's services: what is new"

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed(changes: Sequence[Mapping[str, Any]], began: datetime.datetime, address: str | None = None) -> bytes:
    """An Atom feed.

    Args:
        changes: as ``Change.to_dict`` makes them, in the order in which they shall stand.
        began: when updates of the store began (UTC); it gives the feed its id.
        address: the web address at which the feed will lie, if known.
    """
    from lxml import etree

    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})

    def add(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
        made = etree.SubElement(parent, f"{{{ATOM}}}{name}", {key: _clean(value) for key, value in attributes.items()})
        made.text = None if text is None else _clean(text)
        return made

    add(root, "id", uuid.uuid5(uuid.NAMESPACE_URL, f"urn:ofsted-nlp:feed:{began.isoformat()}").urn)
    add(root, "title", TITLE)
    add(root, "updated", _moment(max([change["found"] for change in changes], default=began.isoformat())))
    add(add(root, "author"), "name", "ofsted-nlp")
    add(root, "generator", "ofsted-nlp")
    if address:
        add(root, "link", rel="self", type="application/atom+xml", href=address)
    for change in changes:
        entry = add(root, "entry")
        add(entry, "id", change["id"])
        add(entry, "title", heading(change))
        add(entry, "updated", _moment(change["found"]))
        if change["published"]:
            add(entry, "published", f"{change['published']}T00:00:00Z")
        if re.match(r"https?://[^\s<>\"]+\Z", change["url"] or ""):
            add(entry, "link", rel="alternate", href=change["url"])
        for name in change["authorities"]:
            add(entry, "category", term=name)
        lines = "".join(f"<p>{html.escape(_clean(line))}</p>" for line in details(change))
        add(entry, "content", lines, type="html")
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return made


def _clean(text: str) -> str:
    """The text without characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def _moment(text: str) -> str:
    return text if text.endswith("Z") else f"{text}Z"
