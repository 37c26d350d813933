"""The lexicon's own examples, its topics, and how its files are checked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.lexicon.load import default_directory
from pipeline.lexicon.words import PhraseFinder, fold
from pipeline.records import QuantityKind

LEXICON = load_lexicon()


@pytest.mark.parametrize(
    ("id_", "sentence"),
    [
        pytest.param(m.id, hit, id=f"{m.id}-{n}")
        for m in LEXICON.measures
        for n, hit in enumerate(m.hits)
    ],
)
def test_measure_is_told_by_its_hits(id_: str, sentence: str) -> None:
    assert LEXICON.measures.match(sentence) == id_


@pytest.mark.parametrize(
    ("id_", "sentence"),
    [
        pytest.param(m.id, miss, id=f"{m.id}-{n}")
        for m in LEXICON.measures
        for n, miss in enumerate(m.near_misses)
    ],
)
def test_measure_is_not_told_by_its_near_misses(id_: str, sentence: str) -> None:
    assert LEXICON.measures.match(sentence) != id_


@pytest.mark.parametrize(
    ("id_", "sentence"),
    [
        pytest.param(t.id, hit, id=f"{t.id}-{n}")
        for t in LEXICON.topics
        for n, hit in enumerate(t.hits)
    ],
)
def test_topic_is_told_by_its_hits(id_: str, sentence: str) -> None:
    assert LEXICON.topics.best(sentence) == id_


@pytest.mark.parametrize(
    ("id_", "sentence"),
    [
        pytest.param(t.id, miss, id=f"{t.id}-{n}")
        for t in LEXICON.topics
        for n, miss in enumerate(t.near_misses)
    ],
)
def test_topic_is_not_told_by_its_near_misses(id_: str, sentence: str) -> None:
    assert LEXICON.topics.best(sentence) != id_


def test_there_are_many_and_each_has_examples() -> None:
    assert len(list(LEXICON.measures)) >= 150
    assert len(list(LEXICON.topics)) >= 27
    for entry in (*LEXICON.measures, *LEXICON.topics):
        assert entry.hits, entry.id
        assert entry.near_misses, entry.id


def test_history_is_in_the_measures_terms() -> None:
    pasts = [(m, past) for m in LEXICON.measures for past in m.history]
    assert len(pasts) >= 80
    for measure, past in pasts:
        assert past.source.startswith(("https://", "http://")), measure.id
        assert past.value is not None or past.note, measure.id
        if measure.kind == "percentage" and past.unit is None and past.value is not None:
            assert 0 <= past.value <= 150, measure.id


@pytest.mark.parametrize(
    ("quote", "stem", "section", "expected"),
    [
        pytest.param(
            "at least 30%", "Cut agency shifts by:", None, "workforce", id="from-the-stem"
        ),
        pytest.param("Improve it by 5%.", None, "Access > Cancer", "cancer", id="from-the-heading"),
        pytest.param(
            "Improve it by 5%.", None, "Cancer > Radiology", "diagnostics", id="nearest-heading"
        ),
        pytest.param(
            "Boards plan to see children's teeth.", None, "Plans", "dental care", id="background"
        ),
        pytest.param("They did.", None, None, None, id="nothing"),
    ],
)
def test_topic_of_a_quote_in_its_place(
    quote: str, stem: str | None, section: str | None, expected: str | None
) -> None:
    assert LEXICON.topics.best(quote, stem, section) == expected


def test_topic_of_a_measure_counts() -> None:
    assert LEXICON.topics.best("Reach 80% by May.", measured=["cancer"]) == "cancer"


def test_score_weighs_texts_and_leaves_out_what_has_nothing() -> None:
    once = LEXICON.topics.score([("dentists", 1.0)])
    twice = LEXICON.topics.score([("dentists", 2.0)])
    assert set(once) == {"dental care"}
    assert twice["dental care"] == pytest.approx(2 * once["dental care"])


# ------------------------------------------------------------------------------------------ find


@given(
    st.lists(st.sampled_from([h for m in LEXICON.measures for h in m.hits]), max_size=3).map(
        " ".join
    )
)
def test_measures_found_quote_the_text_and_never_overlap(text: str) -> None:
    end = 0
    for id_, start, stop in LEXICON.measures.find(text):
        assert end <= start < stop <= len(text)
        assert LEXICON.measures.get(id_) is not None
        end = stop


@given(st.text(max_size=100), st.sampled_from([None, *QuantityKind]), st.text(max_size=40))
def test_match_gives_a_known_measure_or_none(
    text: str, kind: QuantityKind | None, context: str
) -> None:
    found = LEXICON.measures.match(text, kind=kind, context=context)
    assert found is None or LEXICON.measures.get(found) is not None


# ----------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        pytest.param("4-hour", "4 hour", id="hyphen"),
        pytest.param("four hours", "4 hour", id="in-words"),
        pytest.param("4hrs", "4 hour", id="short-unit"),
        pytest.param("forty-five minutes", "45 minute", id="compound-number"),
        pytest.param("A & E", "a&e", id="initials-apart"),
        pytest.param("75 per cent", "75 %", id="per-cent"),
        pytest.param("345,000", "345000", id="thousands"),
        pytest.param("£2.3bn", "£ 2.3 billion", id="money"),
        pytest.param("ICBs’ and the ICS’s", "icb and the ics", id="possessives"),
        pytest.param("NHS bodies", "nhs body", id="plural-in-ies"),
        pytest.param("approaches to processes", "approach to process", id="plural-in-es"),
    ],
)
def test_folding(text: str, forms: str) -> None:
    assert fold(text).forms == tuple(forms.split())


@given(st.text(max_size=80))
def test_folded_words_keep_their_place(text: str) -> None:
    words = fold(text)
    end = 0
    for index in range(len(words)):
        assert end <= words.starts[index] < words.ends[index] <= len(text)
        assert words.forms[index]
        end = words.ends[index]


def test_phrases_stop_at_marks_and_take_endings() -> None:
    finder = PhraseFinder([("waiting list", "list"), ("vaccin*", "jab"), ("wait* list*", "any")])
    found = [
        (f.value, f.first, f.last)
        for f in finder.find(fold("Vaccinate; waiting, lists. Waiting lists"))
    ]
    assert found == [("jab", 0, 1), ("list", 3, 5), ("any", 3, 5)]


# ---------------------------------------------------------------------------------------- loading


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for name in ("organisations.yml", "measures.yml", "topics.yml"):
        shutil.copy(default_directory() / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        pytest.param(
            "measures.yml",
            "  better: higher",
            "  beter: higher",
            ["measures.yml", "ae-4-hour", "beter"],
            id="field",
        ),
        pytest.param(
            "measures.yml",
            "better: higher",
            "better: upwards",
            ["measures.yml", "ae-4-hour", "better"],
            id="value",
        ),
        pytest.param(
            "measures.yml",
            "value: 4, unit",
            "value: four, unit",
            ["ae-4-hour", "threshold.value"],
            id="nested",
        ),
        pytest.param("measures.yml", "[$uec,", "[$uecs,", ["ae-4-hour", "$uecs"], id="vocabulary"),
        pytest.param(
            "measures.yml",
            "topic: urgent care",
            "topic: urgency",
            ["ae-4-hour", "urgency"],
            id="topic",
        ),
        pytest.param(
            "measures.yml",
            "- id: ae-12-hour",
            "- id: ae-4-hour",
            ["ae-4-hour", "twice"],
            id="id-twice",
        ),
        pytest.param(
            "topics.yml", "- id: cancer", "- name: cancer", ["topics.yml", "number 3"], id="no-id"
        ),
        pytest.param("topics.yml", "topics:", "topics: [", ["topics.yml", "YAML"], id="not-yaml"),
        pytest.param(
            "organisations.yml",
            "how: renamed",
            "how: swallowed",
            ["Department of Health", "how"],
            id="how",
        ),
        pytest.param(
            "organisations.yml",
            "id: Department of Health and Social Care, on",
            "id: Department of Wealth, on",
            ["Department of Health", "successors", "Department of Wealth"],
            id="reference",
        ),
    ],
)
def test_wrong_files_are_named_to_the_field(
    copied: Path, name: str, old: str, new: str, told: list[str]
) -> None:
    text = (copied / name).read_text(encoding="utf-8")
    assert old in text
    (copied / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        load_lexicon(copied)
    for words in told:
        assert words in str(raised.value)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"topics\.yml.*cannot be read"):
        load_lexicon(tmp_path)


def test_lexicon_is_loaded_once() -> None:
    assert load_lexicon() is load_lexicon()
    assert isinstance(load_lexicon(), Lexicon)


def test_reading_changes_nothing() -> None:
    text = "ICBs must see 78% within four hours in A&E."
    before = LEXICON.measures.find(text), LEXICON.organisations.find(text)
    LEXICON.measures.match("Agency spend is £3m", context=text)
    assert (LEXICON.measures.find(text), LEXICON.organisations.find(text)) == before
