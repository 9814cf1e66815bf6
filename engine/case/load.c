/* A case in memory: its rows, its sessions in a tree, a standard for each. Saved row by row, only what was touched. */
#include "case/witness.h"

#include <string.h>

static int world_token(void *user, const struct value *value, const char **token, struct guan_error *error)
{
    struct kase *kase = user;
    return personal_token(kase->arena, &kase->secret, value, token, error);
}

const char *kase_party_id(struct kase *kase, const char *name)
{
    for (size_t i = 0; i < kase->name_count; i++)
        if (text_starts(kase->names[i].id, "party:") && strcmp(kase->names[i].name, name) == 0) return kase->names[i].id;
    return NULL;
}

static const char *world_party(void *user, const char *text)
{
    return kase_party_id(user, text);
}

void kase_moment(struct kase *kase, instant at, instant rec, const struct actor *actor, const char *by)
{
    kase->at = at;
    kase->rec = rec;
    kase->world.at = at;
    kase->world.rec = rec;
    kase->world.actor = actor;
    kase->world.by = by;
    kase->world.signers = NULL;
    standard_moment(&kase->world);
}

struct member *kase_member(struct kase *kase, const char *session)
{
    for (size_t i = 0; session && i < kase->member_count; i++)
        if (strcmp(kase->members[i]->id, session) == 0) return kase_wake(kase, kase->members[i]) ? kase->members[i] : NULL;
    return NULL;
}

struct member *kase_active(struct kase *kase, const char *process)
{
    for (size_t i = kase->member_count; i-- > 0;) {
        struct member *member = kase->members[i];
        if (!member->ended && strcmp(member->process, process) == 0) return member;
    }
    return NULL;
}

/* Without a chart: it has ended and sleeps. */
struct member *kase_member_new(struct kase *kase, const char *id, const char *parent, const struct chart *chart,
                               const char *process, struct session *session, const struct value *saved, struct guan_error *error)
{
    if (kase->member_count >= LIMIT_SESSIONS) {
        error_set(error, GUAN_NO, "too-many-sessions", "a case has at most %u sessions", LIMIT_SESSIONS);
        return NULL;
    }
    size_t capacity = kase->member_capacity;
    kase->members = arena_grow(kase->arena, kase->members, kase->member_count, &capacity, sizeof *kase->members);
    kase->world.sessions =
        arena_grow(kase->arena, kase->world.sessions, kase->member_count, &kase->member_capacity, sizeof *kase->world.sessions);
    struct member *member = arena_alloc(kase->arena, sizeof *member);
    if (arena_failed(kase->arena)) {
        error_memory(error);
        return NULL;
    }
    *member = (struct member){.session = session,
                              .chart = chart,
                              .id = arena_text(kase->arena, id, strlen(id)),
                              .parent = parent ? arena_text(kase->arena, parent, strlen(parent)) : NULL,
                              .process = arena_text(kase->arena, process, strlen(process)),
                              .order = (uint32_t)kase->member_count,
                              .ended = !session,
                              .touched = session && !saved};
    int code = chart ? standard_new(&kase->world, chart, session, member->id, member->process, saved, &member->standard, error)
                     : standard_asleep(&kase->world, member->id, member->process, value_get(value_get(kase->state, "hears"), id),
                                       &member->standard, error);
    if (code != GUAN_OK) return NULL;
    kase->world.sessions[kase->member_count] = member->standard;
    kase->members[kase->member_count++] = member;
    kase->world.session_count = kase->member_count;
    return member;
}

static int read_json(struct kase *kase, const char *text, size_t length, struct value **out, struct guan_error *error)
{
    int code = json_read_own(kase->arena, text, length, out, error);
    if (code != GUAN_NO) return code;
    return error_set(error, GUAN_TAMPERED, "row", "a row of case %s in the store is not as it was written", kase->row.id);
}

static int read_session(struct kase *kase, const struct session_row *row, const struct chart **chart, struct value **facts,
                        struct guan_error *error)
{
    int code = bundle_chart(kase->setting->bundle, row->process, chart, error);
    return code == GUAN_OK ? read_json(kase, row->facts, row->facts_length, facts, error) : code;
}

bool kase_wake(struct kase *kase, struct member *member)
{
    const struct chart *chart;
    struct value *facts;
    if (member->chart) return true;
    if (kase->fault.code != GUAN_OK) return false;
    int code = read_session(kase, member->row, &chart, &facts, &kase->fault);
    if (code == GUAN_OK) code = standard_wake(member->standard, chart, facts, &kase->fault);
    if (code == GUAN_OK) member->chart = chart;
    return code == GUAN_OK;
}

static bool world_wake(void *user, struct standard *standard)
{
    struct kase *kase = user;
    for (size_t i = 0; i < kase->member_count; i++)
        if (kase->members[i]->standard == standard) return kase_wake(kase, kase->members[i]);
    return false;
}

/* An ended session keeps its facts for those who ask, but needs no Lua; the root is always asked. */
static int load_session(struct kase *kase, const struct session_row *row, struct guan_error *error)
{
    const struct chart *chart = NULL;
    struct value *facts = NULL, *snapshot;
    struct session *session;
    bool asleep = row->ended && row->parent;
    int code = asleep ? GUAN_OK : read_session(kase, row, &chart, &facts, error);
    if (code != GUAN_OK) return code;
    struct member *member = kase_member_new(kase, row->id, row->parent, chart, row->process, NULL, facts, error);
    if (!member) return error ? error->code : GUAN_FAILED;
    member->row = row;
    if (row->ended) return GUAN_OK;
    code = read_json(kase, row->snapshot, row->snapshot_length, &snapshot, error);
    member->ended = false;
    return code == GUAN_OK ? tree_restore(kase->tree, chart, row->id, row->parent, snapshot, &session, error) : code;
}

static int load_rows(struct kase *kase, struct guan_error *error)
{
    struct session_row *sessions;
    struct timer_row *timers;
    size_t count;
    struct store *store = kase->guan->store;
    int code = read_json(kase, kase->row.state, kase->row.state_length, &kase->state, error);
    if (code == GUAN_OK) kase->world.findings = (uint32_t)value_get_int(kase->state, "findings");
    if (code == GUAN_OK) code = store_names(store, kase->arena, kase->row.id, &kase->names, &kase->name_count, error);
    if (code == GUAN_OK) code = store_sessions(store, kase->arena, kase->row.id, &sessions, &count, error);
    for (size_t i = 0; code == GUAN_OK && i < count; i++) code = load_session(kase, &sessions[i], error);
    if (code == GUAN_OK) code = store_timers(store, kase->arena, kase->row.id, &timers, &count, error);
    for (size_t i = 0; code == GUAN_OK && i < count; i++) {
        code = host_timer_set(kase, &timers[i], error);
        if (code == GUAN_OK) kase->timers[kase->timer_count - 1].stored = true;
        if (code == GUAN_OK) kase->timers[kase->timer_count - 1].changed = false;
    }
    return code;
}

/* The keys of the case: its secret, or that it was erased. */
static int load_secret(struct kase *kase, struct guan_error *error)
{
    struct guan_error local;
    error_clear(&local);
    int code = store_secret(kase->guan->store, kase->row.id, &kase->secret, &local);
    if (code == GUAN_USAGE) kase->erased = true;
    else if (code != GUAN_OK && error) *error = local;
    return code == GUAN_USAGE ? GUAN_OK : code;
}

int kase_load(struct guan *guan, const struct case_row *row, struct kase *out, struct guan_error *error)
{
    static const char *const system_role[] = {"system"};
    memset(out, 0, sizeof *out);
    out->guan = guan;
    out->arena = guan->arena;
    out->row = *row;
    out->system = (struct actor){.id = "system", .name = "system", .roles = {system_role, 1}};
    int code = setting_get(guan, &row->def, row->dealer, &out->setting, error);
    if (code != GUAN_OK) return code;
    out->world = (struct world){.arena = out->arena,
                                .house = out->setting->house,
                                .catalogue = out->setting->catalogue,
                                .hooks = out->setting->hooks,
                                .kase = row->id,
                                .at = row->rec,
                                .rec = row->rec,
                                .told = row->rec,
                                .actor = &out->system,
                                .accept_claimed = (store_flags(guan->store) & STORE_CLAIMED) != 0,
                                .token = world_token,
                                .party = world_party,
                                .wake = world_wake,
                                .witness = guan->witness ? witness_seen : NULL,
                                .user = out};
    out->at = out->rec = row->rec;
    if (guan->witness) guan->witness->fresh_count = 0; /* of a command that failed */
    host_init(out);
    script_budget(guan->script, LIMIT_LUA_INSTRUCTIONS);
    code = load_secret(out, error);
    if (code == GUAN_OK) code = store_head(guan->store, &out->ledger, error);
    if (code == GUAN_OK) code = tree_new(guan->script, out->arena, &out->host, &out->tree, error);
    if (code == GUAN_OK) code = load_rows(out, error);
    if (code != GUAN_OK) kase_drop(out);
    return code;
}

void kase_drop(struct kase *kase)
{
    tree_free(kase->tree);
    kase->tree = NULL;
}

int kase_reload(struct kase *kase, struct guan_error *error)
{
    struct case_row row;
    struct guan *guan = kase->guan;
    instant at = kase->at, rec = kase->rec;
    const char *cause = kase->cause, *auth = kase->auth;
    struct value *fired = kase->fired;
    struct guan_error fault = kase->fault;
    int code = store_case(guan->store, kase->arena, kase->row.id, &row, error);
    witness_drop(kase);
    kase_drop(kase);
    if (code == GUAN_OK) code = kase_load(guan, &row, kase, error);
    kase->cause = cause;
    kase->auth = auth;
    kase->fired = fired;
    kase->fault = fault;
    if (code == GUAN_OK) kase_moment(kase, at, rec, &kase->system, NULL);
    return code;
}

/* An event that a session passes over touches it, and changes nothing. */
static bool same(const struct member *member, const struct buffer *snapshot, const struct buffer *facts)
{
    const struct session_row *row = member->row;
    return row && row->ended == member->ended && row->facts_length == facts->length && row->snapshot_length == snapshot->length &&
           memcmp(row->facts, facts->data, facts->length) == 0 &&
           (snapshot->length == 0 || memcmp(row->snapshot, snapshot->data, snapshot->length) == 0);
}

/* What it will be asked about once it sleeps. */
static void keep_hearing(struct kase *kase, const struct member *member)
{
    struct value *all = value_get(kase->state, "hears"), *hears = standard_hears(member->standard, kase->arena);
    if (!hears) return;
    if (!all) {
        all = value_map(kase->arena);
        value_set(kase->arena, kase->state, "hears", all);
    }
    value_set(kase->arena, all, member->id, hears);
}

static int write_member(struct kase *kase, struct member *member, const struct buffer *snapshot, const struct buffer *facts,
                        struct guan_error *error)
{
    struct session_row *row = arena_alloc(kase->arena, sizeof *row);
    if (!row) return error_memory(error);
    *row = (struct session_row){.id = member->id,
                                .parent = member->parent,
                                .process = member->process,
                                .ended = member->ended,
                                .snapshot = snapshot->length ? arena_text(kase->arena, snapshot->data, snapshot->length) : NULL,
                                .snapshot_length = snapshot->length,
                                .facts = arena_text(kase->arena, facts->data, facts->length),
                                .facts_length = facts->length};
    member->row = row;
    if (arena_failed(kase->arena)) return error_memory(error);
    return store_session_save(kase->guan->store, kase->row.id, member->order, row, error);
}

static int save_member(struct kase *kase, struct member *member, struct guan_error *error)
{
    struct buffer snapshot = {0}, facts = {0};
    struct value *tree = NULL;
    int code = member->ended ? GUAN_OK : session_save(member->session, kase->arena, &tree, error);
    if (code == GUAN_OK) {
        json_write(&facts, standard_save(member->standard, kase->arena));
        if (member->ended) keep_hearing(kase, member);
        if (!member->ended) json_write(&snapshot, tree);
        if (facts.failed || snapshot.failed || arena_failed(kase->arena)) code = error_memory(error);
    }
    if (code == GUAN_OK && !same(member, &snapshot, &facts)) code = write_member(kase, member, &snapshot, &facts, error);
    buffer_release(&snapshot);
    buffer_release(&facts);
    if (code == GUAN_OK) member->touched = false;
    return code;
}

static int save_timers(struct kase *kase, struct guan_error *error)
{
    struct store *store = kase->guan->store;
    int code = GUAN_OK;
    for (size_t i = 0; i < kase->timer_count && code == GUAN_OK; i++) {
        struct kase_timer *timer = &kase->timers[i];
        const struct timer_row *row = &timer->row;
        if (timer->removed && timer->stored)
            code = store_timer_remove(store, kase->row.id, row->session, row->name, row->instance, error);
        else if (!timer->removed && timer->changed) code = store_timer_set(store, kase->row.id, row, error);
        timer->stored = !timer->removed;
        timer->changed = false;
    }
    return code;
}

int kase_save(struct kase *kase, struct guan_error *error)
{
    struct buffer state = {0};
    int code = kase->fault.code;
    if (code != GUAN_OK && error) *error = kase->fault;
    for (size_t i = 0; i < kase->member_count && code == GUAN_OK; i++)
        if (kase->members[i]->touched && kase->members[i]->chart) code = save_member(kase, kase->members[i], error);
    if (code == GUAN_OK) code = save_timers(kase, error);
    if (code != GUAN_OK) return code;
    value_set_int(kase->arena, kase->state, "findings", kase->world.findings);
    listing_note(kase);
    json_write(&state, kase->state);
    kase->row.state = arena_text(kase->arena, state.data, state.length);
    kase->row.state_length = state.length;
    kase->row.ended = kase->member_count > 0 && kase->members[0]->ended;
    bool failed = state.failed || arena_failed(kase->arena);
    buffer_release(&state);
    if (failed) return error_memory(error);
    code = store_case_save(kase->guan->store, &kase->row, error);
    return code == GUAN_OK ? store_head_save(kase->guan->store, &kase->ledger, error) : code;
}
