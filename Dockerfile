# One image for all of Kakari's processes: `docker run kakari worker`, `… bot`, `… clock`.
ARG PYTHON=python:3.13-slim-bookworm

FROM ${PYTHON} AS base
ENV PATH=/venv/bin:$PATH \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore


# What seldom changes: the locked dependencies, without what Kakari never reads of them.
FROM base AS dependencies
# For strip; any version will do, and nothing of it goes into the image.
# hadolint ignore=DL3008
RUN apt-get update -qq \
    && apt-get install -qq --no-install-recommends binutils >/dev/null \
    && rm -rf /var/lib/apt/lists/*
RUN python -m venv --without-pip /venv
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=bind,source=requirements/runtime.txt,target=/tmp/runtime.txt \
    pip --python /venv/bin/python install --quiet --no-compile --require-hashes -r /tmp/runtime.txt
RUN --mount=type=bind,source=deploy/image,target=/tmp/image \
    python /tmp/image/prune.py /venv/lib/python*/site-packages \
    && PYTHONNODEBUGRANGES=1 python /tmp/image/loaded.py /library


# What changes with every commit: our own packages, laid over the same place.
FROM base AS ours
RUN python -m venv --without-pip /venv
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=bind,source=requirements/build.txt,target=/tmp/build.txt \
    pip install --quiet --require-hashes -r /tmp/build.txt
WORKDIR /source
COPY . .
RUN pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /wheel . \
    && pip --python /venv/bin/python install --quiet --no-cache-dir --no-deps --no-index \
        --root /ours /wheel/*.whl \
    # Whatever umask it was cloned with.
    && chmod -R a+rX templates


FROM base AS kakari
COPY --from=dependencies /library /
COPY --from=dependencies /venv /venv
# Volumes begin with the owner and mode of what they lie over, whatever CONTAINER_USER is.
RUN install -d -m 1777 /projects /simulator
COPY --from=ours /ours/venv /venv
WORKDIR /app
COPY --from=ours /source/templates templates

# Nothing but /tmp and the volumes is written to, so a read-only root will do. The threshold has a
# worker give back the memory that a document took.
ENV HOME=/tmp \
    MALLOC_TRIM_THRESHOLD_=131072 \
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
