/* Reading the record case by case. Everything that an auditor takes out of it comes from here, so all of it means the same. */
#include "audit/dossier.h"

#include "audit/clauses.h"

#include <stdio.h>
#include <string.h>

bool dossier_acting(const char *kind)
{
    return strcmp(kind, "transition") != 0 && strcmp(kind, "finding") != 0;
}

bool dossier_cites(const struct value *clauses, const char *clause, bool below)
{
    if (below) return clauses_under(clauses, clause);
    for (size_t i = 0; i < value_count(clauses); i++)
        if (text_equal(value_as_text(value_at(clauses, i)), clause)) return true;
    return false;
}

/* --- the walk -------------------------------------------------------------------------------------------------------------- */

struct walk {
    struct guan *guan;
    struct guan_error *error;
    struct period period;
    struct dossier dossier;
    dossier_each *each;
    void *user;
};

static int parse_bound(const char *text, const struct zone *zone, bool end, instant *out, struct guan_error *error)
{
    struct civil day;
    *out = INSTANT_NONE;
    if (!text) return GUAN_OK;
    if (end && date_parse(text, strlen(text), &day, NULL) == GUAN_OK) { /* a date alone: the day belongs to it */
        struct civil next = civil_of_days(civil_days(day.year, day.month, day.day) + 1);
        *out = zone_instant(zone, next);
        return GUAN_OK;
    }
    if (instant_parse(text, strlen(text), zone, out, NULL) == GUAN_OK) return GUAN_OK;
    return error_set(error, GUAN_USAGE, "time", "--%s \"%s\" is not a time; write 2026-03-07", end ? "until" : "since", text);
}

static instant time_of(const struct value *entry, const char *key)
{
    const char *text = value_get_text(entry, key);
    instant at;
    return text && instant_parse(text, strlen(text), NULL, &at, NULL) == GUAN_OK ? at : INSTANT_NONE;
}

static int take_entry(void *user, const struct entry_row *row, const struct value *entry)
{
    struct walk *walk = user;
    struct dossier *d = &walk->dossier;
    struct dossier_entry *items = arena_grow(d->arena, d->entries, d->count, &d->capacity, sizeof *items);
    if (!items) return error_memory(walk->error);
    d->entries = items;
    const char *kind = value_get_text(entry, "kind");
    struct dossier_entry *e = &items[d->count];
    *e = (struct dossier_entry){.entry = entry,
                                .kind = kind ? kind : "",
                                .session = value_get_text(entry, "sess"),
                                .index = row->index,
                                .n = (uint64_t)value_get_int(entry, "n"),
                                .leaf = row->leaf,
                                .rec = time_of(entry, "rec"),
                                .at = time_of(entry, "at")};
    bool acting = dossier_acting(e->kind) || d->count == 0;
    e->acting = acting ? d->count : items[d->count - 1].acting;
    if (!acting || e->at == INSTANT_NONE) e->at = acting ? e->rec : items[e->acting].at;
    e->inside = (walk->period.since == INSTANT_NONE || e->rec >= walk->period.since) &&
                (walk->period.until == INSTANT_NONE || e->rec < walk->period.until);
    d->inside += e->inside;
    d->count++;
    return GUAN_OK;
}

static int one_case(void *user, const struct case_row *row)
{
    struct walk *walk = user;
    const struct guan_period *asked = walk->period.asked;
    struct dossier *d = &walk->dossier;
    struct arena *arena = d->arena;
    struct name_row *names;
    if (strcmp(row->id, "-") == 0 || (asked && asked->dealer && strcmp(asked->dealer, row->dealer) != 0)) return GUAN_OK;
    arena_reset(arena);
    arena_reset(walk->guan->arena);
    *d = (struct dossier){.arena = arena, .row = row};
    int code = setting_get(walk->guan, &row->def, row->dealer, &d->setting, walk->error);
    if (code != GUAN_OK) return code;
    const struct zone *zone = d->setting->house->zone;
    code = parse_bound(asked ? asked->since : NULL, zone, false, &walk->period.since, walk->error);
    if (code == GUAN_OK) code = parse_bound(asked ? asked->until : NULL, zone, true, &walk->period.until, walk->error);
    if (code != GUAN_OK) return code;
    if (walk->period.since != INSTANT_NONE && row->rec < walk->period.since) return GUAN_OK; /* over before it */
    code = store_names(walk->guan->store, arena, row->id, &names, &d->name_count, walk->error);
    d->names = names;
    if (code == GUAN_OK) code = ledger_case_each(walk->guan->store, row, arena, take_entry, walk, walk->error);
    if (code != GUAN_OK || d->inside == 0) return code;
    code = walk->each(walk->user, d, walk->error);
    return code == GUAN_OK && arena_failed(arena) ? error_memory(walk->error) : code;
}

int dossier_walk(struct guan *guan, const struct guan_period *asked, const struct case_row *kase, dossier_each *each, void *user,
                 struct guan_error *error)
{
    struct walk walk = {.guan = guan, .error = error, .period = {.asked = asked}, .each = each, .user = user};
    walk.dossier.arena = arena_new();
    if (!walk.dossier.arena) return error_memory(error);
    int code = kase ? one_case(&walk, kase) : store_case_each(guan->store, NULL, one_case, &walk, error);
    arena_free(walk.dossier.arena);
    return code;
}

int dossier_findings(struct guan *guan, struct dossier *dossier, struct guan_error *error)
{
    struct value *list;
    if (dossier->findings) return GUAN_OK;
    int code = findings_fold(guan, dossier->row, dossier->arena, &list, error);
    dossier->findings = list;
    return code;
}

/* --- words ------------------------------------------------------------------------------------------------------------------ */

const char *dossier_process(struct dossier *dossier, const char *session)
{
    return session ? arena_text(dossier->arena, session, strcspn(session, "#")) : NULL;
}

const struct chart *dossier_chart(struct dossier *dossier, const char *session)
{
    const char *process = dossier_process(dossier, session);
    const struct chart *chart;
    return process && bundle_chart(dossier->setting->bundle, process, &chart, NULL) == GUAN_OK ? chart : NULL;
}

const struct chart_step *dossier_step(struct dossier *dossier, const char *session, const char *step)
{
    const struct chart *chart = step ? dossier_chart(dossier, session) : NULL;
    uint32_t index = chart ? chart_step_by_id(chart, step) : CHART_NONE;
    return index == CHART_NONE ? NULL : &chart->steps[index];
}

static const char *event_title(const struct chart *chart, const char *event)
{
    for (uint32_t i = 0; i < chart->transition_count; i++) {
        const struct chart_transition *transition = &chart->transitions[i];
        for (uint32_t e = 0; transition->title && e < transition->events.count; e++)
            if (chart_descriptor_matches(&chart->descriptors[transition->events.first + e], event, strlen(event)))
                return transition->title;
    }
    return NULL;
}

static const char *name_process(struct dossier *dossier, const char *name, const char *dot)
{
    return arena_text(dossier->arena, name, (size_t)(dot - name));
}

const char *dossier_title(struct dossier *dossier, const struct value *entry)
{
    const char *session = value_get_text(entry, "sess"), *event = value_get_text(entry, "event");
    if (!session) session = value_get_text(entry, "session"); /* a folded finding */
    const struct chart_step *step = dossier_step(dossier, session, value_get_text(entry, "step"));
    if (step) return step->title;
    const char *name = value_get_text(entry, "step"), *dot = name ? strchr(name, '.') : NULL;
    if (dot) step = dossier_step(dossier, name_process(dossier, name, dot), dot + 1); /* of a flow that was not there yet */
    if (step) return step->title;
    const struct chart *chart = dossier_chart(dossier, session);
    if (!chart) return NULL;
    if (event) return event_title(chart, event);
    return value_get_text(entry, "step") ? NULL : chart->title;
}

const char *dossier_name(const struct dossier *dossier, const char *id)
{
    if (!id) return NULL;
    for (size_t i = 0; i < dossier->name_count; i++)
        if (strcmp(dossier->names[i].id, id) == 0) return dossier->names[i].name;
    const struct person *person = house_person(dossier->setting->house, id);
    return person ? person->name : NULL;
}

const char *dossier_activity(struct dossier *dossier, const struct dossier_entry *entry)
{
    const char *process = dossier_process(dossier, entry->session), *what = value_get_text(entry->entry, "step");
    if (!what) what = value_get_text(entry->entry, "event");
    if (!process) return what ? what : entry->kind;
    return what ? arena_printf(dossier->arena, "%s.%s", process, what) : process;
}

/* --- times ------------------------------------------------------------------------------------------------------------------ */

void dossier_time(const struct dossier *dossier, struct arena *arena, struct value *map, const char *key, instant at)
{
    char text[40];
    if (at == INSTANT_NONE) return;
    instant_format(at, text);
    value_set_text(arena, map, key, text);
    instant_format_local(dossier->setting->house->zone, at, false, text, sizeof text);
    value_set_text(arena, map, arena_printf(arena, "%s_local", key), text);
}

void zoned_format(const struct zone *zone, instant at, char out[ZONED_TEXT])
{
    struct civil c = zone_civil(zone, at);
    int64_t local =
        civil_days(c.year, c.month, c.day) * MS_DAY + c.hour * MS_HOUR + c.minute * MS_MINUTE + c.second * MS_SECOND + c.ms;
    int offset = (int)((local - at) / MS_MINUTE), size = offset < 0 ? -offset : offset;
    snprintf(out, ZONED_TEXT, "%04u-%02u-%02uT%02u:%02u:%02u.%03u%c%02u:%02u", (unsigned)c.year % 10000, (unsigned)c.month % 100,
             (unsigned)c.day % 100, (unsigned)c.hour % 100, (unsigned)c.minute % 100, (unsigned)c.second % 100,
             (unsigned)c.ms % 1000, offset < 0 ? '-' : '+', (unsigned)size / 60 % 100, (unsigned)size % 60);
}

/* --- what is disclosed ------------------------------------------------------------------------------------------------------ */

static int base64url_value(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '-' ? 62 : c == '_' ? 63 : -1;
}

static char *base64url_text(struct arena *arena, const char *text, size_t *length)
{
    size_t size = strlen(text), used = 0;
    char *out = arena_alloc(arena, size + 1);
    unsigned bits = 0, held = 0;
    for (size_t i = 0; out && i < size; i++) {
        int digit = base64url_value(text[i]);
        if (digit < 0) return NULL;
        bits = (bits << 6 | (unsigned)digit) & 0xffff;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[used++] = (char)(bits >> held & 0xff);
        }
    }
    *length = used;
    return out;
}

int dossier_disclosed(struct guan *guan, struct dossier *dossier, const struct value *entry, struct value **out, size_t *erased,
                      struct guan_error *error)
{
    const struct value *digests = value_get(entry, "sd");
    *out = value_list(dossier->arena);
    *erased = 0;
    for (size_t i = 0; i < value_count(digests); i++) {
        struct hash digest;
        const char *text = NULL;
        size_t length = 0;
        struct value *triple = NULL;
        if (!hash_from_hex(value_as_text(value_at(digests, i)), &digest)) continue;
        int code = store_disclosure(guan->store, dossier->arena, dossier->row->id, &digest, &text, error);
        if (code != GUAN_OK) return code;
        char *json = text ? base64url_text(dossier->arena, text, &length) : NULL;
        if (!json || json_read(dossier->arena, json, length, &triple, NULL) != GUAN_OK || value_count(triple) != 3) {
            ++*erased;
            continue;
        }
        struct value *map = value_map(dossier->arena);
        value_set_text(dossier->arena, map, "digest", value_as_text(value_at(digests, i)));
        value_set_text(dossier->arena, map, "path", value_as_text(value_at(triple, 1)));
        value_set(dossier->arena, map, "value", value_at(triple, 2));
        value_add(dossier->arena, *out, map);
    }
    return GUAN_OK;
}
