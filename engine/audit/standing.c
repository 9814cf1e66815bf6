/* How clauses stand in the cases of a store: how often done, late, missed, waived. A command counts once a clause. */
#include "audit/coverage.h"

#include <stdio.h>
#include <string.h>

struct counting {
    struct guan *guan;
    const struct catalogue *catalogue;
    const struct cited *cited;
    size_t cited_count;
    struct standing *out;
    struct arena *scratch;
    struct guan_error *error;
    uint64_t command; /* of the entry: a number each */
    char cause[128];  /* its id */
};

static struct standing *of_clause(const struct counting *c, const char *id)
{
    const struct clause *clause = id ? catalogue_clause(c->catalogue, id) : NULL;
    return clause ? &c->out[clause - catalogue_clause_at(c->catalogue, 0)] : NULL;
}

static void done(const struct counting *c, struct standing *standing)
{
    if (!standing || standing->command == c->command) return;
    standing->command = c->command;
    standing->done++;
}

/* The session "test-drive#2" runs the process before the mark. */
static bool is_process(const char *session, const char *process)
{
    size_t length = strlen(process);
    return session && strncmp(session, process, length) == 0 && session[length] == '#';
}

/* Is the field in the entry? Personal values are digests there: a field that has to be given was given. */
static bool given(const struct element *element, const struct value *entry)
{
    const struct chart_field *field = &element->chart->fields[element->index];
    const char *name = strchr(element->id, '.') + 1;
    char list[80];
    snprintf(list, sizeof list, "%.*s", (int)strcspn(name, "."), name);
    if (value_get(value_get(entry, "form"), list)) return true; /* of a record: with the list that it is in */
    return !strchr(name, '.') && field->required && field->when == CHART_NONE;
}

static bool has_text(const struct value *list, const char *text)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (text_equal(value_as_text(value_at(list, i)), text)) return true;
    return false;
}

/* What the entry names by its flow only: fields and deadlines of the step, states entered. */
static bool concerns(const struct element *element, const struct value *entry)
{
    const char *step = value_get_text(entry, "step");
    if (!is_process(value_get_text(entry, "sess"), element->process)) return false;
    if (element->kind == WITNESS_STATE) return has_text(value_get(entry, "to"), element->id);
    if (!step || !text_equal(value_get_text(entry, "kind"), "step")) return false;
    if (element->kind == WITNESS_FIELD) {
        size_t length = strlen(step);
        return strncmp(element->id, step, length) == 0 && element->id[length] == '.' && given(element, entry);
    }
    if (element->kind != WITNESS_DEADLINE) return false;
    uint32_t of = element->chart->deadlines[element->index].step;
    return of != CHART_NONE && strcmp(element->chart->steps[of].id, step) == 0;
}

static int count_entry(void *user, const struct entry_row *row, const struct value *entry)
{
    struct counting *c = user;
    const char *kind = value_get_text(entry, "kind"), *cause = value_get_text(entry, "cause");
    const struct value *clauses = value_get(entry, "clause");
    (void)row;
    if (!kind || !cause || strcmp(kind, "finding") == 0 || strcmp(kind, "refuse") == 0) return GUAN_OK;
    if (strncmp(cause, c->cause, sizeof c->cause - 1) != 0) {
        snprintf(c->cause, sizeof c->cause, "%s", cause);
        c->command++;
    }
    for (size_t i = 0; i < value_count(clauses); i++) {
        struct standing *standing = of_clause(c, value_as_text(value_at(clauses, i)));
        if (standing && strcmp(kind, "waive") == 0) standing->waived++;
        else done(c, standing);
    }
    for (size_t i = 0; strcmp(kind, "waive") != 0 && i < c->cited_count; i++)
        if (c->cited[i].counts && concerns(c->cited[i].element, entry)) done(c, &c->out[c->cited[i].clause]);
    return GUAN_OK;
}

static void count_finding(const struct counting *c, const struct value *finding)
{
    const char *code = value_get_text(finding, "code"), *status = value_get_text(finding, "status");
    const struct value *clauses = value_get(finding, "clause");
    if (!code || text_equal(status, "withdrawn") || text_equal(status, "waived") || text_equal(status, "noted")) return;
    bool late = strcmp(code, "STEP_LATE") == 0, missing = strcmp(code, "STEP_MISSING") == 0;
    if (strcmp(code, "WINDOW_MISSED") == 0) late = value_get(finding, "at") != NULL, missing = !late;
    for (size_t i = 0; i < value_count(clauses); i++) {
        struct standing *standing = of_clause(c, value_as_text(value_at(clauses, i)));
        if (!standing) continue;
        if (late) standing->late++;
        else if (missing) standing->missed++;
        else standing->other++;
    }
}

static int count_case(void *user, const struct case_row *row)
{
    struct counting *c = user;
    struct value *findings;
    if (strcmp(row->id, "-") == 0) return GUAN_OK;
    arena_reset(c->scratch);
    c->cause[0] = 0;
    int code = ledger_case_each(c->guan->store, row, c->scratch, count_entry, c, c->error);
    arena_reset(c->scratch);
    if (code == GUAN_OK) code = findings_fold(c->guan, row, c->scratch, &findings, c->error);
    for (size_t i = 0; code == GUAN_OK && i < value_count(findings); i++) count_finding(c, value_at(findings, i));
    return code;
}

int standings_read(struct guan *guan, const struct catalogue *catalogue, const struct cited *cited, size_t cited_count,
                   struct standing *out, struct guan_error *error)
{
    struct counting c = {.guan = guan,
                         .catalogue = catalogue,
                         .cited = cited,
                         .cited_count = cited_count,
                         .out = out,
                         .scratch = arena_new(),
                         .error = error};
    if (!c.scratch) return error_memory(error);
    int code = store_begin(guan->store, false, error);
    if (code == GUAN_OK) code = store_case_each(guan->store, NULL, count_case, &c, error);
    store_rollback(guan->store);
    arena_free(c.scratch);
    return code;
}
