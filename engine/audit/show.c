/* guan audit findings --show: one finding as an auditor writes it up. Criterion: which clause, of which standard, by which rule.
 * Evidence: the entries it stands on. Condition: what was due, what happened. And how to prove each of it. */
#include "audit/why.h"

#include <string.h>

struct showing {
    struct guan *guan;
    const char *fid;
    struct value *out; /* NULL: not found */
    struct arena *arena;
};

static instant time_of(const struct value *map, const char *key)
{
    const char *text = value_get_text(map, key);
    instant at;
    return text && instant_parse(text, strlen(text), NULL, &at, NULL) == GUAN_OK ? at : INSTANT_NONE;
}

/* --- criterion -------------------------------------------------------------------------------------------------------------- */

/* A word of a deadline or a rule that is a parameter's name: its value at this dealer, and where it comes from. */
static void add_parameter(struct dossier *d, struct value *list, const char *word)
{
    const struct parameter *parameter = word ? catalogue_parameter(d->setting->catalogue, word) : NULL;
    if (!parameter) return;
    for (size_t i = 0; i < value_count(list); i++)
        if (text_equal(value_get_text(value_at(list, i), "id"), word)) return;
    struct value *map = value_map(d->arena);
    value_set_text(d->arena, map, "id", parameter->id);
    value_set_text(d->arena, map, "title", parameter->title);
    value_set_text(d->arena, map, "value", house_parameter(d->setting->house, word));
    value_set_text(d->arena, map, "standard", parameter->value);
    value_set_text(d->arena, map, "basis", parameter->basis);
    value_add(d->arena, list, map);
}

static void add_deadline(struct dossier *d, struct value *criterion, const struct chart *chart, const char *rule)
{
    for (uint32_t i = 0; chart && rule && i < chart->deadline_count; i++) {
        const struct chart_deadline *deadline = &chart->deadlines[i];
        if (strcmp(deadline->id, rule) != 0) continue;
        const char *const words[] = {deadline->within, deadline->lead, deadline->window, deadline->every, deadline->until};
        const char *const names[] = {"within", "lead", "window", "every", "until"};
        struct value *map = value_map(d->arena);
        value_set_text(d->arena, map, "id", deadline->id);
        value_set_text(d->arena, map, "title", deadline->title);
        for (size_t w = 0; w < 5; w++) {
            value_set_text(d->arena, map, names[w], words[w]);
            add_parameter(d, value_get(criterion, "parameters"), words[w]);
        }
        if (deadline->work) value_set_text(d->arena, map, "days", "work");
        value_set(d->arena, criterion, "deadline", map);
    }
}

static void add_rule(struct dossier *d, struct value *criterion, const struct chart *chart, const char *rule)
{
    for (uint32_t i = 0; chart && rule && i < chart->rule_count; i++) {
        const struct chart_rule *found = &chart->rules[i];
        if (strcmp(found->id, rule) != 0) continue;
        struct value *map = value_map(d->arena);
        value_set_text(d->arena, map, "id", found->id);
        value_set_text(d->arena, map, "title", found->title);
        value_set_text(d->arena, map, "max", found->max);
        value_set_text(d->arena, map, "within", found->within);
        add_parameter(d, value_get(criterion, "parameters"), found->max);
        add_parameter(d, value_get(criterion, "parameters"), found->within);
        value_set(d->arena, criterion, "rule", map);
    }
}

static struct value *clause_value(struct dossier *d, const char *id)
{
    const struct clause *clause = catalogue_clause(d->setting->catalogue, id);
    struct value *map = value_map(d->arena), *above = value_list(d->arena);
    value_set_text(d->arena, map, "id", id);
    value_set(d->arena, map, "standard", value_text_n(d->arena, id, strcspn(id, "-")));
    if (!clause) return map;
    value_set_text(d->arena, map, "title", clause->title);
    value_set_text(d->arena, map, "basis", clause->basis);
    value_set_text(d->arena, map, "class", chart_class_name(clause->klass));
    for (const char *up = clause->parent; up && value_count(above) < 10;) { /* nearest first */
        const struct clause *parent = catalogue_clause(d->setting->catalogue, up);
        struct value *item = value_map(d->arena);
        value_set_text(d->arena, item, "id", up);
        value_set_text(d->arena, item, "title", parent ? parent->title : NULL);
        value_add(d->arena, above, item);
        up = parent ? parent->parent : NULL;
    }
    if (value_count(above)) value_set(d->arena, map, "above", above);
    return map;
}

static struct value *criterion_value(struct dossier *d, const struct value *finding)
{
    struct value *map = value_map(d->arena), *clauses = value_list(d->arena);
    const struct value *cited = value_get(finding, "clause");
    const char *session = value_get_text(finding, "session"), *rule = value_get_text(finding, "rule");
    const struct chart *chart = dossier_chart(d, session);
    value_set(d->arena, map, "parameters", value_list(d->arena));
    for (size_t i = 0; i < value_count(cited); i++) {
        const char *id = value_as_text(value_at(cited, i));
        value_add(d->arena, clauses, clause_value(d, id));
        add_parameter(d, value_get(map, "parameters"), id);
    }
    value_set(d->arena, map, "clauses", clauses);
    value_set_text(d->arena, map, "process", dossier_process(d, session));
    value_set_text(d->arena, map, "process_title", chart ? chart->title : NULL);
    value_set_text(d->arena, map, "step", value_get_text(finding, "step"));
    value_set_text(d->arena, map, "title", dossier_title(d, finding));
    add_deadline(d, map, chart, rule);
    add_rule(d, map, chart, rule);
    return map;
}

/* --- evidence --------------------------------------------------------------------------------------------------------------- */

static bool refers(const struct value *list, uint64_t n)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (value_as_int(value_at(list, i)) == (int64_t)n) return true;
    return false;
}

static int entry_value(struct showing *showing, struct dossier *d, const struct dossier_entry *e, struct value **out,
                       struct guan_error *error)
{
    static const char *const keys[] = {"role", "auth",  "clause", "form", "facts",    "code",
                                       "rule", "tried", "ev",     "sd",   "severity", "status"};
    struct value *map = value_map(d->arena), *disclosed;
    const char *actor = value_get_text(e->entry, "actor"), *by = value_get_text(e->entry, "by");
    char hex[HASH_HEX];
    size_t erased;
    value_set_int(d->arena, map, "n", (int64_t)e->n);
    value_set_int(d->arena, map, "index", (int64_t)e->index);
    value_set_text(d->arena, map, "kind", e->kind);
    value_set_text(d->arena, map, "activity", dossier_activity(d, e));
    value_set_text(d->arena, map, "title", dossier_title(d, e->entry));
    value_set_text(d->arena, map, "actor", actor);
    value_set_text(d->arena, map, "who", dossier_name(d, actor));
    value_set_text(d->arena, map, "by", by);
    value_set_text(d->arena, map, "by_name", dossier_name(d, by));
    dossier_time(d, d->arena, map, "at", e->at);
    dossier_time(d, d->arena, map, "rec", e->rec);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct value *value = value_get(e->entry, keys[i]);
        if (value) value_set(d->arena, map, keys[i], value);
    }
    hash_hex(&e->leaf, hex);
    value_set_text(d->arena, map, "leaf", hex);
    int code = dossier_disclosed(showing->guan, d, e->entry, &disclosed, &erased, error);
    if (value_count(disclosed)) value_set(d->arena, map, "disclosed", disclosed);
    if (erased) value_set_int(d->arena, map, "undisclosed", (int64_t)erased);
    *out = map;
    return code;
}

/* The entries it refers to, and its own words: what was said of it, one after the other. */
static int add_evidence(struct showing *showing, struct dossier *d, const struct value *finding, struct value *out,
                        struct guan_error *error)
{
    struct value *evidence = value_list(d->arena), *history = value_list(d->arena);
    const struct value *refs = value_get(finding, "entries");
    int code = GUAN_OK;
    for (size_t i = 0; i < d->count && code == GUAN_OK; i++) {
        const struct dossier_entry *e = &d->entries[i];
        bool own = strcmp(e->kind, "finding") == 0 && text_equal(value_get_text(e->entry, "fid"), showing->fid);
        struct value *map;
        if (!own && !refers(refs, e->n)) continue;
        code = entry_value(showing, d, e, &map, error);
        value_add(d->arena, own ? history : evidence, map);
    }
    value_set(d->arena, out, "evidence", evidence);
    value_set(d->arena, out, "history", history);
    return code;
}

/* --- all of it -------------------------------------------------------------------------------------------------------------- */

static void add_command(struct dossier *d, struct value *list, const char *why, const char *text)
{
    struct value *map = value_map(d->arena);
    value_set_text(d->arena, map, "why", why);
    value_set_text(d->arena, map, "command", text);
    value_add(d->arena, list, map);
}

static struct value *commands_value(struct dossier *d, const struct value *finding)
{
    struct value *list = value_list(d->arena);
    const struct value *refs = value_get(finding, "entries");
    const char *kase = d->row->id;
    for (size_t i = 0; i < value_count(refs); i++)
        add_command(d, list, "prove",
                    arena_printf(d->arena, "guan audit prove %s:%lld", kase, (long long)value_as_int(value_at(refs, i))));
    add_command(d, list, "verify", "guan audit verify --against CHECKPOINT");
    add_command(d, list, "replay", arena_printf(d->arena, "guan audit replay %s", kase));
    add_command(d, list, "log", arena_printf(d->arena, "guan log %s", kase));
    return list;
}

static int show(void *user, struct dossier *d, struct guan_error *error)
{
    struct showing *showing = user;
    const struct value *finding = NULL;
    int code = dossier_findings(showing->guan, d, error);
    for (size_t i = 0; i < value_count(d->findings) && !finding; i++)
        if (text_equal(value_get_text(value_at(d->findings, i), "fid"), showing->fid)) finding = value_at(d->findings, i);
    if (code != GUAN_OK || !finding) return code;
    static const char *const keys[] = {"fid", "case", "session", "inst", "code", "severity", "status", "late_ms"};
    struct value *out = value_map(d->arena), *condition = value_map(d->arena);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct value *value = value_get(finding, keys[i]);
        if (value) value_set(d->arena, i < 7 ? out : condition, keys[i], value);
    }
    value_set(d->arena, out, "criterion", criterion_value(d, finding));
    dossier_time(d, d->arena, condition, "due", time_of(finding, "due"));
    dossier_time(d, d->arena, condition, "at", time_of(finding, "at"));
    dossier_time(d, d->arena, condition, "rec", time_of(finding, "rec"));
    if (finding_of_nobody(finding))
        finding_person(d->arena, condition, finding, dossier_name(d, value_get_text(finding, "actor")));
    value_set(d->arena, out, "condition", condition);
    value_set(d->arena, out, "why", why_value(d, finding));
    code = add_evidence(showing, d, finding, out, error);
    value_set(d->arena, out, "commands", commands_value(d, finding));
    showing->out = value_copy(showing->arena, out);
    return code;
}

int guan_finding(struct guan *guan, const char *kase, const char *fid, const struct guan_sink *sink, struct guan_error *error)
{
    struct showing showing = {.guan = guan, .arena = arena_new()};
    struct case_row row;
    if (!showing.arena) return error_memory(error);
    const char *colon = strrchr(fid, ':');
    if (!kase && colon) kase = arena_text(showing.arena, fid, (size_t)(colon - fid));
    showing.fid = colon ? colon + 1 : fid;
    int code = kase ? store_begin(guan->store, false, error)
                    : error_set(error, GUAN_USAGE, "no-case", "which case's %s? write CASE:%s", fid, fid);
    if (code == GUAN_OK) {
        arena_reset(guan->arena);
        code = resolve_case(guan, kase, &row, error);
        if (code == GUAN_OK) { /* the walk forgets the handle's arena */
            struct case_row kept = row;
            kept.id = arena_text(showing.arena, row.id, strlen(row.id));
            kept.dealer = arena_text(showing.arena, row.dealer, strlen(row.dealer));
            kept.process = arena_text(showing.arena, row.process, strlen(row.process));
            code = arena_failed(showing.arena) ? error_memory(error) : dossier_walk(guan, NULL, &kept, show, &showing, error);
        }
        if (code == GUAN_OK && !showing.out)
            code = error_set(error, GUAN_USAGE, "no-such-finding", "the case has no finding %s", showing.fid);
        store_rollback(guan->store);
    }
    if (code == GUAN_OK) code = answer_put(sink, showing.out, error);
    arena_free(showing.arena);
    return code;
}
