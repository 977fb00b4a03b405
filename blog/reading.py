"""How long a text takes to read."""

import math
import re
from collections.abc import Iterable

WORDS_PER_MINUTE = 220
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")


def reading_minutes(texts: Iterable[str]) -> int:
    """Minutes an adult takes to read the texts, at least one.

    220 words a minute is a little below the average for silent reading of English non-fiction
    (238, Brysbaert 2019): health texts are read with more care.
    """
    words = sum(len(_WORD.findall(text)) for text in texts)
    return max(1, math.ceil(words / WORDS_PER_MINUTE))
