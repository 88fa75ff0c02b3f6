"""The words of a platform's own language, as the names of its ntc-templates spell them.

`cisco_ios_show_ip_bgp_summary` says that `summary` may follow `bgp`, and that `sh ip bgp sum`, which the index takes
for this template, is short for `show ip bgp summary`. Words of this language are nobody's data.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise, zip_longest

from streams.analysis.command_line import CommandLine
from streams.analysis.parsers.ntc_index import find_template, templates_of
from streams.analysis.platform import Platform


def spelled_out(line: CommandLine, platform: Platform) -> tuple[str, ...]:
    """Return the words of `line`, those that are short for a word of the platform's language in full.

    Only as far as each word begins the one at its place: from the first argument on, words stay as they are.
    """
    if not line.words or line.compound:
        return line.words
    template = find_template(platform.ntc, line.plain)
    full = _words(template, platform.ntc) if template else ()
    return tuple(_lengthened(line.words, full))


def _lengthened(words: tuple[str, ...], full: tuple[str, ...]) -> Iterator[str]:
    alike = True
    for word, whole in zip_longest(words, full[: len(words)], fillvalue=""):
        alike = alike and whole.startswith(word.lower())
        yield whole if alike else word


@lru_cache(maxsize=64)
def neighbouring_words(platform: str) -> frozenset[tuple[str, str]]:
    """Return which word may follow which in the commands of an ntc-templates platform."""
    commands = (_words(template, platform) for template in templates_of(platform))
    return frozenset(pair for words in commands for pair in pairwise(words))


def _words(template: str, platform: str) -> tuple[str, ...]:
    """Return the command that a template is named after; nothing where it is another platform's."""
    name, prefix = template.split(":", maxsplit=1)[0].removesuffix(".textfsm"), f"{platform}_"
    return tuple(name.removeprefix(prefix).split("_")) if name.startswith(prefix) else ()
