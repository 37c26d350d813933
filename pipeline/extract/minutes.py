"""Minutes: they tell in the past tense what was said, so that "had to" stands for "has to"."""

from __future__ import annotations

import re
from typing import Final

_SAID: Final = re.compile(
    r"\b(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof(?:essor)?|Sir|Dame|Cllr|Councillor|Lord|Lady)\.?\s[A-Z][\w’'-]+|"
    r"(?i:chair(?:man|woman|person)?|director|officer|executive|secretary|board|committee|members|"
    r"governors|he|she|it\swas))\s(?:also\s|then\s|further\s)?(?i:said|reported|noted|advised|confirmed|"
    r"explained|reminded|undertook|thanked|agreed|presented|considered|queried|felt|observed|"
    r"questioned|resolved|outlined|highlighted|asked|replied|stated|added|summarised|described|"
    r"welcomed|approved|apologised|thought|believed|cautioned|assured)\b"
)
_LEAST: Final = 4
_WORDS_EACH: Final = 120  # of minutes, for each time that somebody is said to have spoken


def is_minutes(text: str) -> bool:
    """Whether a paper is minutes, by how often it says that somebody said something."""
    said = sum(1 for _ in _SAID.finditer(text))
    return said >= _LEAST and said * _WORDS_EACH >= len(text.split())
