"""Secrets that are recognisable by themselves: issued tokens and password hashes.

Formats as their issuers document them: AWS (unique identifiers), GitHub, GitLab, Slack, Stripe, Google, npm, PyPI,
HashiCorp Vault, OpenAI and Anthropic tokens; JWT (RFC 7519); crypt(5), Cisco IOS types 5, 8 and 9, Junos $9$.
"""

from runtime.redaction.rule import Rule, exact_rule

_WORD_START = rb"(?<![A-Za-z0-9])"

RULES: tuple[Rule, ...] = (
    exact_rule("AWS access key", "akia asia", _WORD_START, rb"((?:AKIA|ASIA)[A-Z0-9]{16})(?![A-Za-z0-9])"),
    exact_rule("GitHub", "ghp_ gho_ ghu_ ghs_ ghr_ pat_", _WORD_START, rb"(gh[pousr]_\w{30,}+|github_pat_\w{22,}+)"),
    exact_rule("GitLab", "gl", _WORD_START, rb"(gl(?:pat|ptt|dt|rt|cbt|soat|agent|ft|imt)-[\w.-]{20,}+)"),
    exact_rule("Slack", "xox xapp-", _WORD_START, rb"(xox[a-z]-[\w-]{10,}+|xapp-[\w-]{10,}+)"),
    exact_rule("Slack webhook", "://", rb"hooks\.slack\.com/(?:services|workflows)/([\w/]{20,}+)"),
    exact_rule("JWT", "eyj", _WORD_START, rb"(eyJ[\w-]{8,}+\.[\w-]{8,}+\.[\w-]*+)"),
    exact_rule("Google", "aiza ya29.", _WORD_START, rb"(AIza[\w-]{35,}+|ya29\.[\w-]{20,}+)"),
    exact_rule("Stripe", "_live_ _test_", _WORD_START, rb"([srp]k_(?:live|test)_\w{16,}+)"),
    exact_rule("package registries", "npm_ pypi-", _WORD_START, rb"(npm_\w{36,}+|pypi-[\w-]{50,}+)"),
    exact_rule("Vault", "hvs. hvb.", _WORD_START, rb"(hv[sb]\.[\w-]{20,}+)"),
    exact_rule("models", "sk-", _WORD_START, rb"(sk-(?=[\w-]*[0-9])[\w-]{32,}+)"),
    exact_rule("SendGrid", "sg.", _WORD_START, rb"(SG\.[\w-]{16,}+\.[\w-]{16,}+)"),
    exact_rule("age", "secret", rb"(AGE-SECRET-KEY-1[A-Z0-9]{40,}+)"),
    # crypt(5) and its relatives: $6$salt$hash, $1$, $2b$, $y$, $apr1$, IOS $8$ and $9$, Junos $9$
    exact_rule(
        "password hash",
        "$",
        rb"(\$(?:[156789]|1[04]|2[abxy]|y|gy|apr1|sha1|sha256|sha512|argon2\w{1,2}|pbkdf2[\w-]*)\$[./A-Za-z0-9$,=+-]{8,}+)",
    ),
    exact_rule("LDAP hash", "{s {crypt {md5", rb"(\{(?:SSHA|SHA|CRYPT|MD5|SMD5)\d{0,3}\}[\w./+=$]{16,}+)"),
    # PAN-OS master-key encryption, Huawei's delimited ciphers
    exact_rule("PAN-OS", "-aq==", rb"(-AQ==[A-Za-z0-9+/=]{16,}+)"),
    exact_rule("Huawei", "%^%# %@%@", rb"(%\^%\#[^\n]{8,400}?%\^%\#|%@%@[^\n]{8,400}?%@%@)"),
    # base64 of '-----BEGIN ... PRIVATE KEY' (Kubernetes secrets, kubeconfig)
    exact_rule(
        "base64 private key",
        "ls0tls1crudjti",
        rb"(LS0tLS1CRUdJTi(?:BSU0EgUFJJVkFURS|BQUklWQVRF|BFQyBQUklWQVRF|BPUEVOU1NIIFBSSVZBVEUg|BFTkNSWVBURUQgUFJJ)[A-Za-z0-9+/=]*+)",
    ),
)
