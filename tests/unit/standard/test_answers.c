/* What becomes of a hook's answer: relaxing what is tunable, findings in place of refusals, duties that no hook can stop; and
 * what hooks see of the case. */
#include "kit.h"

#define T "2026-03-07T"

static const char *const holidays = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nX-WR-CALNAME:holidays\r\n"
                                    "X-GUAN-YEARS:2026/2026\r\n"
                                    "BEGIN:VEVENT\r\nUID:autumn\r\nSUMMARY:中秋节\r\nCATEGORIES:HOLIDAY\r\n"
                                    "DTSTART;VALUE=DATE:20260925\r\nDTEND;VALUE=DATE:20260928\r\nEND:VEVENT\r\n"
                                    "END:VCALENDAR\r\n";
static const char *const more_parameters =
    "<parameters xmlns='urn:guan:1'><parameter id='T-HOLPEAK' type='text' value='-P1D/end' title='h'/>"
    "<parameter id='T-QUIET' type='text' value='21:00/08:00' title='q'/>"
    "<parameter id='T-SOC' type='percent' value='92.5' title='s'/>"
    "<parameter id='T-CARD' type='number' value='300' title='c'/>"
    "<parameter id='T-CAP' type='number' value='2' title='c'/>"
    "<parameter id='T-SPAN' type='duration' value='P7D' title='s'/></parameters>";

static void open_hooks(struct kit *kit, const char *hooks, const char *body)
{
    kit_new(kit);
    kit_file(kit, "processes/calendars/holidays.ics", holidays);
    kit_file(kit, "processes/standards/more.xml", more_parameters);
    kit_file(kit, "scripts/dealers/base/hooks.lua", hooks);
    kit_flow(kit, "flow", body);
    kit_start(kit, "flow", T "10:00");
}

static const char *derived(struct kit *kit)
{
    return kit->record.derived ? kit_text(kit, kit->record.derived) : "";
}

/* --- validate: yes -------------------------------------------------------------------------------------------------------- */

/* Two dealers: charge in place of fuel; little fuel with a card, on record. */
static void test_relax(void **state)
{
    struct kit kit;
    (void)state;
    open_hooks(
        &kit,
        "function validate(step, form, case)\n"
        " if (form.soc or 0) >= 90 then return true end\n"
        " if (form.pct or 0) >= 25 and (form.card or 0) >= 30000 and form.ack then return true, 'OVERRIDE_USED' end\nend\n",
        "<state id='a'><g:step id='fuel' tunable='yes' repeat='yes' clause='CS-1'>"
        "<g:field name='pct' type='integer' min='T-FUEL' clause='CS-2'/>"
        "<g:field name='soc' type='integer' required='no'/><g:field name='card' type='money' required='no'/>"
        "<g:field name='ack' type='boolean' required='no'/></g:step></state>");
    REFUSED("GUARD_BLOCKED check CS-2", kit_do(&kit, T "10:01", "周敏", "fuel", "pct=94"));
    REFUSED("usage: field-missing", kit_do(&kit, T "10:01", "周敏", "fuel", "soc=89"));
    OK(kit_do(&kit, T "10:02", "周敏", "fuel", "pct=95"));
    assert_string_equal("", derived(&kit));
    OK(kit_do(&kit, T "10:03", "周敏", "fuel", "soc=92")); /* what is missing is tunable as well */
    assert_string_equal("{\".validate\":{\"fields\":[\"pct\"],\"verdict\":\"relaxed\"}}", derived(&kit));
    assert_string_equal("", kit_findings(&kit));
    REFUSED("GUARD_BLOCKED check CS-2", kit_do(&kit, T "10:04", "周敏", "fuel", "pct=30 card=299.99 ack=yes"));
    OK(kit_do(&kit, T "10:05", "周敏", "fuel", "pct=30 card=300 ack=yes"));
    assert_string_equal("{\".validate\":{\"code\":\"OVERRIDE_USED\",\"fields\":[\"pct\"],\"verdict\":\"relaxed\"}}",
                        derived(&kit));
    assert_string_equal("F1 OVERRIDE_USED minor open fuel CS-1,CS-2", kit_findings(&kit));
    assert_string_equal("validate", kit.all.items[0].deadline);
    OK(kit_do(&kit, T "10:06", "周敏", "fuel", "pct=96 card=300 ack=yes")); /* nothing to override */
    assert_string_equal("F1 OVERRIDE_USED minor open fuel CS-1,CS-2", kit_findings(&kit));
    kit_close(&kit);
}

/* One field is tunable; law in a tunable step is not; nor is the value that names the instance. */
static void test_relax_limits(void **state)
{
    struct kit kit;
    (void)state;
    open_hooks(&kit, "function validate(step, form, case) return true end\n",
               "<state id='a'><g:step id='one' repeat='yes' clause='CS-1'>"
               "<g:field name='soft' type='integer' min='5' tunable='yes'/><g:field name='hard' type='integer' min='5'/></g:step>"
               "<g:step id='mixed' repeat='yes' tunable='yes'><g:field name='n' type='integer' min='5' clause='LW-1'/></g:step>"
               "<g:step id='kept' repeat='yes' tunable='yes'><g:field name='n' type='integer' min='5' tunable='no'/></g:step>"
               "<g:step id='each' repeat='yes' tunable='yes' per='who'><g:field name='who' type='choice' of='a b'/></g:step>"
               "<g:step id='seen' repeat='yes' mode='warn' clause='CS-3'><g:field name='n' type='integer' min='5'/></g:step>"
               "</state>");
    OK(kit_do(&kit, T "10:01", "周敏", "one", "soft=1 hard=5"));
    REFUSED("GUARD_BLOCKED check CS-1", kit_do(&kit, T "10:01", "周敏", "one", "soft=1 hard=1"));
    assert_non_null(strstr(kit.error.hint, "not tunable"));
    assert_int_equal(1, value_count(kit.refusal.missing)); /* the other one was let pass */
    REFUSED("GUARD_BLOCKED check LW-1", kit_do(&kit, T "10:02", "周敏", "mixed", "n=1"));
    REFUSED("usage: field-missing", kit_do(&kit, T "10:02", "周敏", "mixed", ""));
    REFUSED("GUARD_BLOCKED check ", kit_do(&kit, T "10:02", "周敏", "kept", "n=1"));
    REFUSED("usage: field-missing", kit_do(&kit, T "10:02", "周敏", "each", ""));
    assert_string_equal("", kit_findings(&kit));
    OK(kit_do(&kit, T "10:03", "周敏", "seen", "n=1"));
    assert_string_equal("F1 FIELD_INVALID minor open seen CS-3; F2 HOOK_ERROR info noted seen CS-3", kit_findings(&kit));
    kit_close(&kit);
}

/* --- no ------------------------------------------------------------------------------------------------------------------- */

static void test_no(void **state)
{
    struct kit kit;
    (void)state;
    open_hooks(&kit,
               "function validate(step, form) if form.n == 1 then return false, form.code end end\n"
               "function guard(event) if event.form.n == 2 then return false, event.data.code end end\n"
               "function on_message(msg) if msg.form.n == 3 then return false, msg.form.code end end\n",
               "<state id='a'>"
               "<g:step id='seen' offer='any' mode='warn' clause='CS-1' message='mixed'><g:field name='n' type='integer'/>"
               "<g:field name='low' type='integer' min='1' required='no'/>"
               "<g:field name='code' type='text' personal='no' required='no'/></g:step>"
               "<g:step id='held' offer='any' clause='CS-2' message='mixed'><g:field name='n' type='integer'/>"
               "<g:field name='code' type='text' personal='no' required='no'/></g:step></state>");
    OK(kit_do(&kit, T "10:01", "周敏", "seen", "n=1 code=FIELD_INVALID"));
    assert_string_equal("F1 FIELD_INVALID minor open seen CS-1", kit_findings(&kit));
    OK(kit_do(&kit, T "10:01", "周敏", "seen", "n=1 low=0 code=FIELD_INVALID")); /* the flow and the hook say the same */
    assert_string_equal("F1 FIELD_INVALID minor open seen CS-1; F2 FIELD_INVALID minor open seen CS-1", kit_findings(&kit));
    assert_null(kit.all.items[1].deadline); /* the field's */
    kit.all.count = 1;
    OK(kit_do(&kit, T "10:02", "周敏", "seen", "n=2 code=PRIVACY"));
    OK(kit_do(&kit, T "10:03", "周敏", "seen", "n=3 code=FREQ_EXCEEDED"));
    OK(kit_do(&kit, T "10:04", "周敏", "seen", "n=3 code=PROHIBITED"));
    assert_string_equal("F1 FIELD_INVALID minor open seen CS-1; F3 PRIVACY critical open seen CS-1; "
                        "F4 FREQ_EXCEEDED minor open seen CS-1; F5 PROHIBITED major open seen CS-1",
                        kit_findings(&kit));
    assert_string_equal("on_message", kit.all.items[3].deadline);
    static const char *const numbers[] = {"n=1", "n=2", "n=3"};
    for (size_t i = 0; i < 3; i++) {
        char words[60];
        snprintf(words, sizeof words, "%s code=PROHIBITED", numbers[i]);
        REFUSED("GUARD_BLOCKED PROHIBITED CS-2", kit_do(&kit, T "10:05", "周敏", "held", words));
        snprintf(words, sizeof words, "%s code=OURS", numbers[i]); /* a code of the dealer's own stays a refusal */
        REFUSED("GUARD_BLOCKED OURS CS-1", kit_do(&kit, T "10:05", "周敏", "seen", words));
        REFUSED("GUARD_BLOCKED hook CS-1", kit_do(&kit, T "10:05", "周敏", "seen", numbers[i]));
    }
    kit_close(&kit);
}

/* A correction is judged as the record was; a finding names its instance. */
static void test_amended(void **state)
{
    struct kit kit;
    (void)state;
    open_hooks(&kit, "function validate(step, form) if form.n == 1 then return false, 'FIELD_INVALID' end end\n",
               "<state id='a'><g:step id='s' offer='any' per='k' mode='warn' clause='CS-1'><g:field name='n' type='integer'/>"
               "<g:field name='k' type='choice' of='a b'/></g:step></state>");
    OK(kit_do(&kit, T "10:01", "周敏", "s", "n=2 k=b"));
    OK(kit_amend(&kit, T "10:02", "周敏", kit.n, "flow#1", "n=1"));
    assert_string_equal("F1 FIELD_INVALID minor open s CS-1", kit_findings(&kit));
    assert_string_equal("b", kit.all.items[0].instance);
    kit_close(&kit);
}

/* What has happened before is not refused: the hook's code, or PROHIBITED. */
static void test_no_late(void **state)
{
    struct kit kit;
    (void)state;
    open_hooks(
        &kit,
        "function validate(step, form) if form.n == 1 then return false, form.code end\n"
        " if form.n == 2 then error('broken') end end\n",
        "<state id='a'><g:step id='s' offer='any' clause='CS-1'><g:field name='n' type='integer'/>"
        "<g:field name='code' type='text' personal='no' required='no'/></g:step><transition event='go' target='b'/></state>"
        "<state id='b'/>");
    OK(kit_send(&kit, T "10:10", "周敏", "go"));
    OK(kit_do(&kit, T "10:05/" T "10:11", "周敏", "s", "n=1 code=OURS"));
    OK(kit_do(&kit, T "10:06/" T "10:12", "周敏", "s", "n=1 code=PRIVACY"));
    OK(kit_do(&kit, T "10:07/" T "10:13", "周敏", "s", "n=2"));
    assert_string_equal("F1 PROHIBITED major open s CS-1; F2 PRIVACY critical open s CS-1; F3 HOOK_ERROR info noted s CS-1",
                        kit_findings(&kit));
    kit_close(&kit);
}

/* --- duties --------------------------------------------------------------------------------------------------------------- */

/* Whatever any hook does, the customer's withdrawal is recorded, stays required and is due when it was. */
static void test_duty(void **state)
{
    static const struct {
        const char *answer, *due;
    } hooks[] = {{"return false, 'NO'", "'PT99H'"},
                 {"return false, 'PROHIBITED'", "'P9D/P99D'"},
                 {"error('x')", "0"},
                 {"while true do end", "{}"},
                 {"local t = {} while true do t[#t + 1] = ('x'):rep(1000) end", "nil"}};
    (void)state;
    for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++) {
        struct kit kit;
        char text[800];
        snprintf(text, sizeof text,
                 "function required(s) return false end\nfunction due() return %s end\n"
                 "function on_message(m) %s end\nfunction guard(e) %s end\nfunction validate(s) %s end\n",
                 hooks[i].due, hooks[i].answer, hooks[i].answer, hooks[i].answer);
        open_hooks(&kit, text,
                   "<state id='a'><g:step id='withdraw' duty='yes' clause='CS-1' message='service'>"
                   "<g:deadline id='d' within='PT1H'/></g:step><g:step id='other' required='no'/>"
                   "<transition event='complete.a' cond='#\"some\" == 4' target='b'/></state><state id='b'/>");
        assert_string_equal("d 2026-03-07 11:00", kit_due(&kit));
        if (kit_do(&kit, T "10:01", "周敏", "other", "") != GUAN_NO) fail_msg("%s: other", hooks[i].answer);
        assert_string_equal("a", kit_state(&kit, "flow#1")); /* it is still required */
        size_t told = kit.all.count;
        OK(kit_do(&kit, T "10:02", "周敏", "withdraw", ""));
        assert_string_equal("b", kit_state(&kit, "flow#1"));
        assert_int_equal(3, kit.all.count - told); /* validate, on_message, guard */
        for (size_t f = 0; f < kit.all.count; f++) assert_string_equal("HOOK_ERROR", kit.all.items[f].code);
        kit_close(&kit);
    }
}

/* A hook that would never end, asked whether steps are required, cannot stop the duty either. */
static void test_duty_budget(void **state)
{
    struct kit kit;
    (void)state;
    open_hooks(&kit, "function required(s, case) if now >= '2026-03-07T02:01:00.000Z' then while true do end end end\n",
               "<state id='a'><g:step id='withdraw' duty='yes'/><g:step id='other' required='no'/><g:step id='third'/></state>");
    assert_int_equal(GUAN_NO, kit_do(&kit, T "10:01", "周敏", "other", ""));
    OK(kit_do(&kit, T "10:02", "周敏", "withdraw", ""));
    kit_close(&kit);
}

/* `required` that cannot hold is told, once a time the state is entered. */
static void test_required(void **state)
{
    struct kit kit;
    (void)state;
    open_hooks(&kit, "function required(step) if step.id ~= 'soft' then return false end return false end\n",
               "<state id='a'><g:step id='soft' tunable='yes' clause='CS-1'/><g:step id='hard' clause='CS-2'/>"
               "<g:step id='law' clause='LW-1'/><g:step id='none' required='no'/><transition event='again' target='a' "
               "g:gate='open'/></state>");
    assert_string_equal("F1 HOOK_ERROR info noted hard CS-2; F2 HOOK_ERROR info noted law LW-1", kit_findings(&kit));
    OK(kit_do(&kit, T "10:01", "周敏", "soft", ""));
    OK(kit_do(&kit, T "10:02", "周敏", "none", ""));
    assert_int_equal(2, kit.all.count);
    OK(kit_send(&kit, T "10:03", "周敏", "again"));
    assert_int_equal(4, kit.all.count);
    kit_close(&kit);
}

/* --- told at a review --------------------------------------------------------------------------------------------------------
 */

/* The deadline of an invoked session waits for a step of the other, which hears nothing of it: the hook's answer comes up when
 * the case is reviewed, and is told at once. */
static void test_review(void **state)
{
    struct kit kit;
    (void)state;
    kit_new(&kit);
    kit_file(&kit, "scripts/dealers/base/hooks.lua", "function due(d) if d.id == 'far' then return 'PT9H' end end\n");
    kit_flow(&kit, "sub",
             "<state id='s'><g:step id='y' clause='CS-1'>"
             "<g:deadline id='far' within='PT1H' when=\"steps['flow.x'].done\" clause='CS-2'/></g:step></state>");
    kit_flow(&kit, "flow",
             "<state id='a'><invoke id='i' src='sub.scxml' type='scxml'/><g:step id='x' offer='any' mode='warn'/></state>");
    kit_start(&kit, "flow", T "10:00");
    assert_string_equal("", kit_findings(&kit));
    OK(kit_do(&kit, T "10:05", "周敏", "x", ""));
    assert_string_equal("far 2026-03-07 11:00", kit_due(&kit));
    assert_string_equal("F1 HOOK_ERROR info noted y CS-2", kit_findings(&kit));
    OK(kit_do(&kit, T "10:06", "周敏", "sub.y", ""));
    assert_string_equal("F1 HOOK_ERROR info noted y CS-2", kit_findings(&kit));
    kit_close(&kit);
}

/* Counted from another session's step: told once, though asked for both when that happens and at the review. */
static void test_once(void **state)
{
    struct kit kit;
    (void)state;
    kit_new(&kit);
    kit_file(&kit, "scripts/dealers/base/hooks.lua", "function due(d) if d.id == 'far' then return 'PT9H' end end\n");
    kit_flow(&kit, "sub", "<state id='s'><g:step id='x' offer='any'/></state>");
    kit_flow(&kit, "flow",
             "<state id='a'><invoke id='i' src='sub.scxml' type='scxml'/><g:step id='y' clause='CS-1'>"
             "<g:deadline id='far' within='PT1H' from='sub.x'/></g:step></state>");
    kit_start(&kit, "flow", T "10:00");
    OK(kit_do(&kit, T "10:05", "周敏", "sub.x", ""));
    assert_string_equal("far 2026-03-07 11:05", kit_due(&kit));
    OK(kit_do(&kit, T "10:06", "周敏", "y", ""));
    assert_string_equal("F1 HOOK_ERROR info noted y ", kit_findings(&kit));
    kit_close(&kit);
}

/* --- what hooks see -------------------------------------------------------------------------------------------------------- */

static void test_case(void **state)
{
    struct kit kit;
    (void)state;
    kit_new(&kit);
    kit_file(&kit, "scripts/dealers/base/hooks.lua",
             "function guard(event, case)\n"
             " if event.name == 'ask' then\n"
             "  local done = case.steps['sub.x']\n"
             "  local text = table.concat({case.form['sub.x'].n, case.form.first.model, tostring(case.form.first.who),\n"
             "   tostring(done.done), done.count, done.by, done.at, tostring(case.steps.none.done), case.param['T-FUEL'],\n"
             "   case.form['sub.nothing'].n or '-', case.forms.per.b.n, case.id}, ' ')\n"
             "  return false, text end\n"
             " if event.name == 'write' then case.form.first.model = 'x' end\n"
             " if event.name == 'copy' then local a = case.steps.first case.steps = nil return false, tostring(case.steps) end\n"
             " if event.name == 'list' then for k in pairs(case.form) do end end\n"
             " if event.name == 'sub.x' then return false, event.process .. event.data.n .. event.form.n end\nend\n");
    kit_flow(&kit, "sub", "<state id='s'><g:step id='x' offer='any'><g:field name='n' type='integer'/></g:step></state>");
    kit_flow(&kit, "flow",
             "<state id='a'><invoke id='i' src='sub.scxml' type='scxml'/>"
             "<g:step id='first' offer='any'><g:field name='model' personal='no'/><g:field name='who'/></g:step>"
             "<g:step id='none' offer='any'/><g:step id='per' per='k' offer='any'><g:field name='k' type='choice' of='a b'/>"
             "<g:field name='n' type='integer'/></g:step>"
             "<transition event='ask'/><transition event='write'/><transition event='copy'/><transition event='list'/></state>");
    kit_start(&kit, "flow", T "10:00");
    REFUSED("GUARD_BLOCKED sub77 ", kit_do(&kit, T "10:01", "周敏", "sub.x", "n=7"));
    OK(kit_do(&kit, T "10:02", "周敏", "first", "model=M1 who=王磊"));
    OK(kit_do(&kit, T "10:02", "周敏", "per", "k=b n=4"));
    REFUSED("GUARD_BLOCKED hook-error ", kit_send(&kit, T "10:03", "周敏", "ask")); /* sub.x was never done: n is nil */
    REFUSED("GUARD_BLOCKED hook-error ", kit_send(&kit, T "10:03", "周敏", "write"));
    assert_non_null(strstr(kit.refusal.text, "read-only"));
    REFUSED("GUARD_BLOCKED nil ", kit_send(&kit, T "10:03", "周敏", "copy")); /* its own copy of `case` */
    REFUSED("GUARD_BLOCKED hook-error ", kit_send(&kit, T "10:03", "周敏", "list"));
    kit_close(&kit);
}

static void test_case_values(void **state)
{
    struct kit kit;
    (void)state;
    open_hooks(&kit,
               "function guard(event, case)\n if event.name ~= 'go' then return end\n local s = case.steps.x\n"
               " return false, table.concat({case.form.x.n, s.count, s.by, s.at, tostring(s.done), case.param['T-CARD'],\n"
               "  case.param['T-SOC'], tostring(case.form['flow.x'].n), tostring(case.forms.y.b.n)}, ' ') end\n"
               "function validate(step, form, case)\n"
               " if step.id == 'x' and form.n < (case.form.y.n or 0) then return false, 'LESS' end end\n",
               "<state id='a'><g:step id='x' offer='any'><g:field name='n' type='integer'/></g:step>"
               "<g:step id='y' per='k' offer='any'><g:field name='k' type='choice' of='a b'/><g:field name='n' type='integer'/>"
               "</g:step><transition event='go'/></state>");
    OK(kit_do(&kit, T "10:01", "周敏", "x", "n=3"));
    OK(kit_do(&kit, T "10:02", "周敏", "y", "k=b n=5"));
    REFUSED("GUARD_BLOCKED LESS ", kit_do(&kit, T "10:03", "周敏", "x", "n=4"));
    OK(kit_do(&kit, T "10:03", "周敏", "x", "n=6"));
    REFUSED("GUARD_BLOCKED 6 2 staff:1 2026-03-07T02:03:00.000Z true 300 92.5 6 5 ", kit_send(&kit, T "10:04", "周敏", "go"));
    kit_close(&kit);
}

static void test_windows(void **state)
{
    struct kit kit;
    (void)state;
    open_hooks(&kit,
               "function on_message(m)\n"
               " if m.form.n == 1 then return not in_window('holidays', param['T-HOLPEAK']), 'peak' end\n"
               " if m.form.n == 2 then return not in_hours(param['T-QUIET']), 'quiet' end\n"
               " if m.form.n == 3 then return in_window('vacations', 'during') end\n"
               " if m.form.n == 4 then return in_hours('21:00-08:00') end\n"
               " if m.form.n == 5 then return in_hours('21:00') end\nend\n",
               "<state id='a'><g:step id='m' offer='any' message='mixed'><g:field name='n' type='integer'/></g:step></state>");
    REFUSED("GUARD_BLOCKED hook-error ", kit_do(&kit, T "10:01", "周敏", "m", "n=3"));
    assert_non_null(strstr(kit.refusal.text, "no calendar vacations"));
    REFUSED("GUARD_BLOCKED hook-error ", kit_do(&kit, T "10:01", "周敏", "m", "n=4"));
    assert_non_null(strstr(kit.refusal.text, "21:00/08:00"));
    REFUSED("GUARD_BLOCKED hook-error ", kit_do(&kit, T "10:01", "周敏", "m", "n=5"));
    OK(kit_do(&kit, T "20:59", "周敏", "m", "n=2"));
    REFUSED("GUARD_BLOCKED quiet ", kit_do(&kit, T "21:00", "周敏", "m", "n=2"));
    REFUSED("GUARD_BLOCKED quiet ", kit_do(&kit, "2026-03-08T07:59", "周敏", "m", "n=2"));
    OK(kit_do(&kit, "2026-03-08T08:00", "周敏", "m", "n=2"));
    OK(kit_do(&kit, "2026-09-23T23:59", "周敏", "m", "n=1"));
    REFUSED("GUARD_BLOCKED peak ", kit_do(&kit, "2026-09-24T00:00", "周敏", "m", "n=1"));
    REFUSED("GUARD_BLOCKED peak ", kit_do(&kit, "2026-09-27T23:59", "周敏", "m", "n=1"));
    OK(kit_do(&kit, "2026-09-28T00:00", "周敏", "m", "n=1"));
    kit_close(&kit);
}

/* --- bounds and limits from parameters -------------------------------------------------------------------------------------- */

static void test_parameters(void **state)
{
    struct kit kit;
    (void)state;
    open_hooks(&kit, "return {}",
               "<state id='a'><g:step id='s' offer='any'><g:field name='d' type='decimal' min='T-SOC' required='no'/>"
               "<g:field name='m' type='money' max='T-CARD' required='no'/></g:step>"
               "<g:step id='x' offer='any' clause='CS-1'><g:field name='f' type='money' required='no'/></g:step>"
               "<g:rule id='cap' kind='limit' of='x' max='T-CAP' within='T-SPAN' clause='CS-2'/></state>");
    REFUSED("GUARD_BLOCKED check ", kit_do(&kit, T "10:01", "周敏", "s", "d=92.4"));
    assert_non_null(strstr(kit.refusal.text, "92.5"));
    OK(kit_do(&kit, T "10:01", "周敏", "s", "d=92.5"));
    REFUSED("GUARD_BLOCKED check ", kit_do(&kit, T "10:01", "周敏", "s", "m=300.01"));
    OK(kit_do(&kit, T "10:01", "周敏", "s", "m=300"));
    OK(kit_do(&kit, T "10:01", "周敏", "x", ""));
    OK(kit_do(&kit, T "10:02", "周敏", "x", ""));
    REFUSED("GUARD_BLOCKED rule:cap CS-2", kit_do(&kit, "2026-03-14T10:00", "周敏", "x", ""));
    OK(kit_do(&kit, "2026-03-14T10:01", "周敏", "x", ""));
    kit_close(&kit);
}

/* A silence that any of several ends. */
static void test_until(void **state)
{
    static const char *const ends[] = {"stop", "sub.y"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct kit kit;
        kit_new(&kit);
        kit_flow(&kit, "sub", "<state id='s'><g:step id='y' offer='any'/></state>");
        kit_flow(&kit, "flow",
                 "<state id='a'><invoke id='i' src='sub.scxml' type='scxml'/><g:step id='x' offer='any'/>"
                 "<g:step id='stop' offer='any'/>"
                 "<g:rule id='gap' kind='max-gap' of='x' within='P3D' until='stop sub.y' clause='CS-1'/></state>");
        kit_start(&kit, "flow", T "10:00");
        OK(kit_do(&kit, T "11:00", "周敏", "x", ""));
        assert_string_equal("rule:gap/2026-03-07T03:00:00.000Z 2026-03-11 00:00", kit_due(&kit));
        if (i < 2) OK(kit_do(&kit, T "12:00", "周敏", ends[i], ""));
        kit_until(&kit, "2026-03-12T00:00");
        assert_string_equal(i < 2 ? "" : "F1 SILENCE minor open - CS-1", kit_findings(&kit));
        kit_close(&kit);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_relax),       cmocka_unit_test(test_relax_limits), cmocka_unit_test(test_no),
        cmocka_unit_test(test_no_late),     cmocka_unit_test(test_amended),      cmocka_unit_test(test_duty),
        cmocka_unit_test(test_duty_budget), cmocka_unit_test(test_required),     cmocka_unit_test(test_review),
        cmocka_unit_test(test_once),        cmocka_unit_test(test_case),         cmocka_unit_test(test_case_values),
        cmocka_unit_test(test_windows),     cmocka_unit_test(test_parameters),   cmocka_unit_test(test_until),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
