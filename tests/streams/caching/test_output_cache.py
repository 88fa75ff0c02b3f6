from hypothesis import given
from hypothesis import strategies as st

from streams.caching.cached_analysis import CachedAnalysis
from streams.caching.output_cache import OutputCache


def of(size: int) -> CachedAnalysis:
    return CachedAnalysis.fresh(bytes(size), configures=False)


def test_what_was_put_is_got() -> None:
    cache = OutputCache(1 << 20)
    cache.put(b"a", analysis := of(8))
    assert cache.get(b"a") is analysis
    assert cache.get(b"b") is None


@given(st.lists(st.binary(min_size=1, max_size=4), max_size=300))
def test_the_cache_never_holds_more_than_its_bound(keys: list[bytes]) -> None:
    bound = 10_000
    cache = OutputCache(bound)
    for key in keys:
        cache.put(key, of(500))
    assert len(cache) * (500 + OutputCache.ENTRY_OVERHEAD) <= bound + 500 + OutputCache.ENTRY_OVERHEAD


def test_what_is_asked_for_stays_and_the_rest_goes() -> None:
    cache = OutputCache(10_000)
    cache.put(b"hot", of(500))
    cache.put(b"cold", of(500))
    for number in range(100):
        cache.put(str(number).encode(), of(500))
        assert cache.get(b"hot") is not None
    assert cache.get(b"cold") is None


def test_a_bound_of_nothing_keeps_at_most_the_last_entry() -> None:
    cache = OutputCache(0)
    cache.put(b"a", of(1))
    cache.put(b"b", of(1))
    assert len(cache) <= 1


def test_a_cleared_cache_knows_nothing() -> None:
    cache = OutputCache(10_000)
    for number in range(20):
        cache.put(str(number).encode(), of(500))
    cache.clear()
    assert len(cache) == 0
    cache.put(b"a", of(500))
    assert cache.get(b"a") is not None
