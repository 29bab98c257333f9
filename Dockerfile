# One image for all of Kakari's processes: `docker run kakari worker`, `… bot`, `… clock`.
ARG PYTHON=python:3.13-slim-bookworm

FROM ${PYTHON} AS base
ENV PATH=/venv/bin:$PATH \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore


# What seldom changes: the locked dependencies, compiled. Of Google's API descriptions only those
# stay that the simulator speaks; the workers need fewer.
FROM base AS dependencies
RUN python -m venv --without-pip /venv
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=bind,source=requirements/runtime.txt,target=/tmp/runtime.txt \
    pip --python /venv/bin/python install --quiet --require-hashes -r /tmp/runtime.txt \
    && find /venv/lib/python*/site-packages/googleapiclient/discovery_cache/documents -type f \
        ! -name chat.v1.json ! -name drive.v3.json ! -name sheets.v4.json \
        ! -name gmail.v1.json ! -name calendar.v3.json -delete


# What changes with every commit: our own packages, as a wheel.
FROM base AS wheel
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=bind,source=requirements/build.txt,target=/tmp/build.txt \
    pip install --quiet --require-hashes -r /tmp/build.txt
WORKDIR /source
COPY . .
RUN pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /wheel .


FROM base AS kakari
COPY --from=dependencies /venv /venv
RUN --mount=type=bind,from=wheel,source=/wheel,target=/wheel \
    pip --python /venv/bin/python install --quiet --no-cache-dir --no-deps --no-index /wheel/*.whl \
    # Volumes begin with the owner and mode of what they lie over, whatever CONTAINER_USER is.
    && install -d -m 1777 /projects /simulator
WORKDIR /app
COPY templates templates

# Nothing but /tmp and the volumes is written to, so a read-only root will do.
ENV HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
ENTRYPOINT ["kakari"]
CMD ["--help"]
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --start-interval=2s --retries=3 \
    CMD ["python", "-m", "kakari.health"]

ARG REVISION=unknown
LABEL org.opencontainers.image.title="Kakari" \
      org.opencontainers.image.description="The colleague in your Google Chat who does the paperwork" \
      org.opencontainers.image.revision="${REVISION}"
