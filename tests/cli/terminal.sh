# Colours and wrapping are for a person at a terminal; nothing hostile reaches it.
. "$(dirname "$0")/lib.sh"
escape=$(printf '\033')
script -qec true /dev/null </dev/null >/dev/null 2>&1 || {
    echo "skipped: there is no pseudo-terminal here (a chroot without /dev/pts)"
    exit 77
}

# WHAT THE TERMINAL IS, COMMAND: runs it on one of 60 columns, output in ./terminal.
on_terminal() {
    script -qec "stty cols 60; TERM=$1 $2" /dev/null </dev/null >terminal 2>&1
}

printf '1\n{"fid":"F1","case":"c","code":"STEP_LATE","severity":"major","status":"open","clause":[],"step":"s"}\n' >findings
on_terminal xterm "'$guan' --store findings audit findings"
holds "colours on a terminal" terminal "${escape}[31m"
on_terminal xterm "NO_COLOR=1 '$guan' --store findings audit findings"
lacks "NO_COLOR" terminal "$escape"
on_terminal dumb "'$guan' --store findings audit findings"
lacks "a dumb terminal" terminal "$escape"
on_terminal xterm "'$guan' --json --store findings audit findings"
lacks "JSON" terminal "$escape"
"$guan" --store findings audit findings >plain
lacks "a file" plain "$escape"

printf '0\n{"case":"c-1","key":"k","process":"journey","where":"接待 接待中 试驾 到店核验 合同 起草 交付 准备 关怀 首月"}\n' >long
on_terminal dumb "'$guan' --store long list"
tr -d '\r' <terminal >lines
cat >expected <<'X'
case  key  process  next due  where
c-1   k    journey            接待 接待中 试驾 到店核验 合同
                              起草 交付 准备 关怀 首月
X
tests=$((tests + 1))
diff -u expected lines >difference || fail "wrapped at the terminal's edge" "$(cat difference)"

printf '0\n{"case":"c","key":"Li \\u001b[31mNa\\u202e\\n","process":"p"}\n' >hostile
check "hostile names" 0 --store hostile list <<'X'
case  key                        process  next due  where
c     Li \x1B[31mNa\u{202E}\x0A  p
X
printf '1\n{"ok":false,"name":"a # TODO \\\\ \\n1..0","line":4,"text":"one\\nok 2 - two"}\n' >s.story
check "hostile TAP" 1 story s.story <<'X'
TAP version 14
# s.story
not ok 1 - a \# TODO \\ \\x0A1..0
# line 4
#   one
#   ok 2 - two
1..1
X
finish
