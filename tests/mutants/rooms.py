"""The rooms whose code is mutated, their modules, and the tests of these."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("crawler", "index", "preses_relizes", "searcher")
TESTED_IN = tomllib.loads((ROOT / "tests" / "tested_in.toml").read_text(encoding="utf-8"))
ROOM_TESTED_IN: dict[str, str] = TESTED_IN.pop("rooms")


def rooms() -> dict[str, list[str]]:
    """Return the modules of each room, both as paths; mutmut mutates no compiled ones."""
    found: dict[str, list[str]] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if path.stem != "__init__" and not path.with_suffix(".pxd").exists():
                module = path.relative_to(ROOT)
                found.setdefault(module.parent.as_posix(), []).append(module.as_posix())
    return dict(sorted(found.items()))


def own_tests(modules: list[str]) -> list[str]:
    """Return the files with the tests of *modules*."""
    own = {TESTED_IN.get(module) or _same_name(Path(module)) for module in modules}
    of_rooms = {
        tests
        for room, tests in ROOM_TESTED_IN.items()
        if any(module.startswith(f"{room}/") for module in modules)
    }
    return sorted(own | of_rooms)


def _same_name(module: Path) -> str:
    return Path("tests", module.parent, f"test_{module.name}").as_posix()
