"""English function words and verbs, so that subjects and names can be told without a parser."""

from __future__ import annotations

from ofsted_nlp.extraction.wordlists import word_set

AUXILIARY = word_set("is are was were has have had does do did can will may could would should must be been")
VERBS = AUXILIARY | word_set(
    "provide provides provided ensure ensures ensured help helps helped make makes made know knows knew mean "
    "means include includes included take takes took give gives gave enable enables enabled receive receives "
    "received maintain maintains live lives lived meet meets met lead leads led contribute contributes "
    "contributed promote promotes consider considers considered reach reaches remain remains remained go goes "
    "listen reflect reflects reflected respond responds responded result results resulted identify identifies "
    "identified feel feels felt keep keeps kept create creates created establish establishes established contain "
    "contains inform informs informed allow allows allowed demonstrate demonstrates demonstrated show shows "
    "showed continue continues continued understand understands understood build builds built develop develops "
    "developed improve improves improved benefit benefits benefited offer offers offered deliver delivers "
    "delivered capture captures complete completes obtain gain gains speak speaks spoke say says said told "
    "describe described recognise recognises recognised address addresses addressed put puts set sets try tries "
    "strengthen strengthens strengthened engage engages engaged explore explores prioritise prioritises invest "
    "invests invested use uses used undertake undertakes undertook act acts acted think holds held bring brings "
    "brought confirm confirms confirmed introduced implemented encourage encourages facilitate facilitates "
    "oversee oversees attend attends attended achieve achieves achieved work works worked become becomes became "
    "come comes came share shares shared trust praised welcome spend spends acknowledge acknowledges removes "
    "supports supported underpin underpins enjoy want wants follow follows followed begin begins began adopt "
    "adopts progress appreciate co-produce encompasses play plays agree agrees assess assesses assessed increased "
    "reduces reduced coordinate coordinates celebrate celebrates embraced drives driven seek seeks sought find "
    "finds sees grew gets get carry carries commission commissioned puts appear appears tackle tackles value"
)
NOUNS_TOO = word_set(
    "help lead work works use plan plans visit support supports progress share value trust benefit play"
)
"""Verbs here that are nouns unless a plural or a pronoun stands before ("Partners work ...", "Early help is ...")."""

DETERMINERS = word_set(
    "the a an this these those that their its his her our such all most many some several both each every any "
    "other more better few almost nearly vast large small high significant increasing growing considerable "
    "overall one two three four number numbers majority proportion range variety array level degree quality wide "
    "wider broad good better strong effective robust excellent outstanding impressive timely prompt high-quality "
    "comprehensive clear thorough careful skilled committed experienced dedicated stable proactive innovative "
    "creative bespoke appropriate suitable sensitive positive regular well-established established well-developed "
    "improved improving enhanced new newly current recent very highly particularly increasingly consistently "
    "generally mostly also only and right coherent detailed rigorous sound solid high-functioning tenacious "
    "persistent passionate knowledgeable caring purposeful focused swift strengthened well-coordinated "
    "well-planned well-organised ambitious valuable useful extensive impactful exceptional superb persuasive "
    "proportionate collaborative genuine real great greater additional up-to-date meaningful continued sustained "
    "energetic adroit responsive flexible evident particular specific half well of carefully effectively "
    "successful substantial"
)
LINKS = word_set(
    "who that which whose where when while if so because although to for with from in on at by through within "
    "across during after before into about around towards against between among under throughout over since as "
    "including such using supporting ensuring despite without than"
)
ARTICLES = word_set("the a an their its his her them these this")
