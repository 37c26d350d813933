"""Cues: the words that carry a modality, found in the parse, each with what it governs and whom it
binds.

The classes are LegalRuleML's; scope and pseudo-cues follow the practice of negation detection
(NegEx, ConText).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pipeline.extract.cue_rules import CueRules, Predicate, Verb
from pipeline.extract.parse import clause_kind, subject_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_AUXILIARIES: Final = frozenset({"aux", "auxpass"})
_NEGATIONS: Final = frozenset({"not", "n't", "n’t", "never"})
_NO: Final = frozenset({"no", "neither", "nobody", "none", "no-one"})
_OBJECTS: Final = frozenset({"dobj", "dative", "iobj"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A cue of one unit.

    `head` is the token index of what it governs (the verb to be done), `anchor` of the word that
    carries it, `subject` of the head noun of who is bound. `clause` is where it stands
    (parse.clause_kind).
    """

    rule: str
    modality: str
    strength: int
    text: str
    start: int
    end: int
    anchor: int
    head: int
    subject: int | None
    clause: str
    negated: bool = False
    past: bool = False
    perfect: bool = False
    speaker: bool = False  # the subject is the issuer, the bearer an object


def find_cues(doc: Doc, rules: CueRules) -> list[Cue]:
    """Every cue of a parsed unit, in order; of cues that govern one another one is left ("will need
    to").
    """
    found = [
        *_find_modals(doc, rules),
        *_find_verbs(doc, rules),
        *_find_predicates(doc, rules),
        *_find_statuses(doc, rules),
    ]
    return sorted(_merge(found), key=lambda c: c.start)


# --------------------------------------------------------------------------------------------
# modals


_ALWAYS_MODAL: Final = frozenset({"ought", "must", "shall", "should"})


def _find_modals(doc: Doc, rules: CueRules) -> Iterator[Cue]:
    for token in doc:
        word = {
            "'ll": "will",
            "’ll": "will",
            "ca": "can",
            "wo": "will",
            "sha": "shall",
            "cannot": "can",
        }.get(token.lower_, token.lower_)
        rule = rules.modal(word)
        if (
            rule is None
            or token.tag_ not in ("MD", "VB", "VBP", "VBZ", "TO")
            or token.pos_ in ("NOUN", "PROPN")
        ):
            continue
        if (
            token.tag_ != "MD"
            and not (word == "need" and token.dep_ == "aux")
            and word not in _ALWAYS_MODAL
        ):
            continue
        if word == "need" and token.dep_ != "aux":
            continue
        head = (
            token.head
            if token.dep_ in _AUXILIARIES or (token.dep_ == "ROOT" and token.head.i != token.i)
            else None
        )
        if head is None or head.i < token.i:
            head = _following_verb(token) or head
        if word == "ought":
            head = next((c for c in token.children if c.dep_ in ("xcomp", "ccomp")), head) or head
        if head is None:
            continue
        negation = _negation(token, head)
        negated = negation is not None or _negative_subject(head) or _never(token, head)
        end = negation if negation is not None and negation.i > token.i else token
        yield _cue(
            doc,
            rule=f"modal:{word}",
            modality=rule.negated if negated else rule.modality,
            strength=rule.strength,
            first=token,
            last=doc[end.i + 1]
            if word == "ought" and end.i + 1 < len(doc) and doc[end.i + 1].lower_ == "to"
            else end,
            anchor=token,
            head=head,
            subject=subject_of(head) or _left_noun(token),
            negated=negated,
            perfect=any(
                c.lemma_ == "have" and c.dep_ == "aux" and c.i > token.i for c in head.children
            )
            and head.tag_ in ("VBN", "VBD"),
        )


def _following_verb(token: Token) -> Token | None:
    """The verb after a modal that the parser left alone."""
    for other in token.doc[token.i + 1 : token.i + 8]:
        if other.pos_ in ("VERB", "AUX") and other.tag_ in ("VB", "VBN"):
            return other.head if other.dep_ == "auxpass" else other
    return token.head if token.head.i != token.i else None


def _left_noun(token: Token) -> Token | None:
    """The noun just before a modal, where the parse gives no subject."""
    for other in reversed(token.doc[max(0, token.i - 6) : token.i]):
        if other.pos_ in ("NOUN", "PROPN", "PRON"):
            return other
        if (other.is_punct and other.text not in (")", "”", "’")) or other.pos_ == "VERB":
            return None
    return None


def _negation(token: Token, head: Token) -> Token | None:
    for other in (*head.children, *token.children):
        if other.dep_ == "neg" and other.lower_ in _NEGATIONS and token.i < other.i <= head.i:
            # "must not only X but Y" is no prohibition.
            following = other.doc[other.i + 1] if other.i + 1 < len(other.doc) else None
            return (
                None
                if following is not None
                and following.lower_ in ("only", "just", "merely", "simply")
                else other
            )
    following = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else None
    if following is not None and following.lower_ in _NEGATIONS | {"no"}:
        after = token.doc[token.i + 2].lower_ if token.i + 2 < len(token.doc) else ""
        if following.lower_ == "no" or after in ("only", "just", "merely", "simply"):
            return None
        return following
    return None


_NEVER: Final = re.compile(
    r"\b(?:under no circumstances?|in no (?:case|circumstances?)|on no account|no longer|at no "
    r"(?:time|point))\b",
    re.IGNORECASE,
)


def _never(token: Token, head: Token) -> bool:
    """ "Must under no circumstances", "should no longer": a negation in several words."""
    first, last = sorted((token.i, head.i))
    window = token.doc[max(0, first - 5) : last + 1].text
    return _NEVER.search(window) is not None


def _negative_subject(head: Token) -> bool:
    """ "No trust may ...", "none of them should ..." """
    subject = subject_of(head)
    if subject is None:
        return False
    if subject.dep_ == "expl":  # "there must be no ..."
        return any(t.lower_ == "no" for t in head.subtree if head.i < t.i <= head.i + 2)
    return subject.lower_ in _NO or any(c.lower_ in _NO for c in subject.children)


# ---------------------------------------------------------------------------------------------
# verbs


def _find_verbs(doc: Doc, rules: CueRules) -> Iterator[Cue]:
    verb_to = {v.lemma: v for v in rules.verb_to}
    # The tagger calls many participles adjectives ("committed", "tasked") and leaves them
    # unlemmatised.
    passives = {form: v for v in rules.passives for form in (v.lemma, *_participles(v.lemma))}
    speakers = {v.lemma: v for v in rules.speakers}
    for token in doc:
        if token.pos_ not in ("VERB", "AUX", "ADJ") or token.tag_ in ("NN", "NNS"):
            continue
        lemma = token.lemma_.lower()
        passive = token.tag_ in ("VBN", "VBD", "JJ") and _is_passive(token)
        if passive and lemma in passives:
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
            yield from _verb_to_cue(doc, token, verb_to[lemma])
        elif lemma == "be" and "be" in verb_to and token.tag_ in ("VBZ", "VBP"):
            yield from _is_to_cue(doc, token, verb_to["be"], rules)


_IRREGULAR: Final = {"tell": "told", "bind": "bound"}


def _participles(lemma: str) -> tuple[str, ...]:
    """The ways in which a past participle may be spelt, right or not: only right ones occur in
    text.
    """
    return (
        lemma + "ed",
        lemma + "d",
        lemma + lemma[-1] + "ed",
        _IRREGULAR.get(lemma, lemma + "ed"),
    )


def _is_passive(token: Token) -> bool:
    if any(c.dep_ == "auxpass" or (c.dep_ == "aux" and c.lemma_ == "be") for c in token.children):
        return token.tag_ in ("VBN", "VBD", "JJ")
    if token.dep_ == "conj" and token.tag_ == "VBN":
        return _is_passive(token.head)
    if token.dep_ in ("acomp", "attr") and token.head.lemma_ == "be":
        return True
    # "with every trust expected to deliver": a participle after its noun.
    return (
        token.tag_ in ("VBN", "JJ")
        and token.dep_ in ("acl", "pcomp", "advcl", "ccomp", "ROOT", "amod", "dep")
        and not any(c.dep_ in ("dobj",) for c in token.children)
        and not any(c.dep_ == "aux" for c in token.children)
    )


def _infinitive(token: Token) -> Token | None:
    """The verb that `token` governs with "to" (or "to" and a gerund after "committed")."""
    for child in token.children:
        if (
            child.dep_ in ("xcomp", "ccomp", "advcl")
            and child.i > token.i
            and any(c.lower_ == "to" and c.dep_ in ("aux", "mark") for c in child.children)
        ):
            return child
    for child in token.children:
        if child.dep_ == "prep" and child.lower_ in ("to", "with") and child.i > token.i:
            gerund = next((c for c in child.children if c.dep_ == "pcomp"), None)
            if gerund is not None:
                return gerund
    following = token.doc[token.i + 1 : token.i + 3]
    if len(following) == 2 and following[0].lower_ == "to" and following[1].pos_ in ("VERB", "AUX"):
        return following[1]
    return None


def _tense(token: Token) -> bool:
    """Whether a finite verb or its auxiliaries stand in the simple past."""
    auxiliaries = [c for c in token.children if c.dep_ in _AUXILIARIES]
    if any(c.tag_ == "MD" for c in auxiliaries):
        return False
    if any(c.tag_ == "VBD" for c in auxiliaries):
        return True
    if any(c.tag_ in ("VBZ", "VBP") for c in auxiliaries):
        return False
    if token.dep_ == "acomp" or token.dep_ == "attr":
        return token.head.tag_ == "VBD"
    if token.dep_ == "conj" and not auxiliaries:
        return _tense(token.head)
    return token.tag_ == "VBD"


def _passive_cue(doc: Doc, token: Token, rule: Verb) -> Iterator[Cue]:
    head = _infinitive(token)
    if head is None:
        return
    subject = subject_of(token)
    if (
        subject is None
        and token.i > 0
        and token.dep_ in ("acl", "pcomp", "advcl", "ROOT", "dep", "ccomp")
    ):
        subject = _left_noun(token)
    to = next((c for c in head.children if c.lower_ == "to"), None)
    auxiliaries = [c for c in token.children if c.dep_ in _AUXILIARIES]
    if not auxiliaries and token.dep_ in ("acomp", "attr"):
        auxiliaries = [token.head]
    yield _cue(
        doc,
        rule=f"passive:{rule.lemma}",
        modality=rule.modality,
        strength=rule.strength,
        first=min(auxiliaries, key=lambda t: t.i) if auxiliaries else token,
        last=to if to is not None and to.i > token.i else token,
        anchor=token,
        head=head,
        subject=subject,
        negated=any(c.dep_ == "neg" for c in token.children),
        past=_tense(token) and rule.past == "history",
    )


_TELLING: Final = frozenset(
    {"tell", "order", "instruct", "allow", "permit", "invite", "encourage", "direct", "oblige"}
)


def _speaker_cue(doc: Doc, token: Token, rule: Verb) -> Cue | None:
    """ "we ask ICBs to work", "we expect that providers achieve": the issuer speaks, the object is
    bound.
    """
    issuer = subject_of(token)
    if issuer is None:
        return None  # "Expect delays to grow": a command to the reader, who is not bound
    if token.dep_ in ("acl", "amod") and issuer is not None and issuer.i > token.i:
        return None
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
            (c for c in bound.children if c.dep_ in ("acl", "relcl") and c.tag_ == "VB"), None
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
    if bound is None or bound.lower_ in ("it", "that", "this", "there", "i"):
        return None
    infinitive = any(c.lower_ == "to" and c.dep_ == "aux" for c in clause.children)
    if rule.lemma in _TELLING and not infinitive:
        return None  # "told us that the roof leaks" reports; "told us to mend it" directs
    first = (
        issuer if issuer is not None and issuer.i < token.i and token.i - issuer.i <= 4 else token
    )
    that = next((c for c in clause.children if c.dep_ == "mark" and c.lower_ == "that"), None)
    return _cue(
        doc,
        rule=f"speaker:{rule.lemma}",
        modality=rule.modality,
        strength=rule.strength,
        first=first,
        last=that if that is not None else token,
        anchor=token,
        head=clause,
        subject=bound,
        negated=any(c.dep_ == "neg" for c in token.children),
        past=_tense(token),
        speaker=True,
    )


def _verb_to_cue(doc: Doc, token: Token, rule: Verb) -> Iterator[Cue]:
    head = _infinitive(token)
    if head is None or (token.tag_ in ("VBN",) and any(c.lemma_ == "be" for c in token.children)):
        return
    if rule.lemma == "have" and head.i - token.i > 4:
        return
    if token.dep_ in ("aux",):
        return
    to = next((c for c in head.children if c.lower_ == "to" and c.i > token.i), None)
    if rule.lemma == "have" and (to is None or to.i != token.i + 1) and rule.lemma == "have":
        return
    auxiliaries = [c for c in token.children if c.dep_ in _AUXILIARIES and c.i < token.i]
    last = to if to is not None and to.i - token.i <= 2 else token
    yield _cue(
        doc,
        rule=f"verb:{rule.lemma}",
        modality=rule.modality,
        strength=rule.strength,
        first=min(auxiliaries, key=lambda t: t.i) if auxiliaries else token,
        last=last,
        anchor=token,
        head=head,
        subject=subject_of(token),
        negated=any(c.dep_ == "neg" for c in token.children),
        past=_tense(token) and rule.past == "history",
    )


# "The aim is to publish" says what an aim is.
_ABSTRACT: Final = frozenset(
    """
    aim purpose goal objective point idea intention plan approach way answer challenge hope
    focus effect result next step thing question temptation trick alternative problem danger
    risk key best
    """.split()
)


def _is_to_cue(doc: Doc, token: Token, rule: Verb, rules: CueRules) -> Iterator[Cue]:
    """ "ICBs are to publish", "the plan is to be published"; not "the aim is to publish"."""
    following = [t.lower_ for t in doc[token.i + 1 : token.i + 4]]
    to_at = next((token.i + 1 + n for n, w in enumerate(following) if w == "to"), None)
    if to_at is None or any(
        w not in ("not", "also", "then", "now", "only") for w in following[: to_at - token.i - 1]
    ):
        return
    head = next((t for t in doc[to_at + 1 : to_at + 4] if t.pos_ in ("VERB", "AUX")), None)
    if head is not None and head.dep_ == "auxpass":
        head = head.head
    subject = subject_of(token)
    if (
        head is None
        or subject is None
        or subject.dep_ == "expl"
        or subject.lemma_.lower() in _ABSTRACT
    ):
        return
    noun = next((n for n in rules.nouns if n.word == subject.lemma_.lower()), None)
    if noun is not None:
        if subject.dep_ not in ("nsubj", "nsubjpass") or subject.head.i != token.i:
            yield _cue(
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
    yield _cue(
        doc,
        rule="verb:be",
        modality=rule.modality,
        strength=rule.strength,
        first=token,
        last=doc[to_at],
        anchor=token,
        head=head,
        subject=subject,
        negated="not" in following or _negative_subject(token),
    )


def _find_statuses(doc: Doc, rules: CueRules) -> Iterator[Cue]:
    """ "Recruitment is not permitted": a participle or adjective after "be", with no infinitive of
    its own.
    """
    statuses = {s.word: s for s in rules.status}
    for token in doc:
        rule = statuses.get(token.lower_)
        if rule is None or token.tag_ not in ("VBN", "VBD", "JJ") or _infinitive(token) is not None:
            continue
        copula = token.head if token.dep_ in ("acomp", "attr", "oprd") else token
        be = [c for c in copula.children if c.lemma_ == "be" and c.i < token.i]
        if (copula is token and not be) or (copula is not token and copula.lemma_ != "be"):
            continue
        subject = subject_of(copula)
        if subject is None or any(c.dep_ in ("ccomp", "dobj") for c in token.children):
            continue
        negation = next((c for c in copula.children if c.dep_ == "neg"), None)
        negated = negation is not None or any(c.lower_ == "no" for c in subject.children)
        auxiliaries = [c for c in copula.children if c.dep_ in _AUXILIARIES]
        yield _cue(
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
            past=_tense(copula),
        )


# ----------------------------------------------------------------------------------------
# predicates


def _find_predicates(doc: Doc, rules: CueRules) -> Iterator[Cue]:
    adjectives = {p.word: p for p in rules.adjectives}
    nouns = {p.word: p for p in rules.nouns}
    for token in doc:
        word = token.lower_
        if word in adjectives and token.pos_ in ("ADJ", "NOUN", "VERB", "ADV"):
            yield from _adjective_cue(doc, token, adjectives[word])
        elif token.lemma_.lower() in nouns and token.pos_ in ("NOUN", "PROPN"):
            yield from _noun_cue(doc, token, nouns[token.lemma_.lower()])


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
    auxiliaries = [c for c in copula.children if c.dep_ in _AUXILIARIES and c.i < token.i]
    compared = any(c.lower_ in ("more", "less", "most", "as") for c in token.children)
    first = min([copula, *auxiliaries], key=lambda t: t.i) if copula.i < token.i else token
    return _cue(
        doc,
        rule=f"predicate:{rule.word}",
        modality=rule.modality,
        strength=rule.strength,
        first=first,
        last=last,
        anchor=token,
        head=head,
        subject=subject,
        negated=not compared and any(c.dep_ == "neg" for c in copula.children),
        past=copula.tag_ == "VBD" and not any(c.tag_ == "MD" for c in auxiliaries),
    )


_HOLDING: Final = frozenset({"have", "be", "give", "retain", "hold", "carry", "enjoy"})


def _noun_cue(doc: Doc, token: Token, rule: Predicate) -> Iterator[Cue]:
    """ "have a duty to publish"; "the task is to apply"; "the rule is that boards approve"."""
    governor = token.head
    if rule.bearer == "subject":
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
        if clause is None:
            return
        to = next((c for c in clause.children if c.lower_ == "to"), None)
        auxiliaries = [c for c in governor.children if c.dep_ in _AUXILIARIES]
        yield _cue(
            doc,
            rule=f"noun:{rule.word}",
            modality=rule.modality,
            strength=rule.strength,
            first=min([governor, *auxiliaries], key=lambda t: t.i),
            last=to if to is not None else token,
            anchor=token,
            head=clause,
            subject=subject_of(governor),
            negated=any(c.lower_ == "no" for c in token.children) or _negative_subject(governor),
            past=_tense(governor),
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
    if stated is not None and token.dep_ in ("attr", "dobj", "nsubj", "pobj"):
        # "an expectation that CCGs will create a contingency"
        subject = next((c for c in stated.children if c.dep_ in ("nsubj", "nsubjpass")), None)
        yield _cue(
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
    if (not predicate and token.dep_ not in ("nsubj", "nsubjpass")) or governor.lemma_ not in (
        "be",
        "remain",
    ):
        return
    clause = next(
        (
            c
            for c in governor.children
            if c.dep_ in ("ccomp", "xcomp", "advcl", "attr")
            and c.i > governor.i
            and c.pos_ in ("VERB", "AUX")
        ),
        None,
    )
    if clause is None:
        return
    marks = {c.lower_ for c in clause.children if c.dep_ in ("mark", "aux")}
    if not marks & {"that", "to"}:
        return
    subject = next((c for c in clause.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    yield _cue(
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


# -------------------------------------------------------------------------------------------
# merging


def _cue(
    doc: Doc,
    *,
    rule: str,
    modality: str,
    strength: int,
    first: Token,
    last: Token,
    anchor: Token,
    head: Token,
    subject: Token | None,
    negated: bool = False,
    past: bool = False,
    perfect: bool = False,
    speaker: bool = False,
) -> Cue:
    start, end = first.idx, last.idx + len(last)
    if end < start:
        start, end = end, start
    return Cue(
        rule=rule,
        modality=_negate(rule, modality) if negated else modality,
        strength=strength,
        text=doc.text[start:end],
        start=start,
        end=end,
        anchor=anchor.i,
        head=head.i,
        subject=None if subject is None else subject.i,
        clause=clause_kind(
            anchor if anchor.pos_ != "AUX" or anchor.dep_ == "ROOT" else anchor.head
        ),
        negated=negated,
        past=past,
        perfect=perfect,
        speaker=speaker,
    )


def _negate(rule: str, modality: str) -> str:
    """What a cue other than a modal says with "not": "need not", "are not allowed to", "do not
    expect".
    """
    if rule.startswith(("modal:", "status:")):
        return modality
    return _TURNED.get(modality, modality)


_TURNED: Final = {
    "permission": "prohibition",
    "obligation": "permission",
    "recommendation": "prohibition",
}


# "May wish to" recommends; "wish to" alone says what somebody would like.
_ONLY_WITH_MAY: Final = frozenset({"verb:wish", "verb:like", "verb:want"})


def _merge(cues: list[Cue]) -> list[Cue]:
    """One cue where one governs the other: "will need to" is a need, "may be required to" a
    possibility.
    """
    merged: list[Cue] = []
    absorbed: set[int] = set()
    by_anchor = {c.anchor: n for n, c in enumerate(cues)}
    for n, outer in enumerate(cues):
        if not outer.rule.startswith("modal:"):
            continue
        inner_n = by_anchor.get(outer.head)
        if inner_n is None:
            inner_n = next(
                (
                    k
                    for k, c in enumerate(cues)
                    if k != n
                    and c.start <= outer.start
                    and outer.end <= c.end
                    and not c.rule.startswith("modal:")
                ),
                None,
            )
        if inner_n is None or inner_n == n or inner_n in absorbed:
            continue
        inner = cues[inner_n]
        absorbed |= {n, inner_n}
        merged.append(_combine(outer, inner))
    return merged + [
        c for n, c in enumerate(cues) if n not in absorbed and c.rule not in _ONLY_WITH_MAY
    ]


_ADVISED: Final = frozenset(
    {
        "predicate:wise",
        "predicate:sensible",
        "predicate:better",
        "predicate:advisable",
        "predicate:helpful",
        "passive:advise",
    }
)


def _combine(outer: Cue, inner: Cue) -> Cue:
    """A modal and what it governs as one cue."""
    start, end = min(outer.start, inner.start), max(outer.end, inner.end)
    text = inner.text if inner.start <= outer.start else f"{outer.text} {inner.text}"
    both = replace(
        inner, start=start, end=end, text=text, past=False, subject=inner.subject or outer.subject
    )
    if outer.rule == "modal:would" and (
        inner.rule.startswith("speaker:")
        or inner.rule in _ADVISED
        or inner.modality == "prohibition"
    ):
        return both  # "we would ask", "would be wise to": polite, and no weaker for it
    if inner.rule in ("verb:wish", "verb:like", "verb:want"):
        weak = outer.rule in ("modal:may", "modal:might", "modal:can", "modal:could")
        return replace(both, modality="recommendation" if weak else "possibility")
    if outer.rule == "modal:will" and outer.negated and inner.rule.startswith("speaker:"):
        return replace(
            both,
            modality="future",
            rule="modal:will",
            speaker=False,
            subject=outer.subject,
            negated=True,
        )
    binding = outer.rule in (
        "modal:must",
        "modal:should",
        "modal:ought",
        "modal:shall",
    ) and inner.rule not in ("verb:need", "verb:have")
    if not binding and (
        outer.rule in ("modal:will", "modal:shall")
        or (inner.rule.startswith("verb:") and outer.rule != "modal:would")
    ):
        weak = outer.rule in ("modal:may", "modal:can", "modal:could", "modal:might")
        modality = "possibility" if weak else inner.modality
        if outer.negated:
            modality = _TURNED.get(inner.modality, inner.modality)
        return replace(both, modality=modality, negated=outer.negated or inner.negated)
    if outer.rule in ("modal:may", "modal:can", "modal:could", "modal:might", "modal:would"):
        return replace(both, modality="possibility")
    return replace(
        both,
        modality=outer.modality,
        strength=outer.strength,
        rule=outer.rule,
        negated=outer.negated,
    )
