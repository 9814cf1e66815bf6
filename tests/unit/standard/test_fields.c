/* Fields of a record: what is missing or wrong, in both modes; defaults; personal values; records; evidence; the dealer's
 * validate. */
#include "kit.h"

#define T "2026-03-07T"

static void test_usage(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='s' title='登' clause='CS-1'><g:field name='channel' title='渠道' type='choice' "
                   "of='phone shop'/>"
                   "<g:field name='n' type='integer'/><g:field name='note' required='no'/></g:step><g:step id='bare'/></state>");
    REFUSED("usage: unknown-field", kit_do(&kit, T "10:01", "周敏", "s", "chanel=phone"));
    assert_string_equal("did you mean channel?", kit.refusal.hint);
    REFUSED("usage: unknown-field", kit_do(&kit, T "10:01", "周敏", "s", "zzzzzzz=phone"));
    assert_string_equal("its fields: channel, n, note", kit.refusal.hint);
    REFUSED("usage: unknown-field", kit_do(&kit, T "10:01", "周敏", "bare", "x=1"));
    REFUSED("usage: field-format", kit_do(&kit, T "10:01", "周敏", "s", "channel=fax n=1"));
    assert_string_equal("channel: \"fax\" will not do", kit.refusal.text);
    assert_string_equal("channel 渠道: one of phone shop", kit.refusal.hint);
    REFUSED("usage: field-twice", kit_do(&kit, T "10:01", "周敏", "s", "n=1 n=2"));
    REFUSED("usage: field-missing", kit_do(&kit, T "10:01", "周敏", "s", "note=x"));
    assert_string_equal("s 登 needs channel 渠道, n", kit.refusal.text);
    assert_string_equal("[{\"field\":\"channel\",\"of\":[\"phone\",\"shop\"],\"title\":\"渠道\",\"type\":\"choice\"},"
                        "{\"field\":\"n\",\"type\":\"integer\"}]",
                        kit_text(&kit, kit.refusal.missing));
    OK(kit_do(&kit, T "10:01", "周敏", "s", "channel=phone n=2"));
    assert_string_equal("{\"channel\":\"phone\",\"n\":2}", kit_text(&kit, kit.record.plain));
    kit_close(&kit);
}

#define LIMITED                                                                                                                  \
    "<g:step id='s' clause='CS-1' repeat='yes'><g:field name='n' type='integer' min='2' max='5' clause='CS-2' required='no'/>"   \
    "<g:field name='sure' type='yes' required='no'/><g:field name='code' pattern='[A-Z]+' personal='no' required='no'/>"         \
    "<g:field name='slot' type='datetime' check='value &gt; _event.at' severity='critical' code='PRIVACY' required='no'/>"       \
    "<g:field name='odo' type='integer' check='value &gt;= form.s.n' required='no'/>"                                            \
    "<g:field name='broken' type='integer' check='value &lt; nothing.at.all' clause='CS-4' required='no'/></g:step>"

static void test_limits_block(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'>" LIMITED "</state>");
    REFUSED("GUARD_BLOCKED check CS-2", kit_do(&kit, T "10:01", "周敏", "s", "n=1"));
    REFUSED("GUARD_BLOCKED check CS-2,CS-1", kit_do(&kit, T "10:01", "周敏", "s", "n=6 sure=no"));
    assert_int_equal(2, value_count(kit.refusal.missing));
    REFUSED("GUARD_BLOCKED check CS-1", kit_do(&kit, T "10:01", "周敏", "s", "code=AbC"));
    REFUSED("GUARD_BLOCKED check CS-1", kit_do(&kit, T "10:01", "周敏", "s", "slot=2026-03-07T10:01"));
    REFUSED("GUARD_BLOCKED check CS-1", kit_do(&kit, T "10:01", "周敏", "s", "n=3 odo=2")); /* the form is the one being typed */
    REFUSED("GUARD_BLOCKED check CS-4",
            kit_do(&kit, T "10:01", "周敏", "s", "broken=1")); /* what cannot be computed does not hold */
    OK(kit_do(&kit, T "10:01", "周敏", "s", "n=2 sure=yes code=ABC slot=2026-03-07T10:02 odo=2"));
    assert_null(kit.record.derived);
    kit_close(&kit);
}

static void test_limits_warn(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a' g:mode='warn'>" LIMITED "<g:step id='m' clause='CS-3'><g:field name='who' clause='CS-5'/>"
                   "<g:field name='due' type='date' code='STEP_MISSING'/></g:step></state>");
    OK(kit_do(&kit, T "10:01", "周敏", "s", "n=6 slot=2026-03-07T10:00"));
    assert_string_equal("F1 FIELD_INVALID minor open s CS-2; F2 PRIVACY critical open s CS-1", kit_findings(&kit));
    OK(kit_do(&kit, T "10:02", "周敏", "m", ""));
    assert_string_equal(
        "F1 FIELD_INVALID minor open s CS-2; F2 PRIVACY critical open s CS-1; F3 FIELD_INVALID minor open m CS-5; "
        "F4 STEP_MISSING major open m CS-3",
        kit_findings(&kit));
    kit_close(&kit);
}

static void test_when_and_default(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(
        &kit,
        "<state id='a'><g:step id='s' repeat='yes'><g:field name='status' type='choice' of='open closed' default=\"'open'\"/>"
        "<g:field name='told' type='yes' when=\"form.s.status == 'open'\"/>"
        "<g:field name='who' default='_event.actor'/><g:field name='n' type='integer' default='2 + 3'/></g:step></state>");
    REFUSED("usage: field-missing", kit_do(&kit, T "10:01", "周敏", "s", ""));
    REFUSED("GUARD_BLOCKED check ", kit_do(&kit, T "10:01", "周敏", "s", "told=no"));
    OK(kit_do(&kit, T "10:01", "周敏", "s", "status=closed"));
    assert_string_equal("{\"n\":5,\"status\":\"closed\",\"who\":\"staff:1\"}", kit_text(&kit, kit.record.plain));
    assert_int_equal(0, kit.record.personal_count);                    /* a person's id says nothing that has to be kept apart */
    OK(kit_do(&kit, T "10:02", "周敏", "s", "status=closed told=no")); /* not asked for: not judged */
    kit_close(&kit);
}

static void test_personal(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(
        &kit,
        "<state id='a'><g:step id='card' repeat='yes'><g:field name='name'/><g:field name='mobile' type='mobile' required='no'/>"
        "<g:field name='needs' type='list' min='1' required='no'/><g:field name='models' type='list' personal='no' "
        "required='no'/>"
        "<g:field name='contacts' type='contacts' min='2' required='no'/>"
        "<g:field name='born' type='date' personal='yes' check=\"value &lt; '2008-01-01'\" required='no'/></g:step>"
        "<g:step id='copy' required='no'><g:field name='name' max='3' pattern='...?' "
        "default='form.card.name'/></g:step></state>");
    OK(kit_do(&kit, T "10:01", "林涛", "card", "name=李娜 mobile=13900000002 models=A,B needs=x,y,x born=1990-01-01"));
    const struct record *record = &kit.record;
    const char *name = value_get_text(record->form, "name");
    assert_true(name[0] == '~' && value_get_text(record->form, "mobile")[0] == '~' &&
                value_get_text(record->form, "born")[0] == '~');
    const struct value *needs = value_get(record->form, "needs");
    assert_int_equal(3, value_count(needs));
    assert_string_equal(value_as_text(value_at(needs, 0)), value_as_text(value_at(needs, 2))); /* equal values, equal tokens */
    assert_string_not_equal(value_as_text(value_at(needs, 0)), value_as_text(value_at(needs, 1)));
    assert_string_equal("{\"models\":[\"A\",\"B\"]}", kit_text(&kit, record->plain));
    assert_string_equal("{\"born\":{\"check\":true},\"needs\":{\"check\":true,\"count\":3}}", kit_text(&kit, record->derived));
    assert_int_equal(4, record->personal_count);
    assert_string_equal("form.name", record->personal[0].path);
    assert_string_equal("李娜", value_as_text(record->personal[0].value));
    assert_string_equal("[\"x\",\"y\",\"x\"]", kit_text(&kit, record->personal[2].value));

    OK(kit_do(&kit, T "10:02", "林涛", "copy", "")); /* a token once more: disclosed already */
    assert_string_equal(name, value_get_text(record->form, "name"));
    assert_int_equal(0, record->personal_count);
    assert_null(record->plain);

    OK(kit_do(&kit, T "10:03", "林涛", "card", "name=王磊 contacts=mobile:13800000001(valid),wechat:wl_camp01(valid)"));
    assert_string_equal("party:1", value_get_text(record->form, "name")); /* a party's name becomes its id */
    assert_string_equal(
        "{\"contacts\":[{\"kind\":\"mobile\",\"valid\":true},{\"kind\":\"wechat\",\"valid\":true}],\"name\":\"party:1\"}",
        kit_text(&kit, record->plain));
    assert_string_equal("{\"contacts\":{\"check\":true,\"kinds\":[\"mobile\",\"wechat\"]}}", kit_text(&kit, record->derived));
    assert_int_equal(2, record->personal_count);
    assert_string_equal("form.contacts.0.value", record->personal[0].path);
    assert_string_equal("13800000001", value_as_text(record->personal[0].value));
    REFUSED("GUARD_BLOCKED check ", kit_do(&kit, T "10:04", "林涛", "card", "name=王磊 born=2010-01-01"));
    const char *facts = kit.rows[0].facts;
    assert_null(strstr(facts, "13800000001"));
    assert_null(strstr(facts, "李娜"));
    kit_close(&kit);
}

static void test_records(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a' g:mode='warn'><g:step id='r' clause='CS-1' repeat='yes'><g:field name='options' type='list' "
                   "min='1' max='2' clause='CS-2'>"
                   "<g:field name='model' personal='no'/><g:field name='reason' clause='CS-3'/><g:field name='price' "
                   "type='money' max='300000' "
                   "required='no' clause='CS-4'/></g:field></g:step></state>");
    OK(kit_do(&kit, T "10:01", "林涛", "r", "options=A(reason=r;price=198000),B(reason=s)"));
    assert_string_equal("{\"options\":[{\"model\":\"A\",\"price\":19800000},{\"model\":\"B\"}]}",
                        kit_text(&kit, kit.record.plain));
    assert_string_equal("form.options.0.reason", kit.record.personal[0].path);
    assert_true(value_get_text(value_at(value_get(kit.record.form, "options"), 0), "reason")[0] == '~');
    assert_string_equal("", kit_findings(&kit));
    /* three, two of them without a reason, one too dear: one finding a field */
    OK(kit_do(&kit, T "10:02", "林涛", "r", "options=A,B(price=400000),C(reason=x)"));
    assert_string_equal(
        "F1 FIELD_INVALID minor open r CS-3; F2 FIELD_INVALID minor open r CS-2; F3 FIELD_INVALID minor open r CS-4",
        kit_findings(&kit));
    OK(kit_do(&kit, T "10:03", "林涛", "r", "options=张三(model=A;reason=x)")); /* the first field is named: the head is a name */
    assert_true(value_get_text(value_at(value_get(kit.record.form, "options"), 0), "name")[0] == '~');
    assert_string_equal("{\"options\":[{\"model\":\"A\"}]}", kit_text(&kit, kit.record.plain));
    REFUSED("usage: field-format", kit_do(&kit, T "10:04", "林涛", "r", "options=A(colour=red)"));
    REFUSED("usage: field-format", kit_do(&kit, T "10:04", "林涛", "r", "options=A(reason=x"));
    REFUSED("usage: field-format", kit_do(&kit, T "10:04", "林涛", "r", "options=A(price=dear)"));
    kit_close(&kit);
}

static void test_evidence(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='s' evidence='sheet! photo' repeat='yes'><g:field name='scan' type='evidence' "
                   "required='no'/></g:step>"
                   "<g:step id='none'/></state>");
    REFUSED("usage: evidence", kit_do(&kit, T "10:01", "周敏", "s", ""));
    REFUSED("usage: evidence", kit_do(&kit, T "10:01", "周敏", "s", "@photo"));
    REFUSED("usage: evidence", kit_do(&kit, T "10:01", "周敏", "s", "@sheet @film"));
    REFUSED("usage: evidence", kit_do(&kit, T "10:01", "周敏", "none", "@sheet"));
    OK(kit_do(&kit, T "10:01", "周敏", "s", "@sheet @photo @scan"));
    assert_int_equal(64, strlen(value_get_text(kit.record.plain, "scan"))); /* the file's hash */
    kit_close(&kit);
}

static void test_validate_hook(void **state)
{
    struct kit kit;
    (void)state;
    kit_new(&kit);
    kit_file(&kit, "scripts/dealers/base/hooks.lua",
             "function validate(step, form, case)\n"
             "  if step.id == 'loop' then while true do end end\n"
             "  if step.id == 'bad' then return form.a.b.c end\n"
             "  if step.id == 'name' then if form.who == '李娜' then return false, 'NOT_HER' end return true end\n"
             "  if form.soc and form.soc >= 90 then return true end\n"
             "  if form.pct == 13 then return false end\nend\n");
    kit_flow(&kit, "flow",
             "<state id='a'><g:step id='fuel' tunable='yes' repeat='yes' clause='CS-1'><g:field name='pct' type='integer' "
             "min='100' required='no'/>"
             "<g:field name='soc' type='integer' required='no'/></g:step><g:step id='hard' repeat='yes' clause='CS-2'>"
             "<g:field name='pct' type='integer' min='10'/><g:field name='soc' type='integer' required='no'/></g:step>"
             "<g:step id='loop' clause='CS-3'/><g:step id='bad' clause='CS-4'/><g:step id='name' repeat='yes'><g:field "
             "name='who'/></g:step></state>");
    kit_start(&kit, "flow", T "10:00");
    REFUSED("GUARD_BLOCKED check CS-1", kit_do(&kit, T "10:01", "周敏", "fuel", "pct=20"));
    OK(kit_do(&kit, T "10:01", "周敏", "fuel", "pct=20 soc=92")); /* a tunable step may be relaxed, and says so */
    assert_string_equal("{\".validate\":{\"fields\":[\"pct\"],\"verdict\":\"relaxed\"}}", kit_text(&kit, kit.record.derived));
    REFUSED("GUARD_BLOCKED check CS-2", kit_do(&kit, T "10:02", "周敏", "hard", "pct=5 soc=92"));
    REFUSED("GUARD_BLOCKED hook CS-2", kit_do(&kit, T "10:02", "周敏", "hard", "pct=13"));
    REFUSED("GUARD_BLOCKED script-budget CS-3", kit_do(&kit, T "10:03", "周敏", "loop", ""));
    REFUSED("GUARD_BLOCKED hook-error CS-4", kit_do(&kit, T "10:03", "周敏", "bad", ""));
    REFUSED("GUARD_BLOCKED NOT_HER ", kit_do(&kit, T "10:04", "周敏", "name", "who=李娜")); /* it sees what was typed */
    OK(kit_do(&kit, T "10:04", "周敏", "name", "who=路人"));
    assert_string_equal("{\".validate\":{\"verdict\":\"ok\"}}", kit_text(&kit, kit.record.derived));
    kit_close(&kit);
}

static void test_budget_of_the_flow(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<script>function spin() while true do end end</script><state id='a'>"
                   "<g:step id='s' clause='CS-1'><g:field name='n' type='integer' check='spin()'/></g:step></state>");
    REFUSED("GUARD_BLOCKED script-budget CS-1", kit_do(&kit, T "10:01", "周敏", "s", "n=1"));
    kit_close(&kit);
}

/* --- what Lua sees ---------------------------------------------------------------------------------------------------- */

static const char *lua(struct kit *kit, const char *source)
{
    script_ref ref;
    struct value *value = NULL;
    struct env *env = session_env(kit->live[0]);
    int code = script_compile(kit->script, SCRIPT_EXPRESSION, source, strlen(source), "test", 1, &ref, &kit->error);
    if (code == GUAN_OK) code = env_eval(env, ref, kit->arena, &value, &kit->error);
    if (code != GUAN_OK) return "error";
    return value ? kit_text(kit, value) : "nil";
}

static void test_surroundings(void **state)
{
    static const struct {
        const char *source, *json;
    } table[] = {
        {"now", "\"2026-03-07T15:59:30.000Z\""},
        {"today", "\"2026-03-07\""},
        {"case.id", "\"CASE1\""},
        {"case.dealer", "\"base\""},
        {"param['T-OWN']", "\"PT20M\""},
        {"param['T-FUEL'] + 1", "96"},
        {"param['T-NO']", "nil"},
        {"steps.s.done", "true"},
        {"steps.s.count", "1"},
        {"steps.s.by", "\"staff:1\""},
        {"steps.s.at", "\"2026-03-07T02:01:00.000Z\""},
        {"steps.per.done", "false"}, /* one of the two instances is unfinished */
        {"steps.nothing.done", "nil"},
        {"form.s.n", "3"},
        {"form.nothing.n", "nil"},
        {"form['flow.s'].n", "3"},
        {"form['other.s'].n", "nil"},
        {"forms.per.A.ok", "true"},
        {"forms.per.B.ok", "false"},
        {"form.per.k", "\"B\""},
        {"date_add('2026-01-31', 'P1M')", "\"2026-02-28\""},
        {"date_add('2026-03-07T02:00:00.000Z', 'PT36H')", "\"2026-03-08T14:00:00.000Z\""},
        {"date_add('2026-01-31', 'PT1H')", "error"},
        {"date_add(nil, 'P1D')", "error"},
        {"days_between('2026-03-07T15:00:00.000Z', '2026-03-07T16:00:00.000Z')", "1"}, /* midnight in the dealer's zone */
        {"days_between('2026-03-07', '2026-03-01')", "-6"},
        {"months_between('2015-06-30', '2016-06-29')", "11"},
        {"months_between('2015-06-30', '2016-06-30')", "12"},
        {"months_between('2026-01-31', '2026-02-28')", "1"},
        {"months_between('2026-02-28', '2026-01-31')", "-1"},
        {"same_day(now, '2026-03-07')", "true"},
        {"same_day(now, date_add(now, 'PT1M'))", "false"},
        {"same_day(nil, now)", "error"},
        {"in_hours('21:00', '08:00')", "true"},
        {"in_hours('08:00', '21:00')", "false"},
        {"in_hours('23:59', '24:00')", "true"},
        {"in_hours('8', '9')", "error"},
        {"in_window('holidays')", "error"},
    };
    struct kit kit;
    (void)state;
    kit_open(&kit,
             "<state id='a'><g:step id='s'><g:field name='n' type='integer'/></g:step><g:step id='per' per='k' repeat='yes' "
             "done-when='form.per.ok'><g:field name='k' personal='no'/><g:field name='ok' type='boolean'/></g:step></state>");
    OK(kit_do(&kit, T "10:01", "周敏", "s", "n=3"));
    OK(kit_do(&kit, T "10:02", "周敏", "per", "k=A ok=yes"));
    OK(kit_do(&kit, T "10:03", "周敏", "per", "k=B ok=no"));
    kit.world.at = kit_time(&kit, T "23:59:30", 19);
    standard_moment(&kit.world);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].json, lua(&kit, table[i].source)) != 0)
            fail_msg("%s is %s, not %s", table[i].source, lua(&kit, table[i].source), table[i].json);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_usage),
        cmocka_unit_test(test_limits_block),
        cmocka_unit_test(test_limits_warn),
        cmocka_unit_test(test_when_and_default),
        cmocka_unit_test(test_personal),
        cmocka_unit_test(test_records),
        cmocka_unit_test(test_evidence),
        cmocka_unit_test(test_validate_hook),
        cmocka_unit_test(test_budget_of_the_flow),
        cmocka_unit_test(test_surroundings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
