"""Invented letters and a short report of visits between inspections: focused visits and a monitoring visit.

No real one was at hand: the layout is that of other inspectorate letters, the headings are those publicly known.
"""

from __future__ import annotations

from .furniture import back_page
from .layout import Sheet


def _head(sheet: Sheet, date: str, to: tuple[str, ...], dear: str, title: str) -> None:
    sheet.at = 132
    sheet.para(date)
    for line in to:
        sheet.lines(line)
    sheet.space(22)
    sheet.para(f"Dear {dear}")
    sheet.lines(f"**{title}**")
    sheet.space(10)


def marlshire_focused_2023(sheet: Sheet) -> None:
    """A focused visit in the form of a letter, with a priority action beside the areas for improvement."""
    _head(
        sheet,
        "27 April 2023",
        (
            "Gwendolen Marsh-Oduya",
            "Director of Children’s Services",
            "Marlshire County Council",
            "Shire House",
            "Marlford",
            "MX1 1AA",
        ),
        "Ms Marsh-Oduya",
        "Focused visit to Marlshire children’s services",
    )
    sheet.para(
        """This letter summarises the findings of the focused visit to Marlshire children’s services on 14 and 15 March
        2023. His Majesty’s Inspectors for this visit were Aurelia Stannard and Kofi Drummond."""
    )
    sheet.para(
        "Inspectors looked at the local authority’s arrangements for children in need and children subject to a "
        "protection plan."
    )
    sheet.para(
        "This visit was carried out in line with the inspection of local authority children’s services (ILACS) "
        "framework."
    )
    head = {"size": 12.0, "gap": 8.0}
    sheet.heading("Headline findings", **head)
    sheet.para(
        """[[Most children on plans in Marlshire are making progress, and their social workers see them often and get to
        know them.]](+plans_conferences,direct_work|Most children on plans) [[In one locality, a run of vacancies has
        left 26 children without a named worker, and managers have not made sure that they are
        safe.]](-workforce,management_oversight) [[Inspectors drew this to the attention of senior managers, who
        arranged for every child to be visited by the end of the week.]](=none)"""
    )
    sheet.heading("Areas for priority action", **head)
    sheet.action(
        """The local authority needs to act without delay so that each child in the Fenside locality has a named social
        worker who visits and who keeps the child’s plan under review.""",
        kind="priority_action",
    )
    sheet.heading("What needs to improve in this area of social work practice", **head)
    sheet.action("The quality of plans, so that parents know what must change and how long they have.")
    sheet.action("The frequency and usefulness of supervision for social workers in the Fenside and Holme localities.")
    sheet.heading("Main findings", **head)
    for text in (
        """[[Core groups are well attended by schools and health visitors, who do what they say they will
        do.]](+plans_conferences,partnership|Core groups) [[Parents are helped by the Second Step mentors, who have
        lived through similar troubles.]](+early_help|Second Step mentors|Second Step mentors) The mentors are paid
        from a grant that ends in 2024.""",
        """[[Plans are long, and their aims are vague.]](-plans_conferences) [[Some children remain on a plan for
        more than a year with no sign that life at home is better.]](-plans_conferences) In the month before the
        visit, 318 children were subject to a child protection plan.""",
        """[[Practitioners use drawings and play to find out what young children think, and they record it in the
        child’s own words.]](+direct_work|Practitioners) [[Fathers are too easily left out.]](-assessment)""",
        """[[Audit is thorough and is done alongside the social worker.]](+quality_assurance|Audit) [[It has not,
        though, picked up the drift in Fenside.]](-quality_assurance)""",
    ):
        sheet.para(text)
    sheet.para(
        "Ofsted will take the findings from this focused visit into account when planning the next inspection or visit."
    )
    sheet.need(90)
    sheet.para("Yours sincerely", gap=40)
    sheet.lines("Aurelia Stannard")
    sheet.lines("**His Majesty’s Inspector**")


def eastmere_monitoring_2022(sheet: Sheet) -> None:
    """A monitoring visit: the areas covered are a bulleted list that is no action list."""
    _head(
        sheet,
        "14 June 2022",
        (
            "Bartholomew Quill",
            "Interim Director of Children’s Services",
            "Eastmere Borough Council",
            "Town Hall",
            "Eastmere",
            "EM4 2BB",
        ),
        "Mr Quill",
        "Monitoring visit of Eastmere children’s services",
    )
    sheet.para(
        """This letter summarises the findings of the monitoring visit to Eastmere children’s services on 3 and 4 May
        2022. This was the second monitoring visit since the local authority was judged inadequate in November 2020.
        Her Majesty’s Inspectors for this visit were Philippa Oyelaran and Magnus Thwaite."""
    )
    head = {"size": 12.0, "gap": 8.0}
    sheet.heading("Areas covered by the visit", **head)
    sheet.para("Inspectors reviewed the progress made in these areas of concern identified at the last inspection:")
    for text in (
        "the quality of decisions at the front door;",
        "the response to children who are missing or exploited;",
        "the supervision and oversight of front-line work.",
    ):
        sheet.bullet(text)
    sheet.para(
        """This visit was carried out in line with the inspection of local authority children’s services (ILACS)
        framework."""
    )
    sheet.heading("Headline findings", **head)
    sheet.para(
        """[[Since the first monitoring visit the council has moved at a good pace, and children who are referred now
        get an answer within a day.]](+improvement,front_door|council) [[Work with children who are exploited is still
        fragile and depends on a few dedicated individuals.]](-exploitation_missing)"""
    )
    sheet.heading("Findings and evaluation of progress", **head)
    for text in (
        """[[The front door is now led by a permanent manager with a clear head for risk.]](+front_door|permanent
        manager) [[Consent is sought and its absence explained.]](+front_door|Consent) [[Referrals from the two largest
        secondary schools lack detail, and the council has been slow to take this up with them.]]
        (-front_door,partnership)""",
        """[[Missing children are not always asked why they left.]](-exploitation_missing) When conversations do happen
        they take place in the week after the child’s return. [[The Safe Harbour nurse has built strong links with
        sexual health clinics.]](+exploitation_missing,health|Safe Harbour nurse|Safe Harbour nurse)""",
        """[[Supervision has improved in frequency but not in depth.]](~management_oversight) [[Team managers sign off
        assessments without a comment, even where important people have not been spoken
        to.]](-management_oversight,assessment)""",
        """[[Performance information is accurate for the first time in three years, and leaders use it each
        morning.]](+performance_data|Performance information) [[Social workers say that they feel safe to admit
        mistakes.]](+workforce|Social workers)""",
    ):
        sheet.para(text)
    sheet.para("I am copying this letter to the Department for Education.")
    sheet.need(90)
    sheet.para("Yours sincerely", gap=40)
    sheet.lines("Philippa Oyelaran")
    sheet.lines("**Her Majesty’s Inspector**")


def thornley_focused_2024(sheet: Sheet) -> None:
    """A focused visit in the later form of a short report, with dates and lead inspector under the title."""
    sheet.at = 128
    sheet.title_lines("Focused visit to Thornley children’s services")
    sheet.para("**Inspection dates:** 26 and 27 November 2024")
    sheet.para("**Lead inspector:** Ingrid Castellane, His Majesty’s Inspector")
    sheet.para(
        "Inspectors looked at the local authority’s arrangements for the ‘front door’, including decisions about "
        "thresholds and the use of strategy meetings."
    )
    sheet.heading("Headline findings")
    sheet.para(
        """[[The front door in Thornley is calm, well staffed and safe.]](+front_door,workforce|front door) [[A new
        duty rota has ended the weekend backlog that inspectors found in 2021.]](+front_door,improvement|duty
        rota)"""
    )
    sheet.heading("What needs to improve in this area of social work practice?")
    sheet.action("The feedback given to schools and surgeries about what happened after they made a referral.")
    sheet.action("The sharing of health information at strategy meetings that are held in the evening.")
    sheet.heading("Main findings")
    for number, text in enumerate(
        (
            """[[Requests for help are read by a manager within two hours.]](+front_door|Requests for
            help) [[Family history is drawn out and weighed.]](+assessment,front_door|Family history) In
            October 2024, 611 requests were received.""",
            """[[Strategy meetings are prompt by day.]](+strategy_enquiries|Strategy meetings) [[In the evening they go
            ahead without health staff, and important facts are missed.]](-strategy_enquiries,out_of_hours)""",
            """[[Referrers seldom hear what became of their concern, which puts some off calling
            again.]](-front_door,partnership)""",
        ),
        1,
    ):
        sheet.numbered(str(number), text)
    back_page(sheet)
