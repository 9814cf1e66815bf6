/* Clauses, parameters and roles: read from their files, sorted, looked up. */
#include "chart/catalogue_read.h"
#include "chart/compile.h"
#include "chart/retention.h"

#include "base/limits.h"
#include "base/text.h"

#include <string.h>

struct piece { /* one definition, before they are sorted */
    struct piece *next;
    enum catalogue_part part;
    const char *file;
    struct chart_place place;
    struct clause clause;
    struct parameter parameter;
    struct role role;
};
struct catalogue {
    struct arena *arena;
    struct piece *first, *last;
    struct clause *clauses; /* those of the standards, in the order of the files, then the parameters */
    struct parameter *parameters;
    struct role *roles;
    struct id_entry *clause_ids, *parameter_ids, *role_ids;
    uint32_t clause_count, own_clauses, parameter_count, role_count;
    struct retentions retentions;
};

struct catalogue *catalogue_new(void)
{
    struct catalogue *catalogue = memory_alloc(sizeof *catalogue);
    if (catalogue == NULL) return NULL;
    catalogue->arena = arena_new();
    if (catalogue->arena != NULL) return catalogue;
    memory_free(catalogue);
    return NULL;
}

void catalogue_free(struct catalogue *catalogue)
{
    if (catalogue == NULL) return;
    arena_free(catalogue->arena);
    memory_free(catalogue);
}

/* --- one file ----------------------------------------------------------------------------------------------------------- */

static const char *value_of(const struct node *node, const char *name)
{
    const char *value = node_value(node, name);
    return value == NULL ? "" : value;
}

/* The place of the attribute's value in a NULL-ended list. */
static uint32_t one_of(struct report *report, const struct node *node, const char *name, const char *const *words,
                       uint32_t otherwise)
{
    const struct attribute *attribute = node_attribute(node, SPACE_NONE, name);
    if (attribute == NULL) return otherwise;
    for (uint32_t i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], attribute->value) == 0) return i;
    struct guess guess = {.word = attribute->value};
    for (uint32_t i = 0; words[i] != NULL; i++) guess_offer(&guess, words[i]);
    problem(report, attribute->place, "unknown-value", guess_hint(&guess, report->arena, NULL), "%s=\"%s\" is not known", name,
            attribute->value);
    return otherwise;
}

static const char *const classes[] = {"law", "standard", "practice", "dealer", NULL};
static const char *const bases[] = {"seed", "law", "practice", "proposal", NULL};
static const enum chart_class class_by_basis[] = {CHART_CLASS_STANDARD, CHART_CLASS_LAW, CHART_CLASS_PRACTICE,
                                                  CHART_CLASS_DEALER};

static struct piece *add_piece(struct catalogue *catalogue, enum catalogue_part part, const char *file, const struct node *node,
                               struct report *report)
{
    struct piece *piece = arena_alloc(catalogue->arena, sizeof *piece);
    if (piece == NULL) return NULL;
    piece->part = part;
    piece->file = file;
    piece->place = node->place;
    const struct attribute *id = node_attribute(node, SPACE_NONE, "id");
    if (id != NULL && !is_id(id->value))
        problem(report, id->place, "bad-id", "letters, digits, - . and _", "\"%s\" is not an id", id->value);
    if (catalogue->last != NULL) catalogue->last->next = piece;
    else catalogue->first = piece;
    catalogue->last = piece;
    return piece;
}

static const char *const kinds[] = {"step", "option", "field",    "time", "frequency", "prohibition",
                                    "role", "order",  "evidence", "aim",  "heading",   NULL};

/* What can be shown by no flow says why. */
static void read_test(struct clause *clause, const struct node *node, struct report *report)
{
    static const char *const answers[] = {"yes", "no", NULL};
    bool aim = strcmp(clause->kind, "aim") == 0, heading = strcmp(clause->kind, "heading") == 0;
    bool no = one_of(report, node, "test", answers, 0) == 1;
    clause->why = node_value(node, "why");
    clause->testable = !no && !aim && !heading;
    if (aim && !no)
        problem(report, node->place, "clause-test", "write test=\"no\" why=\"…\"", "no flow can show an aim: \"%s\"", clause->id);
    if (no && (clause->why == NULL || clause->why[0] == '\0'))
        problem(report, node->place, "clause-why", "write why=\"…\"", "test=\"no\" of \"%s\" does not say why", clause->id);
    if (!no && clause->why != NULL)
        problem(report, node->place, "clause-why", "write test=\"no\" too, or delete it",
                "why=\"…\" of \"%s\" is the reason of a test=\"no\"", clause->id);
}

static void read_clauses(struct catalogue *catalogue, const char *file, const struct node *root, struct report *report)
{
    enum chart_class standard = one_of(report, root, "class", classes, CHART_CLASS_STANDARD);
    for (const struct node *node = root->first; (node = node_child(node, TAG_CLAUSE)) != NULL; node = node->next) {
        struct piece *piece = add_piece(catalogue, CATALOGUE_CLAUSES, file, node, report);
        if (piece == NULL) return;
        uint32_t basis = one_of(report, node, "basis", bases, 0);
        piece->clause = (struct clause){.id = value_of(node, "id"),
                                        .title = value_of(node, "title"),
                                        .parent = node_value(node, "parent"),
                                        .basis = bases[basis],
                                        .klass = one_of(report, node, "class", classes, standard),
                                        .standard = value_of(root, "id"),
                                        .standard_title = value_of(root, "title"),
                                        .kind = kinds[one_of(report, node, "kind", kinds, 0)]};
        read_test(&piece->clause, node, report);
    }
}

static bool is_number(const char *text)
{
    if (*text == '-') text++;
    size_t n = strspn(text, "0123456789");
    if (n == 0 || n > 15) return false;
    if (text[n] == '.') n += 1 + strspn(text + n + 1, "0123456789");
    return text[n] == '\0' && text[n - 1] != '.';
}

static bool keys_are_good(const char *table)
{
    struct cell cell, other;
    uint32_t count = 0;
    for (const char *cursor = table; table_next(&cursor, &cell); count++) {
        if (!text_is_name(cell.key, cell.key_length) || cell.value_length == 0) return false;
        for (const char *rest = cursor; table_next(&rest, &other);)
            if (other.key_length == cell.key_length && memcmp(other.key, cell.key, cell.key_length) == 0) return false;
    }
    return count > 0;
}

static bool cells_are_numbers(const char *table)
{
    struct cell cell;
    char value[32];
    while (table_next(&table, &cell)) {
        if (cell.value_length >= sizeof value) return false;
        memcpy(value, cell.value, cell.value_length);
        value[cell.value_length] = '\0';
        if (!is_number(value)) return false;
    }
    return true;
}

bool parameter_value_fits(const char *type, const char *value)
{
    if (strcmp(type, "duration") == 0) return due_fits(DUE_TERM, value) || due_fits(DUE_WINDOW, value);
    if (strcmp(type, "table") == 0) return keys_are_good(value) && (table_fits(DUE_TERM, value) || cells_are_numbers(value));
    if (strcmp(type, "number") == 0) return is_number(value);
    if (strcmp(type, "percent") == 0) return is_number(value) && value[0] != '-';
    return value[0] != '\0';
}

const char *parameter_value_hint(const char *type)
{
    if (strcmp(type, "duration") == 0) return "PT24H, P3D, D-1@18:00, or a window P2D/P3D";
    return strcmp(type, "table") == 0 ? "A=P7D B=P14D: all durations, or all numbers" : NULL;
}

static void read_parameters(struct catalogue *catalogue, const char *file, const struct node *root, struct report *report)
{
    static const char *const types[] = {"duration", "number", "percent", "text", "table", NULL};
    for (const struct node *node = root->first; (node = node_child(node, TAG_PARAMETER)) != NULL; node = node->next) {
        struct piece *piece = add_piece(catalogue, CATALOGUE_PARAMETERS, file, node, report);
        if (piece == NULL) return;
        uint32_t basis = one_of(report, node, "basis", bases, 3);
        const char *type = types[one_of(report, node, "type", types, 3)], *value = value_of(node, "value");
        const char *title = value_of(node, "title"), *id = value_of(node, "id");
        piece->parameter = (struct parameter){id, title, value, bases[basis], type};
        piece->clause =
            (struct clause){.id = id, .title = title, .basis = bases[basis], .klass = class_by_basis[basis], .kind = "time"};
        const struct attribute *given = node_attribute(node, SPACE_NONE, "value");
        if (given != NULL && !parameter_value_fits(type, value))
            problem(report, given->place, "parameter-value", parameter_value_hint(type), "\"%s\" is not a %s", value, type);
        if (id[0] != '\0' && !text_starts(id, "T-")) /* what tells it from a duration where either may stand */
            problem(report, node_attribute(node, SPACE_NONE, "id")->place, "parameter-id", "for instance T-GREET",
                    "the id of a parameter begins with T-, \"%s\" does not", id);
    }
}

static void read_roles(struct catalogue *catalogue, const char *file, const struct node *root, struct report *report)
{
    for (const struct node *node = root->first; (node = node_child(node, TAG_ROLE)) != NULL; node = node->next) {
        struct piece *piece = add_piece(catalogue, CATALOGUE_ROLES, file, node, report);
        if (piece == NULL) return;
        piece->role = (struct role){value_of(node, "id"), value_of(node, "title")};
    }
}

int catalogue_add(struct catalogue *catalogue, const char *path, const char *bytes, size_t length, diagnostic_sink sink,
                  void *user, struct guan_error *error)
{
    struct report report;
    struct tree tree;
    const char *file = arena_text(catalogue->arena, path, strlen(path));
    report_init(&report, catalogue->arena, file);
    tree_read(&tree, bytes, length, catalogue->arena, &report);
    const uint64_t roots =
        UINT64_C(1) << TAG_STANDARD | UINT64_C(1) << TAG_PARAMETERS | UINT64_C(1) << TAG_ROLES | UINT64_C(1) << TAG_RETENTIONS;
    if (!arena_failed(catalogue->arena) && tree.root != NULL && grammar_check(tree.root, roots, &report)) {
        if (tree.root->tag == TAG_STANDARD) read_clauses(catalogue, file, tree.root, &report);
        if (tree.root->tag == TAG_PARAMETERS) read_parameters(catalogue, file, tree.root, &report);
        if (tree.root->tag == TAG_ROLES) read_roles(catalogue, file, tree.root, &report);
        if (tree.root->tag == TAG_RETENTIONS)
            retentions_read(&catalogue->retentions, catalogue->arena, file, tree.root, bases, &report);
    }
    return report_end(&report, sink, user, error);
}

/* --- all files ---------------------------------------------------------------------------------------------------------- */

static bool make_tables(struct catalogue *catalogue)
{
    uint32_t counts[3] = {0, 0, 0};
    for (const struct piece *piece = catalogue->first; piece != NULL; piece = piece->next) counts[piece->part]++;
    struct arena *arena = catalogue->arena;
    catalogue->own_clauses = counts[CATALOGUE_CLAUSES];
    catalogue->clause_count = counts[CATALOGUE_CLAUSES] + counts[CATALOGUE_PARAMETERS];
    catalogue->parameter_count = counts[CATALOGUE_PARAMETERS];
    catalogue->role_count = counts[CATALOGUE_ROLES];
    catalogue->clauses = arena_alloc(arena, catalogue->clause_count * sizeof *catalogue->clauses);
    catalogue->parameters = arena_alloc(arena, catalogue->parameter_count * sizeof *catalogue->parameters);
    catalogue->roles = arena_alloc(arena, catalogue->role_count * sizeof *catalogue->roles);
    catalogue->clause_ids = arena_alloc(arena, catalogue->clause_count * sizeof *catalogue->clause_ids);
    catalogue->parameter_ids = arena_alloc(arena, catalogue->parameter_count * sizeof *catalogue->parameter_ids);
    catalogue->role_ids = arena_alloc(arena, catalogue->role_count * sizeof *catalogue->role_ids);
    return !arena_failed(arena);
}

/* What only all files together show. */
struct finish {
    struct catalogue *catalogue;
    diagnostic_sink sink;
    void *user;
    struct guan_error *error;
    uint32_t count;
};

static void tell_at(struct finish *finish, const char *file, struct chart_place place, const char *rule, const char *hint,
                    const char *text)
{
    struct diagnostic diagnostic = {file, place, true, rule, text == NULL ? "" : text, hint};
    if (finish->count++ >= LIMIT_DIAGNOSTICS) return;
    if (finish->sink != NULL) finish->sink(finish->user, &diagnostic);
    if (finish->count > 1) return;
    error_set(finish->error, GUAN_NO, rule, "%s", diagnostic.text);
    error_where(finish->error, "%s:%u:%u", file, place.line, place.col);
    if (hint != NULL) error_hint(finish->error, "%s", hint);
}

static void tell(struct finish *finish, const struct piece *piece, const char *rule, const char *hint, const char *text)
{
    tell_at(finish, piece->file, piece->place, rule, hint, text);
}

/* `pieces` are those of the table, by index. */
static void tell_duplicates(struct finish *finish, const struct id_entry *ids, uint32_t count, struct piece *const *pieces)
{
    for (uint32_t i = 1; i < count && finish->count < LIMIT_DIAGNOSTICS; i++) {
        if (strcmp(ids[i].id, ids[i - 1].id) != 0 || ids[i].id[0] == '\0') continue;
        const struct piece *before = pieces[ids[i - 1].index];
        tell(finish, pieces[ids[i].index], "duplicate-id", "delete one of them",
             arena_printf(finish->catalogue->arena, "\"%.200s\" is defined in %s:%u already", ids[i].id, before->file,
                          before->place.line));
    }
}

static void tell_parents(struct finish *finish)
{
    struct arena *arena = finish->catalogue->arena;
    for (const struct piece *piece = finish->catalogue->first; piece != NULL && finish->count < LIMIT_DIAGNOSTICS;
         piece = piece->next) {
        const char *parent = piece->clause.parent;
        if (parent == NULL || catalogue_clause(finish->catalogue, parent) != NULL) continue;
        struct guess guess = {.word = parent};
        catalogue_guess(finish->catalogue, CATALOGUE_CLAUSES, &guess);
        tell(finish, piece, "unknown-clause", guess_hint(&guess, arena, NULL),
             arena_printf(arena, "the parent \"%.200s\" of \"%.200s\" is no clause", parent, piece->clause.id));
    }
}

static void tell_unknown(struct finish *finish, const struct retention *row, enum catalogue_part part, const char *id)
{
    static const char *const what[] = {"clause", "parameter", "role"}, *const rules[] = {"unknown-clause", "unknown-parameter",
                                                                                         "unknown-role"};
    struct guess guess = {.word = id};
    catalogue_guess(finish->catalogue, part, &guess);
    tell_at(finish, row->file, row->place, rules[part], guess_hint(&guess, finish->catalogue->arena, NULL),
            arena_printf(finish->catalogue->arena, "there is no %s \"%.200s\"", what[part], id));
}

static void tell_term(struct finish *finish, const struct retention *row, const char *name, const char *term)
{
    if (term == NULL) return;
    const struct parameter *parameter = catalogue_parameter(finish->catalogue, term);
    if (text_starts(term, "T-") && parameter == NULL) tell_unknown(finish, row, CATALOGUE_PARAMETERS, term);
    else if (!due_fits(DUE_SPAN, parameter == NULL ? term : parameter->value))
        tell_at(finish, row->file, row->place, "retention-term", "for instance P10Y, or T-LEADKEEP",
                arena_printf(finish->catalogue->arena, "%s=\"%.200s\" is no length of time", name, term));
}

static void tell_retentions(struct finish *finish)
{
    const struct catalogue *catalogue = finish->catalogue;
    for (uint32_t i = 0; i < catalogue->retentions.count; i++) {
        const struct retention *row = &catalogue->retentions.items[i];
        tell_term(finish, row, "keep", row->keep);
        tell_term(finish, row, "erase", row->erase);
        for (uint32_t k = 0; k < row->clauses.count; k++)
            if (catalogue_clause(catalogue, row->clauses.items[k]) == NULL)
                tell_unknown(finish, row, CATALOGUE_CLAUSES, row->clauses.items[k]);
        for (uint32_t k = 0; k < row->roles.count; k++)
            if (catalogue_role(catalogue, row->roles.items[k]) == NULL)
                tell_unknown(finish, row, CATALOGUE_ROLES, row->roles.items[k]);
    }
}

int catalogue_finish(struct catalogue *catalogue, diagnostic_sink sink, void *user, struct guan_error *error)
{
    if (!make_tables(catalogue)) return error_memory(error);
    size_t most = (size_t)catalogue->clause_count + catalogue->role_count;
    struct piece **clauses = arena_alloc(catalogue->arena, most * sizeof *clauses);
    struct piece **roles = arena_alloc(catalogue->arena, most * sizeof *roles);
    if (clauses == NULL || roles == NULL) return error_memory(error);
    uint32_t own = 0, parameter = 0, role = 0;
    for (struct piece *piece = catalogue->first; piece != NULL; piece = piece->next) {
        if (piece->part == CATALOGUE_ROLES) {
            catalogue->roles[role] = piece->role;
            catalogue->role_ids[role] = (struct id_entry){piece->role.id, role};
            roles[role++] = piece;
            continue;
        }
        uint32_t at = piece->part == CATALOGUE_CLAUSES ? own++ : catalogue->own_clauses + parameter;
        catalogue->clauses[at] = piece->clause;
        catalogue->clause_ids[at] = (struct id_entry){piece->clause.id, at};
        clauses[at] = piece;
        if (piece->part == CATALOGUE_CLAUSES) continue;
        catalogue->parameters[parameter] = piece->parameter;
        catalogue->parameter_ids[parameter] = (struct id_entry){piece->parameter.id, parameter};
        parameter++;
    }
    sort_ids(catalogue->clause_ids, catalogue->clause_count);
    sort_ids(catalogue->parameter_ids, catalogue->parameter_count);
    sort_ids(catalogue->role_ids, catalogue->role_count);
    struct finish finish = {.catalogue = catalogue, .sink = sink, .user = user, .error = error};
    tell_duplicates(&finish, catalogue->clause_ids, catalogue->clause_count, clauses);
    tell_duplicates(&finish, catalogue->role_ids, catalogue->role_count, roles);
    tell_parents(&finish);
    tell_retentions(&finish);
    if (arena_failed(catalogue->arena)) return error_memory(error);
    return finish.count > 0 ? GUAN_NO : GUAN_OK;
}

/* --- looking up --------------------------------------------------------------------------------------------------------- */

const struct clause *catalogue_clause(const struct catalogue *catalogue, const char *id)
{
    if (catalogue == NULL || id == NULL) return NULL;
    uint32_t index = find_id(catalogue->clause_ids, catalogue->clause_count, id);
    return index == CHART_NONE ? NULL : &catalogue->clauses[index];
}

const struct parameter *catalogue_parameter(const struct catalogue *catalogue, const char *id)
{
    if (catalogue == NULL || id == NULL) return NULL;
    uint32_t index = find_id(catalogue->parameter_ids, catalogue->parameter_count, id);
    return index == CHART_NONE ? NULL : &catalogue->parameters[index];
}

const struct role *catalogue_role(const struct catalogue *catalogue, const char *id)
{
    if (catalogue == NULL || id == NULL) return NULL;
    uint32_t index = find_id(catalogue->role_ids, catalogue->role_count, id);
    return index == CHART_NONE ? NULL : &catalogue->roles[index];
}

size_t catalogue_clause_count(const struct catalogue *catalogue)
{
    return catalogue == NULL ? 0 : catalogue->clause_count;
}

const struct clause *catalogue_clause_at(const struct catalogue *catalogue, size_t index)
{
    return &catalogue->clauses[index];
}

size_t catalogue_retention_count(const struct catalogue *catalogue)
{
    return catalogue == NULL ? 0 : catalogue->retentions.count;
}

const struct retention *catalogue_retention_at(const struct catalogue *catalogue, size_t index)
{
    return &catalogue->retentions.items[index];
}

void catalogue_guess(const struct catalogue *catalogue, enum catalogue_part part, struct guess *guess)
{
    if (part == CATALOGUE_CLAUSES)
        for (uint32_t i = 0; i < catalogue->clause_count; i++) guess_offer(guess, catalogue->clauses[i].id);
    if (part == CATALOGUE_PARAMETERS)
        for (uint32_t i = 0; i < catalogue->parameter_count; i++) guess_offer(guess, catalogue->parameters[i].id);
    if (part == CATALOGUE_ROLES)
        for (uint32_t i = 0; i < catalogue->role_count; i++) guess_offer(guess, catalogue->roles[i].id);
}
