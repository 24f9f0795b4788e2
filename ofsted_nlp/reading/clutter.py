"""What on an article page is no coverage, and why: told by marks in the page and by how a line is worded."""

from __future__ import annotations

import re

COMMENT = "reader comment"
TEASER = "teaser"
CAPTION = "caption"
NEWSLETTER = "newsletter"
ADVERTISEMENT = "advertisement"
NOTICE = "notice"
WALL = "wall"
PULL_QUOTE = "pull quote"

_MARKS = (
    (
        COMMENT,
        r"(?<![a-z])(?:(?:user|reader|article|post|story|view|respond)-?)*comments?(?:-?(?:list|section|area|thread|"
        r"wrap(?:per)?|body|item|text|content|container|feed|form|respond))*(?![a-z])|disqus|viafoura|coral-?talk|"
        r"openweb|spot-?im|livefyre|(?<![a-z])respond(?![a-z])",
    ),
    (
        NEWSLETTER,
        r"newsletter|subscribe-?(?:box|form|promo|banner)|sign-?up|mailing-?list|email-?(?:capture|alert)|mc_embed",
    ),
    (
        NOTICE,
        r"cookie|consent|gdpr|onetrust|(?<![a-z])cmp(?![a-z])|privacy-(?:banner|notice)|social-?(?:share|media|links|"
        r"bar)|share-?(?:bar|buttons|tools|links)|sharedaddy|breadcrumb|skip-?link|"
        r"(?<![a-z])foot(?:er)?(?![a-z])|site-?(?:header|nav)|"
        r"(?<![a-z])(?:byline|author|meta|tags?|tag-?list|timestamp|correction|ipso)(?:-?(?:box|bio|info|line|list|"
        r"card|data|notice))?(?![a-z])",
    ),
    (
        WALL,
        r"pay-?wall|reg(?:istration)?-?wall|(?:subscriber|member)s?-?only|piano-?offer|meter(?:ed)?-?(?:wall|message)",
    ),
    (
        ADVERTISEMENT,
        r"(?<![a-z])(?:ads?|advert(?:isement|ising|orial)?s?|ad-?(?:slot|unit|container|wrapper)|dfp|mpu|"
        r"sponsor(?:ed)?|"
        r"promo(?:ted|tion|box)?|taboola|outbrain)(?![a-z])",
    ),
    (
        TEASER,
        r"related|read-?(?:more|next|also)|more-?(?:from|on|stories|news|like)|recommend(?:ed|ations?)-?(?:for|"
        r"stories|articles|reads|content|links)?(?![a-z])|most-?(?:read|popular|viewed)|trending|you-?may|teaser|"
        r"see-?also|also-?(?:read|like)|latest-?(?:news|stories|jobs)|popular-?posts|promo-?card|in-?article-?link|"
        r"cross-?link|inline-?link|story-?links",
    ),
    (PULL_QUOTE, r"pull-?quote|quote-?(?:box|card)"),
    (CAPTION, r"caption|(?:photo|image|picture)-?credit|credit-?line"),
)
_MARK = tuple((why, re.compile(pattern)) for why, pattern in _MARKS)

_LINES = (
    (
        TEASER,
        re.compile(
            r"(?:read|see|watch|listen|find out|view) (?:more|also|next|now|on)\b.{0,120}\Z|also read\b.{0,120}\Z|"
            r"(?:COMMENT|READ|READ ALSO|MORE|RELATED(?: \w+)?|OPINION|ANALYSIS|EDITORIAL|LEADER|WATCH|VIDEO|GALLERY|"
            r"LIVE|BACKGROUND|EXPLAINER|RECAP|FROM THE ARCHIVE|IN DEPTH|BLOG)\s?[:|>»–—-]\s?.{2,150}\Z|"
            r"(?:Comment|Related(?: \w+)?|Opinion|Analysis|Editorial|Watch|Video|Gallery|More on this(?: story)?|"
            r"Background|Explainer|Archive)\s?[:|>»]\s?.{2,110}\Z|"
            r"(?:related (?:stories|articles|content|news|links)|more (?:stories|news|on this(?: story)?|from .{2,40})|"
            r"most read|you (?:may|might) also like|recommended(?: for you| reading)?|latest (?:news|stories|jobs)|"
            r"trending|top stories)\s?:?\Z|"
            r"(?:click|tap) here\b.{0,140}\Z",
            re.I,
        ),
    ),
    (
        NEWSLETTER,
        re.compile(
            r"(?:sign up|subscribe|register|join)\b.{0,60}\b(?:newsletter|bulletin|e-?mails?|updates|alerts|inbox|"
            r"whatsapp|app)\b.{0,140}\Z|"
            r"(?:get|want|receive)\b.{0,80}\b(?:newsletter|inbox|(?:daily|weekly|email) (?:updates|bulletin|round-?up))"
            r"\b.{0,140}\Z|.{0,60}\bstraight to your inbox\b.{0,60}\Z|"
            r"(?:follow|like) (?:us|our page|@\w+|[\w ]{2,40} on (?:facebook|x|twitter|instagram|youtube|"
            r"tiktok))\b.{0,160}\Z|send (?:us )?your (?:story|stories|news)\b.{0,120}\Z|download (?:our|"
            r"the) .{0,40}\bapp\b.{0,80}\Z",
            re.I,
        ),
    ),
    (
        CAPTION,
        re.compile(
            r"(?:(?:main |file |library |stock )?(?:picture|photo(?:graph)?|image|pic|credit|copyright|caption)s?"
            r"(?: (?:credit|caption|source))?\s?(?:[:|]|by\b|courtesy\b|©)|©|pictured(?: \w+)?\s?[:,]|"
            r"getty images|\((?:picture|photo|image|pic)[:\s]).{0,180}\Z",
            re.I,
        ),
    ),
    (
        WALL,
        re.compile(
            r"(?:(?:to|please) )?(?:continue reading|read the (?:full|rest of (?:the|this)) (?:article|story)|"
            r"keep reading)\b.{0,140}\Z|"
            r"(?:this (?:article|story|content) is|you have reached|already (?:a |have )?(?:subscriber|registered|an "
            r"account|a member)|(?:log|sign) ?in (?:or|to)|(?:register|subscribe) (?:now|today|free|for free|to) )"
            r".{0,160}\Z",
            re.I,
        ),
    ),
    (
        ADVERTISEMENT,
        re.compile(r"(?:advertise?ment|advertorial|sponsored(?: content)?|promoted(?: content)?)\s?:?\Z", re.I),
    ),
    (
        NOTICE,
        re.compile(
            r"(?:share|share this(?: \w+)?|tweet|print|email|copy link|facebook|twitter|whatsapp|linkedin|save|back to "
            r"top|loading\W*|follow|tags?\s?:.{0,150}|topics?\s?:.{0,150}|filed under\b.{0,100}|"
            r"(?:\d+ )?min(?:ute)?s? read|(?:published|posted|updated|last updated|first published)\s?:?\s.{4,60}|"
            r"(?:we|this (?:site|website)) uses? cookies\b.{0,300})\Z",
            re.I,
        ),
    ),
)
_COMMENTS_START = re.compile(
    r"(?:(?:reader(?:s['’]?)? |user |view |show |all |the )?comments?(?: section)?(?:\s?\(\d+\)|\s?:)?|"
    r"\d+ (?:comments?|responses?|replies|thoughts)(?: (?:on|to) .{1,120})?|(?:have|join|add|leave|post|"
    r"write)\b.{0,30}\b"
    r"(?:your say|the (?:conversation|discussion|debate)|a? ?(?:comment|reply)|your (?:comment|views?))\b.{0,60}|"
    r"have your say\b.{0,80}|what do you think\?.{0,80}|responses? to .{5,120}|comments? (?:are|"
    r"have been) closed\b.{0,80})\Z",
    re.I,
)
_INFORMAL = re.compile(
    r"\betc\b|!{2,}|\?{2,}|\.{4,}|\b(?:lol|imo|imho|btw|tbh|omg|wtf|smh)\b|\b(?:gonna|wanna|dont|wont|cant|didnt|isnt|"
    r"havent|shouldnt|wouldnt|im|ive|thats|whats|theyre)\b|\s,|\bu r\b",
    re.I,
)
_OPINION = re.compile(
    r"\b(?:disgrac\w+|shameful|shambles|about time|no surprise|typical|pathetic|ridiculous|appalling|heads (?:should|"
    r"must|will) roll|in my (?:opinion|view|experience)|i (?:think|believe|know|worked|work|agree|am|was|have|feel|"
    r"wonder)|well said|so true|wake up|waste of|tax ?payers?|sacked?|should be ashamed|what a|how (?:many|long) "
    r"(?:more|will|must)|why (?:is|are|do|does|don['’]t|has|have|should|can['’]t)|when (?:is|are|will)|who is|"
    r"(?:haven|hasn|isn|aren|don|doesn|shouldn)['’]t (?:enough|these|those|the|we|they|people|there|children)\b)",
    re.I,
)
_REPORTING = re.compile(
    r"[\"“”]|\b(?:said|says|added|told|found|according|report(?:ed|s)?|stated|replied|confirmed|announced|published|"
    r"spokes\w+|warned|explained|insisted|continued|concluded|inspectors)\b",
    re.I,
)
_FIRST_PERSON = re.compile(r"\b(?:I|I['’](?:m|ve|d|ll)|my|we|our|us|me)\b", re.I)


def mark_of(names: str) -> str | None:
    """Why an element with these class names, id and other names is no coverage; None if they do not say so.

    Args:
        names: the names with spaces between, as in the page.
    """
    names = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", names)
    low = re.sub(r"[_\s]+", lambda m: "-" if "_" in m[0] else " ", names).lower()
    return next((why for why, pattern in _MARK if pattern.search(low)), None)


def line_of(text: str) -> str | None:
    """Why a paragraph worded like this is no coverage; None if its wording does not say so."""
    text = text.strip()
    if len(text) > 360:
        return None
    return next((why for why, pattern in _LINES if pattern.match(text)), None)


def starts_comments(text: str) -> bool:
    """Whether a line is the heading over readers' comments."""
    return bool(len(text) < 200 and _COMMENTS_START.match(text.strip()))


def reads_like_comment(text: str, words_before: str) -> bool:
    """Whether a paragraph at the end of a page reads like a reader's remark and not like reporting.

    Nothing in it may report anything, and it speaks in the first person outside quotation marks, or two signs come
    together: spelling or punctuation that no sub-editor would pass, an opinion or a rhetorical question, a question
    mark, nouns with stray capitals.

    Args:
        text: the paragraph.
        words_before: the text of the page before it, which shows the spelling of names and terms in use.
    """
    if _REPORTING.search(text) or len(text) < 15:
        return False
    signs = bool(_INFORMAL.search(text)) + bool(_OPINION.search(text))
    signs += 2 * bool(_FIRST_PERSON.search(text)) + ("?" in text)
    known = set(re.findall(r"[A-Z][\w’'-]+", words_before))
    middle = re.findall(r"(?<=[a-z,;] )[A-Z][a-z]{3,}", text)
    signs += sum(word not in known for word in middle) >= 2
    first = text.lstrip("\"'“‘ ").split(" ", 1)[0]
    signs += first[:1].islower()
    return signs >= 2
