# The engine's answers as text, in English and in Chinese.
. "$(dirname "$0")/lib.sh"

cat >done <<'X'
0
{"ok":true,"case":"c-7f3a","n":12,"cause":"x","at":"2026-03-07T02:02:40.000Z","at_local":"2026-03-07T10:02:40.000+08:00","did":{"kind":"step","process":"reception","session":"reception#1","step":"greet","title":"迎接"},"where":[{"session":"journey#1","process":"journey","title":"客户旅程","states":[{"id":"pre","title":"售前"}]},{"session":"reception#1","process":"reception","title":"客户接待","states":[{"id":"present","title":"接待中"}]}],"findings":[{"fid":"F1","code":"STEP_LATE","severity":"minor","status":"remedied","clause":["CS-3.1.1"],"session":"reception#1","step":"greet","text":"x"}],"fired":[{"timer":"deadline:greet_in_time","session":"reception#1","due":"2026-03-07T02:02:30.000Z","due_local":"2026-03-07 10:02","code":"STEP_MISSING"}],"todo":[{"session":"reception#1","process":"reception","title":"客户接待","todo":[{"step":"register","title":"登记信息","clause":["CS-3.1.2"],"roles":["receptionist"],"required":true,"done":false,"fields":[]},{"step":"offer_rest","title":"提供休息","clause":["CS-3.1.4"],"required":true,"done":false,"due":"2026-03-07T02:12:00.000Z","due_local":"2026-03-07T10:12:00.000+08:00","left_ms":560000}]}]}
X
check "a step done" 0 --store done do c s <<'X'
✔ 迎接  reception.greet  2026-03-07 10:02:40
  客户旅程 › 售前  |  客户接待 › 接待中
  fell due: greet_in_time, 2026-03-07 10:02  step missing
  F1  minor  STEP_LATE done late  reception.greet  CS-3.1.1  made good
  open:  登记信息  reception.register
         提供休息  reception.offer_rest  9min left (10:12)
X
check "a step done, in Chinese" 0 --lang zh --store done do c s <<'X'
✔ 迎接  reception.greet  2026-03-07 10:02:40
  客户旅程 › 售前  |  客户接待 › 接待中
  到时：greet_in_time，2026-03-07 10:02  步骤缺失
  F1  一般  STEP_LATE 超时完成  reception.greet  CS-3.1.1  已补救
  待办：  登记信息  reception.register
          提供休息  reception.offer_rest  还剩9分钟（10:12）
X

cat >refused <<'X'
1
{"ok":false,"case":"c-7f3a","refused":{"code":"GUARD_BLOCKED","reason":"after","clause":["CS-4.3.2"],"text":"start needs licence_check first","hint":"","missing":[{"step":"licence_check","title":"驾驶证核验","clause":["LW-34","LW-43"],"session":"test-drive#1"},{"step":"agreement","title":"签署试驾协议","clause":["MP-16"],"session":"test-drive#1"}],"next":["guan do c-7f3a test-drive.licence_check driver=… class=… first_issue=…"]},"findings":[{"fid":"F3","code":"GUARD_BLOCKED","severity":"info","status":"noted","clause":["CS-4.3.2"],"process":"test-drive","step":"start"}]}
X
check "refused" 1 --store refused do c s <<'X'
refused: other steps come first  [GUARD_BLOCKED CS-4.3.2]
  missing:
    驾驶证核验    test-drive.licence_check  LW-34 LW-43
    签署试驾协议  test-drive.agreement      MP-16
  next:
    guan do c-7f3a test-drive.licence_check driver=… class=… first_issue=…
  on record as F3
X
check "refused, in Chinese" 1 --lang zh --store refused do c s <<'X'
已拒绝：前置步骤尚未完成  [GUARD_BLOCKED CS-4.3.2]
  缺少：
    驾驶证核验    test-drive.licence_check  LW-34 LW-43
    签署试驾协议  test-drive.agreement      MP-16
  接下来可输入：
    guan do c-7f3a test-drive.licence_check driver=… class=… first_issue=…
  已记录为 F3
X

cat >check <<'X'
1
{"ok":false,"case":"c","refused":{"code":"GUARD_BLOCKED","reason":"check","clause":["CS-4.2.1"],"step":"prepare_car","text":"fuel_pct 油量%: 9 is less than 25","missing":[{"field":"fuel_pct","title":"油量%","type":"integer"}],"next":[]},"findings":[{"fid":"F3","code":"GUARD_BLOCKED"}]}
X
check "a wrong value" 1 --store check do c s <<'X'
refused: a value does not pass  [GUARD_BLOCKED CS-4.2.1]
  fuel_pct 油量%: 9 is less than 25
  to be put right:
    油量%  fuel_pct=…  integer
  on record as F3
X

cat >usage <<'X'
2
! missing-field | fields are missing
{"ok":false,"case":"c-7f3a","refused":{"code":"USAGE","reason":"field","clause":[],"text":"fields are missing","missing":[{"field":"channel","title":"渠道","type":"choice","of":["showroom","exhibition"]},{"field":"odo","title":"里程","type":"integer"}],"next":["guan do c-7f3a reception.arrive channel=showroom"]},"findings":[]}
X
check "not understood" 2 --store usage do c s <<'X'
not done: fields are missing
  to be filled in:
    渠道  channel=showroom|exhibition
    里程  odo=…                        integer
  next:
    guan do c-7f3a reception.arrive channel=showroom
X

cat >todo <<'X'
0
{"case":"c-7f3a","key":"王磊","owner":"林涛","contacts":[{"type":"mobile","value":"13800000001"},{"type":"wechat","value":"wl_camp01"}],"findings":[{"fid":"F3","code":"STEP_MISSING","severity":"minor","status":"open","title":"预约确认","step":"confirm"},{"fid":"F4","code":"GUARD_BLOCKED","severity":"info","status":"noted","title":"开始试驾","step":"start","at_local":"2026-03-08 14:03"}],"parties":[{"id":"party:1","name":"王磊","role":"customer"}],"now":"2026-03-08T06:05:00.000Z","now_local":"2026-03-08T14:05:00.000+08:00","sessions":[{"session":"journey#1","process":"journey","title":"客户旅程","states":[{"id":"pre","title":"售前"}],"todo":[{"step":"message.service","title":"服务消息","clause":[],"roles":["sales_consultant"],"required":false,"done":false,"fields":[]},{"step":"contract.sign","title":"签订合同","event":true,"starts":true,"required":false,"done":false,"roles":[{"id":"customer","title":"客户"}],"fields":[]}],"deadlines":[{"id":"stale","title":"久未联系","due_local":"2026-04-01 00:00","left_ms":2023200000}]},{"session":"test-drive#1","process":"test-drive","title":"试驾","states":[{"id":"arranged","title":"已安排"},{"id":"checked_in","title":"到店核验"}],"todo":[{"step":"licence_check","title":"驾驶证核验","clause":["LW-34","LW-43"],"roles":["test_drive_specialist"],"required":true,"done":false,"fields":[{"name":"driver","title":"试驾人","type":"text","required":false},{"name":"class","title":"准驾车型","type":"choice","required":true,"of":["A1","A2","C1"]},{"name":"first_issue","title":"初次领证","type":"date","required":true},{"name":"carried","title":"随身携带","type":"yes","required":false}],"after":[]},{"step":"briefing","title":"试驾前讲解","clause":["CS-4.3.1"],"roles":["test_drive_specialist"],"required":true,"done":true},{"step":"start","title":"开始试驾","clause":["CS-4.3.2"],"roles":["customer","test_drive_specialist"],"required":true,"done":false,"fields":[{"name":"odo","title":"里程","type":"integer","required":false}],"after":["licence_check","agreement"],"due_local":"2026-03-08T14:15:00.000+08:00","left_ms":600000},{"step":"confirm","title":"预约确认","required":true,"missing":["by"],"done":false,"missed":true,"due_local":"2026-03-07T18:00:00+08:00","left_ms":-72300000,"clause":["CS-4.1.3"],"role":["sales_consultant"]},{"step":"ride_only","title":"改为试乘","event":true,"clause":["MP-19"],"roles":["test_drive_specialist"],"required":false,"done":false}]}]}
X
check "todo" 0 --store todo todo c <<'X'
王磊  1380000****  c-7f3a  as of 2026-03-08 14:05
客户旅程 › 售前  owner: 林涛
  ▶ 试驾 › 到店核验
required
  !  预约确认    test-drive.confirm        20h 4min late (03-07 18:00)
      sales_consultant · CS-4.1.3
      by
  □  开始试驾    test-drive.start          10min left (14:15)
      first 驾驶证核验, agreement · customer, test_drive_specialist · CS-4.3.2
      [里程 odo]
  □  驾驶证核验  test-drive.licence_check
      test_drive_specialist · LW-34 LW-43
      [试驾人 driver]  准驾车型 class=A1|A2|C1  初次领证 first_issue  [随身携带 carried=yes|no]
next:
  guan do c-7f3a test-drive.confirm
deadlines
  ·  久未联系  23d 10h left (04-01 00:00)
may be done
  客户旅程  服务消息 message.service · 签订合同 contract.sign
may happen
  试驾  改为试乘 test-drive.ride_only
✔ done: 试驾前讲解
open findings (1): F3 预约确认 step missing
refused (1), last: 开始试驾 2026-03-08 14:03
X
check "todo, in Chinese" 0 --lang zh --store todo todo c <<'X'
王磊  1380000****  c-7f3a  截至 2026-03-08 14:05
客户旅程 › 售前  负责人：林涛
  ▶ 试驾 › 到店核验
必做
  !  预约确认    test-drive.confirm        已超20小时4分钟（03-07 18:00）
      sales_consultant · CS-4.1.3
      by
  □  开始试驾    test-drive.start          还剩10分钟（14:15）
      先做：驾驶证核验、agreement · customer、test_drive_specialist · CS-4.3.2
      [里程 odo]
  □  驾驶证核验  test-drive.licence_check
      test_drive_specialist · LW-34 LW-43
      [试驾人 driver]  准驾车型 class=A1|A2|C1  初次领证 first_issue  [随身携带 carried=yes|no]
接下来可输入：
  guan do c-7f3a test-drive.confirm
时限
  ·  久未联系  还剩23天10小时（04-01 00:00）
可选
  客户旅程  服务消息 message.service · 签订合同 contract.sign
可能发生
  试驾  改为试乘 test-drive.ride_only
✔ 已完成：试驾前讲解
未消除的发现项1个：F3 预约确认 步骤缺失
被拒绝1次，最近：开始试驾 2026-03-08 14:03
X

cat >show <<'X'
0
{"case":"c-7f3a","key":"王磊","dealer":"base","process":"journey","title":"客户旅程","parties":[{"id":"party:1","name":"王磊","role":"customer"}],"sessions":[{"session":"journey#1","process":"journey","title":"客户旅程","ended":false,"states":[{"id":"pre","title":"售前"}]},{"session":"reception#1","process":"reception","title":"客户接待","ended":true,"states":[]}],"deadlines":[{"session":"test-drive#1","id":"confirm_day_before","title":"预约确认","step":"confirm","due":"2026-03-07T10:00:00.000Z","due_local":"2026-03-07T18:00:00.000+08:00","missed":true}],"findings":[{"fid":"F1","code":"STEP_LATE","severity":"minor","status":"remedied","clause":["CS-3.1.1"],"process":"reception","step":"greet","text":"x"}],"entries":12}
X
check "show" 0 --store show show c <<'X'
case     c-7f3a
key      王磊
process  客户旅程
dealer   base
persons  王磊  customer  party:1
entries  12
where it stands
  ▶  journey#1    客户旅程 › 售前
  ■  reception#1  客户接待  (ended)
deadlines
  2026-03-07 18:00, missed  预约确认  test-drive.confirm
findings
  F1  minor  STEP_LATE done late  reception.greet  CS-3.1.1  made good
X

cat >log <<'X'
0
{"v":1,"case":"c-7f3a","n":1,"kind":"open","at":"2026-03-07T02:00:00.000Z","local":"2026-03-07T10:00:00.000+08:00","actor":"staff:1","who":"周敏","title":"客户旅程"}
{"v":1,"case":"c-7f3a","n":2,"kind":"step","sess":"reception#1","step":"arrive","clause":["CS-2.1.2"],"form":{"channel":"showroom","party":2},"local":"2026-03-07T10:02:00.000+08:00","actor":"staff:1","who":"周敏","title":"到店"}
{"v":1,"case":"c-7f3a","n":3,"kind":"transition","sess":"reception#1","from":["opening"],"to":["present"],"local":"2026-03-07T10:02:00.000+08:00","actor":"staff:1","who":"周敏"}
{"v":1,"case":"c-7f3a","n":4,"kind":"finding","sess":"reception#1","step":"greet","title":"迎接","fid":"F1","code":"STEP_LATE","severity":"minor","status":"open","clause":["CS-3.1.1"],"local":"2026-03-07T10:02:00.000+08:00"}
{"v":1,"case":"c-7f3a","n":5,"kind":"refuse","tried":"step","sess":"test-drive#1","step":"start","title":"开始试驾","clause":["CS-4.3.2"],"local":"2026-03-07T10:02:00.000+08:00","who":"王磊"}
X
check "log" 0 --store log log c <<'X'
1  2026-03-07 10:00:00  opened   周敏  客户旅程
2  2026-03-07 10:02:00  step     周敏  到店  reception.arrive channel=showroom party=2  [CS-2.1.2]
3  2026-03-07 10:02:00  moved    周敏  reception#1  opening → present
4  2026-03-07 10:02:00  finding        F1 done late, minor, stands: 迎接  [STEP_LATE CS-3.1.1]
5  2026-03-07 10:02:00  refused  王磊  开始试驾  test-drive.start  [CS-4.3.2]
X
check "log, in Chinese" 0 --lang zh --store log log c <<'X'
1  2026-03-07 10:00:00  开案    周敏  客户旅程
2  2026-03-07 10:02:00  步骤    周敏  到店  reception.arrive channel=showroom party=2  [CS-2.1.2]
3  2026-03-07 10:02:00  转入    周敏  reception#1  opening → present
4  2026-03-07 10:02:00  发现项        F1 超时完成、一般、未消除：迎接  [STEP_LATE CS-3.1.1]
5  2026-03-07 10:02:00  拒绝    王磊  开始试驾  test-drive.start  [CS-4.3.2]
X

cat >findings <<'X'
1
{"fid":"F1","case":"c-7f3a","code":"STEP_LATE","severity":"minor","status":"remedied","clause":["CS-3.1.1"],"process":"test-drive","session":"test-drive#1","step":"confirm","due":"2026-03-07T10:00:00.000Z","due_local":"2026-03-07T18:00:00.000+08:00","at_local":"2026-03-07T18:25:00+08:00","late_ms":1500000,"actor":"staff:2","entries":[4]}
{"fid":"F2","case":"c-7f3a","code":"OVERRIDE_USED","severity":"minor","status":"waived","clause":["CS-4.4.3"],"process":"test-drive","step":"feedback","entries":[9]}
X
check "findings" 1 --store findings audit findings <<'X'
case    id  severity  code                  clause    step                 due               done, how late           by       status
c-7f3a  F1  minor     STEP_LATE done late   CS-3.1.1  test-drive.confirm   2026-03-07 18:00  2026-03-07 18:25 +25min  staff:2  made good
c-7f3a  F2  minor     OVERRIDE_USED waived  CS-4.4.3  test-drive.feedback                                                      by waiver
X

cat >list <<'X'
0
{"case":"c-7f3a","key":"王磊","process":"journey","dealer":"base","where":"售前 / 接待中","rec":"x","phase":"售前","customer":"王磊","owner":"林涛","ended":false,"due_local":"2026-03-07 18:00","left_ms":-72300000,"now_local":"2026-03-08 14:05","what":"预约确认","step":"test-drive.confirm"}
{"case":"c-9","key":"13800000001","process":"journey","phase":"交付","ended":true}
X
check "list" 0 --store list list <<'X'
case    customer     phase  owner  next due                     what
c-7f3a  王磊         售前   林涛   20h 4min late (03-07 18:00)  预约确认
c-9     1380000****  ended
X

cat >bad <<'X'
3
{"bad":{"index":7,"case":"c-7f3a","n":8,"text":"leaf 7 differs from the tree"}}
X
check "a record that was changed" 3 --store bad audit verify <<'X'
the record does not verify: entry 8 of case c-7f3a: leaf 7 differs from the tree
X
printf '3\n{"bad":{"text":"the store'"'"'s flags were changed"}}\n' >flags
check "a store that was changed" 3 --store flags audit verify <<'X'
the record does not verify: the store's flags were changed
X
cat >half-read <<'X'
3
! ledger | entry 6 of the case was changed
{"fid":"F1","case":"c-1","code":"STEP_MISSING","severity":"major","status":"open","clause":["C-1"]}
X
"$guan" --store half-read audit findings >stdout 2>stderr
holds "rows do not hide that the next entry was changed" stderr "entry 6 of the case was changed"
cat >restored <<'X'
1
{"entries":15,"cases":2,"root":"YWJj","root_hex":"616263","size":15,"sealed":15,"restored":{"index":14,"size":17},"against":{"kind":"checkpoint","size":17,"signed":[{"name":"a"}],"unchecked":["w.example"],"lost":true}}
X
check "a restored record" 1 --store restored audit verify --against cp <<'X'
restored from a backup: leaves 14 to 16, which were sealed, are lost; the rest verifies: 15 entries, 2 cases, tree of 15
root YWJj (in hex 616263)
What was seen outside is among the entries that were lost; there is nothing left to compare it with.
X
cat >cosigned <<'X'
0
{"entries":15,"cases":2,"root":"YWJj","size":15,"sealed":15,"against":{"kind":"checkpoint","size":15,"signed":[{"name":"a"}],"unchecked":["w.example"]}}
X
check "a signature that is not checked" 0 --store cosigned audit verify --against cp <<'X'
the record verifies: 15 entries, 2 cases, tree of 15
root YWJj
it goes on from what was seen outside: a checkpoint of 15 entries
  signed by a
  also signed by w.example, not checked (give --key)
Whoever changed the record before entry 15 would have been found; later entries rest on the file alone.
X

cat >good <<'X'
0
{"entries":57,"cases":1,"root":"YWJj","size":57,"sealed":0}
X
check "a clean record" 0 --store good audit verify <<'X'
the record verifies: 57 entries, 1 case, tree of 57
root YWJj
Nothing outside to compare with: an owner of the file can have cut it off or written it anew as a whole; use --against with a checkpoint or a receipt kept elsewhere.
X

cat >diagnostics <<'X'
1
! invalid | 1 errors
{"file":"a.scxml","line":12,"col":5,"severity":"error","rule":"unknown-target","text":"there is no state \"x\"","hint":"did you mean \"y\"?"}
{"file":"b.xml","line":0,"col":0,"severity":"warning","rule":"unused","text":"nothing cites this"}
X
check "diagnostics" 1 check diagnostics <<'X'
a.scxml:12:5: error: there is no state "x" [unknown-target]
    did you mean "y"?
b.xml: warning: nothing cites this [unused]
X
printf '0\n{"def":"0123456789abcdef","processes":["journey","reception"],"houses":["base","strict"]}\n' >published
holds "diagnostics are counted" stderr "1 errors, 1 warnings"
check "published" 0 --store published deploy . <<'Y'
published 0123456789ab: journey reception; base strict
Y

cat >run <<'X'
0
{"microstep":{"event":"go","exit":["a"],"entry":["b","c"],"session":"l#1"}}
{"microstep":{"exit":[],"entry":[],"session":"l#1"}}
{"log":"x","value":{"n":1}}
{"log":"","value":"only a value"}
{"stable":["b","c"]}
X
check "run" 0 run run --event a --event b --trace <<'X'
trace a
trace b
  go  exit a  enter b c
  -
x: {"n":1}
only a value
stable: b c
X

printf '0\n' >none
check "no cases" 0 --store none list <<'Y'
no cases
Y
check "no findings" 0 --store none audit findings <<'Y'
no findings
Y
printf '0\n{"ok":true,"case":"c-1","did":{"kind":"open"},"where":[],"findings":[],"fired":[]}\n' >opened
check "a new case's id, alone" 0 --store opened open journey <<'Y'
c-1
Y
printf '0\n{"ok":true,"fired":[],"findings":[]}\n' >quiet
check "nothing due" 0 --store quiet tick <<'Y'
nothing is due
Y
printf '0\n{"ok":true,"name":"state in_sale","line":9}\n{"story":"王磊","passed":1,"failed":0}\n' >a.story
printf '2\n! syntax | line 3: no such word\n' >b.story
check "stories" 2 story a.story b.story <<'Y'
TAP version 14
# a.story
ok 1 - state in_sale
# 王磊: 1 passed, 0 failed
# b.story
not ok 2 - b.story
#   line 3: no such word
1..2
Y

cat >replay <<'X'
3
{"case":"c-1","status":"different","entries":9,"difference":{"where":"timer","row":"reception#1 deadline:greet","n":9,"key":"due","recorded":"\"2026-03-07T02:03:01.000Z\"","performed":"\"2026-03-07T02:03:00.000Z\""}}
{"case":"c-2","status":"different","entries":4,"difference":{"where":"entry","n":3,"key":"clause","recorded":"[\"C-1\"]"}}
{"case":"c-3","status":"different","entries":4,"difference":{"where":"definition","row":"scripts/dealers/base/hooks.lua","n":2,"text":"a file in the store was changed"}}
{"case":"c-4","status":"not_comparable","entries":7,"sem":1}
{"case":"c-5","status":"identical","entries":7}
{"cases":5,"entries":31,"given":2,"identical":1,"not_comparable":1,"different":3,"sem":2}
X
check "re-performance" 3 --store replay audit replay c-1 c-2 c-3 c-4 c-5 <<'X'
case c-1 is different: timer reception#1 deadline:greet, due
  recorded      "2026-03-07T02:03:01.000Z"
  re-performed  "2026-03-07T02:03:00.000Z"
case c-2 is different: entry 3, clause
  recorded      ["C-1"]
  re-performed  nothing
case c-3 is different: entry 2, file scripts/dealers/base/hooks.lua
  a file in the store was changed
case c-4 is not comparable: it was recorded by other rules of the engine (1)
case c-5 is identical: 7 entries
5 cases re-performed, 31 entries: 1 identical, 1 not comparable, 3 different
2 entries were taken as they stand: what was tried there is erased, or they are not performed by the engine
X
check "re-performance, in Chinese" 3 --lang zh --store replay audit replay <<'X'
档案 c-1 不一致：定时 reception#1 deadline:greet, due
  原记录  "2026-03-07T02:03:01.000Z"
  重演    "2026-03-07T02:03:00.000Z"
档案 c-2 不一致：第 3 条, clause
  原记录  ["C-1"]
  重演    无
档案 c-3 不一致：第 2 条，文件 scripts/dealers/base/hooks.lua
  a file in the store was changed
档案 c-4 不可比：记录时的引擎规则不同（1）
档案 c-5 一致：7 条记录
已重演 5 份档案，31 条记录：1 份一致，1 份不可比，3 份不一致
2 条记录按原样采用：当时尝试的内容已删除，或不由引擎执行
X
check "cases and --all" 2 --store replay audit replay c-1 --all </dev/null
cat >rules <<'X'
1
{"rule":"greeted","case":"c1","verdict":"violated","count":1,"due":"2026-03-07T02:03:00.000Z","due_local":"2026-03-07 10:03:00","entries":[3],"events":[{"is":"event","activity":"reception.arrive","entry":3,"at":"2026-03-07T02:02:00.000Z","at_local":"2026-03-07 10:02:00","actor":"周敏"},{"is":"other","activity":"reception.greet","entry":4,"at":"2026-03-07T02:04:00.000Z","at_local":"2026-03-07 10:04:00"}]}
{"rule":"greeted","case":"c2","verdict":"pending","count":1,"entries":[],"events":[]}
{"rule":"greeted","title":"迎接","kind":"responds","severity":"major","clause":["CS-3.1.1"],"line":2,"activations":2,"cases":{"satisfied":0,"pending":1,"due":0,"violated":1},"vacuous":false}
{"rule":"four_eyes","kind":"separate","severity":"minor","clause":[],"line":3,"activations":0,"cases":{"satisfied":0,"pending":0,"due":0,"violated":0},"vacuous":true}
{"log":"journal","cases":2,"events":3,"rules":2,"violated":1,"vacuous":1}
X
check "rules over the past" 1 audit check rules.xml --log rules <<'X'
             rule       kind      severity  asked  cases broken  cases open  clause    title
violated     greeted    responds  major     2      1             +1          CS-3.1.1  迎接
never asked  four_eyes  separate  minor

greeted  c1  violated  due 2026-03-07 10:03:00  3 reception.arrive 2026-03-07 10:02:00 周敏 ↔ 4 reception.greet 2026-03-07 10:04:00
greeted  c2  owed

2 rules over 2 cases, 3 events: 1 violated, 1 never asked
X
cat >conform <<'X'
1
{"case":"c1","variant":1,"cost":2,"fitness":0.5,"exact":true}
{"variant":1,"cases":1,"case":"c1","length":2,"cost":2,"fitness":0.5,"exact":true,"moves":[{"move":"both","activity":"arrive","title":"到店"},{"move":"log","activity":"dance","unknown":true},{"move":"flow","activity":"greet","title":"迎接"}]}
{"deviation":"log","activity":"dance","unknown":true,"count":1}
{"flow":"visit","log":"x.csv","cases":1,"events":2,"traces":1,"aligned_events":2,"variants":1,"fitness":0.5,"fitting":0,"inexact":0,"states":3,"shortest":2,"endless":false}
X
check "a log against a flow" 1 audit check visit.scxml --log conform <<'X'
visit: fitness 50.00%; 0 of 1 runs fit, 1 variant, 2 events

variant 1: 1 run, c1; fitness 50.00%, cost 2
  =  arrive  到店
  +  dance         not in the flow at all
  -  greet   迎接  missing in the log

most frequent deviations
  1  +  dance  not in the flow at all
X
finish
