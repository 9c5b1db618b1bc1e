"""Full names in the gold set of news, with floors below what the rules reached when written."""

import pytest

from index.analysis import default_analyzer
from index.mentions.annotated_text import AnnotatedText
from index.mentions.people.persons import read_people
from tests.index.mentions.gold_names import FOLDER, gold_sentences


@pytest.mark.skipif(not FOLDER.exists(), reason=f"no gold set at {FOLDER}")
def test_full_names_of_the_gold_set_are_found() -> None:
    found = right = all_names = in_nominative = 0
    for sentence in gold_sentences():
        places = {
            (place.start, place.end): place.name
            for place in read_people(AnnotatedText(sentence.text, "lv", default_analyzer())).places
            if " " in place.name and "." not in place.name
        }
        both = places.keys() & sentence.names
        found, right, all_names = found + len(places), right + len(both), all_names + len(sentence.names)
        in_nominative += sum(places[place].lower() == sentence.nominatives[place].lower() for place in both)
    # A third of what counts as wrong here are names that the gold set lacks.
    assert right / found >= 0.97
    assert right / all_names >= 0.90
    assert in_nominative / right >= 0.95
