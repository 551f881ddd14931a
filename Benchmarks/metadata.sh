#!/usr/bin/env bash
# Reading a signed metadata aggregate as a stream, beside xmlsec1, xmllint and (where a venv can be made) pysaml2, in one run.
#   Benchmarks/metadata.sh                  a synthetic aggregate of ENTITIES (10,000) entities, made by the shared generator
#   Benchmarks/metadata.sh FILE.xml …       these aggregates, each signed anew with a key of its own (sign.py)
# EDUGAIN=1 adds the 83 MB copy of eduGAIN that the tests of the PyPI package pyff 3.0.0 carry. SCRATCH=DIR chooses the build folder.
set -euo pipefail
cd "$(dirname "$0")/Metadata"
shared=${SEKISHO_BENCH:-../../../shared/bench}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
swift build -c release ${SCRATCH:+--scratch-path "$SCRATCH"} 2>&1 | tail -1
bench=$(swift build -c release ${SCRATCH:+--scratch-path "$SCRATCH"} --show-bin-path)/metadata-bench
if [ -z "${BENCH_PY:-}" ] && [ -f "$shared/metadata/load.py" ] && python3 -m venv "$work/venv" && "$work/venv/bin/pip" -q install pysaml2 cryptography; then
    BENCH_PY=$work/venv/bin/python
fi
export BENCH_PY=${BENCH_PY:-} LOAD_PY=$shared/metadata/load.py
files=("$@")
if [ -n "${EDUGAIN:-}" ]; then
    python3 -m pip -q download --no-deps -d "$work" pyff==3.0.0
    python3 - "$work" <<'P'
import glob, sys, zipfile
wheel = zipfile.ZipFile(glob.glob(sys.argv[1] + "/pyff-3.0.0*.whl")[0])
big = max(wheel.infolist(), key=lambda info: info.file_size)
open(sys.argv[1] + "/edugain-source.xml", "wb").write(wheel.read(big))
P
    files+=("$work/edugain-source.xml")
fi
if [ ${#files[@]} -eq 0 ] || [ -n "${ENTITIES:-}" ]; then
    "${BENCH_PY:-python3}" "$shared/metadata/gen.py" "$work/synthetic.xml" "${ENTITIES:-10000}" "$work" 2>/dev/null
    python3 compare.py "$work/synthetic.xml" "$work/md.crt" "$bench" "${ROUNDS:-3}"
    rm -f "$work/md.key" "$work/md.crt"
fi
for file in ${files[@]+"${files[@]}"}; do
    python3 sign.py "$file" "$work/$(basename "$file" .xml)-signed.xml" "$work" 2>/dev/null
    python3 compare.py "$work/$(basename "$file" .xml)-signed.xml" "$work/md.crt" "$bench" "${ROUNDS:-3}"
done
uptime
