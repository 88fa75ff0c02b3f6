"""From an operating system's name to the parsers that read its commands."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final


@dataclass(frozen=True, slots=True)
class Platform:
    """What an `os_type` means for parsing.

    `ntc` is the platform's name in ntc-templates, or FRR. `unix` says that commands are typed into a Unix shell,
    `tools` that a network CLI's users reach one (`bash ...`), so that Unix tools appear among its commands.
    """

    ntc: str
    unix: bool
    tools: bool


FRR: Final = "frr"
"""FRR's own CLI (`vtysh`); ntc-templates reads it as VyOS or Cisco."""

_NTC_NAMES: Final = {
    "aireos": "cisco_wlc_ssh",
    "aos": "alcatel_aos",
    "aoscx": "aruba_aoscx",
    "apic": "cisco_apic",
    "aruba": "aruba_os",
    "aruba_osswitch": "hp_procurve",
    "aruba_procurve": "hp_procurve",
    "asa": "cisco_asa",
    "awplus": "allied_telesis_awplus",
    "ce": "huawei_vrp",
    "cisco_ios_xe": "cisco_ios",
    "cisco_ios_xr": "cisco_xr",
    "cisco_iosxe": "cisco_ios",
    "cisco_iosxr": "cisco_xr",
    "cisco_wlc": "cisco_wlc_ssh",
    "cisco_xe": "cisco_ios",
    "comware": "hp_comware",
    "dellos6": "dell_powerconnect",
    "dellos9": "dell_force10",
    "edgeos": "ubiquiti_edgerouter",
    "edgeswitch": "ubiquiti_edgeswitch",
    "eos": "arista_eos",
    "exos": "extreme_exos",
    "extreme": "extreme_exos",
    "extreme_ers": "avaya_ers",
    "extreme_netiron": "brocade_netiron",
    "extreme_slx": "extreme_slxos",
    "extreme_vsp": "avaya_vsp",
    "fastiron": "ruckus_fastiron",
    "fortigate": "fortinet",
    "fortios": "fortinet",
    "frr": FRR,
    "ftd": "cisco_ftd",
    "gaia": "checkpoint_gaia",
    "huawei": "huawei_vrp",
    "huawei_vrpv8": "huawei_vrp",
    "hvrp": "huawei_vrp",
    "icx": "ruckus_fastiron",
    "ios": "cisco_ios",
    "ios_xe": "cisco_ios",
    "ios_xr": "cisco_xr",
    "iosxe": "cisco_ios",
    "iosxr": "cisco_xr",
    "ironware": "brocade_netiron",
    "juniper": "juniper_junos",
    "junos": "juniper_junos",
    "mikrotik": "mikrotik_routeros",
    "nexus": "cisco_nxos",
    "nokia_sros": "alcatel_sros",
    "nx_os": "cisco_nxos",
    "nxos": "cisco_nxos",
    "paloalto": "paloalto_panos",
    "panos": "paloalto_panos",
    "procurve": "hp_procurve",
    "ros": "mikrotik_routeros",
    "routeros": "mikrotik_routeros",
    "s300": "cisco_s300",
    "s350": "cisco_s300",
    "screenos": "juniper_screenos",
    "slxos": "extreme_slxos",
    "sros": "alcatel_sros",
    "ubiquiti_edge": "ubiquiti_edgeswitch",
    "viptela": "cisco_viptela",
    "voss": "avaya_vsp",
    "vrp": "huawei_vrp",
    "vyos": "vyatta_vyos",
    "xr": "cisco_xr",
}
_COLLECTION: Final = re.compile(r"\w+\.\w+\.(?=\w+$)")
_TRANSPORT: Final = re.compile(r"(?<!wlc)_(?:ssh|telnet|serial|netconf)$")
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
    """Return the platform that `os_type` names; an unknown name is taken for a Unix host.

    Known are the names of this project, of ntc-templates and netmiko (`cisco_xe_telnet`), of Ansible
    (`cisco.iosxr.iosxr`), of NAPALM and pyATS, and of Unix distributions.
    """
    name = _TRANSPORT.sub("", _COLLECTION.sub("", os_type.strip().lower()).replace("-", "_")) or "linux"
    if name.startswith("junos"):
        name = "junos"
    ntc = _NTC_NAMES.get(name, name)
    if ntc == FRR:
        return Platform(ntc=FRR, unix=False, tools=True)
    unix = (
        name.startswith(_UNIX_NAMES)
        or name.endswith(("_linux", "_sonic"))
        or ("_" not in name and ntc == name and name not in _SINGLE_WORD_CLIS)
    )
    if unix:
        return Platform(ntc="linux", unix=True, tools=True)
    return Platform(ntc=ntc, unix=False, tools=ntc in _WITH_SHELL)
