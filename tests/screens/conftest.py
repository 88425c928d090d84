from dataclasses import replace

import pytest


@pytest.fixture
def not_public(app, monkeypatch):
    """PUBLIC_BOARDS=off."""
    monkeypatch.setitem(app.extensions, "factory", replace(app.extensions["factory"], public_boards=False))


@pytest.fixture
def with_csrf(app, monkeypatch):
    """As outside tests: an unsafe request with the cookie must prove that one of our own pages sent it."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
