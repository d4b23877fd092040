"""The product serves as people start it, on either database, and only to its own machine."""

import http.client
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.servers import product_serving


def test_the_product_starts_answers_and_stops(database_url: str, tmp_path: Path) -> None:
    with product_serving(tmp_path, database_url, mode="test") as server:
        address = urlsplit(server.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
        connection.request("GET", "/")
        answer = connection.getresponse()
        answer.read()
        connection.close()
    assert answer.status < 500
    log = (tmp_path / "server.log").read_text()
    assert server.url in log
    assert "0.0.0.0" not in log  # noqa: S104  (it must not listen for other machines)
    assert "Traceback" not in log
