/* Diagnostics: collected, sorted by place, told once. */
#include "chart/report.h"

#include "base/limits.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void report_init(struct report *report, struct arena *arena, const char *file)
{
    *report = (struct report){.arena = arena, .file = file};
    report->items = arena_alloc(arena, LIMIT_DIAGNOSTICS * sizeof *report->items);
}

static void add(struct report *report, bool error, struct chart_place place, const char *rule, const char *hint,
                const char *format, va_list args) GUAN_PRINTF(6, 0);
static void add(struct report *report, bool error, struct chart_place place, const char *rule, const char *hint,
                const char *format, va_list args)
{
    if (error) report->errors++;
    if (report->items == NULL) return;
    uint32_t room = error ? LIMIT_DIAGNOSTICS : LIMIT_DIAGNOSTICS / 2; /* warnings never crowd out an error */
    if (report->count >= room) {
        report->dropped++;
        return;
    }
    const size_t most = sizeof((struct guan_error *)NULL)->text - 1;
    char text[2000];
    vsnprintf(text, sizeof text, format, args);
    size_t length = text_cut(text, strlen(text), most);
    struct report_item *item = &report->items[report->count];
    item->order = report->count++;
    item->diagnostic = (struct diagnostic){.file = report->file, .place = place, .error = error, .rule = rule, .hint = hint};
    item->diagnostic.text = arena_text(report->arena, text, length);
}

void problem(struct report *report, struct chart_place place, const char *rule, const char *hint, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(report, true, place, rule, hint, format, args);
    va_end(args);
}

void warning(struct report *report, struct chart_place place, const char *rule, const char *hint, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(report, false, place, rule, hint, format, args);
    va_end(args);
}

static int by_place(const void *left, const void *right)
{
    const struct report_item *a = left, *b = right;
    const struct chart_place *p = &a->diagnostic.place, *q = &b->diagnostic.place;
    if (p->line != q->line) return p->line < q->line ? -1 : 1;
    if (p->col != q->col) return p->col < q->col ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static void first_error(const struct diagnostic *diagnostic, struct guan_error *error)
{
    error_set(error, GUAN_NO, diagnostic->rule, "%s", diagnostic->text);
    error_where(error, "%s:%u:%u", diagnostic->file, diagnostic->place.line, diagnostic->place.col);
    if (diagnostic->hint != NULL) error_hint(error, "%s", diagnostic->hint);
}

int report_end(struct report *report, diagnostic_sink sink, void *user, struct guan_error *error)
{
    if (arena_failed(report->arena)) return error_memory(error);
    qsort(report->items, report->count, sizeof *report->items, by_place);
    bool told = false;
    for (uint32_t i = 0; i < report->count; i++) {
        const struct diagnostic *diagnostic = &report->items[i].diagnostic;
        if (sink != NULL) sink(user, diagnostic);
        if (diagnostic->error && !told) first_error(diagnostic, error);
        told = told || diagnostic->error;
    }
    if (report->dropped > 0) {
        struct diagnostic more = {.file = report->file, .error = report->errors > 0, .rule = "too-many"};
        more.place = report->items[report->count - 1].diagnostic.place;
        more.text = arena_printf(report->arena, "%u more problems are not shown", report->dropped);
        more.hint = "mend the first ones and check again";
        if (arena_failed(report->arena)) return error_memory(error);
        if (sink != NULL) sink(user, &more);
        if (!told && report->errors > 0) first_error(&more, error);
    }
    return report->errors > 0 ? GUAN_NO : GUAN_OK;
}

void guess_offer(struct guess *guess, const char *candidate)
{
    if (guess->word == NULL || candidate == NULL) return;
    if (strcasecmp(guess->word, candidate) == 0) guess->best = candidate;
    else if (guess->best == NULL && strlen(guess->word) > 2 && text_close(guess->word, candidate)) guess->best = candidate;
}

const char *guess_hint(const struct guess *guess, struct arena *arena, const char *otherwise)
{
    return guess->best == NULL ? otherwise : arena_printf(arena, "did you mean \"%s\"?", guess->best);
}
