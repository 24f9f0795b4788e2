"""XML of strangers: no entities, nothing fetched, bounded in depth, and read as far as it goes where it is broken."""

from __future__ import annotations

import re
from typing import Any

from ofsted_nlp.sources.press import NotASourceError

_DECLARED = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=", re.IGNORECASE)
_HTML = re.compile(rb"\A\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


def root_of(body: bytes, charset: str | None, url: str) -> tuple[Any, bool]:
    """The root of a document, and whether it was well-formed; what could be read of a broken one counts.

    Args:
        body: its bytes.
        charset: the encoding that its header names; what the document itself declares comes first.
        url: its address, for messages.

    Raises:
        NotASourceError: it is no XML, or declares entities, which no feed or sitemap needs.
    """
    from lxml import etree

    if _HTML.match(body[:4096].removeprefix(b"\xef\xbb\xbf")):
        raise NotASourceError(f"{url} leads to a web page, not to a feed or sitemap.", code="page_instead_of_xml")
    if b"<!ENTITY" in body.replace(b"\x00", b""):
        raise NotASourceError(f"{url} declares entities and is not read.", code="entities")
    marked = body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) or _DECLARED.match(body[:300])
    settings: dict[str, Any] = {
        "resolve_entities": False,
        "load_dtd": False,
        "no_network": True,
        "huge_tree": False,
        "remove_comments": True,
        "remove_pis": True,
        "encoding": None if marked else charset,
    }
    for recover in (False, True):
        try:
            root = etree.fromstring(body.strip(), etree.XMLParser(recover=recover, **settings))
        except (etree.XMLSyntaxError, ValueError, LookupError):
            continue
        if root is not None:
            return root, not recover
    raise NotASourceError(f"{url} is no XML that can be read.", code="not_xml")


def local(element: Any) -> str:
    """The name of an element without its namespace, in lower case."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
