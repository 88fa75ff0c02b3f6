from streams.analysis.thresholds import DEFAULT_BOOK, ThresholdBook
from streams.caching.version import cache_version


def test_other_thresholds_share_no_analyses() -> None:
    strict = ThresholdBook.from_json('{"tenants": {"acme": {"latency_ms": 100}}}')
    assert cache_version(DEFAULT_BOOK) == cache_version(ThresholdBook.from_json(""))
    assert cache_version(strict) == cache_version(ThresholdBook.from_json('{"tenants":{"acme":{"latency_ms":100}}}'))
    assert cache_version(strict) != cache_version(DEFAULT_BOOK)
