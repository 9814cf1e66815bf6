/* The dealer's hooks: what they may refuse, what they are told, and what they can never do: relax law. */
#include "kit.h"

#define T "2026-03-07T"

static const char *const holidays = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nX-WR-CALNAME:holidays\r\n"
                                    "X-GUAN-YEARS:2026/2026\r\n"
                                    "BEGIN:VEVENT\r\nUID:autumn\r\nSUMMARY:中秋节\r\nCATEGORIES:HOLIDAY\r\n"
                                    "DTSTART;VALUE=DATE:20260925\r\nDTEND;VALUE=DATE:20260928\r\nEND:VEVENT\r\n"
                                    "END:VCALENDAR\r\n";

static void open_hooks(struct kit *kit, const char *hooks, const char *body)
{
    kit_new(kit);
    kit_file(kit, "processes/calendars/holidays.ics", holidays);
    kit_file(kit, "scripts/dealers/base/hooks.lua", hooks);
    kit_flow(kit, "flow", body);
    kit_start(kit, "flow", T "10:00");
}

static const char *const messages =
    "<state id='a'><g:step id='m' required='no' repeat='yes' message='marketing' clause='CS-1'><g:field name='channel' "
    "type='choice' of='sms wechat' required='no'/></g:step><g:step id='mixed' required='no' repeat='yes' message='mixed'/>"
    "<g:step id='x' required='no' repeat='yes'><g:field name='rows' type='integer' required='no'/></g:step>"
    "<g:rule id='cap' kind='limit' of='@marketing x' max='9' sum='rows' within='P30D' clause='CS-5'/>"
    "<transition event='go' target='b'/></state><state id='b'/>";

/* Dealer A: nothing mixed in the holidays, one marketing message in 14 days. */
static void test_on_message(void **state)
{
    struct kit kit;
    (void)state;
    open_hooks(&kit,
               "function on_message(msg, case)\n"
               " if msg.class == 'mixed' and in_window('holidays', '-P1D/end') then return false, 'peak' end\n"
               " if msg.class == 'marketing' and count('m', 'P14D') >= 1 then return false, 'FREQ_EXCEEDED' end\n"
               " if msg.channel == 'sms' then return false, 'no-sms' end\n return true\nend\n",
               messages);
    REFUSED("GUARD_BLOCKED no-sms CS-1", kit_do(&kit, "2026-09-01T10:00", "周敏", "m", "channel=sms"));
    OK(kit_do(&kit, "2026-09-01T10:00", "周敏", "m", "channel=wechat"));
    REFUSED("GUARD_BLOCKED FREQ_EXCEEDED CS-1", kit_do(&kit, "2026-09-15T09:59", "周敏", "m", ""));
    OK(kit_do(&kit, "2026-09-15T10:00", "周敏", "m", ""));
    OK(kit_do(&kit, "2026-09-23T23:59", "周敏", "mixed", ""));
    REFUSED("GUARD_BLOCKED peak ", kit_do(&kit, "2026-09-24T00:00", "周敏", "mixed", ""));
    REFUSED("GUARD_BLOCKED peak ", kit_do(&kit, "2026-09-27T23:59", "周敏", "mixed", ""));
    OK(kit_do(&kit, "2026-09-28T00:00", "周敏", "mixed", ""));
    REFUSED("GUARD_BLOCKED hook-error ", kit_do(&kit, "2027-09-28T00:00", "周敏", "mixed", "")); /* no such year */
    assert_non_null(strstr(kit.refusal.text, "2027"));
    kit_close(&kit);
}

static void test_guard(void **state)
{
    struct kit kit;
    (void)state;
    open_hooks(&kit,
               "function guard(event, case)\n"
               " if event.name == 'x' and sum('x', 'rows', 'P1D') + event.data.rows > 5 then return false, 'too-many' end\n"
               " if event.name == 'go' and not done('x') then return false, 'not-yet' end\nend\n",
               messages);
    REFUSED("GUARD_BLOCKED not-yet ", kit_send(&kit, T "10:01", "周敏", "go"));
    OK(kit_do(&kit, T "10:02", "周敏", "x", "rows=3"));
    REFUSED("GUARD_BLOCKED too-many ", kit_do(&kit, T "10:03", "周敏", "x", "rows=3"));
    OK(kit_do(&kit, T "10:03", "周敏", "x", "rows=2"));
    OK(kit_send(&kit, T "10:04", "周敏", "go"));
    assert_string_equal("b", kit_state(&kit, "flow#1"));
    OK(kit_do(&kit, T "10:03:30/" T "10:05", "周敏", "x", "rows=4")); /* it has happened: a finding */
    assert_string_equal("F1 PROHIBITED major open x ", kit_findings(&kit));
    kit_close(&kit);
}

static void test_score(void **state)
{
    struct kit kit;
    (void)state;
    open_hooks(
        &kit,
        "function score(f, case)\n if f.rule == 'bad' then return 'dreadful' end\n if f.rule == 'none' then return nil end\n"
        " return 'info'\nend\n",
        "<state id='a'><g:step id='x' required='no' repeat='yes' clause='CS-1'/>"
        "<g:rule id='fine' kind='prohibit' of='x' mode='warn' clause='CS-2'/>"
        "<g:rule id='none' kind='prohibit' of='x' mode='warn' clause='CS-3'/>"
        "<g:rule id='bad' kind='prohibit' of='x' mode='warn' clause='CS-4'/>"
        "<g:rule id='law' kind='prohibit' of='x' mode='warn' clause='LW-1'/></state>");
    OK(kit_do(&kit, T "10:01", "周敏", "x", ""));
    assert_string_equal("F1 PROHIBITED critical open x LW-1; F2 PROHIBITED info open x CS-2; F3 PROHIBITED major open x CS-3; "
                        "F4 PROHIBITED major open x CS-4; F5 HOOK_ERROR info noted - CS-4",
                        kit_findings(&kit));
    assert_non_null(strstr(kit.all.items[4].text, "score"));
    kit_close(&kit);
}

/* Whatever a hook answers: a law step stays required, what law's rules and checks refuse stays refused, law's deadlines stay. */
static void test_law(void **state)
{
    static const char *const answers[] = {"true",   "false", "nil", "'PT999H'",   "'P9D/P99D'",
                                          "'info'", "0",     "{}",  "error('x')", "true, 'OVERRIDE_USED'"};
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct kit kit;
        char hooks[1500];
        snprintf(hooks, sizeof hooks,
                 "function required() return %s end\nfunction due() return %s end\nfunction score() return %s end\n"
                 "function on_message(m) if m.step == 'never' then return %s end end\n"
                 "function guard(e) if e.name == 'banned' or e.name == 'checked' then return %s end end\n"
                 "function validate(s) if s.id == 'checked' then return %s end end\n",
                 answers[i], answers[i], answers[i], answers[i], answers[i], answers[i]);
        open_hooks(&kit, hooks,
                   "<state id='a'><g:step id='duty' clause='LW-1' tunable='no'><g:deadline id='d' within='PT1H'/></g:step>"
                   "<g:step id='banned' required='no' clause='CS-1'/><g:rule id='r' kind='prohibit' of='banned' clause='LW-2'/>"
                   "<g:step id='checked' required='no' clause='LW-1'><g:field name='n' type='integer' max='5'/></g:step>"
                   "<transition event='go' target='b'/></state><state id='b'/>");
        if (strcmp("d 2026-03-07 11:00", kit_due(&kit)) != 0) fail_msg("%s: due %s", answers[i], kit_due(&kit));
        if (kit_do(&kit, T "10:01", "周敏", "banned", "") != GUAN_NO) fail_msg("%s: banned", answers[i]);
        if (kit_do(&kit, T "10:02", "周敏", "checked", "n=6") != GUAN_NO) fail_msg("%s: checked", answers[i]);
        assert_int_equal(GUAN_NO, kit_send(&kit, T "10:03", "周敏", "go"));
        assert_string_equal("gate", kit.refusal.reason);
        assert_string_equal("LW-1", kit.refusal.clauses.items[0]); /* a hook may well ask for more */
        kit_until(&kit, T "11:00");
        const struct finding *finding = NULL;
        for (size_t f = 0; f < kit.all.count; f++)
            if (strcmp(kit.all.items[f].code, "STEP_MISSING") == 0) finding = &kit.all.items[f];
        assert_non_null(finding);
        if (finding->severity != CHART_MAJOR) fail_msg("%s: severity", answers[i]);
        kit_close(&kit);
    }
}

static void test_budget(void **state)
{
    struct kit kit;
    (void)state;
    open_hooks(&kit, "function guard(event, case)\n while event.name == 'x' do end\nend\n", messages);
    REFUSED("GUARD_BLOCKED script-budget ", kit_do(&kit, T "10:01", "周敏", "x", ""));
    OK(kit_send(&kit, T "10:02", "周敏", "go"));
    kit_close(&kit);
}

/* What flows see besides: the same functions in rules. */
static void test_functions(void **state)
{
    struct kit kit;
    (void)state;
    kit_new(&kit);
    kit_file(&kit, "processes/calendars/holidays.ics", holidays);
    kit_flow(&kit, "flow",
             "<state id='a'><g:step id='x' required='no' repeat='yes'><g:field name='rows' type='integer'/></g:step>"
             "<g:step id='y' required='no' repeat='yes'/>"
             "<g:rule id='w' kind='limit' of='x' max='1000' sum='rows' within='P30D'/>"
             "<g:rule id='r' kind='prohibit' of='y' mode='warn' when=\"count('x', 'P2D') ~= 2 or sum('x', 'rows', 'P2D') ~= 7 "
             "or count('nothing', 'P1D') ~= 0 or done('flow.nothing') or not done('x') or in_window('holidays', 'during')\"/>"
             "</state>");
    kit_start(&kit, "flow", T "10:00");
    OK(kit_do(&kit, "2026-03-08T10:00", "周敏", "x", "rows=100"));
    OK(kit_do(&kit, "2026-03-09T10:00", "周敏", "x", "rows=3"));
    OK(kit_do(&kit, "2026-03-10T10:00", "周敏", "x", "rows=4"));
    OK(kit_do(&kit, "2026-03-10T11:00", "周敏", "y", ""));
    assert_string_equal("", kit_findings(&kit));
    OK(kit_do(&kit, "2026-03-12T09:00", "周敏", "y", ""));
    assert_string_equal("F1 PROHIBITED major open y ", kit_findings(&kit));
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_on_message), cmocka_unit_test(test_guard),  cmocka_unit_test(test_score),
        cmocka_unit_test(test_law),        cmocka_unit_test(test_budget), cmocka_unit_test(test_functions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
