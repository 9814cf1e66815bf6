/* How long flows and their states take, and how the weeks compare. */
#include "audit/report.h"

#include <stdlib.h>
#include <string.h>

/* --- times per stage -------------------------------------------------------------------------------------------------------- */

static struct report_stage *stage_of(struct report *report, const struct chart *chart, const char *state, const char *title)
{
    for (size_t i = 0; i < report->stage_count; i++) {
        struct report_stage *stage = &report->stages[i];
        if (strcmp(stage->process, chart->name) == 0 && text_equal(stage->state, state)) return stage;
    }
    struct report_stage *items =
        arena_grow(report->arena, report->stages, report->stage_count, &report->stage_capacity, sizeof *items);
    if (!items) return NULL;
    report->stages = items;
    struct report_stage *stage = &items[report->stage_count++];
    *stage = (struct report_stage){.process = arena_text(report->arena, chart->name, strlen(chart->name)),
                                   .state = state ? arena_text(report->arena, state, strlen(state)) : NULL,
                                   .title = title ? arena_text(report->arena, title, strlen(title)) : NULL,
                                   .in = chart->title ? arena_text(report->arena, chart->title, strlen(chart->title)) : NULL};
    return stage;
}

static void stage_add(struct report_stage *stage, int64_t time)
{
    if (!stage) return;
    if (stage->count == stage->capacity) {
        size_t capacity = stage->capacity ? stage->capacity * 2 : 16;
        int64_t *times = memory_resize(stage->times, capacity * sizeof *times);
        if (!times) return; /* a figure less: the arena, which fails with it, is asked at the end */
        stage->times = times;
        stage->capacity = capacity;
    }
    stage->times[stage->count++] = time;
}

static bool has_text(const struct value *list, const char *text)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (text_equal(value_as_text(value_at(list, i)), text)) return true;
    return false;
}

/* When the state entered at `from` was left: the next move of the session out of it. */
static instant left_at(const struct dossier *dossier, size_t from, const char *state)
{
    for (size_t i = from + 1; i < dossier->count; i++) {
        const struct dossier_entry *e = &dossier->entries[i];
        if (strcmp(e->kind, "transition") == 0 && text_equal(e->session, dossier->entries[from].session) &&
            has_text(value_get(e->entry, "from"), state))
            return e->at;
    }
    return INSTANT_NONE;
}

/* When the session reached a final state of its document. */
static instant ended_at(const struct dossier *dossier, size_t from, const struct chart *chart)
{
    for (size_t i = from; i < dossier->count; i++) {
        const struct dossier_entry *e = &dossier->entries[i];
        const struct value *to = value_get(e->entry, "to");
        if (strcmp(e->kind, "transition") != 0 || !text_equal(e->session, dossier->entries[from].session)) continue;
        for (size_t k = 0; k < value_count(to); k++) {
            uint32_t state = chart_state_by_id(chart, value_as_text(value_at(to, k)));
            if (state != CHART_NONE && chart->states[state].kind == CHART_FINAL && chart->states[state].parent == 0) return e->at;
        }
    }
    return INSTANT_NONE;
}

static void stage_time(struct report_stage *stage, instant from, instant to)
{
    if (!stage) return;
    if (to == INSTANT_NONE) stage->running++;
    else stage_add(stage, to > from ? to - from : 0);
}

/* Has a name, and a time of its own: a region lasts as long as its parallel. */
static bool is_stage(const struct chart *chart, uint32_t index)
{
    if (index == CHART_NONE) return false;
    const struct chart_state *state = &chart->states[index];
    return state->title && state->kind != CHART_FINAL && chart->states[state->parent].kind != CHART_PARALLEL;
}

void report_stages(struct report *report, struct dossier *dossier)
{
    for (size_t i = 0; i < dossier->count; i++) {
        const struct dossier_entry *e = &dossier->entries[i];
        const struct value *to = value_get(e->entry, "to");
        const struct chart *chart = strcmp(e->kind, "transition") == 0 && e->inside ? dossier_chart(dossier, e->session) : NULL;
        if (!chart) continue;
        if (!value_get(e->entry, "from") && value_count(to))
            stage_time(stage_of(report, chart, NULL, chart->title), e->at, ended_at(dossier, i, chart));
        for (size_t k = 0; k < value_count(to); k++) {
            const char *id = value_as_text(value_at(to, k));
            uint32_t state = id ? chart_state_by_id(chart, id) : CHART_NONE;
            if (!is_stage(chart, state)) continue;
            stage_time(stage_of(report, chart, id, chart->states[state].title), e->at, left_at(dossier, i, id));
        }
    }
}

static int by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int by_flow(const void *a, const void *b)
{
    const struct report_stage *x = a, *y = b;
    int order = strcmp(x->process, y->process);
    if (order || !x->state != !y->state) return order ? order : x->state ? 1 : -1;
    return x->state ? strcmp(x->state, y->state) : 0;
}

struct value *report_stages_value(struct report *report)
{
    struct value *list = value_list(report->arena);
    if (report->stage_count) qsort(report->stages, report->stage_count, sizeof *report->stages, by_flow);
    for (size_t i = 0; i < report->stage_count; i++) {
        struct report_stage *stage = &report->stages[i];
        struct value *map = value_map(report->arena);
        value_set_text(report->arena, map, "process", stage->process);
        value_set_text(report->arena, map, "state", stage->state);
        value_set_text(report->arena, map, "title", stage->title);
        value_set_text(report->arena, map, "in", stage->in);
        value_set_int(report->arena, map, "count", (int64_t)stage->count);
        value_set_int(report->arena, map, "running", (int64_t)stage->running);
        if (stage->count) {
            qsort(stage->times, stage->count, sizeof *stage->times, by_time);
            value_set_int(report->arena, map, "min_ms", stage->times[0]);
            value_set_int(report->arena, map, "median_ms", stage->times[(stage->count - 1) / 2]);
            value_set_int(report->arena, map, "p90_ms", stage->times[(stage->count * 9 + 9) / 10 - 1]); /* nearest rank */
            value_set_int(report->arena, map, "max_ms", stage->times[stage->count - 1]);
        }
        value_add(report->arena, list, map);
    }
    return list;
}

/* --- weeks ------------------------------------------------------------------------------------------------------------------ */

static int64_t monday_of(const struct dossier *dossier, instant at)
{
    struct civil c = zone_civil(dossier->setting->house->zone, at);
    int64_t day = civil_days(c.year, c.month, c.day), since = (day + 3) % 7; /* 1970-01-01 was a Thursday */
    return day - (since < 0 ? since + 7 : since);
}

static struct report_week *week_of(struct report *report, int64_t monday)
{
    for (size_t i = report->week_count; i-- > 0;)
        if (report->weeks[i].monday == monday) return &report->weeks[i];
    struct report_week *items =
        arena_grow(report->arena, report->weeks, report->week_count, &report->week_capacity, sizeof *items);
    if (!items) return NULL;
    report->weeks = items;
    struct report_week *week = &items[report->week_count++];
    *week = (struct report_week){.monday = monday};
    return week;
}

/* A finding counts in the week it was first recorded, as it stands now. */
static const struct value *first_word(const struct dossier *dossier, size_t position)
{
    const char *fid = value_get_text(dossier->entries[position].entry, "fid");
    for (size_t i = 0; i < position; i++)
        if (strcmp(dossier->entries[i].kind, "finding") == 0 && text_equal(value_get_text(dossier->entries[i].entry, "fid"), fid))
            return NULL;
    for (size_t i = 0; i < value_count(dossier->findings); i++)
        if (text_equal(value_get_text(value_at(dossier->findings, i), "fid"), fid)) return value_at(dossier->findings, i);
    return NULL;
}

void report_weeks(struct report *report, struct dossier *dossier)
{
    for (size_t i = 0; i < dossier->count; i++) {
        const struct dossier_entry *e = &dossier->entries[i];
        struct report_week *week = e->inside ? week_of(report, monday_of(dossier, e->rec)) : NULL;
        if (!week) continue;
        week->entries++;
        week->steps += strcmp(e->kind, "step") == 0;
        week->waivers += strcmp(e->kind, "waive") == 0;
        week->refused += strcmp(e->kind, "refuse") == 0;
        const struct value *finding = strcmp(e->kind, "finding") == 0 ? first_word(dossier, i) : NULL;
        if (finding && !text_equal(value_get_text(finding, "status"), "withdrawn"))
            week->severity[report_severity(value_get_text(finding, "severity"))]++;
    }
}

static int by_monday(const void *a, const void *b)
{
    const struct report_week *x = a, *y = b;
    return x->monday < y->monday ? -1 : x->monday > y->monday;
}

struct value *report_weeks_value(struct report *report)
{
    struct value *list = value_list(report->arena);
    size_t next = 0;
    if (!report->week_count) return list;
    qsort(report->weeks, report->week_count, sizeof *report->weeks, by_monday);
    int64_t last = report->weeks[report->week_count - 1].monday, monday = report->weeks[0].monday;
    if (last - monday > 7 * (REPORT_WEEKS - 1)) monday = last - 7 * (REPORT_WEEKS - 1);
    for (; monday <= last; monday += 7) { /* a week without an entry is a week all the same */
        struct report_week none = {.monday = monday};
        while (report->weeks[next].monday < monday) next++;
        const struct report_week *week = report->weeks[next].monday == monday ? &report->weeks[next] : &none;
        struct civil day = civil_of_days(monday);
        struct value *map = value_map(report->arena);
        value_set(report->arena, map, "monday", value_printf(report->arena, "%04d-%02d-%02d", day.year, day.month, day.day));
        value_set_int(report->arena, map, "entries", week->entries);
        value_set_int(report->arena, map, "steps", week->steps);
        value_set_int(report->arena, map, "waivers", week->waivers);
        value_set_int(report->arena, map, "refused", week->refused);
        value_set_int(report->arena, map, "info", week->severity[0]);
        value_set_int(report->arena, map, "minor", week->severity[1]);
        value_set_int(report->arena, map, "major", week->severity[2]);
        value_set_int(report->arena, map, "critical", week->severity[3]);
        value_add(report->arena, list, map);
    }
    return list;
}
