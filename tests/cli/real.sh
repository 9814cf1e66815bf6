# The real engine, from an empty store to a verified record: codes, and that the shapes of its JSON are those that are printed.
. "$(dirname "$0")/lib.sh"
export GUAN_STORE="$folder/guan.db"

# NAME CODE ARGUMENTS…: only the code; the output lands in ./stdout and ./stderr.
does() {
    name=$1 code=$2
    shift 2
    tests=$((tests + 1))
    "$guan" "$@" >stdout 2>stderr
    got=$?
    [ $got -eq "$code" ] || fail "$name: exit $got, not $code" "$(head -n 5 stdout)" "$(head -n 5 stderr)"
}

does "no store yet" 2 list
does "check" 0 check "$source/processes"
mkdir twice
cp -R "$source/tests/charts/bad/bundle-lua/." twice
does "check: one bundle by two of its folders" 1 check twice/processes twice/scripts twice
tests=$((tests + 1))
[ "$(grep -c 'no-hooks' stdout)" -eq 2 ] || fail "check: each problem once" "$(grep no-hooks stdout)"
does "init" 0 init --virtual
does "init again" 2 init --virtual
does "no processes yet" 2 --at 2026-03-07T10:00 open journey --key K
does "deploy" 0 deploy "$source"
does "open" 0 --as 周敏 --at 2026-03-07T10:01 open journey --dealer base --key 王磊 --party 王磊=customer
case=$(cat stdout)
holds "open prints an id" stdout "$case"
does "no such process" 2 --as 周敏 --at 2026-03-07T10:01 open jorney --dealer base --key 2
does "a step" 0 --as 周敏 --at 2026-03-07T10:02 do key:王磊 reception.arrive channel=showroom party=2
holds "a step: its title" stdout "✔ Arrive "
holds "a step: what is open" stdout "reception.greet"
does "a typo" 2 --as 周敏 --at 2026-03-07T10:02 do key:王磊 reception.gret
does "a wrong value" 2 --as 周敏 --at 2026-03-07T10:02 do key:王磊 message.service --with nobody
does "a late step" 0 --as 周敏 --at 2026-03-07T10:04 do "$case" reception.greet
holds "a late step" stdout STEP_LATE
does "twice is refused by the command's id" 0 --id once --as 周敏 --at 2026-03-07T10:05 do key:王磊 reception.register companions=妻子
cp stdout first
does "the same id" 0 --id once --as 周敏 --at 2026-03-07T10:05 do key:王磊 reception.register companions=妻子
tests=$((tests + 1))
cmp -s first stdout || fail "the same id: another answer" "$(diff first stdout)"
does "a drive" 0 --as 林涛 --at 2026-03-07T11:12 do key:王磊 test-drive.request slot=2026-03-08T14:00 model=SUV-A driver=王磊
does "the customer comes" 0 --as 王磊 --at 2026-03-08T14:00 do key:王磊 test-drive.check_in
does "a step too early" 1 --as 王磊 --at 2026-03-08T14:03 do key:王磊 test-drive.start odo=1
holds "a refusal names the step" stdout "test-drive.licence_check"
holds "a refusal names the title" stdout "Check the licence"
holds "a refusal says what to type" stdout "guan do"
does "todo" 0 todo key:王磊
holds "todo" stdout "Check the licence"
does "show" 0 show "$case"
holds "show" stdout "test-drive#1"
does "log" 0 log key:王磊
holds "log: who" stdout "周敏"
holds "log: the refusal" stdout "refused"
does "list" 0 list
holds "list" stdout "王磊"
does "find" 0 find 王磊
holds "find" stdout "$case"
does "findings" 1 audit findings
holds "findings" stdout STEP_LATE
does "coverage of what is deployed, without stories" 0 audit coverage CS-4.1
holds "coverage" stdout "test-drive.request"
holds "coverage: the store" stdout "waived"
holds "coverage: no stories" stdout "no stories found"
lacks "coverage: nothing is said of them" stdout "exercised"
does "findings below a clause" 1 audit findings --clause CS-3
holds "findings below a clause" stdout STEP_LATE
does "findings of a clause that begins alike" 2 audit findings --clause CS-33
holds "findings of no clause" stderr "did you mean"
does "a finding's why" 0 audit findings key:王磊 --show F1
does "a sample without a number" 2 audit sample -n 3
does "a sample of no clause" 2 audit sample -n 3 --number 1 --clause XX
does "a sample" 0 audit sample -n 3 --number '4 7' --clause CS-3 --since 2026-03-01
holds "a sample: how to draw it again" stdout "guan audit sample -n 3 --number '4 7' --clause CS-3 --since 2026-03-01"
does "help of a word before commands" 0 help audit
holds "help of a word before commands" stdout "audit verify"
lacks "help of a word before commands" stdout "store backup"
does "help store" 0 help store
holds "help store" stdout "store restore FILE"
printf 'case,activity\nc,a\nd\n' >cut.csv
does "a damaged log is no violation" 2 audit check "$source/scripts/rules/example.xml" --log cut.csv
holds "a damaged log" stderr "cut.csv:3"
does "coverage of no clause" 2 audit coverage CS-9
does "tick" 0 tick --until 2026-03-09T00:00
does "verify" 0 audit verify
for query in list "todo $case" "show $case" "log $case" "audit findings" "audit verify"; do
    "$guan" --json $query >json 2>/dev/null
    tests=$((tests + 1))
    if command -v jq >/dev/null; then jq -e . json >/dev/null || fail "JSON of $query" "$(head -c 300 json)"; fi
done
does "sample" 0 audit sample -n 3 --number 7
holds "sample: the recipe" stdout "sha256sum"
does "sample: a number" 2 audit sample -n none
does "one finding" 0 audit findings "$case" --show F1
holds "one finding: its proof" stdout "guan audit prove $case:"
does "no such finding" 2 audit findings "$case" --show F99
does "report" 0 --lang zh audit report -o report.html
holds "report: the language" report.html 'lang="zh-CN"'
lacks "report: no script" report.html "<script"
does "report: not over a file" 2 audit report -o report.html
does "export" 0 audit export csv -o record.csv
holds "export: its statement" record.csv.statement.json '"sha256"'
does "export: where to" 2 audit export csv
does "export: a format" 2 audit export pdf -o record.pdf
does "a story" 0 story "$source"/tests/stories/confirm_late.story
holds "a story: plan" stdout "1.."
finish
