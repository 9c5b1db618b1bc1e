"""Reads tokens by a table of rules: which parts, one after another, mean what.

A rule is a line of symbols:

    MONTH    a kind of word of the lexicon
    'in'     a word or sign itself
    year     whatever the rules of that name read
    THE?     may be missing
    '.'~     with nothing before it, not even a space
    !YEAR    must not follow

The values of the kinds and of other rules are passed to the function of the rule, in their order. It raises
ValueError if they mean nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from index.analysis.latvian.letters import fold
from index.query.times.lexicon import TimeToken

Make = Callable[..., object]
"""Takes today and the values of the parts, and returns what they mean."""
Table = Mapping[str, Sequence[tuple[str, Make]]]


def backwards(make: Make) -> Make:
    """Return what *make* makes of the values in the opposite order."""
    return lambda today, *values: make(today, *reversed(values))


class _Symbol(NamedTuple):
    name: str
    is_optional: bool
    is_glued: bool
    is_forbidden: bool

    @classmethod
    def of(cls, text: str) -> "_Symbol":
        name = fold(text.strip("?~!"))
        return cls(name, text.endswith("?"), "~" in text, text.startswith("!"))


class _Rule(NamedTuple):
    symbols: tuple[_Symbol, ...]
    make: Make


class Grammar:
    """The rules of *table*, tried in their order."""

    def __init__(self, table: Table) -> None:
        self._rules = {
            name: tuple(_Rule(tuple(map(_Symbol.of, line.split())), make) for line, make in rules)
            for name, rules in table.items()
        }
        self._beginnings: dict[str, frozenset[str]] = {}
        self._rules_at: dict[tuple[str, str, tuple[str, ...]], tuple[_Rule, ...]] = {}

    @property
    def literals(self) -> frozenset[str]:
        """The words and signs that the rules name themselves."""
        symbols = (symbol.name for rules in self._rules.values() for rule in rules for symbol in rule.symbols)
        return frozenset(name.strip("'") for name in symbols if name.startswith("'"))

    def rules_at(self, name: str, token: TimeToken) -> tuple[_Rule, ...]:
        """Return the rules *name* that may begin with *token*; none if there are no such rules."""
        key = (name, token.text if f"'{token.text}'" in self._begin(name) else "", tuple(token.kinds))
        if key not in self._rules_at:
            terminals = {f"'{token.text}'", *token.kinds}
            self._rules_at[key] = tuple(
                rule for rule in self._rules[name] if not terminals.isdisjoint(self._begin_rule(rule))
            )
        return self._rules_at[key]

    def _begin(self, name: str) -> frozenset[str]:
        """Return the terminals with which *name* may begin."""
        if name not in self._rules:
            return frozenset((name,))
        if name not in self._beginnings:
            self._beginnings[name] = frozenset(
                terminal for rule in self._rules[name] for terminal in self._begin_rule(rule)
            )
        return self._beginnings[name]

    def _begin_rule(self, rule: _Rule) -> Iterator[str]:
        for symbol in rule.symbols:
            yield from self._begin(symbol.name)
            if not symbol.is_optional:
                return

    def reader(self, tokens: Sequence[TimeToken], today: date) -> "Reader":
        """Return what reads *tokens* on the day *today*."""
        return Reader(self, tokens, today)


class Reader:
    """Reads from any place of the tokens, each rule once per place."""

    def __init__(self, grammar: Grammar, tokens: Sequence[TimeToken], today: date) -> None:
        self._grammar, self._tokens, self._today = grammar, tokens, today
        self._read: dict[tuple[str, int], dict[int, object]] = {}

    def read(self, name: str, at: int) -> dict[int, object]:
        """Return what the rules *name* read at the token *at*: the meaning by the token that follows."""
        if at >= len(self._tokens):
            return {}
        if (name, at) not in self._read:
            found: dict[int, object] = {}
            for symbols, make in self._grammar.rules_at(name, self._tokens[at]):
                for end, values in self._parts(symbols, 0, at):
                    if end in found:
                        continue
                    try:
                        found[end] = make(self._today, *values)
                    except (ValueError, OverflowError):  # 31.02.2017
                        continue
            self._read[name, at] = found
        return self._read[name, at]

    def _parts(
        self, symbols: Sequence[_Symbol], number: int, at: int
    ) -> list[tuple[int, tuple[object, ...]]]:
        """Return each end of the *symbols* from a *number* on, read at the token *at*, with their values."""
        if number == len(symbols):
            return [(at, ())]
        symbol = symbols[number]
        ends = self._ends(symbol, at)
        if symbol.is_forbidden:
            return [] if ends else self._parts(symbols, number + 1, at)
        parts = [
            (last, (*values, *others))
            for end, values in ends
            for last, others in self._parts(symbols, number + 1, end)
        ]
        return parts + self._parts(symbols, number + 1, at) if symbol.is_optional else parts

    def _ends(self, symbol: _Symbol, at: int) -> list[tuple[int, tuple[object, ...]]]:
        if at >= len(self._tokens):
            return []
        token = self._tokens[at]
        if symbol.is_glued and not token.glued:
            return []
        if symbol.name in token.kinds:
            value = token.kinds[symbol.name]
            return [(at + 1, () if value is None else (value,))]
        if symbol.name[0] == "'":
            return [(at + 1, ())] if symbol.name[1:-1] == token.text else []
        if symbol.name.isupper():
            return []
        return [(end, () if value is None else (value,)) for end, value in self.read(symbol.name, at).items()]
