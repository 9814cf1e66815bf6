/* Logs: XES as real tools write it, CSV as spreadsheets do, the journal; and what is refused, with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit/log.h"
#include "shop.h"

static struct event_log *read_text(const char *text, size_t length, bool xes, const struct log_columns *columns,
                                   struct guan_error *error, int *code)
{
    struct event_log *log;
    FILE *stream = fmemopen((void *)(uintptr_t)text, length, "rb");
    assert_non_null(stream);
    assert_int_equal(log_new(&log, error), GUAN_OK);
    memset(error, 0, sizeof *error);
    *code = xes ? log_read_xes(stream, "l.xes", NULL, log, error) : log_read_csv(stream, "l.csv", columns, NULL, log, error);
    fclose(stream);
    if (*code == GUAN_OK) *code = log_finish(log, error);
    if (*code == GUAN_OK) return log;
    log_free(log);
    return NULL;
}

static struct event_log *good(const char *text, bool xes)
{
    struct guan_error error;
    int code;
    struct event_log *log = read_text(text, strlen(text), xes, NULL, &error, &code);
    if (code != GUAN_OK) print_error("%s %s\n", error.where, error.text);
    assert_int_equal(code, GUAN_OK);
    return log;
}

static void bad(const char *text, bool xes, const char *rule, const char *where)
{
    struct guan_error error;
    int code;
    assert_null(read_text(text, strlen(text), xes, NULL, &error, &code));
    assert_int_equal(code, GUAN_USAGE); /* "no" is what rules say */
    assert_string_equal(error.rule, rule);
    assert_string_equal(error.where, where);
    assert_true(error.text[0] && error.hint[0]);
}

static const char *attribute(const struct event_log *log, const struct log_event *event, const char *key)
{
    const struct log_attribute *a = log_attribute_of(log, event->attributes, event->attribute_count, log_find(log, key));
    return a && a->kind == VALUE_TEXT ? log_text(log, a->as.text) : NULL;
}

static void xes_is_read_leniently(void **state)
{
    (void)state;
    struct event_log *log = good(
        "<?xml version='1.0' encoding='UTF-8'?><log xes.version='1.0'><foreign x='1'/>"
        "<extension name='Concept' prefix='concept' uri='http://x'/><global scope='trace'><string key='concept:name' value='?'/>"
        "</global><classifier name='A' keys='concept:name'/><string key='creator' value='t'/>"
        "<trace><string key='concept:name' value='c1'/><boolean key='ended' value='false'/>"
        "<event><string key='concept:name' value='A &amp;&lt; B'/><date key='time:timestamp' "
        "value='2011-10-01T00:38:44.546123+02:00'/>"
        "<string key='org:resource' value='112'/><string key='lifecycle:transition' value='COMPLETE'/><int key='n' value='7'/>"
        "<list key='evidence'><values><string key='kind' value='photo'/><string key='kind' "
        "value='sheet'/></values></list></event>"
        "<event><date key='time:timestamp' value='2011-10-01T00:00:00+0200'/><string key='concept:name' value='early'/>"
        "<string key='lifecycle:transition' value='start'/></event><event><int key='n' value='8'/></event></trace>"
        "<trace><event><string key='concept:name' value='early'/></event></trace></log>",
        true);
    assert_int_equal(log->case_count, 2);
    assert_int_equal(log->event_count, 3);
    assert_int_equal(log->skipped, 1);
    assert_true(log->cases[0].open && !log->cases[1].open);
    assert_string_equal(log_text(log, log->cases[0].name), "c1");
    assert_string_equal(log_text(log, log->cases[1].name), "trace 2");
    const struct log_event *first = &log->events[0], *second = &log->events[1];
    assert_string_equal(log_text(log, first->activity), "early"); /* by time, not by place */
    assert_int_equal(first->life, LOG_OTHER);
    assert_string_equal(log_text(log, second->activity), "A &< B");
    assert_int_equal(second->life, LOG_COMPLETE);
    assert_true(second->at == INT64_C(1317422324546));
    assert_string_equal(attribute(log, second, "evidence"), "photo sheet");
    assert_int_equal(log_attribute_of(log, second->attributes, second->attribute_count, log_find(log, "n"))->as.integer, 7);
    assert_int_equal(log->events[2].activity, first->activity); /* one text, one number */
    log_free(log);
}

static void xes_is_refused_with_its_place(void **state)
{
    (void)state;
    bad("", true, "xml", "l.xes:1:1");
    bad("<log>\n<trace>\n<event></trace></log>", true, "xml", "l.xes:3:16");
    bad("<log><trace>", true, "xml", "l.xes:1:13");
    bad("<!DOCTYPE log [<!ENTITY a 'aaaa'>]><log/>", true, "doctype", "l.xes:1:15");
    bad("<logs/>", true, "not-a-log", "l.xes:1:6");
    bad("<log><trace><event>\n<date key='time:timestamp' value='yesterday'/></event></trace></log>", true, "log-time",
        "l.xes:2:45");
    struct buffer deep = {0};
    buffer_text(&deep, "<log><trace><event>");
    for (int i = 0; i < 100; i++) buffer_text(&deep, "<list key='a'>");
    struct guan_error error;
    int code;
    assert_null(read_text(deep.data, deep.length, true, NULL, &error, &code));
    assert_string_equal(error.rule, "log-depth");
    buffer_release(&deep);
}

static void a_table_is_a_log(void **state)
{
    (void)state;
    static const char *const tables[] = {
        "\xEF\xBB\xBF"
        "Case ID;Activity;Timestamp;Resource;note;n\r\nc1;A;2026-03-07 10:02:00;r;\"x;\"\"y\"\"\r\nz\";007\r\n"
        "c2;B;2026-03-07T10:02:00+08:00;;;\r\n\r\nc1;C;;r;;12",
        "case_id,activity,time,resource,note,n\nc1,A,2026-03-07 10:02,r,\"x;\"\"y\"\"\r\nz\",007\nc2,B,2026-03-07 "
        "02:02Z,,,\nc1,C,,r,,12\n",
        "case\tactivity\ttime\tresource\tnote\tn\rc1\tA\t2026-03-07 10:02\tr\t\"x;\"\"y\"\"\r\nz\"\t007\rc2\tB\t2026-03-07 "
        "02:02\t\t\t\r"
        "c1\tC\t\tr\t\t12\r"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct event_log *log = good(tables[i], false);
        assert_int_equal(log->case_count, 2);
        assert_int_equal(log->event_count, 3);
        assert_int_equal(log->cases[0].count, 2);
        const struct log_event *a = &log->events[0], *c = &log->events[1], *b = &log->events[2];
        assert_string_equal(log_text(log, a->activity), "A");
        assert_string_equal(log_text(log, c->activity), "C");
        assert_string_equal(log_text(log, b->activity), "B");
        assert_true(a->at == INT64_C(1772877720000) && c->at == INSTANT_NONE && b->at == a->at - 8 * MS_HOUR);
        assert_string_equal(attribute(log, a, "note"), "x;\"y\"\r\nz");
        assert_string_equal(attribute(log, a, "n"), "007");
        assert_null(attribute(log, c, "n")); /* 12 is a number */
        log_free(log);
    }
    struct guan_error error;
    int code;
    static const char own[] = "K,T,W\nc,a,2026-03-07\n";
    const struct log_columns columns = {.kase = "K", .activity = "t", .time = "W"};
    struct event_log *log = read_text(own, sizeof own - 1, false, &columns, &error, &code);
    assert_non_null(log);
    assert_string_equal(log_text(log, log->events[0].activity), "a");
    log_free(log);
}

static void a_table_is_refused_with_its_place(void **state)
{
    (void)state;
    bad("\n\n", false, "csv-header", "l.csv:1:1");
    bad("case,what\n", false, "csv-header", "l.csv:1:1");
    bad("case,activity,time\nc,a,noon\n", false, "log-time", "l.csv:2: field 3");
    bad("case,activity,time\nc,a,2026-03-07,x\n", false, "csv-row", "l.csv:2: field 4");
    bad("case,activity,time\nc,a,2026-03-07\nc,b\n", false, "csv-row", "l.csv:3: field 2");
    bad("case,activity,kind,leaf\r\nc,a,step,0123\r\nc,b,step,01", false, "csv-row", "l.csv:3: field 4"); /* ours is cut off */
    bad("case,activity\n,a\n", false, "csv-case", "l.csv:2: field 1");
    bad("case,activity\nc,\"a\nb\n", false, "csv-quote", "l.csv:2:3");
    bad("case,activity\nc,\xC3(\n", false, "utf8", "l.csv:2:5");
    bad("\xFF\xFE"
        "c",
        false, "encoding", "l.csv:1:1");
    struct guan_error error;
    int code;
    static const char nul[] = "case,activity\nc,a\0b\n";
    assert_null(read_text(nul, sizeof nul - 1, false, NULL, &error, &code));
    assert_string_equal(error.rule, "nul-byte");
    assert_string_equal(error.where, "l.csv:2:4");
}

static void the_journal_is_a_log(void **state)
{
    (void)state;
    struct caught caught;
    struct guan_error error;
    struct guan *guan = shop_open(":memory:", NULL, &caught);
    const char *kase = shop_case(guan, &caught);
    assert_int_equal(shop_step(guan, &caught, kase, "visit.arrive", "2026-03-07T10:02:00", "channel", "shop", &error), GUAN_OK);
    int64_t n = value_get_int(caught.answer, "n");
    assert_int_equal(shop_step(guan, &caught, kase, "visit.greet", "2026-03-07T10:02:30", NULL, NULL, &error), GUAN_OK);
    const struct guan_pair fields[] = {{"channel", "phone"}, {"at", "2026-03-07T10:01:30"}};
    struct guan_command amend = {.verb = GUAN_AMEND,
                                 .kase = kase,
                                 .entry = (uint64_t)n,
                                 .actor = "周敏",
                                 .at = "2026-03-07T10:05:00",
                                 .fields = fields,
                                 .field_count = 2,
                                 .reason = "错"};
    assert_int_equal(shop_do(guan, &caught, &amend, &error), GUAN_OK);
    struct event_log *log;
    assert_int_equal(log_read_journal(guan, &kase, 1, &log, &error), GUAN_OK);
    assert_int_equal(log->event_count, 2);
    assert_int_equal(log->events[0].n, n);
    assert_string_equal(log_text(log, log->events[0].activity), "visit.arrive");
    assert_string_equal(log_text(log, log->events[0].resource), "staff:1");
    assert_string_equal(log_text(log, log->events[0].role), "clerk");
    assert_string_equal(log_text(log, log->events[0].session), "visit#1");
    assert_string_equal(attribute(log, &log->events[0], "channel"), "phone");
    assert_int_equal(log->events[1].at - log->events[0].at, 60000);
    assert_true(log->cases[0].open);
    log_free(log);
    shop_close(guan, &caught);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xes_is_read_leniently), cmocka_unit_test(xes_is_refused_with_its_place),
        cmocka_unit_test(a_table_is_a_log),      cmocka_unit_test(a_table_is_refused_with_its_place),
        cmocka_unit_test(the_journal_is_a_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
