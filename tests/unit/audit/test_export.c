/* Exports: the bytes that matter. That other programs can read them is proved in tests/exports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "desk.h"

struct desk {
    struct guan *guan;
    struct caught caught;
    char folder[40], path[100], beside[120];
    char *text; /* of the file */
};

static char *read_all(const char *path)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *text = calloc(1, 1 << 20);
    assert_non_null(text);
    size_t length = fread(text, 1, (1 << 20) - 1, file);
    assert_true(length > 0);
    fclose(file);
    return text;
}

static struct desk open_desk(void)
{
    struct desk desk = {.folder = "/tmp/guan-export-XXXXXX"};
    assert_non_null(mkdtemp(desk.folder));
    desk.guan = shop_open(":memory:", NULL, &desk.caught);
    return desk;
}

static int write_out(struct desk *desk, const char *format, const char *name, bool names, const char *since)
{
    struct guan_error error = {0};
    struct guan_sink sink = {catch_answer, &desk->caught};
    snprintf(desk->path, sizeof desk->path, "%s/%s", desk->folder, name);
    snprintf(desk->beside, sizeof desk->beside, "%s.statement.json", desk->path);
    const struct guan_export what = {.format = format, .path = desk->path, .names = names, .period = {.since = since}};
    return guan_export(desk->guan, &what, &sink, &error);
}

static void take(struct desk *desk, const char *format, const char *name, bool names)
{
    free(desk->text);
    assert_int_equal(write_out(desk, format, name, names, NULL), GUAN_OK);
    desk->text = read_all(desk->path);
}

static void close_desk(struct desk *desk)
{
    static const char *const names[] = {"a.xes", "a.csv", "a.json", "a.sqlite", "n.xes", "n.csv", "b.csv"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[200];
        snprintf(path, sizeof path, "%s/%s", desk->folder, names[i]);
        unlink(path);
        snprintf(path, sizeof path, "%s/%s.statement.json", desk->folder, names[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(desk->folder), 0); /* nothing else was left */
    free(desk->text);
    shop_close(desk->guan, &desk->caught);
}

static size_t times(const char *text, const char *word)
{
    size_t count = 0;
    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word)) count++;
    return count;
}

static void csv_holds_every_entry(void **state)
{
    (void)state;
    struct desk desk = open_desk();
    const char *kase = desk_case(desk.guan, &desk.caught);
    take(&desk, "csv", "a.csv", false);
    assert_memory_equal(desk.text,
                        "\xEF\xBB\xBF"
                        "case,entry,",
                        14);
    struct value *counts = value_get(desk.caught.answer, "counts");
    char row[80];
    snprintf(row, sizeof row, "\r\n%s,", kase);
    assert_int_equal(times(desk.text, row), value_get_int(counts, "entries"));
    assert_null(strstr(desk.text, "周敏")); /* ids only */
    assert_null(strstr(desk.text, "zwei")); /* what is personal stays in the store */
    assert_non_null(strstr(desk.text, "2026-03-07T10:02:00.000+08:00"));
    take(&desk, "csv", "n.csv", true);
    assert_non_null(strstr(desk.text, ",周敏\r\n"));
    close_desk(&desk);
}

static void a_formula_is_defused(void **state)
{
    (void)state;
    struct desk desk = open_desk();
    struct guan_error error;
    const struct guan_pair party = {"=HYPERLINK(\"x\")", "customer"};
    struct guan_command open = {.verb = GUAN_OPEN,
                                .name = "root",
                                .actor = "周敏",
                                .at = "2026-03-07T10:00:00",
                                .key = "2",
                                .parties = &party,
                                .party_count = 1};
    assert_int_equal(shop_do(desk.guan, &desk.caught, &open, &error), GUAN_OK);
    const char *kase = value_get_text(desk.caught.answer, "case");
    struct guan_command act = {.verb = GUAN_STEP,
                               .kase = kase,
                               .name = "visit.arrive",
                               .actor = party.name,
                               .at = "2026-03-07T10:01:00",
                               .fields = &(struct guan_pair){"channel", "shop"},
                               .field_count = 1};
    assert_int_equal(shop_do(desk.guan, &desk.caught, &act, &error), GUAN_NO); /* refused, and on record with the name */
    take(&desk, "csv", "a.csv", true);
    assert_non_null(strstr(desk.text, ",\"'=HYPERLINK(\"\"x\"\")\"\r\n"));
    assert_null(strstr(desk.text, ",=HYPER"));
    assert_null(strstr(desk.text, ",\"=HYPER"));
    close_desk(&desk);
}

static void xes_is_in_order_and_escaped(void **state)
{
    (void)state;
    struct desk desk = open_desk();
    desk_case(desk.guan, &desk.caught);
    take(&desk, "xes", "a.xes", false);
    const char *extension = strstr(desk.text, "<extension "), *global = strstr(desk.text, "<global "),
               *classifier = strstr(desk.text, "<classifier "), *attribute = strstr(desk.text, "key=\"guan:statement\""),
               *trace = strstr(desk.text, "<trace>");
    assert_true(extension && extension < global && global < classifier && classifier < attribute && attribute < trace);
    assert_int_equal(times(desk.text, "value=\"manualskip\""), 1);
    assert_int_equal(times(desk.text, "<event>"), value_get_int(value_get(desk.caught.answer, "counts"), "events"));
    assert_non_null(strstr(desk.text, "key=\"concept:instance\" value=\"visit#2.greet\""));
    assert_non_null(strstr(desk.text, "key=\"org:resource\" value=\"base/staff:1\""));
    assert_null(strstr(desk.text, "周敏"));
    take(&desk, "xes", "n.xes", true);
    assert_non_null(strstr(desk.text, "key=\"guan:name\" value=\"周敏\""));
    close_desk(&desk);
}

static void the_statement_binds_the_file(void **state)
{
    (void)state;
    struct desk desk = open_desk();
    desk_case(desk.guan, &desk.caught);
    take(&desk, "ocel", "a.json", false);
    struct hash hash;
    char hex[HASH_HEX];
    hash_bytes(desk.text, strlen(desk.text), &hash);
    hash_hex(&hash, hex);
    assert_string_equal(value_get_text(desk.caught.answer, "sha256"), hex);
    char *beside = read_all(desk.beside);
    assert_non_null(strstr(beside, hex));
    free(beside);
    /* the same question of the same record gives the same entries, whatever the format */
    const char *root = value_get_text(desk.caught.answer, "entries_root");
    take(&desk, "csv", "a.csv", false);
    assert_string_equal(value_get_text(desk.caught.answer, "entries_root"), root);
    assert_int_equal(write_out(&desk, "csv", "b.csv", false, "2026-03-08"), GUAN_OK);
    assert_string_not_equal(value_get_text(desk.caught.answer, "entries_root"), root);
    assert_int_equal(value_get_int(value_get(desk.caught.answer, "counts"), "entries"), 2);
    close_desk(&desk);
}

static void nothing_is_written_over(void **state)
{
    (void)state;
    struct desk desk = open_desk();
    struct stat info;
    desk_case(desk.guan, &desk.caught);
    take(&desk, "ocel", "a.sqlite", false);
    assert_memory_equal(desk.text, "SQLite format 3", 15);
    assert_int_equal(write_out(&desk, "ocel", "a.sqlite", false, NULL), GUAN_USAGE);
    assert_int_equal(stat(desk.path, &info), 0); /* still there */
    /* a question that fails leaves no file */
    assert_int_equal(write_out(&desk, "csv", "a.csv", false, "soon"), GUAN_USAGE);
    assert_int_not_equal(stat(desk.path, &info), 0);
    assert_int_not_equal(stat(desk.beside, &info), 0);
    assert_int_equal(write_out(&desk, "pdf", "a.csv", false, NULL), GUAN_USAGE);
    close_desk(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_holds_every_entry),       cmocka_unit_test(a_formula_is_defused),
        cmocka_unit_test(xes_is_in_order_and_escaped), cmocka_unit_test(the_statement_binds_the_file),
        cmocka_unit_test(nothing_is_written_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
