import http.client
import threading
from urllib.parse import urlparse

import pytest

from lithomech.app import app_command, cli


def one_line(capsys):
    stated = capsys.readouterr().err
    assert stated.count("\n") == 1, stated
    return stated


def test_without_the_extra_a_line_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(app_command, "find_spec", lambda name: None if name == "bokeh" else 1)
    assert cli.main(["app"]) == 2
    assert "needs bokeh: pip install 'lithomech[app]'" in one_line(capsys)


@pytest.mark.parametrize(
    ("words", "stated"),
    [
        (["no_such_cell"], "no such file"),
        (["--port", "70000"], "--port"),
        (["--port", "x"], "--port"),
    ],
)
def test_what_cannot_be_opened_is_one_line(words, stated, capsys):
    assert cli.main(["app", *words, "--no-browser"]) == 2
    assert stated in one_line(capsys)


def test_the_link_that_is_printed_answers(monkeypatch, capsys):
    warmed, statuses = [], []
    monkeypatch.setattr(app_command, "warm_up", lambda: warmed.append(True))

    class Ended:
        def wait(self):
            place = urlparse(capsys.readouterr().out.split()[-1])
            connection = http.client.HTTPConnection(place.netloc)
            connection.request("GET", place.path)
            statuses.append(connection.getresponse().status)
            connection.close()
            raise KeyboardInterrupt

    monkeypatch.setattr(app_command, "Ended", Ended)
    assert cli.main(["app", "--no-browser"]) == 130
    assert statuses == [200]
    assert warmed
    assert not [t for t in threading.enumerate() if t.name.startswith("lithomech-serve")]
