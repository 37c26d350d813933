"""Cues that govern through a preposition or a thing: "asked us for a plan", "have until May", "is
up to them", "promised £5m", "called on councils to act", "expect to see".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pipeline.extract.cue_record import AUXILIARIES, Cue, is_past, make_cue
from pipeline.extract.lookup import Words
from pipeline.extract.parse import subject_of, text_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_PROMISING: Final = frozenset({"promise", "pledge", "guarantee"})
_ASKING: Final = frozenset({"ask", "require", "expect", "demand"})
_BANNING: Final = frozenset({"forbid", "prohibit", "outlaw", "ban", "bar"})
_OBJECTS: Final = frozenset({"dobj", "dative", "iobj"})
_ANSWERS: Final = frozenset({"comment", "comments", "view", "views", "opinion", "help", "advice"})
_EMPTY: Final = frozenset({"it", "this", "that", "them", "these", "what", "much", "more"})


_LAID_DOWN: Final = frozenset({"requirement", "expectation", "instruction"})
_SPARED: Final = frozenset({*_LAID_DOWN, "need", "obligation", "duty"})  # "no need for X to"
_ADVISING: Final = frozenset({"encourage", "recommend", "advise", "urge"})
_LIES: Final = frozenset({"lie", "rest", "sit", "remain", "fall", "stay"})
_BURDENS: Final = frozenset({"responsibility", "accountability"})
_ANCHORS: Final = Words(
    {*_SPARED, *_PROMISING, *_ASKING, *_BANNING}
    | {"like", "look", "have", "be", "do", "call", "expect", *_LIES, *_ADVISING}
)


def find_complements(doc: Doc) -> Iterator[Cue]:
    """The cues of a parsed unit whose complement is a thing, or a preposition with its noun."""
    for token in _ANCHORS.tokens(doc):
        if token.lemma_.lower() in _SPARED and token.pos_ == "NOUN":
            yield from _laid_down(doc, token)
        if token.pos_ not in ("VERB", "AUX"):
            continue
        lemma = token.lemma_.lower()
        if lemma == "like":
            yield from _would_like(doc, token)
        elif lemma == "look":
            yield from _looks_to(doc, token)
        elif lemma == "have":
            yield from _have_until(doc, token)
        elif lemma == "be":
            yield from _falls_to(doc, token)
            yield from _is_the_job_of(doc, token)
        elif lemma in _LIES:
            yield from _lies_with(doc, token)
        elif lemma == "do":
            yield from _does_well(doc, token)
        elif lemma == "call":
            yield from _called_on(doc, token)
        elif lemma == "expect" and not _is_passive(token):
            yield from _expects_to_see(doc, token)
            if not _governs(token):
                yield from _asked(doc, token)
        elif _governs(token):
            continue  # a verb with an infinitive or a clause is a cue of its own kind
        elif lemma in _ASKING:
            yield from _asked(doc, token)
        elif lemma in _PROMISING:
            yield from _promised(doc, token)
        elif lemma in _BANNING:
            yield from _banned(doc, token)
        elif lemma in _ADVISING:
            yield from _advised(doc, token)


def _governs(token: Token) -> bool:
    return any(c.dep_ in ("xcomp", "ccomp") and c.i > token.i for c in token.children)


def _called_on(doc: Doc, token: Token) -> Iterator[Cue]:
    """ "The union called on ministers to publish it": urged them."""
    on = _preposition(token, "on", "upon")
    clause = _infinitive(token)
    if clause is None and on is not None:
        clause = next(
            (c for t in on for c in t.children if c.tag_ == "VB" and c.dep_ in ("acl", "relcl")),
            None,
        )
    if on is None or clause is None or _is_passive(token) or subject_of(token) is None:
        return
    yield make_cue(
        doc,
        rule="speaker:urge",
        modality="recommendation",
        strength=2,
        first=token,
        last=on[0],
        anchor=token,
        head=clause,
        subject=on[1],
        speaker=True,
    )


def _laid_down(doc: Doc, token: Token) -> Iterator[Cue]:
    """ "There is a requirement for boards to publish it", "no need for them to"."""
    verb = token.head
    stands = token.dep_ in ("attr", "nsubj") and verb.lemma_ == "be" and not is_past(verb)
    spared = any(c.lower_ == "no" for c in token.children)
    if not stands or not (spared or token.lemma_.lower() in _LAID_DOWN):
        return
    to_whom = _preposition(token, "for", "on", "to")
    clause = next(
        (
            c
            for t in (token, verb)
            for c in t.children
            if c.tag_ == "VB"
            and c.i > token.i
            and c.dep_ in ("acl", "relcl", "xcomp", "advcl")
            and any(a.lower_ == "to" and a.dep_ == "aux" for a in c.children)
        ),
        None,
    )
    if clause is not None and to_whom is None:
        # The parse may make "for boards" the subject of what is to be done.
        mark = next((c for c in clause.children if c.lower_ == "for" and c.i > token.i), None)
        bound = next((c for c in clause.children if c.dep_ in ("nsubj", "nsubjpass")), None)
        to_whom = (mark, bound) if mark is not None and bound is not None else None
    if clause is None or (to_whom is None and not spared):
        return  # "no need to" spares everybody; what is laid down binds somebody
    if to_whom is not None and to_whom[1].i > clause.i:
        return
    yield make_cue(
        doc,
        rule="laid:down",
        modality="obligation",
        strength=2,
        first=token,
        last=to_whom[0] if to_whom is not None else token,
        anchor=verb,
        head=clause,
        subject=to_whom[1] if to_whom is not None else None,
        negated=spared,
    )


def _would_like(doc: Doc, token: Token) -> Iterator[Cue]:
    """ "We would like systems to name a lead": asked of them, and politely."""
    issuer = subject_of(token)
    if issuer is None or issuer.lower_ not in ("we", "i"):
        return
    if not any(c.lower_ in ("would", "'d", "’d", "should") for c in token.children):
        return
    clause = next((c for c in token.children if c.dep_ in ("ccomp", "xcomp")), None)
    bound = next((c for c in token.children if c.dep_ == "dobj" and c.i > token.i), None)
    if clause is None and bound is not None:
        clause = next((c for c in bound.children if c.dep_ in ("relcl", "acl")), None)
    if clause is None or clause.tag_ != "VB":
        return
    if bound is None:
        bound = next((c for c in clause.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    if bound is None or bound.i > clause.i or bound.lower_ in _EMPTY:
        return
    yield _asked_politely(doc, token, token, bound, clause)


def _looks_to(doc: Doc, token: Token) -> Iterator[Cue]:
    """ "We look to boards to lead this work"."""
    issuer, to, clause = subject_of(token), _preposition(token, "to"), _infinitive(token)
    if issuer is None or issuer.lower_ != "we" or to is None or clause is None:
        return
    if clause.i > to[1].i and not is_past(token):
        yield _asked_politely(doc, token, to[0], to[1], clause)


def _asked_politely(doc: Doc, token: Token, last: Token, bound: Token, clause: Token) -> Cue:
    return make_cue(
        doc,
        rule="speaker:ask",
        modality="obligation",
        strength=1,
        first=token,
        last=last,
        anchor=token,
        head=clause,
        subject=bound,
        speaker=True,
    )


def _does_well(doc: Doc, token: Token) -> Iterator[Cue]:
    """ "Boards would do well to publish it": advice, as "would be wise to" is."""
    clause = _infinitive(token)
    well = doc[token.i + 1] if token.i + 1 < len(doc) else None
    advising = any(c.lower_ in ("would", "will", "might", "may") for c in token.children)
    if clause is None or well is None or well.lower_ not in ("well", "better") or not advising:
        return
    if subject_of(token) is None:
        return
    yield make_cue(
        doc,
        rule="predicate:wise",
        modality="recommendation",
        strength=1,
        first=token,
        last=next(c for c in clause.children if c.lower_ == "to"),
        anchor=token,
        head=clause,
        subject=subject_of(token),
    )


# "We expect to see a rise": a forecast.
_TRENDS: Final = frozenset(
    """
    rise fall growth increase decrease drop surge decline demand pressure change more fewer less
    """.split()
)


def _expects_to_see(doc: Doc, token: Token) -> Iterator[Cue]:
    """ "We expect to see plans for each site": they are to be there."""
    issuer = subject_of(token)
    see = next(
        (c for c in token.children if c.lemma_ == "see" and c.dep_ == "xcomp" and c.i > token.i),
        None,
    )
    if issuer is None or issuer.lower_ != "we" or see is None or token.tag_ == "VBD":
        return
    thing = next((c for c in see.children if c.dep_ == "dobj"), None)
    clause = next((c for c in see.children if c.dep_ in ("ccomp", "xcomp")), None)
    if thing is None and clause is not None:
        thing = next((c for c in clause.children if c.dep_ in ("nsubj", "nsubjpass")), None)
        if clause.lemma_.lower() in _TRENDS:
            return
    if thing is None or _TRENDS & {t.lemma_.lower() for t in (thing, *thing.children)}:
        return
    yield make_cue(
        doc,
        rule="expect:see",
        modality="obligation",
        strength=2,
        first=issuer,
        last=see,
        anchor=token,
        head=see,
        subject=thing,
        negated=any(c.dep_ == "neg" for c in token.children),
    )


def _cue(
    doc: Doc,
    token: Token,
    last: Token,
    *,
    rule: str,
    modality: str,
    subject: Token | None,
    past: bool = False,
) -> Cue:
    auxiliaries = [c for c in token.children if c.dep_ in AUXILIARIES and c.i < token.i]
    return make_cue(
        doc,
        rule=rule,
        modality=modality,
        strength=2,
        first=min([token, *auxiliaries], key=lambda t: t.i),
        last=last,
        anchor=token,
        head=token,
        subject=subject,
        negated=any(c.dep_ == "neg" for c in token.children),
        past=past,
    )


def _preposition(token: Token, *words: str) -> tuple[Token, Token] | None:
    """A preposition after `token` and its noun."""
    for child in token.children:
        if child.dep_ == "prep" and child.lower_ in words and child.i > token.i:
            noun = next((c for c in child.children if c.dep_ == "pobj"), None)
            if noun is not None:
                return child, noun
    return None


def _is_passive(token: Token) -> bool:
    return any(c.dep_ == "auxpass" for c in token.children)


def _asked(doc: Doc, token: Token) -> Iterator[Cue]:
    """ "have asked us for a plan", "are asked for 5%", "0.5% is asked of trusts"."""
    lemma = token.lemma_.lower()
    passive = _is_passive(token)
    thing = _preposition(token, "for") if lemma == "ask" else None
    if thing is not None and thing[1].lower_ not in _EMPTY:
        bound = (
            subject_of(token)
            if passive
            else next((c for c in token.children if c.dep_ in _OBJECTS and c.i > token.i), None)
        )
        asker = None if passive else subject_of(token)
        told = asker is not None and asker.lower_ in ("i", "we")
        # "Asked for their views": what is wanted of them is an answer, and no duty.
        wanted = thing[1].lower_ not in _ANSWERS and not any(
            c.dep_ == "poss" for c in thing[1].children
        )
        if bound is not None and wanted and not told:
            yield _cue(doc, token, thing[0], rule="asked:for", modality="obligation", subject=bound)
        return
    body = _preposition(token, "of", "from")
    if passive and body is not None:
        subject = subject_of(token)
        if subject is not None and subject.lower_ not in _EMPTY and not is_past(token):
            cue = _cue(doc, token, body[0], rule="asked:of", modality="obligation", subject=body[1])
            # "No submission is required from trusts": they are left free.
            spared = cue.negated or any(c.lower_ == "no" for c in subject.children)
            yield replace(cue, modality="permission", negated=True) if spared else cue


def _have_until(doc: Doc, token: Token) -> Iterator[Cue]:
    """ "Councils have until the end of May to agree a plan"."""
    until = _preposition(token, "until", "till")
    if until is None:
        return
    if _infinitive(token) is None and not any(
        t.tag_ == "VB" and t.dep_ == "acl" for t in until[1].subtree
    ):
        return
    yield _cue(
        doc,
        token,
        until[0],
        rule="have:until",
        modality="obligation",
        subject=subject_of(token),
        past=token.tag_ == "VBD",
    )


def _falls_to(doc: Doc, token: Token) -> Iterator[Cue]:
    """ "It is for boards to decide" binds them; "the choice is up to them" leaves them free."""
    subject = subject_of(token)
    up = next((c for c in token.children if c.dep_ == "prep" and c.lower_ == "up"), None)
    if up is not None and (left_to := _preposition(up, "to")) is not None:
        if left_to[1].pos_ in ("NOUN", "PROPN", "PRON"):
            to, body = left_to
            # "It is up to boards to decide" is their task, "that is up to them" their choice.
            task = subject is not None and subject.lower_ == "it" and _infinitive(token) is not None
            modality = "obligation" if task else "permission"
            yield _cue(doc, token, to, rule="falls:up", modality=modality, subject=body)
        return
    if subject is None or subject.lower_ != "it":
        return
    if token.tag_ not in ("VBZ", "VBP") and not any(c.lower_ == "will" for c in token.children):
        return
    following = doc[token.i + 1] if token.i + 1 < len(doc) else None
    if following is None or following.lower_ != "for":
        return
    clause = _infinitive(token)
    if clause is None:
        return
    bound = next(
        (c for t in (following, clause) for c in t.children if c.dep_ in ("pobj", "nsubj")), None
    )
    yield _cue(doc, token, following, rule="falls:for", modality="obligation", subject=bound)


def _lies_with(doc: Doc, token: Token) -> Iterator[Cue]:
    """ "Responsibility for delivery lies with each board": it is bound."""
    burden = next(
        (
            c
            for c in token.children
            if c.dep_ in ("nsubj", "nsubjpass") and c.lemma_.lower() in _BURDENS
        ),
        None,
    )
    holder = _preposition(token, "with", "on", "upon", "to")
    if burden is None or holder is None or is_past(token):
        return
    if not any(c.lower_ == "for" for c in burden.children):
        return
    yield _cue(doc, token, holder[0], rule="falls:to", modality="obligation", subject=holder[1])


_JOBS: Final = frozenset({"job", "task", "role", "responsibility", "duty"})


def _is_the_job_of(doc: Doc, token: Token) -> Iterator[Cue]:
    """ "It is the board's job to decide", "that's the council's responsibility"."""
    subject = subject_of(token)
    if subject is None or subject.lower_ not in ("it", "this", "that"):
        return
    job = next((c for c in token.children if c.dep_ == "attr" and c.lemma_ in _JOBS), None)
    if job is None or token.tag_ not in ("VBZ", "VBP"):
        return
    holder = next((c for c in job.children if c.dep_ == "poss"), None)
    negated = any(c.dep_ == "neg" for c in token.children)
    if holder is None or negated:
        return
    yield make_cue(
        doc,
        rule="falls:job",
        modality="obligation",
        strength=2,
        first=token,
        last=job,
        anchor=token,
        head=_infinitive(token) or token,
        subject=holder,
    )


def _infinitive(token: Token) -> Token | None:
    """The verb with "to" that hangs on `token`; it may have a subject of its own ("for X to")."""
    return next(
        (
            c
            for c in token.children
            if c.dep_ in ("xcomp", "advcl", "ccomp", "relcl")
            and c.i > token.i
            and c.tag_ == "VB"
            and any(a.lower_ == "to" and a.dep_ == "aux" for a in c.children)
        ),
        None,
    )


def _promised(doc: Doc, token: Token) -> Iterator[Cue]:
    """ "promised £171m for general practice", "is promised to every patient"."""
    if token.tag_ in ("VB", "VBG"):
        return
    if _is_passive(token):
        yield _cue(doc, token, token, rule="promised:thing", modality="commitment", subject=None)
        return
    thing = next((c for c in token.children if c.dep_ == "dobj" and c.i > token.i), None)
    if thing is not None and subject_of(token) is not None and thing.pos_ != "PRON":
        yield _cue(
            doc,
            token,
            token,
            rule="promised:thing",
            modality="commitment",
            subject=subject_of(token),
        )


def _banned(doc: Doc, token: Token) -> Iterator[Cue]:
    """ "The rules forbid any discount": active, and in force."""
    if _is_passive(token) or token.tag_ in ("VBD", "VBG", "VBN"):
        return
    thing = next((c for c in token.children if c.dep_ == "dobj" and c.i > token.i), None)
    if thing is not None and subject_of(token) is not None:
        yield _cue(doc, token, token, rule="bans:thing", modality="prohibition", subject=None)


def _advised(doc: Doc, token: Token) -> Iterator[Cue]:
    """ "We recommend early engagement": the issuer's advice, with nobody named."""
    issuer = subject_of(token)
    if issuer is None or issuer.lower_ not in ("we", "i") or _is_passive(token) or is_past(token):
        return
    thing = next((c for c in token.children if c.dep_ == "dobj" and c.i > token.i), None)
    if thing is None or thing.pos_ != "NOUN" or any(c.tag_ == "VB" for c in thing.children):
        return
    cue = _cue(doc, token, token, rule="advise:thing", modality="recommendation", subject=thing)
    against = _against(token) or _against(thing)
    yield replace(
        cue,
        modality="prohibition" if against else cue.modality,
        negated=cue.negated or against,
        text=text_of(doc)[issuer.idx : cue.end],
        start=issuer.idx,
    )


def _against(token: Token) -> bool:
    """Whether what is advised is not to do it: "against closing it"."""
    return any(
        c.lower_ == "against" and any(g.dep_ == "pcomp" for g in c.children) for c in token.children
    )
