from streams.caching.cached_analysis import CachedAnalysis
from streams.caching.configured_devices import ConfiguredDevices

BEFORE = CachedAnalysis(b"", configures=False, created=0.0)


def test_what_was_analysed_before_is_outdated_for_that_device_alone() -> None:
    devices = ConfiguredDevices()
    devices.note(b"t/r1")
    assert devices.outdate(BEFORE, b"t/r1")
    assert not devices.outdate(BEFORE, b"t/r2")
    assert not devices.outdate(BEFORE, None)
    assert not devices.outdate(CachedAnalysis.fresh(b"", configures=False), b"t/r1")


def test_a_command_that_configures_is_never_outdated() -> None:
    devices = ConfiguredDevices()
    devices.note(b"t/r1")
    assert not devices.outdate(BEFORE._replace(configures=True), b"t/r1")


def test_the_longest_ago_is_forgotten_beyond_the_bound() -> None:
    devices = ConfiguredDevices(max_devices=2)
    for device in (b"a", b"b", b"a", b"c"):
        devices.note(device)
    devices.note(None)
    assert [devices.outdate(BEFORE, device) for device in (b"a", b"b", b"c")] == [True, False, True]
