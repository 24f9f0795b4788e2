"""The declarations of the frameworks hold together."""

import pytest

from ofsted_nlp.errors import NotFoundError
from ofsted_nlp.frameworks import ALL, GRADES, OTHER, framework, plain

KINDS = {"recommendation", "area_for_improvement", "priority_action", ""}


def test_every_framework_is_found_by_its_code():
    assert [framework(item.code) for item in ALL] == list(ALL)
    assert len({item.code for item in ALL}) == len(ALL)


def test_an_unknown_framework_is_named_with_those_that_are_known():
    with pytest.raises(NotFoundError, match=r"no framework 'sfi'.*ilacs_focused_visit"):
        framework("sfi")


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.code)
def test_a_declaration_uses_only_known_grades_kinds_and_parties(item):
    assert set(item.grades) <= set(GRADES) | {"positive", "inconsistent", "systemic_failings"}
    assert {rule.actions for rule in item.sections} <= KINDS
    assert item.party in ("authority", "partnership")
    assert all(rule.code and not rule.findings for rule in item.sections if rule.actions)
    assert item is OTHER or item.signs
    assert set(item.cover) <= {rule.code for rule in item.sections}


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.code)
def test_patterns_are_written_for_plain_text(item):
    patterns = [*item.signs, *(rule.heading for rule in item.sections), *(rule.label for rule in item.judgements)]
    for pattern in patterns:
        assert not any(mark in pattern.pattern for mark in "’‘“”"), pattern.pattern


def test_plain_text_has_straight_quotes_single_spaces_and_small_letters():
    assert plain(" Children’s  ‘Front\nDoor’ “team” ") == "children's 'front door' \"team\""
