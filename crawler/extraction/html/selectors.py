"""Finds the elements of a page by CSS selectors."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

import soupsieve
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from crawler.extraction.html.tree import nodes_in

# Longer names are not cached between pages.
CACHED_NAME_CHARS_MAX = 100
# Elements of text: found in the head, they belong to the body.
_TEXT_NAMES = frozenset(("h1", "h2", "p", "div"))


class Elements:
    """A page's elements, indexed once for all CSS selectors."""

    def __init__(self, soup: BeautifulSoup) -> None:
        self.soup = soup
        nodes = nodes_in(soup)
        self.all: list[Tag] = [node for node in nodes if isinstance(node, Tag)]
        self._nodes = nodes
        self._keys = [_keys_of(tag) for tag in self.all]
        # Elements with the same keys are grouped, since most elements of a page are of few kinds.
        self._places: dict[frozenset[str], list[int]] = {}
        for at, keys in enumerate(self._keys):
            self._places.setdefault(keys, []).append(at)
        self._kinds: dict[str, list[frozenset[str]]] = {}
        for keys in self._places:
            for key in keys:
                self._kinds.setdefault(key, []).append(keys)

    @cached_property
    def strings(self) -> list[NavigableString]:
        """All strings of the page, comments included, as they were when it was indexed."""
        return [node for node in self._nodes if isinstance(node, NavigableString)]

    @cached_property
    def _at(self) -> dict[int, int]:
        return {id(tag): at for at, tag in enumerate(self.all)}

    @property
    def body(self) -> Tag:
        """The body element; the whole page if it has none, or text in its head.

        Without a body tag, the parser puts newer elements such as <main> into the head.
        """
        heads = self.select("head")
        if any(
            isinstance(node, Tag) and node.name in _TEXT_NAMES for head in heads for node in nodes_in(head)
        ):
            return self.soup
        return next(iter(self.select("body")), self.soup)

    def select(self, *selectors: str) -> list[Tag]:
        """Return the elements that match any of *selectors*, in document order."""
        known = self._kinds.keys()
        parts = (part for selector in selectors for part in _parse_selectors(selector) if part.keys <= known)
        places = {at for part in parts for at in self._match(part)}
        return [self.all[at] for at in sorted(places)]

    def _match(self, part: "_ParsedSelector") -> Iterable[int]:
        *around, own = part.compounds or (_NOTHING,)
        few = min((self._kinds[key] for key in own), key=len, default=self._places)
        candidates = [at for keys in few if own <= keys for at in self._places[keys]]
        if part.is_plain:
            return self._filter_by_ancestors(candidates, around) if around else candidates
        return [at for at in candidates if _is_match(part, self.all[at])]

    def _filter_by_ancestors(self, found: Iterable[int], around: list[frozenset[str]]) -> list[int]:
        """Return those of *found* whose ancestors have the keys of *around*, in that order."""
        # Number of *around* matched from the root down to each ancestor, so shared ancestors are visited
        # once.
        counted: dict[int, int] = {id(None): 0}
        matching = []
        for at in found:
            parent = self.all[at].parent
            above: list[Tag] = []
            tag = parent
            while id(tag) not in counted and tag is not None:
                above.append(tag)
                tag = tag.parent
            count = counted[id(tag)]
            for tag in reversed(above):
                place = self._at.get(id(tag))
                count += place is not None and count < len(around) and around[count] <= self._keys[place]
                counted[id(tag)] = count
            if counted[id(parent)] == len(around):
                matching.append(at)
        return matching


def may_match(selector: str, markup: str) -> bool:
    """Whether *selector* may match an element of *markup*, which has all names that it requires."""
    return any(all(key.strip(".#[") in markup for key in part.keys) for part in _parse_selectors(selector))


@dataclass(frozen=True, slots=True)
class _ParsedSelector:
    """One selector of a comma-separated list, split into the keys that each compound requires."""

    text: str
    compounds: tuple[frozenset[str], ...]
    keys: frozenset[str]
    """The keys of all compounds together."""
    is_plain: bool
    """Whether it consists of keys and descendant combinators only."""
    attribute: tuple[str, str, str] | None
    """Name, operator and value, if it is a single attribute test."""


def _is_match(part: _ParsedSelector, tag: Tag) -> bool:
    """Whether *tag*, which has the keys of *part*, matches all of it."""
    if not part.attribute:
        return soupsieve.match(part.text, tag)
    name, operator, value = part.attribute
    return _OPERATORS[operator](" ".join(map(str, tag.get_attribute_list(name))), value)


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "=": str.__eq__,
    "*=": str.__contains__,
    "^=": str.startswith,
    "$=": str.endswith,
    "~=": lambda text, value: value in text.split(),
}
_NOTHING: frozenset[str] = frozenset()
# Nested brackets, comments and escapes are left to soupsieve.
_COMPLEX = re.compile(r"\([^()]*\(|/\*|\\")
_TOP_COMMA = re.compile(r",(?![^\[(]*[\])])")
_COMPOUND = re.compile(r"(?:[\w-]|[.#*]|\[[^\]]*\]|:[\w-]+(?:\([^)]*\))?)+")
# The argument of `:not(…)` is not required.
_ARGUMENTS = re.compile(r"\([^)]*\)")
# A tag, class, id or attribute, as `_keys_of` spells them.
_KEY = re.compile(r"(?:^|(?<=[\w\]*]))[.#][\w-]+|^[.#]?[a-z][\w-]*|\[[a-z][\w-]*")
_PLAIN = re.compile(r"(?>(?:(?>(?:[.#]?[a-z][\w-]*+|[.#][\w-]++|\[[a-z][\w-]*\])+) ?)+)")
_ATTRIBUTE = re.compile(r"(?:[a-z][\w-]*)?\[([a-z-]+)([*^$~]?=)[\"']?([^\]\"']+)[\"']?\]")


@cache
def _parse_selectors(selector: str) -> tuple[_ParsedSelector, ...]:
    if _COMPLEX.search(selector):
        return (_ParsedSelector(text=selector, compounds=(), keys=_NOTHING, is_plain=False, attribute=None),)
    return tuple(_parse_selector(part.strip()) for part in _TOP_COMMA.split(selector))


def _parse_selector(text: str) -> _ParsedSelector:
    compounds = tuple(
        frozenset(_KEY.findall(_ARGUMENTS.sub("", compound))) for compound in _COMPOUND.findall(text)
    )
    return _ParsedSelector(
        text=text,
        compounds=compounds,
        keys=_NOTHING.union(*compounds),
        is_plain=bool(_PLAIN.fullmatch(text)),
        attribute=(found[1], found[2], found[3]) if (found := _ATTRIBUTE.fullmatch(text)) else None,
    )


def _keys_of(tag: Tag) -> frozenset[str]:
    if not tag.attrs:
        return _keys(tag.name, (), "")
    classes = " ".join(tag.attrs.get("class", ()))
    of_kind = _keys if len(classes) <= CACHED_NAME_CHARS_MAX and len(tag.attrs) < 10 else _keys.__wrapped__
    keys = of_kind(tag.name, tuple(tag.attrs), classes)
    return keys | {f"#{tag.attrs['id']}"} if tag.attrs.get("id") else keys


# The pages of a site share few kinds of elements.
@lru_cache(maxsize=4096)
def _keys(name: str, attributes: tuple[str, ...], classes: str) -> frozenset[str]:
    return frozenset((name, *(f"[{each}" for each in attributes), *(f".{each}" for each in classes.split())))
