"""A host that answers for robots.txt, and what its rules allow."""

from crawler.downloader.robots import Robots, RobotsResponse, parse_rules


def allows(text: str | bytes, path: str, agent: str = "ourbot") -> bool:
    body = text.encode() if isinstance(text, str) else text
    return parse_rules(RobotsResponse(status=200, body=body), agent).allows(f"https://example.org{path}")


class Host:
    """Answers requests for robots.txt, and records them."""

    def __init__(self, *answers: RobotsResponse) -> None:
        self.answers = list(answers)
        self.requested: list[str] = []
        self.clock_s = 0.0

    def answer(self, url: str) -> RobotsResponse:
        self.requested.append(url)
        return self.answers.pop(0)

    def robots(self) -> Robots:
        return Robots(self.answer, user_agent="ourbot/1.0", ttl_s=86_400, clock=lambda: self.clock_s)
