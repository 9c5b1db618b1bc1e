"""Robustness: does a query keep its first hit if its words are inflected or lack their diacritics?

Usage: python -m benchmarks.robustness [--rounds N]

Runs the judged queries on the sample releases. Each word gets another form at random: one from the dictionary
or, if the dictionary lacks the word (a name), another ending of its declension. Stop words, abbreviations,
numbers and words of other languages stay. A query with a slip is corrected before it is changed.
"""

import argparse
import random
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from benchmarks.relevance import SampleCorpus, load_queries, query_runner
from index.analysis import Analyzer
from index.analysis.latvian.hunspell import Lexicon
from index.analysis.latvian.lemmatizer import Lemmatizer
from index.analysis.latvian.letters import fold
from index.analysis.latvian.stopwords import stop_words
from index.evaluation.judged_queries import JudgedQuery
from index.evaluation.relevance import QueryRunner

# Singular endings of nouns and names: nominative, genitive, dative, accusative, locative.
DECLENSIONS = (
    ("s", "a", "am", "u", "ā"),
    ("š", "a", "am", "u", "ā"),
    ("is", "a", "im", "i", "ī"),
    ("us", "us", "um", "u", "ū"),
    ("a", "as", "ai", "u", "ā"),
    ("e", "es", "ei", "i", "ē"),
)
WORD = re.compile(r"[^\W\d_]{3,}")


class Inflector:
    """Replaces words by other inflected forms."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._lexicon = Lexicon()
        self._lemmatizer = Lemmatizer()

    @cached_property
    def _rules(self) -> dict[str, list[tuple[str, str, Callable[[str], object] | None]]]:
        """By flag, the rules: the text to strip, the text to add, and the condition on the root."""
        rules = defaultdict(list)
        for (added, strip), suffixes in self._lexicon._suffixes.items():  # noqa: SLF001 - nobody else needs the rules
            for suffix in suffixes:
                if not suffix.own:
                    rules[suffix.flag].append((strip, added, suffix.condition))
        return rules

    def text(self, text: str) -> str:
        """Return *text* with its words in other forms."""
        return WORD.sub(lambda match: self.word(match[0]), text)

    def word(self, word: str) -> str:
        """Return another form of *word*, or *word* if there is none."""
        small = word.lower()
        if small in stop_words() or (word.isupper() and len(word) > 1):
            return word
        forms = sorted({*self._forms(small)} - {small})
        if not forms:
            return word
        form = self._chance.choice(forms)
        return form.capitalize() if word[0].isupper() else form

    def _forms(self, word: str) -> Iterator[str]:
        lemmas = self._lexicon.lemmas(word)
        usual = self._lemmatizer.of_text(word)
        for lemma in [lemma for lemma in lemmas if fold(lemma) in usual][:1]:
            flags = self._lexicon._roots.get(lemma, "")  # noqa: SLF001 - as above
            for strip, added, condition in (rule for flag in flags for rule in self._rules[flag]):
                if lemma.endswith(strip) and (not condition or condition(lemma)):
                    form = lemma[: len(lemma) - len(strip)] + added
                    # Skip forms of another word (lieta, lietus) and negations.
                    if set(self._lexicon.lemmas(form)) <= set(lemmas) and form[:2] == word[:2]:
                        yield form
        if not lemmas:
            yield from self._decline(word)

    def _decline(self, word: str) -> Iterator[str]:
        """Yield other cases of *word* if it looks like a name; its longest ending gives the declension."""
        endings = [(ending, forms) for forms in DECLENSIONS for ending in forms if word.endswith(ending)]
        ending, forms = max(endings, key=lambda pair: len(pair[0]), default=("", ()))
        if len(word) > len(ending) + 2 and not word.isascii():
            yield from (word[: len(word) - len(ending)] + other for other in forms)


def same_first_hits(
    queries: Sequence[JudgedQuery], runner: QueryRunner, change: Callable[[str], str]
) -> dict[tuple[str, str], bool]:
    """Return whether the first hit is the same, for each pair of a query and its changed form."""
    same = {}
    for query in queries:
        answer = runner.run(query)
        text = answer.helped_by or query.text
        other = query.model_copy(update={"text": change(text), "kind": ""})
        same[text, other.text] = answer.ranking[:1] == runner.run(other).ranking[:1]
    return same


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5, help="number of changes per query")
    rounds = parser.parse_args().rounds
    queries = load_queries()
    with tempfile.TemporaryDirectory() as folder:
        ours = query_runner(SampleCorpus(Path(folder)), "ours", Analyzer())
        for name, change in query_changes(random.Random(2026)).items():
            rounds_of = [same_first_hits(queries, ours, change) for _ in range(rounds)]
            share = sum(sum(same.values()) for same in rounds_of) / (rounds * len(queries))
            print(f"\n{name}: {share:.1%} of {len(queries)} queries keep their first hit ({rounds} rounds)")
            lost = {pair for same in rounds_of for pair, is_same in same.items() if not is_same}
            print("\n".join(f"  {text}  ->  {other}" for text, other in sorted(lost)))


def query_changes(chance: random.Random) -> dict[str, Callable[[str], str]]:
    """Return the changes to query texts, by name."""
    inflector = Inflector(chance)
    return {
        "without diacritics": fold,
        "in other forms": inflector.text,
        "in other forms, without diacritics": lambda text: fold(inflector.text(text)),
    }


if __name__ == "__main__":
    main()
