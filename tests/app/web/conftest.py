"""A page that is served, once for each file of tests."""

import pytest

from lithomech.app.web.serving import served

from .page_client import Client


@pytest.fixture(scope="module")
def link():
    with served("ncm88_lpscl_liin") as link:
        yield link


@pytest.fixture(scope="module")
def client(link):
    return Client(link)
