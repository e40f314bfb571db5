"""Who is answered, what is refused, and that nothing runs that nobody waits for."""

import http.client
import json
import resource
import threading
import time
from pathlib import Path
from urllib.parse import quote

import pytest

from lithomech.app.web import asking, server
from lithomech.app.web.serving import served
from lithomech.errors import InputError

from .page_client import Client, finish

PATIENCE = 20.0  # s


class Work:
    """Stands for a run: goes on until it is stopped, or is let go."""

    def __init__(self):
        self.begun, self.stopped, self.let_go = [], [], threading.Event()

    def __call__(self, asked, progress):
        self.begun.append(asked.text)
        while not self.let_go.wait(0.005):
            try:
                progress(0.5, "")
            except Exception:
                self.stopped.append(asked.text)
                raise
        return {"text": asked.text}


@pytest.fixture
def work(monkeypatch):
    work = Work()
    monkeypatch.setattr(server, "run_cell", work)
    yield work
    work.let_go.set()


def until(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "nothing came of it"
        time.sleep(0.005)


def test_the_page_and_all_that_it_loads_come_from_here(client):
    status, body, headers = client.ask("", method="GET")
    assert status == 200
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert b"http://" not in body.replace(b"http://www.w3.org", b"")
    assert b"https://" not in body
    assert client.ask("charts/bokeh.min.js", method="GET")[0] == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "example.org"}, 421),
        ({"Host": "example.org:80"}, 421),
        ({"Host": "127.0.0.1"}, 421),
        ({"Origin": "http://example.org"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": None}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Content_Type": "text/plain"}, 415),
    ],
)
def test_requests_from_elsewhere_are_refused(client, work, headers, status):
    assert client.ask("run", {"text": "a: 1"}, **headers)[0] == status
    assert work.begun == []


@pytest.mark.parametrize("token", ["", "x", "static", "a" * 22])
@pytest.mark.parametrize("path", ["", "start", "run"])
def test_without_the_token_nothing_is_there(link, token, path):
    client = Client(link)
    client.place = client.place._replace(path=f"/{token}/" if token else "/")
    assert client.ask(path, method="GET")[0] == 404


def test_paths_do_not_leave_the_folder(client):
    for path in (
        "static/../server.py",
        "static/%2e%2e/server.py",
        "charts/../../../LICENSE.txt",
    ):
        assert client.ask(path, method="GET")[0] == 404


def test_too_large_is_refused_before_it_is_read(client, work):
    assert client.ask("run", b"x" * (asking.MOST_TEXT + 1))[0] == 413
    connection = client.send("measured?name=a.csv", b"", Content_Length="100000000")
    assert finish(connection) == 413
    assert work.begun == []


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"[" * 100_000,
        [],
        {},
        {"text": 3},
        {"text": "", "moves": 3},
        {"text": "", "moves": [["a"]]},
        {"text": "", "moves": [["a", 1]] * 1000},
    ],
)
def test_what_is_no_request_is_a_line(client, work, data):
    status, body, _ = client.ask("run", data)
    assert status == 400
    assert json.loads(body)["reason"]
    assert work.begun == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [("name: [\n", {1, 2, 3}), ("a: 1\nb: {c: d\ne: 3", {2, 3}), ("", {None})],
)
def test_malformed_yaml_is_answered_with_its_line(client, text, lines):
    answer = client.json("run", {"text": text})
    assert "result" not in answer
    assert answer["text"] == text
    assert answer["mistakes"][0]["message"]
    assert answer["mistakes"][0]["line"] in lines


def test_every_mistake_has_its_line_and_key(client):
    start = client.json("start", method="GET")
    text = start["text"].replace("pressure: 20 MPa", "pressure: 20 mV").replace("13 mm", "x")
    mistakes = client.json("run", {"text": text})["mistakes"]
    lines = text.splitlines()
    assert {one["key"] for one in mistakes} == {"fixture.pressure", "geometry.diameter"}
    assert all(one["key"].split(".")[0] in lines[one["line"] - 1] for one in mistakes)


def test_a_newer_request_stops_the_older_of_its_tab(client, work):
    older = client.send("run", {"text": "older"})
    until(lambda: work.begun == ["older"])
    newer = client.send("run", {"text": "newer"})
    assert finish(older) == 409
    until(lambda: "newer" in work.begun)
    assert work.stopped == ["older"]
    work.let_go.set()
    assert finish(newer) == 200


def test_another_tab_stops_nothing(link, work):
    one, other = (Client(link, tab) for tab in ("one", "other"))
    connections = [one.send("run", {"text": "1"}), other.send("run", {"text": "2"})]
    until(lambda: len(work.begun) == 2)
    work.let_go.set()
    assert [finish(c) for c in connections] == [200, 200]
    assert work.stopped == []


def test_what_is_superseded_before_it_begins_never_does(link, work):
    busy = [Client(link, f"busy {n}").send("run", {"text": "busy"}) for n in range(2)]
    until(lambda: len(work.begun) == 2)
    client = Client(link, "flood")
    flood = [client.send("run", {"text": str(n)}) for n in range(60)]
    statuses = [finish(connection) for connection in flood[:-1]]
    assert set(statuses) == {409}
    work.let_go.set()
    assert finish(flood[-1]) == 200
    assert [finish(connection) for connection in busy] == [200, 200]
    assert work.begun == ["busy", "busy", "59"]


def test_too_many_tabs_are_reported_so(link, work):
    tabs = [Client(link, f"tab {n}").send("run", {"text": "a"}) for n in range(12)]
    until(lambda: len(work.begun) == 2)
    time.sleep(0.1)
    status, body, _ = Client(link, "one more").ask("run", {"text": "a"})
    assert status == 503
    assert "close one" in json.loads(body)["reason"]
    work.let_go.set()
    assert {finish(tab) for tab in tabs} == {200}


def test_a_client_that_goes_stops_its_work(client, work):
    connection = client.send("run", {"text": "gone"})
    until(lambda: work.begun == ["gone"])
    connection.close()
    until(lambda: work.stopped == ["gone"])
    assert client.ask("", method="GET")[0] == 200


def test_work_that_ends_after_the_server_has_closed_is_silent(monkeypatch, caplog):
    begun, let_go, ended = (threading.Event() for _ in range(3))

    def deaf(_asked, _progress):
        begun.set()
        assert let_go.wait(PATIENCE)
        ended.set()

    monkeypatch.setattr(server, "run_cell", deaf)
    others = set(threading.enumerate())
    with served("ncm88_lpscl_liin") as link:
        connection = Client(link).send("run", {"text": "a"})
        assert begun.wait(PATIENCE)
        (serving,) = (t for t in set(threading.enumerate()) - others if "serve" in t.name)
    connection.close()
    serving.join(PATIENCE)
    let_go.set()
    assert ended.wait(PATIENCE)
    time.sleep(0.1)  # for what is called at its end
    assert not [record for record in caplog.records if record.name == "concurrent.futures"]


def test_a_client_that_goes_stops_its_life(client, monkeypatch):
    stopped = threading.Event()

    def endless(_asked, _cycles, progress):
        try:
            while True:
                progress(0.5, "")
                time.sleep(0.005)
                yield {"first": 1, "cycles": []}
        finally:
            stopped.set()

    monkeypatch.setattr(server, "live", endless)
    connection = client.send("life", {"text": "a: 1", "cycles": 5})
    assert connection.getresponse().read(6) == b"data: "
    connection.close()
    assert stopped.wait(PATIENCE)


def test_an_upload_cut_short_does_no_harm(client):
    connection = client.send("run", b"{", Content_Length="1000")
    connection.close()
    assert client.ask("", method="GET")[0] == 200


@pytest.mark.parametrize("name", ["a.csv", "../../a.csv", "a.xyz", "", "a.\x00csv"])
def test_a_measured_file_that_no_reader_knows_is_a_line(client, name):
    answer = client.json(f"measured?name={quote(name)}", b"\x00\x01nothing")
    assert answer["mistakes"][0]["message"]
    assert "/tmp" not in json.dumps(answer)


def test_a_taken_port_is_an_input_error(link):
    port = Client(link).place.port
    with pytest.raises(InputError, match=f"port {port}"), served("ncm88_lpscl_liin", port):
        pass


@pytest.mark.deep
def test_ten_thousand_requests_leave_nothing_behind(link, monkeypatch):
    ran, senders, each = [], 8, 1250

    def quick(asked, progress):
        progress(0.5, "")
        ran.append(asked.text)
        return {"text": asked.text}

    monkeypatch.setattr(server, "run_cell", quick)
    statuses, threads = [], threading.active_count()

    def flood(number):
        client = Client(link, f"flood {number % 4}")
        connection = http.client.HTTPConnection("127.0.0.1", client.place.port, timeout=60)
        for n in range(each):
            body = json.dumps({"text": f"{number} {n}"}).encode()
            connection.request("POST", f"{client.place.path}run", body, client.headers())
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
        connection.close()

    def all_at_once():
        flooding = [threading.Thread(target=flood, args=(n,)) for n in range(senders)]
        for thread in flooding:
            thread.start()
        for thread in flooding:
            thread.join()

    all_at_once()
    before = resident()
    all_at_once()
    assert set(statuses) <= {200, 409}
    assert len(statuses) == 2 * senders * each
    assert len(ran) >= statuses.count(200)
    assert resident() - before < 20e6, "memory grows with requests"
    until(lambda: threading.active_count() <= threads + 4)
    assert Client(link).ask("", method="GET")[0] == 200


def resident():
    """Bytes of memory that this process has."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()
