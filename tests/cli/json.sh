# --json prints exactly what the engine gave, as one value.
. "$(dirname "$0")/lib.sh"

printf '0\n{"case":"a","n":1.50}\n{"case":"b"}\n' >two
printf '0\n' >none
printf '4\n! disk | the disk is full | make room\n' >broken
printf '4\n{"case":"a"}\n! disk | the disk is full | make room\n' >half
printf '1\n{"ok":false,"refused":{"code":"GUARD_BLOCKED"}}\n! gate | x\n' >refused
printf '3\n{"bad":{"index":7}}\n! bad | x\n' >bad

check "rows are an array, their bytes untouched" 0 --json --store two list <<'X'
[
{"case":"a","n":1.50},
{"case":"b"}
]
X
check "no rows" 0 --json --store none list <<'X'
[]
X
check "one value" 1 --json --store refused do c s <<'X'
{"ok":false,"refused":{"code":"GUARD_BLOCKED"}}
X
check "a refusal is not told twice" 1 --store refused --json do c s <<'X'
{"ok":false,"refused":{"code":"GUARD_BLOCKED"}}
X
lacks "a refusal is not told twice" stderr x
check "a failure" 4 --json --store broken show c <<'X'
{"ok":false,"error":{"code":4,"rule":"disk","where":"","text":"the disk is full","hint":"make room"}}
X
check "a failure instead of rows" 4 --json --store broken list <<'X'
[{"ok":false,"error":{"code":4,"rule":"disk","where":"","text":"the disk is full","hint":"make room"}}]
X
check "a failure among rows" 4 --json --store half list <<'X'
[
{"case":"a"},
{"ok":false,"error":{"code":4,"rule":"disk","where":"","text":"the disk is full","hint":"make room"}}
]
X
long=$(printf '关%.0s' $(seq 400))
for before in a ab abc; do # one of them is cut within a character
    "$guan" --json "$before$long" >stdout 2>/dev/null
    holds "a long word is cut, and still JSON" stdout '"hint":"guan help"}}'
done
check "a bad record" 3 --json --store bad audit verify <<'X'
{"bad":{"index":7}}
X
check "init" 0 --json --store new init <<'X'
{"ok":true,"store":"new","virtual":false}
X
check "version" 0 --json --version <<'X'
{"version":"0.0.0-stub"}
X
printf '1\n{"ok":true,"name":"a"}\n{"ok":false,"name":"b"}\n{"story":"s","passed":1,"failed":1}\n' >s.story
printf '2\n! syntax | line 3: no such word\n' >t.story
check "stories" 2 --json story s.story t.story <<'X'
[
{"ok":true,"name":"a"},
{"ok":false,"name":"b"},
{"story":"s","passed":1,"failed":1},
{"ok":false,"name":"t.story","text":"line 3: no such word"}
]
X
finish
