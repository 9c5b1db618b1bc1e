"""Releases of two sites with nearly the same text."""

from dataclasses import replace
from datetime import UTC, date, datetime

from crawler.store import Release, Store
from tests.support.stored_release import RELEASE

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
BODY = (
    "Šonedēļ Rīgā tiekas Baltijas valstu iekšlietu ministri, lai pārrunātu kopīgās robežas drošību, "
    "civilās aizsardzības jautājumus un sadarbību ar Eiropas Savienības aģentūrām nākamajos 3 gados. "
    "Sanāksmes laikā ministri parakstīs vienošanos par kopīgām mācībām, kas notiks 2026. gada rudenī.\n\n"
    "Ministrs uzsver, ka drošība nav iedomājama bez uzticamiem kaimiņiem un kopīgi pieņemtiem lēmumiem."
)


def release(site: str, body: str = BODY, *, day: date = date(2026, 2, 27), name: str = "x") -> Release:
    return replace(RELEASE, site=site, url=f"https://{site}.example/lv/{name}", body=body, published=day)


def near_copies(store: Store, count: int) -> None:
    """Save near copies at two sites, all of one day."""
    words = BODY.split()
    with store.transaction():
        for number in range(count):
            word = "vārds" + "".join(chr(97 + number // 26**at % 26) for at in range(3))
            body = " ".join([*words[:40], word, *words[40:]])
            site = ("iem", "mfa")[number % 2]
            store.save(release(site, body, name=f"x{number}"), seen=NOW)
