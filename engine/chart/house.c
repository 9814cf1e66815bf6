/* A dealer's house: dealer.xml, people.xml and hooks.lua over the shared catalogue. */
#include "chart/bundle_files.h"
#include "chart/compile.h"

#include "base/limits.h"
#include "base/text.h"
#include "script/script.h"

#include <string.h>

struct dealer { /* `house` first: a house's address is its dealer's */
    struct house house;
    struct arena *arena;
    const char *name;
    bool read, people_read; /* all of it; only who works there */
    struct list_of_people {
        struct person *items;
        uint32_t count, capacity;
    } people;
    struct setting *settings;
    size_t setting_count;
    struct calendars calendars; /* its own; the house has the shared ones, too */
};

int dealer_new(const struct bundle *bundle, const char *name, size_t length, struct dealer **out)
{
    (void)bundle;
    *out = NULL;
    struct dealer *dealer = memory_alloc(sizeof *dealer);
    if (dealer == NULL) return GUAN_FAILED;
    dealer->arena = arena_new();
    dealer->name = arena_text(dealer->arena, name, length);
    if (dealer->name == NULL) {
        dealer_free(dealer);
        return GUAN_FAILED;
    }
    *out = dealer;
    return GUAN_OK;
}

static void forget(struct dealer *dealer)
{
    zone_close(dealer->house.zone);
    memory_free(dealer->people.items);
    calendars_free(&dealer->calendars);
    dealer->people = (struct list_of_people){NULL, 0, 0};
    dealer->setting_count = 0;
    dealer->house = (struct house){0};
    dealer->read = dealer->people_read = false;
}

void dealer_free(struct dealer *dealer)
{
    if (dealer == NULL) return;
    forget(dealer);
    arena_free(dealer->arena);
    memory_free(dealer);
}

const char *dealer_name(const struct dealer *dealer)
{
    return dealer->name;
}

bool dealer_failed(const struct dealer *dealer)
{
    return arena_failed(dealer->arena);
}

/* --- people --------------------------------------------------------------------------------------------------------------- */

static struct chart_names roles_known(struct dealer *dealer, const struct attribute *attribute, const struct catalogue *catalogue,
                                      struct report *report)
{
    struct compile words = {.arena = dealer->arena};
    struct chart_names roles = names_of(&words, attribute == NULL ? NULL : attribute->value);
    for (uint32_t i = 0; i < roles.count && catalogue != NULL; i++) {
        if (roles.items[i] == NULL || catalogue_role(catalogue, roles.items[i]) != NULL) continue;
        struct guess guess = {.word = roles.items[i]};
        catalogue_guess(catalogue, CATALOGUE_ROLES, &guess);
        problem(report, attribute->place, "unknown-role", guess_hint(&guess, dealer->arena, "roles stand in processes/roles.xml"),
                "there is no role \"%s\"", roles.items[i]);
    }
    return roles;
}

static void check_person(const struct dealer *dealer, const struct node *node, const struct person *person, struct report *report)
{
    const struct attribute *id = node_attribute(node, SPACE_NONE, "id"), *login = node_attribute(node, SPACE_NONE, "login");
    if (id != NULL && (!text_starts(person->id, "staff:") || !is_word(person->id + 6)))
        problem(report, id->place, "person-id", "ids of people stay when names change", "\"%s\" is not of the form staff:12",
                person->id);
    for (uint32_t i = 0; i < dealer->people.count; i++) {
        const struct person *other = &dealer->people.items[i];
        if (id != NULL && strcmp(other->id, person->id) == 0)
            problem(report, id->place, "duplicate-person", "every person has an id of their own",
                    "\"%s\" is the id of %s already", person->id, other->name);
        if (login != NULL && other->login != NULL && strcmp(other->login, person->login) == 0)
            problem(report, login->place, "duplicate-person", NULL, "\"%s\" is the login of %s already", person->login,
                    other->name);
        if (id != NULL && strcmp(other->name, person->name) == 0)
            warning(report, node->place, "same-name", "use ids or logins for them", "two people are called \"%s\"", person->name);
    }
}

static bool add_person(struct dealer *dealer, const struct node *node, const struct catalogue *catalogue, struct report *report)
{
    const char *id = node_value(node, "id"), *name = node_value(node, "name");
    struct person person = {id == NULL ? "" : id, name == NULL ? "" : name, node_value(node, "login"), {NULL, 0}};
    person.roles = roles_known(dealer, node_attribute(node, SPACE_NONE, "roles"), catalogue, report);
    check_person(dealer, node, &person, report);
    if (dealer->people.count == dealer->people.capacity) {
        uint32_t capacity = dealer->people.capacity == 0 ? 16 : dealer->people.capacity * 2;
        struct person *items = memory_resize(dealer->people.items, capacity * sizeof *items);
        if (items == NULL) return false;
        dealer->people.items = items;
        dealer->people.capacity = capacity;
    }
    dealer->people.items[dealer->people.count++] = person;
    return true;
}

static bool add_people(struct dealer *dealer, const struct node *root, const struct catalogue *catalogue, struct report *report)
{
    for (const struct node *node = root->first; (node = node_child(node, TAG_PERSON)) != NULL; node = node->next)
        if (!add_person(dealer, node, catalogue, report)) return false;
    return true;
}

/* --- parameters ----------------------------------------------------------------------------------------------------------- */

static const char *cell_in(const char *table, const char *key, size_t length, size_t *value_length)
{
    struct cell cell;
    while (table_next(&table, &cell)) {
        if (cell.key_length != length || memcmp(cell.key, key, length) != 0) continue;
        *value_length = cell.value_length;
        return cell.value;
    }
    return NULL;
}

/* A dealer's table has the catalogue's cells: those that it does not name keep their value. */
static const char *whole_table(struct dealer *dealer, const struct parameter *parameter, const struct attribute *given,
                               struct report *report)
{
    struct cell cell;
    size_t length;
    const char *all = "", *value;
    for (const char *cursor = given->value; table_next(&cursor, &cell);)
        if (cell_in(parameter->value, cell.key, cell.key_length, &length) == NULL)
            problem(report, given->place, "table-cell", arena_printf(dealer->arena, "there are: %s", parameter->value),
                    "%s has no cell \"%.*s\"", parameter->id, (int)cell.key_length, cell.key);
    for (const char *cursor = parameter->value; table_next(&cursor, &cell) && all != NULL;) {
        value = cell_in(given->value, cell.key, cell.key_length, &length);
        if (value == NULL) {
            value = cell.value;
            length = cell.value_length;
        }
        all = arena_printf(dealer->arena, "%s%s%.*s=%.*s", all, all[0] == '\0' ? "" : " ", (int)cell.key_length, cell.key,
                           (int)length, value);
    }
    return all;
}

/* The value as it holds in this house. */
static const char *check_parameter(struct dealer *dealer, const struct node *node, const struct catalogue *catalogue,
                                   struct report *report)
{
    const struct attribute *id = node_attribute(node, SPACE_NONE, "id"), *value = node_attribute(node, SPACE_NONE, "value");
    if (id == NULL || value == NULL) return "";
    if (catalogue == NULL) return value->value;
    const struct parameter *parameter = catalogue_parameter(catalogue, id->value);
    if (parameter == NULL) {
        struct guess guess = {.word = id->value};
        catalogue_guess(catalogue, CATALOGUE_PARAMETERS, &guess);
        problem(report, id->place, "unknown-parameter",
                guess_hint(&guess, dealer->arena, "parameters stand in processes/parameters.xml"), "there is no parameter \"%s\"",
                id->value);
    } else if (strcmp(parameter->basis, "law") == 0) {
        problem(report, id->place, "parameter-law", "delete it: the value of the law holds",
                "%s is law: a dealer cannot change it", id->value);
    } else if (!parameter_value_fits(parameter->type, value->value)) {
        problem(report, value->place, "parameter-value", parameter_value_hint(parameter->type), "\"%s\" is not a %s",
                value->value, parameter->type);
    } else if (strcmp(parameter->type, "table") == 0) {
        return whole_table(dealer, parameter, value, report);
    }
    return value->value;
}

static void add_parameters(struct dealer *dealer, const struct node *root, const struct catalogue *catalogue,
                           struct report *report)
{
    size_t count = 0;
    for (const struct node *node = root->first; (node = node_child(node, TAG_PARAMETER)) != NULL; node = node->next) count++;
    dealer->settings = arena_alloc(dealer->arena, count * sizeof *dealer->settings);
    if (dealer->settings == NULL) return;
    for (const struct node *node = root->first; (node = node_child(node, TAG_PARAMETER)) != NULL; node = node->next) {
        const char *id = node_value(node, "id");
        const struct attribute *value = node_attribute(node, SPACE_NONE, "value");
        for (size_t i = 0; i < dealer->setting_count; i++)
            if (id != NULL && strcmp(dealer->settings[i].id, id) == 0)
                problem(report, node->place, "duplicate-id", "delete one of them", "the parameter \"%s\" is set twice", id);
        struct setting *setting = &dealer->settings[dealer->setting_count];
        *setting = (struct setting){id == NULL ? "" : id, check_parameter(dealer, node, catalogue, report),
                                    value == NULL ? node->place : value->place};
        if (setting->value == NULL) return; /* no memory */
        dealer->setting_count++;
    }
}

const struct setting *house_settings(const struct house *house, size_t *count)
{
    const struct dealer *dealer = (const struct dealer *)house;
    *count = dealer->setting_count;
    return dealer->settings;
}

/* --- calendars ------------------------------------------------------------------------------------------------------------ */

/* The shared ones and the dealer's own, both sorted by id, as one sorted list. */
static bool merge_calendars(struct dealer *dealer, const struct calendars *shared)
{
    const struct calendars *own = &dealer->calendars;
    struct house_calendar *all = arena_alloc(dealer->arena, (shared->count + own->count) * sizeof *all);
    size_t count = 0, s = 0, o = 0;
    if (all == NULL) return false;
    while (s < shared->count || o < own->count) {
        int order = s == shared->count ? 1 : o == own->count ? -1 : strcmp(shared->items[s].id, own->items[o].id);
        all[count++] = order < 0 ? shared->items[s] : own->items[o];
        if (order <= 0) s++;
        if (order >= 0) o++;
    }
    dealer->house.calendars = all;
    dealer->house.calendar_count = count;
    return true;
}

/* --- files ---------------------------------------------------------------------------------------------------------------- */

static const struct bundle_file *file_of(const struct bundle *bundle, const struct dealer *dealer, const char *name)
{
    const char *path = arena_printf(dealer->arena, "scripts/dealers/%s/%s", dealer->name, name);
    return path == NULL ? NULL : bundle_find(bundle, path);
}

static void read_dealer_element(struct dealer *dealer, const struct node *root, struct report *report)
{
    const struct attribute *id = node_attribute(root, SPACE_NONE, "id"), *zone = node_attribute(root, SPACE_NONE, "zone");
    const char *title = node_value(root, "title");
    dealer->house.title = title == NULL ? dealer->name : title;
    if (id != NULL && strcmp(id->value, dealer->name) != 0)
        problem(report, id->place, "dealer-id", "rename one of them", "the folder is called \"%s\", the dealer \"%s\"",
                dealer->name, id->value);
    if (zone == NULL) return;
    dealer->house.zone_name = zone->value;
    if (zone_open(zone->value, &dealer->house.zone, NULL) != GUAN_OK)
        problem(report, zone->place, "unknown-zone", "for instance Asia/Shanghai", "there is no time zone \"%s\"", zone->value);
}

static bool read_hooks(const struct bundle *bundle, const struct bundle_file *file, struct dealer *dealer, struct report *report)
{
    if (file == NULL) return !arena_failed(dealer->arena);
    dealer->house.hooks = file->bytes;
    dealer->house.hooks_length = file->length;
    if (bundle->fetch != NULL) return true; /* published: parsed when it is loaded */
    struct guan_error fault;
    uint32_t line = 1;
    error_clear(&fault);
    report->file = file->path;
    int code = script_check(SCRIPT_STATEMENTS, file->bytes, file->length, 1, &line, &fault);
    if (code == GUAN_NO) problem(report, (struct chart_place){line, 1}, "lua-syntax", NULL, "%s", fault.text);
    return code != GUAN_FAILED;
}

/* One XML file of the house; false when memory ran out. */
static bool read_xml(const struct bundle_file *file, struct dealer *dealer, enum tag root, const struct catalogue *catalogue,
                     struct report *report)
{
    struct tree tree;
    report->file = file->path;
    tree_read(&tree, file->bytes, file->length, dealer->arena, report);
    if (arena_failed(dealer->arena)) return false;
    if (tree.root == NULL || !grammar_check(tree.root, UINT64_C(1) << root, report)) return true;
    if (root == TAG_DEALER) {
        read_dealer_element(dealer, tree.root, report);
        add_parameters(dealer, tree.root, catalogue, report);
    }
    return add_people(dealer, tree.root, catalogue, report);
}

enum { PEOPLE_FILES = 2, FILES }; /* dealer.xml and people.xml; hooks.lua too */

static bool of_house(const struct bundle_file *file, const char *dealer)
{
    return file->house && (file->dealer == NULL || strcmp(file->dealer, dealer) == 0);
}

/* Each file has its report, so that each is told in its own order. */
static int read_file(struct bundle *bundle, struct dealer *dealer, const char *name, const struct catalogue *catalogue,
                     diagnostic_sink sink, void *user, struct guan_error *error)
{
    const struct bundle_file *file = file_of(bundle, dealer, name);
    struct report report;
    int code = file == NULL ? GUAN_OK : bundle_load(bundle, file, error);
    if (code != GUAN_OK) return code;
    report_init(&report, dealer->arena, file == NULL ? name : file->path);
    if (strcmp(name, "hooks.lua") == 0) {
        if (!read_hooks(bundle, file, dealer, &report)) return error_memory(error);
    } else if (file != NULL) {
        enum tag root = strcmp(name, "dealer.xml") == 0 ? TAG_DEALER : TAG_PEOPLE;
        if (!read_xml(file, dealer, root, catalogue, &report)) return error_memory(error);
    } else if (strcmp(name, "dealer.xml") == 0) {
        report.file = arena_printf(dealer->arena, "scripts/dealers/%s", dealer->name);
        problem(&report, (struct chart_place){1, 1}, "no-dealer", "write <dealer id=\"…\" title=\"…\" zone=\"Asia/Shanghai\">",
                "the folder has no dealer.xml");
    }
    return report_end(&report, sink, user, error);
}

/* The first `count` of its files, afresh. */
static int read_files(struct bundle *bundle, struct dealer *dealer, size_t count, const struct catalogue *catalogue,
                      diagnostic_sink sink, void *user, struct guan_error *error)
{
    static const char *const names[FILES] = {"dealer.xml", "people.xml", "hooks.lua"};
    int code = GUAN_OK;
    forget(dealer);
    dealer->house.dealer = dealer->name;
    for (size_t i = 0; i < count && code != GUAN_FAILED; i++) {
        int one = read_file(bundle, dealer, names[i], catalogue, sink, user, code == GUAN_OK ? error : NULL);
        if (one != GUAN_OK) code = one;
    }
    dealer->house.people = dealer->people.items;
    dealer->house.person_count = dealer->people.count;
    return code;
}

int dealer_read_people(struct bundle *bundle, struct dealer *dealer, const struct house **out, struct guan_error *error)
{
    *out = &dealer->house;
    if (dealer->read || dealer->people_read) return GUAN_OK;
    int code = read_files(bundle, dealer, PEOPLE_FILES, NULL, NULL, NULL, error);
    if (code != GUAN_OK) forget(dealer);
    dealer->people_read = code == GUAN_OK;
    return code;
}

int dealer_read(struct bundle *bundle, struct dealer *dealer, const struct catalogue *catalogue, diagnostic_sink sink, void *user,
                const struct house **out, struct guan_error *error)
{
    *out = &dealer->house;
    if (dealer->read) return GUAN_OK;
    int code = read_files(bundle, dealer, FILES, catalogue, sink, user, error);
    if (code != GUAN_FAILED) {
        int one =
            calendars_read(bundle, dealer->name, dealer->arena, &dealer->calendars, sink, user, code == GUAN_OK ? error : NULL);
        if (one != GUAN_OK) code = one;
    }
    if (code == GUAN_OK && !merge_calendars(dealer, &bundle->calendars)) code = error_memory(error);
    dealer->house.catalogue = catalogue;
    if (code == GUAN_OK && bundle_hash_of(bundle, of_house, dealer->name, &dealer->house.hash) != GUAN_OK)
        code = error_memory(error);
    dealer->read = code == GUAN_OK;
    if (code != GUAN_OK) {
        forget(dealer);
        *out = NULL;
    }
    return code;
}

/* --- asking ----------------------------------------------------------------------------------------------------------------- */

static int find_dealer(struct bundle *bundle, const char *name, struct dealer **out, struct guan_error *error)
{
    int code = bundle_seal(bundle, error);
    if (code != GUAN_OK) return code;
    if (name == NULL && bundle->dealer_count != 1)
        return error_set(error, GUAN_USAGE, "which-dealer", "there are %zu dealers: say which one", bundle->dealer_count);
    struct guess guess = {.word = name};
    for (size_t i = 0; i < bundle->dealer_count; i++) {
        *out = bundle->dealers[i];
        if (name == NULL || strcmp((*out)->name, name) == 0) return GUAN_OK;
        guess_offer(&guess, (*out)->name);
    }
    error_set(error, GUAN_USAGE, "unknown-dealer", "there is no dealer \"%s\"", name);
    if (guess.best != NULL) error_hint(error, "did you mean \"%s\"?", guess.best);
    return GUAN_USAGE;
}

int bundle_house(struct bundle *bundle, const char *name, const struct house **out, struct guan_error *error)
{
    struct dealer *dealer;
    *out = NULL;
    int code = find_dealer(bundle, name, &dealer, error);
    if (code != GUAN_OK) return code;
    const struct catalogue *catalogue = bundle_catalogue(bundle, error);
    if (catalogue == NULL) return error == NULL ? GUAN_NO : error->code;
    code = bundle_read_calendars(bundle, NULL, NULL, error);
    return code == GUAN_OK ? dealer_read(bundle, dealer, catalogue, NULL, NULL, out, error) : code;
}

int bundle_people(struct bundle *bundle, const char *name, const struct house **out, struct guan_error *error)
{
    struct dealer *dealer;
    *out = NULL;
    int code = find_dealer(bundle, name, &dealer, error);
    return code == GUAN_OK ? dealer_read_people(bundle, dealer, out, error) : code;
}

const char *house_parameter(const struct house *house, const char *id)
{
    const struct dealer *dealer = (const struct dealer *)house;
    for (size_t i = 0; i < dealer->setting_count; i++)
        if (strcmp(dealer->settings[i].id, id) == 0) return dealer->settings[i].value;
    const struct parameter *parameter = catalogue_parameter(house->catalogue, id);
    return parameter == NULL ? NULL : parameter->value;
}

const char *house_cell(const struct house *house, const char *id, const char *key, char *into, size_t size)
{
    const struct parameter *parameter = catalogue_parameter(house->catalogue, id);
    size_t length;
    if (parameter == NULL || strcmp(parameter->type, "table") != 0 || key == NULL) return NULL;
    const char *value = cell_in(house_parameter(house, id), key, strlen(key), &length);
    if (value == NULL || length >= size) return NULL;
    memcpy(into, value, length);
    into[length] = '\0';
    return into;
}

const struct calendar *house_calendar(const struct house *house, const char *id)
{
    size_t low = 0, high = id == NULL ? 0 : house->calendar_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(house->calendars[middle].id, id);
        if (order == 0) return house->calendars[middle].calendar;
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    return NULL;
}

const struct person *house_person(const struct house *house, const char *who)
{
    const struct person *named = NULL;
    if (who == NULL) return NULL;
    for (size_t i = 0; i < house->person_count; i++) {
        const struct person *person = &house->people[i];
        if (strcmp(person->id, who) == 0 || text_equal(person->login, who)) return person;
        if (named == NULL && strcmp(person->name, who) == 0) named = person;
    }
    return named;
}
