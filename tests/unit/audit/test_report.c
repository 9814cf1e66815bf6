/* The report's figures and one finding's write-up, on a record small enough to count by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "desk.h"

static struct value *report(struct guan *guan, struct caught *caught, const char *since, const char *until)
{
    struct guan_error error = {0};
    struct guan_sink sink = {catch_answer, caught};
    const struct guan_period period = {.since = since, .until = until};
    int code = guan_report(guan, &period, "7", &sink, &error);
    if (code != GUAN_OK) print_error("%s: %s\n", error.rule, error.text);
    assert_int_equal(code, GUAN_OK);
    return caught->answer;
}

static struct value *kpi(const struct value *value, const char *id)
{
    struct value *row = row_by(value_get(value, "kpis"), "id", id);
    assert_non_null(row);
    return row;
}

static void counts_are_those_of_the_record(void **state)
{
    (void)state;
    struct caught caught;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    desk_case(guan, &caught);
    struct value *value = report(guan, &caught, NULL, NULL), *summary = value_get(value, "summary");
    struct value *statement = value_get(value, "statement"), *kinds = value_get(value_get(statement, "counts"), "kinds");
    int64_t sum = 0;
    for (size_t i = 0; i < value_count(kinds); i++) sum += value_as_int(kinds->as.map.items[i].value);
    assert_int_equal(sum, value_get_int(summary, "entries"));
    assert_int_equal(value_get_int(value_get(statement, "checkpoint"), "size"), sum + 2); /* the two of publishing */
    assert_int_equal(value_get_int(kinds, "step"), 4);
    assert_int_equal(value_get_int(kinds, "waive"), 1);
    assert_int_equal(value_get_int(summary, "refused"), 1);
    assert_int_equal(value_get_int(summary, "late"), 1);
    assert_int_equal(value_get_int(summary, "findings"), 4); /* refused, late, waived, entered late */
    assert_int_equal(value_get_int(summary, "standing"), 0);
    assert_int_equal(value_get_int(value_get(summary, "code"), "LATE_ENTRY"), 1);
    struct value *clause = row_by(value_get(value, "clauses"), "clause", "C-2");
    assert_string_equal(value_get_text(clause, "title"), "迎接");
    assert_int_equal(value_get_int(clause, "total"), 3);
    assert_true(value_get_bool(statement, "virtual"));
    shop_close(guan, &caught);
}

static void rows_say_who_and_why(void **state)
{
    (void)state;
    struct caught caught;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    desk_case(guan, &caught);
    struct value *value = report(guan, &caught, NULL, NULL);
    struct value *waiver = value_at(value_get(value, "waivers"), 0), *late = value_at(value_get(value, "late"), 0),
                 *refused = value_at(value_get(value, "refused"), 0);
    assert_string_equal(value_get_text(waiver, "reason"), "客户赶时间");
    assert_string_equal(value_get_text(waiver, "who"), "陈静");
    assert_false(value_get_bool(waiver, "erased"));
    assert_string_equal(value_get_text(late, "due_local"), "2026-03-07 10:03");
    assert_int_equal(value_get_int(late, "late_ms"), 2 * MS_MINUTE);
    assert_string_equal(value_get_text(refused, "tried"), "event");
    assert_string_equal(value_get_text(refused, "rule"), "gate");
    assert_int_equal(value_get_int(value_get(value_get(value, "duties"), "auth"), "claimed"), 7);
    shop_close(guan, &caught);
}

static void a_reason_can_be_erased(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    const char *kase = desk_case(guan, &caught);
    assert_int_equal(store_begin(guan->store, true, &error), GUAN_OK);
    assert_int_equal(store_erase(guan->store, kase, &error), GUAN_OK);
    assert_int_equal(store_commit(guan->store, &error), GUAN_OK);
    struct value *value = report(guan, &caught, NULL, NULL), *waiver = value_at(value_get(value, "waivers"), 0);
    assert_null(value_get(waiver, "reason"));
    assert_true(value_get_bool(waiver, "erased"));
    assert_int_equal(value_get_int(value_get(value, "summary"), "erased"), 1);
    shop_close(guan, &caught);
}

static void a_period_cuts(void **state)
{
    (void)state;
    struct caught caught;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    desk_case(guan, &caught);
    int64_t all = value_get_int(value_get(report(guan, &caught, NULL, NULL), "summary"), "entries");
    struct value *first = report(guan, &caught, NULL, "2026-03-07"), *rest = report(guan, &caught, "2026-03-08", NULL);
    int64_t early = value_get_int(value_get(first, "summary"), "entries"),
            late = value_get_int(value_get(rest, "summary"), "entries");
    assert_int_equal(early + late, all); /* the day named by until belongs to it */
    assert_int_equal(late, 2);           /* the note and its LATE_ENTRY */
    assert_int_equal(value_get_int(value_get(rest, "summary"), "findings"), 1);
    assert_int_equal(value_count(value_get(rest, "waivers")), 0);
    assert_int_equal(value_get_int(value_get(report(guan, &caught, "2026-04-01", NULL), "summary"), "cases"), 0);
    struct guan_error error = {0};
    const struct guan_period wrong = {.since = "soon"};
    assert_int_equal(guan_report(guan, &wrong, NULL, NULL, &error), GUAN_USAGE);
    const struct guan_period nobody = {.dealer = "none"};
    assert_int_equal(guan_report(guan, &nobody, NULL, NULL, &error), GUAN_USAGE);
    assert_string_equal(error.rule, "unknown-dealer");
    shop_close(guan, &caught);
}

static void weeks_and_stages(void **state)
{
    (void)state;
    struct caught caught;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    desk_case(guan, &caught);
    struct value *value = report(guan, &caught, NULL, NULL), *weeks = value_get(value, "weeks");
    assert_int_equal(value_count(weeks), 3); /* the one between has nothing, and is there */
    assert_string_equal(value_get_text(value_at(weeks, 0), "monday"), "2026-03-02");
    assert_int_equal(value_get_int(value_at(weeks, 1), "entries"), 0);
    assert_string_equal(value_get_text(value_at(weeks, 2), "monday"), "2026-03-16");
    assert_int_equal(value_get_int(value_at(weeks, 0), "waivers"), 1);
    struct value *stage = row_by(value_get(value, "stages"), "state", "present");
    assert_int_equal(value_get_int(stage, "count"), 2); /* 10:02 to 10:05, and ten seconds */
    assert_int_equal(value_get_int(stage, "min_ms"), 10 * MS_SECOND);
    assert_int_equal(value_get_int(stage, "max_ms"), 3 * MS_MINUTE);
    assert_int_equal(value_get_int(stage, "p90_ms"), 3 * MS_MINUTE);
    shop_close(guan, &caught);
}

static void key_figures(void **state)
{
    (void)state;
    struct caught caught;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    desk_case(guan, &caught);
    struct value *value = report(guan, &caught, NULL, NULL);
    assert_int_equal(value_get_int(kpi(value, "waivers"), "count"), 1);
    assert_int_equal(value_get_int(kpi(value, "waivers"), "base"), 1);
    assert_int_equal(value_get_int(kpi(value, "late_entry"), "count"), 1);
    assert_int_equal(value_get_int(kpi(value, "late_entry"), "base"), 5);
    assert_int_equal(value_get_int(kpi(value, "thanks"), "base"), 0);
    shop_close(guan, &caught);
}

static struct value *finding(struct guan *guan, struct caught *caught, const char *kase, const char *fid, int expected)
{
    struct guan_error error = {0};
    struct guan_sink sink = {catch_answer, caught};
    assert_int_equal(guan_finding(guan, kase, fid, &sink, &error), expected);
    return caught->answer;
}

static void a_finding_is_written_up(void **state)
{
    (void)state;
    struct caught caught;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    const char *kase = desk_case(guan, &caught);
    struct value *value = finding(guan, &caught, kase, "F2", GUAN_OK), *criterion = value_get(value, "criterion"),
                 *condition = value_get(value, "condition");
    assert_string_equal(value_get_text(value, "code"), "STEP_LATE");
    assert_string_equal(value_get_text(value_at(value_get(criterion, "clauses"), 0), "title"), "迎接");
    assert_string_equal(value_get_text(value_get(criterion, "deadline"), "within"), "PT1M");
    assert_int_equal(value_get_int(condition, "late_ms"), 2 * MS_MINUTE);
    struct value *evidence = value_get(value, "evidence");
    assert_int_equal(value_count(evidence), 2); /* the timer that missed it, the step that came */
    assert_string_equal(value_get_text(value_at(evidence, 0), "kind"), "timer");
    assert_string_equal(value_get_text(value_at(evidence, 1), "who"), "周敏");
    assert_int_equal(value_count(value_get(value, "history")), 2);
    assert_non_null(strstr(value_get_text(value_at(value_get(value, "commands"), 0), "command"), "guan audit prove "));
    /* the waiver's reason is disclosed; the case may stand in front */
    char name[100];
    snprintf(name, sizeof name, "%s:F3", kase);
    value = finding(guan, &caught, NULL, name, GUAN_OK);
    struct value *disclosed = value_get(value_at(value_get(value, "evidence"), 0), "disclosed");
    assert_string_equal(value_get_text(value_at(disclosed, 0), "value"), "客户赶时间");
    finding(guan, &caught, kase, "F99", GUAN_USAGE);
    finding(guan, &caught, NULL, "F2", GUAN_USAGE);
    shop_close(guan, &caught);
}

static struct value *standing(struct guan *guan, struct caught *caught, const char *clause, int expected)
{
    struct guan_error error = {0};
    struct guan_sink sink = {catch_answer, caught};
    const struct guan_filter filter = {.clause = clause};
    caught->all = value_list(caught->arena);
    assert_int_equal(guan_findings(guan, &filter, &sink, &error), expected);
    return caught->all;
}

static void what_nobody_did_has_nobody(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    const char *kase = shop_case(guan, &caught);
    assert_int_equal(shop_step(guan, &caught, kase, "visit.arrive", "2026-03-07T10:02:00", "channel", "shop", &error), GUAN_OK);
    assert_int_equal(shop_step(guan, &caught, kase, "note", "2026-03-07T11:00:00", "text", "x", &error), GUAN_OK);
    const struct value *row = row_by(standing(guan, &caught, "C", GUAN_NO), "code", "STEP_MISSING");
    assert_non_null(row);
    assert_null(value_get(row, "actor"));
    assert_null(value_get(row, "who"));
    assert_non_null(value_get(row, "found_by"));
    const struct value *late = value_at(value_get(report(guan, &caught, NULL, NULL), "late"), 0);
    assert_null(value_get(late, "actor"));
    assert_non_null(value_get(late, "found_by"));
    const struct value *condition = value_get(finding(guan, &caught, kase, "F1", GUAN_OK), "condition");
    assert_non_null(value_get(condition, "found_by"));
    assert_int_equal(shop_step(guan, &caught, kase, "visit.greet", "2026-03-07T12:00:00", NULL, NULL, &error), GUAN_OK);
    row = row_by(standing(guan, &caught, "C-2", GUAN_NO), "fid", "F1"); /* now somebody has */
    assert_string_equal(value_get_text(row, "who"), "周敏");
    assert_null(value_get(row, "found_by"));
    assert_int_equal(value_count(standing(guan, &caught, "C-1", GUAN_OK)), 0);
    struct guan_sink sink = {catch_answer, &caught};
    assert_int_equal(guan_findings(guan, &(struct guan_filter){.clause = "C-20"}, &sink, &error), GUAN_USAGE);
    assert_string_equal(error.rule, "unknown-clause");
    shop_close(guan, &caught);
}

static void a_refusal_says_why(void **state)
{
    (void)state;
    struct caught caught;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    const char *kase = desk_case(guan, &caught);
    const struct value *why = value_get(finding(guan, &caught, kase, "F1", GUAN_OK), "why");
    assert_string_equal(value_get_text(why, "reason"), "gate");
    assert_true(value_get_bool(why, "refused"));
    assert_false(value_get_bool(value_get(finding(guan, &caught, kase, "F2", GUAN_OK), "why"), "refused"));
    struct guan_command note = {.verb = GUAN_STEP,
                                .kase = kase,
                                .name = "note",
                                .actor = "陈静",
                                .at = "2026-03-17T09:00:00",
                                .fields = &(struct guan_pair){"text", "x"},
                                .field_count = 1};
    desk_do(guan, &caught, &note, GUAN_NO);
    why = value_get(finding(guan, &caught, kase, "F5", GUAN_OK), "why");
    assert_string_equal(value_get_text(why, "reason"), "role");
    assert_string_equal(value_get_text(value_at(value_get(why, "held"), 0), "title"), "店长");
    assert_string_equal(value_get_text(value_at(value_get(why, "needed"), 0), "title"), "店员");
    shop_close(guan, &caught);
}

static void no_number_no_sample(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error = {0};
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    struct guan_sink sink = {catch_answer, &caught};
    desk_case(guan, &caught);
    assert_non_null(value_get(report(guan, &caught, NULL, NULL), "sample"));
    assert_int_equal(guan_report(guan, NULL, NULL, &sink, &error), GUAN_OK);
    assert_null(value_get(caught.answer, "sample"));
    const struct value *checkpoint = value_get(value_get(caught.answer, "statement"), "checkpoint");
    assert_int_equal(strlen(value_get_text(checkpoint, "root")), 44); /* as a checkpoint has it */
    assert_int_equal(strlen(value_get_text(checkpoint, "root_hex")), 64);
    shop_close(guan, &caught);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_those_of_the_record),
        cmocka_unit_test(rows_say_who_and_why),
        cmocka_unit_test(a_reason_can_be_erased),
        cmocka_unit_test(a_period_cuts),
        cmocka_unit_test(weeks_and_stages),
        cmocka_unit_test(key_figures),
        cmocka_unit_test(a_finding_is_written_up),
        cmocka_unit_test(what_nobody_did_has_nobody),
        cmocka_unit_test(a_refusal_says_why),
        cmocka_unit_test(no_number_no_sample),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
