"""An invented letter of a joint targeted area inspection, with two boxed practice studies."""

from __future__ import annotations

from .layout import PracticeStudy, Sheet
from .markup import plain

ADDRESSEES = (
    "Leopold Ashgrove, Chief Executive, Marlshire County Council",
    "Gwendolen Marsh-Oduya, Director of Children’s Services, Marlshire County Council",
    "Dr Farida Holm, Chief Executive, NHS Marlshire and the Fens Integrated Care Board",
    "Conrad Pike, Chief Constable, Marlshire Constabulary",
    "Bettina Roe, Marlshire Police and Crime Commissioner",
    "Yusuf Carrick, Independent Scrutineer, Marlshire Safeguarding Children Partnership",
)


def _study(sheet: Sheet, title: str, kind: str, *paragraphs: str) -> None:
    sheet.need(60)
    page = sheet.page_no()
    sheet.box_start(66, 529)
    sheet.space(2)
    sheet.lines(f"**{title}**")
    sheet.space(10)
    for number, text in enumerate(paragraphs):
        sheet.para(text, gap=12 if number < len(paragraphs) - 1 else 2)
    sheet.box_end(gap=16)
    sheet.gold.studies.append(PracticeStudy(title, kind, " ".join(map(plain, paragraphs)), page))


def marlshire_2024(sheet: Sheet) -> None:
    """Set the letter."""
    sheet.at = 140
    sheet.para("6 February 2024")
    for line in ADDRESSEES:
        sheet.lines(line)
    sheet.space(26)
    sheet.para("Dear Marlshire Local Safeguarding Partnership")
    head = {"size": 12.0, "gap": 8.0}
    sheet.heading("Joint targeted area inspection of Marlshire", **head)
    sheet.para(
        """This letter summarises the findings of the joint targeted area inspection (JTAI) of the multi-agency response
        to serious youth violence in Marlshire."""
    )
    sheet.para(
        """This inspection took place from 4 to 8 December 2023. It was carried out by inspectors from Ofsted, the Care
        Quality Commission (CQC), His Majesty’s Inspectorate of Constabulary and Fire & Rescue Services (HMICFRS) and
        His Majesty’s Inspectorate of Probation (HMIP)."""
    )
    sheet.heading("Context", **head)
    sheet.para(
        """[[Marlshire has one city, in which most recorded violence between young people takes place, and many small
        towns that are joined to it by a single railway line.]](=none) Knives were used in 64 recorded offences
        against under-18s in the year before the inspection."""
    )
    sheet.heading("Headline findings", **head)
    sheet.para(
        """[[Partners in Marlshire share a conviction that a child who carries a knife is first of all a child in need
        of protection.]](+partnership,exploitation_missing|Partners) [[Youth workers, nurses and police officers reach
        young people at the moment when they may be ready to listen.]](+exploitation_missing,partnership|Youth workers,
        nurses and police officers)"""
    )
    sheet.para(
        """[[The help on offer is thinner in the small towns, and children there are known to be at risk for months
        before anything is done.]](-exploitation_missing) [[Probation staff are not always told about the younger
        brothers and sisters of the men they supervise.]](-partnership)"""
    )
    sheet.heading("What needs to improve?", **head)
    for text in (
        "The reach of support for children in the market and coastal towns.",
        "The sharing of what probation, housing and schools know about younger brothers and sisters.",
        """The training of reception staff in urgent treatment centres, so that a child with a stab wound is recognised
        as a child who may be in danger from others and is referred the same day.""",
        "Data that let partners see whether violence against children is rising or falling.",
    ):
        sheet.action(text, section="partnership")
    sheet.heading("Strengths", **head)
    for text in (
        """[[The presence of youth workers from the Red Door project in the emergency department at the county
        hospital.]](+exploitation_missing|presence of youth workers|Red Door project)""",
        "[[Daily briefings between police and schools.]](+partnership|Daily briefings)",
        """[[The respect with which children are spoken of in records across all agencies.]](+direct_work,
        recording|respect)""",
    ):
        sheet.bullet(text)
    sheet.heading("Main findings", **head)
    for text in (
        """[[The Violence Reduction Board sets a clear direction, and its members know what is expected of
        them.]](+partnership,leadership|Violence Reduction Board|Violence Reduction Board) [[Its spending plan is
        renewed a year at a time, so projects lose good staff each spring.]](-workforce)""",
        """[[Schools exclude fewer pupils than they did three years ago, thanks to the work of the Anchor
        Centres.]](+missing_education|Anchor Centres|Anchor Centres) [[Part-time timetables are nonetheless common for
        boys who have been victims of violence, and no one keeps count of them.]](-missing_education,
        performance_data)""",
        """[[In the emergency department, every young person with an injury from violence is offered a conversation
        with a youth worker before going home.]](+exploitation_missing,health|conversation) [[Urgent treatment centres
        do not do this.]](-exploitation_missing,health) Four such centres serve the county.""",
        """[[Social workers, youth justice workers and the police assess risk together, and their safety plans are
        practical.]](+assessment,partnership|safety plans) [[Mental health support is hard to come by: the wait for
        a first appointment is five months.]](-health)""",
    ):
        sheet.para(text)
    _study(
        sheet,
        "Practice study: highly effective practice",
        "strength",
        """A boy of 14 was brought to hospital with a cut to his arm and would not say how he had come by it. A youth
        worker sat with him until three in the morning and, over the following weeks, walked with him to school.""",
        """When at last he spoke of the debt that he had been made to carry, police, housing officers and his social
        worker met within hours. The family was moved to a safe home, and the boy has returned to lessons and to his
        boxing club.""",
    )
    _study(
        sheet,
        "Practice study: area for improvement",
        "improvement",
        """A girl of 15 from a coastal town was seen four times at an urgent treatment centre in six months. Each visit
        was dealt with on its own. Nobody told her school or her social worker, and no meeting was called until she had
        been reported missing for the third time.""",
    )
    sheet.heading("Next steps", **head)
    sheet.para(
        """We have determined that Marlshire County Council is the principal authority and should prepare a written
        statement of proposed action responding to the findings outlined in this letter. It should be sent by
        17 May 2024."""
    )
    sheet.need(120)
    sheet.para("Yours sincerely", gap=12)
    edges = (71, 524)
    for name, office in (
        ("Ottoline Vance", "National Director of Samples, Ofsted"),
        ("Dr Rufus Adeleke", "Chief Inspector of Samples, CQC"),
    ):
        sheet.row((f"**{name}**",), edges, pad=50)
        sheet.space(-18)
        sheet.put(76.5, sheet.at + 8, office, 12, "B")
        sheet.space(18)
