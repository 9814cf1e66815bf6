/* show, todo, log: reading only. */
#include "case/kase.h"

#include <string.h>

static const char *case_key(const struct name_row *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i].id, "key") == 0) return names[i].name;
    return NULL;
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
    if (code == GUAN_OK && kase->fault.code != GUAN_OK) {
        code = kase->fault.code;
        if (error) *error = kase->fault;
    }
    if (code == GUAN_OK && value) code = answer_put(sink, value, error);
    kase_drop(kase);
    store_rollback(guan->store);
    return code;
}

static struct value *contacts(struct kase *kase)
{
    struct value *list = value_list(kase->arena);
    for (size_t i = 0; i < kase->name_count; i++) {
        if (!text_starts(kase->names[i].id, "contact:")) continue;
        struct value *map = value_map(kase->arena);
        value_set_text(kase->arena, map, "type", kase->names[i].role);
        value_set_text(kase->arena, map, "value", kase->names[i].name);
        value_add(kase->arena, list, map);
    }
    return list;
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
    value_set(kase->arena, map, "contacts", contacts(kase));
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

static void add_roles(struct kase *kase, struct value *item, const char *from, const char *to)
{
    struct value *roles = value_list(kase->arena), *ids = value_get(item, from);
    for (size_t i = 0; i < value_count(ids); i++) {
        const char *id = value_as_text(value_at(ids, i));
        const struct role *role = catalogue_role(kase->setting->catalogue, id);
        struct value *map = value_map(kase->arena);
        value_set_text(kase->arena, map, "id", id);
        value_set_text(kase->arena, map, "title", role ? role->title : id);
        value_add(kase->arena, roles, map);
    }
    value_set(kase->arena, item, to, roles);
}

/* Roles by title, the fields, and when it is due on the wall. */
static void enrich(struct kase *kase, const struct member *member, struct value *item)
{
    uint32_t step = chart_step_by_id(member->chart, value_get_text(item, "step"));
    add_roles(kase, item, "role", "roles");
    if (value_get(item, "with")) add_roles(kase, item, "with", "with_roles");
    if (step != CHART_NONE && !value_get_bool(item, "event"))
        value_set(kase->arena, item, "fields", fields_shown(kase, member->chart, &member->chart->steps[step]));
    add_due(kase, item);
}

/* What a flow calls an event that it takes. */
static const char *event_title(const struct chart *chart, const char *event)
{
    for (uint32_t i = 0; i < chart->transition_count; i++) {
        const struct chart_transition *transition = &chart->transitions[i];
        for (uint32_t e = 0; e < transition->events.count; e++)
            if (transition->title && text_equal(chart->descriptors[transition->events.first + e].name, event))
                return transition->title;
    }
    return chart->title;
}

/* A flow that waits for its first step: what there is to say of the step stands in that flow. */
static void add_waiting(struct kase *kase, struct value *item)
{
    const char *name = value_get_text(item, "step"), *dot = name ? strchr(name, '.') : NULL;
    const struct chart *chart;
    if (!dot || !value_get_bool(item, "event")) return;
    const char *process = arena_text(kase->arena, name, (size_t)(dot - name));
    if (!process || bundle_chart(kase->setting->bundle, process, &chart, NULL) != GUAN_OK) return;
    uint32_t step = chart_step_by_id(chart, dot + 1);
    if (!value_get_text(item, "title"))
        value_set_text(kase->arena, item, "title", step != CHART_NONE ? chart->steps[step].title : event_title(chart, dot + 1));
    if (step == CHART_NONE) return;
    struct value *roles = value_list(kase->arena);
    for (uint32_t i = 0; i < chart->steps[step].roles.count; i++)
        value_add(kase->arena, roles, value_text(kase->arena, chart->steps[step].roles.items[i]));
    value_set_bool(kase->arena, item, "starts", true);
    value_set(kase->arena, item, "role", roles);
    add_roles(kase, item, "role", "roles");
    value_set(kase->arena, item, "fields", fields_shown(kase, chart, &chart->steps[step]));
}

/* Deadlines that stand in a state, of no step. */
static void add_state_deadlines(struct kase *kase, const struct member *member, struct value *session)
{
    struct value *all = standard_deadlines(member->standard), *own = value_list(kase->arena);
    for (size_t i = 0; i < value_count(all); i++) {
        if (value_get_text(value_at(all, i), "step")) continue;
        add_due(kase, value_at(all, i));
        value_add(kase->arena, own, value_at(all, i));
    }
    if (value_count(own)) value_set(kase->arena, session, "deadlines", own);
}

/* A required step that is not done. */
static bool is_open(const struct value *item)
{
    return value_get_bool(item, "required") && !value_get_bool(item, "done") && !value_get_bool(item, "event");
}

struct value *query_todo(struct kase *kase, bool all)
{
    struct value *map = value_map(kase->arena), *sessions = answer_where(kase);
    head(kase, map);
    answer_local(kase, map, "now", kase->rec);
    for (size_t i = 0; i < value_count(sessions); i++) {
        struct value *session = value_at(sessions, i);
        struct member *member = kase_member(kase, value_get_text(session, "session"));
        struct value *items = member ? standard_todo(member->standard) : NULL, *todo = value_list(kase->arena);
        for (size_t t = 0; t < value_count(items); t++) {
            struct value *item = value_at(items, t);
            if (!all && !is_open(item)) continue;
            enrich(kase, member, item);
            if (all) add_waiting(kase, item);
            value_add(kase->arena, todo, item);
        }
        value_set(kase->arena, session, "todo", todo);
        if (member && all) add_state_deadlines(kase, member, session);
    }
    value_set(kase->arena, map, "sessions", sessions);
    return map;
}

/* The findings that stand, and what was refused: with their steps' titles, and when on the wall. */
static void add_findings(struct kase *kase, struct value *map, const struct value *findings)
{
    struct value *list = value_list(kase->arena);
    for (size_t i = 0; i < value_count(findings); i++) {
        struct value *finding = value_at(findings, i);
        const char *status = value_get_text(finding, "status"), *step = value_get_text(finding, "step"),
                   *at = value_get_text(finding, "at");
        const struct member *member = kase_member(kase, value_get_text(finding, "session"));
        uint32_t index = member && step ? chart_step_by_id(member->chart, step) : CHART_NONE;
        instant when;
        if (!text_equal(status, "open") && !text_equal(status, "noted")) continue;
        if (index != CHART_NONE) value_set_text(kase->arena, finding, "title", member->chart->steps[index].title);
        if (at && instant_parse(at, strlen(at), NULL, &when, NULL) == GUAN_OK) answer_local(kase, finding, "at", when);
        value_add(kase->arena, list, finding);
    }
    value_set(kase->arena, map, "findings", list);
}

/* "customer|agent" is either; a step without roles is anybody's. */
static bool is_for(const struct actor *actor, const struct value *roles)
{
    for (size_t i = 0; i < value_count(roles); i++)
        for (const char *at = value_as_text(value_at(roles, i)); at && *at; at += strcspn(at, "|"), at += *at == '|')
            for (uint32_t r = 0; r < actor->roles.count; r++)
                if (strlen(actor->roles.items[r]) == strcspn(at, "|") && text_starts(at, actor->roles.items[r])) return true;
    return value_count(roles) == 0;
}

static int add_mine(struct kase *kase, const char *who, const struct value *map, struct guan_error *error)
{
    struct actor actor;
    const struct value *sessions = value_get(map, "sessions");
    int code = who ? who_actor(kase, who, &actor, error) : GUAN_OK;
    for (size_t i = 0; who && code == GUAN_OK && i < value_count(sessions); i++) {
        const struct value *todo = value_get(value_at(sessions, i), "todo");
        for (size_t t = 0; t < value_count(todo); t++)
            value_set_bool(kase->arena, value_at(todo, t), "mine", is_for(&actor, value_get(value_at(todo, t), "role")));
    }
    return code;
}

int guan_todo_of(struct guan *guan, const char *name, const char *actor, const struct guan_sink *sink, struct guan_error *error)
{
    struct kase kase;
    struct value *map = NULL, *findings;
    int code = load_case(guan, name, &kase, error);
    if (code == GUAN_OK) code = findings_fold(guan, &kase.row, kase.arena, &findings, error);
    if (code == GUAN_OK) {
        map = query_todo(&kase, true);
        add_findings(&kase, map, findings);
        code = add_mine(&kase, actor, map, error);
    }
    return finish(&kase, guan, code, map, sink, error);
}

int guan_todo(struct guan *guan, const char *name, const struct guan_sink *sink, struct guan_error *error)
{
    return guan_todo_of(guan, name, NULL, sink, error);
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
            struct value *item = value_map(kase.arena), *list = member->ended ? NULL : standard_deadlines(member->standard);
            const char *title;
            code = bundle_title(kase.setting->bundle, member->process, &title, error);
            if (code != GUAN_OK) break;
            value_set_text(kase.arena, item, "session", member->id);
            value_set_text(kase.arena, item, "process", member->process);
            value_set_text(kase.arena, item, "title", title);
            value_set_bool(kase.arena, item, "ended", member->ended);
            if (!member->ended) value_set(kase.arena, item, "states", standard_where(member->standard));
            value_add(kase.arena, sessions, item);
            for (size_t d = 0; d < value_count(list); d++) {
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
