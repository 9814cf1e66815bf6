/* Rules, kind by kind: blocked, warned, late; the edges of windows; who takes whose finding. */
#include "kit.h"

#define T "2026-03-07T"

static const struct finding *last(const struct kit *kit)
{
    assert_true(kit->all.count > 0);
    return &kit->all.items[kit->all.count - 1];
}

/* A flow with messages, a rule or several, and a state to leave. */
static void open_rules(struct kit *kit, const char *rules)
{
    char body[4000];
    snprintf(body, sizeof body,
             "<parallel id='p'><g:step id='m' required='no' repeat='yes' message='marketing' clause='CS-1'/>"
             "<g:step id='s' required='no' repeat='yes' message='service'/>"
             "<g:step id='x' required='no' repeat='yes' clause='CS-2'><g:field name='rows' type='integer' required='no'/>"
             "<g:field name='who' required='no' personal='no'/></g:step>"
             "<g:step id='y' required='no' repeat='yes' clause='CS-3'><g:field name='yes' type='boolean' required='no'/></g:step>"
             "%s<state id='a'><transition event='ping'/><transition event='over'/></state></parallel>",
             rules);
    kit_open(kit, body);
}

/* --- prohibit -----------------------------------------------------------------------------------------------------------------
 */

static void test_prohibit(void **state)
{
    struct kit kit;
    (void)state;
    open_rules(&kit, "<g:rule id='r' kind='prohibit' of='x' when='_event.data.rows &gt; 50' clause='CS-5'/>");
    OK(kit_do(&kit, T "10:01", "周敏", "x", "rows=50"));
    REFUSED("GUARD_BLOCKED rule:r CS-5", kit_do(&kit, T "10:02", "周敏", "x", "rows=51"));
    assert_string_equal("", kit_findings(&kit));
    kit_close(&kit);
    open_rules(&kit, "<g:rule id='r' kind='prohibit' of='x' when='_event.data.rows &gt; 50' mode='warn' clause='CS-5'/>");
    OK(kit_do(&kit, T "10:02", "周敏", "x", "rows=51"));
    assert_string_equal("F1 PROHIBITED major open x CS-5", kit_findings(&kit));
    assert_string_equal("r", last(&kit)->deadline);
    assert_true(last(&kit)->at == kit_time(&kit, T "10:02", 16));
    kit_close(&kit);
    open_rules(&kit, "<g:rule id='r' kind='prohibit' of='@marketing' mode='warn' clause='LW-1'/>"
                     "<g:rule id='q' kind='prohibit' of='@service' mode='warn' severity='minor' code='FREQ_EXCEEDED' "
                     "when=\"in_hours('21:00','08:00')\" clause='CS-4'/>");
    OK(kit_do(&kit, T "10:02", "周敏", "m", ""));
    OK(kit_do(&kit, T "10:03", "周敏", "s", ""));
    OK(kit_do(&kit, T "21:00", "周敏", "s", ""));
    assert_string_equal("F1 PROHIBITED critical open m LW-1; F2 FREQ_EXCEEDED minor open s CS-4", kit_findings(&kit));
    kit_close(&kit);
}

/* Judged as of the act: a consent that was given before, but entered after. */
static void test_prohibit_as_of(void **state)
{
    struct kit kit;
    (void)state;
    open_rules(&kit, "<g:rule id='r' kind='prohibit' of='m' when='not form.y.yes' mode='warn' clause='LW-1'/>");
    OK(kit_do(&kit, T "11:00", "周敏", "m", ""));
    OK(kit_do(&kit, T "12:00", "周敏", "m", ""));
    assert_string_equal("F1 PROHIBITED critical open m LW-1; F2 PROHIBITED critical open m LW-1", kit_findings(&kit));
    OK(kit_do(&kit, T "11:30/" T "12:30", "周敏", "y", "yes=yes"));
    assert_string_equal("F1 PROHIBITED critical open m LW-1", kit_findings(&kit));
    OK(kit_do(&kit, T "10:30/" T "12:31", "周敏", "y", "yes=yes")); /* one before it as well */
    assert_string_equal("F3 LATE_ENTRY info noted y T-LAG", kit_findings(&kit));
    OK(kit_do(&kit, T "11:45/" T "12:32", "周敏", "y", "yes=no")); /* taken back: the same finding again */
    assert_string_equal("F3 LATE_ENTRY info noted y T-LAG; F2 PROHIBITED critical open m LW-1", kit_findings(&kit));
    OK(kit_do(&kit, T "13:00", "周敏", "y", "yes=yes"));     /* later ones say nothing about earlier acts */
    OK(kit_do(&kit, T "11:50/" T "13:01", "周敏", "x", "")); /* also when they are looked at again */
    assert_string_equal("F3 LATE_ENTRY info noted y T-LAG; F2 PROHIBITED critical open m LW-1", kit_findings(&kit));
    kit_close(&kit);
}

/* --- limit --------------------------------------------------------------------------------------------------------------------
 */

static void test_limit(void **state)
{
    struct kit kit;
    (void)state;
    open_rules(&kit, "<g:rule id='week' kind='limit' of='@marketing' max='2' within='P7D' mode='warn' clause='CS-5'/>");
    OK(kit_do(&kit, "2026-04-01T10:00", "周敏", "m", ""));
    OK(kit_do(&kit, "2026-04-03T10:00", "周敏", "m", ""));
    OK(kit_do(&kit, "2026-04-05T10:00", "周敏", "s", ""));
    assert_string_equal("", kit_findings(&kit));
    OK(kit_do(&kit, "2026-04-08T09:59:59", "周敏", "m", "")); /* a second before the first falls out */
    assert_string_equal("F1 FREQ_EXCEEDED minor open m CS-5", kit_findings(&kit));
    OK(kit_do(&kit, "2026-04-15T09:59:59", "周敏", "m", ""));
    OK(kit_do(&kit, "2026-04-20T10:00", "周敏", "m", ""));
    assert_string_equal("F1 FREQ_EXCEEDED minor open m CS-5", kit_findings(&kit));
    kit_close(&kit);
    open_rules(&kit, "<g:rule id='week' kind='limit' of='@marketing' max='2' within='P7D' mode='warn' clause='CS-5'/>");
    OK(kit_do(&kit, "2026-04-01T10:00", "周敏", "m", ""));
    OK(kit_do(&kit, "2026-04-03T10:00", "周敏", "m", ""));
    OK(kit_do(&kit, "2026-04-08T10:00", "周敏", "m", "")); /* exactly seven days: the first is out */
    assert_string_equal("", kit_findings(&kit));
    kit_close(&kit);
}

static void test_limit_sum(void **state)
{
    struct kit kit;
    (void)state;
    open_rules(&kit, "<g:rule id='day' kind='limit' of='x' sum='rows' by='actor' max='200' within='PT24H' clause='CS-5'/>");
    OK(kit_do(&kit, T "10:00", "周敏", "x", "rows=150"));
    OK(kit_do(&kit, T "11:00", "周敏", "x", "rows=50"));
    REFUSED("GUARD_BLOCKED rule:day CS-5", kit_do(&kit, T "12:00", "周敏", "x", "rows=1"));
    OK(kit_do(&kit, T "12:00", "林涛", "x", "rows=200")); /* each person for themselves */
    OK(kit_do(&kit, "2026-03-08T10:00", "周敏", "x", "rows=150"));
    REFUSED("GUARD_BLOCKED rule:day CS-5", kit_do(&kit, "2026-03-08T10:30", "周敏", "x", "rows=1"));
    kit_close(&kit);
    open_rules(&kit, "<g:rule id='f' kind='limit' of='x' by='who' max='1' within='P1D' mode='warn' clause='CS-5'/>");
    OK(kit_do(&kit, T "10:00", "周敏", "x", "who=A"));
    OK(kit_do(&kit, T "10:01", "周敏", "x", "who=B"));
    OK(kit_do(&kit, T "10:02", "周敏", "x", "who=A"));
    assert_string_equal("F1 FREQ_EXCEEDED minor open x CS-5", kit_findings(&kit));
    kit_close(&kit);
}

/* --- min-gap, share
 * ------------------------------------------------------------------------------------------------------------- */

static void test_min_gap(void **state)
{
    struct kit kit;
    (void)state;
    open_rules(&kit, "<g:rule id='gap' kind='min-gap' of='@marketing' within='PT48H' mode='warn' clause='CS-5'/>");
    OK(kit_do(&kit, "2026-04-12T10:00", "周敏", "m", ""));
    OK(kit_do(&kit, "2026-04-13T10:00", "周敏", "m", ""));
    OK(kit_do(&kit, "2026-04-14T10:00", "周敏", "m", ""));
    assert_string_equal("F1 FREQ_GAP minor open m CS-5; F2 FREQ_GAP minor open m CS-5", kit_findings(&kit)); /* story 2.15 */
    OK(kit_do(&kit, "2026-04-16T10:00", "周敏", "m", ""));                                                   /* 48 hours */
    assert_int_equal(2, kit.all.count);
    OK(kit_do(&kit, "2026-04-15T10:00/2026-04-16T11:00", "周敏", "m", "")); /* one between: it and the next */
    assert_string_equal("F1 FREQ_GAP minor open m CS-5; F2 FREQ_GAP minor open m CS-5; F3 LATE_ENTRY info noted m T-LAG; "
                        "F4 FREQ_GAP minor open m CS-5; F5 FREQ_GAP minor open m CS-5",
                        kit_findings(&kit));
    kit_close(&kit);
}

/* Story 2.17: the thanks counts, from the fourth message on. */
static void test_share(void **state)
{
    struct kit kit;
    (void)state;
    open_rules(&kit, "<g:rule id='share' kind='share' of='@marketing' among='@service @marketing' max='50' sample='4' "
                     "within='P30D' mode='warn' clause='CS-5'/>");
    OK(kit_do(&kit, "2026-04-11T16:40", "周敏", "s", ""));
    OK(kit_do(&kit, "2026-04-12T10:00", "周敏", "m", ""));
    OK(kit_do(&kit, "2026-04-13T10:00", "周敏", "m", ""));
    assert_string_equal("", kit_findings(&kit));
    OK(kit_do(&kit, "2026-04-14T10:00", "周敏", "m", ""));
    assert_string_equal("F1 FREQ_EXCEEDED minor open m CS-5", kit_findings(&kit));
    OK(kit_do(&kit, "2026-04-14T08:00/2026-04-14T10:01", "周敏", "s", ""));
    OK(kit_do(&kit, "2026-04-14T08:01/2026-04-14T10:02", "周敏", "s", ""));
    assert_string_equal("F2 LATE_ENTRY info noted s T-LAG; F3 LATE_ENTRY info noted s T-LAG", kit_findings(&kit)); /* 3 of 6 */
    kit_close(&kit);
}

/* --- max-gap
 * -------------------------------------------------------------------------------------------------------------------- */

static const char *const silence =
    "<g:rule id='sync' kind='max-gap' of='@service x' from='y' within='P3D' until='over' clause='CS-5'/>";

/* Story 4.7. */
static void test_silence(void **state)
{
    struct kit kit;
    (void)state;
    open_rules(&kit, silence);
    assert_string_equal("", kit_due(&kit));
    OK(kit_do(&kit, "2026-09-18T10:00", "周敏", "y", ""));
    assert_string_equal("rule:sync/2026-09-18T02:00:00.000Z 2026-09-22 00:00", kit_due(&kit));
    OK(kit_do(&kit, "2026-09-21T16:00", "周敏", "s", ""));
    assert_string_equal("rule:sync/2026-09-21T08:00:00.000Z 2026-09-25 00:00", kit_due(&kit));
    OK(kit_do(&kit, "2026-09-22T10:00", "周敏", "m", "")); /* marketing is no progress */
    kit_until(&kit, "2026-09-25T00:00");
    assert_string_equal("F1 SILENCE minor open - CS-5", kit_findings(&kit));
    assert_string_equal("", kit_due(&kit));
    OK(kit_do(&kit, "2026-09-29T11:00", "周敏", "x", ""));
    assert_string_equal("F1 SILENCE minor remedied - CS-5", kit_findings(&kit));
    assert_true(last(&kit)->at - last(&kit)->due == 4 * MS_DAY + 11 * MS_HOUR);
    assert_string_equal("2026-09-21T08:00:00.000Z", last(&kit)->instance);
    OK(kit_do(&kit, "2026-09-24T10:00/2026-09-29T11:01", "周敏", "s", "")); /* there was one between: that gap was shorter */
    assert_string_equal("F2 LATE_ENTRY info noted s T-LAG; F3 SILENCE minor remedied - CS-5", kit_findings(&kit));
    OK(kit_do(&kit, "2026-09-27T10:00/2026-09-29T11:02", "周敏", "s", ""));
    assert_string_equal("F2 LATE_ENTRY info noted s T-LAG; F4 LATE_ENTRY info noted s T-LAG", kit_findings(&kit));
    OK(kit_send(&kit, "2026-09-30T10:00", "周敏", "over"));
    assert_string_equal("", kit_due(&kit));
    kit_until(&kit, "2026-12-01T00:00");
    assert_string_equal("F2 LATE_ENTRY info noted s T-LAG; F4 LATE_ENTRY info noted s T-LAG", kit_findings(&kit));
    kit_close(&kit);
}

/* From the entry of the state; ends with it; ends after a time. */
static void test_silence_state(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='s' required='no' repeat='yes'/><g:rule id='r' kind='max-gap' of='s' within='PT1H' "
                   "until='PT5H'/><transition event='go' target='b'/></state><state id='b'><transition event='back' "
                   "target='a'/></state>");
    assert_string_equal("rule:r/2026-03-07T02:00:00.000Z 2026-03-07 11:00", kit_due(&kit));
    OK(kit_do(&kit, T "10:30", "周敏", "s", ""));
    OK(kit_send(&kit, T "11:00", "周敏", "go"));
    assert_string_equal("", kit_due(&kit));
    OK(kit_send(&kit, T "12:00", "周敏", "back"));
    assert_string_equal("rule:r/2026-03-07T04:00:00.000Z 2026-03-07 13:00", kit_due(&kit));
    OK(kit_do(&kit, T "12:50", "周敏", "s", ""));
    OK(kit_do(&kit, T "13:40", "周敏", "s", ""));
    OK(kit_do(&kit, T "14:30", "周敏", "s", ""));
    OK(kit_do(&kit, T "15:20", "周敏", "s", ""));
    OK(kit_do(&kit, T "16:10", "周敏", "s", "")); /* due at 17:10, and five hours are over at 17:00 */
    assert_string_equal("", kit_due(&kit));
    assert_string_equal("", kit_findings(&kit));
    kit_close(&kit);
}

/* --- precedes, data, separate
 * -------------------------------------------------------------------------------------------------------- */

static void test_precedes(void **state)
{
    struct kit kit;
    (void)state;
    open_rules(&kit, "<g:rule id='r' kind='precedes' first='x' of='y' mode='warn' clause='CS-5'/>");
    OK(kit_do(&kit, T "10:10", "周敏", "y", ""));
    OK(kit_do(&kit, T "10:20", "周敏", "y", ""));
    assert_string_equal("F1 ORDER_VIOLATION major open y CS-5; F2 ORDER_VIOLATION major open y CS-5", kit_findings(&kit));
    OK(kit_do(&kit, T "10:15/" T "10:30", "周敏", "x", ""));
    assert_string_equal("F1 ORDER_VIOLATION major open y CS-5", kit_findings(&kit));
    OK(kit_do(&kit, T "10:05/" T "10:31", "周敏", "x", ""));
    assert_string_equal("", kit_findings(&kit));
    kit_close(&kit);
    open_rules(&kit, "<g:rule id='r' kind='precedes' first='x' of='y' once='yes' mode='warn' code='PRIVACY' severity='critical' "
                     "clause='LW-1'/>");
    OK(kit_do(&kit, T "10:10", "周敏", "y", ""));
    OK(kit_do(&kit, T "10:20", "周敏", "y", "")); /* only the first is judged */
    assert_string_equal("F1 PRIVACY critical open y LW-1", kit_findings(&kit));
    OK(kit_do(&kit, T "10:05/" T "10:30", "周敏", "y", "")); /* now this is the first */
    assert_string_equal("F2 PRIVACY critical open y LW-1", kit_findings(&kit));
    kit_close(&kit);
    open_rules(&kit, "<g:rule id='r' kind='precedes' first='@service ping' of='y' clause='CS-5'/>");
    REFUSED("GUARD_BLOCKED rule:r CS-5", kit_do(&kit, T "10:10", "周敏", "y", ""));
    OK(kit_send(&kit, T "10:11", "周敏", "ping"));
    OK(kit_do(&kit, T "10:12", "周敏", "y", ""));
    kit_close(&kit);
    open_rules(&kit, "<g:rule id='r' kind='precedes' first='@service' of='y' clause='CS-5'/>");
    OK(kit_do(&kit, T "10:10", "周敏", "s", ""));
    OK(kit_do(&kit, T "10:12", "周敏", "y", ""));
    kit_close(&kit);
}

static void test_data(void **state)
{
    struct kit kit;
    (void)state;
    open_rules(&kit, "<g:rule id='r' kind='data' of='x' check='(_event.data.rows or 0) * 5 &lt;= (form.y.yes and 100 or 50)' "
                     "mode='warn' clause='CS-5'/>");
    OK(kit_do(&kit, T "10:10", "周敏", "x", "rows=10"));
    OK(kit_do(&kit, T "10:20", "周敏", "x", "rows=11"));
    assert_string_equal("F1 FIELD_INVALID minor open x CS-5", kit_findings(&kit));
    OK(kit_do(&kit, T "10:15/" T "10:30", "周敏", "y", "yes=yes"));
    assert_string_equal("", kit_findings(&kit));
    kit_close(&kit);
    open_rules(&kit, "<g:rule id='r' kind='data' of='x' check='nothing.there' clause='LW-1'/>"); /* it fails: it does not hold */
    REFUSED("GUARD_BLOCKED rule:r LW-1", kit_do(&kit, T "10:10", "周敏", "x", "rows=10"));
    kit_close(&kit);
}

static void test_separate(void **state)
{
    struct kit kit;
    (void)state;
    open_rules(&kit, "<g:rule id='r' kind='separate' of='x y' clause='CS-5'/>");
    OK(kit_do(&kit, T "10:10", "周敏", "x", ""));
    OK(kit_do(&kit, T "10:11", "周敏", "x", ""));
    REFUSED("GUARD_BLOCKED rule:r CS-5", kit_do(&kit, T "10:12", "周敏", "y", ""));
    OK(kit_do(&kit, T "10:13", "林涛", "y", ""));
    REFUSED("GUARD_BLOCKED rule:r CS-5", kit_do(&kit, T "10:14", "林涛", "x", ""));
    kit_close(&kit);
    open_rules(&kit, "<g:rule id='r' kind='separate' of='x y' mode='warn' clause='CS-5'/>");
    OK(kit_do(&kit, T "10:12", "周敏", "y", ""));
    assert_string_equal("", kit_findings(&kit));
    OK(kit_do(&kit, T "10:10/" T "10:20", "周敏", "x", "")); /* the later of the two is the one */
    assert_string_equal("F1 ROLE_DENIED major open y CS-5", kit_findings(&kit));
    kit_close(&kit);
}

/* --- together
 * ------------------------------------------------------------------------------------------------------------------------ */

/* Story 2.18: the law's finding takes the frequency ones of the same act. */
static void test_law_takes(void **state)
{
    struct kit kit;
    (void)state;
    open_rules(&kit, "<g:rule id='gap' kind='min-gap' of='@marketing' within='PT48H' mode='warn' clause='CS-5'/>"
                     "<g:rule id='law' kind='prohibit' of='@marketing' when=\"done('y')\" mode='warn' clause='LW-1'/>");
    OK(kit_do(&kit, "2026-04-12T10:00", "周敏", "m", ""));
    OK(kit_do(&kit, "2026-04-13T10:00", "周敏", "m", ""));
    assert_string_equal("F1 FREQ_GAP minor open m CS-5", kit_findings(&kit));
    OK(kit_do(&kit, "2026-04-13T11:00", "周敏", "y", ""));
    OK(kit_do(&kit, "2026-04-14T10:00", "周敏", "m", ""));
    assert_string_equal("F1 FREQ_GAP minor open m CS-5; F2 PROHIBITED critical open m LW-1", kit_findings(&kit));
    OK(kit_do(&kit, "2026-04-12T11:00/2026-04-14T12:00", "周敏", "y", "")); /* it had been forbidden a day before */
    assert_string_equal(
        "F2 PROHIBITED critical open m LW-1; F3 LATE_ENTRY info noted y T-LAG; F4 PROHIBITED critical open m LW-1",
        kit_findings(&kit));
    kit_close(&kit);
}

/* A state that was left: nothing is blocked, what it breaks is a finding. */
static void test_late_entry(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<state id='a'><g:step id='x' required='no' repeat='yes' clause='CS-1'/><g:rule id='r' kind='prohibit' of='x' "
                   "clause='CS-5'/><transition event='go' target='b'/></state><state id='b'/>");
    REFUSED("GUARD_BLOCKED rule:r CS-5", kit_do(&kit, T "10:10", "周敏", "x", ""));
    OK(kit_send(&kit, T "10:20", "周敏", "go"));
    OK(kit_do(&kit, T "10:10/" T "10:30", "周敏", "x", ""));
    assert_string_equal("F1 PROHIBITED major open x CS-5", kit_findings(&kit));
    kit_close(&kit);
}

/* Armed while its state is active, as of the act. */
static void test_armed(void **state)
{
    struct kit kit;
    (void)state;
    kit_open(&kit, "<parallel id='p'><g:step id='x' required='no' repeat='yes' clause='CS-1'/><state id='r' initial='a'><state "
                   "id='a'><transition event='go' target='b'/></state><state id='b'><g:rule id='r' kind='prohibit' of='x' "
                   "mode='warn' clause='CS-5'/></state></state></parallel>");
    OK(kit_do(&kit, T "10:10", "周敏", "x", ""));
    OK(kit_send(&kit, T "10:20", "周敏", "go"));
    OK(kit_do(&kit, T "10:15/" T "10:30", "周敏", "x", ""));
    assert_string_equal("", kit_findings(&kit));
    OK(kit_do(&kit, T "10:31", "周敏", "x", ""));
    assert_string_equal("F1 PROHIBITED major open x CS-5", kit_findings(&kit));
    kit_close(&kit);
}

/* The root sees the steps of what it invoked, as P.S. */
static void test_whole_case(void **state)
{
    struct kit kit;
    (void)state;
    kit_new(&kit);
    kit_flow(&kit, "sub",
             "<state id='s'><g:step id='ask' required='no' repeat='yes' clause='CS-1'/><g:step id='tell' "
             "required='no' repeat='yes' clause='CS-2'/></state>");
    kit_flow(&kit, "flow",
             "<state id='a'><invoke id='sub' type='scxml' src='sub.scxml'/>"
             "<g:rule id='order' kind='precedes' first='sub.ask' of='sub.tell' mode='warn' clause='CS-4'/>"
             "<g:rule id='all' kind='limit' of='sub.*' max='2' within='P1D' mode='warn' clause='CS-5' "
             "when=\"_event.name ~= 'sub.none'\"/></state>");
    kit_start(&kit, "flow", T "10:00");
    OK(kit_do(&kit, T "10:10", "周敏", "sub.tell", ""));
    OK(kit_do(&kit, T "10:11", "周敏", "sub.ask", ""));
    OK(kit_do(&kit, T "10:12", "周敏", "sub.tell", ""));
    assert_string_equal("F1 ORDER_VIOLATION major open tell CS-4; F2 FREQ_EXCEEDED minor open tell CS-5", kit_findings(&kit));
    assert_string_equal("sub#1", last(&kit)->session);
    kit_close(&kit);
}

/* What is kept does not grow with the case. */
static void test_bounded(void **state)
{
    struct kit kit;
    size_t longest = 0;
    (void)state;
    open_rules(&kit, "<g:rule id='week' kind='limit' of='@marketing' max='9' within='P2D' mode='warn' clause='CS-5'/>"
                     "<g:rule id='sync' kind='max-gap' of='@marketing' within='P3D' clause='CS-5'/>");
    for (int day = 0; day < 240; day++) {
        char when[30];
        struct civil civil = civil_of_days(civil_days(2026, 3, 8) + day);
        snprintf(when, sizeof when, "%04d-%02d-%02dT10:00", civil.year, civil.month, civil.day);
        OK(kit_do(&kit, when, "周敏", "m", ""));
        if (day == 80) longest = strlen(kit.rows[0].facts);
    }
    assert_true(strlen(kit.rows[0].facts) <= longest + 200);
    assert_string_equal("", kit_findings(&kit));
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prohibit),   cmocka_unit_test(test_prohibit_as_of), cmocka_unit_test(test_limit),
        cmocka_unit_test(test_limit_sum),  cmocka_unit_test(test_min_gap),        cmocka_unit_test(test_share),
        cmocka_unit_test(test_silence),    cmocka_unit_test(test_silence_state),  cmocka_unit_test(test_precedes),
        cmocka_unit_test(test_data),       cmocka_unit_test(test_separate),       cmocka_unit_test(test_law_takes),
        cmocka_unit_test(test_late_entry), cmocka_unit_test(test_armed),          cmocka_unit_test(test_whole_case),
        cmocka_unit_test(test_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
