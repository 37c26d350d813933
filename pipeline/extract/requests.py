"""Requests: what prose asks of its reader without a modal, politely, as a ban, or in case of need.

"Please send your figures by Friday", "Do not use the old form", "If you cannot come, send word".
A bare command in prose ("Remember who pays") is a turn of phrase and none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.extract.lookup import Words, root_of
from pipeline.extract.parse import text_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_PLEASE: Final = Words({"please"})
_CASES: Final = frozenset({"if", "when", "where", "once", "unless", "should"})
_OPENING: Final = 2  # "Finally, if it does not come, write"
_SUBJECTS: Final = frozenset({"nsubj", "nsubjpass", "expl"})
_READER: Final = frozenset({"you", "your"})
_ADDRESSING: Final = frozenset({"would", "could", "will", "can"})
# "Do not get me wrong", "please note that", "please tick": asides to the reader of a page or a
# form, who is to do nothing else.
_RHETORICAL: Final = frozenset(
    """
    get mistake worry forget imagine suppose think believe laugh mind fear despair
    note see find excuse forgive accept remember tick click double visit scroll
    """.split()
)


# "Second, never sign it blind": advice that is counted off.
_ORDINALS: Final = frozenset(
    """
    first firstly second secondly third thirdly fourth fourthly fifth finally lastly
    """.split()
)


# "See annex B", "please refer to the note", "contact us for details": where to find more.
_POINTER: Final = re.compile(
    r"(?:^|[,;]\s)\W*(?:for [^,;.]{1,60}, )?(?:please )?(?:also )?"
    r"(?:(?:see|note|refer to|visit)\b|(?:contact|e-?mail|write to|call)\b[^.;]*"
    r"\b(?:information|details?|questions?|quer(?:y|ies)|support|help|advice)\b)",
    re.IGNORECASE,
)


def is_pointer(text: str) -> bool:
    """Whether a sentence sends its reader to where more is said: they are bound to nothing."""
    return _POINTER.match(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`verb` is the token to be done; `form` is polite, ban or case; `addressee` as written, where
    the text names one.
    """

    verb: int
    form: str
    cue: str
    negated: bool = False
    addressee: str | None = None


def find_request(doc: Doc) -> Request | None:
    """The first request of a parsed sentence, or None; a question is none."""
    if text_of(doc).rstrip(" ”’\"'").endswith("?"):
        return None
    for please in _PLEASE.tokens(doc):
        if please.lower_ == "please" and (found := _polite(doc, please)) is not None:
            return found
    verb = root_of(doc)
    if verb is None or not _is_command(verb):
        return None
    if doc[0].lower_ == "never" and doc[0].head.i == verb.i:
        if verb.lemma_.lower() in _RHETORICAL:
            return None
        return Request(verb=verb.i, form="ban", cue=doc[0].text, negated=True)
    if (negation := _negation(verb)) is not None and verb.lemma_.lower() not in _RHETORICAL:
        return Request(
            verb=verb.i, form="ban", cue=_words(doc, negation.i - 1, negation.i), negated=True
        )
    if doc[0].lower_ in _ORDINALS and len(doc) > 1 and doc[1].lower_ in (",", ":"):
        never = any(c.dep_ == "neg" and c.i < verb.i for c in verb.children)
        return Request(verb=verb.i, form="numbered", cue="imperative", negated=never)
    if (case := _case(verb)) is not None:
        return Request(verb=verb.i, form="case", cue="imperative", addressee=_reader(case))
    return None


def _polite(doc: Doc, please: Token) -> Request | None:
    """What "please" asks for: the next verb, if it is a command or an inverted "would you"."""
    if please.tag_ in ("VB", "VBP") and please.i > 0 and doc[please.i - 1].lower_ in ("to", "you"):
        return None  # "aims to please", "as you please"
    following = doc[please.i + 1 :]
    if len(following) == 0:
        return None
    inverted = following[0].lower_ in _ADDRESSING
    verb = next(
        (
            t
            for t in following
            if t.tag_ in ("VB", "VBP")
            and t.dep_ not in ("aux", "auxpass", "amod")
            and not (t.i > 0 and doc[t.i - 1].lower_ == "to")
        ),
        None,
    )
    if verb is None or verb.lemma_.lower() in _RHETORICAL:
        return None
    if not inverted and not _is_command(verb):
        return None
    subject = next((c for c in verb.children if c.dep_ in _SUBJECTS), None) if inverted else None
    negation = None if inverted else _negation(verb)
    case = _case(verb)
    addressee = _reader(case) if case is not None else None
    if subject is not None:
        addressee = _words(doc, max(subject.left_edge.i, following[0].i + 1), subject.i)
    return Request(
        verb=verb.i,
        form="polite",
        cue=please.text,
        negated=negation is not None,
        addressee=addressee,
    )


def _is_command(verb: Token) -> bool:
    """Whether a verb stands in its bare form with no subject and no auxiliary but "do"."""
    bare = verb.tag_ in ("VB", "VBP") or (verb.tag_ == "VBD" and verb.lower_ == verb.lemma_.lower())
    return bare and not any(
        (c.dep_ in _SUBJECTS and c.i < verb.i)
        or (c.dep_ in ("aux", "auxpass") and c.lower_ not in ("do", "please"))
        for c in verb.children
    )


def _negation(verb: Token) -> Token | None:
    does = any(c.dep_ in ("aux", "auxpass") and c.lower_ == "do" for c in verb.children)
    return next((c for c in verb.children if c.dep_ == "neg" and does and c.i < verb.i), None)


def _case(verb: Token) -> Token | None:
    """The verb of a clause before the command that says in what case it holds."""
    for child in verb.children:
        if child.dep_ != "advcl" or child.i > verb.i or child.left_edge.i > _OPENING:
            continue  # "many of whom, when asked, say": it does not open the sentence
        if any(c.dep_ in ("mark", "advmod", "aux") and c.lower_ in _CASES for c in child.children):
            return child
    return None


def _reader(case: Token) -> str | None:
    """Whom the case speaks of, if it speaks to the reader: "you", "your practice"."""
    subject = next((c for c in case.children if c.dep_ in _SUBJECTS), None)
    if subject is None:
        return None
    words = {t.lower_ for t in subject.subtree}
    if not words & _READER:
        return None
    return _words(case.doc, subject.left_edge.i, subject.i)


def _words(doc: Doc, first: int, last: int) -> str:
    start, end = doc[max(first, 0)], doc[last]
    return text_of(doc)[start.idx : end.idx + len(end)]
