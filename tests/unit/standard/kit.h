/* A case without a store, for the tests of standard: what case/ does, in small. Every command loads all sessions from what was
 * saved (as JSON text), and saves only when it was not refused: so each test also tests save and load. Included once a program.
 */
#ifndef TEST_STANDARD_KIT_H
#define TEST_STANDARD_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "standard/standard.h"

struct kit_row {
    const char *id, *parent, *process;
    const char *facts, *snapshot, *hears; /* JSON */
    bool ended;
};
struct kit_timer {
    const char *session, *name, *instance;
    instant due;
};
struct kit {
    struct arena *arena;
    struct bundle *bundle;
    const struct house *house;
    struct script *script;
    struct hooks *hooks;
    struct tree *tree;
    struct tree_host host;
    struct world world;
    struct standard *standards[40];
    struct session *live[40];
    struct kit_row rows[40];
    size_t row_count;
    struct kit_timer timers[60];
    size_t timer_count;
    struct findings now, all; /* of the command; of all commands that were not refused */
    struct refusal refusal;
    struct record record;
    struct value *abandoned;
    struct guan_error error;
    bool late;
    uint64_t n;
    char raised[400]; /* complete.* and deadline events of the command, in order */
};

static const char *const kit_dealer =
    "<dealer xmlns='urn:guan:1' id='base' title='店' zone='Asia/Shanghai'>"
    "<person id='staff:1' name='周敏' login='zhoumin' roles='receptionist'/>"
    "<person id='staff:2' name='林涛' login='lintao' roles='sales_consultant'/>"
    "<person id='staff:3' name='陈静' login='chenjing' roles='floor_manager'/>"
    "<person id='staff:4' name='何勇' login='heyong' roles='test_drive_specialist sales_consultant'/>"
    "<parameter id='T-OWN' value='PT20M'/></dealer>";
static const char *const kit_clauses =
    "<standard xmlns='urn:guan:1' id='CS' title='s' class='standard'>"
    "<clause id='CS-1' title='1' basis='seed'/><clause id='CS-2' title='2' basis='seed'/><clause id='CS-3' title='3' "
    "basis='seed'/>"
    "<clause id='CS-4' title='4' basis='seed'/><clause id='CS-5' title='5' basis='seed'/></standard>";
static const char *const kit_law =
    "<standard xmlns='urn:guan:1' id='LW' title='l' class='law'>"
    "<clause id='LW-1' title='1' basis='law'/><clause id='LW-2' title='2' basis='law'/></standard>";
static const char *const kit_parameters =
    "<parameters xmlns='urn:guan:1'><parameter id='T-GREET' type='duration' value='PT1M' basis='proposal' title='g'/>"
    "<parameter id='T-OWN' type='duration' value='PT10M' basis='proposal' title='o'/>"
    "<parameter id='T-DAY' type='duration' value='D+0@24:00' basis='proposal' title='d'/>"
    "<parameter id='T-LAG' type='duration' value='PT2H' basis='proposal' title='l'/>"
    "<parameter id='T-CADENCE' type='table' value='A=P1D B=P2D' basis='proposal' title='c'/>"
    "<parameter id='T-FUEL' type='percent' value='95' basis='proposal' title='f'/></parameters>";
static const char *const kit_roles =
    "<roles xmlns='urn:guan:1'><role id='receptionist' title='r'/><role id='sales_consultant' title='s'/>"
    "<role id='floor_manager' title='f'/><role id='test_drive_specialist' title='t'/><role id='customer' title='c'/>"
    "<role id='agent' title='a'/><role id='company' title='c'/></roles>";

static const struct {
    const char *name, *id, *role;
} kit_parties[] = {{"王磊", "party:1", "customer"},
                   {"公司", "party:2", "company"},
                   {"刘敏", "party:3", "customer"},
                   {"周明", "party:4", "agent"}};

/* --- what case/ gives to standard --- */

static int kit_token(void *user, const struct value *value, const char **token, struct guan_error *error)
{
    struct kit *kit = user;
    struct buffer text = {0};
    struct hash hash;
    char hex[HASH_HEX];
    (void)error;
    json_write(&text, value);
    hash_hmac("secret", 6, text.data, text.length, &hash);
    hash_hex(&hash, hex);
    buffer_release(&text);
    *token = arena_printf(kit->arena, "~%.12s", hex);
    return *token ? GUAN_OK : GUAN_FAILED;
}

static const char *kit_party(void *user, const char *text)
{
    (void)user;
    for (size_t i = 0; i < sizeof kit_parties / sizeof *kit_parties; i++)
        if (strcmp(kit_parties[i].name, text) == 0) return kit_parties[i].id;
    return NULL;
}

static inline struct actor kit_actor(struct kit *kit, const char *name)
{
    static const char *const system_roles[] = {"system"};
    struct actor actor = {.id = name, .name = name};
    const struct person *person = house_person(kit->house, name);
    if (strcmp(name, "system") == 0) actor.roles = (struct chart_names){system_roles, 1};
    if (person) actor.id = person->id, actor.roles = person->roles;
    for (size_t i = 0; i < sizeof kit_parties / sizeof *kit_parties; i++)
        if (strcmp(kit_parties[i].name, name) == 0)
            actor.id = kit_parties[i].id, actor.roles = (struct chart_names){&kit_parties[i].role, 1};
    return actor;
}

/* --- host --- */

static size_t kit_find(const struct kit *kit, const char *id)
{
    for (size_t i = 0; i < kit->row_count; i++)
        if (strcmp(kit->rows[i].id, id) == 0) return i;
    return SIZE_MAX;
}

static size_t kit_add(struct kit *kit, const char *id, const char *parent, const struct chart *chart, const struct value *saved)
{
    size_t i = kit->row_count;
    assert_true(i < 40);
    kit->rows[i] = (struct kit_row){.id = arena_text(kit->arena, id, strlen(id)), .parent = parent, .process = chart->name};
    assert_int_equal(
        GUAN_OK, standard_new(&kit->world, chart, NULL, kit->rows[i].id, chart->name, saved, &kit->standards[i], &kit->error));
    kit->live[i] = NULL;
    kit->world.session_count = ++kit->row_count;
    return i;
}

static const struct script_surroundings *kit_surroundings(void *user, struct session *session)
{
    struct kit *kit = user;
    size_t i = kit_find(kit, session_id(session));
    const struct session *parent = session_parent(session);
    if (i == SIZE_MAX)
        i = kit_add(kit, session_id(session), parent ? arena_printf(kit->arena, "%s", session_id(parent)) : NULL,
                    session_chart(session), NULL);
    kit->live[i] = session;
    standard_attach(kit->standards[i], session);
    return standard_surroundings(kit->standards[i]);
}

static int kit_chart_of(void *user, const struct session *parent, const char *src, const char *content, const struct chart **out,
                        struct guan_error *error)
{
    struct kit *kit = user;
    (void)parent, (void)content;
    return bundle_chart(kit->bundle, arena_printf(kit->arena, "%.*s", (int)strcspn(src, "."), src), out, error);
}

static int kit_name(void *user, const struct chart *chart, char *into, size_t size, struct guan_error *error)
{
    struct kit *kit = user;
    int number = 1;
    (void)error;
    for (size_t i = 0; i < kit->row_count; i++) number += strcmp(kit->rows[i].process, chart->name) == 0;
    snprintf(into, size, "%s#%d", chart->name, number);
    return GUAN_OK;
}

static void kit_timers(struct kit *kit, const char *session, const struct timer_changes *changes)
{
    for (size_t c = 0; c < changes->count; c++) {
        const struct timer_change *change = &changes->items[c];
        size_t i = 0;
        while (i < kit->timer_count &&
               (strcmp(kit->timers[i].session, session) != 0 || strcmp(kit->timers[i].name, change->name) != 0 ||
                strcmp(kit->timers[i].instance, change->instance) != 0))
            i++;
        if (change->due == INSTANT_NONE) {
            if (i == kit->timer_count) continue;
            kit->timer_count--;
            memmove(&kit->timers[i], &kit->timers[i + 1], (kit->timer_count - i) * sizeof kit->timers[0]);
            continue;
        }
        assert_true(i < 60);
        if (i == kit->timer_count) kit->timer_count++;
        kit->timers[i] = (struct kit_timer){session, change->name, change->instance, change->due};
    }
}

static void kit_raised(struct kit *kit, const char *event)
{
    size_t length = strlen(kit->raised);
    snprintf(kit->raised + length, sizeof kit->raised - length, "%s%s", length ? " " : "", event);
}

static int kit_settled(void *user, struct session *session, const struct effects *effects, struct arena *arena,
                       const char **events, size_t capacity, size_t *count, struct guan_error *error)
{
    struct kit *kit = user;
    struct timer_changes changes;
    size_t i = kit_find(kit, session_id(session));
    (void)arena;
    int code = standard_settled(kit->standards[i], effects, &changes, events, capacity, count, error);
    kit_timers(kit, kit->rows[i].id, &changes);
    for (size_t e = 0; e < *count; e++) kit_raised(kit, events[e]);
    return code;
}

static int kit_stepped(void *user, struct session *session, const struct machine_event *event, const struct effects *effects,
                       struct guan_error *error)
{
    struct kit *kit = user;
    struct value *abandoned;
    (void)event;
    int code = standard_stepped(kit->standards[kit_find(kit, session_id(session))], effects, kit->late, &kit->now, &abandoned,
                                &kit->refusal, error);
    if (abandoned) kit->abandoned = abandoned;
    return code;
}

/* --- load, save --- */

static struct value *kit_json(struct kit *kit, const char *text)
{
    struct value *value;
    assert_int_equal(GUAN_OK, json_read(kit->arena, text, strlen(text), &value, &kit->error));
    return value;
}

static const char *kit_text(struct kit *kit, const struct value *value)
{
    struct buffer buffer = {0};
    json_write(&buffer, value);
    const char *text = arena_text(kit->arena, buffer.data, buffer.length);
    buffer_release(&buffer);
    return text;
}

/* Sessions that have ended sleep until something asks, as in a case. */
static inline bool kit_wake(void *user, struct standard *standard)
{
    struct kit *kit = user;
    const struct chart *chart;
    const struct kit_row *row = &kit->rows[kit_find(kit, standard_id(standard))];
    return bundle_chart(kit->bundle, row->process, &chart, &kit->error) == GUAN_OK &&
           standard_wake(standard, chart, kit_json(kit, row->facts), &kit->error) == GUAN_OK;
}

static inline void kit_load(struct kit *kit)
{
    tree_free(kit->tree);
    script_budget(kit->script, 1000000);
    assert_int_equal(GUAN_OK, tree_new(kit->script, kit->arena, &kit->host, &kit->tree, &kit->error));
    size_t count = kit->row_count;
    struct kit_row rows[40];
    memcpy(rows, kit->rows, sizeof rows);
    kit->row_count = kit->world.session_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct chart *chart;
        struct session *session;
        if (rows[i].ended && rows[i].parent) {
            const struct value *hears = rows[i].hears ? kit_json(kit, rows[i].hears) : NULL;
            assert_int_equal(GUAN_OK,
                             standard_asleep(&kit->world, rows[i].id, rows[i].process, hears, &kit->standards[i], &kit->error));
            kit->live[i] = NULL;
            kit->rows[i] = rows[i];
            kit->world.session_count = ++kit->row_count;
            continue;
        }
        assert_int_equal(GUAN_OK, bundle_chart(kit->bundle, rows[i].process, &chart, &kit->error));
        kit_add(kit, rows[i].id, rows[i].parent, chart, kit_json(kit, rows[i].facts));
        kit->rows[i] = rows[i];
        if (rows[i].ended) continue;
        if (tree_restore(kit->tree, chart, rows[i].id, rows[i].parent, kit_json(kit, rows[i].snapshot), &session, &kit->error) !=
            GUAN_OK)
            fail_msg("restore: %s", kit->error.text);
    }
}

static inline void kit_save(struct kit *kit)
{
    for (size_t i = 0; i < kit->row_count; i++) {
        struct value *snapshot;
        if (standard_sleeps(kit->standards[i])) continue;
        struct value *hears = standard_hears(kit->standards[i], kit->arena);
        kit->rows[i].hears = hears ? kit_text(kit, hears) : NULL;
        kit->rows[i].facts = kit_text(kit, standard_save(kit->standards[i], kit->arena));
        kit->rows[i].ended = !kit->live[i] || session_done(kit->live[i]);
        if (kit->rows[i].ended) continue;
        assert_int_equal(GUAN_OK, session_save(kit->live[i], kit->arena, &snapshot, &kit->error));
        kit->rows[i].snapshot = kit_text(kit, snapshot);
    }
    for (size_t i = 0; i < kit->now.count; i++) {
        if (kit->all.count == kit->all.capacity) {
            kit->all.capacity += 50;
            struct finding *items = arena_alloc(kit->arena, kit->all.capacity * sizeof *items);
            if (kit->all.count) memcpy(items, kit->all.items, kit->all.count * sizeof *items);
            kit->all.items = items;
        }
        kit->all.items[kit->all.count++] = kit->now.items[i];
    }
}

static inline int kit_run(struct kit *kit)
{
    int code = tree_run(kit->tree, kit->world.rec, &kit->error);
    for (size_t i = 0; i < kit->row_count && code == GUAN_OK; i++) {
        struct timer_changes changes;
        if (!kit->live[i]) continue;
        if (session_done(kit->live[i])) standard_ended(kit->standards[i]);
        code = standard_review(kit->standards[i], &changes, &kit->now, &kit->error);
        kit_timers(kit, kit->rows[i].id, &changes);
    }
    return code;
}

/* Ends a command: kept, or dropped whole. */
static inline int kit_end(struct kit *kit, int code, uint32_t findings, const struct kit_timer *timers, size_t timer_count)
{
    if (code == GUAN_OK) {
        kit_save(kit);
    } else {
        kit->world.findings = findings;
        memcpy(kit->timers, timers, sizeof kit->timers);
        kit->timer_count = timer_count;
        kit->row_count = 0;
        while (kit->row_count < 40 && kit->rows[kit->row_count].facts) kit->row_count++;
    }
    for (size_t i = kit->row_count; i < 40; i++) kit->rows[i] = (struct kit_row){0};
    kit_load(kit);
    return code;
}

static inline instant kit_time(const struct kit *kit, const char *text, size_t length)
{
    instant at;
    struct guan_error error;
    if (instant_parse(text, length, kit->house->zone, &at, &error) != GUAN_OK) fail_msg("%s", error.text);
    return at;
}

static inline void kit_fire(struct kit *kit, instant until);

/* "AT" or "AT/REC"; timers due by then fire first. */
static inline void kit_begin(struct kit *kit, const char *when)
{
    const char *slash = strchr(when, '/');
    instant at = kit_time(kit, when, slash ? (size_t)(slash - when) : strlen(when));
    instant rec = slash ? kit_time(kit, slash + 1, strlen(slash + 1)) : at;
    if (kit->world.rec > kit->world.told) kit->world.told = kit->world.rec;
    kit_fire(kit, rec);
    kit->world.at = at;
    kit->world.rec = rec;
    kit->now = (struct findings){0};
    kit->late = kit->world.duty = false;
    kit->abandoned = NULL;
    kit->raised[0] = '\0';
    kit->n++;
    error_clear(&kit->error);
    script_budget(kit->script, 1000000);
    standard_moment(&kit->world);
}

static inline int kit_post(struct kit *kit, size_t i, const char *name, const struct value *data)
{
    struct machine_event event = {.name = name, .type = EVENT_EXTERNAL, .data = data};
    const char *full = arena_printf(kit->arena, "%s.%s", kit->rows[i].process, name);
    int code = kit->live[i] ? tree_post(kit->tree, kit->live[i], &event, &kit->error) : GUAN_OK;
    event.name = full;
    for (const char *up = kit->rows[i].parent; up && code == GUAN_OK; up = kit->rows[kit_find(kit, up)].parent)
        code = tree_post(kit->tree, kit->live[kit_find(kit, up)], &event, &kit->error);
    return code;
}

static inline void kit_fire(struct kit *kit, instant until)
{
    for (;;) {
        size_t first = SIZE_MAX;
        for (size_t i = 0; i < kit->timer_count; i++)
            if (kit->timers[i].due <= until && (first == SIZE_MAX || kit->timers[i].due < kit->timers[first].due)) first = i;
        if (first == SIZE_MAX) return;
        struct kit_timer timer = kit->timers[first];
        struct actor system = kit_actor(kit, "system");
        const char *event;
        kit->timer_count--;
        memmove(&kit->timers[first], &kit->timers[first + 1], (kit->timer_count - first) * sizeof kit->timers[0]);
        struct kit_timer timers[60];
        memcpy(timers, kit->timers, sizeof timers);
        size_t timer_count = kit->timer_count, row = kit_find(kit, timer.session);
        uint32_t findings = kit->world.findings;
        kit->world.at = timer.due;
        kit->world.rec = until;
        kit->world.actor = &system;
        kit->now = (struct findings){0};
        script_budget(kit->script, 1000000);
        int code = standard_deadline(kit->standards[row], timer.name, timer.instance, timer.due, &kit->now, &event, &kit->error);
        if (code == GUAN_OK && event) code = kit_post(kit, row, event, NULL);
        if (code == GUAN_OK) code = kit_run(kit);
        kit_end(kit, code, findings, timers, timer_count);
    }
}

/* --- commands --- */

static inline size_t kit_session(struct kit *kit, const char **name)
{
    const char *dot = strchr(*name, '.');
    size_t found = 0;
    if (!dot) return 0;
    for (size_t i = 0; i < kit->row_count; i++)
        if (strlen(kit->rows[i].process) == (size_t)(dot - *name) &&
            strncmp(kit->rows[i].process, *name, (size_t)(dot - *name)) == 0)
            found = i;
    *name = dot + 1;
    if (standard_sleeps(kit->standards[found])) assert_true(kit_wake(kit, kit->standards[found]));
    return found;
}

static inline size_t kit_actors(struct kit *kit, const char *who, struct actor actors[8])
{
    size_t count = 0;
    while (*who && count < 8) {
        size_t length = strcspn(who, "+");
        actors[count++] = kit_actor(kit, arena_text(kit->arena, who, length));
        who += length + (who[length] == '+');
    }
    return count;
}

/* What case/ does after a record or an event was accepted. */
static inline int kit_judge(struct kit *kit, size_t row, const char *name, const struct value *form)
{
    const struct chart *chart = standard_chart(kit->standards[row]);
    uint32_t step = chart_step_by_id(chart, name);
    struct fact fact = {.owner = kit->standards[row],
                        .name = name,
                        .message = step == CHART_NONE ? NULL : chart->steps[step].message,
                        .actor = kit->world.actor->id,
                        .form = form,
                        .at = kit->world.at,
                        .entry = kit->n,
                        .late = kit->late};
    return standard_judge(&kit->world, &fact, NULL, NULL, &kit->now, &kit->refusal, &kit->error);
}

/* `words`: "name=value name=value", "@kind" attaches evidence. */
static inline int kit_do_as(struct kit *kit, const char *when, const char *who, const char *role, const char *name,
                            const char *words)
{
    struct actor actors[8];
    struct guan_pair pairs[20];
    struct evidence evidence[4];
    struct act act = {.actors = actors, .role = role, .fields = pairs, .evidence = evidence};
    const char *cursor = words, *word;
    size_t length;
    kit_begin(kit, when);
    struct kit_timer timers[60];
    memcpy(timers, kit->timers, sizeof timers);
    size_t timer_count = kit->timer_count, row = kit_session(kit, &name);
    uint32_t findings = kit->world.findings;
    act.actor_count = kit_actors(kit, who, actors);
    act.step = name;
    kit->world.actor = &actors[0];
    while (text_word(&cursor, &word, &length)) {
        const char *text = arena_text(kit->arena, word, length), *sign = strchr(text, '=');
        if (*text == '@') {
            evidence[act.evidence_count] = (struct evidence){.kind = text + 1, .size = 1};
            hash_bytes(text, length, &evidence[act.evidence_count++].hash);
            continue;
        }
        pairs[act.field_count++] = (struct guan_pair){arena_text(kit->arena, text, (size_t)(sign - text)), sign + 1};
    }
    int code = standard_step(kit->standards[row], &act, kit->n, &kit->record, &kit->now, &kit->refusal, &kit->error);
    kit->late = code == GUAN_OK && kit->record.late_entry;
    if (code == GUAN_OK) code = kit_judge(kit, row, name, kit->record.form);
    if (code == GUAN_OK)
        code =
            kit_post(kit, row, kit->record.complete ? name : arena_printf(kit->arena, "incomplete.%s", name), kit->record.form);
    if (code == GUAN_OK) code = kit_run(kit);
    for (size_t i = 0; i < act.actor_count; i++) actors[i].name = actors[i].id; /* nothing may lean on it later */
    kit->world.actor = NULL;
    return kit_end(kit, code, findings, timers, timer_count);
}

static inline int kit_do(struct kit *kit, const char *when, const char *who, const char *name, const char *words)
{
    return kit_do_as(kit, when, who, NULL, name, words);
}

/* A waiver when `waive`, else an event. */
static inline int kit_other(struct kit *kit, const char *when, const char *who, const char *name, bool waive, const char *field,
                            const char *value)
{
    struct actor actors[8];
    struct guan_pair pair = {field, value};
    struct act act = {.actors = actors, .fields = &pair, .field_count = field != NULL};
    uint32_t step;
    const char *role = NULL;
    kit_begin(kit, when);
    struct kit_timer timers[60];
    memcpy(timers, kit->timers, sizeof timers);
    size_t timer_count = kit->timer_count, row = kit_session(kit, &name);
    uint32_t findings = kit->world.findings;
    act.actor_count = kit_actors(kit, who, actors);
    act.step = name;
    kit->world.actor = &actors[0];
    int code = waive ? standard_waive(kit->standards[row], &act, kit->n, &step, &kit->now, &kit->refusal, &kit->error)
                     : standard_may_send(kit->standards[row], name, &actors[0], &role, &kit->refusal, &kit->error);
    if (code == GUAN_OK && !waive) code = kit_judge(kit, row, name, NULL);
    if (code == GUAN_OK) code = kit_post(kit, row, waive ? arena_printf(kit->arena, "waived.%s", name) : name, NULL);
    if (code == GUAN_OK) code = kit_run(kit);
    kit->world.actor = NULL;
    return kit_end(kit, code, findings, timers, timer_count);
}

/* Corrects the record of entry `of`: "name=value …", at=TIME. */
static inline int kit_amend(struct kit *kit, const char *when, const char *who, uint64_t of, const char *session,
                            const char *words)
{
    struct actor actors[8];
    struct guan_pair pairs[20];
    struct act act = {.actors = actors, .fields = pairs};
    const char *cursor = words, *word;
    size_t length;
    kit_begin(kit, when);
    struct kit_timer timers[60];
    memcpy(timers, kit->timers, sizeof timers);
    size_t timer_count = kit->timer_count, row = kit_find(kit, session);
    uint32_t findings = kit->world.findings;
    act.actor_count = kit_actors(kit, who, actors);
    kit->world.actor = &actors[0];
    while (text_word(&cursor, &word, &length)) {
        const char *text = arena_text(kit->arena, word, length), *sign = strchr(text, '=');
        pairs[act.field_count++] = (struct guan_pair){arena_text(kit->arena, text, (size_t)(sign - text)), sign + 1};
    }
    int code = standard_amend(kit->standards[row], &act, of, kit->n, &kit->record, &kit->now, &kit->refusal, &kit->error);
    if (code == GUAN_OK) code = kit_run(kit);
    kit->world.actor = NULL;
    return kit_end(kit, code, findings, timers, timer_count);
}

static inline int kit_waive(struct kit *kit, const char *when, const char *who, const char *name)
{
    return kit_other(kit, when, who, name, true, NULL, NULL);
}
static inline int kit_send(struct kit *kit, const char *when, const char *who, const char *name)
{
    return kit_other(kit, when, who, name, false, NULL, NULL);
}
static inline void kit_until(struct kit *kit, const char *when)
{
    kit_fire(kit, kit_time(kit, when, strlen(when)));
}

/* --- what came of it --- */

static inline const char *kit_names(struct kit *kit, const struct chart_names *names)
{
    const char *text = "";
    for (uint32_t i = 0; i < names->count; i++) text = arena_printf(kit->arena, "%s%s%s", text, i ? "," : "", names->items[i]);
    return text;
}

/* Findings as they stand, oldest first: "F1 STEP_LATE minor remedied greet CS-1; …"; withdrawn ones are gone. */
static inline const char *kit_findings(struct kit *kit)
{
    const char *text = "";
    for (size_t i = 0; i < kit->all.count; i++) {
        const struct finding *finding = &kit->all.items[i];
        bool newer = false;
        for (size_t k = i + 1; k < kit->all.count; k++) newer = newer || strcmp(kit->all.items[k].fid, finding->fid) == 0;
        if (newer || strcmp(finding->status, "withdrawn") == 0) continue;
        text = arena_printf(kit->arena, "%s%s%s %s %s %s %s %s", text, *text ? "; " : "", finding->fid, finding->code,
                            chart_severity_name(finding->severity), finding->status, finding->step ? finding->step : "-",
                            kit_names(kit, &finding->clauses));
    }
    return text;
}

/* "reason clauses" of the last refusal, or of a usage error "usage: rule". */
static inline const char *kit_refused(struct kit *kit)
{
    if (!kit->refusal.code)
        return arena_printf(kit->arena, "usage: %s", kit->refusal.reason ? kit->refusal.reason : kit->error.rule);
    return arena_printf(kit->arena, "%s %s %s", kit->refusal.code, kit->refusal.reason, kit_names(kit, &kit->refusal.clauses));
}

/* The innermost active states of a session, or "ended". */
static inline const char *kit_state(struct kit *kit, const char *session)
{
    size_t i = kit_find(kit, session);
    if (i == SIZE_MAX) return "none";
    if (!kit->live[i] || kit->rows[i].ended) return "ended";
    const struct chart *chart = session_chart(kit->live[i]);
    const uint64_t *active = session_configuration(kit->live[i]);
    const char *text = "";
    for (uint32_t s = 0; (s = bits_next(active, s, chart->state_count)) != BITS_NONE; s++)
        if (!bits_any(active, s + 1, chart->states[s].last + 1))
            text = arena_printf(kit->arena, "%s%s%s", text, *text ? " " : "", chart->states[s].id);
    return text;
}

/* The instants at which timers stand, dealer's time, by deadline id: "greet 2026-03-07 10:03". */
static inline const char *kit_due(struct kit *kit)
{
    const char *text = "";
    for (size_t i = 0; i < kit->timer_count; i++) {
        char when[30];
        instant_format_local(kit->house->zone, kit->timers[i].due, false, when, sizeof when);
        const char *name = kit->timers[i].name;
        if (strncmp(name, "deadline:", 9) == 0) name += 9;
        text = arena_printf(kit->arena, "%s%s%s%s%s %s", text, *text ? "; " : "", name, *kit->timers[i].instance ? "/" : "",
                            kit->timers[i].instance, when);
    }
    return text;
}

static inline struct standard *kit_standard(struct kit *kit, const char *session)
{
    return kit->standards[kit_find(kit, session)];
}

/* --- set up --- */

static inline void kit_diagnostic(void *user, const struct diagnostic *diagnostic)
{
    (void)user;
    if (diagnostic->error)
        fprintf(stderr, "%s:%u:%u: %s [%s]\n", diagnostic->file, diagnostic->place.line, diagnostic->place.col, diagnostic->text,
                diagnostic->rule);
}

static inline void kit_file(struct kit *kit, const char *path, const char *bytes)
{
    assert_int_equal(GUAN_OK, bundle_add(kit->bundle, path, bytes, strlen(bytes), &kit->error));
}

static inline void kit_flow(struct kit *kit, const char *process, const char *body)
{
    kit_file(kit, arena_printf(kit->arena, "processes/%s.scxml", process),
             arena_printf(kit->arena,
                          "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:g='urn:guan:1' version='1.0' datamodel='lua' "
                          "name='%s'>%s</scxml>",
                          process, body));
}

static inline void kit_new(struct kit *kit)
{
    memset(kit, 0, sizeof *kit);
    kit->arena = arena_new();
    assert_int_equal(GUAN_OK, bundle_new(&kit->bundle, &kit->error));
    kit_file(kit, "processes/standards/cs.xml", kit_clauses);
    kit_file(kit, "processes/standards/lw.xml", kit_law);
    kit_file(kit, "processes/parameters.xml", kit_parameters);
    kit_file(kit, "processes/roles.xml", kit_roles);
    kit_file(kit, "scripts/dealers/base/dealer.xml", kit_dealer);
}

static inline void kit_start(struct kit *kit, const char *process, const char *when)
{
    const struct chart *chart;
    struct session *session;
    if (bundle_chart(kit->bundle, process, &chart, &kit->error) != GUAN_OK) {
        bundle_check(kit->bundle, kit_diagnostic, NULL, &kit->error);
        fail_msg("%s: %s", process, kit->error.text);
    }
    if (bundle_house(kit->bundle, NULL, &kit->house, &kit->error) != GUAN_OK) fail_msg("%s", kit->error.text);
    assert_int_equal(GUAN_OK, script_new(&kit->script, &kit->error));
    if (kit->house->hooks)
        assert_int_equal(
            GUAN_OK, hooks_load(kit->script, kit->house->hooks, kit->house->hooks_length, "hooks.lua", &kit->hooks, &kit->error));
    kit->world = (struct world){.arena = kit->arena,
                                .house = kit->house,
                                .catalogue = bundle_catalogue(kit->bundle, &kit->error),
                                .hooks = kit->hooks,
                                .kase = "CASE1",
                                .accept_claimed = true,
                                .sessions = kit->standards,
                                .token = kit_token,
                                .party = kit_party,
                                .wake = kit_wake,
                                .user = kit};
    kit->host = (struct tree_host){.user = kit,
                                   .chart = kit_chart_of,
                                   .name = kit_name,
                                   .surroundings = kit_surroundings,
                                   .settled = kit_settled,
                                   .stepped = kit_stepped};
    kit_load(kit);
    kit_begin(kit, when);
    int code = tree_start(kit->tree, chart, NULL, kit->world.rec, &session, &kit->error);
    if (code == GUAN_OK) code = kit_run(kit);
    if (kit_end(kit, code, 0, kit->timers, kit->timer_count) != GUAN_OK) fail_msg("start: %s", kit->error.text);
}

/* One flow, opened at 2026-03-07 10:00. */
static inline void kit_open(struct kit *kit, const char *body)
{
    kit_new(kit);
    kit_flow(kit, "flow", body);
    kit_start(kit, "flow", "2026-03-07T10:00");
}

static inline void kit_close(struct kit *kit)
{
    tree_free(kit->tree);
    hooks_free(kit->hooks);
    script_free(kit->script);
    bundle_free(kit->bundle);
    arena_free(kit->arena);
}

/* A command that has to succeed, or to be refused as said. */
#define OK(call)                                                                                                                 \
    do {                                                                                                                         \
        int ok_code_ = (call);                                                                                                   \
        if (ok_code_ != GUAN_OK) fail_msg("%s: %s (%s)", #call, kit.error.text, kit_refused(&kit));                              \
    } while (0)
#define REFUSED(how, call)                                                                                                       \
    do {                                                                                                                         \
        assert_int_not_equal(GUAN_OK, (call));                                                                                   \
        assert_string_equal(how, kit_refused(&kit));                                                                             \
    } while (0)

#endif
