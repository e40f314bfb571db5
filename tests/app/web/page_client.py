"""Asks a served page as its browser does, over a real socket."""

import http.client
import json
from urllib.parse import urlparse


class Client:
    """One tab."""

    def __init__(self, link, tab="tab"):
        self.place = urlparse(link)
        self.origin = f"http://127.0.0.1:{self.place.port}"
        self.tab = tab

    def headers(self, **changed):
        own = {
            "Host": self.place.netloc,
            "Origin": self.origin,
            "Content-Type": "application/json",
            "X-Tab": self.tab,
        }
        own |= {name.replace("_", "-"): value for name, value in changed.items()}
        return {name: value for name, value in own.items() if value is not None}

    def send(self, path, data=None, method="POST", **headers):
        """Send a request and return the open connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.place.port, timeout=60)
        content = data if isinstance(data, bytes | None) else json.dumps(data).encode()
        connection.request(method, self.place.path + path, content, self.headers(**headers))
        return connection

    def ask(self, path, data=None, method="POST", **headers):
        """Status, body and headers of an answer."""
        connection = self.send(path, data, method, **headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body, answer.headers

    def json(self, path, data=None, method="POST"):
        status, body, _ = self.ask(path, data, method)
        assert status == 200, body
        return json.loads(body)


def finish(connection):
    """Wait for the answer of an open connection and return its status."""
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status
