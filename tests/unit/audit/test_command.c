/* Commands through the public interface, on a store in memory: carried out, refused, wrong, repeated. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "shop.h"

static struct value *journal(struct guan *guan, struct caught *caught, const char *kase)
{
    struct guan_error error = {0};
    struct caught log = {caught->arena, NULL, value_list(caught->arena)};
    struct guan_sink sink = {catch_answer, &log};
    assert_int_equal(guan_log(guan, kase, &sink, &error), GUAN_OK);
    return log.all;
}

static size_t count_kind(const struct value *entries, const char *kind)
{
    size_t count = 0;
    for (size_t i = 0; i < value_count(entries); i++) count += text_equal(value_get_text(value_at(entries, i), "kind"), kind);
    return count;
}

static struct value *findings(struct guan *guan, struct caught *caught, const char *kase)
{
    struct guan_error error = {0};
    struct caught rows = {caught->arena, NULL, value_list(caught->arena)};
    struct guan_sink sink = {catch_answer, &rows};
    struct guan_filter filter = {.kase = kase};
    int code = guan_findings(guan, &filter, &sink, &error);
    assert_int_equal(code, value_count(rows.all) ? GUAN_NO : GUAN_OK);
    return rows.all;
}

static int verify(struct guan *guan)
{
    struct guan_error error = {0};
    struct guan_sink none = {NULL, NULL};
    return guan_verify(guan, &none, &error);
}

static void a_step_starts_a_flow(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    const char *kase = shop_case(guan, &caught);
    assert_int_equal(shop_step(guan, &caught, kase, "visit.arrive", "2026-03-07T10:02:00", "channel", "shop", &error), GUAN_OK);
    struct value *did = value_get(caught.answer, "did");
    assert_string_equal(value_get_text(did, "session"), "visit#1");
    struct value *entries = journal(guan, &caught, kase);
    /* open, its transition; the step, the root's transition, visit's initial one, visit's on arrive */
    assert_int_equal(count_kind(entries, "open"), 1);
    assert_int_equal(count_kind(entries, "step"), 1);
    assert_int_equal(count_kind(entries, "transition"), 4);
    assert_int_equal(value_get_int(value_at(entries, value_count(entries) - 1), "n"), (int64_t)value_count(entries));
    assert_int_equal(verify(guan), GUAN_OK);
    shop_close(guan, &caught);
}

static void a_gate_refuses_and_says_why(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    const char *kase = shop_case(guan, &caught);
    shop_step(guan, &caught, kase, "visit.arrive", "2026-03-07T10:02:00", "channel", "shop", &error);
    struct guan_command leave = {
        .verb = GUAN_SEND, .kase = kase, .name = "visit.leave", .actor = "周敏", .at = "2026-03-07T10:02:30"};
    assert_int_equal(shop_do(guan, &caught, &leave, &error), GUAN_NO);
    struct value *refused = value_get(caught.answer, "refused");
    assert_string_equal(value_get_text(refused, "code"), "GUARD_BLOCKED");
    assert_string_equal(value_as_text(value_at(value_get(refused, "clause"), 0)), "C-2");
    assert_string_equal(value_get_text(value_at(value_get(refused, "missing"), 0), "step"), "greet");
    char next[80];
    snprintf(next, sizeof next, "guan do %s visit.greet", kase);
    assert_string_equal(value_as_text(value_at(value_get(refused, "next"), 0)), next);
    struct value *entries = journal(guan, &caught, kase);
    assert_int_equal(count_kind(entries, "refuse"), 1);
    assert_int_equal(count_kind(entries, "finding"), 1);
    /* the case stands where it stood */
    assert_int_equal(shop_step(guan, &caught, kase, "visit.greet", "2026-03-07T10:02:40", NULL, NULL, &error), GUAN_OK);
    assert_int_equal(value_count(findings(guan, &caught, kase)), 1);
    assert_int_equal(verify(guan), GUAN_OK);
    shop_close(guan, &caught);
}

static void a_typo_writes_nothing(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    const char *kase = shop_case(guan, &caught);
    size_t before = value_count(journal(guan, &caught, kase));
    assert_int_equal(shop_step(guan, &caught, kase, "visit.arive", "2026-03-07T10:02:00", "channel", "shop", &error), GUAN_USAGE);
    assert_int_equal(shop_step(guan, &caught, kase, "visit.arrive", "2026-03-07T10:02:00", "channel", "tram", &error),
                     GUAN_USAGE);
    assert_int_equal(shop_step(guan, &caught, kase, "note", "2026-03-07T10:02:00", NULL, NULL, &error), GUAN_USAGE);
    assert_int_equal(shop_step(guan, &caught, kase, "note", "2026-03-07T09:00:00", "text", "x", &error), GUAN_USAGE);
    assert_int_equal(shop_step(guan, &caught, "nosuch", "note", "2026-03-07T10:02:00", "text", "x", &error), GUAN_USAGE);
    assert_int_equal(value_count(journal(guan, &caught, kase)), before);
    shop_close(guan, &caught);
}

static void a_deadline_fires_before_the_command(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    const char *kase = shop_case(guan, &caught);
    shop_step(guan, &caught, kase, "visit.arrive", "2026-03-07T10:02:00", "channel", "shop", &error);
    struct guan_command tick = {.verb = GUAN_TICK, .until = "2026-03-07T10:02:59"};
    assert_int_equal(shop_do(guan, &caught, &tick, &error), GUAN_OK);
    assert_int_equal(value_count(value_get(caught.answer, "fired")), 0);
    assert_int_equal(shop_step(guan, &caught, kase, "visit.greet", "2026-03-07T10:05:00", NULL, NULL, &error), GUAN_OK);
    assert_int_equal(value_count(value_get(caught.answer, "fired")), 1);
    struct value *rows = findings(guan, &caught, kase);
    assert_int_equal(value_count(rows), 1);
    assert_string_equal(value_get_text(value_at(rows, 0), "code"), "STEP_LATE");
    assert_int_equal(value_get_int(value_at(rows, 0), "late_ms"), 2 * MS_MINUTE);
    shop_close(guan, &caught);
}

static void a_late_entry_in_time_withdraws(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    const char *kase = shop_case(guan, &caught);
    shop_step(guan, &caught, kase, "visit.arrive", "2026-03-07T10:02:00", "channel", "shop", &error);
    struct guan_command greet = {.verb = GUAN_STEP,
                                 .kase = kase,
                                 .name = "visit.greet",
                                 .actor = "周敏",
                                 .at = "2026-03-07T10:02:40",
                                 .rec = "2026-03-07T13:00:00"};
    assert_int_equal(shop_do(guan, &caught, &greet, &error), GUAN_OK);
    struct value *rows = findings(guan, &caught, kase);
    assert_int_equal(value_count(rows), 2);
    for (size_t i = 0; i < 2; i++) {
        const char *code = value_get_text(value_at(rows, i), "code"), *status = value_get_text(value_at(rows, i), "status");
        if (strcmp(code, "LATE_ENTRY") == 0) assert_string_equal(status, "noted");
        else assert_string_equal(status, "withdrawn");
    }
    shop_close(guan, &caught);
}

static void a_waiver_shows(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    const char *kase = shop_case(guan, &caught);
    shop_step(guan, &caught, kase, "visit.arrive", "2026-03-07T10:02:00", "channel", "shop", &error);
    struct guan_command waive = {.verb = GUAN_WAIVE,
                                 .kase = kase,
                                 .name = "visit.greet",
                                 .actor = "周敏",
                                 .at = "2026-03-07T10:02:10",
                                 .reason = "客户赶时间"};
    assert_int_equal(shop_do(guan, &caught, &waive, &error), GUAN_NO);
    assert_string_equal(value_get_text(value_get(caught.answer, "refused"), "code"), "ROLE_DENIED");
    waive.actor = "陈静";
    assert_int_equal(shop_do(guan, &caught, &waive, &error), GUAN_OK);
    struct value *rows = findings(guan, &caught, kase);
    assert_int_equal(value_count(rows), 2);
    assert_string_equal(value_get_text(value_at(rows, 1), "code"), "OVERRIDE_USED");
    /* complete.present was raised: the visit is over */
    assert_null(strstr(value_get_text(value_at(journal(guan, &caught, kase), 0), "kind"), "refuse"));
    assert_int_equal(shop_step(guan, &caught, kase, "visit.arrive", "2026-03-07T11:00:00", "channel", "phone", &error), GUAN_OK);
    assert_string_equal(value_get_text(value_get(caught.answer, "did"), "session"), "visit#2");
    shop_close(guan, &caught);
}

static void an_id_is_carried_out_once(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    const char *kase = shop_case(guan, &caught);
    const struct guan_pair text = {"text", "红色"};
    struct guan_command note = {.verb = GUAN_STEP,
                                .id = "c-1",
                                .kase = kase,
                                .name = "note",
                                .actor = "周敏",
                                .at = "2026-03-07T10:03:00",
                                .fields = &text,
                                .field_count = 1};
    assert_int_equal(shop_do(guan, &caught, &note, &error), GUAN_OK);
    struct value *first = caught.answer;
    size_t entries = value_count(journal(guan, &caught, kase));
    assert_int_equal(shop_do(guan, &caught, &note, &error), GUAN_OK);
    assert_true(value_equal(first, caught.answer));
    assert_int_equal(value_count(journal(guan, &caught, kase)), entries);
    shop_close(guan, &caught);
}

static void a_loop_is_a_refusal(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    const char *kase = shop_case(guan, &caught);
    shop_step(guan, &caught, kase, "visit.arrive", "2026-03-07T10:02:00", "channel", "shop", &error);
    assert_int_equal(shop_step(guan, &caught, kase, "visit.loop", "2026-03-07T10:02:10", NULL, NULL, &error), GUAN_NO);
    assert_string_equal(value_get_text(value_get(caught.answer, "refused"), "code"), "GUARD_BLOCKED");
    assert_string_equal(value_get_text(value_get(caught.answer, "refused"), "reason"), "script-budget");
    assert_int_equal(shop_step(guan, &caught, kase, "visit.greet", "2026-03-07T10:02:20", NULL, NULL, &error), GUAN_OK);
    assert_int_equal(verify(guan), GUAN_OK);
    shop_close(guan, &caught);
}

static void a_bad_hook_is_a_refusal(void **state)
{
    static const char *const hooks[][2] = {
        {"function validate(step, form, case) while true do end end", "script-budget"},
        {"function validate(step, form, case) local t = {} while true do t[#t + 1] = ('x'):rep(10000) .. #t end end",
         "script-budget"},
        {"function validate(step, form, case) return form.nothing.at_all end", "hook-error"},
        {"function validate(step, form, case) if step.id == 'greet' then return false, 'HOUSE_RULE' end end", "HOUSE_RULE"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++) {
        struct caught caught;
        struct guan_error error;
        struct guan *guan = shop_open(":memory:", hooks[i][0], &caught);
        const char *kase = shop_case(guan, &caught);
        int code = shop_step(guan, &caught, kase, i == 3 ? "visit.arrive" : "note", "2026-03-07T10:02:00",
                             i == 3 ? "channel" : "text", i == 3 ? "shop" : "x", &error);
        if (i == 3) {
            assert_int_equal(code, GUAN_OK);
            code = shop_step(guan, &caught, kase, "visit.greet", "2026-03-07T10:02:10", NULL, NULL, &error);
        }
        assert_int_equal(code, GUAN_NO);
        assert_string_equal(value_get_text(value_get(caught.answer, "refused"), "reason"), hooks[i][1]);
        assert_int_equal(verify(guan), GUAN_OK);
        shop_close(guan, &caught);
    }
}

static int search(void *user, const struct entry_row *row)
{
    static const char *const personal[] = {"王磊", "13800000001", "红色", "客户赶时间", "周敏"};
    size_t *found = user;
    for (size_t i = 0; i < sizeof personal / sizeof *personal; i++)
        for (size_t k = 0; k + strlen(personal[i]) <= row->length; k++)
            if (memcmp(row->bytes + k, personal[i], strlen(personal[i])) == 0) (*found)++;
    return GUAN_OK;
}

static void personal_values_stay_out_of_the_journal(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    const char *kase = shop_case(guan, &caught);
    size_t found = 0;
    assert_int_equal(shop_step(guan, &caught, kase, "note", "2026-03-07T10:02:00", "text", "红色", &error), GUAN_OK);
    assert_int_equal(shop_step(guan, &caught, kase, "note", "2026-03-07T10:03:00", "text", "王磊", &error), GUAN_OK);
    assert_int_equal(store_begin(guan->store, false, &error), GUAN_OK);
    assert_int_equal(store_entry_each(guan->store, 0, search, &found, &error), GUAN_OK);
    store_rollback(guan->store);
    assert_int_equal(found, 0);
    shop_close(guan, &caught);
}

static const struct value *last_of(const struct value *entries, const char *kind)
{
    for (size_t i = value_count(entries); i-- > 0;)
        if (text_equal(value_get_text(value_at(entries, i), "kind"), kind)) return value_at(entries, i);
    return NULL;
}

static void a_correction_keeps_both(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    const char *kase = shop_case(guan, &caught);
    const struct guan_pair fields[] = {{"text", "红色"}, {"count", "3"}}, right = {"count", "5"};
    struct guan_command note = {.verb = GUAN_STEP,
                                .kase = kase,
                                .name = "note",
                                .actor = "周敏",
                                .at = "2026-03-07T10:03:00",
                                .fields = fields,
                                .field_count = 2};
    assert_int_equal(shop_do(guan, &caught, &note, &error), GUAN_OK);
    uint64_t n = (uint64_t)value_get_int(caught.answer, "n");
    struct guan_command amend = {.verb = GUAN_AMEND,
                                 .kase = kase,
                                 .entry = n,
                                 .actor = "周敏",
                                 .at = "2026-03-07T10:05:00",
                                 .fields = &right,
                                 .field_count = 1};
    assert_int_equal(shop_do(guan, &caught, &amend, &error), GUAN_USAGE); /* a correction has a reason */
    amend.reason = "数错了";
    assert_int_equal(shop_do(guan, &caught, &amend, &error), GUAN_OK);
    struct value *entries = journal(guan, &caught, kase);
    assert_int_equal(value_get_int(value_get(last_of(entries, "step"), "form"), "count"), 3);
    assert_int_equal(value_get_int(value_get(last_of(entries, "amend"), "form"), "count"), 5);
    assert_int_equal(value_as_int(value_at(value_get(last_of(entries, "amend"), "refs"), 0)), (int64_t)n);
    amend.entry = 1; /* the opening is no step */
    assert_int_equal(shop_do(guan, &caught, &amend, &error), GUAN_USAGE);
    amend.entry = 1000;
    assert_int_equal(shop_do(guan, &caught, &amend, &error), GUAN_USAGE);
    assert_int_equal(verify(guan), GUAN_OK);
    shop_close(guan, &caught);
}

static void a_corrected_anchor_moves_the_deadline(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    const char *kase = shop_case(guan, &caught);
    struct guan_sink sink = {catch_answer, &caught};
    const struct guan_pair at = {"at", "2026-03-07T10:02:30"};
    shop_step(guan, &caught, kase, "visit.arrive", "2026-03-07T10:02:00", "channel", "shop", &error);
    struct guan_command amend = {.verb = GUAN_AMEND,
                                 .kase = kase,
                                 .entry = (uint64_t)value_get_int(caught.answer, "n"),
                                 .actor = "周敏",
                                 .at = "2026-03-07T10:02:40",
                                 .fields = &at,
                                 .field_count = 1,
                                 .reason = "钟慢了"};
    assert_int_equal(shop_do(guan, &caught, &amend, &error), GUAN_OK);
    assert_int_equal(guan_show(guan, kase, &sink, &error), GUAN_OK);
    const struct value *deadline = value_at(value_get(caught.answer, "deadlines"), 0);
    assert_string_equal(value_get_text(deadline, "due"), "2026-03-07T02:03:30.000Z");
    assert_int_equal(shop_step(guan, &caught, kase, "visit.greet", "2026-03-07T10:03:20", NULL, NULL, &error), GUAN_OK);
    assert_int_equal(value_count(findings(guan, &caught, kase)), 0);
    shop_close(guan, &caught);
}

static void a_case_gets_an_owner(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    const char *kase = shop_case(guan, &caught);
    struct guan_sink sink = {catch_answer, &caught};
    struct guan_command assign = {
        .verb = GUAN_ASSIGN, .kase = kase, .name = "周敏", .actor = "陈静", .at = "2026-03-07T10:05:00"};
    assert_int_equal(shop_do(guan, &caught, &assign, &error), GUAN_OK);
    assert_int_equal(guan_show(guan, kase, &sink, &error), GUAN_OK);
    assert_string_equal(value_get_text(caught.answer, "owner"), "周敏");
    assert_string_equal(value_get_text(value_get(last_of(journal(guan, &caught, kase), "assign"), "facts"), "owner"), "staff:1");
    assign.name = "无名";
    assert_int_equal(shop_do(guan, &caught, &assign, &error), GUAN_USAGE);
    shop_close(guan, &caught);
}

/* A visit whose greeting comes late, with a tick every so many seconds; 0: no worker at all. */
static struct value *findings_with_worker(struct caught *caught, int seconds)
{
    struct guan_error error;
    struct guan *guan = shop_open(":memory:", NULL, caught);
    const char *kase = shop_case(guan, caught);
    struct value *kept = value_list(caught->arena);
    shop_step(guan, caught, kase, "visit.arrive", "2026-03-07T10:02:00", "channel", "shop", &error);
    for (int at = seconds; seconds && at <= 300; at += seconds) {
        char until[40];
        snprintf(until, sizeof until, "2026-03-07T10:%02d:%02d", 2 + at / 60, at % 60);
        struct guan_command tick = {.verb = GUAN_TICK, .until = until};
        assert_int_equal(shop_do(guan, caught, &tick, &error), GUAN_OK);
    }
    assert_int_equal(shop_step(guan, caught, kase, "visit.greet", "2026-03-07T10:08:00", NULL, NULL, &error), GUAN_OK);
    struct value *rows = findings(guan, caught, kase);
    static const char *const keys[] = {"fid", "code", "severity", "status", "clause", "step", "due", "at", "late_ms"};
    for (size_t i = 0; i < value_count(rows); i++) {
        struct value *row = value_map(caught->arena);
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            value_set(caught->arena, row, keys[k], value_get(value_at(rows, i), keys[k]));
        value_add(caught->arena, kept, row);
    }
    guan_close(guan);
    return kept;
}

static void a_worker_changes_no_finding(void **state)
{
    (void)state;
    struct caught none, busy, lazy;
    struct value *without = findings_with_worker(&none, 0);
    assert_int_equal(value_count(without), 1);
    assert_true(value_equal(without, findings_with_worker(&busy, 7)));
    assert_true(value_equal(without, findings_with_worker(&lazy, 300)));
    arena_free(none.arena);
    arena_free(busy.arena);
    arena_free(lazy.arena);
}

/* Allocation 1, 2, 3, … fails until the command succeeds: never a crash, never half a command. */
static void memory_runs_out(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    const char *kase = shop_case(guan, &caught);
    const struct guan_pair channel = {"channel", "shop"};
    struct guan_command arrive = {.verb = GUAN_STEP,
                                  .kase = kase,
                                  .name = "visit.arrive",
                                  .actor = "周敏",
                                  .at = "2026-03-07T10:02:00",
                                  .fields = &channel,
                                  .field_count = 1};
    struct guan_sink none = {NULL, NULL};
    size_t entries = value_count(journal(guan, &caught, kase));
    int code = GUAN_FAILED;
    uint64_t n = 0;
    while (code != GUAN_OK && n < 100000) {
        memory_fail_after(++n);
        error_clear(&error);
        code = guan_command(guan, &arrive, &none, &error);
        memory_fail_after(0);
        if (code != GUAN_OK) {
            if (code != GUAN_FAILED)
                print_error("allocation %llu: %d %s %s\n", (unsigned long long)n, code, error.rule, error.text);
            assert_int_equal(code, GUAN_FAILED);
            if (n % 16 == 0) assert_int_equal(value_count(journal(guan, &caught, kase)), entries);
        }
    }
    assert_int_equal(code, GUAN_OK);
    assert_true(n > 20);
    assert_int_equal(verify(guan), GUAN_OK);
    shop_close(guan, &caught);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_starts_a_flow),
        cmocka_unit_test(a_gate_refuses_and_says_why),
        cmocka_unit_test(a_typo_writes_nothing),
        cmocka_unit_test(a_deadline_fires_before_the_command),
        cmocka_unit_test(a_late_entry_in_time_withdraws),
        cmocka_unit_test(a_waiver_shows),
        cmocka_unit_test(an_id_is_carried_out_once),
        cmocka_unit_test(a_loop_is_a_refusal),
        cmocka_unit_test(a_bad_hook_is_a_refusal),
        cmocka_unit_test(personal_values_stay_out_of_the_journal),
        cmocka_unit_test(a_correction_keeps_both),
        cmocka_unit_test(a_corrected_anchor_moves_the_deadline),
        cmocka_unit_test(a_case_gets_an_owner),
        cmocka_unit_test(a_worker_changes_no_finding),
        cmocka_unit_test(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
