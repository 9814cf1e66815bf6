# Sourced by the tests: GUAN PROGRAM is $1, the source folder $2. `check` runs the program and compares code and output.
set -u
guan=$1 source=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
export LANGUAGE=en LC_ALL=C
unset GUAN_STORE GUAN_ACTOR NO_COLOR
tests=0 failures=0

fail() {
    failures=$((failures + 1))
    echo "FAILED: $1"
    shift
    for line in "$@"; do printf '  %s\n' "$line"; done
}

# NAME CODE ARGUMENTS…: what must be on stdout comes on stdin; stderr lands in ./stderr.
check() {
    name=$1 code=$2
    shift 2
    tests=$((tests + 1))
    cat >expected
    "$guan" "$@" >stdout 2>stderr
    got=$?
    [ $got -eq "$code" ] || fail "$name: exit $got, not $code" "$(head -n 5 stderr)"
    diff -u expected stdout >difference || fail "$name: stdout" "$(cat difference)"
}

# NAME FILE TEXT: the file holds the text.
holds() {
    tests=$((tests + 1))
    grep -qF -- "$3" "$2" || fail "$1: no \"$3\" in" "$(head -n 20 "$2")"
}

lacks() {
    tests=$((tests + 1))
    if grep -qF -- "$3" "$2"; then fail "$1: \"$3\" in" "$(head -n 20 "$2")"; fi
}

finish() {
    echo "$tests checks, $failures failed"
    [ $tests -gt 0 ] && [ $failures -eq 0 ]
}
