"""Where a cell may be reached: the allow-list when an address is saved."""

import pytest

from webapp.cells import check_address
from webapp.config import networks
from webapp.lib.refusal import Invalid

ALLOWED = networks("127.0.0.1/32:7000-7099 10.1.0.0/16:7000")
OUTSIDE = 7105
TRICKS = [
    f"http://127.0.0.1:{OUTSIDE}/",
    f"http://localhost:{OUTSIDE}/",
    f"http://127.1:{OUTSIDE}/",
    f"http://2130706433:{OUTSIDE}/",
    f"http://0x7f000001:{OUTSIDE}/",
    f"http://0177.0.0.1:{OUTSIDE}/",
    f"http://0:{OUTSIDE}/",
    f"http://0.0.0.0:{OUTSIDE}/",
    f"http://[::1]:{OUTSIDE}/",
    f"http://[::ffff:127.0.0.1]:{OUTSIDE}/",
    f"http://127.0.0.1:7000@127.0.0.1:{OUTSIDE}/",
    f"http://127.0.0.1:{OUTSIDE}#@127.0.0.1:7000/",
    f"http://127.0.0.1:{OUTSIDE}\\@127.0.0.1:7000/",
    f"http://localhost.:{OUTSIDE}/",
    f"http://LOCALHOST:{OUTSIDE}/",
    f"http://①②⑦.⓪.⓪.①:{OUTSIDE}/",
    f"http://127.0.0.1:{OUTSIDE}?x=http://127.0.0.1:7000",
    f" http://127.0.0.1:{OUTSIDE}/",
    f"http://127.0.0.1:{OUTSIDE}%00.127.0.0.1:7000/",
    f"HTTP://127.0.0.1:{OUTSIDE}/",
    f"//127.0.0.1:{OUTSIDE}/",
    f"https://127.0.0.1:{OUTSIDE}/",
    f"http:/127.0.0.1:{OUTSIDE}/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_INFO",
    "ftp://127.0.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/",
    "http://metadata.google.internal/",
    "dict://127.0.0.1:6379/info",
    "http://127.0.0.1:6379/",
    "http://127.0.0.1:5432/",
    "javascript:alert(1)",
    'data:application/json,{"status":"running"}',
    "jar:http://x!/",
    "unix:///var/run/x",
    "http://127.0.0.1:8000/api/projects",
    "http://127.0.0.1:7000/../../x\r\nHost: evil",
    "",
    "x" * 5000,
    "http://",
    "http://[::1",
    "http://" + "a" * 300 + ".example/",
    # the allowed port, spelled so that it may be read in two ways
    "http://127.1:7000/",
    "http://2130706433:7000/",
    "http://0x7f.0.0.1:7000/",
    "http://0177.0.0.1:7000/",
    "http://127.0.0.1:7000@10.1.0.1/",
    "http://u:p@127.0.0.1:7000/",
    "http://[::ffff:127.0.0.1]:7000/",
    "http://127.0.0.1:7000/a b",
    "http://127.0.0.1:7000/a\x00",
    "http://127.0.0.1:7000/cell/1?next=http://127.0.0.1:7105",
]


def test_the_tricks_are_those_of_the_trade():
    assert len(TRICKS) == 53


@pytest.mark.parametrize("address", TRICKS)
def test_a_trick_is_refused_with_what_would_be_accepted(address):
    with pytest.raises(Invalid) as no:
        check_address(address, ALLOWED, lookup=lambda name, port: ["127.0.0.1"])

    assert list(no.value.details["fields"]) == ["address"]


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:7000/cell/1", "http://10.1.2.3:7000", "https://10.1.2.3:7000/a/b"]
)
def test_an_address_inside_the_networks_is_accepted(address):
    assert check_address(address, ALLOWED) == address


def test_a_refusal_names_the_networks():
    with pytest.raises(Invalid) as no:
        check_address("http://192.168.0.1:7000/", ALLOWED)

    [says] = no.value.details["fields"]["address"]
    assert "127.0.0.1/32 ports 7000 to 7099 or 10.1.0.0/16 port 7000" in says


def test_without_networks_nothing_is_accepted():
    with pytest.raises(Invalid, match="cannot be accepted") as no:
        check_address("http://127.0.0.1:7000/", ())

    assert "CELL_NETWORKS is empty" in no.value.details["fields"]["address"][0]


def test_a_name_is_accepted_when_all_its_addresses_are_allowed():
    assert check_address("http://mill-7.hall:7000/", ALLOWED, lookup=lambda name, port: ["10.1.0.7"])


@pytest.mark.parametrize("found", [[], ["10.1.0.7", "10.2.0.7"], ["::1"], ["not an address"]])
def test_a_name_that_leads_elsewhere_is_refused(found):
    with pytest.raises(Invalid):
        check_address("http://mill-7.hall:7000/", ALLOWED, lookup=lambda name, port: found)


def test_a_port_no_network_has_is_refused_without_looking_the_name_up():
    def lookup(name, port):
        raise AssertionError(f"{name} was looked up")

    with pytest.raises(Invalid):
        check_address("http://mill-7.hall:9/", ALLOWED, lookup=lookup)
