# What a person at the counter meets, with the real engine and a flow of its own: whose case it is, what is late, what is for her,
# names of choices, Chinese punctuation, errors in Chinese.
. "$(dirname "$0")/lib.sh"
export GUAN_STORE="$folder/guan.db"

mkdir -p bundle/processes/standards bundle/scripts/dealers/base
{
    cat <<'X'
<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:g="urn:guan:1" version="1.0" datamodel="lua" name="visit" initial="here"
       g:title="接待" g:role="clerk">
  <state id="here" g:title="接待中">
    <g:deadline id="cool" title="冷却" within="PT1H" severity="none" event="cooled"/>
    <g:step id="greet" title="迎接甲" clause="C-1"><g:deadline within="PT10M" clause="C-1"/></g:step>
    <g:step id="advise" title="顾问甲" clause="C-1" role="sales_consultant" repeat="yes" required="no">
      <g:deadline title="提醒甲" within="PT2H" severity="none" event="remind"/>
      <g:field name="purpose" title="用途甲" type="choice" of="family work" names="家用 商用"/>
      <g:field name="needs" title="需求甲" type="list" required="no" personal="no"/>
      <g:field name="contacts" title="联系甲" type="contacts" required="no" personal="no"/>
      <g:field name="people" title="人数甲" type="integer" min="1" max="9" required="no"/>
    </g:step>
    <g:step id="proof" title="凭证甲" clause="C-1" required="no" repeat="yes"><g:field name="sheet" title="单据甲" type="evidence"/></g:step>
    <g:step id="sign" title="签字甲" clause="C-1" role="boss" after="greet"/>
X
    for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do
        echo "    <g:step id=\"may$i\" title=\"可做$i\" clause=\"C-1\" role=\"boss\" required=\"no\"/>"
    done
    cat <<'X'
    <transition event="leave" target="over"/>
  </state>
  <final id="over"/>
</scxml>
X
} >bundle/processes/visit.scxml
cat >bundle/processes/standards/c.xml <<'X'
<standard xmlns="urn:guan:1" id="C" title="标准" class="standard"><clause id="C-1" title="接待"/></standard>
X
cat >bundle/processes/parameters.xml <<'X'
<parameters xmlns="urn:guan:1"><parameter id="T-LAG" type="duration" value="PT2H" basis="proposal" title="补录"/></parameters>
X
cat >bundle/processes/roles.xml <<'X'
<roles xmlns="urn:guan:1"><role id="clerk" title="店员"/><role id="sales_consultant" title="顾问"/><role id="boss" title="店长"/>
<role id="customer" title="客户"/></roles>
X
cat >bundle/scripts/dealers/base/dealer.xml <<'X'
<dealer xmlns="urn:guan:1" id="base" title="店" zone="Asia/Shanghai"><person id="staff:1" name="周敏" login="zhoumin" roles="clerk"/>
<person id="staff:2" name="陈静" login="chenjing" roles="boss"/><person id="staff:3" name="林涛" roles="sales_consultant"/>
<person id="staff:4" name="赵强" roles="sales_consultant"/></dealer>
X
"$guan" init --virtual >/dev/null && "$guan" deploy bundle >deployed 2>&1 || fail "deploy" "$(cat deployed)"

# NAME CODE ARGUMENTS…: only the code; the output lands in ./stdout and ./stderr.
does() {
    name=$1 code=$2
    shift 2
    tests=$((tests + 1))
    "$guan" "$@" >stdout 2>stderr
    got=$?
    [ $got -eq "$code" ] || fail "$name: exit $got, not $code" "$(head -n 5 stdout)" "$(head -n 5 stderr)"
}

# --- whose case it is: the first consultant's who acts in it, until it is assigned
does "open" 0 --as 周敏 --at 2026-03-07T10:00 open visit --key K --party 王磊=customer
case=$(cat stdout)
does "not a consultant" 0 --as 周敏 --at 2026-03-07T10:01 do key:K greet
does "nobody's" 0 --json show key:K
lacks "nobody's" stdout '"owner"'
does "refused" 1 --as 林涛 --at 2026-03-07T10:02 do key:K sign
does "nobody's still" 0 --json show key:K
lacks "who is refused takes nothing" stdout '"owner"'
does "the first consultant" 0 --as 林涛 --at 2026-03-07T10:03 do key:K advise purpose=家用
does "the next one" 0 --as 赵强 --at 2026-03-07T10:04 do key:K advise purpose=work
does "show" 0 show key:K
holds "show: the owner" stdout "owner    林涛"
does "todo" 0 todo key:K
holds "todo: the owner" stdout "owner: 林涛"
does "mine" 0 --as 林涛 list --mine
holds "mine" stdout "$case"
does "not mine" 0 --as 赵强 list --mine
lacks "not mine" stdout "$case"
does "assign" 0 --as 陈静 --at 2026-03-07T10:05 assign key:K 赵强
does "after that, another" 0 --as 林涛 --at 2026-03-07T10:06 do key:K advise purpose=work
does "assigned" 0 --as 赵强 list --mine
holds "assigned" stdout "$case"
does "a consultant opens" 0 --as 林涛 --at 2026-03-07T10:10 open visit --key L
does "her own" 0 list
holds "her own" stdout "林涛"
does "the same once more" 0 audit replay --all
holds "the same once more" stdout "2 identical"

# --- names of choices, Chinese punctuation
does "a name" 0 --json log key:K
holds "a name stands for its value" stdout '"purpose":"family"'
lacks "a name stands for its value" stdout '家用'
does "lists" 0 --as 赵强 --at 2026-03-07T10:12 do key:K advise purpose=work 'needs=露营，省油、七座,大' 'contacts=mobile：13800000001（valid），wechat:wl_camp01(invalid)'
does "lists" 0 --json log key:K
holds "commas of both kinds" stdout '"needs":["露营","省油","七座","大"]'
holds "colons and brackets of both kinds" stdout '{"kind":"mobile","valid":true,"value":"13800000001"},{"kind":"wechat","valid":false,"value":"wl_camp01"}'
does "choices in todo" 0 --lang zh todo key:K
does "the names are shown" 2 --lang zh --as 赵强 --at 2026-03-07T10:13 do key:K advise purpose=browse

# --- evidence
: >empty.pdf
does "an empty file" 2 --as 周敏 --at 2026-03-07T10:13 do key:K proof sheet=@empty.pdf
holds "an empty file" stderr "empty.pdf: the file is empty"
does "an empty file, in Chinese" 2 --lang zh --as 周敏 --at 2026-03-07T10:13 do key:K proof sheet=@empty.pdf
holds "an empty file, in Chinese" stderr "empty.pdf：文件是空的"

# --- errors in Chinese, with what was typed
for command in "todo key:王垒" "show key:王垒" "log key:王垒" "audit replay key:王垒" "--as 周敏 --at 2026-03-07T10:13 do key:王垒 greet"; do
    does "no such case: $command" 2 $command
    holds "no such case: $command" stderr "guan: key:王垒: there is no such case"
done
# WHAT IS SAID | WHAT IS TYPED after --lang zh --at …
while IFS='|' read -r said typed; do
    does "in Chinese: $typed" 2 --lang zh --at 2026-03-07T10:13 $typed </dev/null
    holds "in Chinese: $typed" stderr "$said"
    tests=$((tests + 1))
    grep -qE '[a-z]+ (will|is|was|has|there|nobody|needs) ' stderr && fail "in Chinese: $typed: English" "$(cat stderr)"
done <<'X'
key:王垒：没有这个档案|todo key:王垒
purpose：“browse”不符合要求|--as 林涛 do key:K advise purpose=browse
请选其一：family work|--as 林涛 do key:K advise purpose=browse
people：“many”不符合要求|--as 林涛 do key:K advise purpose=work people=many
people 人数甲：整数，如 12|--as 林涛 do key:K advise purpose=work people=many
没有字段 colour|--as 林涛 do key:K advise colour=red
advise 顾问甲 还缺：purpose 用途甲|--as 林涛 do key:K advise
purpose 填写了两次|--as 林涛 do key:K advise purpose=work purpose=work
这里没有人叫“林桃”|--as 林桃 do key:K advise purpose=work
greet 迎接甲 已于 2026-03-07 10:01 完成|--as 周敏 do key:K greet
没有步骤“gret”|--as 周敏 do key:K visit.gret
现在不需要“other.step”|--as 周敏 do key:K other.step
时间不能倒退|--at 2026-03-06T10:00 --as 周敏 do key:K greet
X
does "a limit, in Chinese" 1 --lang zh --as 林涛 --at 2026-03-07T10:13 do key:K advise purpose=work people=12
holds "a limit, in Chinese" stdout "people 人数甲：不得多于（高于）9"
does "the order, in Chinese" 1 --lang zh --as 赵强 --at 2026-03-07T10:13 do key:L sign

# --- what is for whom
does "todo of a consultant" 0 --as 林涛 todo key:L
holds "todo of a consultant" stdout "visit.advise"
lacks "todo of a consultant" stdout "可做1"
holds "todo of a consultant" stdout "more: guan todo"
tests=$((tests + 1))
grep -q '^next:' stdout && fail "todo of a consultant: not her step" "$(cat stdout)"
does "todo of nobody" 0 todo key:K
holds "todo of nobody: so many" stdout "可做9"
lacks "todo of nobody: no more" stdout "可做14"
does "todo of all" 0 --as 林涛 todo key:K --all
holds "todo of all" stdout "可做14"
lacks "todo of all" stdout "more: guan todo"
does "todo of a stranger" 2 --as 路人 todo key:K

# --- what is late: only what is still owed
does "later" 0 tick --until 2026-09-10T10:00
does "timers have run" 0 --as 陈静 --at 2026-09-10T10:01 do key:K sign
does "list" 0 --json list
tests=$((tests + 1))
grep "$case" stdout >row
grep -q '"due"' row && fail "a timer that has run is owed" "$(cat row)"
does "show" 0 show key:K
lacks "show" stdout "late"
does "the other is late" 0 list --due late
holds "the other is late" stdout "迎接甲"
lacks "nothing is owed" stdout "$case"
finish
