# audit coverage and story --coverage: text in both languages, the page, codes.
. "$(dirname "$0")/lib.sh"

cat >c.story <<'X'
1
{"clause":"CS-3","title":"售前","standard":"CS","kind":"heading","basis":"seed","testable":false,"status":"heading","encoded":[{"process":"reception","kind":"process","state":"#0","id":"reception","title":"客户接待"}],"stories":["a"]}
{"clause":"CS-3.1.1","title":"客户到达","standard":"CS","parent":"CS-3","kind":"time","basis":"proposal","testable":true,"status":"exercised","encoded":[{"process":"reception","kind":"step","state":"present","id":"greet","title":"迎接"},{"process":"reception","kind":"deadline","state":"present","id":"greet_in_time"},{"process":"reception","kind":"state","state":"present","id":"present"}],"stories":["a","b","c"]}
{"clause":"CS-3.1.2","title":"登记<b>&\"信息\"","standard":"CS","parent":"CS-3","kind":"step","basis":"proposal","testable":true,"status":"encoded","encoded":[{"process":"reception","kind":"field","state":"present","id":"register.name"}],"stories":[]}
{"clause":"CS-3.1.3","title":"倾听","standard":"CS","parent":"CS-3","kind":"order","basis":"proposal","testable":true,"status":"missing","encoded":[],"stories":[]}
{"clause":"MP-40","title":"满意度","standard":"MP","kind":"aim","basis":"practice","testable":false,"why":"背景","status":"untestable","encoded":[],"stories":[]}
{"summary":{"standards":[{"id":"CS","title":"服务标准","binding":true,"clauses":4,"testable":3,"encoded":2,"exercised":1},{"id":"MP","title":"惯例","binding":false,"clauses":1,"testable":0,"encoded":0,"exercised":0}],"clauses":5,"testable":3,"encoded":2,"exercised":1,"gaps":["CS-3.1.2","CS-3.1.3"],"stories":[{"name":"a","title":"到店<i>","ok":true},{"name":"x","ok":false,"text":"line 3"}],"store":false}}
X
check "as text" 1 audit coverage --stories c.story <<'X'
clause                   where                                       stories  title
CS-3                     reception                                   a        售前
CS-3.1.1  exercised      reception.greet reception:greet_in_time +1  a b +1   客户到达
CS-3.1.2  not exercised  reception.register.name                              登记<b>&"信息"
CS-3.1.3  not encoded                                                         倾听
MP-40     not testable                                                        满意度: 背景

standard  testable  encoded  exercised  percent  title
CS        3         2        1          33 %     服务标准
MP        0         0        0                   惯例
all       3         2        1          33 %
this story fails and does not count: x: line 3
2 not encoded or not exercised: CS-3.1.2 CS-3.1.3
X
check "in Chinese" 1 --lang zh audit coverage --stories c.story <<'X'
条款                所处环节                                    故事    名称
CS-3                reception                                   a       售前
CS-3.1.1  已演练    reception.greet reception:greet_in_time +1  a b +1  客户到达
CS-3.1.2  未演练    reception.register.name                             登记<b>&"信息"
CS-3.1.3  未编入                                                        倾听
MP-40     不可检验                                                      满意度：背景

标准  可检验  已编入  已演练  比例  名称
CS    3       2       1       33 %  服务标准
MP    0       0       0             惯例
合计  3       2       1       33 %
这个故事没有通过，不计入：x: line 3
2 条未编入或未演练：CS-3.1.2 CS-3.1.3
X

for language in en zh; do
    "$guan" --lang $language audit coverage --stories c.story -o $language.html >stdout 2>stderr
    got=$?
    tests=$((tests + 1))
    [ $got -eq 1 ] || fail "the page: exit $got"
    lacks "the page takes the place of the table" stdout "CS-3.1.1"
    holds "the page: it is escaped" $language.html "登记&lt;b&gt;&amp;&quot;信息&quot;"
    holds "the page: also a story's title" $language.html "到店&lt;i&gt;"
    lacks "the page: no scripts" $language.html "<script"
    lacks "the page: nothing from elsewhere" $language.html "http"
    holds "the page: why not" $language.html "背景"
    holds "the page: bars" $language.html "<svg"
done
holds "the page in English" en.html "Coverage of the service standard"
holds "the page in Chinese" zh.html '<html lang="zh-CN">'
holds "the page in Chinese" zh.html "服务标准覆盖情况"
if command -v xmllint >/dev/null; then
    tests=$((tests + 1))
    xmllint --html --noout zh.html 2>&1 | grep -v "Tag svg\|Tag rect\|Tag details\|Tag summary\|^<\|^ *^" | grep -i "error" >errors && fail "the page is not HTML" "$(head -n 3 errors)"
fi
"$guan" audit coverage --stories c.story -o no/where.html >stdout 2>stderr
got=$?
tests=$((tests + 1))
[ $got -eq 4 ] || fail "a page that cannot be written: exit $got"
holds "a page that cannot be written" stderr "no/where.html cannot be written"
"$guan" --json audit coverage --stories c.story -o x.html >stdout 2>stderr
got=$?
tests=$((tests + 1))
[ $got -eq 2 ] || fail "--json and a page: exit $got"

sed 's/"stories":\["a","b","c"\]/&,"stands":{"done":12,"late":3,"missed":2,"waived":1,"other":0}/; s/"store":false/"store":true/' c.story >s.story
"$guan" audit coverage --stories s.story >stdout
holds "with a store" stdout "done  late  missed  waived  other  title"
holds "with a store" stdout "12    3     2       1              客户到达"
"$guan" audit coverage --stories s.story -o s.html >/dev/null
holds "with a store: the page" s.html '<td class="n">12</td><td class="n">3</td>'

mkdir folder
printf '0\n{"summary":{"standards":[],"gaps":[],"stories":[]}}\n' >folder/1.story
printf '4\n' >folder/2.story
check "a folder of stories, by name" 0 audit coverage --stories folder <<'X'
clause  where  title

standard  testable  encoded  percent  title
no stories found: give --stories DIR
no gaps in the standards and in law
X
printf '2\n! unknown-clause | no clause is called "Q", or begins so | did you mean "CS-3"?\n' >q.story
check "no such clause" 2 audit coverage Q --stories q.story </dev/null
holds "no such clause" stderr 'did you mean "CS-3"?'

cat >a.story <<'X'
0
{"file":"a.story"}
{"ok":true,"name":"no findings","line":9}
{"story":"王磊","passed":1,"failed":0}
{"uncovered":{"process":"reception","kind":"transition","id":"present/leave/over","title":"离店"}}
{"uncovered":{"process":"reception","kind":"role","id":"boss"}}
{"coverage":{"exercised":40,"of":42}}
X
check "what no story exercised" 0 story --coverage a.story <<'X'
TAP version 14
# a.story
ok 1 - no findings
# 王磊: 1 passed, 0 failed
# reception	transition	present/leave/over	离店
# reception	role	boss	
# exercised 40 of 42; the lines above name what no story exercised
1..1
X
check "as JSON" 0 --json story --coverage a.story <<'X'
[
{"file":"a.story"},
{"ok":true,"name":"no findings","line":9},
{"story":"王磊","passed":1,"failed":0},
{"uncovered":{"process":"reception","kind":"transition","id":"present/leave/over","title":"离店"}},
{"uncovered":{"process":"reception","kind":"role","id":"boss"}},
{"coverage":{"exercised":40,"of":42}}
]
X
finish
