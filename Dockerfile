# netcopilot in a container: one image for every process, and one for the agent, with the commands it runs.
#   docker build -t netcopilot:0.1.0 .
#   docker build -t netcopilot-agent:0.1.0 --target agent .

ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv --without-pip /opt/netcopilot
WORKDIR /src
COPY deploy/requirements.txt deploy/requirements.txt
# Wheels only: no compiler, and nothing of a dependency runs while it is installed.
RUN --mount=type=cache,target=/root/.cache/pip \
    pip --python /opt/netcopilot/bin/python install --require-hashes --no-deps --only-binary :all: \
        -r deploy/requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY schemas schemas
COPY runtime runtime
COPY producers producers
COPY streams streams
COPY sinks sinks
COPY api api
COPY cli cli
# The last line proves that the package's own data came along: outside the source folder, every schema is read.
RUN pip --python /opt/netcopilot/bin/python install --no-deps --no-build-isolation . \
    && python -m compileall -q -j 0 /opt/netcopilot/lib \
    && cd / && /opt/netcopilot/bin/netcopilot schemas check

FROM ${PYTHON_IMAGE} AS base
RUN apt-get update \
    && apt-get install -y --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 netcopilot \
    && useradd --uid 10001 --gid netcopilot --no-create-home --home-dir /var/lib/netcopilot netcopilot \
    && install -d -o netcopilot -g netcopilot -m 0750 /var/lib/netcopilot /var/lib/netcopilot/spool
COPY --from=build /opt/netcopilot /opt/netcopilot
COPY deploy/healthcheck.py /opt/netcopilot/healthcheck.py
ENV PATH=/opt/netcopilot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    TZ=UTC \
    NETCOPILOT_HEALTH_HOST=0.0.0.0 \
    NETCOPILOT_HEALTH_PORT=9100 \
    NETCOPILOT_API_HOST=0.0.0.0 \
    NETCOPILOT_API_PORT=8080 \
    NETCOPILOT_SPOOL_DIR=/var/lib/netcopilot/spool
WORKDIR /var/lib/netcopilot
USER 10001:10001
EXPOSE 8080 9100
# A process listens on one of the two: the API on 8080, every other on 9100.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-S", "/opt/netcopilot/healthcheck.py", "9100", "8080"]
ENTRYPOINT ["tini", "--", "netcopilot"]
CMD ["--help"]

ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="netcopilot" \
      org.opencontainers.image.description="Command executions from device agents to history, live views and analyses" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

FROM base AS agent
USER root
# chown takes ping's set-uid bit and file capability away: the kernel lets every user of the container ping
# (net.ipv4.ping_group_range), and a binary with a capability that the container dropped does not start.
RUN apt-get update \
    && apt-get install -y --no-install-recommends iproute2 iputils-ping procps \
    && rm -rf /var/lib/apt/lists/* \
    && chown root:root /bin/ping
USER 10001:10001

FROM base AS netcopilot
