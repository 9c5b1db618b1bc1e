"""Quick runs try a few cases of each table, evenly spread over it: `--few-cases`.

Properties are tried with as many generated examples; tests/fixtures.py sees to that.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeVar

import pytest

LEFT_OUT = "cases_left_out"
"""The name under which a worker of pytest-xdist reports how many cases it left out."""

Case = TypeVar("Case")


def spread(cases: Sequence[Case], most: int) -> Sequence[Case]:
    """Return at most *most* (2 or more) of the *cases*: the first, the last, and some evenly between them."""
    if len(cases) <= most:
        return cases
    return [cases[i * (len(cases) - 1) // (most - 1)] for i in range(most)]


class FewCases:
    """Deselects the cases that a quick run leaves out, and counts them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._left_out = 0

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Thin out the cases of each test, of those that the marks have left."""
        tables: dict[str, list[pytest.Item]] = defaultdict(list)
        for item in items:
            tables[item.nodeid.partition("[")[0]].append(item)
        chosen = {item for cases in tables.values() for item in spread(cases, self._most)}
        left_out = [item for item in items if item not in chosen]
        items[:] = [item for item in items if item in chosen]
        config.hook.pytest_deselected(items=left_out)
        self._left_out = len(left_out)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Report the count to the process that hands out the tests."""
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput[LEFT_OUT] = self._left_out

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take the count from a worker; each of them collects all tests."""
        self._left_out = getattr(node, "workeroutput", {}).get(LEFT_OUT, self._left_out)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say how many cases were left out."""
        terminalreporter.write_line(
            f"{self._left_out:,} cases left out: of each table, at most {self._most} were tried."
            " Without --few-cases all are."
        )


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--few-cases",
        type=int,
        metavar="N",
        help="try at most N (2 or more) cases of each table, evenly spread, and N examples of each property",
    )


def pytest_configure(config: pytest.Config) -> None:
    most = config.getoption("few_cases")
    if most is None:
        return
    if most < 2:
        raise pytest.UsageError("--few-cases: must be 2 or more")
    config.pluginmanager.register(FewCases(most))
