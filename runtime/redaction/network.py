"""Secrets in the configuration and the outputs of network devices."""

from runtime.redaction.rule import QUOTED, Rule, rule, secret

_BARE = rb"[^\s\"';,]++"
_VALUE = rb"(?:" + QUOTED + rb"|" + secret(_BARE) + rb")"
_TYPE = (
    rb"(?:(?:\d{1,2}|sha\d{1,3}|md5|hash|encrypted|cipher|irreversible-cipher|simple|plain|plaintext|clear|ciphertext|enc)"
    rb"[ \t]++)?+"
)
"""How a secret is encoded; what follows is the secret in that encoding."""

_DIGIT_TYPE = rb"(?:10|[0-9])[ \t]++"

RULES: tuple[Rule, ...] = (
    # snmp-server community X ro; snmp-agent community read cipher X; set snmp community X; snmp community { X
    rule(
        "SNMP community",
        "snmp",
        rb"snmp(?:-server|-agent)?[ \t]++community[ \t]++(?:(?:read|write)[ \t]++)?+",
        rb"(?!(?:read|write|print|ro|rw)\b|name\b|string\b|index\b|map\b|table\b|access\b)",
        _TYPE,
        _VALUE,
    ),
    rule(
        "SNMP trap host",
        "snmp",
        rb"snmp(?:-server)?[ \t]++host[ \t]++\S++[ \t]++",
        rb"(?:(?:vrf|use-vrf|source-interface)[ \t]++\S++[ \t]++)*+(?:(?:traps?|informs?)[ \t]++)?+",
        rb"(?:version[ \t]++(?:1|2c|3[ \t]++(?:no)?auth|3[ \t]++priv|3)[ \t]++)?+(?:community[ \t]++)?+",
        rb"(?!(?:vrf|use-vrf|source-interface|traps?|informs?|version|udp-port|community)\b)",
        _TYPE,
        _VALUE,
    ),
    rule(
        "snmpd.conf community",
        "community",
        rb"^[ \t]*+(?:r[ow]community6?|trapcommunity)[ \t]++",
        _VALUE,
    ),
    rule("snmpd.conf com2sec", "2sec", rb"^[ \t]*+com2sec6?[ \t]++\S++[ \t]++\S++[ \t]++", _VALUE),
    rule("snmpd.conf sink", "sink", rb"^[ \t]*+(?:trapsink|trap2sink|informsink)[ \t]++\S++[ \t]++", _VALUE),
    rule(
        "snmpd.conf createUser",
        "user",
        rb"\bcreateuser[ \t]++(?:-e[ \t]++\S++[ \t]++)?\S++[ \t]++(?:md5|sha\S*)[ \t]++",
        _VALUE,
    ),
    rule("snmpd.conf createUser privacy", "user", rb"\bcreateuser[^\n]{0,300}?[ \t](?:des|aes)\S*[ \t]++", _VALUE),
    rule(
        "community name",
        "community",
        rb"\b(?:snmp[ \t]++|get[ \t]++|set[ \t]++|trap[ \t]++|read[ \t]++|write[ \t]++|ro[ \t]++|rw[ \t]++)?+",
        rb"community[ \t]*+(?:name|securityname|string)[ \t]*+[:=][ \t]*+",
        _VALUE,
    ),
    rule(
        "community by access",
        "community",
        rb"^[ \t]*+(?:get|set|trap|read|write|read-only|read-write)[ \t]community[ \t]*+:[ \t]*+",
        _VALUE,
    ),
    # snmp-server user U G v3 auth sha X priv aes 128 Y
    rule("SNMPv3 auth", "snmp", rb"\bsnmp[^\n]{0,300}?[ \t]auth[ \t]++(?:md5|sha\S*)[ \t]++", _TYPE, _VALUE),
    rule(
        "SNMPv3 priv",
        "snmp",
        rb"\bsnmp[^\n]{0,400}?[ \t]priv[ \t]++(?:(?:des|3des|aes)\S*[ \t]++)?+(?:(?:128|192|256)[ \t]++)?+",
        rb"(?!(?:read|write|notify|access|context|match|localizedkey)\b)",
        _VALUE,
    ),
    rule(
        "SNMPv3 modes",
        "auth privacy-mode",
        rb"\b(?:authentication|privacy)-mode[ \t]++(?:md5|sha|des|3des|aes)\S*[ \t]++",
        _TYPE,
        _VALUE,
    ),
    # enable secret 5 X; enable password level 15 7 X; super password cipher X
    rule(
        "enable",
        "pass secret",
        rb"\b(?:enable|super)[ \t]++(?:secret|password|passwd)[ \t]++(?:level[ \t]++\d{1,2}[ \t]++)?+",
        _TYPE,
        _VALUE,
    ),
    # username U privilege 15 secret 9 X; user U password X; local-user U password irreversible-cipher X
    rule(
        "user",
        "pass secret",
        rb"^[ \t]*+(?:set[ \t]++)?+(?:system[ \t]++login[ \t]++)?+(?:local-)?user(?:name)?[ \t]++\S++[ \t]++",
        rb"(?:[^\n]{0,200}?[ \t])?(?:password|secret)[ \t]++",
        _TYPE,
        _VALUE,
    ),
    # password 7 X, secret 5 X, key 7 X, key-string 7 X, wherever they stand
    rule(
        "typed secret",
        "pass secret key ascii-text",
        rb"\b(?:password|passwd|secret|key|key-string|authentication-key|pre-shared-key|server-key|ascii-text)[ \t]++",
        _DIGIT_TYPE,
        secret(rb"[^\s\"';,]{4,}"),
    ),
    rule(
        "ciphered secret",
        "cipher enc",
        rb"\b(?:password|passwd|psksecret|secret|key|shared-key|authentication-key|md5|hmac-sha256|community)[ \t]++",
        rb"(?:irreversible-cipher|cipher|enc|encrypted)[ \t]++",
        _VALUE,
    ),
    # ' password X' under a line; 'password X' as a whole line
    rule(
        "line password",
        "pass secret psk",
        rb"^[ \t]*+(?:set[ \t]++)?+(?:password|passwd|secret|psksecret|passphrase)[ \t]++",
        rb"(?!(?:required|expired|expires|incorrect|changed|updated|unchanged|policy|authentication|recovery)",
        rb"[ \t\r]*$)",
        _VALUE,
        rb"(?=[\"';]*+[ \t\r]*+(?:$|\#\#))",
    ),
    # neighbor X password Y; neighbor X { authentication-key Y; mpls ldp neighbor X password Y
    rule("neighbor", "pass", rb"\bneighbor[ \t]++\S++[ \t]++(?:\S++[ \t]++){0,3}?password[ \t]++", _TYPE, _VALUE),
    rule(
        "protocol password",
        "pass",
        rb"\b(?:area|domain|ldap-login|simple|authentication|privacy|encrypted|plain-text|isis|wpa)-password[ \t]++",
        _TYPE,
        _VALUE,
    ),
    rule("isis password", "pass", rb"\bisis[ \t]++password[ \t]++", _TYPE, _VALUE),
    rule(
        "tunnel password",
        "pass",
        rb"\b(?:tunnel|ftp|client|chap|pap|sent-username[ \t]++\S++)[ \t]++password[ \t]++",
        _TYPE,
        rb"(?!(?:required|authentication)\b)",
        _VALUE,
    ),
    # ip ospf authentication-key X; ntp authentication-key 1 md5 X; message-digest-key 1 md5 X
    rule(
        "authentication-key",
        "key",
        rb"\b(?:authentication-key|message-digest-key)[ \t]++(?:\d{1,5}[ \t]++(?=\S))?+",
        rb"(?:(?:md5|sha\d*|hmac-\S+|type[ \t]++\S++[ \t]++value|value|cmac-\S+)[ \t]++)?+",
        _TYPE,
        rb"(?!id\b|\d{1,5}[ \t\r]*$)",
        _VALUE,
    ),
    rule("key-string", "key", rb"\bkey-string[ \t]++", _TYPE, _VALUE),
    # standby 1 authentication md5 key-string X; vrrp 1 authentication text X
    rule(
        "first hop redundancy",
        "auth",
        rb"\b(?:standby|vrrp|glbp|hsrp)\b[^\n]{0,40}?[ \t]authentication[ \t]++",
        rb"(?!md5\b|key-chain\b|mode\b|type\b)(?:(?:text|string|simple)[ \t]++)?+",
        _TYPE,
        _VALUE,
    ),
    rule(
        "authentication text",
        "auth",
        rb"^[ \t]*+(?:ip[ \t]++)?authentication[ \t]++(?:text|string|simple)[ \t]++",
        _TYPE,
        _VALUE,
    ),
    # tacacs-server key 7 X; radius-server host A key X; radius server's ' key X'; server-private A key X
    rule(
        "AAA key",
        "key secret",
        rb"\b(?:tacacs|radius)(?:-server)?\b[^\n]{0,200}?[ \t](?:key|secret|shared-key)[ \t]++",
        _TYPE,
        _VALUE,
    ),
    rule("server-private key", "key", rb"\bserver-private\b[^\n]{0,200}?[ \t]key[ \t]++", _TYPE, _VALUE),
    rule("server-key", "key", rb"\bserver-key[ \t]++", _TYPE, _VALUE),
    rule(
        "key line",
        "key",
        rb"^[ \t]++(?:shared-)?key[ \t]++(?!chain\b|generate\b|config-key\b|\d{1,5}[ \t\r]*$)",
        _VALUE,
        rb"(?=[\"';]*+[ \t\r]*+$)",
    ),
    rule(
        "failover key",
        "key",
        rb"\bfailover[ \t]++(?:ipsec[ \t]++pre-shared-)?key[ \t]++(?:hex[ \t]++)?+",
        _TYPE,
        _VALUE,
    ),
    # crypto isakmp key X address A; pre-shared-key local X; pre-shared-key ascii-text X
    rule("isakmp key", "key", rb"\bisakmp[ \t]++key[ \t]++", _TYPE, _VALUE),
    rule(
        "pre-shared-key",
        "key",
        rb"\bpre-shared-key[ \t]++(?:address[ \t]++\S++[ \t]++(?:\d[\d.]*+[ \t]++)?+(?:key[ \t]++)?)?+",
        rb"(?:(?:local|remote|ascii-text|hexadecimal|ascii|hex|key|address)[ \t]++)*+",
        rb"(?!(?:\d[ \t]|address|authentication)\b)",
        _TYPE,
        _VALUE,
    ),
    # wpa-psk ascii 0 X; wpa-passphrase X; set psksecret ENC X
    rule(
        "wireless key",
        "pass psk key",
        rb"\b(?:wpa-psk|psk|wpa-passphrase|psksecret|security-key|wep-key|psk-passphrase)[ \t]++(?:set-key[ \t]++)?+",
        rb"(?:(?:ascii|hex|pass-phrase|passphrase)[ \t]++)?+",
        rb"(?!(?:aes|tkip|ccmp|authentication|enabled?|disabled?)\b)",
        _TYPE,
        _VALUE,
        rb"(?=[\"';]*+[ \t\r]*+$)",
    ),
    # what Junos itself marks as secret
    rule("SECRET-DATA", "secret", rb"\"", secret(rb"[^\"\n]++"), rb"\";?[ \t]*+\#\#[ \t]*+secret-data"),
    rule("FortiOS ENC", "enc", rb"[ \t]enc[ \t]++", secret(rb"[a-z0-9+/=]{16,}")),
)
