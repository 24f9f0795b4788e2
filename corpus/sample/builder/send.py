"""An invented report of an area SEND inspection, with tables of priority actions and areas for improvement."""

from __future__ import annotations

from .furniture import back_page
from .layout import Sheet
from .markup import soften

COUNCIL = "Eastmere Borough Council"
BOARD = "NHS Eastmere and Vale Integrated Care Board"


def eastmere_2025(sheet: Sheet) -> None:
    """Set the report; some words are broken at the end of a line with a real hyphen."""
    sheet.at = 116
    sheet.title_lines("Area SEND inspection of Eastmere Local Area Partnership", bold=True)
    sheet.space(14)
    sheet.para("Inspection dates: 3 to 7 March 2025")
    sheet.para("Dates of previous inspection: 11 to 15 June 2018")
    sheet.space(4)
    sheet.row(("**Inspection outcome**",), (57, 537), size=14, pad=16, shade=True)
    sheet.box_start(57, 537)
    for text in (
        """There are widespread and/or systemic failings leading to significant concerns about the experiences and
        outcomes of children and young people with special educational needs and/or disabilities (SEND), which the
        local area partnership must address urgently.""",
        """A monitoring inspection will be carried out within approximately 18 months. The next full reinspection will
        be within approximately three years.""",
    ):
        sheet.para(text)
    sheet.box_end(gap=16)
    sheet.heading("Information about the local area partnership")
    sheet.para(
        f"""[[{COUNCIL} and {BOARD} (the ICB) plan and pay for services for children and young people with SEND
        together.]](=joint_commissioning) The borough has two special schools and one pupil referral unit, which takes
        pupils from the age of seven."""
    )
    sheet.heading(
        "What is it like to be a child or young person with special educational needs and/or disabilities (SEND) in "
        "this area?"
    )
    for text in (
        """[[Children and young people with SEND in Eastmere wait too long for almost everything.]]
        (-send_health_waits) [[Families told inspectors that they repeat their story to each new
        professional and that letters go unanswered for months.]](-coproduction,
        joint_commissioning)""",
        """[[Very young children fare better: health visitors notice needs early, and the Little Acorns group brings
        therapists, teachers and parents into one room.]](+send_identification|health visitors|Little Acorns
        group) [[Once children start school the support falls away.]](-send_education)""",
        """[[Pupils are sent home from school for behaviour that nobody has tried to understand.]](-send_education)
        [[In the last school year one in nine pupils with an EHC plan was suspended at least once, twice the share of
        the year before.]](-send_education) Seven pupils with plans were excluded for good.""",
        """[[Alternative provision is well chosen and closely watched, and many pupils who go there begin to enjoy
        learning.]](+send_education|Alternative provision) [[Their way back into school is less sure, because head
        teachers are seldom ready to take them.]](-send_education)""",
        """[[Education, health and care (EHC) plans are often out of date by years and seldom say what a young person
        hopes to do with their life.]](-ehc_plans,preparing_adulthood)""",
    ):
        sheet.para(soften(text))
    sheet.heading("What is the area partnership doing that is effective?")
    for text in (
        """[[The Parent Carer Forum is a trusted voice, and leaders have begun to act on what it says.]]
        (+coproduction|Parent Carer Forum|Parent Carer Forum) Its members sit on the partnership board.""",
        """[[The sensory service helps deaf and visually impaired pupils to thrive in ordinary classrooms.]]
        (+send_education|sensory service) [[Its teachers are praised by every school that inspectors
        visited.]](+send_education|teachers)""",
        """[[School nurses and the learning disability nurse run a joint clinic on Saturdays, which has ended a
        long-standing wait for continence advice.]](+send_health_waits|joint clinic) [[Parents would like it to be
        offered in the north of the borough as well.]](=send_health_waits)""",
        """[[The youth club at Mill Lane gives disabled teenagers a place where they are simply
        members.]](+disabled_children|youth club)""",
    ):
        sheet.bullet(soften(text))
    sheet.heading("What does the area partnership need to do better?")
    for text in (
        """[[Waiting times for an autism assessment have reached three years, and children receive next to nothing
        while they wait.]](-send_health_waits)""",
        """[[Partners do not have one set of figures, so they cannot say how many children need speech and language
        therapy or what it would cost.]](-joint_commissioning) The last joint needs assessment was made in 2017.""",
        """[[Young people with learning disabilities leave college with few choices, and their parents dread the day.]]
        (-preparing_adulthood) [[The supported internships at the hospital are excellent but take only six young
        people a year.]](~preparing_adulthood)""",
    ):
        sheet.bullet(soften(text))
    edges = (57, 221, 537)
    sheet.heading("Areas for priority action", above=12)
    sheet.row(("**Responsible body**", "**Areas for priority action**"), edges, pad=2, shade=True)
    for body, text, subs in (
        (
            COUNCIL,
            """The council should bring every out-of-date EHC plan up to date, beginning with those of young people who
            will soon leave school.""",
            (),
        ),
        (
            BOARD,
            """The ICB should fill the empty posts in the speech and language therapy service and tell families how long
            they can expect to wait.""",
            (),
        ),
        (
            f"{COUNCIL} and {BOARD}",
            """Leaders should act at once to cut waiting times for autism and attention deficit assessments. In
            particular, they should:""",
            (
                "agree how many assessments are needed and pay for them;",
                """offer every family on the list practical help at home and at school from the week in which they are
                referred;""",
                "train staff in nurseries and schools to notice the signs;",
                "publish the waiting times each month, with the number of families who have gone elsewhere.",
            ),
        ),
    ):
        page = sheet.row((body, soften(text)), edges, pad=2, subs=[soften(sub) for sub in subs])
        sheet.record_action(text, "priority_action", "partnership", None, subs, page, responsible=body)
    sheet.heading("Areas for improvement", above=18)
    sheet.row(("**Areas for improvement**", "**Responsible bodies**"), (57, 373, 537), pad=2, shade=True)
    for text, body in (
        (
            """Leaders should draw up one shared set of data about children and young people with SEND and use it to
            decide together what to buy.""",
            f"{COUNCIL} and {BOARD}",
        ),
        (
            """Leaders should widen the choice of courses, work and homes for young people with learning disabilities
            who are about to leave education. They should plan this with young people from the age of 14 onwards, and
            with the colleges that they attend.""",
            COUNCIL,
        ),
    ):
        page = sheet.row((soften(text), body), (57, 373, 537), pad=2)
        sheet.record_action(text, "area_for_improvement", "partnership", None, (), page, responsible=body)
    sheet.next_page()
    sheet.heading("Local area partnership details", gap=12)
    edges = (57, 297, 537)
    for left, right in (
        ("**Local authority**", "**Integrated care board**"),
        (COUNCIL, BOARD),
        ("Bartholomew Quill, Director of Children’s Services", "Dr Lorna Petrides, Chief Executive"),
        ("www.eastmere.example", "www.eastmere-icb.example"),
    ):
        sheet.row((left, right), edges, pad=4)
    sheet.space(14)
    sheet.heading("Information about this inspection")
    sheet.para("This sample stands for an inspection that was carried out jointly by two inspectorates.")
    sheet.lines("**Inspection team**")
    sheet.space(8)
    for left, right in (
        ("**Ofsted**", "**Care Quality Commission**"),
        ("Hester Mbeki, Ofsted HMI Lead inspector", "Duncan Salvatore, CQC Lead inspector"),
        ("Ravi Holloway, Ofsted HMI", "June Abernethy, CQC inspector"),
    ):
        top = sheet.at
        sheet.lines(left, right=297)
        sheet.at = top
        sheet.lines(right, x=300)
        sheet.space(6)
    back_page(sheet)
