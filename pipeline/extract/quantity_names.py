"""Digits that are no quantity: dates, years, times, section numbers, codes, names with numbers."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from pipeline.extract.numbers import ONE_TO_NINE, TIME_UNIT, Numeral
from pipeline.extract.quantity_rules import any_of, quantity_rules

_REACH: Final = 40
_MONTH: Final = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
_YEAR: Final = r"(?:19|20)\d{2}"
_TH: Final = r"(?:st|nd|rd|th)"
_DATE: Final = rf"{_MONTH}\b(?:,?\s{_YEAR})?"
_JOINT: Final = "-|–|to|and|or|,"

# What may begin with a numeral's first digit.
_BEGINS: Final = re.compile(
    "|".join(
        (
            # 3 April 2025, 1st of May, 12-14 June, 14 and 15 March
            rf"\d{{1,2}}(?:{_TH}?\s?(?:{_JOINT})\s?\d{{1,2}}){{0,3}}{_TH}?\s(?:of\s)?{_DATE}",
            r"\d{4}-\d{2}-\d{2}\b",
            r"\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d{2})\b",
            # 2015/16, 2025-26; 15/16, 24/7
            rf"{_YEAR}\s?[/–-]\s?(?:\d{{4}}|\d{{2}})\b(?!\s?%)",
            r"\d{1,2}/\d{1,2}\b",
            # 10am, 8.30 pm; 17:00, 00:14:18.160, a ratio of 1:8
            r"\d{1,2}(?:[.:]\d{2})?\s?(?:[ap]\.?m\b\.?|noon\b|midnight\b|o[’']clock)",
            r"\d{1,3}:\d{1,3}(?::\d{2})?(?:\.\d+)?\b",
            # a telephone number; a mark that opens the line ("12: "); 3rd; 1.2.3
            r"0\d{2,4}[\s-]\d{3,4}(?:[\s-]?\d{3,4})?\b",
            r"(?<![^*])\d{1,4}[:.)]\s",
            rf"\d+{_TH}\b",
            r"\d+\.\d+(?:\.\d+)+",
        )
    )
)
# A year by itself; "2000 patients" and "over 2000 homes" are counts, "in 2025 more homes" is not.
_COUNTED: Final = (
    r"(?:per|more|extra|additional|new|people|patients|staff|homes|places|beds|pupils|children"
    r"|appointments|households|jobs|hours|sites|pounds|miles)"
)
_BARE_YEAR: Final = re.compile(rf"{_YEAR}s?\b(?![,.]\d|\s?%)")
_COUNT_LIKE_YEAR: Final = re.compile(rf"{_YEAR}\s{_COUNTED}\b")
_YEAR_BEFORE: Final = re.compile(
    rf"\b(?:{_MONTH}['’]?|in|by|since|during|until|before|after|of)\s?$", re.IGNORECASE
)
_MONTH_BEFORE: Final = re.compile(rf"\b{_MONTH}['’]?\s?$")
# COVID-19, ICD-10; ISO 9001; call 0300; [12]; p5
_CODE_BEFORE: Final = re.compile(
    r"(?:\b(?!over-|under-|nearly-|almost-|and-|to-|or-)[A-Za-z]+[-–]"
    r"|\b(?:ISO|BS|EN|SI|HTM|HBN|ICD|GDPR|EU|PAS|SNOMED|GPT|Covid)\s"
    r"|\b(?:ext|tel|call|dial|ring|pp?)\.?\s|\[|\bpp?\.?)$",
    re.IGNORECASE,
)
# NHS 111, "call 999", "999 calls"; "111 homes" are a count.
_SERVICES: Final = (111.0, 999.0)
_COUNTED_AFTER: Final = re.compile(
    rf"\s?%|\s?(?:-|–|to)\s?\d|[\s-](?:{TIME_UNIT}s?|per\s?cent|{_COUNTED})\b"
)
_PERCENT_AFTER: Final = re.compile(r"\s?(?:%|per\s?cent\b|percent)")
_ADDRESS: Final = re.compile(r"://|www\.|@|\w/\w+/")
_UNSPACED: Final = re.compile(r"\S*$")

_TITLE: Final = re.compile(r"[\s-](?:Year|Day|Week|Hour|Month|Point)s?\s[A-Z]")
_QUOTED: Final = re.compile(r"[‘“]([A-Z0-9][^‘’“”]{2,80})[’”]")
_TITLE_WORDS: Final = range(2, 9)

_CAPITAL_BEFORE: Final = re.compile(r"(?<=[a-z0-9,&)’]\s)[A-Z][\w’&-]*\s$")
_NOUN_AFTER: Final = re.compile(r"\s(?!and\b|or\b|to\b)[a-z]|[A-Za-z%+–-]")
_NO_NOUN_AFTER: Final = re.compile(
    r"\s?(?:[.,;:)|]|$)|\s(?:and|or|to|of|is|are|in|for|by|on|at|from|will|should|must)\b"
)
_GROUPED: Final = re.compile(r"\s?(?:,|and|or|to|of|-|–|&)\s?$")
# A word of time labels a number only where it is a name: "in year 3", not "each year 3 reviews".
_RUNNING: Final = re.compile(
    r"\b(?:each|every|this|last|next|per|that|one|any|another|a|financial|previous|same)"
    r"\s(?:year|month|week|quarter|stage|phase)\s$",
    re.IGNORECASE,
)

_YEAR_IN_WORDS: Final = re.compile(
    r"twenty[\s-](?:ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    rf"|(?:twenty|thirty|forty|fifty)(?:[\s-]{ONE_TO_NINE})?)\b",
    re.IGNORECASE,
)
_IDIOM_AFTER: Final = re.compile(
    r"\s(?:in\sthe\s(?:morning|afternoon|evening)\b|another\b|hand\b|side\b|o[’']clock\b|way\b)"
)
_SENTENCE_START: Final = re.compile(r"(?:^|[.!?:“‘(|•*-]\s?)$")
_ZERO_NAMES: Final = re.compile(
    r"[\s-](?:tolerance|carbon|emissions?|hours?|rated|sum|based|waste|suicides?|harm|trust|net|day"
    r"|energy|star)\b"
)
_ORDINAL_BEFORE: Final = re.compile(
    r"\b(?:first|second|third|other|each|next|last|final|top|bottom|better)\s$", re.IGNORECASE
)
_HALF_NAMES: Final = re.compile(
    r"[\s-](?:years?|yearly|way|term|days?|time|hearted|past|board|life|sister|brother|mast"
    r"|marathon)\b|-[a-z]"
)
_PART_NAMES: Final = re.compile(
    r"\s(?:time|party|parties|sector|country|reading|quarter|runway|person"
    r"|of\sa\s(?:second|penny|century))\b|[’']s"
)
_BASE_BEFORE: Final = re.compile(
    r"\b(?:rates?|numbers?|deaths|cases|beds|admissions|years)\s(?:of\s[\w\s]{1,40}?\s)?"
    r"(?:per|for\severy)\s$",
    re.IGNORECASE,
)
_QUARTER_YEAR: Final = re.compile(
    r"\b(?:once|times?|twice|per|every|each|last|this|next|end\sof|in)\s(?:a\s)?$", re.IGNORECASE
)


@cache
def _label_before() -> re.Pattern[str]:
    return re.compile(rf"\b{any_of(quantity_rules().labels.words)}s?\.?\s$", re.IGNORECASE)


def name_end(text: str, numeral: Numeral, *, after_label: int | None) -> int | None:
    """Where the name ends that `numeral` begins or belongs to; None where it may be a quantity.

    `after_label` is where the last labelled number ended: the label of "sections 3, 4 and 5" holds
    for all three.
    """
    if numeral.currency is not None:
        thousands = numeral.value == 0 and text[: numeral.end].endswith("000")  # "in £000"
        return numeral.end if thousands else None
    if _BASE_BEFORE.search(text, max(0, numeral.start - _REACH), numeral.start):
        return numeral.end  # "the rate per 100,000": what is counted by
    if numeral.form == "digits":
        return _end_of_digits(text, numeral, after_label)
    if numeral.form == "fraction":
        return numeral.end if _is_named_fraction(text, numeral) else None
    return _end_of_words(text, numeral, after_label)


def quoted_titles(text: str) -> list[tuple[int, int]]:
    """Where titles stand in quotation marks: ‘Three year delivery plan’; not somebody's speech."""
    return [
        match.span(1)
        for match in _QUOTED.finditer(text)
        if len(match[1].split()) in _TITLE_WORDS and not match[1].endswith((".", "!", "?", ","))
    ]


def _end_of_digits(text: str, numeral: Numeral, after_label: int | None) -> int | None:
    start = numeral.start
    if begun := _BEGINS.match(text, start):
        return begun.end()
    if numeral.scale == 1.0 and (year := _BARE_YEAR.match(text, start)):
        led_in = _YEAR_BEFORE.search(text, max(0, start - _REACH), start)
        if led_in or not _COUNT_LIKE_YEAR.match(text, start):
            return year.end()
    if not _PERCENT_AFTER.match(text, numeral.end):
        before = text[max(0, start - _REACH) : start]
        if (numeral.value <= 31 and _MONTH_BEFORE.search(before)) or _CODE_BEFORE.search(before):
            return numeral.end
    if numeral.value in _SERVICES and not _COUNTED_AFTER.match(text, numeral.end):
        return numeral.end
    if _ADDRESS.search(_unspaced(text, start)) or _is_label(text, numeral, after_label):
        return numeral.end
    return _end_of_title(text, numeral)


def _end_of_words(text: str, numeral: Numeral, after_label: int | None) -> int | None:
    if spoken := _YEAR_IN_WORDS.match(text, numeral.start):
        return spoken.end()
    labelled = _NO_NOUN_AFTER.match(text, numeral.end) and _is_label(text, numeral, after_label)
    if labelled or _is_idiom(text, numeral):
        return numeral.end
    return _end_of_title(text, numeral)


def _end_of_title(text: str, numeral: Numeral) -> int | None:
    """ "10 Year Health Plan", "Five Year Forward View"."""
    title = _TITLE.match(text, numeral.end)
    return title.end() - 1 if title else None


def _is_label(text: str, numeral: Numeral, after_label: int | None) -> bool:
    """Whether a number is only a mark: "section 3", "Priority 2", "sections 3 and 4"."""
    if numeral.value >= 1000 or _PERCENT_AFTER.match(text, numeral.end):
        return False
    noun_follows = _NOUN_AFTER.match(text, numeral.end) is not None
    if after_label is not None and numeral.value < 100:
        gap = text[after_label : numeral.start]
        if _GROUPED.fullmatch(gap):
            return not noun_follows or gap.strip() != ","
    before = text[max(0, numeral.start - _REACH) : numeral.start]
    if _label_before().search(before):
        return _RUNNING.search(before) is None
    proper = numeral.form == "digits" and _CAPITAL_BEFORE.search(before) is not None
    return proper and not noun_follows


def _is_idiom(text: str, numeral: Numeral) -> bool:
    """Number words that count nothing: "at two in the morning", "zero tolerance", "Three Peaks"."""
    if numeral.form == "article":
        return False
    before = text[max(0, numeral.start - 8) : numeral.start].lower()
    if numeral.value == 0:
        return bool(_ZERO_NAMES.match(text, numeral.end)) or before.endswith(("net ", "net-"))
    if _IDIOM_AFTER.match(text, numeral.end) or before.endswith("past "):
        return True
    return text[numeral.start].isupper() and not _SENTENCE_START.search(before)


def _is_named_fraction(text: str, numeral: Numeral) -> bool:
    """ "the second half", "a third party", "once a quarter", "half-term" are no shares."""
    words = text[numeral.start : numeral.end].lower()
    before = text[max(0, numeral.start - _REACH) : numeral.start]
    if words.endswith("half"):
        return bool(_ORDINAL_BEFORE.search(before) or _HALF_NAMES.match(text, numeral.end))
    if words in ("a quarter", "one quarter") and _QUARTER_YEAR.search(before):
        return True
    return _PART_NAMES.match(text, numeral.end) is not None


def _unspaced(text: str, at: int) -> str:
    """The stretch without white space around `at`, at most 60 code points each way."""
    head = _UNSPACED.search(text, max(0, at - 60), at)
    tail = text[at : at + 60].split(None, 1)
    return (head.group() if head else "") + (tail[0] if tail else "")
