"""Ten days of `releases mail`, killed at random moments: each thing is mailed once to each."""

import os
import random
import re
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.children import child
from tests.support.post_office import PostOffice, about, link_in, post_office, text_of
from tests.support.releases_command import run
from tests.support.shelf import build_shelf
from tests.support.stored_release import publish

PROGRAM = Path(sys.executable).parent / "releases"
DAYS, PEOPLE = 10, 120
WORDS = (
    "drošība",
    "jūra",
    "budžets",
    "mežs",
    "skola",
    "nodoklis",
    "ceļš",
    "zeme",
    "gaiss",
    "upe",
    "tilts",
    "osta",
)
TITLE = re.compile(r"Ziņa \d\d-\d")
NEVER = 99


@dataclass
class Reader:
    """Who subscribes on a day, and leaves on another or never."""

    address: str
    word: str
    rhythm: str
    begins: int
    confirms: bool
    leaves: int
    manage: str = ""
    waiting: list[str] = field(default_factory=list)
    """What the next mail must have."""
    expected: list[str] = field(default_factory=list)


@dataclass
class Simulation:
    """Days of an office and its readers."""

    office: PostOffice
    chance: random.Random
    readers: list[Reader]
    day: int = 0

    def live(self) -> None:
        """Let a day pass; it begins at 8:00 in Riga, and the first is a Monday."""
        self.leave()
        self.subscribe()
        self.expect(*(("daily", "weekly") if self.office.now.weekday() == 0 else ("daily",)))
        if self.day < DAYS:
            self.publish()
        self.expect("at_once")
        for most in (250, 60):
            if self.chance.random() < 0.4:
                self.run_killed(self.chance.randrange(1, most))
        self.run_to_the_end()
        self.day += 1
        self.office.now += timedelta(days=1)

    def leave(self) -> None:
        for one in self.readers:
            if one.leaves == self.day and one.manage:
                assert self.office.post(one.manage, **{"List-Unsubscribe": "One-Click"}).status_code == 200
                one.manage = ""

    def subscribe(self) -> None:
        new = [one for one in self.readers if one.begins == self.day]
        for one in new:
            assert self.office.ask(one.address, about("search", q=one.word), one.rhythm).status_code == 200
        if new:
            self.run_killed(self.chance.randrange(1, 4 * len(new)))
            self.run_to_the_end()
        for one in new:
            (asked,) = self.office.to(one.address)
            if one.confirms:
                page = self.office.post(link_in(asked), do="confirm").text
                (one.manage,) = re.findall(r'href="(/abonet/parvaldit[^"]+)"', page)

    def publish(self) -> None:
        releases = []
        for n in range(2):
            words = self.chance.sample(WORDS, 2)
            title = f"Ziņa {self.day:02}-{n}"
            releases.append(publish(f"z{self.day}-{n}", title, f"Numur{self.day}x{n}: {' '.join(words)}."))
            for one in self.readers:
                if one.manage and one.word in words:
                    one.waiting.append(title)
        self.office.save(*releases)

    def expect(self, *rhythms: str) -> None:
        """Note that those with one of *rhythms* get now what waits for them."""
        for one in self.readers:
            if one.rhythm in rhythms and one.manage:
                one.expected += one.waiting
                one.waiting = []

    def run_killed(self, commands: int) -> None:
        """Run the command, and kill it when the server was given so many commands, before it answers."""
        with child([PROGRAM, *self.arguments], stdout=subprocess.DEVNULL) as process:
            left = commands

            def kill(_given: str) -> None:
                nonlocal left
                left -= 1
                if left == 0:
                    os.kill(process.pid, signal.SIGKILL)
                    process.wait(120)

            self.office.box.on_command = kill
            process.wait(300)
        self.office.box.on_command = lambda _: None

    def run_to_the_end(self) -> None:
        done = run(*self.arguments)
        assert done.exit_code == 0, done.output
        assert "abonents" not in done.output

    @property
    def arguments(self) -> tuple[str, ...]:
        return ("mail", "--config", str(self.office.shelf.config), "--at", self.office.now.isoformat())


def some_reader(number: int, chance: random.Random) -> Reader:
    return Reader(
        address=f"p{number}@abonents.lv",
        word=chance.choice(WORDS),
        rhythm=chance.choice(["at_once", "at_once", "daily", "weekly"]),
        begins=chance.choice([0, 6, 12]),
        confirms=chance.random() < 0.8,
        leaves=chance.choice([NEVER, NEVER, NEVER, 8, 13, 15, 18]),
    )


@pytest.mark.long_sweep
def test_each_thing_is_mailed_once_to_each_whatever_dies(tmp_path: Path) -> None:
    chance = random.Random(35)
    (tmp_path / "shelf").mkdir()
    shelf = build_shelf(tmp_path / "shelf")
    with post_office(shelf, tmp_path / "office", per_network=10_000) as office:
        days = Simulation(office, chance, [some_reader(n, chance) for n in range(PEOPLE)])
        days.run_to_the_end()
        office.wait(hours=2)
        for _ in range(DAYS + 2):  # up to the Monday after
            days.live()
        for one in days.readers:
            mails = office.news_to(one.address)
            told = Counter(title for mail in mails for title in {*TITLE.findall(text_of(mail))})
            assert told == Counter(one.expected), one
        assert sum(len(one.expected) for one in days.readers) > PEOPLE
        # What is sent twice is the same, so mail systems show it once.
        assert len({mail.as_bytes() for mail in office.box.mails}) == len(office.box.distinct)
        assert len(office.box.mails) > len(office.box.distinct)
        files = [path for path in office.shelf.config.parent.rglob("*") if path.is_file()]
        assert [path for path in files if b"abonents" in path.read_bytes()] == []
