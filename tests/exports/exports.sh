# GUAN SOURCE PYTHON VENV: writes a record out in every format and has others read it.
set -u
guan=$1 source=$2 python=$3 venv=$4
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
export GUAN_STORE="$folder/guan.db" LC_ALL=C.UTF-8
unset GUAN_ACTOR
failures=0

must() {
    "$@" >stdout 2>stderr || {
        echo "FAILED ($?): $*"
        head -n 20 stdout stderr
        failures=$((failures + 1))
    }
}
# A command that may be refused: on record all the same.
tries() {
    "$guan" "$@" >stdout 2>stderr
    [ $? -le 1 ] || must "$guan" "$@"
}

must "$guan" init --virtual
must "$guan" deploy "$source/tests/exports/bundle"
echo x >a.jpg
for day in 02 03 04 05; do
    at=2026-03-$day case=key:K$day
    must "$guan" --as 周敏 --at ${at}T10:00 open shop --key K$day --party 王磊=customer
    must "$guan" --as 周敏 --at ${at}T10:01 do $case handover.arrive channel=shop
    tries --as 周敏 --at ${at}T10:01:30 send $case handover.leave # a gate says no
    case $day in
    02) must "$guan" --as 陈静 --at ${at}T10:01:40 waive $case handover.greet --reason 客户赶时间 ;;
    *) must "$guan" --as 周敏 --at ${at}T10:$day do $case handover.greet ;; # late
    esac
    must "$guan" --as 周敏 --with 王磊 --at ${at}T10:30 do $case handover.sign vin=LSVAU2180N2183294
    must "$guan" --as 周敏 --at ${at}T10:31 --rec ${at}T15:00 do $case note 'text=="<a & b>"' 'tags==1+1,"x",<y>'
    must "$guan" --as 周敏 --at ${at}T16:00 do $case tell agreed=no count=7 photo=@a.jpg
    must "$guan" --as 周敏 --at ${at}T16:30 do $case tell agreed=yes
done
must "$guan" --as 周敏 --at 2026-03-05T18:00 amend key:K05 "$("$guan" log key:K05 --json | "$python" -c '
import json, sys
print(next(e["n"] for e in json.load(sys.stdin) if e.get("step") == "tell"))')" count=9 at=2026-03-05T15:59 --reason 记错了
for format in xes csv; do must "$guan" audit export $format -o a.$format; done
must "$guan" audit export ocel -o a.json
must "$guan" audit export ocel -o a.sqlite
must "$guan" audit export xes --names -o names.xes

if command -v xmllint >/dev/null; then
    must xmllint --noout --schema "$source/tests/exports/xes.xsd" a.xes
    must xmllint --noout --schema "$source/tests/exports/xes.xsd" names.xes
else
    echo "FAILED: xmllint is not installed (libxml2-utils)"
    failures=$((failures + 1))
fi
must "$python" "$source/tests/exports/read_back.py" .

# One record, one answer: the rules say the same of the journal and of what was made of it.
rules="$source/tests/exports/rules.xml"
tries audit check "$rules" --json
cp stdout journal.json
for file in a.xes a.csv; do
    tries audit check "$rules" --log $file --json
    cp stdout $file.json
done
must "$python" "$source/tests/exports/same.py" journal.json a.xes.json a.csv.json

# PM4Py, once a build folder.
if [ ! -e "$venv/ready" ]; then
    rm -rf "$venv"
    if "$python" -m venv "$venv" >venv.log 2>&1 && "$venv/bin/pip" install -q -r "$source/tests/exports/requirements.txt" >>venv.log 2>&1
    then touch "$venv/ready"
    else echo "PM4Py cannot be installed here, its part is left out: $(tail -n 1 venv.log)"
    fi
fi
if [ -e "$venv/ready" ]; then must "$venv/bin/python" "$source/tests/exports/read_pm4py.py" .; fi
[ $failures -eq 0 ] && echo "exports: read back"
exit $failures
