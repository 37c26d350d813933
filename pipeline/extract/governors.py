"""What a clause hangs on: whether it is said, promised, thought or asked.

"NHS England said that it would publish a plan" passes a promise on; "we doubt that it will" does
not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.extract.parse import subject_of

if TYPE_CHECKING:
    from spacy.tokens import Token

_KINDS: Final = {
    word: kind
    for kind, words in {
        "speech": """
            say tell state announce add write report explain stress note reveal indicate declare
            reply respond clarify
            """,
        "promise": """
            promise pledge undertake agree resolve commit confirm assure guarantee vow reassure
            decide
            """,
        # "We believe that clinicians should lead", "the pilot found that patients will travel":
        # what is thought or found binds nobody.
        "belief": """
            think believe suspect hope fear doubt suppose imagine assume estimate feel find show
            suggest dispute deny acknowledge guess conclude
            """,
        "view": "expect know reckon predict forecast argue claim warn bet",
        "asking": "ask wonder question",
    }.items()
    for word in words.split()
}
# "It is unlikely that the trust will", "we are hopeful that they will".
_GUESSES: Final = frozenset(
    """
    likely unlikely possible probable doubtful conceivable hopeful confident optimistic unclear
    afraid worried concerned
    """.split()
)
_PROMISES: Final = frozenset({"promise", "pledge", "commitment", "undertaking", "assurance", "vow"})


def governor_of(verb: Token) -> Token | None:
    """The verb whose that-clause `verb` heads, or shares with the verb that heads it; None for a
    clause of its own.
    """
    seen: set[int] = set()
    token = verb
    while token.i not in seen and token.dep_ != "ROOT":
        seen.add(token.i)
        if token.dep_ == "ccomp":
            return token.head
        if token.dep_ in ("advcl", "acl"):  # "a promise was made that ..."
            marked = any(c.dep_ == "mark" and c.lower_ == "that" for c in token.children)
            return token.head if marked else None
        if token.dep_ not in ("conj", "aux", "auxpass", "xcomp", "acomp", "attr"):
            return None
        token = token.head
    return None


def governor_kind(governor: Token | None) -> str:
    """speech, promise, belief, asking or "" for anything else."""
    if governor is None:
        return ""
    if governor.pos_ == "NOUN":
        return "promise" if governor.lemma_.lower() in _PROMISES else ""
    if governor.lemma_.lower() in ("be", "make", "give", "repeat"):
        if any(c.dep_ == "acomp" and c.lower_ in _GUESSES for c in governor.children):
            return "belief"
        nouns = [c for c in governor.children if c.dep_ in ("nsubj", "nsubjpass", "dobj", "attr")]
        return "promise" if any(n.lemma_.lower() in _PROMISES for n in nouns) else ""
    return _KINDS.get(governor.lemma_.lower(), "")


def is_told(governor: Token) -> bool:
    """Whether what is said lies back, so that "would" stands for "will": "said that it would"."""
    past = governor.tag_ in ("VBD", "VBN")
    return past and not any(c.tag_ == "MD" for c in governor.children)


def speaks_for_itself(governor: Token) -> bool:
    """Whether the one who says it is the author: "I said that we would"."""
    speaker = subject_of(governor)
    return speaker is not None and speaker.lower_ in ("i", "we")


_ITS: Final = frozenset({"it", "they", "he", "she"})


def promises_itself(governor: Token, subject: Token | None) -> bool:
    """Whether who is said to act is who says it: "NHS England said that it would"."""
    if subject is None or subject.lower_ not in _ITS:
        return False
    speaker = subject_of(governor)
    if speaker is None or speaker.i > subject.i or speaker.lower_ in ("i", "we", "you"):
        return False
    plural = "Plur" in speaker.morph.get("Number", []) or any(
        c.dep_ == "conj" for c in speaker.children
    )
    return not plural if subject.lower_ in ("he", "she") else True
