"""Facts beside a duty: "uptake was 61% last year; 75% is wanted" tells how things are, then binds.

A sentence is cut into its clauses. A number is a fact where its own clause tells what is or was,
with no word of duty in it, while another clause holds the duty.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.extract.parse import text_of
from pipeline.extract.quantities import Measurement
from pipeline.records import QuantityKind

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

# ", with 68% seen on time" goes with the clause before it.
_EDGE: Final = re.compile(
    r";|:(?=\s)|\s[–—-]\s|,\s(?=(?:and|but|yet|while|whereas|though|although|so|or)\b)"
    r"|\s(?=(?:and|but)\s(?:must|should|shall|will|needs?\sto|ought|has\sto|have\sto|is\sto|are\sto)\b)"
    r"|\s(?=(?:when|where|whereas|while)\s[^,;]{0,60}\b(?:should|must|ought)\b)",
    re.IGNORECASE,
)
# "As 30% of staff are over 55, boards must", "Although uptake rose to 60%, trusts should".
_OPENING: Final = re.compile(
    r"\s*(?:as|since|because|although|though|whereas|while|given\sthat|now\sthat)\s[^,;]+,",
    re.IGNORECASE,
)
# "With a third of posts vacant, boards must": a clause without a verb.
_WITH: Final = re.compile(r"\s*with\s(?!effect\b)[^,;]+,", re.IGNORECASE)
_DUTY: Final = re.compile(
    r"\b(?:must|should|shall|will|would|(?-i:may)|can|cannot|could|ought|needs?|needed|(?:has|have|had)\sto"
    r"|(?:is|are|was|were|be|being)\s(?:\w+\s)?to|requir\w+|expect\w*|ask\w*|want\w*|wish\w*|told"
    r"|ensur\w+|urg\w+|demand\w*|insist\w*|recommend\w*|aims?|aiming|commit(?:s|ted|ting)?\sto|plan(?:s|ned|ning)?\sto|promis\w+|intend\w*"
    r"|obliged|bound|entitled|allowed|permitted|let|lets|due|duty|pledg\w+"
    r"|targets?|goals?|ambitions?|standards?|trajector\w+|objectives?|requirement|minimum|maximum"
    r"|floor|ceiling|cap|limit|threshold|milestones?|mark|benchmark|rules?|bar|offers?|quotas?|allowance|rights?|chance|set|fixed|terms)\b|[’']ll\b",
    re.IGNORECASE,
)
# "The standard was met for 94%": how it went, though it speaks of a standard.
_WAS_MET: Final = re.compile(
    r"\b(?:standards?|targets?|ambitions?)\b[^;,]{0,30}?\b(?:was|were|has\sbeen|have\sbeen)\s"
    r"(?:\w+\s)?(?:met|missed|achieved|reached|hit)\b",
    re.IGNORECASE,
)
_AIM_FOLLOWS: Final = re.compile(
    r"\b(?:standard|target|ambition|aim|goal|requirement|expectation|objective)s?\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_GOES_ON: Final = re.compile(r"\W*(?:and|or|but)\sthat\s(?!is\b|was\b)", re.IGNORECASE)
_LATELY: Final = re.compile(
    r"\b(?:last\s(?:year|month|week|quarter|winter|summer|autumn|spring|time)|currently|at\spresent"
    r"|so\sfar|to\sdate|at\sthe\smoment|a\syear\sago|years\sago|previously)\b",
    re.IGNORECASE,
)
# "Notice is 28 days", "the scheme pays £5": in the present such a number is a rule as often as not.
_OFTEN_LAID_DOWN: Final = (QuantityKind.DURATION, QuantityKind.MONEY)
_SUBJECTS: Final = ("nsubj", "nsubjpass", "csubj", "expl")
_FINITE: Final = ("VBZ", "VBP", "VBD")


def tells_fact(m: Measurement, doc: Doc) -> bool:
    """Whether the number `m` stands in a clause that tells a fact, beside one that binds."""
    if m.comparator not in ("=", "range"):
        return False
    text = text_of(doc)
    start, end = _clause(text, m)
    own = text[start:end]
    if _WAS_MET.search(own) and _DUTY.search(text[:start] + " " + text[end:]):
        return True
    if own.startswith(":") and _AIM_FOLLOWS.search(text, 0, start):
        return False  # "The standard is unchanged: 95% of patients seen in time"
    if _GOES_ON.match(own):
        return False  # "must see that it is open, and that four in five are seen"
    if _DUTY.search(own) or not _DUTY.search(text[:start] + " " + text[end:]):
        return False
    if _WITH.fullmatch(own):
        return True
    tokens = [t for t in doc if start <= t.idx < end]
    if not tokens or _commands(tokens):
        return False
    told = [t for t in tokens if _states(t, tokens)]
    if m.kind in _OFTEN_LAID_DOWN and all(_is_present(t) for t in told):
        return False
    return bool(told) or _LATELY.search(own) is not None


def _clause(text: str, m: Measurement) -> tuple[int, int]:
    """The stretch of `text` that the number's clause takes up."""
    start, end = 0, len(text)
    edges = [edge.start() for edge in _EDGE.finditer(text)]
    opening = _OPENING.match(text) or _WITH.match(text)
    if opening is not None:
        edges.append(opening.end())
    for edge in edges:
        if edge <= m.start:
            start = max(start, edge)
        elif edge >= m.number_end:
            end = min(end, edge)
    return start, end


def _states(token: Token, tokens: list[Token]) -> bool:
    """Whether a token is the verb of a statement: finite, with a subject in the same clause."""
    auxiliaries = [c for c in token.children if c.dep_ in ("aux", "auxpass")]
    if token.pos_ not in ("VERB", "AUX") or token.dep_ in ("relcl", "acl"):
        return False
    finite = token.tag_ in _FINITE or any(a.tag_ in _FINITE for a in auxiliaries)
    inside = {t.i for t in tokens}
    return finite and any(c.dep_ in _SUBJECTS and c.i in inside for c in token.children)


def _is_present(verb: Token) -> bool:
    """Whether a statement's verb tells of the present: neither "rose" nor "has risen"."""
    auxiliaries = [c for c in verb.children if c.dep_ in ("aux", "auxpass")]
    past = "VBD" in (verb.tag_, *(a.tag_ for a in auxiliaries))
    perfect = verb.tag_ == "VBN" and any(a.lemma_ == "have" for a in auxiliaries)
    return not (past or perfect)


def _commands(tokens: list[Token]) -> bool:
    """Whether a clause opens with a command or a gerund: "cut it to 5%", "and reducing it"."""
    opening = next((t for t in tokens if t.pos_ not in ("PUNCT", "CCONJ", "ADV", "SPACE")), None)
    if opening is None or opening.tag_ not in ("VB", "VBG"):
        return False
    return opening.dep_ not in ("compound", "amod", "nsubj")
