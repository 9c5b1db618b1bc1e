"""Each filter is declared once: what the declarations promise to whatever reads them."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from index.analysis.latvian.letters import fold
from index.query import BY_NAME, FILTERS, Filter, Filters, InterfaceText
from index.query.filters import CELL_FACETS, FLAGS, TRAITS, FixedValue
from index.query.lexemes import DAY_WORDS, TYPED, name_pattern
from index.query.typed_filters import KnownValues
from tests.support.queries import MINISTRIES, Parse

EVERY = [pytest.param(one, id=one.name) for one in FILTERS]


def all_texts(one: Filter) -> Iterator[InterfaceText]:
    yield from (one.label, one.without)
    yield from filter(None, (one.find, one.help and one.help[1]))
    for value in one.fixed:
        yield value.label
        yield from filter(None, (value.without,))


def test_published_names_stay() -> None:
    published = {
        "ministry": ("ministries", "ministry", "cell", "ministries"),
        "category": ("categories", "categories", "set", "categories"),
        "topic": ("topics", "topics", "set", "topics"),
        "language": ("languages", "language", "cell", "languages"),
        "has": ("traits", "traits", "flags", "has"),
        "attachment_type": ("attachment_types", "attachment_types", "set", "attachment_types"),
        "person": ("persons", "persons", "set", "persons"),
        "mentions": ("bodies", "bodies", "set", "bodies"),
        "act": ("acts", "acts", "set", "acts"),
        "place": ("places", "places", "set", "places"),
    }
    declared = {one.name: (one.field, one.column, one.kind, one.answer) for one in FILTERS}
    assert [*declared.items()] == [*published.items()]
    assert CELL_FACETS == ("ministry", "language", "year")
    assert TRAITS == ("attachment", "edited", "gone")


@pytest.mark.parametrize("one", EVERY)
def test_each_text_is_in_three_languages(one: Filter) -> None:
    assert [text for texts in all_texts(one) for text in texts if not text.strip()] == []
    assert [texts for texts in all_texts(one) if not re.search("[а-я]", texts.ru)] == []
    assert [texts for texts in all_texts(one) if re.search("[а-яāčēģīķļņšūž]", texts.en)] == []


@pytest.mark.parametrize("one", EVERY)
def test_a_value_is_chosen_and_dropped(one: Filter) -> None:
    around = Filters(published_from=date(2020, 1, 1))
    chosen = around.choose({one.name: [one.example]})
    assert chosen.chosen(one) == (one.example,)
    assert [other.name for other in FILTERS if chosen.chosen(other)] == [one.name]
    assert (around.has_values, chosen.has_values) == (False, True)
    assert chosen.choose({one.name: ()}) == around


def test_columns_fields_and_places_are_distinct() -> None:
    for names in zip(
        *((one.name, one.column, one.field, one.answer, str(one.place)) for one in FILTERS), strict=True
    ):
        assert len(set(names)) == len(FILTERS)


def test_flags_fit_a_byte() -> None:
    assert [one for one in FILTERS if one.kind == "flags"] == [FLAGS]
    assert len(FLAGS.fixed) <= 8


@pytest.mark.parametrize(
    ("chosen", "offer"),
    [
        ((), "Without these conditions"),
        (("gone",), "Also those still on the site"),
        (("attachment",), "Also without an attachment"),
        (("edited", "gone"), "Without these conditions"),
    ],
)
def test_a_single_value_is_offered_to_be_left_out(chosen: tuple[str, ...], offer: str) -> None:
    assert BY_NAME["has"].offer_without(chosen).en == offer


def test_each_typed_name_has_one_meaning() -> None:
    words = [fold(word) for one in FILTERS for word in one.words] + [*{*map(fold, DAY_WORDS)}]
    assert sorted(words) == sorted(TYPED)


@pytest.mark.parametrize("word", [*DAY_WORDS, *(word for one in FILTERS for word in one.words)])
def test_a_name_is_read_with_and_without_diacritics(word: str) -> None:
    name = re.compile(name_pattern())
    assert name.fullmatch(word)
    assert name.fullmatch(fold(word))
    assert not name.fullmatch(f"{word}x")


@pytest.mark.parametrize(
    ("one", "word", "value", "typed"),
    [
        pytest.param(one, word, value, typed, id=f"{word}:{typed}")
        for one in FILTERS
        for word in one.words
        for value in one.fixed
        for typed in (value.key, *value.words)
    ],
)
def test_each_fixed_value_can_be_typed_by_each_name(
    read: Parse, one: Filter, word: str, value: FixedValue, typed: str
) -> None:
    for text in (f"{word}:{typed}", fold(f"{word}:{typed}"), f"{word}:{typed}".upper()):
        query = read(f"budžets {text}")
        assert (query.filters.chosen(one), query.notes) == ((value.key,), ())


@pytest.mark.parametrize("one", [param for param in EVERY if param.values[0].words])  # type: ignore[attr-defined]  # a Filter
def test_an_unknown_value_is_noted(read: Parse, one: Filter) -> None:
    query = read(f"budžets {one.words[0]}:qwx")
    assert not query.filters.has_values
    assert [note.kind for note in query.notes] == [one.unknown]


def test_a_typed_ministry_may_be_the_beginning_of_its_name(read: Parse) -> None:
    aliases = {"zp": ["Zivju padome"], "zivs": ["Zivju padome"]}
    known = {"ministry": KnownValues([*MINISTRIES, "Zivju padome"], aliases)}
    for typed in ("ziv", "ZP", "padome", "živs"):
        assert read(f"iestāde:{typed}", known=known).filters.ministries == ("Zivju padome",)
