"""Which phrase of time is a deadline: "do it in 2025/26" says so, "plans for 2025/26" do not."""

from __future__ import annotations

import calendar
import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from pipeline.extract.deadlines import DateContext, DatePhrase, choose_phrase, find_date_phrases
from pipeline.extract.lookup import token_from
from pipeline.extract.parse import clause_kind
from pipeline.extract.quantity_rules import quantity_rules
from pipeline.extract.quantity_standing import governor, way_up
from pipeline.records import Deadline

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

# What is compared with, or measured from.
_COMPARED: Final = re.compile(
    r"(?:\b(?:compared\s(?:to|with)|relative\sto|against|versus|vs|since|baseline)\b"
    r"(?:(?!\bto\b)[^.;,]){0,40}"
    r"|\bthan(?:\s(?:in|at|on|was|were|it|they|is|are|had|last|originally|expected|planned"
    r"|the\s(?:one|level|figure|number|rate|year|position))\b[^.;]{0,40})?\s"
    r"|\bas\s(?:(?:it|they|we)\s(?:did|was|were|had)|was\sthe\scase)\s"
    r"|(?<!\d\d\s)\b(?:levels?|figures?|outturn|spending|first|originally|compared)\s)$",
    re.IGNORECASE,
)
# What was done then, where no modal or infinitive makes it something to be done.
_DONE: Final = re.compile(
    r"\b(?:published|announced|issued|launched|introduced|agreed|set\sout|seen|achieved|recorded"
    r"|reported|planned|in\splace)\s$",
    re.IGNORECASE,
)
_CONDITION: Final = re.compile(r"\b(?:if|unless|whether)\s[^,;]*$", re.IGNORECASE)
# "The task for 2025/26 is to ...": what is asked for, for that year.
_ASKED: Final = frozenset({"task", "ask", "aim", "ambition", "target", "goal"})
# The one "objective for 2026/27", and not the objectives that stand in the plan for that year.
_ASKED_ONCE: Final = frozenset({"objective", "expectation", "milestone", "trajectory", "standard"})
_YEARS: Final = frozenset(
    {
        "fy",
        "year",
        "this_year",
        "next_year",
        "calendar_year",
        "vague_year",
        "half",
        "quarter",
        "plan",
    }
)
_THROUGHOUT: Final = ("during", "across", "throughout", "over")
_AUXILIARIES: Final = ("aux", "auxpass")
_PAST_DUTY: Final = re.compile(r"\b(?:had|needed|was|were)\s(?:\w+\s)?to\b", re.IGNORECASE)
# "earlier this year than last", "at the draft stage and not at the end of the quarter".
_THAN_AFTER: Final = re.compile(r"\s(?:than|as)\s(?:in\s)?(?:the\s)?last\b")
_REJECTED: Final = re.compile(r"\b(?:not|rather\sthan|instead\sof)\s$", re.IGNORECASE)
# "No ward may close in December": when something is forbidden, and not by when it is to be done.
_NO_SUBJECT: Final = ("no", "nobody", "none", "neither")
_SEASONAL: Final = frozenset({"month", "months", "season", "this_month"})
# "was set 90% by July": laid down once, and still to come.
_LAID_DOWN: Final = frozenset("set give ask tell require instruct commit promise pledge".split())
_SAME_DATE: Final = re.compile(
    r"\bby\s(?:(?:the\ssame|that)\s(?:date|day|deadline|time|point)"
    r"|(?P<month>the\send\sof\s(?:that|the\ssame)\smonth))\b",
    re.IGNORECASE,
)
_HALF_YEAR: Final = 183


def find_deadline(
    text: str,
    doc: Doc,
    *,
    context: DateContext,
    head: int | None = None,
    within: tuple[int, int] | None = None,
) -> Deadline | None:
    """The deadline of a parsed unit; `head` is the token of the verb to be done, if any. `within`
    [start, end) of the text only: what belongs to one number.
    """
    first, last = within or (0, len(text))
    due = find_due(text, doc, context=context, head=head)
    phrase = choose_phrase([phrase for phrase in due if first <= phrase.start < last])
    return None if phrase is None else Deadline(text=phrase.text, date=phrase.date)


def find_due(
    text: str, doc: Doc, *, context: DateContext, head: int | None = None
) -> list[DatePhrase]:
    """Every phrase of a parsed unit that says when something is due, in order."""
    return [
        _in_its_year(phrase, text, doc, context)
        for phrase in find_date_phrases(text, context=context)
        if is_due(phrase, text, doc, head, context=context)
    ]


def find_same_date(text: str, last: date | None) -> Deadline | None:
    """The deadline of "by the same date" or "by the end of that month", `last` the one before it.

    None where the words are not there, or no date came before.
    """
    match = _SAME_DATE.search(text)
    if match is None or last is None:
        return None
    month = calendar.monthrange(last.year, last.month)[1]
    day = last.replace(day=month) if match["month"] else last
    return Deadline(text=match.group(), date=day)


def is_firm(deadline: Deadline) -> bool:
    """Whether a deadline says by when: "by March", "before June", and not "for 2025/26"."""
    return deadline.text.lower().startswith(("by ", "before ", "no later ", "not later "))


def is_due(
    phrase: DatePhrase,
    text: str,
    doc: Doc,
    head: int | None,
    *,
    context: DateContext | None = None,
) -> bool:
    """Whether a phrase of time says when something is due, and not when something was or is."""
    token = token_from(doc, phrase.start)
    if token is None:
        return True
    if phrase.lead != "by" and _is_before_plan(phrase, context):
        return False
    before = text[max(0, phrase.start - 160) : phrase.start]
    if _THAN_AFTER.match(text, phrase.end) or (
        _REJECTED.search(before) and not phrase.text.lower().startswith(("later", "until"))
    ):
        return False
    verb = governor(token)
    if verb is not None and _is_span_of_ban(phrase, verb):
        return False
    if _CONDITION.search(before) or (verb is not None and not _allows(verb, phrase, context)):
        return False
    if not before.strip(" “‘("):
        return True
    set_off = before.rstrip().endswith((",", ";", ":", "–", "—", "("))
    if phrase.lead == "after" or phrase.text.lower().startswith("between now"):
        return set_off
    if phrase.lead in ("by", "at"):
        return True
    done = _DONE.search(before) and not (verb is not None and _is_to_be_done(verb))
    if done or _COMPARED.search(before) or _belongs_to_noun(phrase, token, doc):
        return False
    if set_off or token.head.pos_ in ("VERB", "AUX"):
        return True
    return _reaches_through_noun(phrase, token, doc, head)


def _belongs_to_noun(phrase: DatePhrase, token: Token, doc: Doc) -> bool:
    """Whether a time tells of the word right before: "plans for 2025/26", "2,070 in January"."""
    if token.i == 0:
        return False
    noun = doc[token.i - 1]
    set_off = token.i > 1 and doc[token.i - 2].is_punct
    if noun.like_num and set_off and phrase.lead == "in" and phrase.kind == "month":
        return True
    return not phrase.text.lower().startswith(_THROUGHOUT) and _is_of_years(noun, phrase)


def _is_of_years(noun: Token, phrase: DatePhrase) -> bool:
    if phrase.kind not in _YEARS or noun.pos_ not in ("NOUN", "PROPN"):
        return False
    words, lemma = quantity_rules().year_nouns.words, noun.lemma_.lower()
    asked = lemma in _ASKED or noun.lower_ in _ASKED_ONCE
    return (noun.lower_ in words or lemma in words) and not asked


def _reaches_through_noun(phrase: DatePhrase, token: Token, doc: Doc, head: int | None) -> bool:
    """Whether a time that hangs on a noun still says when the requirement is due."""
    noun = token.head
    if noun.lemma_.lower() in _ASKED or noun.lower_ in _ASKED_ONCE:
        return True
    if noun.i == token.i - 1 and _is_of_years(noun, phrase):
        return False
    if phrase.lead == "bare":
        return noun.dep_ in ("npadvmod", "tmod", "dobj")
    if phrase.lead != "for":
        return True
    if head is None or noun.dep_ not in ("dobj", "attr"):
        return False
    return noun.head.i in (head, *(c.i for c in doc[head].conjuncts))


def _allows(verb: Token, phrase: DatePhrase, context: DateContext | None) -> bool:
    """Whether the clause of `verb` can say what is due: not what was, nor what a thing is like."""
    if _is_to_be_done(verb) and not _describes(verb):
        return True
    auxiliaries = [c for c in verb.children if c.dep_ in _AUXILIARIES]
    ahead = _lies_ahead(phrase, context)
    by = phrase.text.lower().startswith("by")
    if verb.tag_ == "VBN" and any(a.lower_ in ("had", "have", "has") for a in auxiliaries):
        laid_down = verb.lemma_.lower() in _LAID_DOWN and _is_to_come(phrase, context)
        return phrase.lead == "by" and (ahead or laid_down)
    # An imperative at the head of a list item may look like a past form: "cut", "set".
    opens = verb.dep_ == "ROOT" and verb.i == 0
    if (verb.tag_ == "VBD" and not opens) or any(a.tag_ == "VBD" for a in auxiliaries):
        return phrase.lead == "by" or (ahead and phrase.lead in ("at", "on", "in", "for", "bare"))
    if _describes(verb):
        return ahead and by
    if _sets_aim(verb):
        return True  # "where the target is 90% by June"
    if clause_kind(verb) == "relative" and verb.tag_ in ("VBZ", "VBP"):
        return ahead and (phrase.lead == "in" or by)
    return True


def _sets_aim(verb: Token) -> bool:
    """Whether a clause in the present says what a target is."""
    if verb.lemma_ != "be" or verb.tag_ not in ("VBZ", "VBP"):
        return False
    return any(
        c.dep_ == "nsubj" and (c.lemma_.lower() in _ASKED or c.lower_ in _ASKED_ONCE)
        for c in verb.children
    )


def _is_span_of_ban(phrase: DatePhrase, verb: Token) -> bool:
    """Whether a time says in which months something is forbidden."""
    if phrase.lead != "in" or phrase.kind not in _SEASONAL:
        return False
    return any(
        c.dep_ == "neg"
        or (c.dep_ in ("nsubj", "nsubjpass") and any(t.lower_ in _NO_SUBJECT for t in c.subtree))
        for c in verb.children
    )


def _is_to_come(phrase: DatePhrase, context: DateContext | None) -> bool:
    """Whether a date, its year written or not, is still to come."""
    if phrase.date is None or context is None or context.published is None:
        return False
    return phrase.date >= context.published


def _describes(verb: Token) -> bool:
    """Whether an infinitive hangs on a present relative clause: "sites they plan to open"."""
    for token in way_up(verb):
        if token.dep_ == "relcl":
            present = token.tag_ in ("VBP", "VBZ") and not _is_to_be_done(token)
            return present and token.i != verb.i
    return False


def _is_to_be_done(verb: Token) -> bool:
    """Whether a verb stands with a modal or as an infinitive."""
    return any(
        c.dep_ in _AUXILIARIES and (c.tag_ == "MD" or c.lower_ == "to") for c in verb.children
    )


def _lies_ahead(phrase: DatePhrase, context: DateContext | None) -> bool:
    """Whether the date, its year as written, is after the document's day."""
    if phrase.date is None or phrase.assumed or context is None or context.published is None:
        return False
    return phrase.date > context.published


def _is_before_plan(phrase: DatePhrase, context: DateContext | None) -> bool:
    """Whether a financial year ends before the years planned for: "the level of 2019/20"."""
    if phrase.kind != "fy" or phrase.date is None or context is None:
        return False
    years = context.planning_years
    return years is not None and phrase.date < date(years.first, 4, 1)


def _in_its_year(phrase: DatePhrase, text: str, doc: Doc, context: DateContext) -> DatePhrase:
    """A date without a year, told of as past, is the year before's where that is nearer."""
    token = token_from(doc, phrase.start)
    verb = governor(token) if token is not None else None
    if not phrase.assumed or phrase.date is None or context.published is None or verb is None:
        return phrase
    earlier = _year_before(phrase.date)
    if earlier > context.published or not _tells_past(verb):
        return phrase
    near = (context.published - earlier).days <= _HALF_YEAR
    past_duty = phrase.lead == "by" and _PAST_DUTY.search(text[: phrase.start])
    return replace(phrase, date=earlier) if near or past_duty else phrase


def _tells_past(verb: Token) -> bool:
    """Whether a requirement is told as a past one: "had to", "the promise was that they would"."""
    token = verb
    while True:
        words = {c.lower_ for c in token.children if c.dep_ in _AUXILIARIES}
        if words & {"must", "should", "will", "shall", "may", "can"}:
            return False
        # What opens an item may look like a past form and be a command: "put", "cut", "set".
        if (token.tag_ == "VBD" and token.i) or words & {"was", "were", "had", "would"}:
            return True
        if token.head.i == token.i:
            return False
        token = token.head


def _year_before(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap else day.day)
