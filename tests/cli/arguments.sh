# What is typed reaches the engine, and what is typed wrongly ends with 2 and says so.
. "$(dirname "$0")/lib.sh"

check "every part of a step" 0 --store echo --as 林涛 --by 周敏 --role receptionist --with 王磊 --with 陈静 --at 2026-03-07T10:02 \
    --rec 2026-03-07T10:03 --id c1 --json do key:王磊 reception.arrive channel=showroom note=a=b ev=@f.pdf <<'X'
{"verb":1,"id":"c1","case":"key:王磊","name":"reception.arrive","actor":"林涛","by":"周敏","role":"receptionist","at":"2026-03-07T10:02","rec":"2026-03-07T10:03","with":["王磊","陈静"],"fields":{"channel":"showroom","note":"a=b","ev":"@f.pdf"},"parties":{}}
X
check "options after the command, and joined" 0 do c s x= --json --store=echo --as=a <<'X'
{"verb":1,"case":"c","name":"s","actor":"a","with":[],"fields":{"x":""},"parties":{}}
X
check "open" 0 --store echo --json open journey --key K --dealer base --party 王磊=customer --party 公司=company <<'X'
{"verb":0,"name":"journey","key":"K","dealer":"base","with":[],"fields":{},"parties":{"王磊":"customer","公司":"company"}}
X
check "send" 0 --store echo --json send c e <<'X'
{"verb":2,"case":"c","name":"e","with":[],"fields":{},"parties":{}}
X
check "waive" 0 --store echo --json waive c s --reason "in a hurry" <<'X'
{"verb":3,"case":"c","name":"s","reason":"in a hurry","with":[],"fields":{},"parties":{}}
X
check "tick" 0 --store echo --json tick --until 2026-03-31 <<'X'
{"verb":6,"until":"2026-03-31","with":[],"fields":{},"parties":{}}
X
check "find joins its words" 0 --store echo --json find 王 磊 <<'X'
[
{"case":"王 磊"}
]
X
check "list: mine, and when" 0 --store echo --json --as 林涛 list --mine --due today <<'X'
[
{"actor":"林涛","due":"today"}
]
X
check "list: all" 0 --store echo --json --as 林涛 list <<'X'
[
{}
]
X
GUAN_ACTOR=sue GUAN_STORE=echo
export GUAN_ACTOR GUAN_STORE
check "the environment" 0 --json send c e <<'X'
{"verb":2,"case":"c","name":"e","actor":"sue","with":[],"fields":{},"parties":{}}
X
check "options win over the environment" 0 --json --as bob send c e <<'X'
{"verb":2,"case":"c","name":"e","actor":"bob","with":[],"fields":{},"parties":{}}
X
unset GUAN_ACTOR GUAN_STORE

# NAME TEXT ARGUMENTS…
wrong() {
    what=$1 text=$2
    shift 2
    check "$what" 2 "$@" </dev/null
    holds "$what" stderr "$text"
}
wrong "nothing" "which command?"
wrong "no such command" 'there is no command `tood`' tood c
wrong "half a command" 'there is no command `audit`' audit
wrong "no such option" '`--frob`' list --frob
wrong "an option without its value" '`--store` needs a value' list --store
wrong "a switch with a value" '`--json=1`' list --json=1
wrong "an option of another command" '`list` has no option --reason' list --reason x
wrong "too little" "guan todo CASE" todo
wrong "too much" "that is too much" todo a b
wrong "a step is not named" "something is missing: guan do CASE" --store echo do c
wrong "a field without =" '`channel` is not NAME=VALUE' --store echo do c s channel
wrong "a field without a name" '`=x` is not NAME=VALUE' --store echo do c s =x
wrong "a waiver without a reason" "--reason" --store echo waive c s
wrong "another language" "--lang is zh or en" --lang fr list
check "usage errors are JSON, too" 2 tood --json <<'X'
{"ok":false,"error":{"code":2,"rule":"command-line","where":"","text":"there is no command `tood`","hint":"guan help"}}
X
check "the version" 0 --version <<'X'
guan 0.0.0-stub
X
check "init" 0 --store new init --virtual <<'X'
virtual store made: new
X
printf '1\n! exists | there is a store already | choose another name\n' >old
check "init over a store" 1 --store old init </dev/null
holds "init over a store" stderr "guan: there is a store already"
holds "init over a store: hint" stderr "choose another name"
finish
