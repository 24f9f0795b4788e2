"""What each inspection framework prints: how it is known, its judgements, its sections, its action lists.

Frameworks are declarations: a new one is a new table here, not a new parser. Patterns are matched against
text with straight quotes, in lower case, with single spaces.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
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
        part: whose part of the report begins here ("authority", "lscb"), or "" to stay in the part one is in.
        keeps_headings: of an action list, whether headings that no rule tells are its sub-headings; they end
            other lists.
        boxed: whether it is a box within another section, which goes on below it.
    """

    code: str
    heading: re.Pattern[str]
    findings: bool = True
    actions: str = ""
    part: str = ""
    keeps_headings: bool = False
    boxed: bool = False


@dataclass(frozen=True, slots=True)
class Framework:
    """One inspection framework.

    Attributes:
        code: the code in ``Report.framework``.
        name: what Ofsted calls it.
        signs: patterns, one of which stands on the first pages of its reports.
        judgements: the judgements it makes, in the order in which they are reported.
        sections: the parts of its reports; the first rule whose heading matches counts.
        opening: section of the text before the first heading that is told.
        opening_findings: whether that text holds findings.
        body: section of findings under a heading that ends an action list and that no rule tells.
        cover: where the first page is a cover, the only sections that may begin on it; empty for all.
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
    body: str = "main_findings"
    cover: tuple[str, ...] = ()
    party: str = "authority"
    full: bool = False
    grades: tuple[str, ...] = ("outstanding", "good", "requires_improvement", "inadequate")
    no_overall_after: datetime.date | None = None


def _p(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _grade_is(subject: str) -> tuple[re.Pattern[str], ...]:
    """Patterns of a heading "The graded judgement for X is (that it is) GRADE"."""
    return (_p(rf"grad(?:ed|ing) judge?ments? (?:for|about|of|on) (?:the )?{subject}\b"),)


def _findings(code: str, heading: str, part: str = "") -> SectionRule:
    """A section whose sentences are findings."""
    return SectionRule(code, _p(heading), part=part)


def _other(code: str, heading: str, part: str = "") -> SectionRule:
    """A section without findings."""
    return SectionRule(code, _p(heading), findings=False, part=part)


def _list(code: str, heading: str, keeps_headings: bool = False) -> SectionRule:
    """A section that holds an action list."""
    kind = {"recommendations": "recommendation", "areas_for_improvement": "area_for_improvement"}.get(code, code)
    return SectionRule(code, _p(heading), findings=False, actions=kind, keeps_headings=keeps_headings)


_LSCB = r"(?:local safeguarding children board|lscb|safeguarding children board)"
_WHOSE_LSCB = rf"(?:the )?(?:effectiveness of (?:the )?)?(?:[\w' ]{{0,50}} )?{_LSCB}"
_JOURNEY = r"(?:the )?experiences? and progress of "
_GRADED = r"(?:the )?grad(?:ed|ing) judge?ments? (?:for|about|of|on) (?:the )?"

IMPRINT = re.compile(r"the office for standards in education, children's services and skills \(ofsted\) regulates")
"""How the page on the inspectorate begins, with which reports of every framework end."""

_ABOUT = (
    _other("about", r"(?:information )?about (?:this|the) (?:inspection|review|visit)"),
    _other("about", r"(?:the )?inspection team"),
    _other("about", r"(?:what )?the (?:[\w' ]{1,40} )?inspection judge?ments (?:mean|and what they mean)"),
    _other("about", r".{2,60} is likely to be (?:judged )?.{0,60}|(?:any )?complaints"),
)

SIF = Framework(
    code="sif",
    name="Single inspection framework (2013 to 2018)",
    signs=(
        _p(r"inspection of services for children in need of help and protection"),
        _p(r"the effectiveness of the local safeguarding children board .*inspection of (?:local authority|services)"),
    ),
    full=True,
    cover=("executive_summary",),
    body="",
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
            _p(r"(?:(?:the )?(?:experiences?|progress) (?:and progress )*of (?:children )?)?care leavers"),
            _grade_is(r"(?:experiences? (?:and progress )?of )?care leavers"),
        ),
        JudgementRule(
            "looked_after_permanence",
            _p(r"(?:the experiences and progress of )?(?:children looked after|looked after children)"),
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
        _findings("lscb", rf"inspection judge?ments? (?:about|on|of) {_WHOSE_LSCB}", part="lscb"),
        _other("about", r"inspection judge?ments? about"),
        _other("about", r"the lscb$", part="lscb"),
        _findings("lscb", rf"section (?:2|two|b)\b.*{_LSCB}", part="lscb"),
        _findings("executive_summary", r"section (?:1|one|a)\b.*", part="authority"),
        _other("about", r"(?:section \d:? )?(?:the )?(?:local authority|lscb) inspection judge?ments?"),
        _other("local_information", r"information about (?:this|the|.{3,50}) (?:local )?(?:authority|area|council)"),
        _other("local_information", r"(?:other )?information about (?:this|the) area|other information about"),
        _other("local_information", r"(?:previous|other) (?:ofsted )?inspections?|local leadership|the casework model"),
        _other("local_information", r"(?:children living|child protection|children looked after) in (?:this|the) area"),
        _list(
            "priority_action",
            r"(?:areas? for )?(?:priority|immediate)(?:,? and immediate|,? and priority| or immediate)? actions?",
        ),
        _list(
            "areas_for_improvement",
            r"areas? for (?:further )?improvement|areas? (?:that require|requiring) improvement"
            r"|what does (?:the )?.{2,60} need to (?:improve|do)|what needs to improve",
        ),
        _list("recommendations", r"(?:key )?recommendations?(?: for .*| to .*)?$"),
        _findings("weaknesses", r"key strengths and weaknesses"),
        _findings(
            "strengths",
            r"(?:the )?(?:local authority's|lscb's|board's|.{3,40}) (?:key )?strengths"
            r"|the local authority has the following strengths|(?:key )?strengths",
        ),
        _findings(
            "executive_summary",
            r"executive summary|(?:the local authority\W*)?summary of (?:key )?findings"
            r"|(?:children's (?:social care )?services|this local authority|the local authority) .{2,80} because",
        ),
        _findings("", r"inspection findings$"),
        _findings("progress", r"progress since the (?:last|previous) inspection"),
        _findings("summary_for_children", r"summary for (?:children|young people)", part="authority"),
        _findings("help_and_protection", _JOURNEY + r"(?:all )?.{0,40}children who need help", part="authority"),
        _findings("looked_after_permanence", _JOURNEY + r".{0,40}(?:in care|looked after)", part="authority"),
        _findings("adoption", _GRADED + "adoption|adoption performance (?:is|requires?)", part="authority"),
        _findings(
            "care_leavers",
            _GRADED + r"(?:experiences? |care leavers)|" + _JOURNEY + "(?:children )?care leavers",
            part="authority",
        ),
        _findings("leadership", r"leadership,? management", part="authority"),
        _findings("lscb", rf"(?:inspection findings.{{0,5}} )?{_WHOSE_LSCB}", part="lscb"),
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
    body="",
    no_overall_after=datetime.date(2026, 3, 31),
    judgements=(
        JudgementRule("overall_effectiveness", _p(r"overall effectiveness")),
        JudgementRule("impact_of_leaders", _p(r"(?:the )?impact of leaders")),
        JudgementRule("help_and_protection", _p(_JOURNEY + r"children (?:and families )?who need help")),
        JudgementRule("care_and_care_leavers", _p(_JOURNEY + r"children in care and (?:children )?care leavers")),
        JudgementRule("care_leavers", _p(_JOURNEY + r"(?:children )?(?:\w+ )?care leavers")),
        JudgementRule("in_care", _p(_JOURNEY + r"children in care")),
    ),
    sections=(
        *_ABOUT,
        _list("areas_for_improvement", r"what needs to improve|areas? for improvement"),
        _list("priority_action", r"areas? for priority action|priority actions?$"),
        _findings("impact_of_leaders", r"(?:the )?impact of leaders"),
        _findings("help_and_protection", _JOURNEY + r"children (?:and families )?who need help"),
        _findings("care_and_care_leavers", _JOURNEY + r"children in care and (?:children )?care leavers"),
        _findings("care_leavers", _JOURNEY + r"(?:children )?care leavers"),
        _findings("in_care", _JOURNEY + r"children in care"),
    ),
)

_LETTER_HEAD = (
    _findings("introduction", r"dear\b.*"),
    _other("about", r"areas? covered by (?:the|this) (?:visit|inspection)|information about (?:this|the) visit"),
    _other("about", r"(?:information )?about (?:this|the) (?:inspection|visit)|(?:the )?inspection team"),
    _findings("headline_findings", r"headline findings|overview$|summary of findings"),
)
_LETTER_BODY = (
    _list("priority_action", r"(?:areas? for )?priority (?:and immediate )?actions?"),
    _findings(
        "main_findings",
        r"(?:main |key |overall )?findings|evaluation of progress|(?:inspection|visit) findings|progress since",
    ),
    _findings("strengths", r"(?:[\w'-]+ ){0,3}strengths$"),
    _other("about", r"next steps|yours (?:sincerely|faithfully)"),
)
_LETTER = (
    *_LETTER_HEAD,
    _list(
        "areas_for_improvement",
        r"what needs to improve.{0,60}|areas? (?:for|requiring) (?:further )?(?:improvement|development)",
    ),
    *_LETTER_BODY,
)

FOCUSED_VISIT = Framework(
    code="ilacs_focused_visit",
    name="ILACS focused visit (from 2018)",
    signs=(_p(r"focused visit (?:to|of|at)"), _p(r"findings of (?:a|the|this) focused visit")),
    sections=_LETTER,
)

MONITORING_VISIT = Framework(
    code="ilacs_monitoring_visit",
    name="ILACS monitoring visit (from 2016)",
    signs=(
        _p(r"monitoring visit (?:to|of|at)"),
        _p(r"findings of (?:a|the|this) (?:\w+ )?(?:\w+ )?monitoring visit"),
    ),
    sections=_LETTER,
)

JTAI = Framework(
    code="jtai",
    name="Joint targeted area inspection (from 2016)",
    signs=(_p(r"joint targeted area inspection"),),
    party="partnership",
    sections=(
        SectionRule(
            "practice_study",
            _p(r"(?:(?:good|effective) )?(?:case|practice) (?:stud(?:y|ies)|examples?)\b.{0,60}"),
            boxed=True,
        ),
        *_LETTER_HEAD,
        _list("areas_for_improvement", r"what needs to improve"),
        # Older letters group the bullets under sub-headings.
        _list("areas_for_improvement", r"areas? for improvement", keeps_headings=True),
        _list("priority_action", r"(?:areas? for )?priority actions?", keeps_headings=True),
        *_LETTER_BODY,
    ),
)

SEND = Framework(
    code="send",
    name="Area SEND inspection (from 2023)",
    signs=(_p(r"area send (?:\w+ )?inspection"),),
    party="partnership",
    judgements=(JudgementRule("outcome", _p(r"inspection outcome")),),
    grades=("positive", "inconsistent", "systemic_failings"),
    sections=(
        _other("about", r"local area partnership details|information about this inspection|inspection team"),
        _findings("outcome", r"inspection outcome"),
        _other("local_information", r"information about the local area partnership"),
        _findings("experience", r"what is it like to be a child"),
        _findings("effective", r"what is the (?:local )?area partnership doing that is effective"),
        _findings("needs_to_improve", r"what does the (?:local )?area partnership need to do better"),
        _list("priority_action", r"areas? for priority action|priority actions?"),
        _list("areas_for_improvement", r"areas? for improvement"),
    ),
)

SLAC = Framework(
    code="slac",
    name="Inspection of (safeguarding and) looked after children services (2009 to 2013)",
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
        _other("about", r"about this inspection|the inspection judge?ments and what they mean|service information"),
        _other("about", r"record of main findings"),
        _findings("overall_effectiveness", r"(?:the )?overall effectiveness"),
        _list("areas_for_improvement", r"areas for improvement", keeps_headings=True),
        _findings("capacity_to_improve", r"capacity (?:to improve|for improvement)"),
        _findings("outcomes", r"(?:safeguarding )?outcomes for|how good are outcomes"),
        _findings("quality_of_provision", r"(?:the )?quality of provision"),
        _findings("leadership_and_management", r"leadership and management"),
    ),
)

OTHER = Framework(
    code="other",
    name="Another document",
    signs=(),
    opening="document",
    opening_findings=True,
    body="",
    sections=(
        _list("areas_for_improvement", r"priorities for (?:further )?improvement"),
        _findings("overall_effectiveness", r"overall judge?ment"),
        *SIF.sections,
    ),
    judgements=tuple(rule for rule in SIF.judgements if rule.code == "lscb"),
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
