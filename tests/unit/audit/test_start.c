/* A step that starts a flow: what the root sees of it before there is a session; and hooks' answers in the journal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "shop.h"

#define SCXML "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:g='urn:guan:1' version='1.0' datamodel='lua' "

static const char root[] =
    SCXML "name='root' initial='idle'>"
          "<state id='idle'><g:step id='note' offer='any' mode='warn' clause='C-1'><g:field name='n' type='integer'/></g:step>"
          "<transition event='visit.arrive' cond=\"_event.data.channel == 'phone'\" target='calls'/>"
          "<transition event='visit.arrive' cond=\"_event.data.who == 'party:1' and _event.data.rows == 3\" target='visits'/>"
          "<transition event='visit.arrive' cond=\"_event.data.who and _event.data.who ~= '李娜'\" target='strangers'/></state>"
          "<state id='visits'><invoke type='scxml' src='visit.scxml'/></state>"
          "<state id='calls'><invoke type='scxml' src='visit.scxml'/></state>"
          "<state id='strangers'><invoke type='scxml' src='visit.scxml'/></state></scxml>";
static const char visit[] =
    SCXML "name='visit'><state id='opening'>"
          "<g:step id='arrive' required='no'><g:field name='channel' type='choice' of='shop phone' required='no'/>"
          "<g:field name='who' required='no'/><g:field name='rows' type='integer' required='no'/></g:step>"
          "<g:step id='late' required='no'><g:deadline id='far' within='PT1H' when=\"steps['root.note'].done\"/></g:step>"
          "</state></scxml>";
static const char hooks[] = "function due(d) if d.id == 'far' then return 'PT9H' end end\n"
                            "function guard(e) if e.name == 'note' then return false, 'PRIVACY' end end\n";

static struct guan *open_store(struct caught *caught)
{
    const struct {
        const char *path, *text;
    } files[] = {{"processes/root.scxml", root},
                 {"processes/visit.scxml", visit},
                 {"processes/standards/c.xml", shop_clauses},
                 {"processes/parameters.xml", shop_parameters},
                 {"processes/roles.xml", shop_roles},
                 {"scripts/dealers/base/dealer.xml", shop_dealer},
                 {"scripts/dealers/base/hooks.lua", hooks}};
    struct store *store = NULL;
    struct guan *guan = NULL;
    struct bundle *bundle = NULL;
    struct guan_error error = {0};
    struct guan_sink sink = {catch_answer, caught};
    *caught = (struct caught){.arena = arena_new()};
    caught->all = value_list(caught->arena);
    assert_int_equal(bundle_new(&bundle, &error), GUAN_OK);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        assert_int_equal(bundle_add(bundle, files[i].path, files[i].text, strlen(files[i].text), &error), GUAN_OK);
    assert_int_equal(store_open_new(":memory:", STORE_VIRTUAL | STORE_CLAIMED, &store, &error), GUAN_OK);
    assert_int_equal(guan_attach(store, &guan, &error), GUAN_OK);
    if (guan_publish(guan, bundle, &sink, &error) != GUAN_OK) fail_msg("%s", error.text);
    bundle_free(bundle);
    return guan;
}

static int arrive(struct guan *guan, struct caught *caught, const char *kase, const char *name, const char *value,
                  const char *rows, struct guan_error *error)
{
    struct guan_pair pairs[2] = {{name, value}, {"rows", rows}};
    struct guan_command command = {.verb = GUAN_STEP,
                                   .kase = kase,
                                   .name = "visit.arrive",
                                   .actor = "周敏",
                                   .at = "2026-03-07T10:02:00",
                                   .fields = pairs,
                                   .field_count = rows ? 2 : 1};
    return shop_do(guan, caught, &command, error);
}

/* The state of the root that the transition led to. */
static const char *led_to(struct guan *guan, struct caught *caught, const char *kase)
{
    struct guan_error error = {0};
    struct caught log = {caught->arena, NULL, value_list(caught->arena)};
    struct guan_sink sink = {catch_answer, &log};
    assert_int_equal(guan_log(guan, kase, &sink, &error), GUAN_OK);
    const char *to = "";
    for (size_t i = 0; i < value_count(log.all); i++) {
        const struct value *entry = value_at(log.all, i);
        if (text_equal(value_get_text(entry, "event"), "visit.arrive") && text_equal(value_get_text(entry, "sess"), "root#1"))
            to = value_as_text(value_at(value_get(entry, "to"), 0));
    }
    return to;
}

static void the_root_sees_the_form(void **state)
{
    static const struct {
        const char *name, *value, *rows, *to;
    } tries[] = {{"channel", "phone", NULL, "calls"},
                 {"who", "王磊", "3", "visits"},     /* a party's name is its id */
                 {"who", "李娜", "3", "strangers"}}; /* another one a token */
    (void)state;
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        struct caught caught;
        struct guan_error error;
        struct guan *guan = open_store(&caught);
        const char *kase = shop_case(guan, &caught);
        int code = arrive(guan, &caught, kase, tries[i].name, tries[i].value, tries[i].rows, &error);
        if (code != GUAN_OK) fail_msg("%s: %s", tries[i].to, error.text);
        assert_string_equal(led_to(guan, &caught, kase), tries[i].to);
        shop_close(guan, &caught);
    }
}

static void what_starts_nothing_is_said(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = open_store(&caught);
    const char *kase = shop_case(guan, &caught);
    assert_int_equal(arrive(guan, &caught, kase, "channel", "shop", NULL, &error), GUAN_USAGE);
    assert_string_equal(error.rule, "not-started");
    assert_int_equal(arrive(guan, &caught, kase, "channel", "fax", NULL, &error), GUAN_USAGE);
    assert_string_equal(error.rule, "field-format");
    assert_int_equal(arrive(guan, &caught, kase, "chanel", "shop", NULL, &error), GUAN_USAGE);
    assert_string_equal(error.rule, "unknown-field");
    shop_close(guan, &caught);
}

/* A guard's no with a finding's code where nothing is blocked; a HOOK_ERROR that only the review of the case comes upon: both
 * stand in the journal of this very command. */
static void what_hooks_say_is_in_the_journal(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = open_store(&caught);
    const char *kase = shop_case(guan, &caught);
    assert_int_equal(arrive(guan, &caught, kase, "channel", "phone", NULL, &error), GUAN_OK);
    struct guan_pair pair = {"n", "1"};
    struct guan_command note = {.verb = GUAN_STEP,
                                .kase = kase,
                                .name = "root.note",
                                .actor = "周敏",
                                .at = "2026-03-07T10:01:00",
                                .rec = "2026-03-07T10:03:00",
                                .fields = &pair,
                                .field_count = 1};
    int code = shop_do(guan, &caught, &note, &error); /* late: the root has left the state */
    if (code != GUAN_OK) fail_msg("%s", error.text);
    struct guan_filter filter = {.kase = kase};
    struct caught rows = {caught.arena, NULL, value_list(caught.arena)};
    struct guan_sink sink = {catch_answer, &rows};
    assert_int_equal(guan_findings(guan, &filter, &sink, &error), GUAN_NO);
    assert_int_equal(value_count(rows.all), 2);
    assert_string_equal(value_get_text(value_at(rows.all, 0), "code"), "PRIVACY");
    assert_string_equal(value_get_text(value_at(rows.all, 0), "severity"), "critical");
    assert_string_equal(value_get_text(value_at(rows.all, 0), "rule"), "guard");
    assert_string_equal(value_get_text(value_at(rows.all, 1), "code"), "HOOK_ERROR");
    assert_string_equal(value_get_text(value_at(rows.all, 1), "rule"), "far");
    struct guan_sink none = {NULL, NULL};
    assert_int_equal(guan_verify(guan, &none, &error), GUAN_OK);
    shop_close(guan, &caught);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_root_sees_the_form),
        cmocka_unit_test(what_starts_nothing_is_said),
        cmocka_unit_test(what_hooks_say_is_in_the_journal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
