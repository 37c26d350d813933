"""Numbers with a meaning: kind, value, range, unit and comparator.

What is not a quantity: dates and years, section and page numbers, and names that hold numbers ("18-week
standard", "Core20PLUS5", "Category 2", "NHS 111"). What each number is for (its role) is told in roles.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pipeline.extract.numbers import (
    DIGITS,
    FRACTIONS,
    NUMBER,
    SCALES,
    WORDS,
    parse_number,
    parse_scaled,
)
from pipeline.records import QuantityKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A number as found: [start, end) with its comparator's words, [number_start, number_end) without them."""

    start: int
    end: int
    number_start: int
    number_end: int
    kind: QuantityKind
    value: float
    high: float | None = None
    unit: str | None = None
    comparator: str = "="


_TO: Final = r"\s*(?:-|–|—|to|and|or)\s*"
_SCALE: Final = r"(?:\s?(?:million|billion|trillion|thousand|mn|bn|tn|m|k|b)\b)"
_TIME: Final = r"(?:working\s|calendar\s|business\s|clinical\s)?(?P<unit>minute|min|hour|hr|day|week|month|year)s?\b"
_UNIT_NAMES: Final = {"min": "minutes", "hr": "hours"}

_DASH: Final = r"\s*(?:-|–|—|to)\s*"
_PERCENT: Final = r"\s?(?:%|per\s?cent\b|pc\b)"

_PATTERNS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        (
            "points",
            rf"(?<![\w.])(?:between\s)?(?P<value>{NUMBER})(?:(?:{_DASH}|\sand\s)(?P<high>{NUMBER}))?"
            r"(?:\s?%\s?|\s?per\s?cent\s|\s?percentage[\s-]|\s?percent\s|\s?p)(?:points?\b|pts?\b|p\b)",
        ),
        (
            "percentage",
            rf"(?<![\w.])(?<!from\s)(?:between\s(?P<low>{NUMBER})(?:{_PERCENT})?\sand\s|(?P<value>{NUMBER})"
            rf"(?:(?:{_PERCENT})?{_DASH}|\sand\s))(?P<high>{NUMBER}){_PERCENT}",
        ),
        ("percentage", rf"(?<![\w.])(?P<value>{NUMBER}){_PERCENT}"),
        (
            "money",
            rf"(?<!from\s)(?:between\s)?(?:£|GBP\s?)(?P<value>{DIGITS})(?P<scale>{_SCALE})?"
            rf"(?:{_DASH}|(?<=[\d])\sand\s|(?<=[mnkb])\sand\s)(?:£|GBP\s?)?(?P<high>{DIGITS})(?P<high_scale>{_SCALE})?(?![%\w/])",
        ),
        ("money", rf"(?:£|GBP\s?)(?P<value>{DIGITS})(?P<scale>{_SCALE})?"),
        (
            "money",
            rf"(?<![\w.])(?P<value>{NUMBER})(?P<scale>{_SCALE})?\s?(?:pounds\b|p\b(?=\sper\b))",
        ),
        (
            "rate",
            rf"(?<![\w.])(?P<value>{NUMBER})(?:{_DASH}(?P<high>{NUMBER}))?(?P<noun>(?:\s[a-z]+){{0,3}}?)\s?"
            rf"(?:per|(?:for|in)?\s?every)\s(?P<base>(?:\d{{1,3}},\d{{3}}|\d{{3,}})(?:\s(?:thousand|million))?|thousand|million)\b",
        ),
        (
            "in",
            rf"(?<![\w.])(?P<value>{NUMBER})\s(?:in|out\sof)\s(?:every\s)?(?P<base>{NUMBER})\b(?!%)",
        ),
        (
            "age",
            rf"\bage[ds]?\s(?:between\s)?(?P<value>\d{{1,3}})(?:(?:{_DASH}|\sand\s)(?P<high>\d{{1,3}}))?"
            rf"(?P<suffix>\s?\+|\s(?:and|or)\s(?:over|above|older|under|below|younger))?(?:\syears?\b)?",
        ),
        (
            "age_over",
            r"(?:\b(?:adults|people|patients|women|men|those|residents|children|drivers|pupils)\s"
            r"(?P<word>over|under)\s(?P<value>\d{1,2})\b"
            r"(?!\s?(?:%|£|-|per|week|day|hour|minute|month|year|m\b|million|bn|billion|and|to)|[,.]\d)"
            r"|\b(?P<word_s>over|under)[- ](?P<value_s>\d{1,2})s\b)",
        ),
        (
            "nth_day",
            r"\b(?P<unit>day|week|month)\s(?P<value>\d{1,3})\b(?!\s(?:of\s)?[A-Z][a-z]+\s\d{4})",
        ),
        (
            "duration",
            rf"(?<![\w.])(?<!from\s)(?:between\s)?(?P<value>{NUMBER})(?:(?P<unit_first>\s(?:minutes|hours|days|weeks|months|years))?"
            rf"(?:{_DASH}|\sand\s|\sor\s)(?P<high>{NUMBER}))?(?P<join>[\s-]?){_TIME}(?P<old>[\s-]olds?\b)?",
        ),
        (
            "one_unit",
            rf"\b(?:an?|one|(?<=within\s)the)\s(?P<unit>minute|hour|day|week|month|year)\b(?!-)(?!\s(?:on|ago|in)\b)",
        ),
        (
            "fraction",
            r"\b(?:an?\s|one[\s-])?(?P<fraction>half|two[\s-]thirds|three[\s-]quarters|(?:two|three|four)[\s-]fifths"
            r"|nine[\s-]tenths|(?<=\ba\s)(?:third|quarter|fifth|tenth)|(?<=\bone\s)(?:third|quarter|fifth|tenth)"
            r"|(?<=\bone-)(?:third|quarter|fifth|tenth))\b(?!\s(?:year|yearly|way|day|hour|term)\b)(?!-)",
        ),
        (
            "fold",
            r"\b(?P<fold>halve|halves|halving|halved|double|doubles|doubling|treble|trebling|triple|tripling)\b",
        ),
        (
            "count",
            rf"(?<![\w.£/])(?:between\s)?(?P<value>{NUMBER})(?P<scale>{_SCALE})?"
            rf"(?:(?:{_DASH}|(?<=\d)\sand\s)(?P<high>{NUMBER})(?P<high_scale>{_SCALE})?)?(?![\w%/]|[.:]\d)",
        ),
    )
)

# Words before a number that say how it bounds; longest first. The pattern ends where the number starts.
_BEFORE: Final[tuple[tuple[str, str], ...]] = (
    (r"(?:at\s(?:the\s(?:very\s)?)?least|(?:an?\s|the\s)?(?:national\s|absolute\s)?minimum\s(?:of\s)?(?:an?\s)?|"
     r"no\s(?:less|fewer|lower)\sthan|not\s(?:less|fewer|lower|below)\s(?:than\s)?|never\s(?:less|fewer)\sthan|"
     r"(?:an?\s)?floor\sof|not\sfall(?:ing)?\sbelow|upwards\sof)", ">="),
    (r"(?:no\s(?:more|longer|later|greater|higher|larger)\sthan|not\s(?:more|longer|greater|over|exceed(?:ing)?)\s(?:than\s)?|"
     r"never\s(?:more|longer)\sthan|without\sexceeding|"
     r"up\sto|at\s(?:the\s)?(?:very\s)?most|(?:an?\s|the\s)?maximum\s(?:of\s)?|max\s|within\s(?:the\sfirst\s)?|"
     r"(?:an?\s)?(?:ceiling|cap|limit)\s(?:of|at)|capped\sat|not\sto\sexceed)", "<="),
    (r"(?:(?:well|just|slightly)\s)?(?:more|greater|longer|higher|larger|later|older|better)\sthan|"
     r"(?:(?:well|just|slightly|to)\s)?(?:over|above|exceed(?:s|ing|ed)?|beyond|in\sexcess\sof)", ">"),
    (r"(?:(?:well|just|slightly)\s)?(?:less|fewer|shorter|lower|smaller|younger)\sthan|"
     r"(?:(?:well|just|slightly)\s)?(?:under|below)", "<"),
    (r"(?:after|every|close\sto|around|about|approximately|roughly|some|nearly|almost|circa|c\.|"
     r"an\saverage\sof|another|an\s(?:additional|extra|estimated|average\s(?:of\s)?)|a\sfurther|next)", "="),
)  # fmt: skip
_BEFORE_PATTERNS: Final = tuple(
    (re.compile(rf"\b(?:{words})\s*(?:an?\s|the\s)?$", re.IGNORECASE), sign)
    for words, sign in _BEFORE
)
_SYMBOLS: Final = re.compile(r"(?P<sign>>=|≥|<=|≤|=>|=<|>|<)\s?$")
_SIGNS: Final = {"≥": ">=", "≤": "<=", "=>": ">=", "=<": "<="}
_AFTER: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"^\s?(?:\+|(?:of\s)?(?:\w+\s){0,2}?(?:or|and)\s(?:more|above|over|higher|greater|better|older|longer)\b|at\s(?:a\s)?minimum\b|"
                r"(?:as\sa\s)?minimum\b)", re.IGNORECASE), ">="),
    (re.compile(r"^\s?(?:of\s)?(?:\w+\s){0,2}?(?:or|and)\s(?:less|fewer|under|below|lower|shorter|younger|sooner)\b|^\s(?:at\smost|maximum)\b",
                re.IGNORECASE), "<="),
)  # fmt: skip
_NEGATED: Final = re.compile(
    r"\b(?:no|not|never|nobody|no-one|none|nor|neither|n't|without)\b(?:[^.;:]{0,60}?)$",
    re.IGNORECASE,
)
_NEXT: Final = re.compile(
    r"\b(?:over\s)?(?:the\s)?(?:next|coming|following|past|last|previous|first)\s$", re.IGNORECASE
)
_MORE: Final = re.compile(r"^\s(?:more|fewer|less|extra|additional)\b(?!\sthan)", re.IGNORECASE)

_MONTH: Final = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
# Stretches that hold digits and are no quantities, found before anything else.
_NOT_QUANTITIES: Final = re.compile(
    "|".join(
        (
            rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}\b(?:,?\s\d{{4}})?",
            rf"\b{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s\d{{4}})?(?!\s?%)",
            rf"\b{_MONTH}['’]?\s?(?:19|20)\d{{2}}\b",
            rf"\b{_MONTH}['’]\d{{2}}\b",
            r"\b(?:19|20)\d{2}\s?[/–-]\s?(?:\d{4}|\d{2})\b(?!\s?%)",
            r"\b\d{1,2}/\d{1,2}/\d{2,4}\b",
            r"\b\d{2}/\d{2}\b",
            r"\b24/7\b",
            r"\b(?:19|20)\d{2}s?\b(?!\s?(?:%|per\b|additional|new|more|extra|people|patients|staff|homes|places))",
            r"\b\d{1,2}[.:]\d{2}\s?(?:am|pm)\b",
            r"\b\d{1,2}\s?(?:am|pm)\b",
            r"\bQ[1-4]\b",
            r"\b(?:\w*[A-Za-z]\w*\d\w*|\d+[A-Z]\w*)\b",  # Core20PLUS5, H1, 4G; not 5pp, 30bn
            r"\b\d+(?:st|nd|rd|th)\b",
            r"\b(?i:section|sections|paragraph|paragraphs|para|paras|page|pages|chapter|annex|appendix|table|figure|"
            r"note|footnote|article|regulation|schedule|clause|part|version|step|phase|stage|tranche|tier|level|band|"
            r"grade|type|category|cat|priority|wave|cohort|year|key stage|item|box|rule|condition|form|room|"
            r"objective|domain|principle|standard|goal|pathway|line|module|option|scenario|criterion|question|zone|group)s?"
            r"\s\d+(?:\.\d+)*[a-z]?\)?(?:(?:\s?[,–-]\s?|,?\s(?:and|to|or)\s)\d+(?:\.\d+)*)*(?!\s?%|[\d,])",
            r"(?<![\d.])\d+\.\d+\.\d+(?:\.\d+)*",
            r"\b(?:NHS|ext|tel|call|dial|via|on|the)\s(?:111|999|119)\b|\b(?:111|999)\b(?=\s(?:service|call|mental|online|press))",
            r"\b(?:ISO|BS|EN|SI|HTM|HBN|ICD|GDPR|EU|RIDDOR|COVID|Covid|SARS-CoV|PAS|SNOMED|GPT)[\s-]?\d[\d:/-]*",
            r"\[\d+\]",
            r"\(p+\.?\s?\d+\)|\bpp?\.?\s?\d+\b(?=\))",
            r"https?://\S+|www\.\S+|\S+@\S+",
        )
    )
)
_UNIT_OF_COUNT: Final = re.compile(r"\d(?:pp|ppt|ppts|bn|m|mn|k|b|tn|p|pc)\b", re.IGNORECASE)
# "18-week standard", "62-day", "four-hour target": a hyphen between number and unit makes a name.
_NAMED_DURATION: Final = re.compile(
    r"^(?:\s\w+){0,2}?\s?(?:standard|target|pathway|wait(?:s|ing)?|cancer|faster|fds|rule|pledge|guarantee|"
    r"limit|measure|metric|performance|threshold|referral|diagnosis|combined|urgent|headline|breach|framework|access|"
    r"constitution(?:al)?|operational|a&e|ed|response|handover|ambulance|check|review|follow)",
    re.IGNORECASE,
)
_TITLE_UNIT: Final = re.compile(r"(?:Year|Day|Week|Hour|Month)s?\s[A-Z]")
_QUOTED_TITLE: Final = re.compile(r"[‘“'\"]([A-Z][^‘’“”\"]{2,80})[’”'\"]")
_COUNT_WORD_ONE: Final = re.compile(r"(?:one|a|an)\b", re.IGNORECASE)
_NOT_A_COUNT_AFTER: Final = re.compile(
    r"^\s?(?:of\sthese\b|another\b|hand\b|side\b|-|’s|'s|\)\s|\.\s?[A-Z]|\s?x\s)", re.IGNORECASE
)


def find_measurements(text: str) -> list[Measurement]:
    """Every number with a meaning in `text`, in order, none overlapping another."""
    taken = [m.span() for m in _NOT_QUANTITIES.finditer(text) if not _UNIT_OF_COUNT.fullmatch(m.group()[-4:])
             and not re.fullmatch(r"\d+(?:\.\d+)?(?:pp|ppts?|bn|m|mn|k|b|tn|p|pc)", m.group(), re.IGNORECASE)]  # fmt: skip
    taken += [m.span(1) for m in _QUOTED_TITLE.finditer(text) if _is_title(m.group(1))]
    found: list[Measurement] = []
    for name, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            measurement = _measure(name, match, text)
            taken.append(match.span())
            if measurement is not None:
                found.append(measurement)
    return sorted(found, key=lambda m: m.number_start)


def _is_title(quoted: str) -> bool:
    """Whether quoted words look like a document's or programme's name and not like somebody's speech."""
    words = quoted.split()
    return len(words) <= 8 and not quoted.endswith((".", "!", "?", ","))


def _measure(name: str, match: re.Match[str], text: str) -> Measurement | None:
    """Read one match of one pattern; None where it proves to be a name."""
    readings = {
        "points": _read_plain,
        "percentage": _read_plain,
        "money": _read_money,
        "rate": _read_rate,
        "in": _read_in,
        "age": _read_age,
        "age_over": _read_age_over,
        "nth_day": _read_nth_day,
        "duration": _read_duration,
        "one_unit": _read_one_unit,
        "fraction": _read_fraction,
        "fold": _read_fold,
        "count": _read_count,
    }
    bare = readings[name](name, match, text)
    return None if bare is None else _with_comparator(bare, text)


def _bare(
    match: re.Match[str],
    kind: QuantityKind,
    value: float,
    high: float | None = None,
    unit: str | None = None,
) -> Measurement:
    start = match.start()
    if match.group().lower().startswith("between "):
        start = match.start() if high is not None else match.start("value")
    return Measurement(
        start=start,
        end=match.end(),
        number_start=start,
        number_end=match.end(),
        kind=kind,
        value=value,
        high=high,
        unit=unit,
        comparator="range" if high is not None else "=",
    )


def _high(match: re.Match[str]) -> float | None:
    return parse_number(match["high"]) if match["high"] else None


def _read_plain(name: str, match: re.Match[str], text: str) -> Measurement | None:
    kind = QuantityKind.PERCENTAGE_POINTS if name == "points" else QuantityKind.PERCENTAGE
    groups = match.groupdict()
    value = parse_number(groups["value"] or groups["low"])
    high = parse_number(groups["high"]) if groups.get("high") else None
    if high is not None and high <= value:
        return None
    return _bare(match, kind, value, high)


def _read_money(_name: str, match: re.Match[str], text: str) -> Measurement | None:
    groups = match.groupdict()
    scale = (groups.get("scale") or "").strip() or None
    high_scale = (groups.get("high_scale") or "").strip() or None
    high = parse_scaled(groups["high"], high_scale or scale) if groups.get("high") else None
    value = parse_scaled(match["value"], scale or (high_scale if high is not None else None))
    return _bare(match, QuantityKind.MONEY, value, high, "GBP")


def _read_rate(_name: str, match: re.Match[str], text: str) -> Measurement | None:
    return _bare(
        match, QuantityKind.RATE, parse_number(match["value"]), _high(match), f"per {match['base']}"
    )


def _read_in(_name: str, match: re.Match[str], text: str) -> Measurement | None:
    """ "1 in 5" is 20%; "two in 2025" and "4 in 10 areas" with a part above the whole are not."""
    value, base = parse_number(match["value"]), parse_number(match["base"])
    if not 0 < value < base <= 1000:
        return None
    return _bare(match, QuantityKind.PERCENTAGE, round(100 * value / base, 2))


def _read_age(_name: str, match: re.Match[str], text: str) -> Measurement | None:
    suffix = (match["suffix"] or "").lower()
    found = _bare(match, QuantityKind.DURATION, float(match["value"]), _high(match), "years")
    sign = found.comparator
    if suffix:
        sign = "<=" if re.search("under|below|younger", suffix) else ">="
    number = match.start("value")
    return Measurement(
        start=number, end=match.end(), number_start=number, number_end=match.end(),
        kind=found.kind, value=found.value, high=found.high, unit="years", comparator=sign,
    )  # fmt: skip


def _read_age_over(_name: str, match: re.Match[str], text: str) -> Measurement | None:
    part = "" if match["word"] else "_s"
    found = _bare(match, QuantityKind.DURATION, float(match[f"value{part}"]), unit="years")
    return Measurement(
        start=match.start(f"word{part}"), end=found.end, number_start=match.start(f"value{part}"),
        number_end=found.end, kind=found.kind, value=found.value, unit="years",
        comparator=">" if match[f"word{part}"].lower() == "over" else "<",
    )  # fmt: skip


def _read_nth_day(_name: str, match: re.Match[str], text: str) -> Measurement | None:
    before = text[max(0, match.start() - 12) : match.start()].lower()
    found = _bare(
        match, QuantityKind.DURATION, float(match["value"]), unit=match["unit"].lower() + "s"
    )
    if re.search(r"(?:by|on|before|within|to)\s(?:or\son\s)?$", before):
        opening = re.search(r"(?:by(?:\sor\son)?|on|before|within|to)\s(?:or\son\s)?$", before)
        start = match.start() - (len(before) - opening.start()) if opening else found.start
        return Measurement(
            start=start, end=found.end, number_start=found.number_start, number_end=found.number_end,
            kind=found.kind, value=found.value, unit=found.unit, comparator="<=",
        )  # fmt: skip
    return found


def _read_duration(_name: str, match: re.Match[str], text: str) -> Measurement | None:
    """A length of time; None for a name such as "18-week standard" or "10 Year Health Plan"."""
    unit = match["unit"].lower()
    unit = _UNIT_NAMES.get(unit, unit + "s")
    value, high = parse_number(match["value"]), _high(match)
    rest = text[match.end() :]
    if (
        match["join"] == "-"
        and not match["old"]
        and (_NAMED_DURATION.match(rest) or re.match(r"^[^\w]*(?:$|and\s\d+-|or\s\d+-|[,)])", rest))
    ):
        return None
    if _TITLE_UNIT.match(text[match.start("unit") :]):
        return None
    if high is not None and high <= value:
        return None
    return _bare(match, QuantityKind.DURATION, value, high, unit)


def _read_one_unit(_name: str, match: re.Match[str], text: str) -> Measurement | None:
    """ "over an hour", "within a week": only with a comparator, since "a year" alone is a rate or a rhythm."""
    before = text[max(0, match.start() - 30) : match.start()]
    if not any(p.search(before) for p, sign in _BEFORE_PATTERNS if sign != "="):
        return None
    return _bare(match, QuantityKind.DURATION, 1.0, unit=match["unit"].lower() + "s")


def _read_fraction(_name: str, match: re.Match[str], text: str) -> Measurement | None:
    share = FRACTIONS[re.sub(r"[\s-]+", " ", match["fraction"].lower())]
    if re.match(
        r"\s(?:and\s|an?\shour|a\s(?:day|year|million|billion|dozen))", text[match.end() :]
    ):
        return None
    return _bare(match, QuantityKind.PERCENTAGE, round(100 * share, 2))


def _read_fold(_name: str, match: re.Match[str], text: str) -> Measurement | None:
    """Halving is a fall by 50%, doubling a rise by 100%, trebling by 200%; adjectives ("double counting") are not."""
    word = match["fold"].lower()
    rest = text[match.end() : match.end() + 24].lower()
    verb = re.match(
        r"\s(?:the|its|their|our|in|to|by|from|access|numbers?|spending|capacity)\b", rest
    )
    if not (verb or word.startswith("hal")) or rest.startswith((" count", "-")):
        return None
    value = 50.0 if word.startswith("hal") else 100.0 if word.startswith("doubl") else 200.0
    return _bare(match, QuantityKind.PERCENTAGE, value)


def _read_count(_name: str, match: re.Match[str], text: str) -> Measurement | None:
    """A number of things. Needs something that is counted, or a role as pronoun ("Two are instructed to")."""
    number, rest = match["value"], text[match.end() :]
    if _COUNT_WORD_ONE.fullmatch(number) or _NOT_A_COUNT_AFTER.match(rest):
        return None
    scale = (match["scale"] or "").strip() or None
    high_scale = (match["high_scale"] or "").strip() or None
    high = parse_scaled(match["high"], high_scale or scale) if match["high"] else None
    value = parse_scaled(number, scale or high_scale)
    before = text[max(0, match.start() - 24) : match.start()]
    if (
        re.search(r"[A-Z][\w’']*\s$", before)
        and number.isdigit()
        and not re.match(r"\s[a-z]", rest)
    ):
        return None  # a label and its number: "Priority 3", "Project 7"
    if not re.match(r"\s?(?:[a-z(‘“'\"&]|[A-Z][\w&]*|new\b)", rest.lstrip(",")) and value < 100:
        return None  # a bare small number at the end of a clause: a mark, a list number, a score
    if high is not None and high <= value:
        return None
    return _bare(match, QuantityKind.COUNT, value, high)


def _with_comparator(m: Measurement, text: str) -> Measurement:
    """Widen a number by the words that bound it ("at least", "or more") and set its comparator."""
    start, end, sign = m.start, m.end, m.comparator
    before, after = text[max(0, m.start - 60) : m.start], text[m.end : m.end + 24]
    symbol = _SYMBOLS.search(before)
    more = _MORE.match(after)
    if symbol:
        sign, start = _SIGNS.get(symbol["sign"], symbol["sign"]), m.start - len(symbol.group())
    elif sign in ("=", "range"):
        for pattern, bound in _BEFORE_PATTERNS:
            found = pattern.search(before)
            if found is None:
                continue
            start = m.start - (len(before) - found.start())
            sign = _bound(bound, before[: found.start()], found.group()) if sign == "=" else sign
            break
        else:
            ahead = _NEXT.search(before)
            start = m.start - (len(before) - ahead.start()) if ahead else m.start
    for pattern, bound in _AFTER:
        found = pattern.match(after)
        if found and sign == "=":
            sign, end = bound, m.end + found.end()
    if more and m.kind is not QuantityKind.DURATION:
        end = m.end + more.end()
    return Measurement(
        start=start, end=end, number_start=m.number_start, number_end=m.number_end,
        kind=m.kind, value=m.value, high=m.high, unit=m.unit, comparator=sign,
    )  # fmt: skip


def _bound(sign: str, before: str, words: str) -> str:
    """A bound under negation turns round: "no handover takes longer than 45 minutes" is at most 45."""
    if words.lower().startswith(("over the next", "over next")):
        return "="
    if sign in (">", "<") and _NEGATED.search(before):
        return "<=" if sign == ">" else ">="
    return sign


def numbers_in(text: str) -> Iterator[float]:
    """The values of all numbers with a meaning in `text`, in order."""
    for measurement in find_measurements(text):
        yield measurement.value


__all__ = ["DIGITS", "SCALES", "WORDS", "Measurement", "find_measurements", "numbers_in"]
