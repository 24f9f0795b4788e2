"""Invented documents that a folder of reports may also hold: Ofsted's other reports, and what councils write on them.

Headings and tables follow the real ones; schools, homes, people and findings are invented. ``{place}`` is filled with
a name of the register when a document is made, so that a test can show that it is not taken for the subject.
A line's beginning says how it is set: "# " title, "## " heading, "| " table row (cells parted by "|"), "- " list item.
"""

from __future__ import annotations

import datetime

IMPRINT = (
    "The Office for Standards in Education, Children’s Services and Skills (Ofsted) regulates and inspects to achieve "
    "excellence in the care of children and young people, and in education and skills for learners of all ages."
)
TEAM = "## Inspection team\nAda Fennimore, lead inspector | His Majesty’s Inspector\nOwen Dray | Ofsted Inspector\n"

UNGRADED_SCHOOL = f"""# Inspection of a school judged good before September 2024: Alder Lane Primary School
Alder Lane, {{place}}
Inspection dates: 14 and 15 January 2025
## Outcome
Alder Lane Primary School has taken effective action to maintain the standards identified at the previous inspection.
## What is it like to attend this school?
Pupils are proud of their school. They say that adults listen when something worries them. Pupils behave well.
Leaders have raised expectations of what pupils with special educational needs can achieve.
## What does the school do well and what does it need to do better?
The curriculum is ambitious. In a few subjects, leaders have not checked what pupils remember.
## Safeguarding
The arrangements for safeguarding are effective.
## What does the school need to improve?
(Information for the school and appropriate authority)
- In a few subjects, assessment does not show what pupils know. Leaders should make sure that teachers use it well.
## School details
| Unique reference number | 199001 |
| Local authority | {{place}} |
| Inspection number | 10300001 |
| Type of school | Primary |
{TEAM}{IMPRINT}"""

GRADED_SCHOOL = f"""# Inspection of Birchwood Academy
{{place}} Road, Birchwood
Inspection dates: 5 and 6 March 2024
| Overall effectiveness | Requires improvement |
| The quality of education | Requires improvement |
| Behaviour and attitudes | Good |
| Personal development | Good |
| Leadership and management | Inadequate |
| Early years provision | Good |
| Previous inspection grade | Outstanding |
## What is it like to attend this school?
Most pupils enjoy school. Too many lessons are disrupted. Leaders have been slow to tackle bullying.
## Leadership and management
Governors do not hold leaders to account. The leadership and management of the sixth form are weak.
## Information about this inspection
Inspectors met with the chief executive of the trust and with officers of {{place}} Council.
## School details
| Local authority | {{place}} |
{TEAM}{IMPRINT}"""

REPORT_CARD = f"""# Cedar Grove School
Full inspection report
Address: {{place}} Street
Unique reference number (URN): 199002
Inspection report: 11 November 2025
## Safeguarding standards met
The safeguarding standards are met. This means that leaders fulfil their duties.
| Attendance and behaviour | Strong standard |
| Curriculum and teaching | Expected standard |
| Inclusion | Needs attention |
| Leadership and governance | Expected standard |
| Personal development and well-being | Exceptional |
| Achievement | Urgent improvement |
## What it’s like to be a pupil at this school
Pupils are known well. Some of the children looked after by {{place}} Council attend the school, and they thrive.
## Next steps
- Leaders should make sure that adaptations for pupils with special educational needs are consistent.
## About this inspection
This inspection was carried out under section 5 of the Education Act 2005.
Lead inspector: Ada Fennimore, His Majesty’s Inspector
{IMPRINT}"""

CHILDRENS_HOME = f"""# SC999001
Registered provider: Dray Care Limited
Full inspection
Inspected under the social care common inspection framework
## Information about this children’s home
The home is privately run and cares for up to four children with social and emotional difficulties.
Inspection dates: 3 to 4 June 2025
| Overall experiences and progress of children and young people, taking into account | good |
| How well children and young people are helped and protected | good |
| The effectiveness of leaders and managers | requires improvement to be good |
The children’s home provides effective services that meet the requirements for good.
Date of last inspection: 8 May 2024
Overall judgement at last inspection: inadequate
## Inspection judgements
## Overall experiences and progress of children and young people: good
Children make good progress. Staff know what makes each child laugh. Social workers from {{place}} speak well of it.
## How well children and young people are helped and protected: good
Children feel safe. Staff do not always record why a child was held.
## The effectiveness of leaders and managers: requires improvement to be good
The manager is well qualified. Supervision of staff is irregular.
## What does the children’s home need to do to improve?
| Requirement | Due date |
| The registered person must ensure that staff receive supervision (Regulation 33(4)(b)) | 1 August 2025 |
## Recommendation
- The registered person should keep a record of each child’s day.
## Information about this inspection
Inspectors have looked closely at the experiences and progress of children and young people, using the social care
common inspection framework.
{IMPRINT}"""

SECURE_HOME = CHILDRENS_HOME.replace("# SC999001", "# Dunmore Secure Children’s Home, SC999002").replace(
    "Dray Care Limited", "{place} Council"
)

NURSERY = f"""# Inspection of Dandelion Day Nursery
Chapel House, {{place}}
Inspection date: 9 October 2024
| Overall effectiveness | Good |
| The quality of education | Good |
| Behaviour and attitudes | Outstanding |
| Personal development | Good |
| Leadership and management | Good |
| Overall effectiveness at previous inspection | Requires improvement |
## What is it like to attend this early years setting?
**The provision is good**
Children arrive happily and settle quickly. Children who need help with speech receive it early.
## What does the setting need to do to improve?
- extend the outdoor play of the youngest children.
## Setting details
| Unique reference number | EY999003 |
| Local authority | {{place}} |
| Inspection number | 10300003 |
{IMPRINT}"""

FOSTERING = f"""# Elmtree Fostering
Registered provider: Elmtree Fostering Limited
Full inspection
Inspected under the social care common inspection framework
## Information about this independent fostering agency
The agency has 41 foster carers who care for 57 children placed by {{place}} and five other authorities.
Inspection dates: 10 to 14 February 2025
| Overall experiences and progress of children and young people, taking into account | outstanding |
| How well children and young people are helped and protected | good |
| The effectiveness of leaders and managers | outstanding |
## Inspection judgements
## Overall experiences and progress of children and young people: outstanding
Children flourish. Children in care and care leavers come back to tell the agency how they are.
## What does the independent fostering agency need to do to improve?
- Record the reasons for an unplanned ending.
{IMPRINT}"""

ADOPTION = FOSTERING.replace("Elmtree Fostering", "Elmtree Adoption").replace(
    "independent fostering agency", "voluntary adoption agency"
)

COLLEGE = f"""# Inspection of Fernley College
Inspection dates: 18 to 21 November 2024
| Overall effectiveness | Good |
| The quality of education | Good |
| Behaviour and attitudes | Good |
| Personal development | Outstanding |
| Leadership and management | Good |
| Education programmes for young people | Good |
| Apprenticeships | Requires improvement |
| Overall effectiveness at previous inspection | Good |
## Information about this provider
Fernley College is a general further education college in {{place}}. It has 4,100 learners.
## What is it like to be a learner with this provider?
Learners value their teachers. Apprentices wait too long for reviews of their progress. Care leavers receive bursaries.
## What does the provider need to do to improve?
- Make sure that apprentices and employers know how they progress.
{TEAM}{IMPRINT}"""

SPECIAL_SCHOOL = f"""# Gorse Hill School
Gorse Hill, {{place}}
Inspected under the social care common inspection framework
Residential provision inspection: residential special school
Inspection dates: 25 to 27 November 2024
| Overall experiences and progress of children and young people, taking into account | good |
| How well children and young people are helped and protected | outstanding |
| The effectiveness of leaders and managers | good |
## Information about this residential special school
The school is for children with autism. Eleven stay overnight during the week.
## Inspection judgements
## Overall experiences and progress of children and young people: good
Children love staying over. The impact of leaders on the practice of care staff is strong.
## What does the residential special school need to do to improve?
- The school should review the bedrooms.
{IMPRINT}"""

ANNUAL_REPORT = f"""# The Annual Report of His Majesty’s Chief Inspector of Education, Children’s Services and Skills
Presented to Parliament pursuant to section 121 of the Education and Inspections Act 2006
## Children’s social care
Inspection of local authority children’s services (ILACS) continues. The impact of leaders on social work practice with
children and families was good or outstanding in most authorities. We carried out focused visits to 34 authorities and
monitoring visits to 12. In {{place}} we found lasting change.
| Judgement | Good or outstanding |
| Overall effectiveness | 62% |
| The impact of leaders on social work practice with children and families | Good |
## Joint inspections
We carried out a joint targeted area inspection of six areas, and area SEND inspections of 31 local area partnerships.
## Leadership, management and governance
Leaders in schools tell us that they are tired.
{IMPRINT}"""

GUIDANCE = f"""# Inspecting local authority children’s services
Guidance for inspectors on the inspection of local authority children’s services, from 2018
## Introduction
This guidance is for inspectors of local authority children’s services in England.
## The judgements
Inspectors make their graded judgements on a four-point scale: outstanding, good, requires improvement, inadequate.
| The impact of leaders on social work practice with children and families | Graded |
| The experiences and progress of children who need help and protection | Graded |
| The experiences and progress of children in care | Graded |
- the impact of leaders on social work practice with children and families
- overall effectiveness
## Focused visits
A focused visit to a local authority looks at one area of service. The findings of a focused visit are published.
## Overall effectiveness is likely to be judged good if
Leaders are visible. The experiences and progress of children in care and care leavers are good.
{IMPRINT}"""

SELF_EVALUATION = """# {place} Council
## Children’s Services Self-Evaluation, September 2025
Our last inspection of local authority children’s services (ILACS) was in 2022. Ofsted’s inspectors judged us as below.
| Judgement | Grade |
| The impact of leaders on social work practice with children and families | Good |
| The experiences and progress of children who need help and protection | Requires improvement to be good |
| The experiences and progress of children in care and care leavers | Good |
| Overall effectiveness | Good |
## What we do well
Our social workers know their children well. We have cut caseloads from 24 to 17.
## What needs to improve
- We must make our return home interviews timelier.
- We will improve the quality of our plans.
"""

PRESS_RELEASE = """# News release: {place} children’s services praised after focused visit by Ofsted
12 June 2025
Ofsted inspectors have praised children’s services after a focused visit to {place} in May.
“I am delighted with the findings of this focused visit”, said Councillor Huxtable, cabinet member for children.
Inspection of children’s services will follow next year. The council was last judged to require improvement.
## Overall effectiveness
The council’s next full inspection will judge its overall effectiveness as good, Councillor Huxtable hopes.
"""

CABINET_PAPER = """# {place} Council
Cabinet, 4 July 2025
Report of the Director of Children’s Services: outcome of the joint targeted area inspection of {place}
## Recommendations
- That Cabinet notes the outcome of the joint targeted area inspection and agrees the action plan.
## Background
Ofsted, the Care Quality Commission and two other inspectorates carried out a joint targeted area inspection in April.
The inspectors’ letter names three areas for improvement, which are dealt with in the plan.
"""

OLD_SEND_LETTER = """12 December 2018
Ms A Fennimore
Director of Children’s Services, {place} Council
Dear Ms Fennimore
## Joint local area SEND inspection in {place}
Between 15 and 19 October 2018, Ofsted and the Care Quality Commission (CQC) conducted a joint inspection of the local
area of {place} to judge the effectiveness of the area in implementing the disability and special educational needs
reforms as set out in the Children and Families Act 2014.
The inspection was led by one of Her Majesty’s Inspectors from Ofsted.
## Main findings
- Leaders know their area well. Parents wait too long for plans.
## The effectiveness of the local area in identifying needs
## Strengths
- Health visitors see most children in time.
## Areas for development
- Education, health and care plans are of uneven quality.
Yours sincerely
Owen Dray, Her Majesty’s Inspector
"""

OVERVIEW = f"""# The multi-agency response to children who go missing
Joint targeted area inspections: a thematic overview
Ofsted, the Care Quality Commission, HMI Constabulary and HMI Probation, March 2024
## Executive summary
This report is about the findings of six joint targeted area inspections, one of them in {{place}}. Inspectors found
strong partnerships. The joint targeted area inspection of each area was published as a letter.
## Recommendations
- Partnerships should review how they share information.
{IMPRINT}"""

CAFCASS = f"""# Inspection of Cafcass
The Children and Family Court Advisory and Support Service
Inspection dates: 15 January to 2 February 2024
| Judgement | Grade |
| The impact of leaders on practice with children and families | Outstanding |
| Overall effectiveness | Outstanding |
## Overall effectiveness is outstanding
Children are seen and heard. Leaders have kept standards high.
{IMPRINT}"""

SUPPORTED = CHILDRENS_HOME.replace("children’s home", "supported accommodation").replace("# SC999001", "# 2799004")

TRAINING = f"""# Inspection of Harrow Hill Teacher Training
Initial teacher education inspection report
Inspection dates: 13 to 16 May 2024
| Overall effectiveness | Good |
| The quality of education and training | Good |
| Leadership and management | Good |
## What is it like to be a trainee at this provider?
Trainees are well supported by mentors across {{place}}.
{TEAM}{IMPRINT}"""

WHERE_WE_STAND = """# Where we stand: children’s services in {place}
| Judgement of our last inspection | Grade |
| The impact of leaders on social work practice with children and families | Good |
| Overall effectiveness | Good |
Ofsted’s last inspection of local authority children’s services was in 2022, and our grades are in the table above.
""" + "\n".join(
    f"## Our priority {number}\nOur staff are proud of what they have done for children, and we want them to stay with "
    f"us. In year {number} of our plan we will recruit {number * 7} social workers and open a new family hub.\n"
    "We know that some of our children wait too long for a plan, and we have told our councillors why this is so."
    for number in range(1, 9)
)

KINDS: dict[str, str] = {
    name.lower(): text
    for name, text in globals().items()
    if name.isupper() and isinstance(text, str) and text.startswith(("# ", "12 "))
}
"""Every document by the name of its kind."""


def pdf_of(text: str, place: str, sample_builder: object) -> bytes:
    """The PDF of a document.

    Args:
        text: one of ``KINDS``.
        place: what stands for ``{place}``.
        sample_builder: the script that builds the samples, as a module.
    """
    from builder.layout import Sheet, Style  # type: ignore[import-not-found]

    sheet = Sheet("Invented", Style(), datetime.datetime(2025, 1, 15, tzinfo=datetime.UTC))
    paragraph: list[str] = []

    def close() -> None:
        if paragraph:
            sheet.para(" ".join(paragraph))
            paragraph.clear()

    for line in text.replace("{place}", place).splitlines():
        kind, _, rest = line.partition(" ")
        if kind in ("#", "##", "|", "-"):
            close()
        if kind == "#":
            sheet.title_lines(rest, size=22, bold=True)
        elif kind == "##":
            sheet.heading(rest)
        elif kind == "|":
            sheet.row([cell.strip() for cell in rest.strip("| ").split("|")], (66, 380, 530))
        elif kind == "-":
            sheet.bullet(rest)
        else:
            paragraph.append(line)
            if line.rstrip().endswith((".", ":", "?")) or len(line) < 90:
                close()
    close()
    return bytes(sheet.output())
