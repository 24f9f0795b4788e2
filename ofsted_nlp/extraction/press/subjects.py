"""What a sentence of a news page is about: the words that speak of an inspection, of its subject, or of other news."""

from __future__ import annotations

import re
from typing import NamedTuple

_APOSTROPHE = str.maketrans("’‘ʼ`´‐‑–—\u00a0“”", "'''''---- \"\"")


_SEND = re.compile(r"\bSEND\b")


def levelled(text: str) -> str:
    """A text in lower case with one sort of apostrophe, quotation mark and hyphen; as long as the text.

    "SEND" (special educational needs and disabilities) becomes "5end", for "send" is a verb.

    Example:
        >>> levelled("Children’s Services")
        "children's services"
    """
    plain = _SEND.sub("5END", text.translate(_APOSTROPHE))
    low = plain.lower()
    return low if len(low) == len(text) else plain


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?![\w-])")


ROLE = _any(
    r"(?:(?:interim|acting|former|new|executive|assistant|deputy|corporate|service|strategic|permanent|next|"
    r"previous) )*"
    r"(?:directors?|heads?|leads?|bosse?s?|chiefs?|cabinet members?|portfolio[- ]holders?|lead members?|"
    r"executive members?|"
    r"executive councillors?|spokes(?:man|woman|person)|scrutiny (?:panel|committee)|committee|secretary|ministers?)"
    r"(?: (?:of|for|with responsibility for|on))* (?:the )?(?:(?:early years|education|schools|skills|families|young "
    r"people|learning|adults),? (?:and )?)*(?:children(?:'?s)?(?: and (?:adult|family|adults'))? (?:social care|"
    r"services)"
    r"|children(?:,? (?:and )?(?:young people|families|education|learning|skills|schools))*)",
    r"children'?s (?:services|social care) (?:director|boss|chief|lead|head|spokes\w+)",
    r"(?:secretary of state|department) for education|education secretary|children'?s minister",
    r"(?:the )?(?:association of directors of children'?s services|adcs)",
)
"""Who speaks and not what is inspected: a director of children's services is quoted on schools and budgets too."""

OFSTED = _any(r"ofsted(?:'?s)?", r"office for standards in education")

OWN_INSPECTIONS = _any(
    r"ilacs", r"jtais?", r"joint targeted area (?:inspections?|reports?)",
    r"joint (?:area )?child protection inspections?",
    r"(?:joint )?(?:local )?area [s5]end (?:inspections?|reports?|visits?|partnerships?)",
    r"[s5]end (?:local area )?inspections?",
    r"inspections? of (?:local authority |the council'?s |its |a council'?s )?children'?s (?:social care |"
    r"social )?services",
    r"children'?s (?:social care|services|social services) inspections?", r"priority actions?",
    r"joint inspections?", r"inspections? of services for children", r"(?:ofsted )?(?:monitoring|focused) visits?",
)  # fmt: skip
"""Kinds of inspection that only an authority or its area has; a monitoring visit to a school is told by its subject."""

INSPECTED = _any(
    r"ofsted(?:'?s)?", r"inspect(?:s|ed|ing|ions?|ors?|orates?)(?:'s?)?", r"re-?inspect\w*", r"watchdogs?(?:'?s)?",
    r"office for standards in education", r"ilacs", r"jtais?", r"joint targeted area \w+", r"regulators?(?:'?s)?",
    r"(?:monitoring|focused) visits?", r"lead inspector",
)  # fmt: skip

JUDGED = _any(
    r"inadequate", r"requir(?:es?|ed|ing) (?:further )?improvements?",
    r"(?:widespread|systemic) (?:and systemic )?failings?",
    r"(?:rated|judged|graded|branded|deemed|ranked|labelled|named|called|is|are|was|be|from|to|now|as|officially|gets?|"
    r"a|an|the|still|remains?|stays?|overall|keeps?|achieves?|hits?|moves? to) [\"']?(?:good|outstanding)[\"']?"
    r"(?= (?:by|in|across|overall|rating|grade|verdict|judgement|for)|[\"'.,;:!]|\Z| after| following)",
    r"[\"'](?:good|outstanding|inadequate|failing|requires improvement)[\"']", r"(?:ofsted )?ratings?", r"judge?ments?",
    r"(?:good|outstanding|top|highest|lowest|worst|poor) (?:rating|grade|judgement|marks?|verdict|report)",
    r"(?:damning|scathing|glowing|critical|positive|devastating) (?:[\w\']+ ){0,2}(?:report|verdict|findings|"
    r"assessment|review|letter)",
    r"serious (?:weaknesses|failings|concerns)", r"failings?", r"failing", r"unsafe", r"significant weakness(?:es)?",
    r"marked (?:down|up)", r"clean bill", r"the report (?:said|says|found|adds?|added|praised|notes?"
    r"|noted|also|continued|concluded|highlight\w*|recognis\w*)", r"special measures", r"downgraded", r"upgraded",
)  # fmt: skip

FOLLOWED = _any(
    r"(?:children'?s |improvement |government |independent |dfe )?(?<!police and crime )commissioners?",
    r"improvement (?:notice|board|plan|"
    r"partner|journey|adviser)s?", r"statutory (?:direction|notice)s?", r"direction notice", r"non-statutory notice",
    r"(?:stripped|lost control|lose control|losing control|relieved) of",
    r"(?:taken|moved?|moving|transfer\w*|removed) "
    r"(?:out of|away from|from) (?:the )?(?:council|local authority|authority)(?:'s)?(?: control)?", r"intervention",
    r"(?:independent |new |voluntary |arms?'?-length )(?:children'?s )?trust",
    r"government (?:takeover|direction|oversight)", r"statement of action", r"back in[- ]house",
)  # fmt: skip
"""What an inadequate judgement leads to."""

SERVICES_STRONG = _any(
    r"children(?:'?s)?,?(?:(?: and|,|'s and) (?:young people|families|family|young persons|adults?|learning|social|"
    r"adult)"
    r"(?:'?s)?)* (?:social )?(?:services?|care services|work services|care and (?:education|families))(?: department)?",
    r"children'?s social (?:care|work|services)",
    r"children and (?:families|family|young people'?s) (?:services?|social care)",
    r"child(?:ren'?s)?[- ]protection(?: services?| system)?", r"safeguarding services?", r"social services",
    r"children'?s (?:trust|department|safeguarding)", r"services? for (?:vulnerable |local |looked[- ]after |its )?"
    r"(?:children|young people|families|care leavers)(?! under)", r"(?:local )?area (?:[s5]end )?partnership",
    r"[s5]end (?:services|inspections?|provision|system|partnership|failings)",
    r"5end (?:arrangements|reforms?|improvements?|support|"
    r"report|strategy|failures)", r"ilacs", r"jtais?", r"joint targeted area \w+", r"area [s5]end \w+",
    r"kids'? services", r"education,? health and care plans?",
    r"safeguarding (?:children'?s? )?(?:partnership|board)", r"(?:help|support) and protection",
    r"corporate parent(?:s|ing)?", r"social care for children",
    r"services? for children and young people",
    r"special educational needs (?:and/?o?r? disabilit(?:y|ies) )?(?:\(5end\) )?"
    r"(?:services|provision|inspection|support|system)", r"child sexual exploitation inspection",
    r"(?:children|young people|pupils) with (?:special educational needs|5end|additional needs|disabilities)",
)  # fmt: skip
"""The services that an authority answers for, inspected as a whole."""

SERVICES_WEAK = _any(
    r"social work(?:ers?)?(?:'s?)?", r"care leavers?(?:'s?)?", r"(?:children|young people|youngsters|kids|those|child) "
    r"(?:who are |living |placed )?in (?:its |the council'?s |local authority |public |council |foster )?care",
    r"looked[- ]after children", r"vulnerable (?:children|young people|youngsters|families|kids)",
    r"care[- ]experienced",
    r"caseloads?", r"early help", r"front door", r"mash", r"children(?:'s)? (?:at risk|in need)", r"foster carers?",
    r"multi-agency \w+", r"social care", r"at risk of (?:harm|abuse|neglect)", r"children and (?:their )?families",
    r"children and young people", r"leaving care", r"adoption", r"exploitation", r"neglect", r"5end", r"ehcps?",
    r"special educational needs",
)  # fmt: skip
"""What such an inspection looks at, of which other news speaks too."""

COUNCIL = _any(
    r"(?:city|county|borough|metropolitan|unitary|town) (?:council|hall)(?:'?s)?", r"county hall", r"councils?(?:'?s)?",
    r"local authorit(?:y|ies)(?:'?s)?", r"(?:the|an|our|this) authority(?:'?s)?", r"children'?s trust", r"councillors?",
    r"cllrs?", r"local area partnership", r"integrated care board", r"civic centre", r"guildhall",
)  # fmt: skip

SETTINGS: dict[str, re.Pattern[str]] = {
    "academy_trust": _any(r"(?:multi-)?academy trusts?", r"multi-academy \w+", r"mats?", r"academy chains?",
                          r"(?:learning|education|schools?|academies) trust"),
    "school": _any(
        r"(?:primary|secondary|infant|junior|high|grammar|prep|special|church|catholic|free|independent|boarding|"
        r"middle|"
        r"faith|village|community|first|upper|comprehensive|cofe|ce|rc|state|local)? ?schools?(?:'s?)?",
        r"academ(?:y|ies)"
        r"(?:'s?)?", r"(?:primary|infants|juniors)(?! (?:care|need|concern|reason|source|focus|aim|duty|health))",
        r"head ?teachers?(?:'s?)?", r"executive head", r"principal", r"pupils?(?:'s?)?", r"sixth[- ]form(?:ers)?",
        r"classrooms?", r"(?:in|during|their|good|maths|english) lessons", r"curriculum", r"teachers?(?:'s?)?",
        r"teaching", r"governors", r"headship", r"phonics",
        r"quality of education", r"behaviour and attitudes", r"gcses?", r"reception class",
    ),
    "early_years": _any(
        r"nurser(?:y|ies)(?:'s?)?", r"child-?minders?(?:'s?)?", r"pre-?schools?(?:'s?)?", r"playgroups?", r"day ?care",
        r"after-school club", r"out-of-school club", r"early years (?:setting|provider|foundation)s?",
        r"kindergarten", r"holiday clubs?", r"childcare (?:provider|setting)s?", r"nann(?:y|ies)", r"cr[eè]che",
    ),
    "further_education": _any(
        r"colleges?(?:'s?)?", r"apprentice(?:s|ships?)?", r"training providers?", r"learners?", r"further education",
        r"universit(?:y|ies)", r"adult (?:learning|education)", r"skills bootcamps?", r"t[- ]levels?", r"trainees?",
    ),
    "childrens_home": _any(
        r"children'?s (?:care )?homes?(?:'s?)?", r"(?:residential|care) homes?(?:'s?)?", r"registered manager",
        r"(?:secure|respite|short[- ]break) (?:home|unit|centre)s?", r"residential care",
        r"residential (?:special )?school",
        r"unregist(?:ered|ed) (?:homes?|placements?)", r"supported accommodation (?:provider|setting)s?",
        r"home'?s manager",
        r"care provider",
    ),
    "fostering_agency": _any(
        r"(?:independent )?(?:fostering|adoption|foster care) (?:agenc(?:y|ies)|provider|charity|organisation)s?",
        r"(?:foster|fostering) agency", r"regional adoption agency", r"voluntary adoption \w+",
    ),
    "secure_setting": _any(
        r"young offender'?s? institutions?", r"yois?", r"secure training (?:centre|college)s?", r"secure schools?",
        r"prisons?",
        r"immigration \w+",
    ),
    "other_inspectorate": _any(
        r"cqc(?:'s)?", r"care quality commission(?:'s)?", r"adult social care", r"adult(?:s'?)? services", r"hmicfrs",
        r"constabulary(?:'s)?", r"police force(?:'s)?", r"estyn(?:'s)?", r"care inspectorate(?:'s)?(?: wales)?",
        r"rqia",
        r"education scotland", r"hmi probation", r"probation", r"hospitals?", r"older people", r"ciw",
        r"police inspectorate",
        r"inspectorate of constabulary", r"youth justice (?:service|inspection)", r"housing ombudsman", r"ombudsman",
        r"nhs trust",
    ),
    "ofsted_itself": _any(
        r"chief inspectors?(?:'s)?", r"annual report", r"consult(?:s|ation|ing|ed)(?: (?:on|over))?", r"report cards?",
        r"(?:new|inspection|revised|proposed|draft) (?:inspection )?frameworks?", r"national directors?",
        r"ofsted(?:'s)? "
        r"(?:(?:new|social care|interim|former) )?(?:boss|chief|head|reforms?|director|regional director|strategy|"
        r"staff|board|chair|plans|statistics|data|blog|research|survey"
        r"|figures)", r"big listen", r"thematic (?:review|report)", r"official statistics",
        r"scrap\w* (?:single|one)[- ]"
        r"(?:word|phrase) \w+", r"(?:single|one)[- ](?:word|phrase) (?:judge?ments?|ratings?|grades?)", r"hmci",
    ),
}  # fmt: skip
"""What Ofsted and others inspect besides an authority's services, and Ofsted's own affairs."""

EVENTS: dict[str, re.Pattern[str]] = {
    "court_case": _any(
        r"court", r"jailed", r"sentenced?", r"trial", r"guilty", r"convicted", r"inquest", r"coroner(?:'s)?",
        r"murder(?:ed)?",
        r"tribunal", r"damages", r"sacked", r"whistle-?blow\w*", r"struck off", r"unfair\w*",  r"judges?", r"pleaded",
        r"charged", r"abuser?", r"death of", r"serious case review", r"killed", r"lawsuit",
        r"safeguarding practice review", r"manslaughter", r"high court", r"judicial review", r"police",
    ),
    "budget": _any(
        r"budgets?", r"overspends?", r"overspend(?:ing)?", r"council tax", r"savings", r"cuts?", r"deficits?",
        r"shortfall",
        r"spending", r"funding", r"bills? for", r"run out of money", r"brink", r"axe", r"bankrupt\w*", r"section 114",
        r"reserves", r"£[\d.,]+ ?(?:m|million|bn|billion)", r"costs?",
    ),
    "election": _any(
        r"(?:by-|local |general |mayoral )?elections?", r"candidates?", r"hustings", r"poll(?:s|ing)?", r"manifestos?",
        r"votes?", r"voters", r"ballots?", r"ward",
    ),
    "appointment": _any(
        r"appoint(?:s|ed|ment|ments)", r"new (?:\w+ )?(?:director|chief|boss|head|leader|chief executive)",
        r"join(?:s|ed|ing)",
        r"steps? down", r"stepping down", r"retir(?:es?|ing|ement)", r"takes? (?:up|over as)",
        r"to (?:leave|lead|head|succeed)",
        r"recruit(?:s|ing|ment)?", r"names? (?:\w+ ){0,3}(?:director|chief|head)", r"quits?", r"resigns?",
        r"resignation",
        r"promoted", r"vacancy", r"welcomes? (?:\w+ ){0,2}(?:director|chief|head)",
    ),
    "award": _any(
        r"awards?", r"shortlist(?:ed)?", r"winners?",
        r"(?:wins?|takes?|took|gold|silver) (?:top |a |an |the )?(?:gold|awards?|prize|title|medal)", r"accolades?",
        r"finalists?", r"of the year", r"honou?rs?",
        r"honoured", r"ceremony", r"prize", r"mbe", r"obe",
    ),
    "politics": _any(
        r"ministers?", r"mps?", r"bill(?! for| of)", r"white paper", r"select committee", r"unions?", r"basw",
        r"reforms?", r"government",
        r"conference", r"strikes?", r"parliament", r"commons", r"labour", r"conservatives?", r"social work england",
        r"legislation", r"lords", r"walkout", r"petition", r"campaign(?:ers)?", r"reshuffle", r"whitehall", r"policy",
        r"peers",
    ),
}  # fmt: skip
"""News of its own in which an inspection may be no more than background."""


CHILDREN = _any(
    r"child(?:ren)?(?:'?s'?)?", r"kids", r"youngsters", r"young people(?:'s)?", r"teenagers?", r"care leavers?",
    r"babies", r"famil(?:y|ies)(?:'s)?",
)  # fmt: skip

_PEOPLE = _any(r"teachers?(?:'s?)?", r"pupils?(?:'s?)?", r"learners?", r"trainees?", r"hospitals?", r"principal")
"""Words of a setting that other stories use too; they weigh less and make no sentence one on the setting."""

_NO_SETTING = _any(
    r"(?:missing|absent|away|out|excluded|off) (?:from |of )?school",
    r"school[- ](?:age|day|year|run|term|places?|transport)\w*",
    r"schools,? (?:and )?(?:the |other )?(?:health|police|nurseries|agencies|partners|gps|social)",
    r"school (?:governor )?and "
    r"(?:health|police)", r"leaving school", r"at school", r"lessons (?:will|have|to|must|can|learn)\w*",
)  # fmt: skip
"""Words of a setting that say nothing on what is inspected: children missing from school are a council's concern."""


class Cues(NamedTuple):
    """What one sentence speaks of; each number is how strongly, 0 if it does not.

    Attributes:
        ofsted: it names Ofsted.
        inspected: an inspection, an inspector or a kind of inspection.
        judged: a grade or a verdict.
        followed: what an inadequate judgement leads to.
        services: an authority's children's services.
        council: a council or local authority.
        children: children or young people.
        settings: for each other thing inspected, how many of its words.
    """

    ofsted: bool
    inspected: bool
    judged: bool
    followed: bool
    services: float
    council: bool
    children: bool
    settings: dict[str, float]

    @property
    def speaks_of_inspection(self) -> bool:
        """Whether it speaks of an inspection, its verdict or what follows from it."""
        return self.ofsted or self.inspected or self.judged or self.followed

    @property
    def of_settings(self) -> bool:
        """Whether it speaks of something that is inspected and is no authority."""
        return any(weight >= 1 for kind, weight in self.settings.items() if kind not in _JOINT)


_JOINT = {"other_inspectorate"}
"""Those that inspect together with Ofsted."""
_JOINTLY = _any(
    r"joint(?:ly)?", r"inspectorates", r"cqc", r"care quality commission", r"hmicfrs", r"constabulary",
    r"hmi probation",
    r"(?:along|together) with",
)  # fmt: skip


def cues_of(text: str) -> Cues:
    """What a sentence speaks of.

    Args:
        text: the sentence, levelled.
    """
    bare = ROLE.sub(" somebody ", text)
    ofsted, inspected = bool(OFSTED.search(bare)), bool(INSPECTED.search(bare))
    judged, followed = bool(JUDGED.search(bare)), bool(FOLLOWED.search(bare))
    council, children = bool(COUNCIL.search(bare)), bool(CHILDREN.search(bare))
    settings = {}
    plain = _NO_SETTING.sub(" ", bare)
    for kind, pattern in SETTINGS.items():
        words = pattern.findall(plain)
        if words:
            people = sum(bool(_PEOPLE.fullmatch(word.strip())) for word in words)
            settings[kind] = min(3.0, len(words) - 0.6 * people)
    services = 1.5 * len(SERVICES_STRONG.findall(bare)) + 0.5 * min(2, len(SERVICES_WEAK.findall(bare)))
    own = bool(OWN_INSPECTIONS.search(bare))
    if own and not any(weight >= 1 for kind, weight in settings.items() if kind not in _JOINT):
        services += 1.5
    if ofsted and _JOINTLY.search(bare):
        settings.pop("other_inspectorate", None)
    return Cues(
        ofsted=ofsted,
        inspected=inspected or own,
        judged=judged,
        followed=followed,
        services=min(3.0, services),
        council=council,
        children=children,
        settings=settings,
    )


def events_of(text: str) -> list[str]:
    """The other news that a headline or an opening speaks of, the likeliest first.

    Args:
        text: levelled.
    """
    counts = {kind: len(pattern.findall(text)) for kind, pattern in EVENTS.items()}
    return sorted((kind for kind, count in counts.items() if count), key=lambda kind: -counts[kind])
