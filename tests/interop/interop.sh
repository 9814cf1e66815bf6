#!/bin/sh
# What guan gives to strangers is accepted by verifiers that nobody here wrote, and what is forged is refused by them: Go's
# golang.org/x/mod (signed notes, tlog) and sigstore's Python. GUAN SOURCE BUILD-FOLDER. 77: one of them is not there.
set -u
guan=$1 source=$2 build=$3
here=$source/tests/interop
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export LANGUAGE=en LC_ALL=C GUAN_STORE="$folder/guan.db"
unset GUAN_ACTOR
tests=0 failures=0 skipped=

# CODE WHAT COMMAND…: 0 it holds, 1 it is refused.
must() {
    code=$1 what=$2
    shift 2
    tests=$((tests + 1))
    "$@" >"$folder/said" 2>&1
    got=$?
    [ $got -eq "$code" ] && return
    failures=$((failures + 1))
    echo "FAILED: $what: exit $got, not $code"
    head -n 5 "$folder/said"
}

# Only what is missing is a reason to skip; where it has to be there (GUAN_INTEROP=must), that is a failure.
skip() {
    echo "skipped: $1"
    skipped=yes
}

# --- the record: 300 entries and more, so that there is more than one tile

work() {
    "$guan" init --virtual --origin guan.example/pudong && "$guan" deploy "$source/tests/bench/bundle" || return
    for i in 1 2 3 4; do
        "$guan" --as lintao --at 2026-03-07T10:00 open bench --key "K$i" || return
        for k in $(seq 10 45); do
            "$guan" --as lintao --at "2026-03-07T10:$k" do "key:K$i" go odo="$k" || return
        done
    done
}
must 0 "the record" work
must 0 "a key" "$guan" audit key --new
key=$("$guan" audit key)
"$guan" audit checkpoint >"$folder/old"
must 0 "tiles" "$guan" audit export tiles -o "$folder/tiles"
must 0 "one step more" "$guan" --as lintao --at 2026-03-07T11:00 do key:K1 go odo=90
"$guan" audit checkpoint >"$folder/new"
must 0 "more tiles" "$guan" audit export tiles -o "$folder/tiles"
for what in 0 200 key:K2 key:K3:5; do must 0 "prove $what" "$guan" audit prove "$what" -o "$folder/proof-$what"; done
must 0 "prove --from" "$guan" audit prove --from "$folder/old" -o "$folder/consistency"
witness=$("$guan" audit key --new --witness witness.example --file "$folder/witness.key" 2>/dev/null)
"$guan" audit cosign "$folder/new" --key "$folder/witness.key" >"$folder/cosigned"

# --- forgeries

other=$("$guan" audit key --new --witness guan.example/pudong --file "$folder/other.key" 2>/dev/null)
sed 's/^index 200$/index 201/' "$folder/proof-200" >"$folder/proof-elsewhere"
printf '{"case":"-","kind":"forged","n":1,"rec":"2026-03-07T02:00:00.000Z","v":1}' >"$folder/entry"
size=$(sed -n 2p "$folder/new")
sed "2s/.*/$((size + 1))/" "$folder/new" >"$folder/longer"
sed "2s/.*/$(($(sed -n 2p "$folder/old") - 1))/" "$folder/old" >"$folder/shorter"
# The first hash of the path is another.
awk 'seen == 1 { $0 = "AAAA" substr($0, 5); seen = 2 } /^index / { seen = 1 } { print }' "$folder/proof-200" >"$folder/proof-path"
awk 'NR == 2 { $0 = "AAAA" substr($0, 5) } { print }' "$folder/consistency" >"$folder/fork"
cp -r "$folder/tiles" "$folder/tampered"
bundle=$folder/tampered/tile/entries/000
sed 's/staff:1/staff:2/' "$bundle" >"$folder/changed" && mv "$folder/changed" "$bundle"

# --- Go

go=/usr/bin/go
if [ -x $go ] && [ -d /usr/share/gocode/src/golang.org/x/mod/sumdb/tlog ]; then
    verify=$build/interop-go
    export GO111MODULE=off GOFLAGS=-mod=mod GOPATH=/usr/share/gocode GOCACHE="$build/gocache" GOTOOLCHAIN=local
    must 0 "Go: build" $go build -o "$verify" "$here/verify.go"
    must 0 "Go: checkpoint" "$verify" checkpoint "$key" "$folder/new"
    must 0 "Go: cosigned, the log's key" "$verify" checkpoint "$key" "$folder/cosigned"
    must 0 "Go: cosigned, the witness's key" "$verify" cosignature "$witness" "$folder/cosigned"
    for what in 0 200 key:K2 key:K3:5; do must 0 "Go: proof of $what" "$verify" proof "$key" "$folder/proof-$what"; done
    must 0 "Go: consistency" "$verify" consistency "$key" "$folder/old" "$folder/consistency"
    must 0 "Go: tiles" "$verify" tiles "$key" "$folder/tiles"
    must 1 "Go: a checkpoint of another size" "$verify" checkpoint "$key" "$folder/longer"
    must 1 "Go: a witness that has not signed" "$verify" cosignature "$other" "$folder/cosigned"
    must 1 "Go: another entry" "$verify" proof "$key" "$folder/proof-200" "$folder/entry"
    must 1 "Go: another place" "$verify" proof "$key" "$folder/proof-elsewhere"
    must 1 "Go: another path" "$verify" proof "$key" "$folder/proof-path"
    must 1 "Go: a fork" "$verify" consistency "$key" "$folder/old" "$folder/fork"
    must 1 "Go: an entry changed in the tiles" "$verify" tiles "$key" "$folder/tampered"
else
    skip "Debian's golang-go and golang-golang-x-mod-dev are not installed (tools/setup test)"
fi

# --- sigstore

venv=$build/interop-python
if [ ! -e "$venv/done" ]; then
    python3 -m venv "$venv" >"$folder/said" 2>&1 &&
        "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt" >>"$folder/said" 2>&1 &&
        touch "$venv/done"
fi
if [ -e "$venv/done" ]; then
    verify() { "$venv/bin/python" "$here/verify.py" "$@"; }
    for what in 0 200 key:K2 key:K3:5; do must 0 "sigstore: proof of $what" verify "$key" "$folder/proof-$what"; done
    must 1 "sigstore: another entry" verify "$key" "$folder/proof-200" "$folder/entry"
    must 1 "sigstore: another place" verify "$key" "$folder/proof-elsewhere"
    must 1 "sigstore: another path" verify "$key" "$folder/proof-path"
    sed "s/^$size\$/$((size + 1))/" "$folder/proof-200" >"$folder/proof-longer"
    must 1 "sigstore: a checkpoint of another size" verify "$key" "$folder/proof-longer"
else
    skip "sigstore cannot be installed: $(tail -n 1 "$folder/said")"
fi

echo "$tests checks, $failures failed"
[ $failures -eq 0 ] || exit 1
[ -z "$skipped" ] || [ "${GUAN_INTEROP:-}" != must ] || exit 1
[ -z "$skipped" ] || exit 77
