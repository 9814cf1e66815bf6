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
         提供休息  reception.offer_rest  2026-03-07 10:12, 9min left
X
check "a step done, in Chinese" 0 --lang zh --store done do c s <<'X'
✔ 迎接  reception.greet  2026-03-07 10:02:40
  客户旅程 › 售前  |  客户接待 › 接待中
  到时：greet_in_time，2026-03-07 10:02  步骤缺失
  F1  一般  STEP_LATE 超时完成  reception.greet  CS-3.1.1  已补救
  待办：  登记信息  reception.register
          提供休息  reception.offer_rest  2026-03-07 10:12，还剩9分钟
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
{"case":"c-7f3a","key":"王磊","parties":[{"id":"party:1","name":"王磊","role":"customer"}],"now":"2026-03-08T06:05:00.000Z","now_local":"2026-03-08T14:05:00.000+08:00","sessions":[{"session":"journey#1","process":"journey","title":"客户旅程","states":[{"id":"pre","title":"售前"}],"todo":[{"step":"message.service","title":"服务消息","clause":[],"roles":["sales_consultant"],"required":false,"done":false,"fields":[]}]},{"session":"test-drive#1","process":"test-drive","title":"试驾","states":[{"id":"arranged","title":"已安排"},{"id":"checked_in","title":"到店核验"}],"todo":[{"step":"licence_check","title":"驾驶证核验","clause":["LW-34","LW-43"],"roles":["test_drive_specialist"],"required":true,"done":false,"fields":[{"name":"driver","title":"试驾人","type":"text","required":false},{"name":"class","title":"准驾车型","type":"choice","required":true,"of":["A1","A2","C1"]},{"name":"first_issue","title":"初次领证","type":"date","required":true},{"name":"carried","title":"随身携带","type":"yes","required":false}],"after":[]},{"step":"briefing","title":"试驾前讲解","clause":["CS-4.3.1"],"roles":["test_drive_specialist"],"required":true,"done":true},{"step":"start","title":"开始试驾","clause":["CS-4.3.2"],"roles":["customer","test_drive_specialist"],"required":true,"done":false,"fields":[{"name":"odo","title":"里程","type":"integer","required":false}],"after":["licence_check","agreement"],"due_local":"2026-03-08T14:15:00.000+08:00","left_ms":600000},{"step":"confirm","title":"预约确认","required":true,"missing":["by"],"done":false,"missed":true,"due_local":"2026-03-07T18:00:00+08:00","left_ms":-72300000,"clause":["CS-4.1.3"],"role":["sales_consultant"]},{"step":"ride_only","title":"改为试乘","event":true,"clause":["MP-19"],"roles":["test_drive_specialist"],"required":false,"done":false}]}]}
X
check "todo" 0 --store todo todo c <<'X'
王磊  c-7f3a  as of 2026-03-08 14:05
客户旅程 › 售前
  may be done
  ○  服务消息    message.service                                                         sales_consultant
试驾 › 到店核验
  required
  □  驾驶证核验  test-drive.licence_check                                   LW-34 LW-43  test_drive_specialist           [driver=‹试驾人›] class=A1|A2|C1 first_issue=‹初次领证› [carried=yes|no]
  ✔  试驾前讲解  test-drive.briefing                                        CS-4.3.1     test_drive_specialist
  □  开始试驾    test-drive.start          2026-03-08 14:15, 10min left     CS-4.3.2     customer test_drive_specialist  first 驾驶证核验, agreement [odo=‹里程›]
  □  预约确认    test-drive.confirm        2026-03-07 18:00, 20h 4min late  CS-4.1.3     sales_consultant                by=…
  may happen
  →  改为试乘    test-drive.ride_only                                       MP-19        test_drive_specialist
X
check "todo, in Chinese" 0 --lang zh --store todo todo c <<'X'
王磊  c-7f3a  截至 2026-03-08 14:05
客户旅程 › 售前
  可选
  ○  服务消息    message.service                                                           sales_consultant
试驾 › 到店核验
  必做
  □  驾驶证核验  test-drive.licence_check                                     LW-34 LW-43  test_drive_specialist           [driver=‹试驾人›] class=A1|A2|C1 first_issue=‹初次领证› [carried=yes|no]
  ✔  试驾前讲解  test-drive.briefing                                          CS-4.3.1     test_drive_specialist
  □  开始试驾    test-drive.start          2026-03-08 14:15，还剩10分钟       CS-4.3.2     customer test_drive_specialist  先做：驾驶证核验、agreement [odo=‹里程›]
  □  预约确认    test-drive.confirm        2026-03-07 18:00，已超20小时4分钟  CS-4.1.3     sales_consultant                by=…
  可能发生
  →  改为试乘    test-drive.ride_only                                         MP-19        test_drive_specialist
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
{"case":"c-7f3a","key":"王磊","process":"journey","dealer":"base","where":"售前 / 接待中","rec":"x","ended":false,"next_due":"2026-03-07T10:00:00.000Z"}
X
check "list" 0 --store list list <<'X'
case    key   process  next due           where
c-7f3a  王磊  journey  2026-03-07 10:00Z  售前 / 接待中
X

cat >bad <<'X'
3
{"bad":{"index":7,"case":"c-7f3a","n":8,"text":"the leaf differs from the tree"}}
X
check "a record that was changed" 3 --store bad audit verify <<'X'
the record does not verify: entry 8 of case c-7f3a (index 7): the leaf differs from the tree
X

cat >good <<'X'
0
{"entries":57,"cases":1,"root":"YWJj","size":57,"sealed":0}
X
check "a clean record" 0 --store good audit verify <<'X'
the record verifies: 57 entries, 1 cases, tree of 57
root YWJj
Without a checkpoint kept elsewhere, a record that was cut off or written anew as a whole looks the same.
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
finish
