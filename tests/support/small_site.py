"""A small site as markup and settings: a list page, releases, one template."""

CONFIG = """
data_dir = "data"
[crawler]
allow_origins = ["{origin}"]
[crawler.politeness]
delay_s = 0
requests_per_s = 1000
[crawler.templates.t]
rows = ["div.row"]
body = ["div.text"]
paths = ["^/lv/jaunums/[^/]+$"]
[[crawler.sites]]
id = "iem"
ministry = "Iekšlietu ministrija"
template = "t"
start = ["http://{origin}/lv/jaunumi"]
"""


def release(name: str, *, paragraphs: int = 1) -> str:
    text = f"<p>Ministrija {name} paziņo par darbiem Latgalē, Kurzemē un Zemgalē šajā gadā.</p>\n"
    return (
        f"<html lang=lv><title>{name}</title><main><h1>Paziņojums {name}</h1>"
        f"<time datetime=2026-02-01>01.02.2026.</time><div class=text>{text * paragraphs}</div></main>"
    )


def rows(*names: str) -> str:
    return "".join(
        f"<div class=row><a href=/lv/jaunums/{name}>Paziņojums {name} par darbiem</a> "
        "<time datetime=2026-02-01>01.02.2026.</time></div>"
        for name in names
    )


def list_of(content: str) -> str:
    return f"<html lang=lv><main><h1>Jaunumi</h1>{content}</main>"
