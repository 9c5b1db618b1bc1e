"""Records the analysis of words and texts, and indexed releases: `python -m tests.index.golden.record`.

It refuses to record a change under the same version: raise the version in `index/versions.py` first.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from crawler.config import Language
from crawler.store import Attachment, Release, StoredRelease
from index import versions
from index.analysis import Analyzer, Forms, Pieces
from index.engines.whoosh.schema import schema
from index.indexing import Document
from index.layout import LAYOUT

HERE = Path(__file__).parent
WORDS, TEXTS, DOCUMENTS = HERE / "words.tsv", HERE / "texts.txt", HERE / "documents.json"
SEEN = datetime(2026, 3, 1, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Golden:
    """A file, the version under which it was recorded, and the version of a recording made now."""

    path: Path
    name: str
    recorded: int
    current: int
    before: str
    now: str


def goldens() -> list[Golden]:
    """Return each file as it is and as it would be recorded now."""
    analyzer = Analyzer()
    return [
        _golden(WORDS, "ANALYSIS", _words(analyzer)),
        _golden(TEXTS, "ANALYSIS", _texts(analyzer)),
        _golden(DOCUMENTS, "LAYOUT", _documents(analyzer)),
    ]


def _golden(path: Path, name: str, lines: Iterable[str]) -> Golden:
    head, _, before = path.read_text(encoding="utf-8").partition("\n")
    recorded = int(head.rpartition(" ")[2])
    return Golden(
        path, name, recorded, getattr(versions, name), before, "".join(f"{line}\n" for line in lines)
    )


def _words(analyzer: Analyzer) -> Iterator[str]:
    """Yield the recorded words, each with its language and its terms."""
    for line in WORDS.read_text(encoding="utf-8").splitlines()[1:]:
        language, word = line.split("\t")[:2]
        forms = analyzer.forms(word, _language(language))
        yield "\t".join((language, word, _join_terms(forms)))


def _join_terms(forms: Forms) -> str:
    return "\t".join(" ".join(terms) for terms in forms.terms)


def _texts(analyzer: Analyzer) -> Iterator[str]:
    """Yield the recorded texts, each after `=` and its language, and below it its tokens."""
    for line in TEXTS.read_text(encoding="utf-8").splitlines()[1:]:
        if not line.startswith("= "):
            continue
        yield line
        _, language, text = line.split(" ", 2)
        for token in analyzer.analyze(json.loads(text), _language(language)):
            yield f"{token.start}-{token.end}\t{_join_terms(token.forms)}"


def _language(name: str) -> Language:
    return next(language for language in ("lv", "en", "ru") if language == name)


def _documents(analyzer: Analyzer) -> Iterator[str]:
    """Yield releases as they are indexed, one for each month and one without a day, and the schema."""
    fields = {name: type(field).__name__ for name, field in schema().items()}
    layout = {name: [*part] for name, part in LAYOUT.items()}
    releases = [_document(number, analyzer) for number in range(1, 14)]
    yield from json.dumps(
        {"schema": fields, "layout": layout, "releases": releases},
        ensure_ascii=False,
        indent=1,
        sort_keys=True,
    ).splitlines()


def _document(number: int, analyzer: Analyzer) -> dict[str, Any]:
    document = Document.of(_release(number))
    parts = [[part.base, part.weight, _text(part.tokens)] for part in document.stream(analyzer)]
    return {"parts": parts, **_plain(document)}


def _text(tokens: object) -> str:
    """Return the text of a part; none of these texts needs repair."""
    assert isinstance(tokens, Pieces)
    return tokens.text


def _plain(document: Document) -> dict[str, Any]:
    fields = document.fields()
    return {name: value.decode() if isinstance(value, bytes) else value for name, value in fields.items()}


# Numbers and addresses that are masked, and others that only look like them.
NUMBERS = (
    "67000000", "67 000 000", "67 00 00 00", "6 700 00 00", "6700-0000", "26-123-456", "6-700-0000",
    "2612 3456", "+371 67000000", "(+371) 67 000 000", "00371 67000000", "tālr. 12345678",
    "tālruni 1234 5678", "tālruņa numurs 12345678", "zvaniet 12 34 56 78", "mob. 12345678", "tel. 12345678",
    "phone 12345678", "call 12345678", "WhatsApp 12345678", "тел. 12345678", "моб. 12345678",
    "+49 30 1234567", "+7 (495) 123-45-67", "80000000", "8000 0000", "80 00 00 00", "800 00 000",
    "800 00000", "80001200-9000", "25 000 000 eiro", "25000000 EUR", "26123456 kg", "26123456 tūkst.",
    "26123456 %", "EUR 26123456", "€ 26123456", "2021-2027", "20212027", "26123456789", "26123456,50",
    "+25 000 000", "1.26123456", "1 26123456", "112", "a.b@iem.gov.lv", "a.b (at) iem.gov.lv",
    "a.b [at] iem.gov.lv", "a.b(pie)iem.lv", "a.b [pie] iem.lv", "a-b+c@d-e.lv", "a@b", "a @ b.lv",
)  # fmt: skip


def _release(number: int) -> StoredRelease:
    """Return one of the releases; all of them together use every field."""
    language = _language(("lv", "en", "ru")[number % 3])
    day = date(2000 + number, number, 2 * number) if number <= 12 else None
    release = Release(
        url=f"https://iem.example/{number}",
        site="iem",
        ministry="Iekšlietu ministrija",
        language=language,
        title=f"Ziņa {number}. Tālr. 67000{number:03}",
        lead="Rakstīt uz a.b@iem.gov.lv." if number % 2 else "",
        body=";\n".join(NUMBERS) if number == 1 else "Teksts.",
        contact="Zita Paraudziņa, 67000001",
        published=day,
        published_source="time" if day else "none",
        published_confidence="high" if day else "none",
        attachments=(Attachment(url="https://iem.example/a.pdf", title="Plāns", text="Pielikums."),)
        * (number % 3),
        translations=("https://iem.example/en", "https://iem.example/ru")[: number % 3],
        machine_translated=number % 4 == 0,
    )
    return StoredRelease(
        id=f"iem-{number}",
        number=number,
        state="gone" if number == 7 else "present",
        release=release,
        first_seen=SEEN,
        changed=SEEN,
        cluster=f"iem-{(number + 1) // 2}",
        aliases=(),
        edited=number == 8,
    )


def main() -> None:
    """Record what changed."""
    for golden in goldens():
        if golden.now != golden.before and golden.recorded == golden.current:
            sys.exit(f"{golden.path.name} would change: raise {golden.name} in index/versions.py first")
        golden.path.write_text(f"# {golden.name} {golden.current}\n{golden.now}", encoding="utf-8")


if __name__ == "__main__":
    main()
