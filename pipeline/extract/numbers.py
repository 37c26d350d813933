"""Numerals in English planning text, digits and words, with their values.

A numeral is the bare number: "1,150", "2.5 bn", "three and a half", "two thirds", "a dozen". What
it counts or measures is read in quantity_units.py; which digits are a date or a name, in
quantity_names.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

_ONES: Final = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS: Final = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS: Final = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SMALL: Final[dict[str, int]] = {
    "zero": 0,
    "nought": 0,
    **{word: value for value, word in enumerate(_ONES, 1)},
    **{word: value for value, word in enumerate(_TEENS, 10)},
    **{word: 10 * value for value, word in enumerate(_TENS, 2)},
}
_SCALES: Final[dict[str, float]] = {
    "dozen": 12,
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "m": 1e6,
    "mn": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "trillion": 1e12,
    "tn": 1e12,
}
_PARTS: Final[dict[str, int]] = {
    "half": 2,
    "third": 3,
    "quarter": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "twelfth": 12,
    "twentieth": 20,
    "hundredth": 100,
}
_GLYPHS: Final[dict[str, float]] = {"½": 0.5, "¼": 0.25, "¾": 0.75}
_SIGNS: Final[dict[str, str]] = {"£": "GBP", "€": "EUR", "$": "USD"}

TIME_UNIT: Final = r"(?:second|minute|hour|day|week|fortnight|month|year|decade)"
ONE_TO_NINE: Final = "(?:" + "|".join(_ONES) + ")"
_SCALE_WORD: Final = r"(?:hundred|thousand|million|billion|trillion|dozen)\b"
_SCALE_SIGN: Final = r"(?:mn|bn|tn|[mkb])\b"
# At most twelve digits and six decimals: a longer run is a reference, not a number.
_DIGITS: Final = r"(?:\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,6})?|\d{1,12}(?:\.\d{1,6})?)(?!\d)"
_BELOW_100: Final = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[- ]{ONE_TO_NINE}\b)?|{'|'.join(_TEENS)}|{'|'.join(_ONES)}"
    rf"|zero|nought|(?:half\s)?an?(?=\s{_SCALE_WORD}))"
)
_ENDS_HERE: Final = rf"\b(?!\s{_SCALE_WORD})"
_BELOW_1000: Final = (
    rf"{_BELOW_100}(?:[\s-]hundred\b(?:\s(?:and\s)?{_BELOW_100}\b(?!\s(?:hundred|dozen)))?)?"
)
_BELOW_MILLION: Final = (
    rf"{_BELOW_1000}(?:[\s-]thousand\b(?:\s(?:and\s)?{_BELOW_1000}{_ENDS_HERE})?)?"
)
_WORDS: Final = (
    rf"(?:{_BELOW_MILLION}(?:[\s-](?:million|billion|trillion|dozen)\b"
    rf"(?:\s(?:and\s)?{_BELOW_MILLION}{_ENDS_HERE})?)?)"
)
# Alone, "third" is an ordinal number, but not in "the poorest third of areas".
_FRACTION: Final = (
    r"(?:half|(?:an?|one)[\s-](?:half|third|quarter|fifth|sixth|seventh|eighth|ninth|tenth|twelfth"
    r"|twentieth|hundredth)"
    r"|two[\s-]thirds|three[\s-]quarters"
    r"|(?:two|three|four|seven|nine)[\s-](?:fifths|sevenths|tenths|eighths|ninths|twelfths)"
    r"|(?:third|quarter|fifth|tenth)(?=\sof\b))"
)
_BARE_PARTS: Final = ("third", "quarter", "fifth", "tenth")
_EXTREME: Final = re.compile(
    r"(?:est|deprived|\b(?:most|least)\s[\w-]+|\b(?:top|bottom|worst))\s$", re.IGNORECASE
)
_AND_A_HALF: Final = r"[\s-]and[\s-]an?[\s-](?:half|quarter)|\sand\sthree[\s-]quarters"
_NUMERAL: Final = re.compile(
    rf"(?P<currency>[£€$]\s?|\b(?:GBP|EUR|USD)\s?)?(?:"
    rf"(?<![\w.])(?P<digits>{_DIGITS})(?P<glyph>[½¼¾])?"
    rf"(?P<scale>\s?{_SCALE_WORD}|{_SCALE_SIGN}|\s(?:mn|bn|tn|m)\b)?"
    rf"(?P<half>{_AND_A_HALF}\b)?"
    rf"|\b(?P<fraction>{_FRACTION})\b(?!\s(?:an?\s)?{_SCALE_WORD})"
    r"|\b(?P<couple>a\scouple)\b(?:\sof\b)?"
    rf"|\b(?P<words>{_WORDS})\b"
    rf"(?:(?P<half_word>{_AND_A_HALF}\b)|\spoint\s(?P<decimal>{ONE_TO_NINE})\b)?"
    rf"|\b(?P<article>an?|the)(?=\s{TIME_UNIT}\b))",
    re.IGNORECASE,
)
# "5m" counts millions of these, and else measures metres.
_MILLIONS_OF: Final = re.compile(
    r"\s(?:(?:more|extra|additional|new|fewer|of|older|young|registered|[a-z]+(?:ed|al|ing|ar))\s)"
    r"{0,2}(?:people|adults|children|patients|residents|citizens|pupils|households|homes|jobs"
    r"|workers|staff|appointments|visits|contacts|calls|prescriptions|items|tests|checks|scans"
    r"|doses|procedures|operations|referrals|records|downloads|users|trees|tonnes|hours|journeys"
    r"|trips|passengers|customers|families|carers|claims|claimants|learners|students|pensioners"
    r"|vaccinations|jabs|interactions)\b"
)
_AFTER_MONEY: Final = re.compile(r"[£€$]\s?[\d.,]+\s?(?:-|–|to)\s?$")


_LETTERS: Final = re.compile(r"[a-z]+")
_DIGIT: Final = re.compile(r"\d")
_SIGN_BEFORE: Final = 4  # characters of "GBP " before a numeral's first digit
# Each numeral without digits has one of these.
_NUMBER_WORDS: Final = frozenset(
    {*_SMALL, *_PARTS, *(f"{part}s" for part in _PARTS), "couple"}
    | {"hundred", "thousand", "million", "billion", "trillion", "dozen"}
    | {"second", "minute", "hour", "day", "week", "fortnight", "month", "year", "decade"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeral:
    """A number at [start, end) of a text, its currency sign and scale word among it.

    `bare` is the number without its scale ("2" of "2 million"), `scale` the factor. `form` is
    digits, words, fraction or article: a fraction's value is a share of one, the "an" of "an hour"
    is 1. `currency` is GBP, EUR, USD or None.
    """

    start: int
    end: int
    bare: float
    scale: float = 1.0
    form: str = "digits"
    currency: str | None = None

    @property
    def value(self) -> float:
        """The number with its scale, without binary dust: 1.15 and 1e9 make 1150000000.0."""
        if self.scale == 1:
            return self.bare
        return float(Decimal(repr(self.bare)) * Decimal(int(self.scale)))


def may_hold_numeral(text: str) -> bool:
    """A quick test that every text with a numeral passes."""
    return _DIGIT.search(text) is not None or _has_number_words(text)


@lru_cache(maxsize=256)
def _has_number_words(text: str) -> bool:
    return not _NUMBER_WORDS.isdisjoint(_LETTERS.findall(text.lower()))


def next_numeral(text: str, start: int = 0) -> Numeral | None:
    """The first numeral of `text` from `start` on, or None."""
    if not _has_number_words(text):
        digit = _DIGIT.search(text, start)
        if digit is None:
            return None
        start = max(start, digit.start() - _SIGN_BEFORE)
    while (match := _NUMERAL.search(text, start)) is not None:
        if (match["fraction"] or "").lower() not in _BARE_PARTS or _EXTREME.search(
            text, max(0, match.start() - 32), match.start()
        ):
            return _numeral(match)
        start = match.end()
    return None


def parse_number(text: str) -> float:
    """The value of one number in digits or words; raises ValueError for anything else.

    >>> parse_number("250,000"), parse_number("twenty-five"), parse_number("two hundred and six")
    (250000.0, 25.0, 206.0)
    >>> parse_number("£2.5bn"), parse_number("three and a half"), parse_number("four fifths")
    (2500000000.0, 3.5, 0.8)
    """
    match = _NUMERAL.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not a number: {text!r}")
    return _numeral(match).value


def _numeral(match: re.Match[str]) -> Numeral:
    scale, end = 1.0, match.end()
    if match["digits"]:
        form, bare = "digits", float(match["digits"].replace(",", ""))
        bare += _GLYPHS.get(match["glyph"] or "", 0.0)
        if match["scale"]:
            scale, end = _read_scale(match)
    elif match["fraction"]:
        form, bare = "fraction", _parse_fraction(match["fraction"])
    elif match["couple"]:
        form, bare = "words", 2.0
    elif match["article"]:
        form, bare = "article", 1.0
    else:
        form, bare = "words", _parse_words(match["words"])
    if part := match["half"] or match["half_word"]:
        bare += _parse_half(part)
    if match["decimal"]:
        bare = round(bare + _SMALL[match["decimal"].lower()] / 10, 1)
    sign = (match["currency"] or "").strip()
    return Numeral(
        start=match.start(),
        end=end,
        bare=bare,
        scale=scale,
        form=form,
        currency=_SIGNS.get(sign, sign.upper()) or None,
    )


def _read_scale(match: re.Match[str]) -> tuple[float, int]:
    """The factor of the scale behind digits, and where the numeral ends; an "m" may be metres."""
    sign = match["scale"].strip().lower()
    if sign == "m" and match["currency"] is None and _is_metres(match):
        return 1.0, match.start("scale")
    return _SCALES[sign], match.end()


def _is_metres(match: re.Match[str]) -> bool:
    """Whether the "m" behind a number without a currency is a metre: "18m tall"."""
    if _AFTER_MONEY.search(match.string, max(0, match.start() - 16), match.start()):
        return False  # the end of a range: "£1-2m"
    return match["scale"][0].isspace() or _MILLIONS_OF.match(match.string, match.end()) is None


def _parse_fraction(words: str) -> float:
    above, _, below = re.sub(r"[\s-]+", " ", words.lower()).rpartition(" ")
    return _SMALL.get(above, 1) / _PARTS[below.removesuffix("s")]


def _parse_half(words: str) -> float:
    folded = words.lower()
    return 0.75 if "three" in folded else 0.25 if folded.endswith("quarter") else 0.5


def _parse_words(words: str) -> float:
    """ "two hundred and six", "half a million": the parts summed, each times its scale."""
    total, current = 0.0, 0.0
    for word in re.split(r"[\s-]+", words.lower()):
        if word == "half":
            current = 0.5
        elif word in ("a", "an"):
            current = current or 1.0
        elif word in ("dozen", "hundred"):
            current *= _SCALES[word]
        elif word in _SCALES:
            total, current = total + current * _SCALES[word], 0.0
        else:
            current += _SMALL.get(word, 0)
    return total + current
