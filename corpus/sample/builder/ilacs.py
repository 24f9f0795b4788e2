"""Three invented reports of inspections of local authority children's services: 2021, 2024 and 2026."""

from __future__ import annotations

from .furniture import back_page
from .layout import Sheet

LEADERS = "The impact of leaders on social work practice with children and families"
HELP = "The experiences and progress of children who need help and protection"
CARE = "The experiences and progress of children in care"


def _front(sheet: Sheet, title: str, dates: str, lead: str, rows: list[tuple[str, str]], bold: bool) -> None:
    sheet.at = 128
    sheet.title_lines(title)
    stars = "**" if bold else ""
    sheet.para(f"**Inspection dates:** {stars}{dates}{stars}")
    sheet.para(f"**Lead inspector:** {stars}{lead}{stars}")
    edges = (71, 297, 524)
    sheet.row(("**Judgement**", "**Grade**"), edges, pad=24, middle=True)
    for label, grade in rows:
        sheet.row((label, grade), edges, pad=12)
    sheet.space(12)


def thornley_2021(sheet: Sheet) -> None:
    """Standard inspection of 2021: combined care judgement, bold dates, no question mark in the list heading."""
    _front(
        sheet,
        "Inspection of Thornley Borough local authority children’s services",
        "6 September 2021 to 17 September 2021",
        "Rosalind Achebe-Hart, Her Majesty’s Inspector",
        [
            (LEADERS, "Good"),
            (HELP, "Requires improvement to be good"),
            (CARE + " and care leavers", "Good"),
            ("Overall effectiveness", "Good"),
        ],
        bold=True,
    )
    sheet.para(
        """Children in Thornley are mostly well served by a council that has rebuilt its social work teams since
        2018. [[Leaders know where practice is uneven and have a realistic plan to put it right.]](+improvement,
        leadership|plan) [[Children in care live in settled homes with adults who are fond of them, and care leavers
        speak warmly of their personal advisers.]](+placements,care_leaver_support|homes) [[For some children on the
        edge of the child protection threshold, however, assessments arrive late and say too little about what life
        at home is like.]](-assessment) The council came through the pandemic with its visiting pattern intact."""
    )
    sheet.para(
        """[[Investment by the council has brought down caseloads, and turnover among social workers has fallen by
        half in two years.]](+workforce|caseloads) An interim director of children’s services led the department for
        nine months before the permanent director took up post in March 2021."""
    )
    sheet.heading("What needs to improve")
    for text in (
        "The timeliness and depth of assessments, so that they show what daily life is like for each child.",
        "The use of chronologies in work with families where neglect has gone on for a long time",
        """The recording of management decisions, so that the reason for each step can be understood by anyone who
        reads the child’s file later.""",
    ):
        sheet.action(text)
    sheet.heading(f"{HELP}: requires improvement to be good")
    paragraphs = (
        """[[The Family Front Door answers most enquiries within one working day, and callers speak to an
        experienced social worker from the outset.]](+front_door|Family Front Door|Family Front Door) [[Thresholds
        are understood by schools and by health visitors, but a number of police notifications still arrive with so
        little detail that they have to be sent back.]](~front_door,partnership) In the year to August 2021 the
        Family Front Door dealt with 7,412 contacts.""",
        """[[Early help is easy to reach through five neighbourhood hubs, and parents told inspectors that the
        Stepping Stones groups had given them confidence.]](+early_help|Early help|Stepping Stones) Families can
        refer themselves.""",
        """Strategy discussions bring the right people together. [[Decisions to begin child protection enquiries
        are sound and are made on the day that the concern becomes known.]](+strategy_enquiries|Decisions to begin
        child protection enquiries) [[The written record of what was agreed is too often a bare list, without dates
        or names.]](-recording,strategy_enquiries)""",
        """[[Almost a third of assessments take longer than 45 days, and inspectors saw children wait for help
        while forms were completed.]](-assessment) [[History is not drawn together, so that the same worry is
        treated as new each time it is raised.]](-assessment,recording) Where assessments are good, the child’s own
        words run through them.""",
        """[[Plans for children in need drift when a social worker leaves, because no one takes the plan over until
        a new worker is appointed.]](-plans_conferences,workforce) Child protection conferences were held by
        telephone between March and July 2020 and have since returned to the council’s offices.""",
        """[[Children who go missing are offered a conversation within three days by a worker from the Compass
        team, and most take up the offer.]](+exploitation_missing|conversation|Compass team) What they say is
        gathered each month and shared with the police.""",
        """[[Young people of 16 and 17 who have nowhere to live are not always told of their right to become looked
        after, and four had been housed in a hotel.]](-homeless_16_17)""",
    )
    for number, text in enumerate(paragraphs, 1):
        sheet.numbered(str(number), text)
    sheet.heading(f"{CARE} and care leavers: good")
    paragraphs = (
        """[[Decisions that a child should come into care are prompt and are tested at a weekly panel chaired by a
        head of service.]](+entering_care|Decisions that a child should come into care) Fewer children came into care in
        an emergency in 2020/21 than in either of the two years before.""",
        """[[Brothers and sisters are kept together wherever that is right for them.]](+family_time_identity|
        Brothers and sisters) [[Life-story work is thoughtful and is begun early, though older children who came
        into care before 2019 are still waiting for theirs.]](~family_time_identity)""",
        """The virtual school has eleven staff. [[The school knows every child by name and has driven up attendance at
        secondary school to 94%.]](+education_in_care|school) [[Personal education plans for the youngest
        children are weaker, with targets that do not change from term to term.]](-education_in_care)""",
        """[[Foster carers value the Lantern Network, through which experienced carers support new ones at weekends
        and in the evening.]](+fostering|Lantern Network|Lantern Network) Two in-house children’s homes were
        reopened in April 2021.""",
        """[[Initial health assessments are seldom done within the statutory 20 working days.]](-health) Dental
        care has returned to the level of 2019.""",
        """[[Care leavers are helped by advisers who stay in touch through illness, prison and parenthood.]]
        (+care_leaver_support|advisers) [[Housing is a worry for young people who are leaving custody, for whom
        suitable flats cannot be found.]](-care_leaver_accommodation)""",
    )
    for number, text in enumerate(paragraphs, 8):
        sheet.numbered(str(number), text)
    sheet.heading(f"{LEADERS}: good")
    paragraphs = (
        """[[The director and the lead member visit teams every month and are well known to front-line staff.]]
        (+leadership|director and the lead member) [[Scrutiny by elected members is searching.]](+leadership|
        Scrutiny by elected members)""",
        """[[Audits are plentiful, yet they measure whether tasks were done and not what difference was made to the
        child.]](-quality_assurance) A new audit tool was introduced in July 2021.""",
        """[[Supervision takes place regularly, but a number of records show little reflection and do not help
        social workers to think about risk.]](~management_oversight) [[Newly qualified social workers are given
        protected time and an able mentor.]](+practice_model_training,workforce|Newly qualified social workers)""",
    )
    for number, text in enumerate(paragraphs, 14):
        sheet.numbered(str(number), text)
    back_page(sheet)


def wexbury_2024(sheet: Sheet) -> None:
    """Inspection of 2024: split care judgements, a footnote mark on a heading, a label misprinted in the table."""
    _front(
        sheet,
        "Inspection of Wexbury local authority children’s services",
        "8 to 19 July 2024",
        "Tobias Lindqvist-Moor, His Majesty’s Inspector",
        [
            (LEADERS, "Inadequate"),
            (HELP, "Inadequate"),
            (CARE, "Requires improvement to be good"),
            ("The experiences and progress of children care leavers", "Good"),
            ("Overall effectiveness", "Inadequate"),
        ],
        bold=False,
    )
    sheet.para(
        """[[Too many children in Wexbury are left in danger because no one has a firm hold on the work.]]
        (-management_oversight) At the last inspection, in May 2019, services were judged to be good.
        [[Since then senior posts have changed hands five times and the council has lost sight of what is happening
        at its front door.]](-leadership,front_door) [[A new chief executive has faced the failings squarely and has
        brought in help from a neighbouring county.]](+leadership,improvement|chief executive)"""
    )
    sheet.para(
        """[[Care leavers, by contrast, are served by a steady team whose advisers they trust.]]
        (+care_leaver_support|team)"""
    )
    sheet.heading("What needs to improve?^1^")
    sheet.note(
        "^1^ The items in this list were matched by the sample’s author with the outcomes of a national framework "
        "that is mentioned here only so that the page has a footnote."
    )
    for text in (
        """The speed with which the multi-agency hub recognises risk and acts on it, including at night and at the
        weekend. (outcome 3, national framework)""",
        "Social workers’ caseloads, which must allow them to see children as often as plans require.",
        """The quality of supervision, so that managers check whether children are safer and change course when they
        are not. (enabler 1, national framework)""",
        "The oversight of children placed with relatives before an assessment of their carers is complete.",
    ):
        sheet.action(text)
    sheet.heading(f"{HELP}: inadequate")
    for number, text in enumerate(
        (
            """[[Contacts about children wait for days in an electronic tray, and on the first day of the inspection
            143 had not been read.]](-front_door) [[When inspectors drew attention to six children who might be
            at immediate risk, managers saw them the same day.]](=front_door)""",
            """[[Strategy meetings are often held without health colleagues, so decisions rest on half of the
            picture.]](-strategy_enquiries,partnership) The police attended 88% of the meetings in the sample.""",
            """[[The Harbour Project gives families with young children practical help within a fortnight, and
            several mothers described it as a lifeline.]](+early_help|Harbour Project|Harbour Project)
            [[Outside the city centre, though, there is little to step down to.]](-early_help)""",
            """[[Visits to children on protection plans are irregular, and some children had not been seen for nine
            weeks.]](-plans_conferences) [[Core groups meet but do not ask whether anything has changed.]]
            (-plans_conferences)""",
            """[[Domestic abuse is described in files as an argument between adults, and its effect on children is
            missed.]](-specific_risks) A specialist worker joined the service in June 2024.""",
            """[[Disabled children and their parents benefit from short breaks that are planned with care and
            reviewed on time.]](+disabled_children|short breaks)""",
            """[[Pre-proceedings work is marked by delay: letters go out late and are hard for parents to follow.]]
            (-pre_proceedings) [[The designated officer gives prompt, clear advice about allegations against people
            who work with children.]](+lado|designated officer)""",
            """[[Exploitation is discussed each Tuesday at the Beacon Panel, which shares intelligence well but sets
            few actions.]](~exploitation_missing)""",
        ),
        1,
    ):
        sheet.numbered(str(number), text)
    sheet.heading(f"{CARE}: requires improvement to be good")
    for number, text in enumerate(
        (
            """[[Most children in care live with carers who understand them.]](+placements|carers) [[A shortage of
            homes means that 31 children live more than 50 miles from Wexbury, far from school and
            friends.]](-placements)""",
            """[[Permanence is considered too late for children who are placed with relatives.]](-permanence)
            [[Reviewing officers raise concerns, but their challenge is seldom answered.]](-care_planning)""",
            """[[Children’s mental health is supported by the Willow Service, whose therapists see children in care
            within four weeks.]](+health|Willow Service|Willow Service) The virtual head reports to a board that met
            twice in 2023.""",
            """[[Unaccompanied children are welcomed by workers who know the asylum system and find interpreters at
            once.]](+uasc,diversity|workers)""",
            """[[The Voices Group has shaped the council’s pledge, and members listen to it.]]
            (+participation|Voices Group|Voices Group) [[Few children are offered an independent visitor.]]
            (-participation)""",
        ),
        9,
    ):
        sheet.numbered(str(number), text)
    sheet.heading("The experiences and progress of care leavers: good")
    for number, text in enumerate(
        (
            """[[Advisers keep in touch with all but two of the city’s 164 care leavers.]](+care_leaver_support|
            Advisers) [[Pathway plans are lively documents that young people help to write.]](+care_leaver_support|
            Pathway plans)""",
            """[[Apprenticeships in the parks and library services have given 14 young people a first job.]]
            (+care_leaver_eet|Apprenticeships) [[The rent guarantee is little known and few young people use it.]]
            (-care_leaver_accommodation,care_leaver_health_offer)""",
        ),
        14,
    ):
        sheet.numbered(str(number), text)
    sheet.heading(f"{LEADERS}: inadequate")
    for number, text in enumerate(
        (
            """[[Leaders did not know the scale of the backlog because the figures they were given were
            wrong.]](-performance_data,leadership) [[Audits judged to be good were found by inspectors to describe
            children who had not been seen.]](-quality_assurance)""",
            """[[Half of the social workers in the assessment service are on short contracts.]](-workforce)
            [[Staff told inspectors that the new director is visible and kind and that they would now speak up.]]
            (+leadership,workforce|new director)""",
            """[[The improvement board has met twice; it is not possible to say yet whether it will succeed.]]
            (=improvement)""",
        ),
        16,
    ):
        sheet.numbered(str(number), text)
    back_page(sheet)


def marlshire_2026(sheet: Sheet) -> None:
    """Inspection after April 2026: the table has no row for overall effectiveness."""
    _front(
        sheet,
        "Inspection of Marlshire local authority children’s services",
        "28 May to 12 June 2026",
        "Imogen Fairweather, His Majesty’s Inspector",
        [
            (LEADERS, "Outstanding"),
            (HELP, "Good"),
            (CARE, "Outstanding"),
            ("The experiences and progress of care leavers", "Requires improvement to be good"),
        ],
        bold=False,
    )
    sheet.para(
        """Marlshire is a large rural county with one city and a long coast. [[Families who ask for help receive it
        close to home, from people who stay with them.]](+early_help|help) [[Leaders have held to a simple promise,
        that no child should have to tell the same story twice, and the whole council works to keep
        it.]](+leadership|Leaders) When services were last inspected, in 2022, overall effectiveness was judged to be
        good."""
    )
    sheet.para(
        """[[Young people who leave care in the coastal districts do not get the same support as those who live near
        the county town.]](-care_leaver_support)"""
    )
    sheet.heading("What needs to improve?^1^")
    sheet.note(
        "^1^ Tags in brackets stand where real reports refer to national guidance; here they test that a tag is kept."
    )
    for text in (
        """Support for care leavers in the coastal districts, in particular the choice of housing and help to find
        work. (outcome 4, national framework)""",
        """The offer of return conversations to children placed in Marlshire by other councils. (outcome 3, national
        framework)""",
    ):
        sheet.action(text)
    sheet.heading(f"{HELP}: good")
    for number, text in enumerate(
        (
            """[[Family help teams are based in schools and surgeries and know their neighbourhoods
            thoroughly.]](+early_help|Family help teams) [[The move from family help to child protection is seamless
            for parents, who keep the same lead practitioner.]](+early_help,plans_conferences|move from family help
            to child protection)""",
            """[[Responses at night are swift and thoughtful, and the day teams find a full account waiting for them
            in the morning.]](+out_of_hours|Responses at night)""",
            """[[Child protection enquiries are carried out by experienced practitioners from health, police and
            social care, who sit side by side.]](+strategy_enquiries,partnership|Child protection enquiries)
            The team was set up in January 2026.""",
            """[[Assessments are rich in detail, honest with parents and written in words that a child could
            read.]](+assessment,direct_work|Assessments) [[In a handful, the views of fathers living elsewhere had not
            been sought.]](-assessment)""",
            """[[Children in private fostering arrangements are visited regularly.]](+private_fostering|Children in
            private fostering arrangements) [[Young carers are identified early by most schools, although support
            stops abruptly at 18.]](~young_carers)""",
            """[[Children who are educated at home are tracked with care, but staff cannot always get into the house
            and some have not been seen for a year.]](~missing_education)""",
        ),
        1,
    ):
        sheet.numbered(str(number), text)
    sheet.heading(f"{CARE}: outstanding")
    for number, text in enumerate(
        (
            """[[Work with parents to bring children home again is bold, careful and often successful.]]
            (+entering_care|Work with parents) Of the 61 children who went home in 2025, three came back into care.""",
            """[[Adoptive families speak of tireless help from the Orchard Adoption Partnership long after the order
            is made.]](+adoption|help|Orchard Adoption Partnership)""",
            """[[Children see a dentist and an optician on time, and their health plans are kept up to
            date.]](+health|health plans)""",
            """[[Kinship carers are assessed quickly and paid the same allowance as foster carers.]]
            (+fostering|Kinship carers)""",
        ),
        7,
    ):
        sheet.numbered(str(number), text)
    sheet.heading("The experiences and progress of care leavers: requires improvement to be good")
    for number, text in enumerate(
        (
            """[[In Saltwick and the northern bays, care leavers wait up to seven months for a flat and some sleep on
            friends’ sofas.]](-care_leaver_accommodation) [[The drop-in at Foundry House is warm and
            busy.]](+care_leaver_support|drop-in|Foundry House)""",
            """[[One young person in three is without work, training or college.]](-care_leaver_eet) [[Health
            histories are given to every care leaver at 18 and are explained by a nurse.]]
            (+care_leaver_health_offer,health|Health histories)""",
        ),
        11,
    ):
        sheet.numbered(str(number), text)
    sheet.heading(f"{LEADERS}: outstanding")
    for number, text in enumerate(
        (
            """[[Leaders’ account of their own services matched what inspectors found, strengths and gaps
            alike.]](+improvement|Leaders’ account of their own services) [[Data are used intelligently at every level
            and are trusted.]](+performance_data|Data)""",
            """[[The Marlshire Practice School trains every new worker, and experienced staff return to it each
            spring.]](+practice_model_training|Marlshire Practice School|Marlshire Practice School) Caseloads averaged
            14 children at the time of the inspection.""",
        ),
        13,
    ):
        sheet.numbered(str(number), text)
    back_page(sheet)
