import time

import pytest

from blog.health_talk import reads_as_own_health

OWN = [
    "I have psoriasis on my scalp, can I still come?",
    "I've been taking isotretinoin since March.",
    "My daughter has eczema behind her ears.",
    "I am pregnant. Is the treatment safe?",
    "I'm pregnant in the fifth month and my hair feels dry",
    "My scalp is bleeding since yesterday.",
    "After the session I got blisters along the parting",
    "My doctor said it is a fungal infection.",
    "I was diagnosed last year.",
    "My GP prescribed a steroid lotion.",
    "I take warfarin, does that matter?",
    "We both caught scabies on holiday.",
    "my husband had chemotherapy and lost his hair",
    "I’ve had alopecia since I was twelve",
    "My dermatologist wants to look at the bald patch again.",
    "I use minoxidil every evening.",
    "I have an allergy to nickel.",
    "It hurts. My scalp is sore and burning all night",
    "I had a hair transplant operation in May.",
    "I suffer from anxiety and pull my hair.",
    "MY SCALP IS WEEPING",
    "I think I have ringworm?",
]
OTHERS = [
    "How long should I wait after a session before I wash my hair?",
    "Does the balm suit people with psoriasis?",
    "Is minoxidil compatible with the serum?",
    "Thank you, I always wondered why my scalp feels tight.",
    "What is the difference between eczema and dandruff?",
    "I read that isotretinoin is a reason to wait. For how long?",
    "My hairdresser recommended gentle cleansing too.",
    "I switched to lukewarm water and the itching is less.",
    "I asked a friend about the mist. She likes it.",
    "The article mentions blood thinners, why?",
    "Pregnancy is on the list of reasons to ask first, is it not?",
    "I love the brush!",
    "We open at nine? I would like to come by.",
    "I wonder whether keloid matters for others.",
    "Where can I buy the refill?",
    "",
    "🙂",
]


@pytest.mark.parametrize("text", OWN)
def test_what_somebody_tells_of_their_own_health_is_noticed(text: str) -> None:
    assert reads_as_own_health(text)


@pytest.mark.parametrize("text", OTHERS)
def test_talk_about_care_in_general_is_let_through(text: str) -> None:
    assert not reads_as_own_health(text)


@pytest.mark.parametrize("text", ["i " * 50_000, "a" * 100_000, "i'" * 50_000, "!" * 100_000])
def test_a_long_text_takes_no_time(text: str) -> None:
    began = time.process_time()

    reads_as_own_health(text)

    assert time.process_time() - began < 1.0
