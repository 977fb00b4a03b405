import time

import pytest

from cms.card_numbers import holds_card_number


@pytest.mark.parametrize(
    "text",
    [
        "4242424242424242",
        "my card is 4242 4242 4242 4242, charge it",
        "4242-4242-4242-4242",
        "5555.5555.5555.4444",
        "3782 822463 10005",
        "card:4000056655665556.",
        "6011000990139424",
        "".join(chr(ord(sign) + 0xFEE0) for sign in "4242424242424242"),
        "order 12 4242424242424242",
        "2223003122003222",
        "4242\t4242\t4242\t4242",
        "4242\u200b4242\u200d4242\ufeff4242",
    ],
)
def test_a_card_number_is_found_however_it_is_written(text: str) -> None:
    assert holds_card_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4242 4242 4242 4241",
        "call +49 30 901820",
        "0000000000000000",
        "1234567890123456",
        "in 2024 and 2025, 100 ml for 19.99",
        "1111 1111 1111 1111",
    ],
)
def test_other_numbers_are_let_through(text: str) -> None:
    assert not holds_card_number(text)


@pytest.mark.parametrize("text", ["4" * 100_000, "1 " * 50_000, "12-" * 33_000, "a1" * 50_000])
def test_a_long_text_takes_no_time(text: str) -> None:
    began = time.process_time()

    holds_card_number(text)

    assert time.process_time() - began < 2.0
