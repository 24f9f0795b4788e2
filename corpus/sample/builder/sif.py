"""An invented report of the single inspection framework, with its part on the safeguarding children board."""

from __future__ import annotations

from .furniture import ABOUT
from .layout import Sheet

LSCB = "Local Safeguarding Children Board"


def _front(sheet: Sheet) -> None:
    sheet.title_lines("Wexbury City Council")
    sheet.space(-6)
    title = "Inspection of services for children in need of help and protection, children looked after and care leavers"
    sheet.lines(f"**{title}**", size=14, leading=17, right=480)
    sheet.space(4)
    sheet.para("and", size=14, leading=17, gap=4)
    sheet.para(f"**Review of the effectiveness of the {LSCB}^1^**", size=14, leading=17, gap=4)
    sheet.note(
        "^1^ A sample has no legal basis. This note stands where a report names the Acts under which it is made, so "
        "that there is small print with a raised figure at the foot of the page."
    )
    sheet.para("**Inspection date: 29 September – 22 October 2015**", size=14, leading=17, gap=4)
    sheet.para("**Report published: 11 December 2015**", size=14, leading=17, gap=4)
    edges = (65.5, 529)
    sheet.row(("**Children’s services in Wexbury require improvement to be good**",), edges, size=14, pad=8)
    sheet.row(
        (
            """Nobody was found to be at immediate risk without help, but the council does not yet do for every child
            what it already does well for some. Wexbury knows this and has begun to act.""",
        ),
        edges,
    )
    sheet.space(16)
    edges = (65.5, 405, 529)
    inner = (65.5, 115, 405, 529)
    requires = "**Requires improvement**"
    sheet.row(("**1. Children who need help and protection**", requires), edges, pad=10, middle=True)
    sheet.row(("**2. Children looked after and achieving permanence**", requires), edges, pad=10, middle=True)
    sheet.row(("", "2.1 Adoption performance", "**Good**"), inner, pad=10, middle=True)
    sheet.row(("", "2.2 Experiences and progress of care leavers", "**Inadequate**"), inner, pad=10, middle=True)
    sheet.row(("**3. Leadership, management and governance**", requires), edges, pad=10, middle=True)


def _contents(sheet: Sheet, entries: tuple[tuple[int, str, int], ...]) -> None:
    sheet.next_page()
    sheet.title_lines("Contents")
    for level, text, page in entries:
        face, size, x = ("**", 16, 71) if level == 1 else ("", 14, 85)
        number = str(page)
        sheet.lines(f"{face}{text}{face}", x=x, right=490, size=size, leading=size * 1.3)
        width = sheet.measure(number, size, "B" if face else "")
        sheet.put(523 - width, sheet.at - size * 0.29, number, size, "B" if face else "")
        sheet.space(6)


def _information(sheet: Sheet) -> None:
    sheet.next_page()
    sheet.boxed_heading("The local authority", 16)
    sheet.heading("Information about this local authority area")
    sheet.heading("Previous Ofsted inspections", size=12, keep=40)
    square = {"mark": "\uf06e"}
    sheet.bullet(
        "The council runs three children’s homes, of which two were judged good or outstanding when last inspected.",
        **square,
    )
    sheet.bullet(
        """The previous inspection of the council’s safeguarding arrangements was in March 2012. The council was judged
        to be adequate.""",
        **square,
    )
    sheet.heading("Local leadership", size=12, keep=40)
    sheet.bullet("The Director of Children’s Services has been in post since February 2015.", **square)
    sheet.heading("Children living in this area", size=12, keep=40)
    sheet.bullet("[[Approximately 41,300 children under 18 live in Wexbury.]](=none)", **square)
    sheet.bullet("The proportion of children entitled to free school meals:", **square)
    for text in ("in primary schools is 23%", "in secondary schools is 20%."):
        sheet.bullet(text, mark="\uf02d", level=2)
    sheet.bullet("[[At 31 August 2015, 212 children were the subject of a child protection plan.]](=none)", **square)
    sheet.bullet(
        """At 31 August 2015, 388 children were being looked after, of whom 19 lived in a residential special
        school.^2^""",
        **square,
    )
    sheet.note("^2^ A school that looks after its pupils for no more than 295 days in a year.")


def _summary(sheet: Sheet) -> None:
    sheet.next_page()
    sheet.box_start()
    sheet.lines("**Executive summary**", size=14, leading=18)
    sheet.space(8)
    for text in (
        """[[The council has made steady, if slow, progress since the inspection of 2012.]](+improvement|progress)
        [[Children in danger are seen quickly, and strategy discussions are well attended.]]
        (+strategy_enquiries|strategy discussions) [[Children whose needs are less pressing can wait several weeks
        before anyone visits.]](-assessment,front_door)""",
        """[[Social workers know their children and write about them with warmth.]](+direct_work|Social workers)
        [[Their plans, however, list services and not the changes that a family has to make, so that nobody can tell
        when enough has been done.]](-plans_conferences) Some of this was already known to the council.""",
        """[[Adoption is a strength: children are matched with care, and the Rowan Family Circle stays beside adopters
        for as long as they want it.]](+adoption|Adoption|Rowan Family Circle) [[Care leavers are poorly served.]]
        (-care_leaver_support) [[One in four has no up-to-date pathway plan, and 11 young people were living in bed and
        breakfast rooms during the inspection.]](-care_leaver_support,care_leaver_accommodation)""",
        """[[Managers count how many tasks are finished on time but do not look closely enough at whether the work is
        any good.]](-performance_data,quality_assurance) [[Elected members ask good questions, and the corporate
        parenting committee has sharpened its challenge.]](+leadership|corporate parenting committee|corporate
        parenting committee)""",
        """[[Early help is generous and well liked, particularly the Saturday Kitchens, but its results are not
        measured.]](~early_help)""",
    ):
        sheet.para(text)
    sheet.box_end()


def _recommendations(sheet: Sheet) -> None:
    sheet.boxed_heading("Recommendations")
    common = {"kind": "recommendation", "gap": 14.0}
    sheet.action(
        """Make sure that every assessment begins with a visit and is finished at a pace that fits the child’s needs
        (paragraph 3).""",
        number="1",
        left_out=" (paragraph 3)",
        **common,
    )
    sheet.action(
        """Write plans for children in need and for children in need of protection so that parents can see what has to
        change, by when, and who will help.""",
        number="2",
        **common,
    )
    sheet.action(
        "Stop using bed and breakfast rooms for young people of 16 and 17 and for care leavers (paragraph 6).",
        number="3",
        left_out=" (paragraph 6)",
        **common,
    )
    sheet.action(
        "Judge the quality of work through regular audits in which social workers and families take part.",
        number="4",
        **common,
    )
    sheet.action(
        "Offer each care leaver an up-to-date pathway plan that:",
        number="5",
        subs=(
            "is written together with the young person and in words that the young person would use;",
            """names the adviser, the adviser’s deputy and the places to turn to for help at night and at weekends,
            including for young people who live in another county;""",
            "covers health, money, work and a safe place to live, with a date by which each will be looked at again.",
        ),
        **common,
    )


def _graded_heading(sheet: Sheet, label: str, grade: str, summary: str, new_page: bool = True) -> None:
    if new_page:
        sheet.next_page()
    sheet.row((f"**{label}**", f"**{grade}**"), (65.5, 355, 529), size=14, pad=12, middle=True)
    sheet.box_start()
    sheet.space(4)
    sheet.lines("**Summary**")
    sheet.space(8)
    sheet.para(summary)
    sheet.box_end()


def _findings(sheet: Sheet) -> None:
    _graded_heading(
        sheet,
        "The experiences and progress of children who need help and protection",
        "Requires improvement",
        """[[Help is at hand for most families in Wexbury, and children at risk of serious harm are protected without
        delay.]](+strategy_enquiries|Help) [[Weak planning means that too many families come back.]]
        (-plans_conferences)""",
    )
    for number, text in enumerate(
        (
            """[[The First Contact Team gives callers sound advice and passes on the right cases.]]
            (+front_door|First Contact Team|First Contact Team) It took 9,860 calls in 2014/15.""",
            """[[Children who are missing from home are talked to by a youth worker whom they can choose, which they
            like.]](+exploitation_missing|youth worker) [[What they reveal about adults who mean them harm is not
            always passed to the police.]](-exploitation_missing,partnership)""",
            """[[Of 40 assessments read by inspectors, 17 had been started more than ten days after
            allocation.]](-assessment) The council uses a single form for all assessments.""",
            """[[Chairs of child protection conferences put parents at ease and keep to the
            point.]](+plans_conferences|Chairs of child protection conferences) [[Reports reach parents on the morning
            of the meeting, too late to be read.]](-plans_conferences)""",
        ),
        1,
    ):
        sheet.numbered(str(number), text, indent=28)
    _graded_heading(
        sheet,
        "The experiences and progress of children looked after and achieving permanence",
        "Requires improvement",
        """[[Children looked after in Wexbury are safe and, for the most part, happy where they live.]]
        (+placements|Children looked after)""",
    )
    sheet.numbered(
        "5",
        """[[The virtual school’s reading scheme, Page Turners, has brought seven-year-olds level with their
        classmates.]](+education_in_care|reading scheme|Page Turners) [[Older pupils do far less well, and only
        12% gained five good GCSEs.]](-education_in_care)""",
        indent=28,
    )
    edges = (65.5, 355, 529)
    sheet.row(("**The graded judgement for adoption performance is that it is good**",), (65.5, 529), pad=12)
    sheet.space(12)
    sheet.para(
        """[[Children wait for an adoptive family for a shorter time than they do elsewhere.]]
        (+adoption|Children wait for an adoptive family)"""
    )
    sheet.row(
        ("**The graded judgement about the experience and progress of care leavers is that it is inadequate**",),
        (edges[0], edges[-1]),
        pad=12,
    )
    sheet.space(12)
    sheet.numbered(
        "6",
        """[[Young people are moved into rooms above public houses without a check on who else is staying there.]]
        (-care_leaver_accommodation) [[A small group meets monthly at the Quay Street flat and is proud of the meals it
        cooks.]](+care_leaver_support,participation|group|Quay Street flat)""",
        indent=28,
    )
    _graded_heading(
        sheet,
        "Leadership, management and governance",
        "Requires improvement",
        """[[Leaders are honest about what has still to be done.]](+improvement,leadership|Leaders)""",
        new_page=False,
    )
    sheet.numbered(
        "7",
        """[[The electronic record system loses drafts and slows everyone down.]](-performance_data,recording)
        [[Agency staff made up 31% of social workers in the summer of 2015, although the figure has fallen since.]]
        (-workforce) A recruitment campaign was due to begin in November 2015.""",
        indent=28,
    )


def _board(sheet: Sheet) -> None:
    sheet.next_page()
    sheet.boxed_heading(f"The {LSCB} (LSCB)", 16)
    sheet.row((f"**The {LSCB} is good**",), (65.5, 529), size=14, pad=12)
    sheet.space(12)
    sheet.box_start()
    sheet.lines("**Executive summary**", size=14, leading=18)
    sheet.space(8)
    sheet.para(
        """[[The Wexbury Safeguarding Children Board has a respected chair and holds its members to
        account.]](+partnership|Wexbury Safeguarding Children Board|Wexbury Safeguarding Children Board) [[Its training
        reaches taxi drivers, hoteliers and football coaches as well as professionals.]](+partnership,
        practice_model_training|training) [[The board does not hear from children often enough.]](-participation)"""
    )
    sheet.box_end()
    sheet.boxed_heading("Recommendations")
    common = {"kind": "recommendation", "section": "lscb", "gap": 14.0}
    sheet.action(
        "Find ways for children to bring their views to the board, and show what has been done with them.",
        number="8",
        **common,
    )
    sheet.action(
        "Check that lessons from reviews of serious cases have reached front-line staff.", number="9", **common
    )
    sheet.heading(f"Inspection findings – the {LSCB}")
    sheet.numbered(
        "10",
        """[[The neglect strategy is clear and is used by schools and nurseries.]](+specific_risks,partnership|
        neglect strategy) [[Data from health partners arrive late, and this weakens the board’s grasp of what is
        going on.]](-performance_data,partnership)""",
        indent=28,
    )


def _about(sheet: Sheet) -> None:
    sheet.next_page()
    sheet.boxed_heading("Information about this inspection")
    sheet.para(
        """[[Inspectors read files, watched practice and spoke with children, parents, carers and staff.]](=none)
        None of this took place, because the city of Wexbury does not exist."""
    )
    sheet.lines("**The inspection team**")
    sheet.space(10)
    sheet.para("Lead inspector: Clemency Rowbotham-Iqbal")
    sheet.para("Deputy lead inspector: Piers Nakagawa")
    sheet.para("Team inspectors: Odette Farquhar, Samir Bell, Wilma Strand")
    sheet.para("Quality assurance manager: Jonah Prewett")
    sheet.space(60)
    for text in ABOUT:
        sheet.para(text, size=10, leading=13)


def wexbury_2015(sheet: Sheet) -> None:
    """Set the whole report."""
    _front(sheet)
    _contents(
        sheet,
        (
            (1, "The local authority", 3),
            (2, "Information about this local authority area", 3),
            (2, "Executive summary", 4),
            (2, "Recommendations", 4),
            (2, "The experiences and progress of children who need help and protection", 6),
            (2, "The experiences and progress of children looked after and achieving permanence", 7),
            (2, "Leadership, management and governance", 7),
            (1, f"The {LSCB} (LSCB)", 8),
            (2, "Executive summary", 8),
            (2, "Recommendations", 8),
            (2, f"Inspection findings – the {LSCB}", 8),
            (1, "Information about this inspection", 9),
        ),
    )
    _information(sheet)
    _summary(sheet)
    _recommendations(sheet)
    _findings(sheet)
    _board(sheet)
    _about(sheet)
