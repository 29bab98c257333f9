#!/bin/sh
# Locks the dependencies of pyproject.toml, with hashes and for every platform: "make lock".
set -eu
cd "$(dirname "$0")/.."
lock() {
    out=$1
    shift
    .venv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
        --no-header --no-annotate "$@" --output-file "requirements/$out.txt"
}
lock runtime pyproject.toml
lock demo pyproject.toml --extra demo --group build --constraint requirements/runtime.txt
lock build --group build --constraint requirements/demo.txt
lock dev pyproject.toml --extra demo --group build --group dev --constraint requirements/demo.txt
