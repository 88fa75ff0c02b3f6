"""What commands of network systems do, as patterns over one plain command: lower case, one blank between words.

The patterns of what reads match a whole command, to its last word; those of what configures or destroys are sought.
"""

import re
from typing import Final

UNIX_SYSTEMS: Final = (
    "aix", "alma", "alpine", "amzn", "android", "arch", "centos", "cumulus", "darwin", "debian", "fedora", "freebsd",
    "linux", "macos", "netbsd", "nixos", "openbsd", "opensuse", "oracle", "osx", "raspbian", "rhel", "rocky", "sles",
    "solaris", "sonic", "suse", "ubuntu", "unix",
)  # fmt: skip
"""How the names of systems begin whose commands are typed into a Unix shell."""

_ARGUMENTS = r"( \S+)*"
_FLAGS = r"( -\S+)*"


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


# `show` writes where it is told a file (`show tech-support file disk0:/x`) and may clear what it shows.
_NOT_WRITTEN = r"(?! (\S+ )+(redirect|append|tee|save|file|clear|reset)\b)"

READS_ANYWHERE: Final = _any_of(
    rf"show{_NOT_WRITTEN}{_ARGUMENTS}",
    rf"ping6?(?!( \S+)* (-[a-z0-9]*[fl]\b|flood\b|rapid\b)){_ARGUMENTS}",
    rf"(traceroute6?|tracepath6?|nslookup){_ARGUMENTS}",
)

READS_ON_NETWORK_SYSTEMS: Final = _any_of(
    rf"(sh|sho|display|dir){_NOT_WRITTEN}{_ARGUMENTS}",
    rf"get (system|router|hardware|vpn){_ARGUMENTS}",
    r"/?[a-z]+([ /][a-z0-9-]+)* print( (detail|brief|terse|stats|count-only))?",
)

_IP_OBJECTS = r"(a|addr|address|l|link|r|route|n|neigh|neighbor|neighbour|ru|rule|maddr|mroute|tunnel|netns|vrf)"

READS_ON_UNIX: Final = _any_of(
    rf"(df|free|uptime|netstat|uname|who|w|last|id|whoami|lsblk|lspci|lsusb|lscpu|lsmod|lsof|findmnt){_ARGUMENTS}",
    rf"(vmstat|mpstat|ps|nproc|mtr|dig|host|sensors|nstat){_ARGUMENTS}",
    r"mount|lldpctl|route( -[46nev]+)?|ifconfig( -a| [\w.@{}-]+)?|arp( -[aen]+)?( [\w.:{}-]+)?",
    rf"ss(?!( \S+)* (-\w*k|--kill)){_ARGUMENTS}",
    r"hostname( -[afis]+)?|date( -u)?( \+\S+)?|dmesg( -[thxlw]+)*|top -b( -n ?\d+)?",
    r"ip( -(4|6|s|d|j|p|o|br|brief|details|statistics|stats|json|oneline))*"
    rf" {_IP_OBJECTS}( (show|list|ls|get){_ARGUMENTS})?",
    rf"(bridge|tc){_FLAGS} (link|fdb|vlan|mdb|qdisc|class|filter)( (show|list|ls){_ARGUMENTS})?",
    r"ethtool( -[iacgklmns]| --(statistics|driver|module-info|show-[a-z-]+))? [\w.@{}-]+",
    rf"systemctl{_FLAGS} (status|show|cat|is-active|is-enabled|is-failed|list-[a-z-]+){_ARGUMENTS}",
    rf"journalctl(?!( \S+)* --?(vacuum|rotate|flush|sync|relinquish|setup|update|cursor-file)){_ARGUMENTS}",
    r"(timedatectl|hostnamectl)( status| show| timesync-status)?",
    rf"(resolvectl|networkctl)( (status|query|statistics|list|lldp){_ARGUMENTS})?",
    rf"chronyc{_FLAGS} (tracking|sources|sourcestats|activity|ntpdata)( -v)?|ntpq( -[pnc46]+)+( peers)?",
    rf"nmcli{_FLAGS} (d|dev|device|c|con|connection)( (show|status){_ARGUMENTS})?|nmcli{_FLAGS} (g|general)( status)?",
    rf"lldpcli show{_ARGUMENTS}|(net|nv) show{_ARGUMENTS}|wg show{_ARGUMENTS}|ufw status( verbose| numbered)?",
    r"ip6?tables( -(l|n|v|t \w+))+|nft list (ruleset|tables)|conntrack -[ls]|sysctl -a|birdc? show( \S+)*",
    r"(cat|head|tail)( -n ?\d+)? (/proc/(net/)?[a-z0-9_]+|/etc/(hosts|resolv\.conf|os-release|hostname|networks))",
)

DESTROYS: Final = _any_of(
    r"(^|[\s/\"'(])(rm|rmdir|dd|shred|wipefs|mkswap|fdisk|sfdisk|sgdisk|parted|truncate|userdel|kexec)(\s|$)",
    r"(^|(?<!no)[\s/\"'(])(reload|reboot|shutdown|poweroff|power-off|halt|telinit|init [06])\b",
    r"\b(mkfs\S*|erase|format|delete|zeroize|squeeze|factory-reset|factory-default|kill -9 -?1)\b",
    r"\b(flush|flushall|lvremove|vgremove|pvremove|zpool destroy|drop (table|database)|reset saved-configuration)\b",
    r"\bip6?tables\b.* (-f|--flush|-x)\b|\b(chmod|chown) (-\S*r\S*|--recursive) ",
    r"/dev/(sd|hd|vd|nvme|xvd|mmcblk|mem|kmem)|\|\s*(sudo )?(\S*/)?(ba|z|da|k)?sh\b|\(\)\s*\{",
)

CONFIGURES_NETWORK_SYSTEMS: Final = _any_of(
    r"^(conf|config|configure|configuration|system-view|edit|commit|rollback|write|wr|save|reload|reboot|undo|no)\b",
    r"^(set|unset|delete|deactivate|activate|insert|rename|load (merge|override|set|replace|patch)|interface|router)\b",
    r"^(request|install|boot|clear|reset|debug|undebug|issu|archive|erase|license|crypto|ip|ipv6|vlan|hostname)\b",
    r"^copy\b|^do (clear|write|copy|reload)\b|^/?[a-z]+([ /][a-z0-9-]+)* (add|set|remove|enable|disable)\b",
)

PRINTS_ON_NETWORK_SYSTEMS: Final = _any_of(r" (print|export|monitor|show)\b")
"""Menus of RouterOS and others begin with what they are about."""

CONFIGURES_UNIX: Final = _any_of(
    r"^ip\b.* (add|del|delete|set|change|replace|append|prepend|flush|restore|exec|up|down)\b|^ip\b.* -b(atch)?\b",
    r"^(bridge|tc|brctl|ovs-vsctl|ovs-ofctl|vconfig|iw|iwconfig|wpa_cli|nft|ipset|conntrack|route|arp)\b"
    r".* (-[dsf]|add\S*|del\S*|change|replace|set\S*|stp|flush|insert|--?(add|del|set)\S*)(\s|$)",
    r"^ifconfig \S+ \S+|^ethtool (-\S+ \S+ \S|--(set|change|reset|negotiate|config))",
    r"^(ip6?tables|ip6?tables-restore|nft) .*(-[adfinpxrz]|--(append|delete|insert|replace|flush|policy))\b",
    r"^(if(up|down|reload|query -r)|dhclient|dhcpcd|netplan|firewall-cmd|ufw|modprobe|rmmod|insmod|update-rc\.d)\b",
    r"^nmcli\b.* (mod\S*|add|delete|del|up|down|edit|reload|connect|disconnect|set|import|clone)\b",
    r"^systemctl\b.* (start|stop|restart|reload\S*|try-\S+|enable|disable|mask|unmask|daemon-\S+|set-\S+|edit|revert"
    r"|isolate|kill|reset-failed|reboot|poweroff)\b",
    r"^(service|rc-service|/etc/init\.d/\S+)\b.* ?(start|stop|restart|reload|force-reload)\b",
    r"^sysctl\b.*( -w|--write|--system| -p|=)|^(hostnamectl|timedatectl|localectl|resolvectl|networkctl)"
    r" (set-\S+|dns|domain|flush-caches|up|down|reload|reconfigure|renew)\b",
    r"^hostname [^-]|^date (-s|--set|\d)|^chronyc\b.* (makestep|add|delete|burst|online|offline)\b|^ntpdate\b",
    r"^vtysh\b.*\b(conf\S*|clear|write|wr|reload)\b|^(net|nv) (add|del|set|unset|commit|config|abort|rollback)\b",
    r"^config (?!-)\S+|^(apt|apt-get|yum|dnf|zypper|apk|snap|pip\d?) .*(install|remove|upgrade|update|purge|erase)\b",
    r"^(useradd|usermod|userdel|passwd|chpasswd|kill|pkill|killall|mount \S|umount|swapoff|swapon|crontab -[er])",
    r"^(reboot|shutdown|halt|poweroff|init \d|telinit)\b",
    r"^(cp|mv|rm|ln|install|tee|sed -i\S*|chmod|chown|touch)\b.* /(etc|proc|sys|boot|usr|lib)\b",
)

WRITES_TO_SYSTEM_FILES: Final = re.compile(r">+\s*/(etc|proc|sys|boot|usr|lib)\b")
"""A redirection, sought in the whole line."""
