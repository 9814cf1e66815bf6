# A person at a terminal is asked for what a step takes; what is given up leaves nothing. The real engine, a flow of its own.
. "$(dirname "$0")/lib.sh"
talk=$3
export GUAN_STORE="$folder/guan.db" GUAN_ACTOR=周敏 TERM=dumb
"$talk" /bin/true </dev/null
[ $? -eq 77 ] && {
    echo "skipped: there is no pseudo-terminal here"
    exit 77
}

mkdir -p bundle/processes/standards bundle/scripts/dealers/base
cat >bundle/processes/visit.scxml <<'X'
<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:g="urn:guan:1" version="1.0" datamodel="lua" name="visit" initial="here"
       g:title="接待" g:role="clerk">
  <state id="here" g:title="接待中">
    <g:step id="greet" title="迎接甲" clause="C-1"><g:deadline within="PT10M" clause="C-1"/></g:step>
    <g:step id="card" title="信息卡甲" clause="C-1" repeat="yes">
      <g:field name="channel" title="渠道甲" type="choice" of="showroom phone exhibition"/>
      <g:field name="mobile" title="手机甲" type="mobile" when="form.card.channel == 'phone'"/>
      <g:field name="count" title="人数甲" type="integer" min="1" max="9" default="2"/>
      <g:field name="name" title="姓名甲" type="text" required="no"/>
      <g:field name="sheet" title="单据甲" type="evidence" required="no"/>
    </g:step>
    <g:step id="note" title="登记甲" clause="C-1" repeat="yes" mode="warn">
      <g:field name="level" title="意向甲" type="choice" of="high mid low" names="高 中 低"/>
      <g:field name="contacts" title="联系甲" type="contacts" min="2"/>
      <g:field name="purpose" title="用途甲" type="text"/>
    </g:step>
    <g:step id="sign" title="签字甲" clause="C-1" role="boss" after="greet"><g:field name="place" title="地点甲" type="text"/></g:step>
    <transition event="complete.here" target="over"/>
  </state>
  <final id="over"/>
</scxml>
X
cat >bundle/processes/standards/c.xml <<'X'
<standard xmlns="urn:guan:1" id="C" title="标准" class="standard"><clause id="C-1" title="接待"/></standard>
X
cat >bundle/processes/parameters.xml <<'X'
<parameters xmlns="urn:guan:1"><parameter id="T-LAG" type="duration" value="PT2H" basis="proposal" title="补录"/></parameters>
X
cat >bundle/processes/roles.xml <<'X'
<roles xmlns="urn:guan:1"><role id="clerk" title="店员"/><role id="boss" title="店长"/><role id="customer" title="客户"/></roles>
X
cat >bundle/scripts/dealers/base/dealer.xml <<'X'
<dealer xmlns="urn:guan:1" id="base" title="店" zone="Asia/Shanghai"><person id="staff:1" name="周敏" login="zhoumin" roles="clerk"/>
<person id="staff:2" name="陈静" login="chenjing" roles="boss"/></dealer>
X
"$guan" init --virtual >/dev/null && "$guan" deploy bundle >deployed 2>&1 || fail "deploy" "$(cat deployed)"
"$guan" --at 2026-03-07T10:00 open visit --key K --party 王磊=customer >/dev/null || fail "open"

# NAME CODE ARGUMENTS…: the conversation comes on stdin; what was on the terminal lands in ./seen.
talks() {
    name=$1 code=$2
    shift 2
    tests=$((tests + 1))
    "$talk" "$guan" --at 2026-03-07T10:01 "$@" >seen 2>why
    got=$?
    [ $got -eq "$code" ] || fail "$name: exit $got, not $code" "$(cat why)" "$(cat seen)"
}
entries() { "$guan" --json log key:K | grep -c '"kind":"step"'; }
# NAME COUNT: so many steps are on record.
recorded() {
    tests=$((tests + 1))
    [ "$(entries)" -eq "$2" ] || fail "$1: $(entries) steps on record, not $2"
}

talks "Ctrl-C" 2 do key:K card <<'X'
? showroom
? > 
! sho\3
? given up: nothing was recorded
X
talks "Ctrl-D" 2 do key:K card <<'X'
? > 
! 1\r
? > 
! \4
? nothing was recorded
X
talks "no at the end" 2 do key:K card <<'X'
? > 
! 1\r
? > 
! \r
? > 
! \r
? > 
! \r
? record this?
! no\r
? nothing was recorded
X
talks "the open steps by number" 2 do key:K <<'X'
? 1
? which step? (number)
! 9\r
? which step?
! visit.c\t\r
? 渠道甲
? > 
! \3
X
recorded "what is given up leaves nothing" 0

echo "a page" >page.txt
ln -s page.txt link.txt
talks "field by field" 0 do key:K card <<'X'
? 渠道甲
? needed
? 1 showroom   2 phone   3 exhibition
? > 
! \r
? this one is needed
? > 
! tram\r
? that is none of the choices
? > 
! ph\t\r
? 手机甲
? > 
! 12345\r
? it should be a mobile number
? > 
! 13800000001\r
? 人数甲
? 1 to 9
? empty means 2
? > 
! 12\r
? that will not do: 1 to 9
? > 
! two\r
? it should be a whole number
? > 
! \r
? 姓名甲
? may be left empty
? > 
! 李娜\r
? 单据甲
? > 
! nowhere.txt\r
? no such file
? > 
! link.txt\r
? symbolic link
? > 
! page.txt\r
? 信息卡甲
? phone
? 李娜
? record this?
! perhaps\r
? record this?
! yes\r
? ✔ 信息卡甲
X
recorded "a yes records" 1
"$guan" --json log key:K >log
holds "the choice by Tab" log '"channel":"phone"'
holds "an empty field has its default" log '"count":2'
lacks "a personal value is not in the log" log 李娜
holds "the file" log '"kind":"sheet"'
find "$folder" -name '.*history*' -o -name '*history*' >histories
tests=$((tests + 1))
[ -s histories ] && fail "a history was kept" "$(cat histories)"

talks "a field that is not asked for is passed over" 0 do key:K card <<'X'
? > 
! 1\r
? 人数甲
? > 
! 3\r
? > 
! \r
? > 
! \r
? record this?
! y\r
? ✔
X
lacks "not asked for" seen 手机甲
recorded "twice" 2

talks "not this one's turn" 1 --as 陈静 do key:K sign <<'X'
? refused: other steps come first
? nothing was recorded
X
talks "not this one's role" 1 do key:K sign <<'X'
? this is for another role
? nothing was recorded
X
talks "a typo" 2 do key:K crad <<'X'
? crad
X
tests=$((tests + 1))
[ "$("$guan" --json log key:K | grep -c '"kind":"refuse"')" -eq 0 ] || fail "asking was recorded as refused"

talks "a step without fields is done at once" 0 do key:K greet <<'X'
? ✔ 迎接甲
X
talks "in Chinese" 2 --lang zh do key:K card <<'X'
? 选一项，填词或序号；必填
? > 
! tram\r
? 不在可选项之内
? > 
! \3
? 已放弃，什么也没有记录
X

# A step that only warns takes what a person says yes to, and tells what it will leave.
talks "mode warn: beyond a limit, empty, a choice by its beginning" 0 do key:K note <<'X'
? 1 high   2 mid   3 low
? > 
! HI\r
? at least 2
? > 
! mobile：13800000001（valid）\r
? that will not do: at least 2
? leaves a finding: field missing or wrong, minor
? take it all the same? [y/N]
! \r
? > 
! mobile：13800000001（valid）\r
? take it all the same? [y/N]
! y\r
? 用途甲
? > 
! \r
? this one is needed
? take it all the same? [y/N]
! n\r
? > 
! \r
? take it all the same? [y/N]
! y\r
? record this?
! yes\r
? ✔ 登记甲
X
"$guan" --json log key:K >log
holds "mode warn: the choice" log '"level":"high"'
tests=$((tests + 1))
[ "$(grep -c '"code":"FIELD_INVALID"' log)" -eq 2 ] || fail "mode warn: the findings" "$(cat log)"
talks "mode warn: what is not understood is not taken" 2 do key:K note <<'X'
? > 
! x\r
? that is none of the choices
? > 
! 1\r
? > 
! fax\r
? it should be contacts
? > 
! mobile:13800000001\r
? take it all the same? [y/N]
! \3
? nothing was recorded
X
talks "names of choices" 0 --lang zh do key:K note <<'X'
? 1 高 high   2 中 mid   3 低 low
? > 
! 中\r
? > 
! none\r
? 但会留下发现项：字段缺失或有误，一般
? 仍然这样记录吗？[y/N]
! 是\r
? > 
! 自用\r
? mid
? 记录吗
! 是\r
? ✔ 登记甲
X
"$guan" --json log key:K >log
holds "names of choices" log '"level":"mid"'
# What is given up above left nothing.
recorded "mode warn" 5

# Nobody is asked where nobody sits.
check "not a terminal: the fields are missed" 2 --at 2026-03-07T10:01 do key:K card </dev/null
holds "not a terminal" stderr "channel"
check "not a terminal: no step" 2 --at 2026-03-07T10:01 do key:K </dev/null
holds "no step" stderr "something is missing: guan do"
talks "--json asks nothing" 2 --json do key:K card <<'X'
? "ok":false
X
finish
