"""Verbs as cues: "need to", "are required to", "we ask ICBs to", "is to"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pipeline.extract.cue_needs import LAYING_DOWN
from pipeline.extract.cue_record import (
    AUXILIARIES,
    Cue,
    governed_infinitive,
    has_negative_subject,
    is_denied,
    is_past,
    left_noun,
    make_cue,
)
from pipeline.extract.cue_rules import RESOLVED, CueRules, Verb
from pipeline.extract.parse import subject_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_OBJECTS: Final = frozenset({"dobj", "dative", "iobj"})


def find_verbs(doc: Doc, rules: CueRules) -> Iterator[Cue]:
    verb_to, passives, speakers = rules.verb_to_of, rules.passive_of, rules.speaker_of
    for token in rules.verb_words.tokens(doc):
        if token.pos_ not in ("VERB", "AUX", "ADJ") or token.tag_ in ("NN", "NNS"):
            continue
        lemma = token.lemma_.lower()
        passive = token.tag_ in ("VBN", "VBD", "JJ") and _is_passive(token)
        if (passive or lemma in RESOLVED) and (
            cue := _impersonal_cue(doc, token, passives, speakers)
        ) is not None:
            yield cue
        elif passive and lemma in passives:
            yield from _passive_cue(doc, token, passives[lemma])
        elif (
            not passive and lemma in speakers and (cue := _speaker_cue(doc, token, speakers[lemma]))
        ):
            yield cue
        elif lemma == "go" and (
            token.tag_ != "VBG" or not any(c.lemma_ == "be" for c in token.children)
        ):
            continue
        elif not passive and lemma in verb_to and lemma != "be":
            rule = verb_to["have"] if _has_got(token) and "have" in verb_to else verb_to[lemma]
            yield from _verb_to_cue(doc, token, rule)
        elif lemma == "be" and "be" in verb_to and token.tag_ in ("VBZ", "VBP", "VBD"):
            yield from _is_to_cue(doc, token, verb_to["be"], rules)


def _is_passive(token: Token) -> bool:
    if any(c.dep_ == "auxpass" or (c.dep_ == "aux" and c.lemma_ == "be") for c in token.children):
        return token.tag_ in ("VBN", "VBD", "JJ")
    if token.dep_ == "conj" and token.tag_ == "VBN":
        return _is_passive(token.head)
    if token.dep_ in ("acomp", "attr", "oprd") and token.head.lemma_ in ("be", "remain"):
        return True
    # "with every trust expected to deliver": a participle after its noun.
    return (
        token.tag_ in ("VBN", "JJ")
        and token.dep_ in ("acl", "pcomp", "advcl", "ccomp", "ROOT", "amod", "dep")
        and not any(c.dep_ in ("dobj",) for c in token.children)
        and not any(c.dep_ == "aux" for c in token.children)
    )


def _passive_cue(doc: Doc, token: Token, rule: Verb) -> Iterator[Cue]:
    head = governed_infinitive(token)
    if head is None:
        return
    subject = subject_of(token)
    if (
        subject is None
        and token.i > 0
        and token.dep_ in ("acl", "pcomp", "advcl", "ROOT", "dep", "ccomp")
    ):
        subject = left_noun(token)
    to = next((c for c in head.children if c.lower_ == "to"), None)
    auxiliaries = [c for c in token.children if c.dep_ in AUXILIARIES]
    if not auxiliaries and token.dep_ in ("acomp", "attr"):
        auxiliaries = [token.head]
    yield make_cue(
        doc,
        rule=f"passive:{rule.lemma}",
        modality=rule.modality,
        strength=rule.strength,
        first=min(auxiliaries, key=lambda t: t.i) if auxiliaries else token,
        last=to if to is not None and to.i > token.i else token,
        anchor=token,
        head=head,
        subject=subject,
        negated=is_denied(token) or (rule.modality == "permission" and has_negative_subject(token)),
        forbids=_is_negated_infinitive(head),
        past=is_past(token) and rule.past == "history",
    )


_OWN_FORCE: Final = frozenset({"will", "would"})


def _impersonal_cue(
    doc: Doc, token: Token, passives: dict[str, Verb], speakers: dict[str, Verb]
) -> Cue | None:
    """ "It is recommended that boards publish it": the clause's subject is bound, unless a modal of
    the clause's own says how.
    """
    lemma = token.lemma_.lower()
    rule = passives.get(lemma) or speakers.get(lemma)
    modality, strength = RESOLVED.get(lemma) or (
        (rule.modality, rule.strength) if rule is not None else ("", 0)
    )
    subject = next((c for c in token.children if c.dep_ in ("nsubjpass", "nsubj", "expl")), None)
    clause = next((c for c in token.children if c.dep_ == "ccomp" and c.i > token.i), None)
    if not modality or clause is None:
        return None
    if subject is None or subject.lower_ != "it":
        # "The board agreed that the clerk write", and "Resolved, that the clerk write".
        elliptic = subject is None and token.i == 0
        if lemma not in RESOLVED or not (elliptic or subject is not None):
            return None
        if not _is_subjunctive(clause):
            return None
    if clause.tag_ == "VBD" or (lemma in RESOLVED and clause.tag_ == "VBZ"):
        return None  # "it was agreed that the plan is good": a view
    that = next((c for c in clause.children if c.dep_ == "mark" and c.lower_ == "that"), None)
    bound = next((c for c in clause.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    modal = next((c for c in clause.children if c.tag_ == "MD"), None)
    able = any(c.lower_ == "able" for c in clause.children)
    if that is None or bound is None or able:
        return None
    if modal is not None and modal.lower_ not in _OWN_FORCE:
        return None
    if any(a.lower_ == "to" and a.dep_ == "aux" for c in clause.children for a in c.children):
        return None  # "that the ward is to close" has a cue of its own
    auxiliaries = [c for c in token.children if c.dep_ in AUXILIARIES and c.i < token.i]
    return make_cue(
        doc,
        rule=f"passive:{lemma}",
        modality=modality,
        strength=strength,
        first=min([token if subject is None else subject, *auxiliaries], key=lambda t: t.i),
        last=that,
        anchor=token,
        head=clause,
        subject=bound,
        negated=is_denied(token),
        forbids=any(c.dep_ == "neg" for c in clause.children),
        past=is_past(token) and lemma in ("expect", "require", "suppose", "mean"),
    )


def _is_subjunctive(clause: Token) -> bool:
    """Whether a clause tells what is to be: "that the plan be signed", "that the clerk write"."""
    auxiliaries = [c for c in clause.children if c.dep_ in AUXILIARIES]
    if auxiliaries:
        return any(a.lower_ == "be" and a.tag_ in ("VB", "VBP") for a in auxiliaries[:1])
    return clause.tag_ == "VB"


def _is_negated_infinitive(verb: Token) -> bool:
    """ "are asked not to email", "expect trusts not to close": what is asked is to leave it."""
    to = next((c for c in verb.children if c.lower_ == "to" and c.dep_ in ("aux", "mark")), None)
    if to is None:
        return False
    around = (verb.doc[to.i - 1] if to.i else None, verb.doc[to.i + 1])
    negation = next((t for t in around if t is not None and t.dep_ == "neg"), None)
    if negation is None:
        return False
    following = verb.doc[negation.i + 1 : negation.i + 3]
    return not any(t.lower_ in ("only", "just", "merely", "simply") for t in following)


_TELLING: Final = frozenset(
    {"tell", "order", "instruct", "allow", "permit", "invite", "encourage", "direct", "oblige"}
)


_COUNSEL: Final = frozenset({"advise", "recommend", "suggest"})
_LEAVING: Final = frozenset({"allow", "permit", "enable"})


def _gives_leave(issuer: Token) -> bool:
    """Whether what allows a thing gives leave for it: a body, a person or a rule."""
    word = issuer.lemma_.lower()
    return issuer.pos_ == "PROPN" or issuer.lower_ in ("we", "i", "they") or word in LAYING_DOWN


def _speaker_cue(doc: Doc, token: Token, rule: Verb) -> Cue | None:
    """ "we ask ICBs to work", "we expect that providers achieve": the issuer speaks, the object is
    bound.
    """
    issuer = subject_of(token) or next((c for c in token.children if c.dep_ == "csubj"), None)
    if issuer is None and token.tag_ == "VBG" and token.dep_ == "advcl":
        issuer = subject_of(token.head)  # "wrote to trusts, asking them to wait"
    if issuer is None:
        return None  # "Expect delays to grow": a command to the reader, who is not bound
    if token.dep_ in ("acl", "amod") and issuer is not None and issuer.i > token.i:
        return None
    if rule.lemma in _LEAVING and not _gives_leave(issuer):
        return None  # "the new ward allows patients to go home sooner": makes it possible
    clause = next(
        (
            c
            for c in token.children
            if c.dep_ in ("ccomp", "xcomp", "advcl") and c.i > token.i and c.pos_ in ("VERB", "AUX")
        ),
        None,
    )
    bound = next((c for c in token.children if c.dep_ in _OBJECTS and c.i > token.i), None)
    if clause is None and bound is not None:
        clause = next(
            (c for c in bound.children if c.dep_ in ("acl", "relcl", "xcomp") and c.tag_ == "VB"),
            None,
        )
    if clause is None or any(
        c.lower_ in ("whether", "if", "what", "why", "how", "when", "where", "who")
        and c.i > token.i
        and c.i < clause.i
        for c in clause.subtree
    ):
        return None
    inner = next(
        (c for c in clause.children if c.dep_ in ("nsubj", "nsubjpass") and c.i < clause.i), None
    )
    bound = inner or (bound if bound is not None and bound.i < clause.i else None)
    counsel = (
        bound is None
        and rule.lemma in _COUNSEL
        and clause.tag_ == "VBG"
        and clause.dep_ in ("xcomp", "ccomp")
        and issuer.lower_ in ("we", "i")
    )
    if counsel:
        bound = None  # "we recommend adopting it": whoever reads it
    elif bound is None or bound.lower_ in ("it", "that", "this", "there", "i", "cent", "%"):
        return None  # also "needs 5 per cent to pay its staff"
    infinitive = any(c.lower_ == "to" and c.dep_ == "aux" for c in clause.children)
    if clause.tag_ == "VBD" and not infinitive:
        return None  # "advised that the trust already did": so it is
    if rule.lemma in _TELLING and not infinitive:
        return None  # "told us that the roof leaks" reports; "told us to mend it" directs
    first = (
        issuer if issuer is not None and issuer.i < token.i and token.i - issuer.i <= 4 else token
    )
    that = next((c for c in clause.children if c.dep_ == "mark" and c.lower_ == "that"), None)
    return make_cue(
        doc,
        rule=f"speaker:{rule.lemma}",
        modality=rule.modality,
        strength=rule.strength,
        first=first,
        last=that if that is not None else token,
        anchor=token,
        head=clause,
        subject=bound,
        negated=is_denied(token),
        forbids=_is_negated_infinitive(clause),
        past=is_past(token),
        speaker=True,
    )


_HAVE: Final = frozenset({"have", "has", "'ve", "’ve", "'s", "’s"})


def _has_got(token: Token) -> bool:
    """ "We have got to", "each trust's got to": a duty; "they got to vote" is none."""
    return (
        token.lower_ == "got"
        and token.i + 1 < len(token.doc)
        and token.doc[token.i + 1].lower_ == "to"
        and any(t.lower_ in _HAVE for t in token.doc[max(0, token.i - 2) : token.i])
    )


def _is_infinitive(verb: Token) -> bool:
    """ "It is a pity to have to say it", "without having to ask": nobody is told to."""
    if verb.tag_ == "VBG":
        return not any(c.dep_ in AUXILIARIES for c in verb.children)
    return verb.tag_ == "VB" and any(c.lower_ == "to" and c.i < verb.i for c in verb.children)


def _verb_to_cue(doc: Doc, token: Token, rule: Verb) -> Iterator[Cue]:
    head = governed_infinitive(token)
    if head is None or (token.tag_ in ("VBN",) and any(c.lemma_ == "be" for c in token.children)):
        return
    to = next((c for c in head.children if c.lower_ == "to" and c.i > token.i), None)
    has_to = to is not None and to.i == token.i + 1
    got = _has_got(token)
    if token.dep_ == "aux" or (rule.lemma == "have" and not has_to):
        return
    if rule.lemma == "undertake" and any(
        c.dep_ == "dobj" and token.i < c.i < head.i for c in token.children
    ):
        return  # "undertakes a review to learn from it": carries it out
    if token.tag_ == "VBG" and not any(
        c.dep_ in ("nsubj", "nsubjpass", "aux") for c in token.children
    ):
        return  # "without having to", "they feared needing to": no finite verb, and no duty
    if rule.lemma in ("have", "need") and _is_infinitive(token):
        return
    auxiliaries = [c for c in token.children if c.dep_ in AUXILIARIES and c.i < token.i]
    last = to if to is not None and to.i - token.i <= 2 else token
    yield make_cue(
        doc,
        rule=f"verb:{rule.lemma}",
        modality=rule.modality,
        strength=rule.strength,
        first=min(auxiliaries, key=lambda t: t.i) if auxiliaries else token,
        last=last,
        anchor=token,
        head=head,
        subject=subject_of(token),
        negated=is_denied(token),
        past=not got and is_past(token) and rule.past == "history",
    )


# "The aim is to publish" says what an aim is.
_ABSTRACT: Final = frozenset(
    """
    aim purpose goal objective point idea intention plan approach way answer challenge hope
    focus effect result next step thing question temptation trick alternative problem danger
    risk key best target standard milestone trajectory benchmark ceiling
    """.split()
)
_BETWEEN: Final = frozenset(
    """
    not also then now only never always all both each therefore normally usually no longer
    """.split()
)


def _is_to_cue(doc: Doc, token: Token, rule: Verb, rules: CueRules) -> Iterator[Cue]:
    """ "ICBs are to publish", "the plan is to be published"; not "the aim is to publish"."""
    following = [t.lower_ for t in doc[token.i + 1 : token.i + 4]]
    to_at = next((token.i + 1 + n for n, w in enumerate(following) if w == "to"), None)
    if to_at is None or any(w not in _BETWEEN for w in following[: to_at - token.i - 1]):
        return
    head = next((t for t in doc[to_at + 1 : to_at + 4] if t.pos_ in ("VERB", "AUX")), None)
    if head is not None and head.dep_ == "auxpass":
        head = head.head
    subject = subject_of(token)
    split_off = _split_off_subject(token) if subject is None else None
    subject = subject or split_off
    if head is None or subject is None:
        return
    # "The plan is to open two wards" says what it is; "plans are to be sent in" what to do with it.
    said_of = not any(c.dep_ == "auxpass" for c in head.children)
    if subject.dep_ == "expl":
        # "There are to be no closures"; "there is to be a lead in every ward".
        if head.lemma_ != "be":
            return
    elif said_of and subject.lemma_.lower() in _ABSTRACT and not _is_paper(subject):
        return
    noun = next((n for n in rules.nouns if n.word == subject.lemma_.lower()), None)
    if noun is not None and said_of and noun.word not in rules.agent_nouns:
        if subject.dep_ not in ("nsubj", "nsubjpass") or subject.head.i != token.i:
            yield make_cue(
                doc,
                rule=f"noun:{noun.word}",
                modality=noun.modality,
                strength=noun.strength,
                first=subject,
                last=doc[to_at],
                anchor=subject,
                head=head,
                subject=None,
            )
        return
    cue = make_cue(
        doc,
        rule="verb:be",
        modality=rule.modality,
        strength=rule.strength,
        first=token,
        last=doc[to_at],
        anchor=token,
        head=head,
        subject=subject,
        negated=not {"not", "never", "no"}.isdisjoint(following[: to_at - token.i - 1])
        or has_negative_subject(token)
        or has_negative_subject(head),
        past=token.tag_ == "VBD",
    )
    yield replace(cue, clause="main") if split_off is not None else cue


def _is_paper(subject: Token) -> bool:
    """Plans that are handed in ("draft plans are to reach us"), not somebody's plan to do a
    thing.
    """
    return (
        subject.lower_ == "plans"
        and not any(c.dep_ == "poss" for c in subject.children)
        and not any(c.lower_ in ("the", "these") for c in subject.children)
    )


def _split_off_subject(be: Token) -> Token | None:
    """The subject that a participle after it has drawn off: "Errors found later are to be
    mended".
    """
    participle = be.head
    if be.dep_ not in ("ccomp", "conj") or participle.tag_ not in ("VBN", "VBD"):
        return None
    if participle.dep_ != "ROOT" or any(c.dep_ in AUXILIARIES for c in participle.children):
        return None
    return next(
        (c for c in participle.children if c.dep_ in ("nsubj", "nsubjpass") and c.i < be.i), None
    )
