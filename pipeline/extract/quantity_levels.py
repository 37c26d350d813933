"""The words that lead up to where a thing stands today, from which it is to move."""

from __future__ import annotations

import re
from typing import Final

# "From its current rate of 44%", "the current 44%", "(now 58%)".
_LEVEL: Final = (
    r"(?:rates?|levels?|base|baseline|figure|average|position|performance|share|total|low|high|peak"
    r"|value|score|number|median|proportion)"
)
_CURRENT: Final = (
    r"(?:current|present|existing|latest|today[’']s"
    r"|(?:last|this)\s(?:year|month|quarter|winter)[’']s)"
)
_ABOUT: Final = r"(?:(?:around|about|just|only|over|under|nearly|almost|roughly)\s)*"
STANDING: Final = re.compile(
    rf"\bfrom\s(?:[\w’'-]+\s){{0,4}}?{_LEVEL}\s(?:of|at)\s{_ABOUT}$"
    rf"|\b{_CURRENT}\s(?:(?:[\w’'-]+\s)?{_LEVEL}\s(?:of|at)\s)?{_ABOUT}$"
    rf"|\b(?:currently|presently|at\spresent)\s(?:standing\s)?(?:at\s)?{_ABOUT}$"
    rf"|\bbaseline(?:\s(?:of|was|is|at)|:)?\s{_ABOUT}$"
    rf"|[,(]\s?now\s(?:standing\s)?(?:at\s)?{_ABOUT}$",
    re.IGNORECASE,
)
