import pytest

from streams.caching.cached_analysis import CachedAnalysis


@pytest.mark.parametrize("configures", [True, False])
def test_it_comes_back_from_its_bytes(configures: bool) -> None:
    cached = CachedAnalysis.fresh(b"\0analysis", configures=configures)
    assert CachedAnalysis.from_bytes(cached.to_bytes()) == cached


def test_other_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="no cached analysis"):
        CachedAnalysis.from_bytes(b"\0")
