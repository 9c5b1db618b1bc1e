"""An outage is logged when it begins and when it ends, however many requests it fails."""

import pytest

from index.engines.opensearch.outages import Outages
from index.errors import EngineError


def fail(outages: Outages, reason: str) -> EngineError:
    with pytest.raises(EngineError) as raised, outages.watch():
        raise EngineError(reason)
    return raised.value


def test_an_outage_is_two_lines(caplog: pytest.LogCaptureFixture) -> None:
    outages = Outages()
    for _ in range(2):
        assert [fail(outages, reason).is_logged for reason in ("refused", "busy", "refused")] == [True] * 3
        for _ in range(2):
            with outages.watch():
                pass
    assert [record.getMessage() for record in caplog.records] == [
        "refused",
        "the cluster answers again; 3 requests failed",
    ] * 2


def test_what_is_no_outage_passes(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ValueError, match="of another search"), Outages().watch():
        raise ValueError("of another search")
    assert caplog.records == []
