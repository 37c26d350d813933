"""What somebody types in a search box, as a query that SQLite's full-text search takes without
complaint.
"""

from __future__ import annotations

import re
from typing import Final

_MAX_LENGTH: Final = 400
_MAX_TERMS: Final = 24
_TERM: Final = re.compile(
    r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))(?P<star>(?<=")\*)?'
)
_QUOTES: Final = str.maketrans(dict.fromkeys("“”„‟«»", '"'))


def to_match(typed: str) -> str:
    """The FTS5 query for what was typed: every word, "phrase" and start* must occur, -word must
    not; "" for nothing.

    Each term is quoted, so that nothing typed is taken for syntax.

    >>> to_match('urgent "front door" discharg* -winter')
    '("urgent" AND "front door" AND "discharg" *) NOT "winter"'
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    for found in _TERM.finditer(typed[:_MAX_LENGTH].translate(_QUOTES).replace("\x00", " ")):
        text = found["phrase"] if found["phrase"] is not None else found["word"]
        star = bool(found["star"]) or (found["word"] is not None and text.endswith("*"))
        # What has no letter or digit gives full-text search nothing to look for.
        if not any(character.isalnum() for character in text):
            continue
        term = f'"{text.rstrip("*")}"' + (" *" if star else "")
        (unwanted if found["minus"] else wanted).append(term)
    if not wanted:
        return ""
    query = " AND ".join(wanted[:_MAX_TERMS])
    if not unwanted:
        return query
    return f"({query}) NOT " + " NOT ".join(unwanted[:_MAX_TERMS])
