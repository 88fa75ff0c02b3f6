"""Devices whose configuration changed: what was analysed before says nothing of them."""

import time
from collections import OrderedDict

from streams import metrics
from streams.caching.cached_analysis import CachedAnalysis


class ConfiguredDevices:
    """Remembers when each device was configured last; the longest ago is forgotten beyond `max_devices`.

    All of a device's executions come through one partition, in order, so this worker's memory is enough: a worker
    that takes the partition over analyses the same bytes to the same result.
    """

    def __init__(self, max_devices: int = 10_000) -> None:
        self._max_devices = max_devices
        self._since: OrderedDict[bytes, float] = OrderedDict()

    def note(self, device: bytes | None) -> None:
        """Remember that a device (the message key, tenant_id/device_id) was configured now."""
        if device is None:
            return
        metrics.DEVICES_CONFIGURED.inc()
        self._since[device] = time.time()
        self._since.move_to_end(device)
        if len(self._since) > self._max_devices:
            self._since.popitem(last=False)

    def outdate(self, analysis: CachedAnalysis, device: bytes | None) -> bool:
        """Tell whether the device was configured after the analysis was made; what configures is never outdated."""
        since = self._since.get(device) if device is not None else None
        return since is not None and analysis.created < since and not analysis.configures
