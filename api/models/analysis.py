"""An output that a client hands in to be analysed, and its analysis."""

from pydantic import BaseModel, ConfigDict, Field, RootModel

from api.models.command import ParseStatus, Status, Verdict
from api.models.execution import Name
from api.models.explanation import Explanation

LONGEST_DEADLINE_MS = 2_000


class Output(BaseModel):
    """What was run where and what it wrote. Nothing of it is stored; secrets are masked before it is analysed."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    os_type: Name = Field(min_length=1, description="linux, ios, iosxe, nxos, eos, junos, cumulus, ...")
    command: str = Field(min_length=1, max_length=65_536, description="The command line that wrote the output.")
    output: str = Field(description="Standard output, then standard error.")
    exit_code: int | None = None
    status: Status | None = Field(None, description="OK or FAILED by the exit code where absent.")
    tenant_id: Name | None = Field(None, description="The API's own tenant, or nothing.")
    deadline_ms: int | None = Field(None, ge=1, le=LONGEST_DEADLINE_MS, description="Milliseconds it may take.")


class Outputs(BaseModel):
    """Several outputs."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    executions: list[Output] = Field(min_length=1)


class RuleFinding(BaseModel):
    """A statement that a reader can check against the output."""

    kind: str = Field(description="What it says, as in interface.down.")
    severity: Verdict
    subject: str = Field(description="The thing concerned: an interface, a neighbour, a mount point.")
    evidence: str = Field(description="Verbatim excerpt of the output, secrets masked.")
    line_start: int = Field(description="First line of the evidence, from 1; 0 where the output has none.")
    line_end: int = Field(description="Last line of the evidence, inclusive.")
    facts: dict[str, str] = Field(description="The numbers the rule used.")


class OutputAnalysis(BaseModel):
    """What rules say of an output; the same output gives the same analysis."""

    verdict: Verdict
    summary: str
    findings: list[RuleFinding]
    facts: dict[str, str] = Field(description="The few numbers that matter.")
    parser: str
    parser_version: str
    parse_status: ParseStatus
    fingerprint: str = Field(description="32 hexadecimal digits; equal for outputs that mean the same.")
    command_template: str
    rules_version: str
    explanation: Explanation | None = Field(
        None, description="What a model has said of this fingerprint before, if it did. None is asked now."
    )


class OutputAnalyses(BaseModel):
    """The analyses of several outputs, in their order."""

    analyses: list[OutputAnalysis]


class AnalyzeAnswer(RootModel[OutputAnalysis | OutputAnalyses]):
    """As many analyses as outputs were asked about."""
