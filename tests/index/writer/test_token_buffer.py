import numpy as np
import pytest

from index.writer.token_buffer import weigh


@pytest.mark.parametrize(("position", "weight"), [(0, 4), (999, 4), (1_000, 2), (5_000, 1)])
def test_position_weighs_what_its_part_weighs(position: int, weight: int) -> None:
    assert weigh(np.array([position]), {0: 4, 1_000: 2, 3_000: 1}).tolist() == [weight]
