"""Secrets in documents and protocols: JSON, YAML, XML, HTTP headers, URLs, /etc/shadow."""

from runtime.redaction.rule import QUOTED, Rule, rule, secret

_SECRET_NAME = (
    rb"(?:password|passwd|passphrase|passcode|secret|token|api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key"
    rb"|pre[_-]?shared[_-]?key|shared[_-]?key|auth[_-]?key|account[_-]?key|encryption[_-]?key|key[_-]?string"
    rb"|client-key|[_-]psk|\bpsk|[_-]pwd)"
)
_NAME_HINTS = "pass pwd secret token key psk"
_STATES = (
    rb"(?!(?:none|null|true|false|yes|no|not|never|set|unset|configured|enabled|disabled|required|optional|expired"
    rb"|encrypted|hidden|empty|ok|failed|incorrect|wrong|invalid|n/a|undefined|default|unknown|changed|locked)\b)"
)

RULES: tuple[Rule, ...] = (
    # "password": "x", 'password': 'x', \"password\": \"x\"
    rule(
        "JSON",
        _NAME_HINTS,
        _SECRET_NAME,
        rb"(?:s|hash|value|string|data|text)?\\*+[\"'][ \t]*+[:=]>?[ \t]*+(?:",
        QUOTED,
        rb")",
    ),
    # password: x, as the last thing on its line
    rule(
        "YAML",
        _NAME_HINTS,
        rb"(?<![\w.-])(?!passwd[ \t]*+:)[\w.-]{0,60}?",
        _SECRET_NAME,
        rb"[ \t]*+:[ \t]++(?:",
        QUOTED,
        rb"|",
        _STATES,
        rb"(?!-+(?:\s|$)|0x(?:0+|[0-9a-f]{1,8})(?:\s|$)|[|>&*!{]|\[(?!redacted\]))",
        secret(rb"[^\s\"',;]++"),
        rb"(?=[ \t\r]*+(?:$|[,;}\]#])))",
    ),
    # <password>x</password>
    rule(
        "XML",
        _NAME_HINTS + " phash",
        rb"<[\w:-]{0,60}?(?:password|passwd|passphrase|secret|phash|[-_](?:token|key)|psk)(?:[ \t][^<>\n]{0,200})?>",
        secret(rb"[^<>\n]++"),
        rb"</",
    ),
    # Authorization: Bearer x
    rule(
        "Authorization",
        "auth",
        rb"authorization[\"']?[ \t]*+[:=][ \t]*+[\"']?",
        rb"(?:bearer|basic|digest|token|negotiate|ntlm|apikey|bot|aws4-hmac-sha256)[ \t]++",
        secret(rb"[^\s\"'][^\n\"']*+"),
    ),
    rule(
        "Authorization without a scheme",
        "auth",
        rb"authorization[\"']?[ \t]*+[:=][ \t]*+[\"']?",
        secret(rb"[\w.+/=-]{16,}"),
        rb"(?![\w.+/=-]|[ \t]+\S)",
    ),
    rule("bearer", "bearer", rb"\bbearer[ \t]++", secret(rb"[a-z0-9._~+/=-]{16,}")),
    # X-Api-Key: x, X-Vault-Token: x
    rule(
        "key header",
        "key token secret auth",
        rb"\bx-[\w-]{0,40}(?:key|token|secret|auth)[ \t]*+:[ \t]*+",
        secret(rb"[^\s\"']++"),
    ),
    # Cookie: a=x; b=y and Set-Cookie: a=x; Path=/
    rule("Cookie", "cookie", rb"(?<![\w-])cookie:[ \t]*+", secret(rb"[^\s\"'=]++=[^\n\r\"']*+")),
    rule("Set-Cookie", "cookie", rb"\bset-cookie:[ \t]*+[^\s=;]{1,200}=", secret(rb"[^\s;\"']++")),
    # scheme://user:x@host, scheme://x@host
    rule(
        "URL password",
        "://",
        rb"://[^\s/:@\"'<>]*+:",
        secret(rb"[^\s/\"'<>]+"),
        rb"@",
    ),
    rule("URL token", "://", rb"://([\w-]{20,})@"),
    # ?access_token=x&sig=y
    rule(
        "URL query",
        "pass token secret key sig credential",
        rb"[?&][\w.-]{0,40}?(?:password|passwd|token|secret|api_?key|access_?key|signature|\bsig|credential)=",
        secret(rb"[^\s&#\"'<>]++"),
    ),
    # name:hash:19000:0:99999:7::: (shadow(5)); name:hash:0:0: in old passwd(5) files
    rule(
        "shadow",
        ":::",
        rb"^[\w.-]{1,64}:!{0,2}",
        secret(rb"[^:\s*!][^:\s]*+"),
        rb":\d{0,8}(?::-?\d{0,8}){5}:\d{0,8}[ \t\r]*+$",
    ),
    rule("passwd", ":/", rb"^[\w.-]{1,64}:", secret(rb"[^:\s]{13,}"), rb":\d{1,10}:\d{1,10}:"),
)
