"""What each number is for: target, change, threshold, statistic or allocation; and its metric.

A target is to be reached, a change is a rise or fall by so much, a threshold is part of what is
measured or tells which cases are meant, an allocation is given out, a statistic is a fact beside
what is required.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.extract.parse import text_of
from pipeline.extract.quantities import Measurement
from pipeline.extract.quantity_facts import tells_fact
from pipeline.extract.quantity_metrics import metric_of
from pipeline.extract.quantity_rules import quantity_rules
from pipeline.extract.quantity_standing import Standing, read_standing
from pipeline.extract.quantity_wording import Wording
from pipeline.records import QuantityKind, Role

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["is_told_target", "metric_of", "role_of"]

_STRICT: Final = (">", "<")
_LIMITS: Final = (">=", "<=")
_BEING: Final = ("be", "stand", "run", "remain", "hover", "sit")
_SPENDING: Final = ("spend", "pay", "charge", "cost", "put")
# "Every trust was set 85%, and must report": what was laid down still holds.
_LAYING_DOWN: Final = (
    "set give ask tell require agree commit promise pledge announce propose fix choose adopt"
).split()
_TRYING: Final = ("test", "pilot", "trial", "try", "launch", "introduce")
_MEETING_COSTS: Final = ("pay", "meet", "cover", "release", "refund")
_CHARGING: Final = ("charge", "cost")
# "Each of the three years": when, and not how many are to be reached.
_PERIODS: Final = ("year", "quarter", "month", "week", "day")
_LEVELS: Final = (QuantityKind.PERCENTAGE, QuantityKind.RATE)


def role_of(
    m: Measurement,
    doc: Doc,
    others: Sequence[Measurement],
    *,
    binding: bool,
    column: Role | None = None,
) -> Role:
    """What the number `m` of a parsed unit is for.

    `others` are the unit's numbers, `binding` tells that the unit is a requirement, `column` what
    the headings over a table's cell make of its figures.
    """
    wording = Wording(m, text_of(doc))
    if wording.cell:
        return _of_cell(m, wording, others, column)
    if m.form == "age" or wording.is_superlative or wording.is_majority:
        return Role.THRESHOLD
    if not binding and (m.kind is not QuantityKind.DURATION or wording.is_baseline):
        return _of_fact(m, doc, wording)
    if wording.is_baseline or (not wording.in_condition and tells_fact(m, doc)):
        return Role.STATISTIC
    number = _Number(m, wording, read_standing(m, doc), others)
    if m.kind is QuantityKind.DURATION:
        return number.of_duration() if binding else number.of_told_duration()
    return number.of_amount()


def is_told_target(m: Measurement, doc: Doc) -> bool:
    """Whether the number `m` is told as a rule that others have reported and that still holds."""
    if m.kind is QuantityKind.DURATION or not Wording(m, text_of(doc)).is_told:
        return False
    return read_standing(m, doc).tense != "past"


def _of_cell(
    m: Measurement, wording: Wording, others: Sequence[Measurement], column: Role | None
) -> Role:
    """A row's first cell names the measure; of its figures the last is the target, where no heading
    says what they are.
    """
    if wording.cell == "first":
        return Role.THRESHOLD if m.kind is QuantityKind.DURATION else Role.STATISTIC
    if column is Role.STATISTIC or wording.is_baseline:
        return Role.STATISTIC
    if column is None and wording.cell == "middle" and not wording.follows_target:
        return Role.STATISTIC
    if m.kind is QuantityKind.DURATION and _measures_cases(m, wording, others):
        return Role.THRESHOLD
    if m.kind is QuantityKind.MONEY and wording.is_row_of_funds:
        return Role.ALLOCATION
    points = m.kind is QuantityKind.PERCENTAGE_POINTS
    change = points or wording.of_change or wording.change_follows or m.form == "fold"
    by_share = wording.follows_by and m.kind is QuantityKind.PERCENTAGE
    rising = column is Role.CHANGE and m.kind is not QuantityKind.DURATION
    return Role.CHANGE if change or by_share or rising else Role.TARGET


def _measures_cases(m: Measurement, wording: Wording, others: Sequence[Measurement]) -> bool:
    """Whether a length of time in a cell says which cases are counted: "people waiting over 52
    weeks", "95% within 6 weeks".
    """
    if wording.is_ruled_by_share(others) or wording.follows_number_of:
        return True
    return m.comparator in _STRICT and wording.follows_case


def _of_fact(m: Measurement, doc: Doc, wording: Wording) -> Role:
    """A number outside any requirement is a fact, unless named as a target that still holds."""
    if wording.follows_target and not wording.is_baseline:
        return Role.STATISTIC if read_standing(m, doc).tense == "past" else Role.TARGET
    return Role.STATISTIC


@dataclass(frozen=True, slots=True)
class _Number:
    """A number with what its words and its place in the parse say of it."""

    m: Measurement
    wording: Wording
    standing: Standing
    others: Sequence[Measurement]

    @property
    def is_strict(self) -> bool:
        return self.m.comparator in _STRICT

    @property
    def is_behind_bound(self) -> bool:
        """A bound that comes behind describes a class: "schemes of ten homes or more"."""
        return self.m.comparator in _LIMITS and self.wording.has_suffix

    def of_amount(self) -> Role:
        """The role of anything but a length of time."""
        w, s = self.wording, self.standing
        if w.is_told and s.tense != "past":
            return Role.TARGET
        if w.is_contrast:
            return Role.TARGET
        measured_from = w.is_measured_from or w.is_extra
        if w.follows_to and w.is_driven and not (measured_from or s.in_condition):
            return Role.TARGET
        if self.m.kind is QuantityKind.MONEY and w.is_sum_of_funds:
            return Role.ALLOCATION
        if self.is_condition():
            return Role.THRESHOLD
        if self.m.kind is QuantityKind.MONEY:
            if w.is_shortfall:
                return Role.STATISTIC
            if self.is_given() and not (w.of_change or w.follows_by):
                return Role.ALLOCATION
        if self.is_background():
            return Role.STATISTIC
        if self.is_change():
            return Role.CHANGE
        if self.m.kind is QuantityKind.COUNT:
            return self.of_count()
        return Role.ALLOCATION if self.is_allotted() else Role.TARGET

    def is_allotted(self) -> bool:
        """Whether it is a share of money that somebody gets: "claim 70% of the salary"."""
        s = self.standing
        if s.verb in quantity_rules().allotting_verbs.words:
            return s.of_given
        return s.verb in _MEETING_COSTS and s.promised and s.of_given

    def is_condition(self) -> bool:
        """Whether it says which cases are meant: "if it falls below 60%", "teams of over ten"."""
        m, w, s = self.m, self.wording, self.standing
        limited = self.is_strict or m.comparator in (*_LIMITS, "range")
        if (limited and w.follows_whose) or (self.is_strict and w.is_of_those_with):
            return True
        if s.in_condition or w.in_condition or w.in_event:
            return limited or m.kind is QuantityKind.PERCENTAGE or s.tense == "perfect"
        if s.deep:
            described = s.in_relative and not (w.is_afterthought or w.is_ensured)
            return (limited or described) and not (w.of_change and s.governs_subject)
        if "every" in w.bounding or (self.is_strict and s.modal and s.negated):
            return True
        if m.kind is QuantityKind.COUNT and s.in_relative and s.tense == "perfect":
            return True
        if self.is_level_alone():
            return False
        if self.is_strict:
            return self._strict_defines()
        if self.is_behind_bound or (m.comparator == "range" and m.kind is QuantityKind.COUNT):
            described = (s.in_relative or w.of_which) and not s.modal
            beside = s.defines or (s.after_noun and w.has_suffix)
            return described or (beside and not w.of_change)
        return False

    def is_level_alone(self) -> bool:
        """Whether it is a level that a noun alone asks for, or an average: "absence of 4% or less",
        "held at an average of 4,000 or fewer".
        """
        m, w, s = self.m, self.wording, self.standing
        if "average" in w.bounding:
            return s.required
        return not s.verb and m.kind in _LEVELS and not w.tells_which

    def _strict_defines(self) -> bool:
        """Whether "over 500" or "below 60%" describes a thing and does not limit what is done."""
        m, w, s = self.m, self.wording, self.standing
        if w.is_driven and m.kind is QuantityKind.PERCENTAGE:
            return False
        if s.after_noun or s.preposition == "with":
            return True
        if (s.in_relative or w.of_which) and not s.modal:
            return not w.is_driven
        if m.kind is QuantityKind.COUNT and s.in_subject:
            return True
        return s.defines and not w.of_change

    def is_background(self) -> bool:
        """Whether it tells what was or is, beside what is required."""
        s, w = self.standing, self.wording
        if s.required:
            return False
        if s.preposition == "at" and s.governs in _BEING and s.tense == "present":
            return not w.follows_target  # "training is at 83%; every ward must reach 90%"
        if s.verb in _LAYING_DOWN or w.follows_target:
            return s.in_reason and not (s.verb == "be" and s.tense == "present")
        if s.tense == "past" or (s.tense == "perfect" and s.clause != "complement"):
            return not s.is_root or s.modal_elsewhere
        if self.m.comparator != "=" or s.modal or (w.of_which and w.follows_target):
            return s.in_reason
        return (s.in_relative and w.is_afterthought) or w.of_which or s.in_reason

    def is_change(self) -> bool:
        m, w, s = self.m, self.wording, self.standing
        if m.kind is QuantityKind.PERCENTAGE_POINTS or m.form == "fold":
            return True
        if w.is_extra and w.is_held_back:
            return False
        if w.is_extra or w.of_change or w.is_measured_from or w.is_taken_off or w.is_said_change:
            return True
        if (w.change_follows or w.follows_change) and not w.follows_to:
            return True
        if not w.follows_by:
            return False
        if m.kind is QuantityKind.COUNT:
            return s.verb in quantity_rules().change_verbs.words
        rules = quantity_rules()
        changing = s.verb in rules.change_verbs.words
        return changing or not s.counts_noun or s.noun in rules.change_nouns.words

    def is_given(self) -> bool:
        """Whether money is handed out, and not saved, charged or capped.

        What somebody will spend is handed out; what somebody must spend is a target.
        """
        s, w = self.standing, self.wording
        if w.is_found or s.verb in _CHARGING:
            return False
        if s.verb in _SPENDING:
            return s.promised and self.m.comparator in ("=", "<=")
        giving = quantity_rules().giving_words.words
        words = (s.verb, s.noun, s.governs)
        return w.is_given or w.is_of_given or any(word in giving for word in words)

    def of_count(self) -> Role:
        s, w = self.standing, self.wording
        if self.m.comparator != "=":
            return Role.TARGET
        if w.is_in_a_row and s.in_subject:
            return Role.THRESHOLD
        if w.is_whole and not s.in_subject:
            return Role.STATISTIC if s.noun in _PERIODS and not w.is_next else Role.TARGET
        if w.is_part or s.noun == "thing" or (s.is_root and s.modal_elsewhere and not s.required):
            return Role.STATISTIC
        if s.in_subject and not (s.infinitive or (s.passive and s.counts_noun)):
            return Role.STATISTIC
        listed = s.noun in quantity_rules().listed_nouns.words and not self.is_trial()
        owned = s.verb == "have" and not (
            s.required or s.infinitive
        )  # "the menu has three options"
        if listed and (owned or s.role not in ("dobj", "nsubjpass")):
            return Role.THRESHOLD if s.preposition == "for" else Role.STATISTIC
        return Role.TARGET

    def is_trial(self) -> bool:
        """Whether it tells in how many places something is to be tried: "tested in six areas"."""
        return self.standing.verb in _TRYING

    def of_duration(self) -> Role:
        """A length of time is a target where it limits what is required, else part of a measure."""
        m, w, s = self.m, self.wording, self.standing
        plain = m.comparator == "="
        if w.is_late:
            return Role.STATISTIC
        if w.is_lead_time:
            return Role.TARGET
        if w.asks_whether or w.is_length_of_case:
            return Role.THRESHOLD
        if w.in_condition or w.names_setting or (s.deep and (not plain or s.in_relative)):
            return Role.THRESHOLD
        if w.is_next:
            return Role.TARGET if s.required and s.close else Role.THRESHOLD
        if w.is_ruled_by_share(self.others) or ("every" in w.bounding and s.preposition == "in"):
            return Role.THRESHOLD
        if self.is_strict:
            reached = w.is_below and w.is_driven and not w.follows_case
            return Role.TARGET if reached else Role.THRESHOLD
        if self.is_behind_bound and m.comparator == ">=" and (w.follows_case or s.in_relative):
            return Role.THRESHOLD
        case = s.noun in quantity_rules().case_words.words
        if (w.is_adjective and (case or s.role != "dobj")) or (plain and w.opens_period):
            return Role.THRESHOLD
        if plain and s.in_subject and s.defines:
            return Role.THRESHOLD if s.preposition == "with" else Role.STATISTIC
        if plain and self.is_background():
            return Role.STATISTIC
        return Role.THRESHOLD if w.follows_number_of else Role.TARGET

    def of_told_duration(self) -> Role:
        """A length of time outside any requirement: part of a measure, or a fact."""
        w = self.wording
        defining = self.m.comparator != "=" or w.is_adjective
        ruled = (
            w.follows_case
            or self.standing.in_relative
            or any(o is not self.m and o.kind is not QuantityKind.DURATION for o in self.others)
        )
        return Role.THRESHOLD if defining and ruled else Role.STATISTIC
