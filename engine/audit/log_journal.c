/* The journal as a log: what people did (steps, events, waivers), by the record as it stands, corrections carried out. An
 * activity is PROCESS.NAME; attributes are the plain fields, what was derived, and `evidence`, `with`, `inst`, `message`. */
#include "audit/log.h"

#include "case/kase.h"

#include <string.h>

struct journal {
    struct guan *guan;
    struct event_log *log;
    struct guan_error *error;
    struct arena *arena;
    struct setting *setting;
    uint32_t kase; /* the case */
    uint32_t evidence, with, inst, message;
};

static uint32_t intern(struct journal *j, const char *text)
{
    return text ? log_intern(j->log, text, strlen(text)) : 0;
}

/* The texts of a list, or one member of its maps, with blanks between. */
static const char *joined(struct journal *j, const struct value *list, const char *member)
{
    const char *text = NULL;
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *item = value_at(list, i);
        const char *one = member ? value_get_text(item, member) : value_as_text(item);
        if (one) text = text ? arena_printf(j->arena, "%s %s", text, one) : one;
    }
    return text;
}

static const char *process_of(struct journal *j, const char *session)
{
    const char *mark = session ? strchr(session, '#') : NULL;
    return mark ? arena_text(j->arena, session, (size_t)(mark - session)) : session;
}

static const char *message_class(struct journal *j, const char *process, const char *step)
{
    const struct chart *chart;
    if (!process || bundle_chart(j->setting->bundle, process, &chart, NULL) != GUAN_OK) return NULL;
    uint32_t index = chart_step_by_id(chart, step);
    return index == CHART_NONE ? NULL : chart->steps[index].message;
}

static instant time_of(const struct value *map, const char *key)
{
    const char *text = value_get_text(map, key);
    instant at;
    return text && instant_parse(text, strlen(text), NULL, &at, NULL) == GUAN_OK ? at : INSTANT_NONE;
}

static void amend(struct journal *j, const struct value *entry)
{
    uint32_t n = (uint32_t)value_as_int(value_at(value_get(entry, "refs"), 0));
    const struct value *form = value_get(entry, "form");
    log_amend(j->log, j->kase, n, time_of(form, "at"), form, value_get(entry, "facts"));
}

static int take(void *user, const struct entry_row *row, const struct value *entry)
{
    struct journal *j = user;
    const char *kind = value_get_text(entry, "kind"), *session = value_get_text(entry, "sess");
    bool step = text_equal(kind, "step"), waive = text_equal(kind, "waive"), event = text_equal(kind, "event");
    (void)row;
    if (text_equal(kind, "amend")) amend(j, entry);
    if (!step && !waive && !event) return j->log->failed ? GUAN_FAILED : GUAN_OK;
    const char *name = value_get_text(entry, event ? "event" : "step"), *process = process_of(j, session);
    if (!name) return GUAN_OK;
    const char *activity = process ? arena_printf(j->arena, "%s.%s", process, name) : name;
    struct log_event *out = log_event_add(j->log, j->kase);
    out->n = (uint32_t)value_get_int(entry, "n");
    out->at = time_of(entry, "at");
    out->activity = intern(j, activity);
    out->resource = intern(j, value_get_text(entry, "actor"));
    out->role = intern(j, value_get_text(entry, "role"));
    out->session = intern(j, session);
    if (waive) log_life(j->log, out, "manualskip", 10);
    else log_life(j->log, out, "complete", 8);
    log_map_add(j->log, out, value_get(entry, "form"));
    log_map_add(j->log, out, value_get(entry, "facts"));
    log_text_add(j->log, out, j->evidence, joined(j, value_get(entry, "ev"), "kind"));
    log_text_add(j->log, out, j->with, joined(j, value_get(entry, "with"), NULL));
    log_text_add(j->log, out, j->inst, value_get_text(entry, "inst"));
    if (step) log_text_add(j->log, out, j->message, message_class(j, process, name));
    return j->log->failed ? GUAN_FAILED : GUAN_OK;
}

static int take_case(void *user, const struct case_row *row)
{
    struct journal *j = user;
    if (strcmp(row->id, "-") == 0) return GUAN_OK;
    arena_reset(j->arena);
    int code = setting_get(j->guan, &row->def, row->dealer, &j->setting, j->error);
    if (code != GUAN_OK) return code;
    j->kase = log_case_named(j->log, intern(j, row->id));
    if (j->log->failed) return error_memory(j->error);
    j->log->cases[j->kase].open = !row->ended;
    j->log->cases[j->kase].dealer = intern(j, row->dealer);
    j->log->cases[j->kase].process = intern(j, row->process);
    if (row->rec != INSTANT_NONE && row->rec > j->log->now) j->log->now = row->rec;
    code = ledger_case_each(j->guan->store, row, j->arena, take, j, j->error);
    return j->log->failed ? error_memory(j->error) : code;
}

static int take_cases(struct journal *j, const char *const *cases, size_t count)
{
    int code = GUAN_OK;
    if (!count) return store_case_each(j->guan->store, NULL, take_case, j, j->error);
    for (size_t i = 0; i < count && code == GUAN_OK; i++) {
        struct case_row row;
        code = resolve_case(j->guan, cases[i], &row, j->error);
        uint32_t known = code == GUAN_OK ? log_find(j->log, row.id) : 0;
        bool twice = known && known < j->log->case_of_count && j->log->case_of[known];
        if (code == GUAN_OK && !twice) code = take_case(j, &row);
    }
    return code;
}

int log_read_journal(struct guan *guan, const char *const *cases, size_t count, struct event_log **out, struct guan_error *error)
{
    struct journal j = {.guan = guan, .error = error, .arena = arena_new()};
    *out = NULL;
    if (!j.arena) return error_memory(error);
    arena_reset(guan->arena);
    int code = log_new(&j.log, error);
    if (code == GUAN_OK) {
        j.log->journal = true;
        j.evidence = intern(&j, "evidence");
        j.with = intern(&j, "with");
        j.inst = intern(&j, "inst");
        j.message = intern(&j, "message");
        code = store_begin(guan->store, false, error);
    }
    if (code == GUAN_OK) {
        code = take_cases(&j, cases, count);
        store_rollback(guan->store);
    }
    arena_free(j.arena);
    if (code == GUAN_OK) code = log_finish(j.log, error);
    if (code == GUAN_OK && !(store_flags(guan->store) & STORE_VIRTUAL)) j.log->now = guan_wall_clock();
    if (code != GUAN_OK) {
        log_free(j.log);
        return code;
    }
    *out = j.log;
    return GUAN_OK;
}
