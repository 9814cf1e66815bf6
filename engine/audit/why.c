/* Why something was found or refused: the entry says by which rule; here is what that rule asks for. */
#include "audit/why.h"

#include "audit/clauses.h"

#include <string.h>

bool finding_of_nobody(const struct value *finding)
{
    static const char *const codes[] = {"STEP_MISSING", "WINDOW_MISSED", "SILENCE", "OPEN_AT_CLOSE"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (text_equal(value_get_text(finding, "code"), codes[i])) return !value_get(finding, "at");
    return false;
}

void finding_person(struct arena *arena, struct value *map, const struct value *finding, const char *name)
{
    const char *actor = value_get_text(finding, "actor");
    bool nobody = finding_of_nobody(finding);
    value_remove(map, "actor"); /* the map may be the finding's own */
    value_set_text(arena, map, nobody ? "found_by" : "actor", actor);
    value_set_text(arena, map, nobody ? "found_who" : "who", name);
}

/* --- rules ------------------------------------------------------------------------------------------------------------------ */

static const char *title_in(const struct chart *chart, const char *id)
{
    for (uint32_t i = 0; i < chart->rule_count; i++)
        if (strcmp(chart->rules[i].id, id) == 0) return chart->rules[i].title;
    for (uint32_t i = 0; i < chart->deadline_count; i++)
        if (strcmp(chart->deadlines[i].id, id) == 0) return chart->deadlines[i].title;
    return NULL;
}

const char *rule_title(struct dossier *dossier, const char *session, const char *rule)
{
    struct bundle *bundle = dossier->setting->bundle;
    const struct chart *chart = dossier_chart(dossier, session);
    if (!rule) return NULL;
    if (text_starts(rule, "rule:")) rule += strlen("rule:");
    const char *title = chart ? title_in(chart, rule) : NULL;
    for (size_t i = 0; i < bundle_process_count(bundle) && !title; i++) /* of the flow around it, say */
        if (bundle_chart(bundle, bundle_process_at(bundle, i), &chart, NULL) == GUAN_OK) title = title_in(chart, rule);
    return title;
}

/* --- fields ----------------------------------------------------------------------------------------------------------------- */

static struct value *names(struct arena *arena, const struct chart_names *list)
{
    struct value *all = value_list(arena);
    for (uint32_t i = 0; i < list->count; i++) value_add(arena, all, value_text(arena, list->items[i]));
    return all;
}

static bool cited(const struct chart_names *clauses, const struct value *of)
{
    for (uint32_t i = 0; i < clauses->count; i++)
        if (clauses_under(of, clauses->items[i])) return true;
    return false;
}

static void set_bound(struct dossier *d, struct value *map, const char *key, const char *bound)
{
    const char *value =
        bound && catalogue_parameter(d->setting->catalogue, bound) ? house_parameter(d->setting->house, bound) : NULL;
    value_set_text(d->arena, map, key, bound);
    if (value) value_set_text(d->arena, map, arena_printf(d->arena, "%s_value", key), value);
}

static const char *source(const struct chart *chart, uint32_t expr)
{
    return expr == CHART_NONE ? NULL : chart->exprs[expr].source;
}

struct asking {
    struct dossier *dossier;
    const struct chart *chart;
    const struct value *clauses, *form; /* clauses NULL: of any */
    struct value *list;
};

static void add_fields(const struct asking *a, const struct chart_span *fields, const char *above)
{
    struct arena *arena = a->dossier->arena;
    for (uint32_t i = fields->first; i < fields->first + fields->count; i++) {
        const struct chart_field *field = &a->chart->fields[i];
        const char *name = arena_printf(arena, "%s%s%s", above, *above ? "." : "", field->name);
        bool asks =
            field->required || field->min || field->max || field->pattern || field->check != CHART_NONE || field->of.count;
        if (asks && (!a->clauses || cited(&field->clauses, a->clauses))) {
            struct value *map = value_map(arena), *given = *above ? NULL : value_get(a->form, field->name);
            value_set_text(arena, map, "name", name);
            value_set_text(arena, map, "title", field->title);
            value_set_bool(arena, map, "required", field->required);
            set_bound(a->dossier, map, "min", field->min);
            set_bound(a->dossier, map, "max", field->max);
            if (field->of.count) value_set(arena, map, "of", names(arena, &field->of));
            value_set_text(arena, map, "pattern", field->pattern);
            value_set_text(arena, map, "check", source(a->chart, field->check));
            if (given) value_set(arena, map, "given", given);
            value_add(arena, a->list, map);
        }
        if (name) add_fields(a, &field->fields, name);
    }
}

/* Those that cite what the finding cites; else all that ask for something. */
static struct value *fields_value(struct dossier *d, const struct chart *chart, const struct chart_step *step,
                                  const struct value *clauses, const struct value *form)
{
    struct asking asking = {d, chart, clauses, form, value_list(d->arena)};
    add_fields(&asking, &step->fields, "");
    asking.clauses = NULL;
    if (!value_count(asking.list)) add_fields(&asking, &step->fields, "");
    return asking.list;
}

/* --- roles, order ----------------------------------------------------------------------------------------------------------- */

static struct value *roles(struct dossier *d, const struct chart_names *list)
{
    struct value *all = value_list(d->arena);
    for (uint32_t i = 0; i < list->count; i++) {
        const struct role *role = catalogue_role(d->setting->catalogue, list->items[i]);
        struct value *map = value_map(d->arena);
        value_set_text(d->arena, map, "id", list->items[i]);
        value_set_text(d->arena, map, "title", role ? role->title : NULL);
        value_add(d->arena, all, map);
    }
    return all;
}

static void add_roles(struct dossier *d, struct value *why, const struct value *entry, const struct chart_step *step)
{
    const char *role = value_get_text(entry, "role"), *actor = value_get_text(entry, "actor"),
               *reason = value_get_text(entry, "rule");
    const struct person *person = actor ? house_person(d->setting->house, actor) : NULL;
    const struct chart_names one = {.items = &role, .count = 1};
    if (role) value_set(d->arena, why, "held", roles(d, &one));
    else if (person) value_set(d->arena, why, "held", roles(d, &person->roles));
    if (!step) return;
    const struct chart_names *needed = text_equal(reason, "waive-by") ? &step->waive_by
                                       : text_equal(reason, "with")   ? &step->with
                                                                      : &step->roles;
    if (needed->count) value_set(d->arena, why, "needed", roles(d, needed));
    if (text_equal(reason, "not-by")) value_set(d->arena, why, "not_by", names(d->arena, &step->not_by));
}

static struct value *steps(struct dossier *d, const struct chart *chart, const struct chart_span *span)
{
    struct value *all = value_list(d->arena);
    for (uint32_t i = span->first; i < span->first + span->count; i++) {
        const struct chart_step *step = &chart->steps[chart->step_refs[i]];
        struct value *map = value_map(d->arena);
        value_set_text(d->arena, map, "step", step->id);
        value_set_text(d->arena, map, "title", step->title);
        value_add(d->arena, all, map);
    }
    return all;
}

/* --- all of it -------------------------------------------------------------------------------------------------------------- */

static const struct value *entry_behind(const struct dossier *d, const struct value *finding)
{
    int64_t n = value_as_int(value_at(value_get(finding, "entries"), 0));
    for (size_t i = 0; i < d->count; i++)
        if ((int64_t)d->entries[i].n == n) return d->entries[i].entry;
    return NULL;
}

struct value *why_value(struct dossier *d, const struct value *finding)
{
    struct value *why = value_map(d->arena);
    const struct value *entry = entry_behind(d, finding);
    const char *code = value_get_text(finding, "code"), *session = value_get_text(finding, "session");
    const char *name = value_get_text(finding, "step"), *dot = name ? strchr(name, '.') : NULL;
    bool refused = text_equal(value_get_text(entry, "kind"), "refuse");
    const char *reason = refused ? value_get_text(entry, "rule") : value_get_text(finding, "rule");
    if (dot) { /* of a flow that was not there yet */
        session = arena_text(d->arena, name, (size_t)(dot - name));
        name = dot + 1;
    }
    const struct chart *chart = dossier_chart(d, session);
    const struct chart_step *step = dossier_step(d, session, name);
    const char *title = rule_title(d, session, reason);
    value_set_text(d->arena, why, "reason", reason);
    value_set_text(d->arena, why, "rule_title", title);
    bool check = text_equal(reason, "check") || text_equal(reason, "FIELD_INVALID") || text_equal(code, "FIELD_INVALID");
    if (step && check)
        value_set(d->arena, why, "fields", fields_value(d, chart, step, value_get(finding, "clause"), value_get(entry, "form")));
    if (text_equal(code, "ROLE_DENIED")) add_roles(d, why, entry, step);
    if (step && text_equal(reason, "after")) value_set(d->arena, why, "after", steps(d, chart, &step->after));
    if (refused) value_set_bool(d->arena, why, "refused", true);
    return why;
}
