"""The regular expressions of our packages, and the worst-case texts of each."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.machinery import ExtensionFileLoader
from re import _constants as codes  # type: ignore[attr-defined]  # the library's own parse tree of a pattern
from re import _parser as parser  # type: ignore[attr-defined]
from types import BuiltinMethodType, ModuleType
from typing import Any

PACKAGES = ("crawler", "index", "preses_relizes", "searcher")
METHODS = ("compile", "search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split")
# These methods try one position of a text only; all others search every position.
ANCHORED = frozenset({"match", "fullmatch"})
_CHARACTERS = (codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN)


_CALLED_ON_RE = re.compile(r"\bre\.")


@dataclass(frozen=True, slots=True)
class Found:
    """A regular expression, and the methods that the code calls on it."""

    name: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]


def modules(packages: Iterable[str] = PACKAGES) -> Iterator[ModuleType]:
    for package in packages:
        root = importlib.import_module(package)
        yield root
        for part in pkgutil.walk_packages(root.__path__, f"{package}."):
            yield importlib.import_module(part.name)


@cache
def patterns() -> tuple[Found, ...]:
    """Return all regular expressions, without duplicates."""
    found: dict[tuple[Any, int], Found] = {}
    for module in modules():
        if isinstance(module.__loader__, ExtensionFileLoader):
            continue  # without a source; the patterns that it asks are those of modules in Python
        source = inspect.getsource(module)
        has_pattern = any(True for value in vars(module).values() for _ in _in(value))
        if not (has_pattern or _CALLED_ON_RE.search(source)):
            continue  # parsing all modules would take seconds
        nodes = list(ast.walk(ast.parse(source)))
        for one in (*_kept(module, nodes), *_written(module, nodes)):
            key = (one.pattern.pattern, one.pattern.flags)
            before = found.get(key, one)
            found[key] = Found(before.name, one.pattern, before.methods | one.methods)
    return tuple(found.values())


def _kept(module: ModuleType, nodes: Iterable[ast.AST]) -> Iterator[Found]:
    """Yield the patterns that *module* binds to a name."""
    asked: dict[str, set[str]] = {}
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            asked.setdefault(node.value.id, set()).add(node.attr)
    for name, value in vars(module).items():
        is_method = issubclass(type(value), BuiltinMethodType)
        for at, pattern in enumerate(_in(value)):
            if is_method:
                methods = {value.__name__}
            else:
                methods = asked.get(name, set()) if pattern is value else {"search"}
            yield Found(f"{module.__name__}.{name}[{at}]", pattern, frozenset(methods))


def _in(value: Any, depth: int = 3) -> Iterator[re.Pattern[Any]]:
    # Check the type, not the instance: Flask's request proxies only work within a request.
    kind = type(value)
    if issubclass(kind, re.Pattern):
        yield value
    elif issubclass(kind, BuiltinMethodType):
        yield from _in(value.__self__, 0)
    elif depth and issubclass(kind, dict):
        for part in value.values():
            yield from _in(part, depth - 1)
    elif depth and issubclass(kind, (tuple, list, set, frozenset)):
        for part in value:
            yield from _in(part, depth - 1)


def _written(module: ModuleType, nodes: Iterable[ast.AST]) -> Iterator[Found]:
    """Yield the patterns in the ``re`` calls of *module* that its constants determine."""
    for node in nodes:
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        called_on = node.func.value
        if not (isinstance(called_on, ast.Name) and called_on.id == "re") or node.func.attr not in METHODS:
            continue
        try:
            source = eval(ast.unparse(node.args[0]), dict(vars(module)))
            flags = eval(ast.unparse(node.args[1]), dict(vars(module))) if len(node.args) > 1 else 0
        except (NameError, TypeError, AttributeError):
            continue  # depends on variables
        if not isinstance(source, str | bytes | re.Pattern):
            continue
        flags = flags if node.func.attr == "compile" else 0
        pattern = source if isinstance(source, re.Pattern) else re.compile(source, flags)
        # `_kept` finds the methods of a compiled pattern by the name it is bound to.
        methods = frozenset() if node.func.attr == "compile" else frozenset({node.func.attr})
        yield Found(f"{module.__name__}:{node.lineno}", pattern, methods)


# --- Worst-case texts ---


def has_possessive_group(pattern: re.Pattern[Any]) -> bool:
    """Return whether *pattern* repeats something possessively that is more than one character."""
    return _has_possessive_group(list(parser.parse(pattern.pattern, pattern.flags)))


def _has_possessive_group(tree: Any) -> bool:
    match tree:
        case (code, (_, _, parser.SubPattern() as inside)) if code is codes.POSSESSIVE_REPEAT:
            return [code in _CHARACTERS for code, _ in inside] != [True]
    return isinstance(tree, (tuple, list, parser.SubPattern)) and any(map(_has_possessive_group, tree))


def families(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str]]:
    """Yield pairs of a prefix and a text to repeat, from what each repeat of *pattern* matches.

    At every position where the pattern could begin, a repeat may consume all that follows and then fail.
    """
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = parser.parse(
        source, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    )
    seen: set[tuple[str, str]] = set()
    for before, inside in _repeats(list(tree), ""):
        for pump in dict.fromkeys(inside):
            for family in (
                (before, pump),
                ("", before + pump),
                ("", pump),
                (before + pump * 40, before or pump),
            ):
                if family[1] and family not in seen:
                    seen.add(family)
                    yield family
    whole = _sample(list(tree))
    for piece in (whole, whole[:-1], whole[: len(whole) // 2 + 1], whole[1:]):
        if piece and ("", piece) not in seen:
            seen.add(("", piece))
            yield "", piece


def _repeats(items: Sequence[tuple[Any, Any]], before: str) -> Iterator[tuple[str, list[str]]]:
    """Yield for each repeat of *items* a text that leads to it and a few that it matches."""
    for at, (code, value) in enumerate(items):
        lead = before + _sample(items[:at])
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            _, most, inside = value
            if most > 8:
                following = _sample(items[at + 1 : at + 3])
                takes = _samples(list(inside))
                yield lead, [*takes, *(take + following for take in takes[:1]), *_shared(items[at:])]
            yield from _repeats(list(inside), lead)
        elif code is codes.SUBPATTERN:
            yield from _repeats(list(value[3]), lead)
        elif code is codes.BRANCH:
            for branch in value[1]:
                yield from _repeats(list(branch), lead)
        elif code in (codes.ASSERT, codes.ASSERT_NOT):
            yield from _repeats(list(value[1]), lead)
        elif code is codes.ATOMIC_GROUP:
            yield from _repeats(list(value), lead)


def _shared(items: Sequence[tuple[Any, Any]]) -> list[str]:
    """Return a letter that several adjacent repeats match: they can divide a run of it in many ways."""
    letters = [
        _letters(inside)
        for code, (_, _, inside) in (
            (code, value)
            for code, value in items[:4]
            if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
        )
    ]
    if len(letters) < 2:
        return []
    return sorted(letters[0] & letters[1])[:2]


PROBES = "a0 .\n-,<\"'=(:/&A%ā\t@[|_#!?\xa0я"


def _letters(items: Sequence[tuple[Any, Any]]) -> set[str]:
    if len(items) != 1:
        return set()
    code, value = items[0]
    if code is codes.IN:
        return {letter for letter in PROBES if _is_in(letter, value)}
    if code is codes.LITERAL:
        return {chr(value)}
    return set(PROBES) - {"\n"} if code is codes.ANY else set()


def _samples(items: Sequence[tuple[Any, Any]]) -> list[str]:
    """Return a few texts that *items* match, one per probe letter and branch."""
    if len(items) == 1:
        code, value = items[0]
        if code is codes.IN:
            return [letter for letter in PROBES if _is_in(letter, value)][:5] or [_sample(items)]
        if code is codes.NOT_LITERAL:
            return [letter for letter in PROBES if ord(letter) != value][:5]
        if code is codes.ANY:
            return list(PROBES[:5])
        if code is codes.SUBPATTERN:
            return _samples(list(value[3]))
        if code is codes.BRANCH:
            return [text for branch in value[1] for text in _samples(list(branch))[:3]][:8]
    return [_sample(items)]


def _sample(items: Sequence[tuple[Any, Any]]) -> str:
    """Return a short text that *items* match, ignoring look-arounds."""
    return "".join(_one(code, value) for code, value in items)


def _one(code: Any, value: Any) -> str:  # noqa: PLR0911 # one per kind of node
    if code is codes.LITERAL:
        return chr(value)
    if code is codes.NOT_LITERAL:
        return next(letter for letter in PROBES if ord(letter) != value)
    if code is codes.ANY:
        return "a"
    if code is codes.IN:
        return next((letter for letter in PROBES if _is_in(letter, value)), None) or _first(value)
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        least, _, inside = value
        return _sample(list(inside)) * min(least, 40)
    if code is codes.SUBPATTERN:
        return _sample(list(value[3]))
    if code is codes.BRANCH:
        return _sample(list(value[1][0]))
    if code is codes.ATOMIC_GROUP:
        return _sample(list(value))
    return ""  # an anchor or a look-around


def _first(members: Sequence[tuple[Any, Any]]) -> str:
    for code, value in members:
        if code is codes.LITERAL:
            return chr(value)
        if code is codes.RANGE:
            return chr(value[0])
    return "a"


CATEGORIES = {
    codes.CATEGORY_DIGIT: str.isdigit,
    codes.CATEGORY_NOT_DIGIT: lambda letter: not letter.isdigit(),
    codes.CATEGORY_SPACE: str.isspace,
    codes.CATEGORY_NOT_SPACE: lambda letter: not letter.isspace(),
    codes.CATEGORY_WORD: lambda letter: letter.isalnum() or letter == "_",
    codes.CATEGORY_NOT_WORD: lambda letter: not (letter.isalnum() or letter == "_"),
}


def _is_in(letter: str, members: Sequence[tuple[Any, Any]]) -> bool:
    is_negated = members[0][0] is codes.NEGATE
    return is_negated != any(_is_of(letter, code, value) for code, value in members)


def _is_of(letter: str, code: Any, value: Any) -> bool:
    if code is codes.LITERAL:
        return ord(letter) == value
    if code is codes.RANGE:
        return bool(value[0] <= ord(letter) <= value[1])
    return code is codes.CATEGORY and bool(CATEGORIES[value](letter))
