import re
from datetime import date

from index.edits import CorrectionFigures
from searcher.pages.institutions.institutions_page import CorrectionChart
from tests.searcher.pages.conftest import Page


def test_each_institution_has_its_releases_dates_and_state(page: Page) -> None:
    rows = re.findall(r"<tr>(.*?)</tr>", page("/iestades").partition("<tbody>")[2], re.DOTALL)
    texts = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    assert texts == [
        "Iekšlietu ministrija 4 01.10.2022. 05.03.2024. 01.03.2026. plkst. 11:00 sen nav nolasīta "
        "1 tajā pašā dienā 0, nedēļas laikā 0, vēlāk 1; būtiski 1",
        "Veselības ministrija 1 06.03.2024. 06.03.2024. 01.03.2026. plkst. 11:00 sen nav nolasīta –",
    ]


def test_an_institution_leads_to_its_releases(page: Page) -> None:
    link = re.search(r'<th scope="row"><a href="([^"]+)"', page("/ru/institutions"))
    assert link is not None
    assert "4 релиза" in page(link[1].replace("&amp;", "&"))


def test_a_chart_has_twelve_months_up_to_now() -> None:
    figures = CorrectionFigures(
        ministry="Iekšlietu ministrija", edits=6, same_day=0, within_week=0, later=6, heavy=0,
        by_month=(("2025-01", 9), ("2025-04", 1), ("2026-01", 2), ("2026-03", 4)),
    )  # fmt: skip
    chart = CorrectionChart.of(figures, date(2026, 3, 9))
    assert chart.months == (1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 4)
    assert chart.heights == (5, 1, 1, 1, 1, 1, 1, 1, 1, 10, 1, 20)
