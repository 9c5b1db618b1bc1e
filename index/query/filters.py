"""The filters of a search: each is declared once, here, for the parser, the engines, the pages and the API.

A new filter is a field of `Filters` with its declaration, and an attribute of `Document` in
`index/indexing/document.py`, which fills its column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Annotated, Literal, NamedTuple, Self, get_type_hints

from msgspec import Struct, structs

from crawler.config import Language
from index.analysis.latvian.letters import fold
from index.topics.scheme import TOPICS

ColumnKind = Literal["cell", "set", "flags"]
"""``cell``: each release has one value, of few; the compiled search counts all such columns at once.
``set``: a release has any number of values; hits have any of those chosen.
``flags``: a release has any of at most eight fixed values, a bit for each; hits have all of those chosen."""

SHOWN = 8
"""Number of values that the page shows of a filter; the rest of a longer list is folded."""


class InterfaceText(NamedTuple):
    """A text of the interface in each language."""

    lv: str
    en: str
    ru: str


@dataclass(frozen=True, slots=True)
class FixedValue:
    """A value that we chose, not the institutions."""

    key: str
    """As the column and the parameter have it."""
    label: InterfaceText
    """In a list of values, as a chip, and in the title of a feed."""
    words: tuple[str, ...] = ()
    """How it is typed in a query, besides its key."""
    without: InterfaceText | None = None
    """The offer to search without this value, if no other is chosen."""


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A filter by values that releases have."""

    name: str
    """The parameter of the page and the API, and the facet."""
    column: str
    """The column in both engines, and the attribute of a document that fills it."""
    kind: ColumnKind = "set"
    field: str = ""
    """The field of `Filters`, set below."""
    fixed: tuple[FixedValue, ...] = ()
    """All values, in order; empty if institutions name them."""
    chars_max: int = 200
    """Maximum length of a value that is not fixed."""

    label: InterfaceText
    """The heading of its values."""
    find: InterfaceText | None = None
    """The label of the box that finds a value in a long list."""
    without: InterfaceText
    """The offer to search without this filter."""
    place: int
    """Filters with a lower number come first on the page."""
    shown: int = SHOWN
    """Number of values that the page shows before it folds the others."""
    help: tuple[str, InterfaceText] | None = None
    """An example for the help page, and its meaning."""

    words: tuple[str, ...] = ()
    """Its names in a query, with diacritics: `ministrija:`; empty if it cannot be typed."""
    unknown: Literal["no institution", "no language", "no value"] = "no value"
    """The note on a typed value that no release has."""
    completed_as: tuple[str, InterfaceText] | None = None
    """The kind of the completions that offer its values as filters, and how the page calls it."""

    description: str
    """Of the parameter, in the documentation of the API."""
    example: str
    assistant: tuple[str, str] | None = None
    """The name and the description of the argument of the assistants' search; None if it has none."""
    answer: str = ""
    """Its name among the filters of an answer of the API; empty if it is that of the field."""

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys of the fixed values, in order."""
        return tuple(value.key for value in self.fixed)

    @cached_property
    def labels(self) -> Mapping[str, InterfaceText]:
        """The labels of the fixed values, by key."""
        return {value.key: value.label for value in self.fixed}

    @cached_property
    def typed_values(self) -> Mapping[str, str]:
        """The keys of the fixed values by typed word, folded and in lower case."""
        return {fold(word.lower()): value.key for value in self.fixed for word in (value.key, *value.words)}

    def offer_without(self, chosen: Sequence[str]) -> InterfaceText:
        """Return the offer to search without the *chosen* values."""
        alone = next((value.without for value in self.fixed if [value.key] == [*chosen]), None)
        return alone or self.without


_ATTACHMENT_TYPES = (
    ("pdf", ("PDF fails", "PDF file", "файл PDF"), ()),
    ("docx", ("Word dokuments", "Word document", "документ Word"), ("doc", "word")),
    ("xlsx", ("Excel tabula", "Excel spreadsheet", "таблица Excel"), ("xls", "excel")),
    ("pptx", ("PowerPoint prezentācija", "PowerPoint presentation", "презентация PowerPoint"),
     ("ppt", "powerpoint")),
    ("edoc", ("elektroniski parakstīts dokuments (eDoc)", "e-signed document (eDoc)",
     "электронно подписанный документ (eDoc)"), ("asice",)),
    ("image", ("attēls", "image", "изображение"), ("attēls", "изображение")),
    ("other", ("cits fails", "other file", "другой файл"), ("cits", "другой")),
)  # fmt: skip


class Filters(Struct, frozen=True, kw_only=True, gc=False):
    """Conditions on hits beside their text; an empty tuple or None sets no condition."""

    ministries: Annotated[
        tuple[str, ...],
        Filter(
            name="ministry",
            column="ministry",
            kind="cell",
            chars_max=500,
            label=InterfaceText("Ministrija vai iestāde", "Ministry or agency", "Министерство или ведомство"),
            find=InterfaceText("Atrast iestādi", "Find an institution", "Найти учреждение"),
            without=InterfaceText(
                "Visās ministrijās un iestādēs",
                "In all ministries and agencies",
                "По всем министерствам и ведомствам",
            ),
            place=1,
            words=("ministrija", "iestāde", "ministry", "institution", "министерство", "учреждение"),
            unknown="no institution",
            completed_as=("institution", InterfaceText("iestāde", "institution", "учреждение")),
            description="Only releases of these institutions, by name.",
            example="Finanšu ministrija",
            assistant=("institution", "Only this one, named as by list_institutions."),
        ),
    ] = ()
    categories: Annotated[
        tuple[str, ...],
        Filter(
            name="category",
            column="categories",
            label=InterfaceText("Kategorija", "Category", "Рубрика"),
            find=InterfaceText("Atrast kategoriju", "Find a category", "Найти рубрику"),
            without=InterfaceText("Visās kategorijās", "In all categories", "Во всех рубриках"),
            place=6,
            shown=4,  # fewer than institutions, by which people search more
            description="Only releases with any of these categories, as their institutions name them.",
            example="NATO",
        ),
    ] = ()
    topics: Annotated[
        tuple[str, ...],
        Filter(
            name="topic",
            column="topics",
            fixed=tuple(FixedValue(key, InterfaceText(*label), words) for key, label, words in TOPICS),
            label=InterfaceText("Temats", "Topic", "Тема"),
            without=InterfaceText("Par visiem tematiem", "On all topics", "На все темы"),
            place=5,
            words=("temats", "tēma", "topic", "тема"),
            description="Only releases on any of these topics, by rules that map categories of their "
            "institutions to one scheme; a release whose category no rule names has none.",
            example="health",
            assistant=("topic", "Only on this topic; most releases have none."),
        ),
    ] = ()
    languages: Annotated[
        tuple[Language, ...],
        Filter(
            name="language",
            column="language",
            kind="cell",
            fixed=(
                FixedValue("lv", InterfaceText("latviešu", "Latvian", "латышский"), ("latviešu", "latvian")),
                FixedValue("en", InterfaceText("angļu", "English", "английский"), ("angļu", "english")),
                FixedValue("ru", InterfaceText("krievu", "Russian", "русский"), ("krievu", "russian")),
            ),
            label=InterfaceText("Relīzes valoda", "Language of the release", "Язык релиза"),
            without=InterfaceText("Visās valodās", "In all languages", "На всех языках"),
            place=2,
            words=("valoda", "language", "lang"),
            unknown="no language",
            description="Only releases in these languages.",
            example="lv",
            assistant=("language", "Only this language."),
        ),
    ] = ()
    published_from: date | None = None
    published_to: date | None = None
    """Inclusive, as is ``published_from``."""
    versions: bool = False
    """Whether any text that a release ever had may match, not only the present one."""
    stood: tuple[date, date] | None = None
    """The first and last day of a period in which the text stood on its site; so may any that it ever had."""
    traits: Annotated[
        tuple[str, ...],
        Filter(
            name="has",
            column="traits",
            kind="flags",
            fixed=(
                FixedValue(
                    "attachment",
                    InterfaceText("ar pielikumu", "with an attachment", "с приложением"),
                    without=InterfaceText(
                        "Arī bez pielikuma", "Also without an attachment", "И без приложения"
                    ),
                ),
                FixedValue(
                    "edited",
                    InterfaceText(
                        "labotas pēc publicēšanas",
                        "edited after publication",
                        "исправленные после публикации",
                    ),
                    without=InterfaceText("Arī nelabotas", "Also those never edited", "И неисправленные"),
                ),
                FixedValue(
                    "gone",
                    InterfaceText(
                        "kuru vietnē vairs nav", "no longer on the site", "которых на сайте больше нет"
                    ),
                    without=InterfaceText(
                        "Arī tās, kas joprojām ir vietnē",
                        "Also those still on the site",
                        "И те, что по-прежнему есть на сайте",
                    ),
                ),
            ),
            label=InterfaceText("Pazīmes", "Features", "Признаки"),
            without=InterfaceText(
                "Arī bez šādām pazīmēm", "Without these conditions", "И без этих признаков"
            ),
            place=3,
            description="Only releases with all of these: an attachment, edited after publication, "
            "gone from the site.",
            example="attachment",
            answer="has",
        ),
    ] = ()
    attachment_types: Annotated[
        tuple[str, ...],
        Filter(
            name="attachment_type",
            column="attachment_types",
            fixed=tuple(
                FixedValue(key, InterfaceText(*label), words) for key, label, words in _ATTACHMENT_TYPES
            ),
            label=InterfaceText("Pielikuma veids", "Type of attachment", "Тип приложения"),
            without=InterfaceText(
                "Ar jebkāda veida pielikumu vai bez tā",
                "With an attachment of any type, or none",
                "С приложением любого типа или без него",
            ),
            place=4,
            help=(
                "budžets fails:xlsx",
                InterfaceText(
                    "ar šāda veida pielikumu: pdf, docx, xlsx, pptx, edoc, attēls vai cits",
                    "with an attachment of this type: pdf, docx, xlsx, pptx, edoc, image or other",
                    "с приложением этого типа: pdf, docx, xlsx, pptx, edoc, изображение или другой",
                ),
            ),
            words=("fails", "filetype", "файл"),
            description="Only releases with an attachment of any of these types, as its address or its title "
            "names it; other is any other type, or an unknown one.",
            example="pdf",
            assistant=("attachment_type", "Only with an attachment of this type."),
        ),
    ] = ()
    persons: Annotated[
        tuple[str, ...],
        Filter(
            name="person",
            column="persons",
            label=InterfaceText("Persona", "Person", "Персона"),
            find=InterfaceText("Atrast personu", "Find a person", "Найти персону"),
            without=InterfaceText("Par visām personām", "Naming anyone", "О любых персонах"),
            place=7,
            shown=4,
            help=(
                'persona:"Agra Lepzare"',
                InterfaceText("ar šādu vārdu", "who has this full name", "с этим полным именем"),
            ),
            words=("persona", "person", "персона"),
            completed_as=("person", InterfaceText("persona", "person", "персона")),
            description="Only releases that name any of these with an office, or quote them.",
            example="Agra Lepzare",
            assistant=("person", "Only releases that name this person with an office, or quote."),
        ),
    ] = ()
    bodies: Annotated[
        tuple[str, ...],
        Filter(
            name="mentions",
            column="bodies",
            label=InterfaceText("Pieminēta iestāde", "Institution named", "Упомянутое учреждение"),
            find=InterfaceText("Atrast iestādi", "Find an institution", "Найти учреждение"),
            without=InterfaceText("Ar jebkuru iestādi", "Whatever institution", "С любым учреждением"),
            place=8,
            shown=4,
            words=("piemin", "mentions", "упоминает"),
            description="Only releases whose text names any of these institutions, whoever published them.",
            example="Valsts policija",
            assistant=("mentions", "Only releases whose text names this institution."),
        ),
    ] = ()
    acts: Annotated[
        tuple[str, ...],
        Filter(
            name="act",
            column="acts",
            label=InterfaceText("Tiesību akts", "Legal act", "Правовой акт"),
            find=InterfaceText("Atrast tiesību aktu", "Find an act", "Найти правовой акт"),
            without=InterfaceText("Ar jebkuru aktu", "With any act", "С любым актом"),
            place=9,
            shown=4,
            words=("akts", "act", "акт"),
            completed_as=("act", InterfaceText("tiesību akts", "legal act", "правовой акт")),
            description="Only releases that cite any of these acts or drafts.",
            example="Imigrācijas likums",
            assistant=("act", "Only releases that cite this act, as by their act facet."),
        ),
    ] = ()
    places: Annotated[
        tuple[str, ...],
        Filter(
            name="place",
            column="places",
            label=InterfaceText("Vieta", "Place", "Место"),
            find=InterfaceText("Atrast vietu", "Find a place", "Найти место"),
            without=InterfaceText("Visās vietās", "In all places", "Во всех местах"),
            place=10,
            shown=4,
            words=("vieta", "place", "место"),
            completed_as=("place", InterfaceText("vieta", "place", "место")),
            description="Only releases that name any of these municipalities or towns.",
            example="Valmiera",
            assistant=("place", "Only releases that name this municipality or town."),
        ),
    ] = ()

    def chosen(self, one: Filter) -> tuple[str, ...]:
        """Return the values that the filter *one* chooses."""
        values: tuple[str, ...] = getattr(self, one.field)
        return values

    @property
    def is_through_time(self) -> bool:
        """Whether texts are searched that no longer stand."""
        return self.versions or self.stood is not None

    @property
    def has_values(self) -> bool:
        """Whether any filter but those by days is in use."""
        return any(map(self.chosen, FILTERS))

    def choose(self, values: Mapping[str, Sequence[str]]) -> Self:
        """Return these filters with *values*, by name of their filter, instead of what they chose."""
        return structs.replace(
            self, **{BY_NAME[name].field: tuple(chosen) for name, chosen in values.items()}
        )


FILTERS: tuple[Filter, ...] = tuple(
    replace(declared, field=field, answer=declared.answer or field)
    for field, hint in get_type_hints(Filters, include_extras=True).items()
    for declared in getattr(hint, "__metadata__", ())
)
"""All filters by values, in the order of parameters, addresses and chips; those by days come last."""

COMPLETED: Mapping[str, tuple[str, InterfaceText]] = {
    one.name: one.completed_as for one in FILTERS if one.completed_as
}
"""The kinds of completions, by name of the filter whose values they offer."""
BY_NAME: Mapping[str, Filter] = {one.name: one for one in FILTERS}
FLAGS = next(one for one in FILTERS if one.kind == "flags")
YEAR = "year"
"""The facet of the filters by days."""
CELL_FACETS = *(one.name for one in FILTERS if one.kind == "cell"), YEAR
"""The facets that are counted together."""
TRAITS = FLAGS.keys
"""The traits of a release, as declared above."""
