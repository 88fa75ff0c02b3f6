from fnmatch import fnmatchcase

import pytest
import redis

from streams.caching.keys import EXPLAINED, OUTPUTS, explained_key, output_key, pattern, requested_key

FINGERPRINT = bytes(range(16))


def test_each_kind_of_key_has_its_own_names() -> None:
    keys = {
        output_key("v", b"t", FINGERPRINT),
        explained_key("v", "t", FINGERPRINT),
        requested_key("v", "t", FINGERPRINT),
        explained_key("w", "t", FINGERPRINT),
        explained_key("v", "t2", FINGERPRINT),
    }
    assert len(keys) == 5
    assert explained_key("v", "t", FINGERPRINT) == b"netcopilot:explained:v:t:000102030405060708090a0b0c0d0e0f"


@pytest.mark.parametrize("tenant", ["acme", "a*", "a?c", "[ab]", "back\\slash", "a:b", "zürich"])
def test_a_tenant_s_pattern_finds_its_keys_and_no_other_s(redis_database: str, tenant: str) -> None:
    with redis.Redis.from_url(redis_database) as client:
        client.set(output_key("v1", tenant.encode(), FINGERPRINT), b"")
        for other in ("abc", "aXc", "other", f"{tenant}2"):
            client.set(output_key("v1", other.encode(), FINGERPRINT), b"")
        client.set(explained_key("v1", tenant, FINGERPRINT), b"")
        found = list(client.scan_iter(match=pattern(OUTPUTS, tenant)))
    assert found == [output_key("v1", tenant.encode(), FINGERPRINT)]


def test_without_a_tenant_all_of_a_kind_are_found() -> None:
    wanted = pattern(EXPLAINED).decode()
    assert fnmatchcase(explained_key("v", "t", FINGERPRINT).decode(), wanted)
    assert not fnmatchcase(requested_key("v", "t", FINGERPRINT).decode(), wanted)
