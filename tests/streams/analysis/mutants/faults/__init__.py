"""Changes after which something else must be said."""

from typing import Final

from tests.streams.analysis.mutants.faults.execution import EXECUTION_FAULTS
from tests.streams.analysis.mutants.faults.host import HOST_FAULTS
from tests.streams.analysis.mutants.faults.interface import INTERFACE_FAULTS
from tests.streams.analysis.mutants.faults.reachability import REACHABILITY_FAULTS
from tests.streams.analysis.mutants.faults.routing import ROUTING_FAULTS
from tests.streams.analysis.mutants.mutation import Mutation

FAULTS: Final[tuple[Mutation, ...]] = (
    *EXECUTION_FAULTS,
    *REACHABILITY_FAULTS,
    *INTERFACE_FAULTS,
    *ROUTING_FAULTS,
    *HOST_FAULTS,
)
