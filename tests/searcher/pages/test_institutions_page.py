import re

from tests.searcher.pages.conftest import Page


def test_each_institution_has_its_releases_dates_and_state(page: Page) -> None:
    rows = re.findall(r"<tr>(.*?)</tr>", page("/iestades").partition("<tbody>")[2], re.DOTALL)
    texts = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    assert texts == [
        "Iekšlietu ministrija 4 01.10.2022. 05.03.2024. 01.03.2026. plkst. 11:00 sen nav nolasīta "
        "1 tajā pašā dienā 0, nedēļas laikā 0, vēlāk 1; smagi 1",
        "Veselības ministrija 1 06.03.2024. 06.03.2024. 01.03.2026. plkst. 11:00 sen nav nolasīta –",
    ]


def test_an_institution_leads_to_its_releases(page: Page) -> None:
    link = re.search(r'<th scope="row"><a href="([^"]+)"', page("/ru/institutions"))
    assert link is not None
    assert "4 результата" in page(link[1].replace("&amp;", "&"))
