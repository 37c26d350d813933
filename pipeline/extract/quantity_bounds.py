"""How a number is bounded: the words by it that say "at least", "no more than", "over"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pipeline.extract.numbers import next_numeral
from pipeline.extract.quantity_rules import Bound, bound_wordings, quantity_rules
from pipeline.extract.quantity_units import counts_noun
from pipeline.records import QuantityKind

# How far before a number its bound may start, in code points; no wording is longer.
_REACH: Final = 60
_MOST_WORDS: Final = 6
_LAST_WORD: Final = re.compile(r"[^\s,;:.()“”\"|]+$")
_SYMBOL: Final = re.compile(r"(?P<sign>>=|≥|<=|≤|=>|=<|>|<)\s?$")
_SIGNS: Final = {"≥": ">=", "≤": "<=", "=>": ">=", "=<": "<="}
_PLUS: Final = re.compile(r"\s?\+(?!\s?[\d£])")
_THREE_WORDS: Final = re.compile(
    r"\s?([a-z]+)(?:\s([a-z]+))?(?:\s([a-z]+))?(?=[\s,;:.)|\]]|$)", re.IGNORECASE
)
_MORE: Final = re.compile(r"\s(?:more|fewer|less|extra|additional)\b(?!\sthan)")
# "76% of patients or more", "three bedrooms or more": the noun stands between.
_LATER: Final = re.compile(
    r"(?:\s[\w’'&-]+){1,5}?\sor\s(?P<word>more|less|fewer|above|below|over|under|better|higher|lower"
    r"|longer|older)\b(?!\sthan)"
)
_LATER_SIGNS: Final = {"less": "<=", "fewer": "<=", "below": "<=", "under": "<=", "lower": "<="}
_LIMITED: Final = re.compile(
    r"\b(?:limit|cap|restrict|confine)(?:s|ed|ing|ped|ping)?\s(?:[\w’'-]+\s){1,5}(?:to|at)\s$",
    re.IGNORECASE,
)
_ON_AVERAGE: Final = re.compile(r"\son\saverage\b")
_DONE_IN: Final = re.compile(
    r"\b(?:answer(?:ed)?|complet(?:ed?|ing)|seen?|test(?:ed)?|treat(?:ed)?|clos(?:ed?|ing)|finish(?:ed)?"
    r"|inspect(?:ed)?|resolv(?:ed?|ing)|repair(?:ed)?|paid|process(?:ed)?|diagnosed?|repl(?:y|ied)"
    r"|respond(?:ed)?|assess(?:ed)?)\b[^,;:.|]{0,50}?\sin\s(?:an?\s)?$",
    re.IGNORECASE,
)
# The negation that a bound stands under. A modal's own makes a prohibition and leaves the bound as
# it is: "bids must not be for more than £5m" forbids more than 5.
_NEGATION: Final = re.compile(
    r"\b(?:(?P<modal>(?:must|should|shall|may|can|need|ought)(?:\s(?:not|never)|n[’']t)|cannot)"
    r"|no|not|never|nobody|none|nothing|nor|neither|without|\w{2,6}n[’']t)\b",
    re.IGNORECASE,
)
_MOVING: Final = re.compile(
    r"\b(?:fall|drop|dip|sink|slip|rise|climb|grow)(?:s|ing)?\s$", re.IGNORECASE
)
_TURNED: Final = {">": "<=", "<": ">="}
_CLAUSE_EDGE: Final = re.compile(
    r"[;:.|]|,\s(?:and|but|with|while|although|so|if|where|when|which)\s", re.IGNORECASE
)
_LIFTED: Final = re.compile(
    r"\b(?:bring|brings|bringing|brought|lift|lifts|lifting|raise|raises|raising|get|gets|getting|build|builds"
    r"|building|scale|scales|scaling|move|moves|moving|take|takes|taking)\s(?:[\w’'-]+\s){0,6}$",
    re.IGNORECASE,
)
_OPENING_FLOOR: Final = re.compile(
    r"(?:as|at)\s(?:a|the\svery)\s(?:bare\s)?(?:minimum|least)\b", re.IGNORECASE
)
# "over four years" is a period, "waiting over two years" a bound: the word before tells.
_LONG: Final = ("months", "years")
_GROWN: Final = re.compile(r"\s(?:old|late|overdue|of\sage)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The stretch [start, end) of a number with the words that bound it, and its comparator."""

    start: int
    end: int
    sign: str


def find_bounds(
    text: str, start: int, end: int, *, kind: QuantityKind, unit: str | None = None
) -> Bounds:
    """What bounds the number at [start, end) of `text`; the comparator is "=" if nothing does."""
    symbol = _SYMBOL.search(text, max(0, start - 4), start)
    if symbol:
        sign = _SIGNS.get(symbol["sign"], symbol["sign"])
        return Bounds(start=symbol.start(), end=end, sign=sign)
    first, bound = _before(text, start, kind)
    last, after = _after(text, end, kind)
    if bound is not None:
        sign = _in_context(text, first, start, end, bound, unit)
    else:
        limited = _LIMITED.search(text, max(0, start - _REACH), start)
        sign = "<=" if limited or _is_done_in(text, start, end, kind, unit) else "="
    opposed = after is not None and last > end and {sign, after} == {"<=", ">="}
    if after is not None and (sign == "=" or opposed):
        sign = after  # "held at 92% or above"
    if sign == "=" and bound is None and _opens_with_floor(text, start, kind):
        sign = ">="
    return Bounds(start=first, end=last, sign=sign)


def _is_done_in(text: str, start: int, end: int, kind: QuantityKind, unit: str | None) -> bool:
    """Whether something is to be done in that time: "answered in ten days" is in ten or fewer,
    "answered in ten days on average" is not.
    """
    if kind is not QuantityKind.DURATION or unit in _LONG or _ON_AVERAGE.match(text, end):
        return False
    return _DONE_IN.search(text, max(0, start - 2 * _REACH), start) is not None


def _before(text: str, start: int, kind: QuantityKind) -> tuple[int, Bound | None]:
    """Where the bounding words before a number begin, and the rule that they follow."""
    words = _last_words(text, start)
    definite = bool(words) and words[-1][0] == "the"
    if definite:
        words.pop()
    elif words and words[-1][0] in ("a", "an") and _longest(words) is None:
        words.pop()  # "at least a 15% reduction"
    found = _longest(words)
    if found is None:
        return start, None
    first, bound = found
    allowed = bound.only in (None, kind.value) and (bound.definite or not definite)
    return (first, bound) if allowed else (start, None)


def _longest(words: list[tuple[str, int]]) -> tuple[int, Bound] | None:
    """The longest bounding wording that words end with, and where it begins."""
    for count in range(len(words), 0, -1):
        stretch = words[-count:]
        bound = bound_wordings("before").get(tuple(word for word, _ in stretch))
        if bound is not None:
            return stretch[0][1], bound
    return None


def _last_words(text: str, end: int) -> list[tuple[str, int]]:
    """The words that lead up to `end` with no punctuation between, folded, with their starts."""
    words: list[tuple[str, int]] = []
    opening, position = max(0, end - _REACH), end
    while len(words) < _MOST_WORDS:
        stop = position
        while stop > opening and text[stop - 1].isspace():
            stop -= 1
        if stop == position != end:
            break
        match = _LAST_WORD.search(text, opening, stop)
        if match is None:
            break
        words.append((match.group().lower(), match.start()))
        position = match.start()
    words.reverse()
    return words


def _after(text: str, end: int, kind: QuantityKind) -> tuple[int, str | None]:
    """Where the bounding words after a number end, and their sign, None where there are none."""
    plus = _PLUS.match(text, end)
    if plus:
        return plus.end(), ">="
    following = _THREE_WORDS.match(text, end)
    if following:
        words = tuple(w.lower() for w in following.groups() if w)
        for count in range(len(words), 0, -1):
            bound = bound_wordings("after").get(words[:count])
            noun = words[count - 1] == "most" and counts_noun(text, following.end(count))
            if bound is not None and bound.only in (None, kind.value) and not noun:
                return following.end(count), bound.sign
        more = _MORE.match(text, end)
        if more and kind is not QuantityKind.DURATION:
            return more.end(), None
    later = _LATER.match(text, end)
    if later and next_numeral(later.group()) is None:
        return end, _LATER_SIGNS.get(later["word"], ">=")
    return end, None


def _in_context(text: str, first: int, start: int, end: int, bound: Bound, unit: str | None) -> str:
    """The sign of a bound as its clause has it: no bound in a period, turned under a negation."""
    if bound.words.startswith("up to") and _LIFTED.search(text, max(0, first - _REACH), first):
        return "="  # "bring it up to 85%"
    if bound.sign not in _TURNED:
        return bound.sign
    if unit in _LONG and bound.sign == ">" and _is_period(text, start, end):
        return "="
    return _TURNED[bound.sign] if _is_negated(text, first) else bound.sign


def _is_negated(text: str, start: int) -> bool:
    """Whether the bound that starts at `start` is turned round: "no handover takes longer than"."""
    clause = text[max(0, start - _REACH) : start]
    edges = [edge.end() for edge in _CLAUSE_EDGE.finditer(clause)]
    negations = list(_NEGATION.finditer(clause, edges[-1] if edges else 0))
    if not negations:
        return False
    if _MOVING.search(clause):
        return True  # "must not drop below 5%" keeps it at 5 or more
    if negations[-1]["modal"]:
        return False
    # "no waits over 65 weeks" counts such waits; "no wait exceeds 65 weeks" bounds them.
    between = len(clause[negations[-1].end() :].split())
    return between >= (2 if negations[-1].group().lower() == "no" else 1)


def _is_period(text: str, start: int, end: int) -> bool:
    """Whether "over" leads in a stretch of time and not an excess: "a cut over three years"."""
    words = [word for word, _ in _last_words(text, start)]
    if "over" not in words or _GROWN.match(text, end):
        return False
    at = len(words) - 1 - words[::-1].index("over")
    return at == 0 or words[at - 1] not in quantity_rules().exceeding.words


def _opens_with_floor(text: str, start: int, kind: QuantityKind) -> bool:
    """Whether the sentence opens with "As a minimum" and this is its first number."""
    opening = _OPENING_FLOOR.match(text)
    if opening is None or kind is QuantityKind.DURATION:
        return False
    return not any(c.isdigit() for c in text[opening.end() : start])
