"""When two quotes mean one unit: most words of the shorter stand in the longer."""

from __future__ import annotations

import re
from collections import Counter

_SHARE = 0.8
_LONGER = 3
_WORDS = re.compile(r"[a-z0-9£%.]+")


def alike(a: str, b: str) -> bool:
    """Whether two quotes overlap enough to mean the same unit."""
    short, long = sorted((_WORDS.findall(text.lower()) for text in (a, b)), key=len)
    if not short or len(long) > _LONGER * len(short):
        return False
    return (Counter(short) & Counter(long)).total() / len(short) >= _SHARE
