"""Sets of small numbers as the bits of one integer: a hundred thousand of them in 12.5 kB.

Python joins and intersects such integers, and counts their bits, in a few microseconds.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress, islice
from typing import TypeVar

Key = TypeVar("Key")

_DIGITS = bytes.maketrans(b"01", b"\x00\x01")


class Marks(dict[Key, bytearray]):
    """Sets that are still being filled, by name."""

    def add(self, key: Key, number: int) -> None:
        """Put a number into the set of this name."""
        bits = self.get(key)
        if bits is None:
            bits = self[key] = bytearray()
        byte = number >> 3
        if byte >= len(bits):
            bits.extend(bytes(byte + 1 - len(bits) + (len(bits) >> 1)))
        bits[byte] |= 1 << (number & 7)

    def bitmaps(self) -> Iterator[tuple[Key, int]]:
        """Yield each set as an integer."""
        for key, bits in self.items():
            yield key, int.from_bytes(bits, "little")


def bitmap(numbers: Iterable[int]) -> int:
    """Return the set of these numbers."""
    marks: Marks[None] = Marks()
    for number in numbers:
        marks.add(None, number)
    return dict(marks.bitmaps()).get(None, 0)


def numbers(bits: int) -> Iterator[int]:
    """Yield what is in a set, the smallest first."""
    return compress(range(bits.bit_length()), _flags(bits, bits.bit_length()))


def cut(bits: int, order: Sequence[int], size: int, start: int, stop: int) -> list[int]:
    """Return a slice of what is in a set, in an order of numbers that are all below `size`."""
    flags = _flags(bits, size)
    return list(islice(compress(order, map(flags.__getitem__, order)), start, stop))


def _flags(bits: int, size: int) -> bytes:
    """Write a set out as one byte for each number below `size`, 1 for those in it."""
    return format(bits, f"0{size}b").encode()[::-1].translate(_DIGITS) if size else b""


class Texts:
    """Texts by number in one piece of memory; as an object each they would take ten times it.

    A text that is replaced stays behind in the memory until the whole is built anew.
    """

    __slots__ = ("_blob", "_ends", "_starts")

    def __init__(self) -> None:
        self._starts, self._ends, self._blob = array("I"), array("I"), bytearray()

    def __getitem__(self, number: int) -> bytes:
        return bytes(self._blob[self._starts[number] : self._ends[number]])

    def __setitem__(self, number: int, text: bytes) -> None:
        """Put a text in; a new number follows on without a gap."""
        if number < len(self._starts) and self[number] == text:
            return
        start = len(self._blob)
        self._blob += text
        if number == len(self._starts):
            self._starts.append(start)
            self._ends.append(start + len(text))
        else:
            self._starts[number], self._ends[number] = start, start + len(text)

    def copy(self) -> "Texts":
        """Return a copy that can be changed apart."""
        copied = Texts()
        copied._starts, copied._ends = self._starts[:], self._ends[:]
        copied._blob = self._blob[:]
        return copied


class Numbers:
    """A number for each member of a set, as one bitmap per binary digit.

    Comparing all of them with a bound takes one step per digit, however many there are (O'Neil
    and Quass, Improved query performance with variant indexes, 1997).
    """

    def __init__(self, members: int, digits: Mapping[int, int]) -> None:
        self._members = members
        self._digits = [digits.get(place, 0) for place in range(max(digits, default=-1) + 1)]

    @staticmethod
    def digits_of(number: int) -> Iterator[int]:
        """Yield the places of a number's binary ones: the bitmaps that it belongs into."""
        return (place for place in range(number.bit_length()) if number >> place & 1)

    def at_most(self, bound: int) -> int:
        """Return the members whose number is the bound or less."""
        if bound < 0:
            return 0
        less, same = 0, self._members
        for place in range(max(len(self._digits), bound.bit_length()) - 1, -1, -1):
            ones = self._digits[place] if place < len(self._digits) else 0
            if bound >> place & 1:
                less |= same & ~ones
                same &= ones
            else:
                same &= ~ones
        return less | same

    def between(self, low: int | None, high: int | None) -> int:
        """Return the members whose number lies between two bounds, both included."""
        up_to = self._members if high is None else self.at_most(high)
        return up_to if low is None else up_to & ~self.at_most(low - 1)

    def extremes(self, among: int) -> tuple[int, int] | None:
        """Return the lowest and the highest number among some members; none without any."""
        left = among & self._members
        if not left:
            return None
        return self._extreme(left, 0), self._extreme(left, 1)

    def _extreme(self, left: int, wanted: int) -> int:
        number = 0
        for place in range(len(self._digits) - 1, -1, -1):
            ones = self._digits[place]
            better = left & ones if wanted else left & ~ones
            left = better or left
            number |= (1 << place) if bool(better) == bool(wanted) else 0
        return number
