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

cat >long <<'X'
0
{"case":"c-1","key":"k","sessions":[{"process":"care","title":"关怀","todo":[{"step":"a","title":"首月关怀电话回访"},{"step":"b","title":"节日问候短信"},{"step":"c","title":"保养提醒"}]}]}
X
on_terminal dumb "'$guan' --store long todo c"
tr -d '\r' <terminal | sed -n '/may be done/,$p' >lines
cat >expected <<'X'
may be done
  关怀  首月关怀电话回访 care.a · 节日问候短信 care.b · 保养
        提醒 care.c
X
tests=$((tests + 1))
diff -u expected lines >difference || fail "wrapped at the terminal's edge" "$(cat difference)"

cat >far <<'X'
0
{"ok":true,"case":"c","did":{"kind":"step","title":"迎接"},"where":[{"title":"客户旅程","states":[{"title":"售前"}]},{"title":"客户接待","states":[{"title":"接待中"}]},{"title":"需求分析","states":[{"title":"进行中"}]}]}
X
on_terminal dumb "'$guan' --store far do c s x=1"
tr -d '\r' <terminal | sed -n '2,3p' >lines
cat >expected <<'X'
  客户旅程 › 售前  |  客户接待 › 接待中  |  需求分析 › 进行
  中
X
tests=$((tests + 1))
diff -u expected lines >difference || fail "a long path is wrapped" "$(cat difference)"

printf '0\n{"case":"c","key":"Li \\u001b[31mNa\\u202e\\n","process":"p"}\n' >hostile
check "hostile names" 0 --store hostile list <<'X'
case  customer                   phase  owner  next due  what
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
