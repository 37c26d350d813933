"""How a number stands in the parse: what it counts, the verb over it, the clause it is in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.extract.lookup import Tags, token_from, tokens_within
from pipeline.extract.parse import clause_kind, text_of
from pipeline.extract.quantities import Measurement
from pipeline.extract.quantity_rules import quantity_rules
from pipeline.extract.quantity_wording import CLAUSE_EDGE

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_MODIFIERS: Final = frozenset(
    {"nummod", "compound", "quantmod", "amod", "poss", "det", "npadvmod", "nmod", "advmod", "dep"}
)
_NOUNS: Final = ("NOUN", "PROPN", "PRON")
_SUBJECTS: Final = ("nsubj", "nsubjpass", "csubj")
_AUXILIARIES: Final = ("aux", "auxpass")
_CONDITIONS: Final = frozenset({"if", "when", "where", "unless", "whenever", "wherever"})
_REASONS: Final = frozenset({"since", "because", "although", "though", "whereas", "while"})
_MONEY_NOUNS: Final = ("cost", "money", "surplus", "saving", "income", "bill", "expense", "price")
_PROMISES: Final = ("will", "’ll", "'ll", "may", "can")
_ANYONE: Final = ("those", "any", "anyone", "all")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a number stands: all False and empty where the parse tells nothing.

    `role` is the dependency of the noun that it counts, `preposition` the word before that noun,
    `tense` past, perfect, modal, present or none. `required` tells that its verb is one to be done,
    `close` that it hangs on that verb directly, `in_subject` that it stands in its subject, `deep`
    that it is inside the subject of what is required without heading it, `promised` that its verb
    stands with "will" or "may", `defines` that it tells
    which thing is meant ("sites of over 500").
    """

    role: str = ""
    counts_noun: bool = False
    noun: str = ""
    preposition: str = ""
    governs: str = ""
    governs_subject: bool = False
    of_given: bool = False
    verb: str = ""
    tense: str = ""
    clause: str = ""
    modal: bool = False
    promised: bool = False
    negated: bool = False
    infinitive: bool = False
    passive: bool = False
    is_root: bool = False
    required: bool = False
    close: bool = False
    in_subject: bool = False
    deep: bool = False
    defines: bool = False
    after_noun: bool = False
    in_relative: bool = False
    in_condition: bool = False
    in_reason: bool = False
    modal_elsewhere: bool = False


_MODALS: Final = Tags({"MD"})


def read_standing(m: Measurement, doc: Doc) -> Standing:
    """How the number `m` stands in the parse of its unit."""
    root = number_root(m, doc)
    if root is None:
        return Standing()
    noun = counted(root)
    over = _preposition(noun, root)
    of = next((c for c in root.children if c.lower_ == "of"), None)
    inner = next((c for c in of.children if c.dep_ == "pobj"), None) if of is not None else None
    verb = governor(noun)
    return Standing(
        role=_own_role(noun),
        counts_noun=noun is not root,
        noun=noun.lemma_.lower(),
        preposition=over.lemma_.lower() if over is not None else "",
        governs=over.head.lemma_.lower() if over is not None else "",
        governs_subject=over is not None and over.head.dep_ in _SUBJECTS,
        of_given=inner is not None and _is_money(inner),
        verb=verb.lemma_.lower() if verb is not None else "",
        tense=_tense(verb, noun) if verb is not None else "",
        clause=clause_kind(verb) if verb is not None else "",
        modal=verb is not None and _has_modal(verb),
        promised=verb is not None and _is_promised(verb),
        negated=verb is not None and any(c.dep_ == "neg" for c in verb.children),
        infinitive=verb is not None and verb.tag_ == "VB" and not _has_modal(verb),
        passive=verb is not None and any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children),
        is_root=verb is not None and verb.dep_ == "ROOT",
        required=verb is not None and _is_required(verb),
        close=verb is not None and _depth(noun, verb) <= 2,
        in_subject=verb is not None and _in_subject(noun, verb),
        deep=_is_deep(noun, root),
        defines=_defines(noun, root),
        after_noun=_follows_noun(m, doc),
        in_relative=any(t.dep_ in ("relcl", "acl") for t in way_up(noun)),
        in_condition=_in_clause(noun, _CONDITIONS),
        in_reason=_in_clause(noun, _REASONS),
        modal_elsewhere=verb is not None and _has_modal_elsewhere(noun, verb, doc),
    )


def number_root(m: Measurement, doc: Doc) -> Token | None:
    """The token of the number through which it hangs on the rest of the sentence."""
    inside = tokens_within(doc, m.number_start, m.number_end)
    if not inside:
        return None
    first, last = inside[0].i, inside[-1].i
    hanging = (t for t in inside if not first <= t.head.i <= last)
    return next(hanging, next((t for t in inside if t.head.i == t.i), inside[-1]))


def counted(root: Token) -> Token:
    """The noun that a number counts or measures, or the number's own root where it stands alone."""
    token = root
    while token.dep_ in _MODIFIERS and token.head.pos_ in _NOUNS and token.head.i != token.i:
        token = token.head
    return token


def governor(token: Token) -> Token | None:
    """The verb over a token; None where there is none."""
    return next((t for t in way_up(token) if t.pos_ in ("VERB", "AUX")), None)


def way_up(token: Token) -> list[Token]:
    """The token and those over it, up to the root."""
    way = [token]
    while way[-1].head.i != way[-1].i:
        way.append(way[-1].head)
    return way


def _is_money(noun: Token) -> bool:
    lemma = noun.lemma_.lower()
    return lemma in _MONEY_NOUNS or lemma in quantity_rules().giving_words.words


def _preposition(noun: Token, root: Token) -> Token | None:
    if noun.dep_ in ("pobj", "pcomp"):
        return noun.head
    return root.head if root.dep_ == "pobj" else None


def _own_role(noun: Token) -> str:
    """How a noun hangs on its verb; a later member of a list hangs as the first does."""
    token = noun
    while token.dep_ == "conj" and token.head.pos_ in _NOUNS:
        token = token.head
    return str(token.dep_)


def _follows_noun(m: Measurement, doc: Doc) -> bool:
    """Whether a noun stands right before: "any block above 18m", "a site of over 500 homes"."""
    following = token_from(doc, m.start)
    end = len(doc) if following is None else following.i
    words = [t for t in doc[max(0, end - 3) : end] if t.idx + len(t) <= m.start][-2:]
    if len(words) > 1 and words[-1].lower_ in ("of", "with", "for"):
        words.pop()
    return bool(words) and (words[-1].pos_ in ("NOUN", "PROPN") or words[-1].lower_ in _ANYONE)


def _defines(noun: Token, root: Token) -> bool:
    """Whether a number hangs with a preposition on a noun and tells which thing is meant."""
    token = noun if noun.dep_ == "pobj" else root
    if token.dep_ != "pobj" or token.head.dep_ != "prep":
        return False
    head = token.head.head
    rules = quantity_rules()
    valued = rules.change_nouns.words | rules.giving_words.words | {"target", "standard", "limit"}
    return head.pos_ in _NOUNS and head.lower_ not in valued and head.lemma_.lower() not in valued


def _is_deep(noun: Token, root: Token) -> bool:
    """Whether a number stands inside the subject of what is required, and does not head it."""
    for token in way_up(noun):
        if token.dep_ in ("nsubj", "nsubjpass") and token.i not in (noun.i, root.i):
            verb = token.head
            if verb.dep_ in ("ROOT", "conj", "ccomp") or _has_modal(verb):
                return True
    return False


def _has_modal(verb: Token) -> bool:
    return any(c.tag_ == "MD" for c in verb.children)


def _is_promised(verb: Token) -> bool:
    """Whether a verb, or the one it goes on from, stands with "will" or "may"."""
    token = verb
    while token.dep_ == "conj" and token.head.pos_ in ("VERB", "AUX") and not _has_modal(token):
        token = token.head
    return any(c.tag_ == "MD" and c.lower_ in _PROMISES for c in token.children)


def _is_required(verb: Token) -> bool:
    """Whether a verb is to be done: with a modal, as an infinitive, or opening the unit."""
    if _opens_unit(verb):
        return True
    return any(
        c.dep_ in _AUXILIARIES and (c.tag_ == "MD" or c.lower_ == "to") for c in verb.children
    )


def _opens_unit(verb: Token) -> bool:
    """An imperative or gerund at the head of a list item; "cut" there is no past tense."""
    if any(c.dep_ in _SUBJECTS and c.i < verb.i for c in verb.children):
        return False  # "Sales rose by 2%"
    return verb.dep_ == "ROOT" and verb.i <= 1 and verb.tag_ not in ("VBZ", "MD")


def _tense(verb: Token, noun: Token) -> str:
    """The tense of a verb; a past form without a subject of its own is a participle: none."""
    auxiliaries = [c for c in verb.children if c.dep_ in _AUXILIARIES]
    if _opens_unit(verb):
        return "none"
    if any(a.tag_ == "VBD" for a in auxiliaries):
        return "past"
    if verb.tag_ == "VBN" and any(a.lower_ in ("has", "have") for a in auxiliaries):
        return "perfect"
    if any(a.tag_ == "MD" for a in auxiliaries):
        return "modal"
    if verb.tag_ == "VBD":
        has_subject = any(c.dep_ in _SUBJECTS for c in verb.children)
        return "past" if has_subject and not _in_subject(noun, verb) else "none"
    return "present" if verb.tag_ in ("VBZ", "VBP") else "none"


def _in_subject(noun: Token, verb: Token) -> bool:
    for token in way_up(noun):
        if token.i == verb.i:
            return False
        if token.dep_ in _SUBJECTS:
            return True
    return False


def _in_clause(noun: Token, marks: frozenset[str]) -> bool:
    """Whether a token stands in an adverbial clause that one of these words opens."""
    return any(
        t.dep_ == "advcl" and any(c.lower_ in marks for c in t.children) for t in way_up(noun)
    )


def _has_modal_elsewhere(noun: Token, verb: Token, doc: Doc) -> bool:
    """Whether another clause, set off by punctuation, holds the modal: this may be background."""
    for token in _MODALS.tokens(doc):
        if token.head.i != verb.i:
            first, last = sorted((noun.idx, token.idx))
            if CLAUSE_EDGE.search(text_of(doc), first, last):
                return True
    return False


def _depth(noun: Token, verb: Token) -> int:
    return next(n for n, token in enumerate(way_up(noun)) if token.i == verb.i)
