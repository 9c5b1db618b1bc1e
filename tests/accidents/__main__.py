"""The command: accidents and true changes on invented sites, and a table of what was lost or wrong."""

import argparse
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.accidents.case import ACCIDENTS, Case, selection
from tests.accidents.runs import Judged, judge
from tests.accidents.truths import TRUTHS

ABOUT = """Accidents of honest sites: wrong pages in place of releases, day by day, and true changes.

    python -m tests.accidents  # one case of each kind
    python -m tests.accidents --each 10 --start 5  # ten cases of each kind, from the sixth on
    python -m tests.accidents --kind f5 --kind teaser --each 20
    python -m tests.accidents --case f5/5/1+2/7  # repeats one case: kind, share, days, seed
    python -m tests.accidents --list  # the kinds

Exit code 1: a release was lost, overwritten, hidden or kept out, or a true change was not taken.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", action="append", default=[], help="a case to repeat")
    parser.add_argument("--kind", action="append", default=[], choices=[*ACCIDENTS, *TRUTHS], metavar="KIND")
    parser.add_argument("--each", type=int, default=1, help="number of cases of each kind")
    parser.add_argument("--start", type=int, default=0, help="number of the first case of each kind")
    parser.add_argument("--at-once", type=int, default=1, help="number of batches crawled at the same time")
    parser.add_argument("--batch", type=int, default=30, help="number of sites that one command crawls")
    parser.add_argument("--open", action="store_true", help="also show what the requirements leave open")
    parser.add_argument("--keep", type=Path, help="folder in which the stores are kept; default: none are")
    parser.add_argument("--list", action="store_true", help="list the kinds")
    options = parser.parse_args()
    if options.list:
        print("\n".join([*ACCIDENTS, *TRUTHS]))
        return
    cases = [Case.parse(name) for name in options.case] or selection(
        options.each, start=options.start, kinds=tuple(options.kind)
    )
    with tempfile.TemporaryDirectory() as scratch:
        judged = _judge_all(cases, options.keep or Path(scratch), options)
    raise SystemExit(1 if any(one.wrong for one in judged) else 0)


def _judge_all(cases: Sequence[Case], folder: Path, options: argparse.Namespace) -> list[Judged]:
    began, judged = time.monotonic(), []
    batches = [cases[first : first + options.batch] for first in range(0, len(cases), options.batch)]
    folders = [folder / str(number) for number in range(len(batches))]
    with ProcessPoolExecutor(options.at_once) as pool:
        run_all = map if options.at_once == 1 else pool.map
        for batch in run_all(judge, batches, folders):
            for one in batch:
                judged.append(one)
                _print(one, with_open=options.open)
    _print_table(judged)
    print(f"{len(judged)} cases in {time.monotonic() - began:.0f} s")
    return judged


def _print(one: Judged, *, with_open: bool) -> None:
    shown = [finding for finding in one.findings if with_open or finding.level == "wrong"]
    if not shown:
        return
    print(f"--case {one.case}")
    counts = Counter((finding.day, finding.level, finding.what) for finding in shown)
    details = {(finding.day, finding.level, finding.what): finding.detail for finding in shown}
    for (day, level, what), count in counts.items():
        print(f"  day {day}: {count} × {what} ({level}), e.g. {details[day, level, what]}", flush=True)


def _print_table(judged: Iterable[Judged]) -> None:
    by_kind: defaultdict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        by_kind[one.case.kind].append(one)
    print(f"\n{'kind':24} cases wrong  open  what")
    for kind, cases in by_kind.items():
        wrong = sum(bool(one.wrong) for one in cases)
        is_open = sum(any(finding.level == "open" for finding in one.findings) for one in cases)
        whats = Counter(
            what for one in cases for what in {finding.what.split(" text ")[0] for finding in one.wrong}
        )
        print(f"{kind:24} {len(cases):5} {wrong:5} {is_open:5}  {', '.join(whats)}")
    total = [one for cases in by_kind.values() for one in cases]
    print(f"{'all':24} {len(total):5} {sum(bool(one.wrong) for one in total):5}")


if __name__ == "__main__":
    main()
