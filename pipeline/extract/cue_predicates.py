"""Predicates as cues: "is not permitted", "are responsible for", "have a duty to"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pipeline.extract.cue_record import (
    AUXILIARIES,
    Cue,
    governed_infinitive,
    has_negative_subject,
    is_denied,
    is_past,
    make_cue,
)
from pipeline.extract.cue_rules import CueRules, Predicate
from pipeline.extract.lookup import Words
from pipeline.extract.parse import subject_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


def find_statuses(doc: Doc, rules: CueRules) -> Iterator[Cue]:
    """ "Recruitment is not permitted": a participle or adjective after "be", with no infinitive of
    its own.
    """
    statuses = rules.status_of
    for token in rules.status_words.tokens(doc):
        rule = statuses.get(token.lower_)
        if (
            rule is None
            or token.tag_ not in ("VBN", "VBD", "JJ")
            or governed_infinitive(token) is not None
        ):
            continue
        copula = token.head if token.dep_ in ("acomp", "attr", "oprd") else token
        be = [c for c in copula.children if c.lemma_ == "be" and c.i < token.i]
        if (copula is token and not be) or (copula is not token and copula.lemma_ != "be"):
            continue
        subject = subject_of(copula)
        if subject is None or any(
            c.dep_ == "dobj" or (c.dep_ == "ccomp" and not _is_circumstance(c))
            for c in token.children
        ):
            continue
        if rule.word in ("recommended", "encouraged") and (
            subject.pos_ == "PRON" or any(c.lower_ == "by" for c in token.children)
        ):
            continue  # "we are encouraged by the results"
        if rule.word == "due" and not _is_dated(token):
            continue
        if rule.word == "required" and any(c.lower_ in ("of", "from") for c in token.children):
            continue  # "is required of boards" is a cue of its own, which tells who is bound
        negated = is_denied(copula) or any(c.lower_ == "no" for c in subject.children)
        auxiliaries = [c for c in copula.children if c.dep_ in AUXILIARIES]
        yield make_cue(
            doc,
            rule=f"status:{rule.word}",
            modality=rule.negated if negated else rule.modality,
            strength=rule.strength,
            first=min([token, copula, *auxiliaries], key=lambda t: t.i),
            last=token,
            anchor=copula,
            head=copula,
            subject=subject,
            negated=negated,
            past=is_past(copula),
        )


def _is_circumstance(clause: Token) -> bool:
    """Whether a clause tells when a thing holds: "mandatory where the sum exceeds a million"."""
    return any(c.lower_ in ("where", "when", "whenever", "wherever") for c in clause.children)


def _is_dated(due: Token) -> bool:
    """Whether "due" is followed by a time: "due on 3 June", "due in mid-March", not "due to snow"
    or "due in part to snow".
    """
    after = [t.lower_ for t in due.doc[due.i + 1 : due.i + 7]]
    if not after:
        return False
    if after[0] in ("by", "on", "before", "no", "within"):
        return True
    if after[0] == "with":  # "due with us by 3 June"
        return not {"by", "on", "before"}.isdisjoint(after[1:])
    return after[0] in ("in", "at", "from", "this", "next") and not _TIMES.isdisjoint(after[1:])


_TIMES: Final = frozenset(
    """
    january february march april may june july august september october november december
    spring summer autumn winter week month year quarter end start beginning close noon midday
    midnight monday tuesday wednesday thursday friday
    """.split()
)


_GRATEFUL: Final = Words({"grateful", "obliged", "appreciate"})


def find_requests(doc: Doc, rules: CueRules) -> Iterator[Cue]:
    """ "I would be grateful if boards could confirm": a letter's way of asking."""
    asking = next((s for s in rules.speakers if s.lemma == "ask"), None)
    for token in _GRATEFUL.tokens(doc):
        if asking is None or token.lower_ not in ("grateful", "obliged", "appreciate"):
            continue
        copula = token.head if token.dep_ in ("acomp", "attr", "oprd") else token
        issuer = subject_of(copula)
        clause = next(
            (
                c
                for t in (token, copula)
                for c in t.children
                if c.dep_ in ("advcl", "ccomp")
                and c.i > token.i
                and any(m.lower_ == "if" and m.dep_ == "mark" for m in c.children)
            ),
            None,
        )
        if clause is None or issuer is None or issuer.lower_ not in ("i", "we"):
            continue
        auxiliaries = [c for c in copula.children if c.dep_ in AUXILIARIES and c.i < token.i]
        yield replace(
            make_cue(
                doc,
                rule="speaker:ask",
                modality=asking.modality,
                strength=asking.strength,
                first=min([issuer, copula, *auxiliaries], key=lambda t: t.i),
                last=next(m for m in clause.children if m.lower_ == "if"),
                anchor=token,
                head=clause,
                subject=subject_of(clause),
                speaker=True,
            ),
            clause="main",
        )


def find_predicates(doc: Doc, rules: CueRules) -> Iterator[Cue]:
    adjectives, nouns = rules.adjective_of, rules.noun_of
    for token in rules.predicate_words.tokens(doc):
        word = token.lower_
        if word in adjectives and token.pos_ in ("ADJ", "NOUN", "VERB", "ADV"):
            yield from _adjective_cue(doc, token, adjectives[word])
        elif token.lemma_.lower() in nouns and token.pos_ in ("NOUN", "PROPN"):
            rule = nouns[token.lemma_.lower()]
            if rule.word in rules.agent_nouns and any(c.dep_ == "det" for c in token.children):
                continue  # "have authority to" is leave, "have a local authority to" a council
            yield from _noun_cue(doc, token, rule)
            yield from _listed_cue(doc, token, rule)


def _adjective_cue(doc: Doc, token: Token, rule: Predicate) -> Iterator[Cue]:
    copula = token.head
    if token.dep_ not in ("acomp", "attr", "oprd", "conj", "ROOT", "amod") or (
        token.dep_ == "amod" and rule.bearer == "subject"
    ):
        return
    if token.dep_ == "amod":
        return
    if token.dep_ != "ROOT" and copula.lemma_ not in ("be", "remain", "become"):
        return
    if rule.after is not None:
        preposition = next((c for c in token.children if c.lower_ == rule.after), None)
        if preposition is None:
            return
        inner = next((c for c in preposition.children if c.dep_ in ("pcomp", "pobj")), None)
        if inner is None:
            return
        yield _predicate_cue(
            doc, token, copula, rule, head=inner, last=preposition, subject=subject_of(copula)
        )
        return
    clause = next(
        (
            c
            for t in (token, copula)
            for c in t.children
            if c.dep_ in ("ccomp", "xcomp", "advcl", "csubj")
            and c.i > token.i
            and c.pos_ in ("VERB", "AUX")
        ),
        None,
    )
    if clause is None:
        return
    if rule.bearer == "clause":
        subject = next(
            (c for c in clause.children if c.dep_ in ("nsubj", "nsubjpass")), None
        ) or _for_object(token, clause)
        opener = subject_of(copula) if token.dep_ != "ROOT" else None
        if opener is not None and opener.lower_ not in ("it", "what") and opener.dep_ != "csubj":
            return
    else:
        subject = subject_of(copula)
    yield _predicate_cue(doc, token, copula, rule, head=clause, last=token, subject=subject)


def _for_object(token: Token, clause: Token) -> Token | None:
    """ "necessary for boards to approve": the boards."""
    for other in token.doc[token.i + 1 : clause.i]:
        if other.lower_ == "for":
            return next((c for c in other.children if c.dep_ == "pobj"), None)
    return None


def _predicate_cue(
    doc: Doc,
    token: Token,
    copula: Token,
    rule: Predicate,
    *,
    head: Token,
    last: Token,
    subject: Token | None,
) -> Cue:
    auxiliaries = [c for c in copula.children if c.dep_ in AUXILIARIES and c.i < token.i]
    compared = any(c.lower_ in ("more", "less", "most", "as") for c in token.children)
    first = min([copula, *auxiliaries], key=lambda t: t.i) if copula.i < token.i else token
    return make_cue(
        doc,
        rule=f"predicate:{rule.word}",
        modality=rule.modality,
        strength=rule.strength,
        first=first,
        last=last,
        anchor=token,
        head=head,
        subject=subject,
        negated=not compared and is_denied(copula),
        past=copula.tag_ == "VBD" and not any(c.tag_ == "MD" for c in auxiliaries),
    )


def _listed_cue(doc: Doc, token: Token, rule: Predicate) -> Iterator[Cue]:
    """ "The chair's duties include keeping the register": what somebody is there to do."""
    verb = token.head
    if (
        (rule.modality, rule.bearer) != ("obligation", "subject")
        or token.dep_ != "nsubj"
        or verb.lemma_ != "include"
        or is_past(verb)
        or any(c.dep_ == "neg" for c in verb.children)
    ):
        return
    of = next((c for c in token.children if c.lower_ == "of"), None)
    holder = next((c for c in token.children if c.dep_ == "poss"), None) or (
        None if of is None else next((c for c in of.children if c.dep_ == "pobj"), None)
    )
    listed = next((c for c in verb.children if c.i > verb.i and not c.is_punct), None)
    if holder is None or listed is None:
        return
    yield make_cue(
        doc,
        rule=f"noun:{rule.word}",
        modality=rule.modality,
        strength=rule.strength,
        first=token,
        last=verb,
        anchor=token,
        head=listed,
        subject=holder if holder.dep_ == "pobj" else token,
    )


_OWNING: Final = frozenset({"have", "hold", "retain"})
_HOLDING: Final = frozenset({"have", "be", "give", "retain", "hold", "carry", "enjoy"})


def _is_held(token: Token) -> bool:
    """Whether somebody has what the noun names, and what it asks is said in full: not the
    requirements that one "has to meet".
    """
    return (
        token.lemma_.lower() == "requirement"
        and token.dep_ == "dobj"
        and token.head.lemma_ == "have"
        and any(
            c.dep_ in ("acl", "relcl", "xcomp") and any(o.dep_ == "dobj" for o in c.children)
            for c in (*token.children, *token.head.children)
        )
    )


def _whose(token: Token, be: Token) -> Token | None:
    """ "It is the duty of each board to publish": the board."""
    if be.lemma_ != "be" or token.dep_ != "attr":
        return None
    opener = subject_of(be)
    if opener is None or opener.lower_ != "it":
        return None
    of = next((c for c in token.children if c.lower_ == "of"), None)
    return None if of is None else next((c for c in of.children if c.dep_ == "pobj"), None)


def _noun_cue(doc: Doc, token: Token, rule: Predicate) -> Iterator[Cue]:
    """ "have a duty to publish"; "the task is to apply"; "the rule is that boards approve"."""
    governor = token.head
    if rule.bearer == "subject" or _is_held(token):
        if (
            governor.lower_ in ("under", "at")
            and token.dep_ == "pobj"
            and governor.head.lemma_ == "be"
        ):
            governor = governor.head
        elif governor.lemma_ not in _HOLDING or token.dep_ not in ("dobj", "attr", "oprd"):
            return
        clause = next(
            (
                c
                for c in token.children
                if c.dep_ in ("acl", "relcl", "xcomp", "ccomp") and c.tag_ in ("VB", "VBP")
            ),
            None,
        )
        if clause is None:
            clause = next(
                (
                    c
                    for c in governor.children
                    if c.dep_ in ("xcomp", "advcl") and c.i > token.i and c.tag_ == "VB"
                ),
                None,
            )
        to = (
            None if clause is None else next((c for c in clause.children if c.lower_ == "to"), None)
        )
        if clause is None and rule.after is not None and governor.lemma_ in _OWNING:
            to = next((c for c in token.children if c.lower_ == rule.after), None)
            clause = None if to is None else next(iter(to.children), None)
        if clause is None:
            return
        auxiliaries = [c for c in governor.children if c.dep_ in AUXILIARIES]
        yield make_cue(
            doc,
            rule=f"noun:{rule.word}",
            modality=rule.modality,
            strength=rule.strength,
            first=min([governor, *auxiliaries], key=lambda t: t.i),
            last=to if to is not None else token,
            anchor=token,
            head=clause,
            subject=_whose(token, governor) or subject_of(governor),
            negated=any(c.lower_ == "no" for c in token.children) or has_negative_subject(governor),
            past=is_past(governor),
        )
        return
    predicate = token.dep_ == "attr" and any(c.lower_ in ("good", "best") for c in token.children)
    if rule.word == "practice" and not predicate:
        return
    stated = next(
        (
            c
            for c in token.children
            if c.dep_ in ("acl", "ccomp", "relcl")
            and any(m.lower_ == "that" and m.dep_ == "mark" for m in c.children)
        ),
        None,
    )
    if stated is not None and any(c.lower_ == "no" for c in token.children):
        return  # "there is no expectation that it will open"
    if stated is not None and token.dep_ in ("attr", "dobj", "nsubj", "pobj"):
        # "an expectation that CCGs will create a contingency"
        subject = next((c for c in stated.children if c.dep_ in ("nsubj", "nsubjpass")), None)
        yield make_cue(
            doc,
            rule=f"noun:{rule.word}",
            modality=rule.modality,
            strength=rule.strength,
            first=token,
            last=next(m for m in stated.children if m.lower_ == "that"),
            anchor=token,
            head=stated,
            subject=subject,
            past=governor.tag_ == "VBD",
        )
        return
    opener = subject_of(governor) if token.dep_ == "attr" else None
    # "It is our ambition to publish" says what "our ambition is to publish" does.
    owned = any(c.dep_ == "poss" and c.pos_ != "PRON" for c in token.children)
    turned = opener is not None and opener.lower_ == "it" and not owned
    if not (predicate or turned or token.dep_ in ("nsubj", "nsubjpass")) or governor.lemma_ not in (
        "be",
        "remain",
    ):
        return
    clause = next(
        (
            c
            for c in (*governor.children, *(token.children if turned else ()))
            if (turned and c.dep_ == "acl" and c.tag_ == "VB")
            or (
                c.dep_ in ("ccomp", "xcomp", "advcl", "attr")
                and c.i > governor.i
                and c.pos_ in ("VERB", "AUX")
            )
        ),
        None,
    )
    if clause is None:
        return
    marks = {c.lower_ for c in clause.children if c.dep_ in ("mark", "aux")}
    if not marks & {"that", "to"}:
        return
    if "to" in marks and any(c.dep_ == "auxpass" for c in clause.children):
        return  # "advice is to be sought": what is done with it, and not what it says
    subject = next(
        (c for c in clause.children if c.dep_ in ("nsubj", "nsubjpass")), None
    ) or _whose(token, governor)
    if rule.modality == "commitment":
        # "Our ambition is for patients to wait less" binds us; patients have nothing to do.
        subject = next((c for c in token.children if c.dep_ == "poss"), None)
    yield make_cue(
        doc,
        rule=f"noun:{rule.word}",
        modality=rule.modality,
        strength=rule.strength,
        first=token,
        last=governor,
        anchor=token,
        head=clause,
        subject=subject,
        past=governor.tag_ == "VBD",
    )
