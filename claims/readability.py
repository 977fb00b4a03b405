"""How easily a text is read: the Flesch-Kincaid grade as an age, and what it should be."""

from dataclasses import dataclass

from claims.sentences import sentences_of
from claims.words import Word, words_of

# Ages of a reader that a text should suit: general text, and text that needs medical words.
GENERAL = (9, 11)
MEDICAL = (11, 14)
# One medical word in so many makes a text a medical one.
_ONE_IN = 50
# A child in grade 1 of an American school is about six.
_AGE_OF_GRADE_0 = 5
_YOUNGEST, _OLDEST = 5, 21
# Fewer words say nothing about a text.
_FEWEST = 30
_LONG_SENTENCE = 25
_VOWELS = frozenset("aeiouy")
_MEDICAL = (
    "allerg", "anticoagul", "clinic", "dermat", "diagnos", "eczema", "epiderm", "exfoliat",
    "follic", "inflamm", "isotretin", "keloid", "keratin", "medic", "microderm", "micronee",
    "psoria", "sebace", "seborrh", "sebum", "suitab", "symptom", "therap", "transplant",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Readability:
    """What a text asks of its reader."""

    words: int
    sentences: int
    age: int
    ease: int
    target: tuple[int, int]
    long_sentences: tuple[str, ...]

    @property
    def is_judged(self) -> bool:
        """Tell whether there are enough words to say anything."""
        return self.words >= _FEWEST

    @property
    def is_on_target(self) -> bool:
        return not self.is_judged or self.age <= self.target[1]

    @property
    def verdict(self) -> str:
        """One line for a writer."""
        youngest, oldest = self.target
        aim = f"aim for {youngest}-{oldest}"
        if not self.is_judged:
            return f"Too short to tell; {aim}."
        if self.age > oldest:
            return f"Reading age {self.age}; {aim}. Shorter sentences and words help."
        return f"Reading age {self.age}; {aim}. Good."


def measure(text: str) -> Readability:
    """Work out the Flesch reading ease and the age of a reader who takes a text in at once.

    The formulas are Flesch's (1948) and Kincaid's (1975); syllables are counted by their vowels.
    """
    words = syllables = sentences = medical = 0
    long_sentences: list[str] = []
    for sentence in sentences_of(text):
        spoken = [word for word in words_of(text, sentence.start, sentence.end) if _is_word(word)]
        words += len(spoken)
        sentences += bool(spoken)
        syllables += sum(_syllables(word.plain) for word in spoken)
        medical += sum(word.plain.startswith(_MEDICAL) for word in spoken)
        if len(spoken) > _LONG_SENTENCE:
            long_sentences.append(sentence.text)
    per_sentence = words / max(1, sentences)
    per_word = syllables / max(1, words)
    grade = 0.39 * per_sentence + 11.8 * per_word - 15.59
    return Readability(
        words=words,
        sentences=sentences,
        age=min(_OLDEST, max(_YOUNGEST, round(grade + _AGE_OF_GRADE_0))),
        ease=max(0, min(100, round(206.835 - 1.015 * per_sentence - 84.6 * per_word))),
        target=MEDICAL if medical * _ONE_IN > words else GENERAL,
        long_sentences=tuple(long_sentences),
    )


def _is_word(word: Word) -> bool:
    return word.plain[:1].isalnum()


def _syllables(word: str) -> int:
    """Count groups of vowels; a silent e at the end is none."""
    groups, was_vowel = 0, False
    for letter in word:
        is_vowel = letter in _VOWELS
        groups += is_vowel and not was_vowel
        was_vowel = is_vowel
    if word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1:
        groups -= 1
    return max(1, groups)
