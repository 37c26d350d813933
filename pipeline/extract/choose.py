"""Which of a unit's accepted candidates make requirements, and in which order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from pipeline.extract.candidate import Candidate, UnitView
from pipeline.extract.cue_record import Cue, promises_ability
from pipeline.extract.lookup import root_place

if TYPE_CHECKING:
    from spacy.tokens import Doc


def choose_candidates(accepted: list[Candidate], view: UnitView) -> list[Candidate]:
    """Which of the accepted candidates make requirements: a stem before a subordinate cue, a main
    cue before a stem.
    """
    doc = view.doc
    own = _strongest_of_each_verb([c for c in accepted if c.origin == "cue"])
    governed = next((c for c in accepted if c.origin == "stem"), None)
    command = next((c for c in accepted if c.origin in ("imperative", "action", "request")), None)
    # What opens with a command has no subject of its own, whatever the parse says of its first
    # noun.
    strong = [c for c in own if _outranks_stem(c) and not (view.imperative and is_main(c, doc))]
    if governed is not None and _shows(view):
        return [governed]
    if governed is not None:
        return [*strong, *([] if any(is_main(c, doc) for c in strong) else [governed])]
    if command is not None and strong and not any(is_main(c, doc) for c in strong):
        return [*strong, command]
    if command is not None and not any(is_main(c, doc) for c in own):
        return [command]
    if own:
        return _leading(own)
    return [c for c in accepted if c.origin in ("carried", "step", "target")][:1]


_ASKED_OF_ALL: Final = frozenset(f"modal:{m}" for m in ("should", "must", "shall", "will"))
_POSSIBLE: Final = frozenset(f"modal:{m}" for m in ("may", "can", "could", "might", "would"))
_SIDE: Final = frozenset({"adverbial", "relative", "purpose", "noun"})


def _shows(view: UnitView) -> bool:
    """Whether the stem binds a body to show that its items are so: they bind nobody else."""
    if not view.stems:
        return False
    stem = view.stems[-1]
    return stem.leads_to_that and stem.cue is not None and not stem.cue.speaker


def is_vetoed(cue: Cue) -> bool:
    """What holds only if something else does, and what is merely possible."""
    if cue.clause in ("conditional", "question"):
        return True
    if cue.modality == "possibility" and cue.rule.startswith("verb:"):
        return True  # "would need to": no duty, unless it comes to it
    return cue.rule in _POSSIBLE and cue.clause in _SIDE


def is_mere_talk(cue: Cue, evidence: Mapping[str, float | str]) -> bool:
    """Questions, and what may come to pass: "boards may find that it helps"."""
    comes_about = bool(evidence.get("outcome_verb")) and not evidence.get("passive")
    if evidence.get("question") or (evidence.get("forecast") and cue.rule == "speaker:expect"):
        return True  # also "analysts expect the deficit to grow"
    if evidence.get("modality") == "future" and (evidence.get("conduct") or evidence.get("risk")):
        return True  # "I'll hand over to Grace", "there is a risk that wards will close"
    if evidence.get("modality") == "future" and evidence.get("aside_to_reader"):
        return True  # "you will see from the table"
    if (
        evidence.get("inverted")
        and cue.rule in _ASKED_OF_ALL
        and evidence.get("kind") != "guidance"
    ):
        return True  # "should we look at it again", with or without a question mark
    if evidence.get("conduct") and cue.rule.startswith("speaker:"):
        return True  # "I'll ask Grace to come in"
    if (
        cue.rule in ("modal:should", "modal:ought", "modal:must")
        and evidence.get("aside")
        and evidence.get("passive")
        and evidence.get("pronoun") == "it"
    ):
        return True  # "it should be noted that costs have risen"
    if evidence.get("kind") != "guidance":
        if cue.rule in ("verb:want", "verb:wish") and _FORETELLS.search(cue.text):
            return True  # advice in guidance ("boards will want to"), elsewhere a guess
        # Outside guidance "may be" tells what is possible, "are able to" what somebody can do.
        comes_about |= bool(evidence.get("stative")) and not evidence.get("passive")
        if cue.rule == "expect:see" and evidence.get("gain"):
            return True  # "we expect to see improvement in the second quarter"
        if cue.rule == "predicate:able" and not promises_ability(cue):
            return True
    if cue.rule == "modal:can" and evidence.get("unable"):
        return True  # "small sites cannot cope": nobody forbids it
    if cue.rule == "status:due" and _binds(evidence):
        return True  # "the new boards are due in April": they come then
    if cue.rule == "promised:thing" and cue.clause == "adverbial":
        return True  # "a week after it was promised"
    if cue.rule.startswith("predicate:") and evidence.get("aside") and not _binds(evidence):
        return True  # "it is important to note that costs have risen"
    if cue.rule in ("modal:should", "modal:ought") and evidence.get("gain"):
        return True
    return cue.rule == "modal:may" and comes_about


def is_promised(evidence: Mapping[str, float | str]) -> bool:
    """What somebody is said to have promised to do: "NHS England said that it would publish"."""
    if evidence.get("kind") == "guidance" or evidence.get("modality") != "future":
        return False
    guessed = any(evidence.get(k) for k in ("perfect", "hedged", "history", "outcome_verb"))
    if guessed or (evidence.get("stative") and not evidence.get("passive")):
        return False
    if evidence.get("subject") == "none":
        return False
    handed_on = evidence.get("handed_on")
    return handed_on == "self" or (handed_on == "done" and evidence.get("governor") == "promise")


def _binds(evidence: Mapping[str, float | str]) -> bool:
    """Whether somebody is named who is to do it."""
    return evidence.get("subject") in ("body", "author", "pronoun", "agent")


def _strongest_of_each_verb(own: list[Candidate]) -> list[Candidate]:
    """ "What boards can and must do": of two cues of one verb the stronger; of "we expect that
    they will wish to" the issuer's.
    """
    spoken = {c.head for c in own if c.cue is not None and c.cue.speaker}
    own = [c for c in own if c.cue is None or c.cue.speaker or c.cue.anchor not in spoken]
    best: dict[int | None, Candidate] = {}
    for candidate in own:
        held = best.get(candidate.head)
        if (
            held is None
            or held.cue is None
            or candidate.cue is None
            or candidate.cue.strength > held.cue.strength
        ):
            best[candidate.head] = candidate
    return [c for c in own if best[c.head] is c]


_FORETELLS: Final = re.compile(r"\b(?:will|wo)\b|['’]ll\b", re.IGNORECASE)
_NAMED: Final = frozenset({"subject", "author", "agent", "pronoun"})


def _outranks_stem(candidate: Candidate) -> bool:
    """An item's own cue counts before its stem's where it binds a body in a clause of its own."""
    cue = candidate.cue
    if (
        cue is None
        or candidate.bearer is None
        or candidate.bearer.source not in ("subject", "author", "agent")
    ):
        return False
    if cue.rule.startswith("passive") and cue.clause not in ("relative", "conditional"):
        return True
    return cue.clause == "main" and cue.subject is not None and cue.subject < cue.anchor


def _leading(accepted: list[Candidate]) -> list[Candidate]:
    """The cues that make requirements of their own: those of main clauses, or the best one where
    there are none.
    """
    main = [c for c in accepted if c.cue is not None and c.cue.clause in ("main", "complement")]
    if not main:
        return [max(accepted, key=lambda c: c.confidence)]
    # Of several duties in a sentence the one that names its doer comes first.
    return sorted(main, key=lambda c: c.bearer is None or c.bearer.source not in _NAMED)


def is_main(candidate: Candidate, doc: Doc) -> bool:
    """Whether a cue stands in the sentence's own clause, not inside what a command tells to do."""
    cue = candidate.cue
    if cue is None or cue.subject is None:
        return False
    root = root_place(doc)
    anchors = {cue.anchor, cue.head, doc[cue.anchor].head.i}
    return root in anchors or any(doc[i].dep_ == "conj" and doc[i].head.i == root for i in anchors)
