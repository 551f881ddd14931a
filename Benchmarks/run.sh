#!/usr/bin/env bash
# Measures Sekisho with the shared load driver. Arguments go to bench.py (see `bench.py --help`).
set -euo pipefail
cd "$(dirname "$0")/.."
bash .ci/packages openssl gcc libc6-dev xmlsec1 python3-venv
swift build -c release --product sekisho
swift build -c release --product jpki-simulator
venv=.venv-bench
[ -x $venv/bin/python ] || { /usr/bin/python3 -m venv $venv; $venv/bin/pip install --quiet --disable-pip-version-check cryptography; }
exec $venv/bin/python Benchmarks/bench.py --binaries .build/release "$@"
