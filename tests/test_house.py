"""The house rules of the tests hold: no network, and no skip where CI forbids it."""

import socket
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]


def test_an_address_outside_this_machine_is_refused() -> None:
    with pytest.raises(RuntimeError, match=r"tried to reach '192\.0\.2\.1'"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_a_name_outside_this_machine_is_not_looked_up() -> None:
    with pytest.raises(RuntimeError, match=r"tried to reach 'example\.org'"):
        socket.getaddrinfo("example.org", 443)


def test_loopback_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_a_skip_has_failed_under_no_skips_unless_shared_data_is_absent(
    pytester: pytest.Pytester,
) -> None:
    house_rules = Path(__file__).with_name("conftest.py").read_text(encoding="utf-8")
    pytester.makeconftest(house_rules)
    pytester.makepyfile(
        test_data="import pytest\ndef test_it(): pytest.skip('needs ../shared/data: absent')",
        test_java="import pytest\ndef test_it(): pytest.skip('needs java')",
        test_module="import pytest\npytest.importorskip('no_such_package')",
    )
    pytester.runpytest_subprocess().assert_outcomes(skipped=3)
    strict = pytester.runpytest_subprocess("--no-skips", "--continue-on-collection-errors")
    strict.assert_outcomes(skipped=1, failed=1, errors=1)
