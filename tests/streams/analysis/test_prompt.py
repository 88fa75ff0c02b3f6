import pytest

from streams.analysis.prompt import is_prompt, without_prompt


@pytest.mark.parametrize(
    "prompt",
    ["router1#", "user@mx1> ", "[root@h ~]# ", "root@h:~# ", "$ ", "RP/0/RSP0/CPU0:xr#", "[admin@MikroTik] > ",
     "<HUAWEI>", "[~HUAWEI]", "C:\\Users\\x>", "{master:0}", "sw(config-if)#"],
)  # fmt: skip
def test_prompts_are_known(prompt: str) -> None:
    assert is_prompt(prompt)


@pytest.mark.parametrize(
    "text", ["", "up", "10.0.0.1 up", "</show>", "interface Ethernet1", "[edit interfaces", "a b#"]
)
def test_answers_are_no_prompts(text: str) -> None:
    assert not is_prompt(text)


@pytest.mark.parametrize("typed", ["show version", "<show><arp/></show>", "[ -f x ] && df", "/usr/bin/df"])
def test_a_command_without_a_prompt_stays(typed: str) -> None:
    assert without_prompt(typed) == typed
