"""Is a unit a command: "Improve access", "ensure that plans are costed"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from pipeline.extract.lookup import root_of
from pipeline.extract.milestones import is_measure_row
from pipeline.extract.units import Unit
from pipeline.records import Kind, PassageKind

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from pipeline.extract.parse import ParseCache

# The tagger takes many an opening verb for a noun ("Review bed capacity"); after "They must" it
# cannot.
_PROBE: Final = "They must "
_ADVERBS: Final = frozenset(
    {
        "also",
        "always",
        "fully",
        "further",
        "proactively",
        "actively",
        "systematically",
        "explicitly",
        "jointly",
        "then",
        "either",
        "continually",
        "rapidly",
        "better",
        "not",
        "never",
        "please",
    }
)
_NEGATED: Final = re.compile(
    r"^(?:please\s+)?(?:do\snot|don['’]t|never|not|under\sno\scircumstances?,?|"
    r"on\sno\saccount)\s+(?!only\b)",
    re.IGNORECASE,
)
# "Discharge – agree ...", "Digital: move ...": a short heading before the words themselves.
_LABEL: Final = re.compile(r"^[^\W\d_][^.;:?!|–—]{1,60}?(?:\s[–—-]|:)\s+(?=\S+\s\S)")
_CELL: Final = re.compile(r"\s\|\s+(?=\S)")
_OPENING: Final = re.compile(r"(?:\S+\s+){0,11}\S+")
_AFTER_NOUNS: Final = frozenset(
    {"of", "to", "|", "is", "are", "was", "were", "has", "have", "will", "should", "must"}
)
_FEWEST: Final = 2  # "Space." is a label
_SKIPPED: Final = re.compile(r"^[\s“‘\"'•(]*")


class ImperativeTest:
    """Tells commands by the parse, asking again with a subject put before where the tagger may have
    erred.
    """

    def __init__(
        self,
        cache: ParseCache,
        verbs: frozenset[str],
        kind: Kind,
        *,
        mere_verbs: frozenset[str],
    ) -> None:
        self._cache = cache
        self._verbs = verbs
        self._mere_verbs = mere_verbs  # no nouns, whatever the tagger says
        # Headings and labels that read like commands ("Review of beds") fill board papers.
        self._trusts_tagger = kind is not Kind.GUIDANCE

    def prepare(self, units: Iterable[Unit]) -> None:
        """Parse in two batches what `find_command` will ask for."""
        openings = [(t, u) for u in units for _, t in _openings(u) if self._is_possible(t)]
        self._cache.parse_all(t for t, _ in openings)
        self._cache.parse_all(_probe(t) for t, u in openings if self._is_in_doubt(t, u))

    def find_command(self, unit: Unit) -> tuple[int, Doc] | None:
        """Where in a unit a command begins, and its parse: at its start, behind its label, or in a
        later cell of a row; None where it holds none.
        """
        start = next((n for n, t in _openings(unit) if self._is_command(t, unit)), None)
        return None if start is None else (start, self._cache[unit.text[start:]])

    def _is_command(self, text: str, unit: Unit) -> bool:
        if not self._is_possible(text):
            return False
        if self._is_in_doubt(text, unit):
            return self._is_verb_after_all(text, unit)
        doc = self._cache[text]
        return _opens_with_verb(doc) and not _has_finite_subject(doc)

    def _is_in_doubt(self, text: str, unit: Unit) -> bool:
        """Whether the tagger sees no verb up front where one may well stand."""
        doc = self._cache[text]
        opens, subject = _opens_with_verb(doc), _has_finite_subject(doc)
        if not self._trusts_tagger and _opening(text) in self._mere_verbs:
            return subject or not opens  # "Accelerate plans to train": no subject, no noun
        if opens or subject:
            return False
        return _is_negated(text) or (unit.is_item and not self._trusts_tagger)

    def _is_verb_after_all(self, text: str, unit: Unit) -> bool:
        probe = self._cache[_probe(text)]
        verb = next((t for t in probe[2:] if t.lower_ not in _ADVERBS), None)
        if verb is None or verb.tag_ != "VB" or verb.i > 4:
            return False
        if _is_negated(text):
            return True
        row = unit.passage.kind is PassageKind.TABLE_ROW
        if row and is_measure_row(unit.text):
            return False  # "Fire risk assessments under a year old | 98%"
        # A noun that is also a verb ("Review of beds", "Access to care"): what follows tells.
        following = probe[verb.i + 1] if verb.i + 1 < len(probe) else None
        if following is None or following.lower_ in _AFTER_NOUNS:
            return False
        return verb.dep_ == "ROOT" and (not row or len(probe) > 6)

    def _is_possible(self, text: str) -> bool:
        return not text.rstrip().endswith("?") and _opening(text) in self._verbs


def _opening(text: str) -> str | None:
    """The word of a text that a command would begin with, in small letters; None of one word."""
    words = _NEGATED.sub("", _SKIPPED.sub("", text)).split(None, 3)
    if len(words) < _FEWEST:
        return None
    first, second = (word.lower().strip(",.;:") for word in words[:2])
    return second if first in _ADVERBS else first


def _openings(unit: Unit) -> Iterator[tuple[int, str]]:
    """The places where a command may begin, with what follows them there."""
    yield 0, unit.text
    if unit.passage.kind is PassageKind.TABLE_ROW:
        for cell in _CELL.finditer(unit.text):
            end = unit.text.find(" | ", cell.end())
            yield cell.end(), unit.text[cell.end() : None if end < 0 else end]
    elif unit.is_item and (label := _LABEL.match(unit.text)):
        yield label.end(), unit.text[label.end() :]


def _probe(text: str) -> str:
    """The opening words with a subject put before; the rest would only cost time."""
    opening = _OPENING.match(_NEGATED.sub("", _SKIPPED.sub("", text)))
    bare = opening.group() if opening is not None else ""
    return _PROBE + bare[:1].lower() + bare[1:]


def _is_negated(text: str) -> bool:
    return _NEGATED.match(_SKIPPED.sub("", text)) is not None


def _opens_with_verb(doc: Doc) -> bool:
    token = next((t for t in doc if not t.is_punct and t.lower_ not in _ADVERBS), None)
    return (
        token is not None
        and token.tag_ == "VB"
        and not any(c.dep_ in ("nsubj", "nsubjpass") and c.i < token.i for c in token.children)
    )


def _has_finite_subject(doc: Doc) -> bool:
    """Whether the first word is (part of) the subject of a finite main verb: "Plans should ..."."""
    root = root_of(doc)
    if root is None or root.i == 0:
        return False
    subject = next(
        (c for c in root.children if c.dep_ in ("nsubj", "nsubjpass", "csubj") and c.i < root.i),
        None,
    )
    if subject is None:
        return False
    finite = root.tag_ in ("VBZ", "VBP", "VBD") or any(
        c.tag_ in ("MD", "VBZ", "VBP", "VBD")
        for c in root.children
        if c.i < root.i and c.dep_ in ("aux", "auxpass")
    )
    return finite and subject.left_edge.i <= 1
