"""What each inspection framework prints: how it is known, its judgements, its sections, its action lists.

Frameworks are declarations: a new one is a new table here, not a new parser. Patterns are matched against
text with straight quotes, in lower case, with single spaces.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from functools import cache

from ofsted_nlp.errors import NotFoundError

GRADES = ("outstanding", "good", "adequate", "requires_improvement", "inadequate")
"""Grade codes, best first ("adequate" was replaced by "requires improvement" in 2013)."""


@dataclass(frozen=True, slots=True)
class JudgementRule:
    """A judgement that a framework makes: its code and how its label is printed.

    Attributes:
        code: the code in ``Judgement.code``.
        label: pattern of the printed label.
        headings: patterns of a heading or sentence that states the grade; used where no table row does.
    """

    code: str
    label: re.Pattern[str]
    headings: tuple[re.Pattern[str], ...] = ()


@dataclass(frozen=True, slots=True)
class SectionRule:
    """A part of a report, told by its heading.

    Attributes:
        code: the code in ``Finding.section``; "" goes on with the last section of findings.
        heading: pattern of the heading, matched from its start.
        findings: whether its sentences are findings about the services.
        actions: kind of the action list that it holds, or "".
        part: whose part of the report begins here ("lscb"), or "" to stay in the part one is in.
    """

    code: str
    heading: re.Pattern[str]
    findings: bool = True
    actions: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Framework:
    """One inspection framework.

    Attributes:
        code: the code in ``Report.framework``.
        name: what Ofsted calls it.
        signs: patterns, one of which stands on the first pages of its reports.
        judgements, sections: its tables.
        opening: section of the text before the first heading that is told.
        cover: whether the first page is a cover, whose headings begin no section.
        party: whose action list it is ("authority" or "partnership").
        full: whether it grades a whole authority (it then counts in benchmarks and statistics).
        grades: grade codes it may give.
        no_overall_after: the last inspection date for which it judges overall effectiveness.
    """

    code: str
    name: str
    signs: tuple[re.Pattern[str], ...]
    judgements: tuple[JudgementRule, ...] = ()
    sections: tuple[SectionRule, ...] = ()
    opening: str = "introduction"
    opening_findings: bool = False
    cover: bool = False
    party: str = "authority"
    full: bool = False
    grades: tuple[str, ...] = ("outstanding", "good", "requires_improvement", "inadequate")
    no_overall_after: datetime.date | None = None
    absent: tuple[str, ...] = field(default=())


def _p(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _grade_is(subject: str) -> tuple[re.Pattern[str], ...]:
    """Patterns of a heading "The graded judgement for X is (that it is) GRADE"."""
    return (_p(rf"grad(?:ed|ing) judge?ments? (?:for|about|of|on) (?:the )?{subject}\b"),)


_LSCB = r"(?:local safeguarding children board|lscb|safeguarding children board)"

_ABOUT = (
    SectionRule("about", _p(r"information about (?:this|the) (?:inspection|review)"), findings=False),
    SectionRule("about", _p(r"about (?:this|the) (?:inspection|review)"), findings=False),
    SectionRule("about", _p(r"(?:the )?inspection team"), findings=False),
    SectionRule("about", _p(r"what the inspection judge?ments mean"), findings=False),
    SectionRule("about", _p(r"the inspection judge?ments and what they mean"), findings=False),
    SectionRule("about", _p(r"inspection judge?ments? about"), findings=False),
    SectionRule("about", _p(r"(?:any )?complaints"), findings=False),
)

_HELP = r"(?:the )?experiences? and progress of (?:all )?children who need help"
_LOOKED_AFTER = r"(?:the )?experiences? and progress of (?:all )?(?:children )?(?:in care|looked after)"
_CARE_LEAVERS = r"(?:the )?experiences? and progress of (?:children )?care leavers"

SIF = Framework(
    code="sif",
    name="Single inspection framework (2013 to 2018)",
    signs=(
        _p(r"inspection of services for children in need of help and protection"),
        _p(r"the effectiveness of the local safeguarding children board .*inspection of (?:local authority|services)"),
    ),
    full=True,
    cover=True,
    judgements=(
        JudgementRule(
            "overall_effectiveness",
            _p(r"overall (?:effectiveness|judge?ment)"),
            (
                _p(r"the overall judge?ment is"),
                _p(r"(?:overall )?children(?:'s|s') (?:social care )?services (?:in .{3,80} )?(?:are|is|require)"),
                _p(r"the overall effectiveness"),
            ),
        ),
        JudgementRule("help_and_protection", _p(r"(?:the experiences and progress of )?children who need help")),
        JudgementRule("adoption", _p(r"adoption"), _grade_is("adoption")),
        JudgementRule(
            "care_leavers",
            _p(
                r"(?:the )?(?:experiences? and progress|experiences?|progress) (?:and progress )?of care leavers|care leavers"
            ),
            _grade_is(r"(?:experiences? (?:and progress )?of )?care leavers"),
        ),
        JudgementRule(
            "looked_after_permanence",
            _p(r"(?:the experiences and progress of )?children looked after|looked after children"),
        ),
        JudgementRule("leadership", _p(r"leadership,? ?(?:management)?")),
        JudgementRule(
            "lscb",
            _p(rf"(?:the )?(?:effectiveness of (?:the )?)?.{{0,60}}{_LSCB}"),
            (
                _p(rf"the effectiveness of (?:the )?(?:.{{0,60}})?{_LSCB}"),
                _p(rf"(?:the )?(?:[\w' -]{{0,60}} )?{_LSCB} (?:\(\w+\) )?(?:is|was|requires?|has been judged)"),
            ),
        ),
    ),
    sections=(
        *_ABOUT,
        SectionRule("lscb", _p(rf"section (?:2|two|b)\b.*{_LSCB}"), part="lscb"),
        SectionRule("authority", _p(r"section (?:1|one|a)\b"), findings=False, part="authority"),
        SectionRule(
            "about", _p(r"(?:section \d:? )?(?:the )?(?:local authority|lscb) inspection judge?ments?"), findings=False
        ),
        SectionRule(
            "local_information",
            _p(r"information about (?:this|the|.{3,50}) (?:local )?(?:authority|area|council)"),
            findings=False,
        ),
        SectionRule("local_information", _p(r"(?:other )?information about (?:this|the) area"), findings=False),
        SectionRule("local_information", _p(r"other information about"), findings=False),
        SectionRule("local_information", _p(r"(?:previous|other) (?:ofsted )?inspections?"), findings=False),
        SectionRule("local_information", _p(r"local leadership"), findings=False),
        SectionRule(
            "local_information",
            _p(r"(?:children living|child protection|children looked after) in (?:this|the) area"),
            findings=False,
        ),
        SectionRule("local_information", _p(r"the casework model used"), findings=False),
        SectionRule(
            "priority_action",
            _p(r"(?:areas? for )?(?:priority|immediate)(?:,? and immediate| and priority)? actions?"),
            findings=False,
            actions="priority_action",
        ),
        SectionRule(
            "areas_for_improvement",
            _p(r"areas? for (?:further )?improvement|areas? (?:that require|requiring) improvement"),
            findings=False,
            actions="area_for_improvement",
        ),
        SectionRule(
            "areas_for_improvement",
            _p(r"what does (?:the )?.{2,60} need to (?:improve|do)"),
            findings=False,
            actions="area_for_improvement",
        ),
        SectionRule(
            "areas_for_improvement", _p(r"what needs to improve"), findings=False, actions="area_for_improvement"
        ),
        SectionRule(
            "recommendations", _p(r"recommendations?(?: for .*| to .*)?$"), findings=False, actions="recommendation"
        ),
        SectionRule(
            "strengths",
            _p(
                r"(?:the )?(?:local authority's|lscb's|board's|.{3,40}) (?:key )?strengths|the local authority has the following strengths|(?:key )?strengths"
            ),
        ),
        SectionRule("weaknesses", _p(r"key strengths and weaknesses")),
        SectionRule("executive_summary", _p(r"(?:executive summary|summary of (?:key )?findings)")),
        SectionRule("", _p(r"inspection findings$")),
        SectionRule("progress", _p(r"progress since the last inspection")),
        SectionRule("executive_summary", _p(r"this local authority .{2,60} because")),
        SectionRule("lscb", _p(rf"(?:the )?{_LSCB} .{{2,40}} because")),
        SectionRule("summary_for_children", _p(r"summary for children and young people")),
        SectionRule("help_and_protection", _p(_HELP), part="authority"),
        SectionRule(
            "looked_after_permanence",
            _p(_LOOKED_AFTER + r"|(?:the )?experiences? and progress of .{0,40}children.{0,30}looked after"),
            part="authority",
        ),
        SectionRule(
            "help_and_protection",
            _p(r"(?:the )?experiences? and progress of .{0,40}children who need help"),
            part="authority",
        ),
        SectionRule(
            "adoption",
            _p(r"(?:the )?grad(?:ed|ing) judge?ments? (?:for|about|of|on) (?:the )?adoption"),
            part="authority",
        ),
        SectionRule(
            "care_leavers",
            _p(r"(?:the )?grad(?:ed|ing) judge?ments? (?:for|about|of|on) (?:the )?(?:experiences? |care leavers)"),
            part="authority",
        ),
        SectionRule("leadership", _p(r"leadership,? management"), part="authority"),
        SectionRule("lscb", _p(rf"(?:the )?(?:effectiveness of (?:the )?)?(?:[\w' ]{{0,50}} )?{_LSCB}"), part="lscb"),
        SectionRule("lscb", _p(rf"inspection findings.{{0,5}} (?:the )?(?:[\w' ]{{0,50}} )?{_LSCB}"), part="lscb"),
    ),
)

ILACS = Framework(
    code="ilacs",
    name="Inspection of local authority children's services (from 2018)",
    signs=(
        _p(r"the impact of leaders on social work practice"),
        _p(r"inspection of (?:local authority )?children's (?:social care )?services"),
        _p(r"inspection of .{3,90} (?:local authority )?children's services"),
    ),
    full=True,
    opening="executive_summary",
    opening_findings=True,
    no_overall_after=datetime.date(2026, 3, 31),
    judgements=(
        JudgementRule("overall_effectiveness", _p(r"overall effectiveness")),
        JudgementRule("impact_of_leaders", _p(r"(?:the )?impact of leaders")),
        JudgementRule(
            "help_and_protection", _p(r"(?:the )?experiences? and progress of children (?:and families )?who need help")
        ),
        JudgementRule(
            "care_and_care_leavers",
            _p(r"(?:the )?experiences? and progress of children in care and (?:children )?care leavers"),
        ),
        JudgementRule("care_leavers", _p(r"(?:the )?experiences? and progress of (?:children )?(?:\w+ )?care leavers")),
        JudgementRule("in_care", _p(r"(?:the )?experiences? and progress of children in care")),
    ),
    sections=(
        *_ABOUT,
        SectionRule(
            "areas_for_improvement", _p(r"what needs to improve"), findings=False, actions="area_for_improvement"
        ),
        SectionRule(
            "areas_for_improvement", _p(r"areas? for improvement"), findings=False, actions="area_for_improvement"
        ),
        SectionRule(
            "priority_action",
            _p(r"areas? for priority action|priority actions?$"),
            findings=False,
            actions="priority_action",
        ),
        SectionRule("impact_of_leaders", _p(r"(?:the )?impact of leaders")),
        SectionRule(
            "help_and_protection", _p(r"(?:the )?experiences? and progress of children (?:and families )?who need help")
        ),
        SectionRule(
            "care_and_care_leavers",
            _p(r"(?:the )?experiences? and progress of children in care and (?:children )?care leavers"),
        ),
        SectionRule("care_leavers", _p(r"(?:the )?experiences? and progress of (?:children )?care leavers")),
        SectionRule("in_care", _p(r"(?:the )?experiences? and progress of children in care")),
    ),
)

_LETTER_SECTIONS = (
    SectionRule("about", _p(r"areas covered by the (?:visit|inspection)"), findings=False),
    SectionRule("headline_findings", _p(r"headline findings")),
    SectionRule("areas_for_improvement", _p(r"what needs to improve"), findings=False, actions="area_for_improvement"),
    SectionRule("areas_for_improvement", _p(r"areas? for improvement"), findings=False, actions="area_for_improvement"),
    SectionRule(
        "priority_action",
        _p(r"areas? for priority action|priority actions?"),
        findings=False,
        actions="priority_action",
    ),
    SectionRule(
        "main_findings",
        _p(r"main findings|findings and evaluation of progress|(?:overall )?findings|summary of findings"),
    ),
    SectionRule("strengths", _p(r"(?:key |multi-agency )?strengths")),
    SectionRule("about", _p(r"next steps"), findings=False),
)

FOCUSED_VISIT = Framework(
    code="ilacs_focused_visit",
    name="ILACS focused visit (from 2018)",
    signs=(_p(r"focused visit (?:to|of|at)"), _p(r"findings of (?:a|the|this) focused visit")),
    sections=_LETTER_SECTIONS,
)

MONITORING_VISIT = Framework(
    code="ilacs_monitoring_visit",
    name="ILACS monitoring visit (from 2016)",
    signs=(_p(r"monitoring visit (?:to|of|at)"), _p(r"findings of (?:a|the|this) monitoring visit")),
    sections=_LETTER_SECTIONS,
)

JTAI = Framework(
    code="jtai",
    name="Joint targeted area inspection (from 2016)",
    signs=(_p(r"joint targeted area inspection"),),
    party="partnership",
    opening="introduction",
    opening_findings=True,
    sections=(
        SectionRule("practice_study", _p(r"(?:case|practice) stud(?:y|ies)\b"), findings=True),
        *_LETTER_SECTIONS,
    ),
)

SEND = Framework(
    code="send",
    name="Area SEND inspection (from 2023)",
    signs=(_p(r"area send (?:full )?inspection"),),
    party="partnership",
    opening="introduction",
    judgements=(JudgementRule("outcome", _p(r"inspection outcome")),),
    grades=("positive", "inconsistent", "systemic_failings"),
    sections=(
        SectionRule(
            "about",
            _p(r"(?:local area partnership details|information about this inspection|inspection team)"),
            findings=False,
        ),
        SectionRule("outcome", _p(r"inspection outcome")),
        SectionRule("local_information", _p(r"information about the local area partnership"), findings=False),
        SectionRule("experience", _p(r"what is it like to be a child")),
        SectionRule("effective", _p(r"what is the (?:local )?area partnership doing that is effective")),
        SectionRule("needs_to_improve", _p(r"what does the (?:local )?area partnership need to do better")),
        SectionRule(
            "priority_action",
            _p(r"areas? for priority action|priority actions?"),
            findings=False,
            actions="priority_action",
        ),
        SectionRule(
            "areas_for_improvement", _p(r"areas? for improvement"), findings=False, actions="area_for_improvement"
        ),
    ),
)

SLAC = Framework(
    code="slac",
    name="Inspection of looked after children services (2013) and of safeguarding and looked after children (2009 to 2012)",
    signs=(_p(r"inspection of (?:safeguarding and )?looked after children(?:'s)? services"),),
    full=True,
    grades=("outstanding", "good", "adequate", "inadequate"),
    judgements=(
        JudgementRule("overall_effectiveness", _p(r"overall effectiveness")),
        JudgementRule("capacity_to_improve", _p(r"capacity (?:to improve|for improvement)")),
        JudgementRule(
            "outcomes_for_looked_after_children_and_young_people",
            _p(r"outcomes for (?:children|looked after children)(?: and young people)?"),
        ),
        JudgementRule("quality_of_provision", _p(r"quality of (?:provision|service)")),
        JudgementRule("leadership_and_management", _p(r"leadership and management")),
    ),
    sections=(
        SectionRule(
            "about",
            _p(r"about this inspection|the inspection judge?ments and what they mean|service information"),
            findings=False,
        ),
        SectionRule("about", _p(r"record of main findings"), findings=False),
        SectionRule("overall_effectiveness", _p(r"overall effectiveness")),
        SectionRule(
            "areas_for_improvement", _p(r"areas for improvement"), findings=False, actions="area_for_improvement"
        ),
        SectionRule("capacity_to_improve", _p(r"capacity (?:to improve|for improvement)")),
        SectionRule("outcomes", _p(r"outcomes for")),
        SectionRule("quality_of_provision", _p(r"quality of provision")),
        SectionRule("leadership_and_management", _p(r"leadership and management")),
    ),
)

OTHER = Framework(
    code="other",
    name="Another document",
    signs=(),
    opening="document",
    opening_findings=True,
    sections=(*SIF.sections,),
    judgements=(next(rule for rule in SIF.judgements if rule.code == "lscb"),),
)

# In the order in which signs are tried: the particular before the general.
ALL = (SEND, FOCUSED_VISIT, MONITORING_VISIT, JTAI, SLAC, SIF, ILACS, OTHER)


@cache
def framework(code: str) -> Framework:
    """The framework with that code.

    Raises:
        NotFoundError: there is none; the message lists the codes.
    """
    for item in ALL:
        if item.code == code:
            return item
    raise NotFoundError(f"There is no framework '{code}'. Known: {', '.join(f.code for f in ALL)}.")


def plain(text: str) -> str:
    """Text as the patterns of this module expect it: lower case, straight quotes, single spaces."""
    text = text.lower().replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    return re.sub(r"\s+", " ", text).strip()
