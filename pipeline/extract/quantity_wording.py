"""What the words around a number say about what it is for; roles.py weighs it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from pipeline.extract.quantities import Measurement
from pipeline.extract.quantity_levels import STANDING
from pipeline.extract.quantity_rules import any_of, quantity_rules
from pipeline.records import QuantityKind

# Words that may stand between a preposition and its number, beside the bounds.
_FILL: Final = (
    r"(?:(?:an?|the|at|least|most|around|about|up|to|no|not|more|less|fewer|than|under|below|over"
    r"|between|further|additional|minimum|maximum|of|as|much|some|roughly|average)\s){0,4}$"
)
_FROM: Final = re.compile(
    r"\bfrom\s(?:(?:an?|the|around|about|its|just|over|under|nearly|currently)\s){0,2}$",
    re.IGNORECASE,
)
_COMPARED: Final = re.compile(
    r"\b(?:than|against|compared\s(?:to|with)|in\splace\sof|instead\sof|rather\sthan|out\sof"
    r"|relative\sto)\s(?:the\s|an?\s)?"
    r"(?:(?:[\w’'-]+\s){0,2}?(?:average|median|mean|baseline|benchmark)\sof\s)?$"
    r"|\b(?:over\sand\sabove|on\stop\sof|in\saddition\sto)\sthe\s$",
    re.IGNORECASE,
)
_AIM_AFTER: Final = re.compile(r"\s(?:[\w-]+\s)?(?:target|standard|ambition|limit|ceiling)s?\b")
_TO: Final = re.compile(rf"(?<!\bup\s)\b(?:to|towards)\s{_FILL}", re.IGNORECASE)
_BY: Final = re.compile(rf"\bby\s{_FILL}", re.IGNORECASE)
_EXTRA: Final = re.compile(
    r"^(?:an?\s)?(?:additional|extra|further|another)\b"
    r"|(?<!\bor\s)(?<!\band\s)\b(?:more|fewer|less|additional|extra|further)$",
    re.IGNORECASE,
)
_MEASURED_FROM: Final = re.compile(
    r"\s(?:(?:below|above|under|over)\s(?:what|the|that|its|their|those|last|this|current|today|(?:19|20)\d\d)"
    r"|(?:lower|higher|less|fewer|more|better|worse)\sthan)\b",
    re.IGNORECASE,
)
# "take 1% off its cost base", "taking 4% out of the bill"
_TAKING: Final = re.compile(
    rf"\b(?:tak(?:e|es|en|ing)|cut(?:s|ting)?|strip(?:s|ping)?|knock(?:s|ing)?)\s{_FILL}",
    re.IGNORECASE,
)
_OFF: Final = re.compile(r"\s(?:off|out\sof)\s")
_HELD_BACK: Final = re.compile(
    r"[^,;:.|]{0,60}?\b(?:held|kept|reserved|retained|uncommitted|(?:set|put)\s(?:aside|by))\b"
)
_MAJORITY: Final = re.compile(r"\s(?:majority|quorum)\b")
_LATE: Final = re.compile(r"\s(?:overdue|late|behind|adrift|out\sof\sdate)\b")
_AHEAD: Final = re.compile(
    r"[’']?\s(?:ahead|beforehand|in\sadvance)\b(?!\sof\s(?:plan|schedule|target))"
)
_CONSECUTIVE: Final = re.compile(r"\s(?:consecutive|successive)\b|\s[\w-]+\sin\sa\srow\b")
_GROWING: Final = re.compile(
    r"\b(?:grow|grows|growing|rise|rises|rising|fall|falls|falling|shrink|shrinks|drop|drops|decline)\s"
    r"(?:(?:at\s(?:least|most)|about|around|up\sto|an?|(?:no\s)?more\sthan|another|further)\s)?$",
    re.IGNORECASE,
)
_IS_FOR: Final = re.compile(r"\s(?:(?:is|are|was|will\sbe)\sfor|will\sgo|goes|went)\b")
_THERE_IS: Final = re.compile(r"\bthere\s(?:is|are|will\sbe)\s(?:an?\s)?(?:\w+\s)?$", re.IGNORECASE)
_WAITS_OF: Final = re.compile(
    r"\b(?:waits|stays|delays|breaches|handovers|absences|visits|admissions|period|term|contract)\sof\s$",
    re.IGNORECASE,
)
_WHICH: Final = re.compile(
    r"\b(?:with|whose|those|where|which|who|that|any|for)\b[^;:|]*$", re.IGNORECASE
)
_WHOSE: Final = re.compile(
    r"\bwhose\s[^,;:.|]{1,60}?\s(?:is|are|was|were|stands?|sits?|falls?|remains?|runs?)\s(?:at\s)?$",
    re.IGNORECASE,
)
_SUM_OF: Final = re.compile(
    r"\b(?:funding|grants?|awards?|bursary|bursaries|subsidy|subsidies|allocations?)\sof\s$",
    re.IGNORECASE,
)
_SHORTFALL: Final = re.compile(
    r"\s(?:[\w-]+\s)?(?:gap|deficit|shortfall|overspend|underspend|backlog|debt)\b", re.IGNORECASE
)
_EACH: Final = re.compile(
    r"\b(?:each|every\sone|all)\s(?:of\s)?(?:(?:the|our|its|their|these|those)\s)?(?:next\s)?$",
    re.IGNORECASE,
)
_ASKED_WHETHER: Final = re.compile(
    r"\b(?:whether|how\s(?:many|often|much))\b[^,;]*$", re.IGNORECASE
)
_OUGHT_WHEN: Final = re.compile(r"\b(?:when|where)\s$", re.IGNORECASE)
_OUGHT: Final = re.compile(r"\s(?:[\w-]+\s){0,4}?(?:should|must|ought)\b", re.IGNORECASE)
_UNHYPHENED: Final = re.compile(r"\s(?:minute|hour|day|week|month|year)$", re.IGNORECASE)
_NEW_AFTER: Final = re.compile(r"\s(?:more|additional|extra|further|new|fewer|newly)\b")
_DEFINITE: Final = re.compile(r"\b(?:the|these|those|its|their|our)\s$", re.IGNORECASE)
_PART_OF: Final = re.compile(
    r"(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|half|most|many|some))"
    r"\sof\s(?:the|our|its|their|these|those)\s$",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(r"\bother\s$", re.IGNORECASE)
_FIRST: Final = re.compile(r"\bfirst\s$", re.IGNORECASE)
_NEXT: Final = re.compile(r"\b(?:next|coming|following)\b", re.IGNORECASE)
_SUFFIX: Final = re.compile(
    r"(?:\s[\w’'-]+){0,5}?\s(?:or|and)\s(?:more|over|above|older|longer|less|fewer|under|below"
    r"|younger|higher|lower)\b",
    re.IGNORECASE,
)
_CONDITION: Final = re.compile(
    r"\b(?:if|where(?!\s(?:they|it|he|she|we|you|things)\sstands?\b"
    r"|\s(?:the|our|its)\s(?:[\w-]+\s)?(?:target|standard|ambition|aim|goal|expectation)\s(?:is|remains)\b)|when|whenever|wherever"
    r"|unless)\s(?:(?!\b(?:must|should|shall|will|may|have\sto|has\sto|have\sthe|has\sthe|is\sto|are\sto)\b)[^,;])*$",
    re.IGNORECASE,
)
_ONCE: Final = re.compile(r"\bonce\s[^,;]*$", re.IGNORECASE)
_SUPERLATIVE: Final = re.compile(
    r"(?:est|deprived|most\s\w+|least\s\w+|\b(?:top|bottom|worst))\s$", re.IGNORECASE
)
_AFTERTHOUGHT: Final = re.compile(r",\s(?:\w+\s){0,3}?(?:which|who|whom|where|whose)\b[^,]*$", re.I)
_ENSURED: Final = re.compile(
    r"\b(?:ensuring|making\s(?:sure|certain)|seeing|guaranteeing)\b[^,;]*$", re.IGNORECASE
)
_OF_WHICH: Final = re.compile(
    r"\b(?:in|of|for|from|with|to|at|by|on)\s(?:which|whom)\b[^,;]{0,30}$", re.IGNORECASE
)
_NUMBER_OF: Final = re.compile(
    r"\b(?:proportion|percentage|number|share|rate|backlog|list)\s(?:of|that|who)\b", re.IGNORECASE
)
_TARGET_NAMED: Final = re.compile(
    r"\b(?:targets?|ambitions?|standards?|goals?|aims?|ceiling|floor|requirement|expectation)\b",
    re.IGNORECASE,
)
CLAUSE_EDGE: Final = re.compile(
    r"[;:|]|,\s(?:and|with|but|while|which|each|where|or|although|so)\s", re.IGNORECASE
)
# "A floor of 2%, as reported": a rule's number, told by somebody else.
_TOLD: Final = re.compile(
    r"[^.;|]{0,60}?\(?\bas\s(?:(?:was|were|has\sbeen|have\sbeen)\s)?(?:first\s|widely\s)?"
    r"(?:reported|announced|promised|proposed|trailed|rumoured|mandated|stipulated|published)\b",
    re.IGNORECASE,
)
_CELL: Final = " | "
_SHARES: Final = frozenset(
    {
        QuantityKind.PERCENTAGE,
        QuantityKind.PERCENTAGE_POINTS,
        QuantityKind.COUNT,
        QuantityKind.RATE,
    }
)
_SMALL_COUNT: Final = 20


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The patterns made of the word lists of quantities.yml."""

    of_change: re.Pattern[str]
    change_is: re.Pattern[str]
    change_after: re.Pattern[str]
    setting: re.Pattern[str]
    those_with: re.Pattern[str]
    case: re.Pattern[str]
    given: re.Pattern[str]
    found: re.Pattern[str]
    driven: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    rules = quantity_rules()
    change = any_of(rules.change_nouns.words)
    setting = any_of(rules.setting_nouns.words)
    no_preposition = r"(?!(?:of|or|and|to|with|in|for|by|on|at|the|its|their|our|all)\b)"
    return _Patterns(
        of_change=re.compile(rf"\b{change}\s(?:\w+\s){{0,3}}?(?:of|by)\s{_FILL}", re.IGNORECASE),
        change_is=re.compile(
            rf"\b{change}(?:\s(?:in|of|for|to|on|across)\s[^,;:.|]{{1,40}}?)?"
            rf"\s(?:is|are|will\sbe|(?:should|must|has\sto|is\sto|are\sto)\sbe)\s{_FILL}",
            re.IGNORECASE,
        ),
        change_after=re.compile(
            rf"(?:\s{no_preposition}[\w-]+){{0,2}}?\s(?:{change}|fewer|less|more|lower|higher|extra"
            r"|additional|better|(?:above|below)(?!\s(?:is|are|was|were|must|should|will|may|can)\b|\W*$)"
            r"|reduced)\b",
            re.IGNORECASE,
        ),
        setting=re.compile(
            rf"\s(?:{no_preposition}[\w-]+\s){{0,3}}?{setting}\b|\sof\sthe\s{setting}\b",
            re.IGNORECASE,
        ),
        those_with=re.compile(
            rf"\b{any_of(rules.case_words.words)}(?:\s(?:aged|over|under|between|and|or|to|older|years?"
            r"|old|[\d.]+))*\s(?:with|having)\s(?:an?\s|the\s)?"
            r"(?:(?!(?:to|and|or|of)\b)[\w’-]+\s){1,5}$",
            re.IGNORECASE,
        ),
        case=re.compile(rf"\b{any_of(rules.case_words.words)}\b", re.IGNORECASE),
        given=re.compile(rf"\b{any_of(rules.giving_words.words)}\b", re.IGNORECASE),
        found=re.compile(rf"\b{any_of(rules.finding_words.words)}\b", re.IGNORECASE),
        driven=re.compile(
            rf"\b{any_of(rules.driving_verbs.words)}\b"
            r"(?:(?!\b(?:if|when|unless|whose|where)\b)[^;:|]){0,140}$",
            re.IGNORECASE,
        ),
    )


@dataclass(frozen=True, slots=True)
class Wording:
    """The words around the number `m` of `text`, asked one question at a time."""

    m: Measurement
    text: str

    def _before(self, reach: int) -> str:
        """What leads up to the number with its bounds."""
        return self.text[max(0, self.m.start - reach) : self.m.start]

    def _near(self, reach: int) -> str:
        """What leads up to the number itself, its bounds among it."""
        return self.text[max(0, self.m.number_start - reach) : self.m.number_start]

    def _clause(self, reach: int) -> str:
        return CLAUSE_EDGE.split(self._before(200))[-1][-reach:]

    @property
    def bounding(self) -> str:
        """The bounding words before the number, folded."""
        return self.text[self.m.start : self.m.number_start].lower()

    @property
    def cell(self) -> str:
        """Where in a table's row it stands: first, middle or last cell; "" in running text."""
        if _CELL not in self.text:
            return ""
        if _CELL not in self.text[: self.m.start]:
            return "first"
        return "middle" if _CELL in self.text[self.m.end :] else "last"

    @property
    def is_baseline(self) -> bool:
        """ "from 65%", "against 12", "in place of 133", "from its current rate of 44%"."""
        before = self._before(64)
        if STANDING.search(before):
            return _AIM_AFTER.match(self.text, self.m.end) is None
        return bool(_FROM.search(before) or _COMPARED.search(before))

    @property
    def follows_to(self) -> bool:
        """ "to 72%", "to at least 72%"."""
        return _TO.search(self._near(48)) is not None

    @property
    def follows_by(self) -> bool:
        """ "by 5%", "by at least 5%"."""
        return _BY.search(self._near(48)) is not None

    @property
    def of_change(self) -> bool:
        """ "a reduction of 5%", "a fall in waits of at least 5%"."""
        return _patterns().of_change.search(self._near(80)) is not None

    @property
    def is_said_change(self) -> bool:
        """ "the uplift is 3.8%", "growth in spending must be 2%"."""
        share = self.m.kind is QuantityKind.PERCENTAGE
        return share and _patterns().change_is.search(self._near(90)) is not None

    @property
    def is_told(self) -> bool:
        """ "a minimum of 2% as reported", "1% a year (as first announced in May)"."""
        return _TOLD.match(self.text, self.m.end) is not None

    @property
    def is_extra(self) -> bool:
        """ "another 5%", "a further £2m", "700 more", "700 additional slots"."""
        words = self.text[self.m.start : self.m.end]
        return bool(_EXTRA.search(words) or _NEW_AFTER.match(self.text, self.m.end))

    @property
    def change_follows(self) -> bool:
        """ "a 5% rise", "10% below last year"."""
        return _patterns().change_after.match(self.text, self.m.end) is not None

    @property
    def follows_change(self) -> bool:
        """ "should grow at least 4%", "fell 3%"."""
        share = self.m.kind is QuantityKind.PERCENTAGE
        return share and _GROWING.search(self._near(40)) is not None

    @property
    def is_measured_from(self) -> bool:
        """ "10% below the level of 2019", "5% lower than last year"."""
        return _MEASURED_FROM.match(self.text, self.m.end) is not None

    @property
    def is_taken_off(self) -> bool:
        """ "take 1% off its cost base"."""
        off = self.m.kind is QuantityKind.PERCENTAGE and _OFF.match(self.text, self.m.end)
        return bool(off) and _TAKING.search(self._near(40)) is not None

    @property
    def is_held_back(self) -> bool:
        """A share that is kept and not spent: "a further 2% has to be held in reserve"."""
        share = self.m.kind is QuantityKind.PERCENTAGE
        return share and _HELD_BACK.match(self.text, self.m.end) is not None

    @property
    def is_majority(self) -> bool:
        """ "a two-thirds majority"."""
        return _MAJORITY.match(self.text, self.m.end) is not None

    @property
    def is_late(self) -> bool:
        """ "3 months overdue": how late it is."""
        return self.m.comparator == "=" and _LATE.match(self.text, self.m.end) is not None

    @property
    def is_lead_time(self) -> bool:
        """ "six weeks ahead", "five days in advance"."""
        return _AHEAD.match(self.text, self.m.end) is not None

    @property
    def is_in_a_row(self) -> bool:
        """ "two consecutive returns"."""
        return _CONSECUTIVE.match(self.text, self.m.end) is not None

    @property
    def is_length_of_case(self) -> bool:
        """ "stays of 21 days"."""
        return _WAITS_OF.search(self._before(24)) is not None

    @property
    def is_shortfall(self) -> bool:
        """ "the £4m gap", which is there already."""
        return self.is_definite and _SHORTFALL.match(self.text, self.m.end) is not None

    @property
    def is_whole(self) -> bool:
        """ "each of the six", "all four"."""
        return _EACH.search(self._near(32)) is not None

    @property
    def asks_whether(self) -> bool:
        """ "whether they are told within 28 days"."""
        return _ASKED_WHETHER.search(self._before(120)) is not None

    @property
    def is_contrast(self) -> bool:
        """The 1% of "when no more than 1% should": what ought to be, and no condition."""
        opened = _OUGHT_WHEN.search(self._before(12)) is not None
        return opened and _OUGHT.match(self.text, self.m.end) is not None

    @property
    def is_definite(self) -> bool:
        return _DEFINITE.search(self._near(12)) is not None

    @property
    def is_part(self) -> bool:
        """The 12 of "9 of the 12 posts", the nine of "the other nine"."""
        near = self._near(24)
        return bool(_PART_OF.search(near) or _OTHER.search(near))

    @property
    def opens_period(self) -> bool:
        """ "after 12 weeks", "in the first six months", "over the two years"."""
        if self.bounding.startswith("after"):
            return True
        return self.is_definite or _FIRST.search(self._near(12)) is not None

    @property
    def is_next(self) -> bool:
        return _NEXT.search(self.bounding) is not None

    @property
    def has_suffix(self) -> bool:
        """ "ten homes or more": the bound comes behind."""
        return _SUFFIX.match(self.text, self.m.number_end) is not None

    @property
    def is_sum_of_funds(self) -> bool:
        """ "funding of up to £7,000 a nurse"."""
        return _SUM_OF.search(self._before(24)) is not None

    @property
    def follows_whose(self) -> bool:
        """ "boards whose uptake is below 70%"."""
        return _WHOSE.search(self._before(90)) is not None

    @property
    def is_of_those_with(self) -> bool:
        """ "patients aged 25 to 84 with a risk score above 20%": which of them are meant."""
        return _patterns().those_with.search(self._before(120)) is not None

    @property
    def tells_which(self) -> bool:
        """Whether words before say that some of several are meant: "sites with occupancy of"."""
        return _WHICH.search(self._before(120)) is not None

    @property
    def is_below(self) -> bool:
        return self.bounding.startswith(("below", "under", "to below", "to under"))

    @property
    def is_adjective(self) -> bool:
        """ "a two-year plan", "65-week waits"."""
        if self.m.kind is not QuantityKind.DURATION or self.m.high is not None:
            return False
        number = self.text[self.m.number_start : self.m.number_end]
        return "-" in number or (self.m.value > 1 and _UNHYPHENED.search(number) is not None)

    @property
    def in_condition(self) -> bool:
        """Whether the words before have opened a condition that no comma has closed."""
        return stands_in_condition(self.text, self.m.number_start)

    @property
    def in_event(self) -> bool:
        """ "once it has gone above 60 degrees": a condition, for a strict bound."""
        strict = self.m.comparator in (">", "<")
        return strict and _ONCE.search(self._before(160)) is not None

    @property
    def is_superlative(self) -> bool:
        """ "the most deprived fifth", "the top 5%"."""
        share = self.m.form == "fraction"
        return share and _SUPERLATIVE.search(self._near(24)) is not None

    @property
    def is_ensured(self) -> bool:
        """ "..., ensuring that 65% of them are seen": to be reached, whatever it hangs on."""
        return _ENSURED.search(self._before(120)) is not None

    @property
    def is_afterthought(self) -> bool:
        """ ", which account for 5%"."""
        return _AFTERTHOUGHT.search(self._before(160)) is not None

    @property
    def of_which(self) -> bool:
        return _OF_WHICH.search(self._before(48)) is not None

    @property
    def names_setting(self) -> bool:
        """ "two year financial plans", "the two years of the plan"."""
        return _patterns().setting.match(self.text, self.m.end) is not None

    @property
    def follows_case(self) -> bool:
        """Whether people, waits or the like stand before in the clause: "patients waiting over"."""
        return _patterns().case.search(self._clause(90)) is not None

    @property
    def follows_number_of(self) -> bool:
        return _NUMBER_OF.search(self._clause(110)) is not None

    @property
    def follows_target(self) -> bool:
        return _TARGET_NAMED.search(self._clause(200)) is not None

    @property
    def is_driven(self) -> bool:
        """Whether a verb before drives a measure to the number: "bring it below 5%"."""
        return _patterns().driven.search(self._clause(160)) is not None

    @property
    def is_given(self) -> bool:
        """Whether words of funding stand near, and nearer ones of saving or charging do not."""
        around = self.text[max(0, self.m.start - 60) : self.m.end + 50]
        return _patterns().given.search(around) is not None

    @property
    def is_row_of_funds(self) -> bool:
        """Whether a table's row is of money given out, by its first cell: "Hospice grant | £2m"."""
        first = self.text.partition(_CELL)[0]
        words = _patterns()
        return words.given.search(first) is not None and words.found.search(first) is None

    @property
    def is_of_given(self) -> bool:
        """ "£9m is for hospices", "there will be £50m", "of which £3m" behind money given."""
        if _IS_FOR.match(self.text, self.m.end) or _THERE_IS.search(self._before(40)):
            return True
        return self.of_which and _patterns().given.search(self.text, 0, self.m.start) is not None

    @property
    def is_found(self) -> bool:
        """Whether words of saving, charging or capping stand right by: "savings of £2m"."""
        around = self.text[max(0, self.m.start - 40) : self.m.end + 16]
        return _patterns().found.search(around) is not None

    def is_ruled_by_share(self, others: Sequence[Measurement]) -> bool:
        """Whether a share in the same clause is to be reached, and this time part of its measure.

        Years and months behind a change are its own term: "a 20% improvement within 5 years".
        """
        return any(self._rules(other) for other in others if other is not self.m)

    def _rules(self, other: Measurement) -> bool:
        if other.kind not in _SHARES or stands_in_condition(self.text, other.number_start):
            return False
        small = other.comparator in (">", "<") or other.value < _SMALL_COUNT
        if other.kind is QuantityKind.COUNT and small:
            return False
        ahead = other.number_start < self.m.number_start
        first, second = (other, self.m) if ahead else (self.m, other)
        if CLAUSE_EDGE.search(self.text, first.number_end, second.start + 1):
            return False
        within = self.m.comparator == "<=" and self.m.start < self.m.number_start
        term = within and self.m.unit in ("years", "months")
        return not (term and ahead) or self.text.startswith(" of ", self.m.end)


def stands_in_condition(text: str, at: int) -> bool:
    """Whether the words up to `at` have opened a condition that no comma has closed."""
    return _CONDITION.search(text, max(0, at - 160), at) is not None
