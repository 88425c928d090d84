"""The environment is read whole, checked with one sentence each, and explained on one page."""

from pathlib import Path
from typing import Any

import pytest

from stack.settings_help import settings, settings_help
from webapp.config import BadSetting, from_environment, networks


class Environment(dict[str, str]):
    """Remembers what it was asked for."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.asked: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)


def test_every_setting_is_explained(tmp_path: Path) -> None:
    environment = Environment(DATA_DIR=str(tmp_path))

    from_environment(environment)

    assert {name for name, _ in settings()} == environment.asked


def test_help_lists_every_setting() -> None:
    for name, _ in settings():
        assert f"  {name}\n" in settings_help()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "eighty", "PORT is 'eighty'; it must be a whole number from 1 to 65535"),
        ("PORT", "70000", "from 1 to 65535"),
        ("SAMPLE_EVERY", "0", "from 1 to 60"),
        ("PUBLIC_BOARDS", "maybe", "it must be on or off"),
        ("SITE_ZONE", "Mars/Olympus", "such as Europe/Berlin"),
        ("DATABASE_URL", "mysql://db/factory", "must begin with postgresql:// or sqlite:///"),
        ("CELL_NETWORKS", "10.0.0.0/99", "write CIDR or CIDR:port"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(tmp_path: Path, name: str, value: str, says: str) -> None:
    with pytest.raises(BadSetting, match=says) as refusal:
        from_environment({"DATA_DIR": str(tmp_path), name: value})

    assert "\n" not in str(refusal.value)


def test_a_data_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(BadSetting, match="cannot be written"):
        from_environment({"DATA_DIR": str(tmp_path / "file")})


@pytest.mark.parametrize("url", ["postgres://u:p@db/f", "postgresql://u:p@db/f", "postgresql+psycopg2://u:p@db/f"])
def test_every_spelling_of_postgresql_is_understood(tmp_path: Path, url: str) -> None:
    config = from_environment({"DATA_DIR": str(tmp_path), "DATABASE_URL": url})

    assert config.database_url == "postgresql+psycopg://u:p@db/f"


def test_the_signing_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    first = from_environment({"DATA_DIR": str(tmp_path)}).secret_key

    assert from_environment({"DATA_DIR": str(tmp_path)}).secret_key == first
    assert len(first) > 40
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_a_network_may_name_its_ports() -> None:
    narrow, wide = networks("10.1.0.0/16:7000-7099 192.168.4.20")

    assert narrow.holds("10.1.2.3", 7099)
    assert not narrow.holds("10.1.2.3", 7100)
    assert wide.holds("192.168.4.20", 80)
    assert not wide.holds("192.168.4.21", 80)
