"""Each input that fuzzing kept is still read without a fault."""

import pytest

from tests.fuzz.corpus import read_corpus
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize(
    ("target", "content"), [(target, content) for target in TARGETS for content in read_corpus(target)]
)
def test_what_fuzzing_found_is_read_without_a_fault(target: str, content: bytes) -> None:
    TARGETS[target](content)


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_has_a_corpus(target: str) -> None:
    assert read_corpus(target)
