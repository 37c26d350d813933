"""The word lists of models/link-wording.yml find what they must, and not what they must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.link.patterns import find_words, load_words

LISTS = load_words()


@pytest.mark.parametrize(
    ("id_", "text"),
    [
        pytest.param(w.id, hit, id=f"{w.id}-{n}")
        for w in LISTS.values()
        for n, hit in enumerate(w.hits)
    ],
)
def test_hits(id_: str, text: str) -> None:
    assert find_words(id_).search(text)


@pytest.mark.parametrize(
    ("id_", "text"),
    [
        pytest.param(w.id, miss, id=f"{w.id}-{n}")
        for w in LISTS.values()
        for n, miss in enumerate(w.near_misses)
    ],
)
def test_near_misses(id_: str, text: str) -> None:
    assert not find_words(id_).search(text)


def test_unknown_list_is_named() -> None:
    with pytest.raises(UsageError, match="no entry 'nothing'"):
        find_words("nothing")


def test_wrong_file_names_entry(tmp_path: Path) -> None:
    path = tmp_path / "link-wording.yml"
    path.write_text("wordings:\n  - {id: broken, any_of: [x]}\n", encoding="utf-8")
    with pytest.raises(UsageError, match="broken"):
        load_words(tmp_path)
