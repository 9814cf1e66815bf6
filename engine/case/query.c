/* list, show, todo, log: reading only. */
#include "case/kase.h"

#include <string.h>

static const char *case_key(const struct name_row *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i].id, "key") == 0) return names[i].name;
    return NULL;
}

/* --- list ---------------------------------------------------------------------------------------------------------------- */

struct listing {
    struct guan *guan;
    const struct guan_sink *sink;
    const char **only; /* ids that `find` gave, or NULL */
    size_t only_count;
    struct guan_error *error;
    struct arena *arena;
};

static bool wanted(const struct listing *listing, const char *id)
{
    if (!listing->only) return true;
    for (size_t i = 0; i < listing->only_count; i++)
        if (strcmp(listing->only[i], id) == 0) return true;
    return false;
}

static int list_row(void *user, const struct case_row *row)
{
    struct listing *listing = user;
    struct name_row *names;
    struct timer_row *timers;
    size_t name_count, timer_count;
    struct value *state, *map;
    struct setting *setting;
    char text[INSTANT_TEXT];
    if (strcmp(row->id, "-") == 0 || !wanted(listing, row->id)) return GUAN_OK;
    arena_reset(listing->arena);
    map = value_map(listing->arena);
    int code = store_names(listing->guan->store, listing->arena, row->id, &names, &name_count, listing->error);
    if (code == GUAN_OK)
        code = store_timers(listing->guan->store, listing->arena, row->id, &timers, &timer_count, listing->error);
    if (code == GUAN_OK) code = json_read(listing->arena, row->state, row->state_length, &state, listing->error);
    if (code != GUAN_OK) return code;
    value_set_text(listing->arena, map, "case", row->id);
    value_set_text(listing->arena, map, "key", case_key(names, name_count));
    value_set_text(listing->arena, map, "process", row->process);
    value_set_text(listing->arena, map, "dealer", row->dealer);
    value_set_text(listing->arena, map, "where", value_get_text(state, "where"));
    instant_format(row->rec, text);
    value_set_text(listing->arena, map, "rec", text);
    value_set_bool(listing->arena, map, "ended", row->ended);
    if (timer_count) {
        char local[40];
        instant_format(timers[0].due, text);
        value_set_text(listing->arena, map, "next_due", text);
        if (setting_get(listing->guan, &row->def, row->dealer, &setting, NULL) == GUAN_OK) {
            instant_format_local(setting->house->zone, timers[0].due, false, local, sizeof local);
            value_set_text(listing->arena, map, "next_due_local", local);
        }
    }
    return answer_put(listing->sink, map, listing->error);
}

int guan_list(struct guan *guan, const char *words, const struct guan_sink *sink, struct guan_error *error)
{
    struct listing listing = {.guan = guan, .sink = sink, .error = error, .arena = arena_new()};
    if (!listing.arena) return error_memory(error);
    arena_reset(guan->arena);
    int code = store_begin(guan->store, false, error);
    if (code == GUAN_OK && words)
        code = store_name_find(guan->store, guan->arena, words, &listing.only, &listing.only_count, error);
    if (code == GUAN_OK) code = store_case_each(guan->store, NULL, list_row, &listing, error);
    store_rollback(guan->store);
    arena_free(listing.arena);
    return code;
}

/* --- one case -------------------------------------------------------------------------------------------------------------- */

static int load_case(struct guan *guan, const char *name, struct kase *kase, struct guan_error *error)
{
    struct case_row row;
    arena_reset(guan->arena);
    memset(kase, 0, sizeof *kase);
    int code = store_begin(guan->store, false, error);
    if (code == GUAN_OK) code = resolve_case(guan, name, &row, error);
    if (code == GUAN_OK) code = kase_load(guan, &row, kase, error);
    if (code == GUAN_OK && !(store_flags(guan->store) & STORE_VIRTUAL))
        kase_moment(kase, guan_wall_clock(), guan_wall_clock(), &kase->system, NULL);
    return code;
}

static int finish(struct kase *kase, struct guan *guan, int code, const struct value *value, const struct guan_sink *sink,
                  struct guan_error *error)
{
    if (code == GUAN_OK && arena_failed(guan->arena)) code = error_memory(error);
    if (code == GUAN_OK && value) code = answer_put(sink, value, error);
    kase_drop(kase);
    store_rollback(guan->store);
    return code;
}

static void head(struct kase *kase, struct value *map)
{
    value_set_text(kase->arena, map, "case", kase->row.id);
    value_set_text(kase->arena, map, "key", case_key(kase->names, kase->name_count));
    value_set_text(kase->arena, map, "dealer", kase->row.dealer);
    value_set_text(kase->arena, map, "process", kase->row.process);
    if (kase->member_count) value_set_text(kase->arena, map, "title", kase->members[0]->chart->title);
    value_set_text(kase->arena, map, "owner", who_name(kase, value_get_text(kase->state, "owner")));
    value_set(kase->arena, map, "parties", answer_parties(kase));
}

/* Adds local times and what is left of them beside every "due". */
static void add_due(struct kase *kase, struct value *item)
{
    const char *due = value_get_text(item, "due");
    instant at;
    if (!due || instant_parse(due, strlen(due), NULL, &at, NULL) != GUAN_OK) return;
    answer_local(kase, item, "due", at);
    value_set_int(kase->arena, item, "left_ms", at - kase->rec);
}

static struct value *field_list(struct kase *kase, const struct chart *chart, const struct chart_step *step)
{
    struct value *list = value_list(kase->arena);
    for (uint32_t i = 0; i < step->fields.count; i++) {
        const struct chart_field *field = &chart->fields[step->fields.first + i];
        struct value *map = value_map(kase->arena), *of = value_list(kase->arena);
        value_set_bool(kase->arena, map, "required", field->required && field->initial == CHART_NONE);
        value_set_text(kase->arena, map, "name", field->name);
        value_set_text(kase->arena, map, "title", field->title);
        value_set_text(kase->arena, map, "type", chart_type_name(field->type));
        for (uint32_t c = 0; c < field->of.count; c++) value_add(kase->arena, of, value_text(kase->arena, field->of.items[c]));
        if (field->of.count) value_set(kase->arena, map, "of", of);
        value_add(kase->arena, list, map);
    }
    return list;
}

/* Roles by title, the fields, and when it is due on the wall. */
static void enrich(struct kase *kase, const struct member *member, struct value *item)
{
    struct value *roles = value_list(kase->arena), *ids = value_get(item, "role");
    uint32_t step = chart_step_by_id(member->chart, value_get_text(item, "step"));
    for (size_t i = 0; i < value_count(ids); i++) {
        const char *id = value_as_text(value_at(ids, i));
        const struct role *role = catalogue_role(kase->setting->catalogue, id);
        struct value *map = value_map(kase->arena);
        value_set_text(kase->arena, map, "id", id);
        value_set_text(kase->arena, map, "title", role ? role->title : id);
        value_add(kase->arena, roles, map);
    }
    value_set(kase->arena, item, "roles", roles);
    if (step != CHART_NONE && !value_get_bool(item, "event"))
        value_set(kase->arena, item, "fields", field_list(kase, member->chart, &member->chart->steps[step]));
    add_due(kase, item);
}

/* A flow that waits for its first step: the step's title stands in that flow. */
static void add_waiting_title(struct kase *kase, struct value *item)
{
    const char *name = value_get_text(item, "step"), *dot = name ? strchr(name, '.') : NULL;
    const struct chart *chart;
    if (!dot || value_get_text(item, "title")) return;
    const char *process = arena_text(kase->arena, name, (size_t)(dot - name));
    if (!process || bundle_chart(kase->setting->bundle, process, &chart, NULL) != GUAN_OK) return;
    uint32_t step = chart_step_by_id(chart, dot + 1);
    value_set_text(kase->arena, item, "title", step != CHART_NONE ? chart->steps[step].title : chart->title);
}

struct value *query_todo(struct kase *kase, bool titles)
{
    struct value *map = value_map(kase->arena), *sessions = answer_where(kase);
    head(kase, map);
    answer_local(kase, map, "now", kase->rec);
    for (size_t i = 0; i < value_count(sessions); i++) {
        struct value *session = value_at(sessions, i);
        struct member *member = kase_member(kase, value_get_text(session, "session"));
        struct value *todo = member ? standard_todo(member->standard) : NULL;
        for (size_t t = 0; t < value_count(todo); t++) {
            enrich(kase, member, value_at(todo, t));
            if (titles) add_waiting_title(kase, value_at(todo, t));
        }
        value_set(kase->arena, session, "todo", todo);
    }
    value_set(kase->arena, map, "sessions", sessions);
    return map;
}

int guan_todo(struct guan *guan, const char *name, const struct guan_sink *sink, struct guan_error *error)
{
    struct kase kase;
    int code = load_case(guan, name, &kase, error);
    return finish(&kase, guan, code, code == GUAN_OK ? query_todo(&kase, true) : NULL, sink, error);
}

int guan_show(struct guan *guan, const char *name, const struct guan_sink *sink, struct guan_error *error)
{
    struct kase kase;
    int code = load_case(guan, name, &kase, error);
    struct value *map = NULL, *findings = NULL;
    if (code == GUAN_OK) code = findings_fold(guan, &kase.row, kase.arena, &findings, error);
    if (code == GUAN_OK) {
        struct value *sessions = value_list(kase.arena), *deadlines = value_list(kase.arena);
        map = value_map(kase.arena);
        head(&kase, map);
        for (size_t i = 0; i < kase.member_count; i++) {
            struct member *member = kase.members[i];
            struct value *item = value_map(kase.arena), *list = standard_deadlines(member->standard);
            value_set_text(kase.arena, item, "session", member->id);
            value_set_text(kase.arena, item, "process", member->process);
            value_set_text(kase.arena, item, "title", member->chart->title);
            value_set_bool(kase.arena, item, "ended", member->ended);
            if (!member->ended) value_set(kase.arena, item, "states", standard_where(member->standard));
            value_add(kase.arena, sessions, item);
            for (size_t d = 0; !member->ended && d < value_count(list); d++) {
                value_set_text(kase.arena, value_at(list, d), "session", member->id);
                add_due(&kase, value_at(list, d));
                value_add(kase.arena, deadlines, value_at(list, d));
            }
        }
        value_set(kase.arena, map, "sessions", sessions);
        value_set(kase.arena, map, "deadlines", deadlines);
        value_set(kase.arena, map, "findings", findings);
        value_set_int(kase.arena, map, "entries", (int64_t)kase.row.n);
        value_set_bool(kase.arena, map, "erased", kase.erased);
        answer_local(&kase, map, "rec", kase.row.rec);
    }
    return finish(&kase, guan, code, map, sink, error);
}

/* --- log ------------------------------------------------------------------------------------------------------------------- */

struct reading {
    struct kase *kase;
    const struct guan_sink *sink;
    struct guan_error *error;
};

/* What people call it: a step's title, an event's, a flow's. */
static const char *entry_title(struct kase *kase, const struct value *entry)
{
    const struct member *member = kase_member(kase, value_get_text(entry, "sess"));
    const char *step = value_get_text(entry, "step"), *event = value_get_text(entry, "event");
    const char *kind = value_get_text(entry, "kind");
    uint32_t index = member && step ? chart_step_by_id(member->chart, step) : CHART_NONE;
    if (index != CHART_NONE) return member->chart->steps[index].title;
    if (kind && strcmp(kind, "assign") == 0) return who_name(kase, value_get_text(value_get(entry, "facts"), "owner"));
    if (!member || !kind) return NULL;
    if (strcmp(kind, "open") == 0) return member->chart->title;
    for (uint32_t i = 0; event && i < member->chart->transition_count; i++) {
        const struct chart_transition *transition = &member->chart->transitions[i];
        for (uint32_t e = 0; transition->title && e < transition->events.count; e++)
            if (chart_descriptor_matches(&member->chart->descriptors[transition->events.first + e], event, strlen(event)))
                return transition->title;
    }
    return NULL;
}

static struct value *with_names(struct kase *kase, const struct value *with)
{
    struct value *list = value_list(kase->arena);
    for (size_t i = 0; i < value_count(with); i++)
        value_add(kase->arena, list, value_text(kase->arena, who_name(kase, value_as_text(value_at(with, i)))));
    return value_count(list) ? list : NULL;
}

static int log_row(void *user, const struct entry_row *row, const struct value *entry)
{
    struct reading *reading = user;
    struct kase *kase = reading->kase;
    const char *at = value_get_text(entry, "at"), *rec = value_get_text(entry, "rec");
    instant when;
    struct value *out = value_copy(kase->arena, entry);
    (void)row;
    if (!at) at = rec;
    if (at && instant_parse(at, strlen(at), NULL, &when, NULL) == GUAN_OK) {
        char text[40];
        instant_format_local(kase->setting->house->zone, when, true, text, sizeof text);
        value_set_text(kase->arena, out, "local", text);
    }
    value_set_text(kase->arena, out, "who", who_name(kase, value_get_text(entry, "actor")));
    value_set_text(kase->arena, out, "by_name", who_name(kase, value_get_text(entry, "by")));
    value_set(kase->arena, out, "with_names", with_names(kase, value_get(entry, "with")));
    value_set_text(kase->arena, out, "title", entry_title(kase, entry));
    return answer_put(reading->sink, out, reading->error);
}

int guan_log(struct guan *guan, const char *name, const struct guan_sink *sink, struct guan_error *error)
{
    struct kase kase;
    struct reading reading = {&kase, sink, error};
    int code = load_case(guan, name, &kase, error);
    if (code == GUAN_OK) code = ledger_case_each(guan->store, &kase.row, kase.arena, log_row, &reading, error);
    return finish(&kase, guan, code, NULL, sink, error);
}

int guan_next_due(struct guan *guan, int64_t *ms, struct guan_error *error)
{
    instant due, now = guan_wall_clock();
    int code = store_begin(guan->store, false, error);
    if (code == GUAN_OK) code = store_next_due(guan->store, &due, error);
    store_rollback(guan->store);
    if (code == GUAN_OK) *ms = due == INSTANT_NONE ? -1 : due <= now ? 0 : due - now;
    return code;
}
