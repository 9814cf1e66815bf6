/* Clauses, parameters and roles: read from their files, sorted, looked up. */
#include "chart/catalogue_read.h"
#include "chart/compile.h"

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
    struct guess guess = {.word = attribute->value};
    for (uint32_t i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], attribute->value) == 0) return i;
        guess_offer(&guess, words[i]);
    }
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

static void read_clauses(struct catalogue *catalogue, const char *file, const struct node *root, struct report *report)
{
    enum chart_class standard = one_of(report, root, "class", classes, CHART_CLASS_STANDARD);
    for (const struct node *node = root->first; (node = node_child(node, TAG_CLAUSE)) != NULL; node = node->next) {
        struct piece *piece = add_piece(catalogue, CATALOGUE_CLAUSES, file, node, report);
        if (piece == NULL) return;
        uint32_t basis = one_of(report, node, "basis", bases, 0);
        piece->clause = (struct clause){value_of(node, "id"), value_of(node, "title"), node_value(node, "parent"), bases[basis],
                                        one_of(report, node, "class", classes, standard)};
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
        piece->clause = (struct clause){id, title, NULL, bases[basis], class_by_basis[basis]};
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
    const uint64_t roots = UINT64_C(1) << TAG_STANDARD | UINT64_C(1) << TAG_PARAMETERS | UINT64_C(1) << TAG_ROLES;
    if (!arena_failed(catalogue->arena) && tree.root != NULL && grammar_check(tree.root, roots, &report)) {
        if (tree.root->tag == TAG_STANDARD) read_clauses(catalogue, file, tree.root, &report);
        if (tree.root->tag == TAG_PARAMETERS) read_parameters(catalogue, file, tree.root, &report);
        if (tree.root->tag == TAG_ROLES) read_roles(catalogue, file, tree.root, &report);
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

static void tell(struct finish *finish, const struct piece *piece, const char *rule, const char *hint, const char *text)
{
    struct diagnostic diagnostic = {piece->file, piece->place, true, rule, text == NULL ? "" : text, hint};
    if (finish->count++ >= LIMIT_DIAGNOSTICS) return;
    if (finish->sink != NULL) finish->sink(finish->user, &diagnostic);
    if (finish->count > 1) return;
    error_set(finish->error, GUAN_NO, rule, "%s", diagnostic.text);
    error_where(finish->error, "%s:%u:%u", piece->file, piece->place.line, piece->place.col);
    if (hint != NULL) error_hint(finish->error, "%s", hint);
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

void catalogue_guess(const struct catalogue *catalogue, enum catalogue_part part, struct guess *guess)
{
    if (part == CATALOGUE_CLAUSES)
        for (uint32_t i = 0; i < catalogue->clause_count; i++) guess_offer(guess, catalogue->clauses[i].id);
    if (part == CATALOGUE_PARAMETERS)
        for (uint32_t i = 0; i < catalogue->parameter_count; i++) guess_offer(guess, catalogue->parameters[i].id);
    if (part == CATALOGUE_ROLES)
        for (uint32_t i = 0; i < catalogue->role_count; i++) guess_offer(guess, catalogue->roles[i].id);
}
