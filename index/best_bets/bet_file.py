"""The file of best bets: queries, and the release or address that answers them."""

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import (
    Field,
    HttpUrl,
    PrivateAttr,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from crawler.config import ConfigError, Line, Section
from index.analysis.latvian.tokenizer import TOKEN, read

FILE = "best_bets.toml"
"""The name of the file, which is in the data directory."""
BETS_MAX, QUERIES_MAX, WORDS_MAX = 2_000, 100, 12
"""Maximum number of bets, of queries of each, and of words of a query."""
_FILE_BYTES_MAX = 10_000_000

BetQuery = Annotated[str, Field(min_length=1, max_length=200)]
_HTTP_URL = TypeAdapter(HttpUrl)


class BestBet(Section):
    """An answer, and the queries for which it is shown."""

    queries: Annotated[tuple[BetQuery, ...], Field(min_length=1, max_length=QUERIES_MAX)]
    """In any case and inflection, and with the words in any order."""
    release: Annotated[str, Field(max_length=2000)] = ""
    """The address or the id of a release; else ``url`` is given."""
    url: Annotated[str, Field(max_length=2000)] = ""
    title: Annotated[Line | None, Field(max_length=200)] = None
    """Required with ``url``; a release has its own."""
    text: Annotated[Line | None, Field(max_length=500)] = None
    """Shown below the title."""
    from_: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None
    """The first and the last day on which it is shown, in Riga."""
    _line: int = PrivateAttr(0)

    @property
    def line(self) -> int:
        """The line of the file at which it begins, from 1."""
        return self._line

    @field_validator("queries")
    @classmethod
    def _check_words(cls, queries: tuple[str, ...]) -> tuple[str, ...]:
        for query in queries:
            count = sum(1 for token in TOKEN.findall(query) if read(token).terms)
            if not 1 <= count <= WORDS_MAX:
                raise ValueError(f"{query!r} has {count or 'no'} words; 1 to {WORDS_MAX} are allowed")
        return queries

    @field_validator("url")
    @classmethod
    def _check_url(cls, url: str) -> str:
        try:
            if url:
                _HTTP_URL.validate_python(url)
        except ValidationError as error:
            raise ValueError("not an address that begins with http:// or https://") from error
        return url

    @model_validator(mode="after")
    def _check_answer(self) -> "BestBet":
        if bool(self.release) == bool(self.url):
            raise ValueError("needs either release or url")
        if self.url and not self.title:
            raise ValueError("url needs a title")
        if self.from_ and self.until and self.until < self.from_:
            raise ValueError(f"until {self.until} is before from {self.from_}")
        return self

    def is_due(self, day: date) -> bool:
        """Return whether it is shown on *day*."""
        return (self.from_ is None or self.from_ <= day) and (self.until is None or day <= self.until)


class _File(Section):
    bet: Annotated[tuple[BestBet, ...], Field(max_length=BETS_MAX)] = ()


def load_bets(path: Path) -> tuple[BestBet, ...]:
    """Read the best bets at *path*; a missing file has none.

    Raises:
        ConfigError: the file cannot be read, is not TOML, or has an invalid value; the message names the
            line and the key.
    """
    try:
        if not path.is_file():
            return ()
        text = path.read_bytes()[:_FILE_BYTES_MAX].decode()
        bets = _File.model_validate(tomllib.loads(text)).bet
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8: {error.reason} at byte {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}:{_line_of(error, text)}: not TOML: {error}") from error
    except ValidationError as error:
        raise ConfigError(f"{path}:{_explain(error, text)}") from error
    for bet, line in zip(bets, _bet_lines(text), strict=False):
        bet._line = line  # noqa: SLF001 - of this module
    return bets


# --- Lines -----------------------------------------------------------------------------------------

_BET = re.compile(r"[ \t]*\[\[[ \t]*\"?bet\"?[ \t]*\]\]")
_AT_LINE = re.compile(r"at line (\d+)")


def _line_of(error: tomllib.TOMLDecodeError, text: str) -> int:
    match = _AT_LINE.search(str(error))
    return int(match[1]) if match else max(1, len(text.splitlines()))


def _bet_lines(text: str) -> list[int]:
    """Return the line at which each bet begins, from 1."""
    return [number for number, line in enumerate(text.splitlines(), 1) if _BET.match(line)]


def _explain(error: ValidationError, text: str) -> str:
    """Return line, key and reason of the first error."""
    first = error.errors()[0]
    table, bet, *keys = (*first["loc"], None, None)
    key = next((str(name) for name in keys if isinstance(name, str)), "")
    lines, begins = text.splitlines(), _bet_lines(text)
    is_in_bet = isinstance(bet, int) and bet < len(begins)
    begin = begins[bet] if isinstance(bet, int) and is_in_bet else 1
    end = begins[bet + 1] if isinstance(bet, int) and bet + 1 < len(begins) else len(lines) + 1
    wanted = key or ("" if is_in_bet else str(table))
    line = next((at for at in range(begin, end) if _has_key(lines[at - 1], wanted)), begin)
    reason = first["msg"].removeprefix("Value error, ")
    return f"{line}: {f'bet.{key}' if key else table}: {reason}"


def _has_key(line: str, key: str) -> bool:
    return bool(key) and line.strip().lstrip('["').startswith(key)
