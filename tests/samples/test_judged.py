import tomllib

from index.evaluation import Judged
from samples.content import load_sites
from samples.judged import judged_queries


def test_judged_queries_name_releases_by_url() -> None:
    sites = {site.id: f"http://{site.id}.example" for site in load_sites().sites}
    judged = Judged.model_validate(tomllib.loads(judged_queries(sites)))
    assert len(judged.queries) >= 80
    assert set(judged.floors) == {"nDCG@10", "MRR", "recall@50"}
    assert all(name.startswith("http://") for query in judged.queries for name in query.judgements)
