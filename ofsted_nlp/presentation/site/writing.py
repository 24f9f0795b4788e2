"""Fills in the site's templates and writes its files; every value is escaped, also what scripts are given."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from markupsafe import Markup

from ofsted_nlp.presentation.html import environment
from ofsted_nlp.presentation.site.facts import slug
from ofsted_nlp.presentation.site.links import SourceLinks
from ofsted_nlp.presentation.site.tiles import grade_state
from ofsted_nlp.presentation.site.words import linked, signed
from ofsted_nlp.records import Report

_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class Writer:
    """Writes pages and data into a folder.

    Args:
        folder: where.
        links: addresses of the pages of reports.
        common: what every page is given.
    """

    def __init__(self, folder: Path, links: SourceLinks, common: Mapping[str, Any]) -> None:
        self._folder = folder
        self._links = links
        self._common = dict(common)
        self._depth = 0
        self._env = environment().overlay()
        self._env.filters = {
            **self._env.filters,
            "page_link": self._link,
            "slug": slug,
            "grade_state": grade_state,
            "linked": linked,
            "signed": signed,
            "number_in": lambda key, numbers: numbers.get(key),
            "as_json": lambda value: Markup(as_json(value)),
        }

    def _link(self, report: Report, page: int) -> str | None:
        return self._links.to(report, page, self._depth)

    def link(self, report: Report, page: int, depth: int = 0) -> str | None:
        """The address of a page of a report from a page so many folders deep."""
        return self._links.to(report, page, depth)

    def page(self, name: str, template: str, **values: Any) -> None:
        """Write the page ``name`` ("themes/adoption.html") from the template of ``templates/site``."""
        self._depth = name.count("/")
        made = self._env.get_template(f"site/{template}").render(
            root="../" * self._depth, here=name, **self._common, **values
        )
        lines = (line.strip() for line in made.splitlines())
        self._put(name, "\n".join(line for line in lines if line) + "\n")

    def script(self, name: str, call: str, *values: Any) -> None:
        """Write data as a script that calls a function with it: browsers read no JSON files beside a page on disk."""
        self._put(name, f"{call}({','.join(as_json(value) for value in values)});\n")

    def packed(self, name: str, call: str, key: int, value: Any) -> None:
        """Write data as a script that calls a function with a key and with the data, packed (JSON, deflate, base64)."""
        packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        data = packer.compress(_json(value).encode()) + packer.flush()
        self._put(name, f'{call}({key},"{base64.b64encode(data).decode()}");\n')

    def asset(self, name: str, *sources: str) -> None:
        """Write the files of ``presentation/templates`` one after the other under ``assets``."""
        folder = resources.files("ofsted_nlp").joinpath("presentation/templates")
        self._put(f"assets/{name}", "".join(folder.joinpath(source).read_text(encoding="utf-8") for source in sources))

    def _put(self, name: str, text: str) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)


def as_json(value: Any) -> str:
    """JSON that can stand inside a page or script: no tag, entity or line separator is left in it."""
    text = _json(value)
    for letter, written in _UNSAFE.items():
        text = text.replace(letter, written)
    return text


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
