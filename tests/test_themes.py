import dataclasses

import pytest

from ofsted_nlp.errors import NotFoundError
from ofsted_nlp.themes import groups, in_group, polarities, theme, themes


def test_taxonomy_is_complete():
    assert len(themes()) == 49
    assert next(iter(themes())) == "early_help"
    assert list(themes())[-1] == "none"
    assert list(groups()) == ["help_and_protection", "children_in_care", "care_leavers", "leadership", "send", "none"]
    assert list(polarities()) == ["strength", "concern", "mixed", "neutral"]
    assert {item.group for item in themes().values()} == set(groups())
    assert all(item.title and item.definition.endswith(".") for item in themes().values())


def test_groups_hold_their_themes_in_order():
    assert [item.code for item in in_group("care_leavers")] == [
        "care_leaver_support",
        "care_leaver_accommodation",
        "care_leaver_eet",
        "care_leaver_health_offer",
    ]
    assert sum(len(in_group(group)) for group in groups()) == len(themes())


@pytest.mark.parametrize("name", ["front_door", "Front door", "front-door", " FRONT DOOR "])
def test_a_theme_is_found_by_code_or_title(name):
    assert theme(name).code == "front_door"


def test_titles_with_an_apostrophe_are_found():
    assert theme("Care leavers' housing").code == "care_leaver_accommodation"


def test_a_misspelt_theme_is_refused_with_suggestions():
    with pytest.raises(NotFoundError, match=r"no theme 'fosterng'. Did you mean fostering") as caught:
        theme("fosterng")
    assert caught.value.code == "not_found"


def test_an_unknown_theme_is_refused_with_the_list():
    with pytest.raises(NotFoundError, match=r"Themes: early_help, front_door, "):
        theme("qqqq")


def test_an_unknown_group_is_refused():
    with pytest.raises(NotFoundError, match="Groups: help_and_protection"):
        in_group("weather")


def test_themes_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        theme("health").code = "other"
    with pytest.raises(TypeError):
        themes()["new"] = theme("health")
