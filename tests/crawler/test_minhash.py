import random

import pytest

from crawler.minhash import signature

# Made by datasketch 2.0.0: `MinHash(num_perm=6, seed=1)`, then `update_batch` and `hashvalues`.
OF_DATASKETCH = [
    ([b"viens"], [293434797, 3389696815, 3334106693, 572327046, 1979653418, 2610648851]),
    ([b""], [3831648418, 2770477464, 428030700, 2131138997, 484302187, 2353426752]),
    (
        [b"viens", b"divi", "trīs".encode()],
        [293434797, 969712493, 2579431592, 572327046, 497053263, 2144767497],
    ),
    ([str(number).encode() for number in range(5_000)], [396977, 125323, 3064685, 1256558, 615697, 1676]),
]


@pytest.mark.parametrize(("members", "numbers"), OF_DATASKETCH)
def test_signature_is_that_of_datasketch_which_stores_keep(members: list[bytes], numbers: list[int]) -> None:
    assert signature(members, 6) == numbers


def test_longer_signature_is_that_of_datasketch_too() -> None:
    assert signature([b"viens"], 96)[-2:] == [162423360, 3932785296]


def test_signature_is_of_the_set_and_not_of_its_order() -> None:
    members = [str(number).encode() for number in range(100)]
    assert signature(random.Random(1).sample(members, 100), 96) == signature(members, 96)


def test_signatures_agree_in_the_share_of_members_in_common() -> None:
    members = [str(number).encode() for number in range(300)]
    one, other = signature(members[:200], 2_000), signature(members[100:], 2_000)
    agree = sum(left == right for left, right in zip(one, other, strict=True))
    assert agree / 2_000 == pytest.approx(1 / 3, abs=0.05)
