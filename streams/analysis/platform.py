"""From an operating system's name to the parsers that read its commands."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final


@dataclass(frozen=True, slots=True)
class Platform:
    """What an `os_type` means for parsing.

    `ntc` is the platform's name in ntc-templates. `unix` says that commands are typed into a Unix shell,
    `tools` that a network CLI's users reach one (`bash ...`), so that Unix tools appear among its commands.
    """

    ntc: str
    unix: bool
    tools: bool


_NTC_NAMES: Final = {
    "aoscx": "aruba_aoscx",
    "asa": "cisco_asa",
    "cisco_iosxe": "cisco_ios",
    "cisco_iosxr": "cisco_xr",
    "cisco_nxos_ssh": "cisco_nxos",
    "cisco_xe": "cisco_ios",
    "comware": "hp_comware",
    "edgeos": "ubiquiti_edgerouter",
    "eos": "arista_eos",
    "exos": "extreme_exos",
    "fortios": "fortinet",
    "ftd": "cisco_ftd",
    "huawei": "huawei_vrp",
    "ios": "cisco_ios",
    "iosxe": "cisco_ios",
    "iosxr": "cisco_xr",
    "junos": "juniper_junos",
    "mikrotik": "mikrotik_routeros",
    "nexus": "cisco_nxos",
    "nxos": "cisco_nxos",
    "panos": "paloalto_panos",
    "procurve": "hp_procurve",
    "routeros": "mikrotik_routeros",
    "sros": "alcatel_sros",
    "vrp": "huawei_vrp",
    "vyos": "vyatta_vyos",
    "xr": "cisco_xr",
}
_UNIX_NAMES: Final = (
    "aix", "alma", "alpine", "amzn", "android", "arch", "centos", "cumulus", "darwin", "debian", "fedora",
    "freebsd", "generic", "linux", "macos", "netbsd", "nixos", "openbsd", "opensuse", "oracle", "osx", "pi",
    "raspbian", "rhel", "rocky", "sles", "solaris", "sonic", "suse", "ubuntu", "unix", "windows",
)  # fmt: skip
_SINGLE_WORD_CLIS: Final = frozenset({"edgecore", "eltex", "fortinet", "yamaha"})
_WITH_SHELL: Final = frozenset(
    {"arista_eos", "cisco_nxos", "juniper_junos", "ubiquiti_edgerouter", "vyatta_vyos", "checkpoint_gaia"}
)


@lru_cache(maxsize=256)
def platform_of(os_type: str) -> Platform:
    """Return the platform that `os_type` names; an unknown name is taken for a Unix host."""
    name = os_type.strip().lower().replace("-", "_") or "linux"
    if name.startswith("junos"):
        name = "junos"
    ntc = _NTC_NAMES.get(name, name)
    unix = name.startswith(_UNIX_NAMES) or ("_" not in name and ntc == name and name not in _SINGLE_WORD_CLIS)
    if unix:
        return Platform(ntc="linux", unix=True, tools=True)
    return Platform(ntc=ntc, unix=False, tools=ntc in _WITH_SHELL)
