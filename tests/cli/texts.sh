# help, man page and completion come from one table; Chinese is complete.
. "$(dirname "$0")/lib.sh"

"$guan" help >help
for command in check run init deploy open do send waive amend assign tick work list find show todo log story "audit verify" "audit findings" "audit sample" "audit report" "audit export"; do
    holds "help" help "  $command "
    "$guan" help $command >one || fail "help $command"
    holds "help $command" one "guan $command"
    holds "help $command has an example" one "Examples:"
done
"$guan" open --help >one || fail "open --help"
holds "open --help" one "--party NAME=ROLE"
lacks "open --help" one "--trace"
check "help of nothing" 2 help tood </dev/null

"$guan" man >page
tests=$((tests + 1))
if command -v man >/dev/null; then
    LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l page >shown 2>warnings || fail "man" "$(head -n 3 warnings)"
    [ -s warnings ] && fail "man page warnings" "$(head -n 3 warnings)"
else
    cp page shown
fi
for word in SYNOPSIS GUAN_STORE "EXIT STATUS" waive; do holds "man page" page "$word"; done

"$guan" completion bash >completion
cat >try.sh <<'X'
source ./completion
try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _guan; echo "${COMPREPLY[*]}"; }
try guan to
try guan audit c
try guan store b
try guan --as 林涛 to
try guan open --k
try guan list --k
try guan --lang ''
try guan --as to
X
cat >expected <<'X'
todo
checkpoint cosign check coverage
backup
todo
--key

zh en

X
tests=$((tests + 1))
if command -v bash >/dev/null; then
    bash try.sh >stdout 2>&1
    diff -u expected stdout >difference || fail "completion" "$(cat difference)"
fi
check "completion of another shell" 2 completion fish </dev/null

if command -v msgcmp >/dev/null && command -v xgettext >/dev/null; then
    tests=$((tests + 1))
    (cd "$source/tools/guan" && xgettext --from-code=UTF-8 -k_ -kN_ -o "$folder/guan.pot" ./*.c) 2>/dev/null
    msgcmp "$source/tools/guan/po/zh_CN.po" guan.pot 2>missing || fail "the Chinese catalogue" "$(head -n 10 missing)"
    check "Chinese" 2 --lang zh todo </dev/null
    holds "Chinese" stderr "参数不足：guan todo 档案"
    unset LANGUAGE
    LC_ALL=zh_CN.UTF-8
    check "Chinese by the environment" 2 todo </dev/null
    holds "Chinese by the environment" stderr "参数不足"
    check "English all the same" 2 --lang en todo </dev/null
    holds "English all the same" stderr "something is missing"
fi
finish
