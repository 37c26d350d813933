"""The rules' verdict on a cue and its evidence: which modality it has, or that it has none."""

from __future__ import annotations

from typing import Final

from pipeline.extract.cue_record import Cue, promises_ability
from pipeline.records import Kind, Modality


def propose(cue: Cue, e: dict[str, float | str]) -> Modality:
    """The modality of a cue that the rules turned down, should the classifier take it up."""
    if cue.modality == "possibility":
        return (
            Modality.RECOMMENDATION
            if cue.rule in ("modal:might", "modal:could")
            else Modality.PERMISSION
        )
    if cue.modality == "future" or (cue.rule == "modal:shall" and e["subject"] == "author"):
        if e["handed_on"] == "self":
            return Modality.COMMITMENT
        if cue.negated and (
            cue.rule == "verb:be" or e["subject"] not in ("author", "thing") or _is_refused(cue, e)
        ):
            return Modality.PROHIBITION
        return (
            Modality.OBLIGATION
            if (e["subject"] in ("body", "agent") and e["kind"] == "guidance")
            or (cue.rule == "verb:be" and e["subject"] == "thing")
            else Modality.COMMITMENT
        )
    return Modality(cue.modality)


def decide(cue: Cue, e: dict[str, float | str], kind: Kind) -> tuple[Modality | None, float]:
    """The modality, None where it is no requirement, and how sure that is, 0..1."""
    if e["question"] or (e["inverted"] and not cue.speaker and cue.rule.startswith("modal")):
        return None, 0.1
    if cue.past or e["clause"] in ("conditional", "question"):
        return None, 0.15
    if cue.modality == "possibility" or e["governor"] == "belief":
        return None, 0.1
    if kind is Kind.GUIDANCE and e["told"]:
        return None, 0.3
    side = cue.clause in ("relative", "noun", "purpose") and not e["added"]
    if cue.rule in ("modal:may", "modal:can") and cue.clause == "adverbial":
        return None, 0.2
    if cue.modality == "future" or (cue.rule == "modal:shall" and e["subject"] == "author"):
        return _decide_future(cue, e, kind, side=side)
    if (cue.rule in ("modal:can", "modal:may") and not cue.negated) or cue.modality == "permission":
        return _decide_permission(cue, e, kind, side=side)
    if cue.rule == "modal:must" and (
        (e["perfect"] and (e["stative"] or not e["number"])) or (e["aside"] and e["passive"])
    ):
        return None, 0.2
    if cue.rule == "modal:should" and e["perfect"] and e["number"] and kind is not Kind.GUIDANCE:
        return Modality.NONE, 0.6  # "they should have inherited 1%": a rule's number, told later
    if cue.rule in ("modal:should", "modal:ought") and (
        e["perfect"]
        or e["gain"]
        or (e["pronoun"] in _THAT and e["subject"] in ("thing", "none") and not _is_rule(e))
        or e["predicted"]
        or (
            e["outcome_verb"]
            and e["subject"] in ("thing", "none")
            and not (e["passive"] or e["performance"])
        )
    ):
        if e["level"] and kind is Kind.GUIDANCE and not (e["perfect"] or e["gain"]):
            return Modality.RECOMMENDATION, 0.7
        return None, 0.25
    if cue.rule == "modal:can" and kind is Kind.GUIDANCE and e["disposed"] and not side:
        return Modality.PROHIBITION, 0.55  # "the grant cannot be carried forward"
    if cue.rule == "modal:can":  # cannot: a rule only where a body is told what it may not do
        if (
            kind is Kind.GUIDANCE
            and e["subject"] in ("body", "pronoun")
            and not side
            and not e["stative"]
            and not e["unable"]
        ):
            return Modality.PROHIBITION, 0.55
        return None, 0.3
    if (
        cue.rule.startswith("passive:")
        and e["subject"] in ("thing", "none")
        and not (e["passive"] or e["performance"])
    ):
        return None, 0.3
    if cue.rule in ("verb:wish", "verb:like", "verb:want") and (
        cue.modality != "recommendation" or e["subject"] in ("author", "thing")
    ):
        return None, 0.1
    if (
        cue.rule in ("status:needed", "status:required")
        and not cue.negated
        and cue.clause != "main"
    ):
        return None, 0.3
    if cue.rule == "status:due" and e["subject"] in ("body", "author", "pronoun"):
        return None, 0.2  # "the new boards are due in April": they come then
    if cue.rule.startswith("speaker:"):
        return _decide_speaker(cue, e, kind)
    if cue.rule in (
        "verb:plan",
        "verb:aim",
        "verb:propose",
        "verb:agree",
        "noun:ambition",
        "noun:intention",
    ) and e["subject"] not in ("author", "body"):
        return None, 0.3
    if cue.rule == "promised:thing":
        measured = bool(e["number"]) or e["passive"] or e["subject"] in ("author", "body")
        return (Modality.COMMITMENT, 0.6) if measured and not side else (None, 0.3)
    if cue.modality == "commitment":
        return (
            (Modality.COMMITMENT, 0.7)
            if e["subject"] in ("author", "body", "pronoun") and not side
            else (None, 0.35)
        )
    if side and not (cue.rule.startswith("passive") and e["subject"] == "body"):
        return (Modality(cue.modality), 0.5) if cue.rule == "modal:must" else (None, 0.35)
    if cue.clause == "complement" and e["speech"] and kind is Kind.GUIDANCE:
        return Modality(cue.modality), 0.6
    return Modality(cue.modality), 0.9 if cue.clause == "main" else 0.75


_THAT: Final = frozenset({"it", "this", "that"})


def _is_rule(e: dict[str, float | str]) -> bool:
    """Whether "it should" says more than what is to be hoped of a thing: "it should not exceed 5%",
    "it should be signed".
    """
    return bool(e["passive"] or e["negated"] or e["number"])


_TOLD: Final = frozenset({"modal:will", "modal:would", "modal:shall"})


def _decide_future(
    cue: Cue, e: dict[str, float | str], kind: Kind, *, side: bool
) -> tuple[Modality | None, float]:
    """ "Will": the author's promise, an instruction to a body, or a forecast."""
    if e["governor"] == "promise" and kind is not Kind.GUIDANCE and cue.rule in _TOLD:
        return Modality.COMMITMENT, 0.6
    if side or e["perfect"] or cue.rule == "modal:would":
        passed_on = e["governor"] == "speech" and (
            e["subject"] in ("author", "pronoun") or e["handed_on"] == "self"
        )
        # What minutes say that somebody would do, he has said that he will.
        passed_on |= cue.rule == "modal:would" and not e["governor"] and e["subject"] == "body"
        if passed_on and kind is not Kind.GUIDANCE and not side and not e["stative"]:
            return Modality.COMMITMENT, 0.5
        return None, 0.25
    if e["counted"] and not e["passive"]:
        return None, 0.3  # "fewer people will wait": how it will be
    if e["subject"] == "author":
        if cue.negated:
            return Modality.COMMITMENT, 0.55
        if e["stative"] and e["verb"] in ("have", "see", "know", "hope"):
            return (Modality.COMMITMENT, 0.5) if kind is Kind.GUIDANCE else (None, 0.3)
        return Modality.COMMITMENT, 0.85 if kind is Kind.GUIDANCE else 0.6
    if kind is not Kind.GUIDANCE:
        if cue.rule == "verb:be" and e["subject"] in ("body", "pronoun"):
            return (Modality.PROHIBITION if cue.negated else Modality.OBLIGATION), 0.6
        if cue.rule == "verb:be" and e["passive"]:
            return (Modality.PROHIBITION if cue.negated else Modality.OBLIGATION), 0.55
        if e["passive"] and cue.clause == "main":
            return Modality.COMMITMENT, 0.5
        return None, 0.3
    if cue.rule == "verb:be" and cue.negated:
        return Modality.PROHIBITION, 0.6
    if e["subject"] in ("body", "pronoun", "agent"):
        if cue.negated:
            return Modality.PROHIBITION, 0.5
        if e["outcome_verb"] or (
            e["verb"] in ("be", "want", "wish", "like", "notice", "recognise", "continue")
            and cue.rule == "modal:will"
            and e["verb"] != "continue"
        ):
            return None, 0.35
        return Modality.OBLIGATION, 0.75
    if cue.rule == "verb:be":
        if cue.negated:
            return Modality.PROHIBITION, 0.6
        return Modality.OBLIGATION, 0.6 if e["passive"] or e["verb"] == "be" else 0.5
    if (e["passive"] or e["verb"] == "receive") and cue.clause == "main" and not e["would"]:
        return (Modality.PROHIBITION if _is_refused(cue, e) else Modality.COMMITMENT), 0.55
    return None, 0.35


_ADMITTED: Final = frozenset(
    """
    accept allow permit tolerate approve consider fund pay reimburse admit grant
    """.split()
)


def _is_refused(cue: Cue, e: dict[str, float | str]) -> bool:
    """ "No late plan will be accepted": what will not be let through must not be done."""
    return bool(cue.negated and e["passive"] and e["verb"] in _ADMITTED)


def _decide_permission(
    cue: Cue, e: dict[str, float | str], kind: Kind, *, side: bool
) -> tuple[Modality | None, float]:
    """ "May", "can", "able to": freedom, or mere possibility."""
    if side or e["perfect"]:
        return None, 0.25
    if cue.negated and cue.modality != "permission":
        return Modality.PROHIBITION, 0.7
    if cue.rule == "modal:need":
        return Modality.PERMISSION, 0.7
    if cue.rule == "modal:can":
        if e["anecdote"]:
            return None, 0.2
        if kind is Kind.GUIDANCE and e["disposed"] and cue.clause == "main":
            return Modality.PERMISSION, 0.5
        if (
            kind is Kind.GUIDANCE
            and e["subject"] in ("body", "pronoun")
            and cue.clause == "main"
            and not (e["outcome_verb"] or e["stative"])
        ):
            return Modality.PERMISSION, 0.5
        return None, 0.3
    if cue.rule == "modal:may":
        if (
            e["outcome_verb"]
            or (e["stative"] and not e["passive"])
            or (e["subject"] in ("thing", "none") and not e["passive"])
        ):
            return None, 0.3
        return (Modality.PERMISSION, 0.6) if kind is Kind.GUIDANCE else (None, 0.35)
    if cue.rule == "predicate:able" and not promises_ability(cue) and kind is not Kind.GUIDANCE:
        return None, 0.3
    if e["subject"] in ("thing", "none") and not e["passive"]:
        return None, 0.35
    return Modality.PERMISSION, 0.7


def _decide_speaker(
    cue: Cue, e: dict[str, float | str], kind: Kind
) -> tuple[Modality | None, float]:
    """ "We ask ICBs to": the issuer asks a body; "we expect demand to rise" is a forecast."""
    if cue.subject is None and cue.clause == "main":
        return Modality(cue.modality), 0.6  # "we recommend adopting it"
    if e["bearer"] in ("none", "thing", "context"):
        return None, 0.3
    if (
        cue.rule
        in ("speaker:want", "speaker:need", "speaker:tell", "speaker:allow", "speaker:suggest")
        and kind is not Kind.GUIDANCE
    ):
        return (
            (Modality(cue.modality), 0.5)
            if cue.clause == "main" and cue.rule != "speaker:allow"
            else (None, 0.3)
        )
    if cue.clause in ("relative", "noun", "purpose"):
        return None, 0.4
    return Modality(cue.modality), 0.8
