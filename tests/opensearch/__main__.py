"""The command: a cluster of three nodes on loopback, until Ctrl-C."""

import argparse
import json
import signal
import sys

from tests.opensearch.cluster import NODES, start_cluster
from tests.opensearch.distribution import MissingError

USE = """
For `reindex` and `serve`, write into config.toml:

    [index]
    engine = "opensearch"

    [index.opensearch]
    urls = {urls}

For tests and benchmarks, `export OPENSEARCH_URL={named}`; the commands do not read it.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Start three OpenSearch nodes on loopback, until Ctrl-C.")
    parser.add_argument(
        "--port", type=int, default=9201, help="port of the first node; the others have the next ones"
    )
    first = parser.parse_args().port
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # A shell script starts background jobs with Ctrl-C ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        print("Fetching OpenSearch and starting three nodes; this takes up to a minute ...", flush=True)
        with start_cluster(range(first, first + NODES)) as cluster:
            print(f"OpenSearch {cluster.distribution.version} is ready; stop it with Ctrl-C.", flush=True)
            print(USE.format(urls=json.dumps(cluster.urls), named=",".join(cluster.urls)), flush=True)
            signal.pause()
    except KeyboardInterrupt:
        pass
    except MissingError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
