import pytest

from streams.analysis.platform import Platform, platform_of
from tests.streams.analysis.corpora import corpus


@pytest.mark.parametrize(
    ("os_type", "ntc"),
    [
        ("ios", "cisco_ios"),
        ("IOS", "cisco_ios"),
        ("iosxe", "cisco_ios"),
        ("iosxr", "cisco_xr"),
        ("nxos", "cisco_nxos"),
        ("eos", "arista_eos"),
        ("junos", "juniper_junos"),
        ("junos-qfx", "juniper_junos"),
        ("junos-mx", "juniper_junos"),
        ("panos", "paloalto_panos"),
        ("cisco_ios", "cisco_ios"),
        ("arista_eos", "arista_eos"),
        ("fortinet", "fortinet"),
        ("eltex", "eltex"),
        ("cisco.ios.ios", "cisco_ios"),
        ("junipernetworks.junos.junos", "juniper_junos"),
        ("community.network.routeros", "mikrotik_routeros"),
        ("cisco_xe_telnet", "cisco_ios"),
        ("nxos_ssh", "cisco_nxos"),
        ("iosxr_netconf", "cisco_xr"),
        ("cisco_wlc_ssh", "cisco_wlc_ssh"),
        ("IOS-XE", "cisco_ios"),
        ("huawei", "huawei_vrp"),
        ("hvrp", "huawei_vrp"),
        ("nokia_sros", "alcatel_sros"),
        ("frr", "frr"),
    ],
)
def test_network_systems_map_to_their_templates(os_type: str, ntc: str) -> None:
    platform = platform_of(os_type)
    assert (platform.ntc, platform.unix) == (ntc, False)


@pytest.mark.parametrize(
    "os_type",
    [
        "linux",
        "cumulus",
        "centos-7.7",
        "ubuntu-18.04",
        "osx-10.14.6",
        "freebsd12",
        "alpine-linux-3.13",
        "pi",
        "",
        "??",
        "cumulus_linux",
        "dell_sonic_ssh",
    ],
)
def test_hosts_are_unix(os_type: str) -> None:
    assert platform_of(os_type) == Platform(ntc="linux", unix=True, tools=True)


def test_every_platform_of_the_recorded_templates_is_itself() -> None:
    platforms = {row["platform"] for row in corpus("ntc_templates")}
    assert {name: platform_of(name).ntc for name in platforms} == {name: name for name in platforms}
