"""Which stories are about an authority, which report each covers, and which pages repeat another's story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ofsted_nlp.analysis.inspections import published
from ofsted_nlp.authorities import AuthorityEntry
from ofsted_nlp.records import Report
from ofsted_nlp.stories import Article, Story


def originals(articles: Sequence[Article], repeats: Mapping[str, str] | None = None) -> dict[str, str]:
    """By SHA-256 of each page that repeats another's story, that of the page it repeats, if that is among them.

    Args:
        articles: the pages.
        repeats: what is known of it; None to compare the pages.
    """
    here = {article.page.sha256 for article in articles}
    if repeats is None:
        from ofsted_nlp.extraction.press.alike import same_stories

        pages = [article.page for article in articles]
        found = enumerate(same_stories(pages))
        repeats = {pages[n].sha256: pages[first].sha256 for n, first in found if first is not None}
    made = {}
    for copy in here:
        first, seen = copy, {copy}
        while first in repeats and repeats[first] not in seen:
            first = repeats[first]
            seen.add(first)
        if first != copy and first in here:
            made[copy] = first
    return made


def stories_on(article: Article, authority: AuthorityEntry) -> list[Story]:
    """The stories of a page that are about an authority, or about none that is named."""
    names = {authority.display_name.lower(), authority.name.lower(), *(name.lower() for name in authority.aliases)}
    return [
        story
        for story in article.stories
        if (story.urn == authority.urn if story.urn is not None else (story.authority or "").lower() in {"", *names})
    ]


def report_of(story: Story, reports: Sequence[Report]) -> Report | None:
    """The report that a story covers: by its hash, else the only one published on that day; None if there is none."""
    if story.report is None:
        return None
    for report in reports:
        if story.report.sha256 is not None and report.source.sha256 == story.report.sha256:
            return report
    same = [r for r in reports if story.report.published and published(r) == story.report.published]
    return same[0] if len(same) == 1 else None
