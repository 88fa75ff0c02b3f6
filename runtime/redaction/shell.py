"""Secrets on command lines and in environments."""

from runtime.redaction.rule import VALUE, WORD, Rule, exact_rule, rule, secret

_SECRET_OPTION = (
    rb"(?:password|passwd|passphrase|passcode|pass|pwd|secret|token|api-?key|access-key|secret-key|auth-key"
    rb"|account-key|shared-key|psk|community|credentials)"
)

RULES: tuple[Rule, ...] = (
    # --password x, --db-password=x, -password x
    rule(
        "option",
        "pass pwd secret token key psk community credential",
        rb"(?<![\w-])--?+(?!no-)[\w-]{0,40}?",
        _SECRET_OPTION,
        rb"(?:=|[ \t]++(?!-))",
        VALUE,
    ),
    # --user name:secret, -u name:secret, -U name%secret (curl, wget, smbclient)
    rule(
        "option user:password",
        "-u user",
        rb"\b(?:curl|wget|smbclient|rpcclient)\b[^\n;|&]{0,300}?[ \t]",
        rb"(?:-u|--user|--proxy-user|--http-user)(?:=|[ \t]*+)[\"']?[^\s:%\"'/]{0,100}[:%]",
        secret(rb"[^\s\"']++"),
    ),
    # mysql -psecret; a space after -p asks for the password instead
    rule(
        "mysql -p",
        "-p",
        rb"(?:mysql\w*|mariadb[\w-]*|mycli)[^\n;|&]{0,300}?[ \t]-p(?!assword)",
        VALUE,
    ),
    # tools whose short option takes a password
    rule("sshpass -p", "-p", rb"sshpass[^\n;|&]{0,60}?[ \t]-p[ \t]*+", VALUE),
    rule("login -p", "-p", rb"\blogin\b[^\n;|&]{0,200}?[ \t]-p[ \t]++", VALUE),
    rule(
        "ldap -w",
        "-w",
        rb"\bldap(?:search|add|modify|delete|passwd|whoami|compare|modrdn)\b[^\n;|&]{0,300}?[ \t]-w[ \t]*+",
        VALUE,
    ),
    rule("redis-cli -a", "-cli", rb"(?:redis|valkey)-cli\b[^\n;|&]{0,200}?[ \t]-a[ \t]++", VALUE),
    rule("htpasswd -b", "pass", rb"htpasswd[ \t]++-\w*b\w*[ \t]++(?:-\w+[ \t]++)*+\S+[ \t]++\S+[ \t]++", VALUE),
    rule("radtest", "radtest", rb"radtest[ \t]++(?:-\w+[ \t]++(?:\w+[ \t]++)?)?\S+[ \t]++", VALUE),
    rule(
        "radtest secret",
        "radtest",
        rb"radtest[ \t]++(?:-\w+[ \t]++(?:\w+[ \t]++)?)?(?:\S+[ \t]++){3}\d+[ \t]++",
        VALUE,
    ),
    exact_rule("ipmitool -P", "-p", rb"(?:ipmitool|mosquitto_\w+)[^\n;|&]{0,200}?[ \t]-P[ \t]*+", VALUE),
    exact_rule("zip -P", "-p", rb"\b(?:un)?zip\b[^\n;|&]{0,200}?[ \t]-P[ \t]*+", VALUE),
    *(
        exact_rule(
            f"net-snmp -{option}",
            "snmp",
            rb"\bsnmp(?:get|walk|set|bulk|trap|inform|table|status|df|netstat)\w*[^\n;|&]{0,300}?[ \t]-",
            option.encode(),
            rb"[ \t]*+",
            VALUE,
        )
        for option in "cAX"
    ),
    exact_rule("useradd -p", "-p", rb"\buser(?:add|mod)\b[^\n;|&]{0,300}?[ \t]-p[ \t]++", VALUE),
    # openssl -passin pass:secret
    rule("openssl pass:", "pass", rb"(?<![\w-])-pass(?:in|out)?[ \t]++[\"']?pass:", WORD),
    # nmcli device wifi connect x password y; nmcli ... 802-11-wireless-security.psk y
    rule(
        "nmcli",
        "pass psk key",
        rb"\bnmcli\b[^\n]{0,300}?[ \t](?:password|[\w.-]{0,60}(?:\.psk|\.password|\.wep-key\d?))[ \t]++",
        VALUE,
    ),
    rule("wpa_passphrase", "pass", rb"\bwpa_passphrase[ \t]++(?>\"[^\"\n]*+\"|'[^'\n]*+'|\S+)[ \t]++", VALUE),
    # echo name:secret | chpasswd; echo secret | sudo -S, | passwd --stdin
    rule("chpasswd", "pass", rb"\becho[ \t]++(?:-\w+[ \t]++)?[\"']?[\w.-]{1,64}:", secret(rb"[^\s\"'|]++")),
    rule(
        "echo into stdin",
        "sudo pass",
        rb"\becho[ \t]++(?:-\w+[ \t]++)?",
        VALUE,
        rb"[\"']?[ \t]*+\|[ \t]*+(?=[^\n|]{0,200}(?:sudo[ \t]++-s|passwd[ \t]++--stdin|--password-stdin))",
    ),
    # DB_PASSWORD=x, export TOKEN='x', aws_secret_access_key = x, wg's PrivateKey = x
    rule(
        "assignment",
        "pass pwd secret token key psk credential community",
        rb"(?<![\w.?&-])[\w.-]{0,60}?",
        rb"(?:password|passwd|passphrase|passcode|[_-]pass|sshpass|[_-]pwd|secret|token|api[_-]?key|access[_-]?key"
        rb"|secret[_-]?key|private[_-]?key|preshared[_-]?key|pre[_-]shared[_-]key|shared[_-]?key|auth[_-]?key"
        rb"|account[_-]?key|md5[_-]key|encryption[_-]key|[_-]psk|\bpsk|credentials?|snmp[\w-]{0,20}community)\d{0,2}",
        rb"(?:[ \t]{1,3}(?:=>|:=|==?)[ \t]{0,3}|(?:=>|:=|==?))",
        VALUE,
    ),
)
