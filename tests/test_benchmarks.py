"""The releases and the figures of the benchmarks are what they say."""

import re

from benchmarks.compare import Comparison, report
from benchmarks.natural import EngineTimes, NaturalQuery, heaps_exponent, vocabulary
from benchmarks.natural import report as natural_report
from benchmarks.natural_corpus import paragraphs, releases, words_of
from benchmarks.performance import PERFORMANCE

FIGURE = re.compile(r"\d[\d,.]*\d|\d")


def test_releases_are_the_same_in_every_run_and_for_every_count() -> None:
    assert list(releases(20)) == list(releases(25))[:20]


def test_sentences_of_a_release_are_from_neighbouring_paragraphs() -> None:
    texts = [set(words_of(" ".join(sentences))) for sentences in paragraphs()]
    [release] = releases(1)
    words = set(words_of(release.body))
    shares = [len(words & text) / len(words) for text in texts]
    best = shares.index(max(shares))
    around = set().union(*texts[max(0, best - 12) : best + 12])
    assert len(words & around) / len(words) > 0.7


def test_vocabulary_of_natural_releases_keeps_growing() -> None:
    assert heaps_exponent(vocabulary(2_000)) > 0.45


def test_sentences_hold_no_addresses_or_telephone_numbers() -> None:
    text = "\n".join(sentence for paragraph in paragraphs() for sentence in paragraph)
    assert re.findall(r"\S*@\S*|https?://\S*|www\.\S*|\d[\d ()-]{6,}\d", text) == []


def test_kind_in_which_we_lose_most_comes_first() -> None:
    queries = [NaturalQuery("a", "won"), NaturalQuery("b", "lost")]
    engines = [EngineTimes("ours", [1.0, 3.0], 1.0), EngineTimes("other", [2.0, 2.0], 1.0)]
    lines = list(natural_report(queries, engines, [], [(1, 10, 5), (10, 100, 20)]))
    kinds = [line.split("|")[1].strip() for line in lines if line.startswith(("| won", "| lost"))]
    assert kinds == ["lost", "won"]


def test_comparison_names_what_became_slower_and_what_was_not_measured() -> None:
    found = Comparison(failures={"f98, search": "ImportError: no such module"})
    found.base.update({"build, s": [1.0, 2.0, 4.0], "page, ms": [2.0, 2.0, 2.0]})
    found.ours.update({"build, s": [1.0, 1.0, 2.0], "page, ms": [3.0, 2.6, 2.0], "new, ms": [1.0]})
    lines = list(report(found, "f98"))
    assert lines[2] == "| page, ms | 2 | 2.6 | 1.30 (1.00 to 1.50) | slower |"
    assert lines[3] == "| build, s | 2 | 1 | 0.50 (0.50 to 1.00) |  |"
    assert lines[4] == "\nNot measured: f98, search: ImportError: no such module"


def test_speed_in_the_readme_is_that_of_docs_performance() -> None:
    readme = (PERFORMANCE.parents[1] / "README.md").read_text(encoding="utf-8")
    line = readme.partition("- **Speed is measured**")[2]
    _, _, begun = PERFORMANCE.read_text(encoding="utf-8").partition("<!-- benchmarks.natural ")
    section = begun.partition("<!-- /")[0]
    figures = FIGURE.findall(line.partition("](")[0])
    assert figures
    assert set(figures) <= set(FIGURE.findall(section))
