/* The table of due times, due.tsv: what was asked for, from which anchors, and the instant that has to come out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "standard/due.h"

#include "base/text.h"

enum { COLUMNS = 8, ROWS_AT_LEAST = 150 };

struct table {
    struct arena *arena;
    char *text;
    struct calendar *holidays, *seasons;
};

static char *read_whole(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("%s cannot be read", path);
    char *text = calloc(1, 1 << 20);
    *length = fread(text, 1, (1 << 20) - 1, file);
    fclose(file);
    return text;
}

static struct calendar *read_calendar(const char *path)
{
    size_t length;
    struct guan_error error = {0};
    struct calendar *calendar = NULL;
    char *text = read_whole(path, &length);
    if (calendar_read(text, length, &calendar, &error) != GUAN_OK) fail_msg("%s: %s", path, error.text);
    free(text);
    return calendar;
}

static int set_up(void **state)
{
    struct table *table = calloc(1, sizeof *table);
    size_t length;
    table->arena = arena_new();
    table->text = read_whole(SOURCE_DIR "/tests/unit/standard/due.tsv", &length);
    table->holidays = read_calendar(SOURCE_DIR "/tests/unit/standard/due-holidays.ics");
    table->seasons = read_calendar(SOURCE_DIR "/tests/unit/standard/due-seasons.ics");
    *state = table;
    return 0;
}

static int tear_down(void **state)
{
    struct table *table = *state;
    calendar_free(table->holidays);
    calendar_free(table->seasons);
    arena_free(table->arena);
    free(table->text);
    free(table);
    return 0;
}

/* --- one row: kind, anchors, spec, zone, calendar, expected, reason ----------------------------------------------------------
 */

struct row {
    const char *kind, *anchors, *spec, *zone, *calendar, *opens, *due, *reason;
};

static const char *parameter(void *user, const char *name)
{
    (void)user;
    if (strcmp(name, "T-THANKS") == 0) return "PT24H";
    if (strcmp(name, "T-FIRSTCALL") == 0) return "P2D/P3D";
    if (strcmp(name, "T-RECORD") == 0) return "D+0@24:00";
    return NULL;
}

/* Several anchors, "first: A B" or "last: A B"; a corrected one, "A -> B", is the second. */
static struct anchor take_anchor(const struct zone *zone, const char *text)
{
    bool first = text_starts(text, "first:"), take = first || text_starts(text, "last:");
    const char *cursor = take ? strchr(text, ':') + 1 : text, *word;
    struct anchor best = {INSTANT_NONE, false}, one;
    char copy[40];
    size_t length;
    while (text_word(&cursor, &word, &length)) {
        assert_true(length < sizeof copy);
        memcpy(copy, word, length);
        copy[length] = '\0';
        if (strcmp(copy, "->") == 0) {
            best.at = INSTANT_NONE;
            continue;
        }
        if (!anchor_read(zone, copy, &one)) fail_msg("no anchor: %s", copy);
        if (best.at == INSTANT_NONE || (first ? one.at < best.at : one.at > best.at)) best = one;
    }
    return best;
}

/* "SPEC #K": the k-th of a recurrence. */
static int recurrence(const struct due_context *context, struct anchor anchor, const char *spec, struct due_window *out)
{
    struct duration every;
    const char *mark = strchr(spec, '#');
    size_t length = strcspn(spec, " ");
    int code = duration_parse(spec, length, &every, NULL);
    if (code != GUAN_OK || !mark) return GUAN_USAGE;
    int64_t day = due_recurrence(context->zone, anchor, &every, strtol(mark + 1, NULL, 10));
    assert_int_equal(strtol(mark + 1, NULL, 10), due_recurrence_from(context->zone, anchor, &every, day));
    out->due = anchor_midnight(context->zone, day);
    return GUAN_OK;
}

/* "WINDOW" around the event of the calendar that is next after the anchor. */
static int around(const struct due_context *context, const struct calendar *calendar, struct anchor anchor, const char *spec,
                  struct due_window *out, struct guan_error *error)
{
    struct calendar_event event;
    bool found;
    int code = calendar_next(calendar, NULL, anchor_day(context->zone, anchor.at), &event, &found, error);
    if (code != GUAN_OK || !found) return code == GUAN_OK ? GUAN_NO : code;
    return due_window(context, spec, anchor, &event, out, error);
}

static int compute(const struct table *table, const struct row *row, const struct zone *zone, struct due_window *out,
                   struct guan_error *error)
{
    struct due_context context = {.zone = zone, .work = strstr(row->kind, "work") != NULL, .parameter = parameter};
    struct anchor anchor = take_anchor(zone, row->anchors);
    if (strcmp(row->calendar, "holidays") == 0) context.works = table->holidays;
    *out = (struct due_window){INSTANT_NONE, INSTANT_NONE};
    if (text_starts(row->kind, "within")) return due_within(&context, row->spec, anchor, &out->due, error);
    if (text_starts(row->kind, "before"))
        return due_before(&context, strcmp(row->spec, "-") == 0 ? NULL : row->spec, anchor, &out->due, error);
    if (text_starts(row->kind, "window")) return due_window(&context, row->spec, anchor, NULL, out, error);
    if (strcmp(row->kind, "every") == 0) return recurrence(&context, anchor, row->spec, out);
    if (strcmp(row->kind, "on") == 0) {
        const struct calendar *calendar = strcmp(row->calendar, "seasons") == 0 ? table->seasons : table->holidays;
        return around(&context, calendar, anchor, row->spec, out, error);
    }
    fail_msg("unknown kind %s", row->kind);
    return GUAN_USAGE;
}

static const char *shown(const struct table *table, const struct zone *zone, instant at)
{
    char text[40];
    if (at == INSTANT_NONE) return "-";
    instant_format_local(zone, at, zone_civil(zone, at).second != 0, text, sizeof text);
    text[10] = 'T';
    return arena_printf(table->arena, "%s", text);
}

static void check_row(const struct table *table, const struct row *row, int line)
{
    struct guan_error error = {0};
    struct zone *zone = NULL;
    struct due_window window;
    if (zone_open(row->zone, &zone, &error) != GUAN_OK) fail_msg("line %d: %s", line, error.text);
    int code = compute(table, row, zone, &window, &error);
    const char *opens = shown(table, zone, window.opens), *due = shown(table, zone, window.due);
    if (code != GUAN_OK) opens = "-", due = arena_printf(table->arena, "!%s", error.rule[0] ? error.rule : "none");
    if (strcmp(opens, row->opens) != 0 || strcmp(due, row->due) != 0)
        fail_msg("due.tsv:%d: %s %s from %s: expected %s .. %s (%s), got %s .. %s %s", line, row->kind, row->spec, row->anchors,
                 row->opens, row->due, row->reason, opens, due, error.text);
    zone_close(zone);
}

static void test_table(void **state)
{
    struct table *table = *state;
    int line = 0, rows = 0;
    for (char *at = table->text; *at;) {
        char *end = at + strcspn(at, "\n"), *cells[COLUMNS];
        size_t count = 0;
        bool last = *end == '\0';
        *end = '\0';
        line++;
        if (*at && *at != '#') {
            for (char *cell = at; cell && count < COLUMNS; count++) {
                cells[count] = cell;
                cell = strchr(cell, '\t');
                if (cell) *cell++ = '\0';
            }
            if (count != COLUMNS) fail_msg("due.tsv:%d: %zu cells", line, count);
            struct row row = {cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7]};
            check_row(table, &row, line);
            rows++;
        }
        at = last ? end : end + 1;
    }
    assert_true(rows >= ROWS_AT_LEAST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(test_table, set_up, tear_down)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
