#!/usr/bin/env bash
# The revocation index beside OpenSSL's own handling of lists, in one run. Needs about 2 GB of disk in $TMPDIR and 4 GB of memory (OpenSSL's).
#   Benchmarks/revocation.sh [ENTRIES] [CASE …]     a case is SERIALS,ORDER,REASONS,BITS as crl.c knows them
set -euo pipefail
cd "$(dirname "$0")/Revocation"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=${1:-10000000}
shift || true
[ $# -gt 0 ] || set -- full:32,shuffled,mix,32 full:32,sorted,mix,32 counter:12,shuffled,mix,27 random:64,shuffled,mix,64 random:160,shuffled,mix,160
cc -O2 -Wall -o "$work/crl" crl.c -lcrypto
swift build -c release ${SCRATCH:+--scratch-path "$SCRATCH"} 2>&1 | tail -1
bench=$(swift build -c release ${SCRATCH:+--scratch-path "$SCRATCH"} --show-bin-path)/revocation-bench
for case in "$@"; do
    IFS=, read -r serials order reasons bits <<<"$case"
    echo "== $case"
    "$work/crl" make "$work/list" "$count" "$serials" "$order" "$reasons"
    "$work/crl" memory
    "$bench" load "$work/list" "$bits"
    "$bench" start "$work/list"
    [ -n "${NO_OPENSSL:-}" ] || "$work/crl" openssl "$work/list"
    uptime
done
