/* The values of attributes of urn:guan:1: clauses, roles, parameters, yes and no, words of a list. */
#include "chart/catalogue_read.h"
#include "chart/compile.h"

#include "base/limits.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

bool is_word(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    return n > 0 && text[n] == '\0';
}

static const char *guess_in(struct compile *c, enum catalogue_part part, const char *word, const char *otherwise)
{
    struct guess guess = {.word = word};
    if (c->report->count < LIMIT_DIAGNOSTICS) catalogue_guess(c->options->catalogue, part, &guess);
    return guess_hint(&guess, c->arena, otherwise);
}

/* One letter too many, too few or another, or two changed round. */
static bool one_slip(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) a++, b++;
    size_t m = strlen(a), n = strlen(b);
    while (m > 0 && n > 0 && a[m - 1] == b[n - 1]) m--, n--;
    return (m <= 1 && n <= 1) || (m == 2 && n == 2 && a[0] == b[1] && a[1] == b[0]);
}

/* Does the clause stand directly in the section CS-3.1, or in the standard CS? */
static bool in_section(const char *id, const char *section, size_t length)
{
    const char *rest = id + length;
    if (strncmp(id, section, length) != 0 || *rest == '\0') return false;
    if (*rest == '.' || *rest == '-') return rest[1 + strspn(rest + 1, "0123456789")] == '\0';
    return *rest >= 'a' && *rest <= 'z' && rest[1] == '\0';
}

/* What there is in the nearest section that exists: of CS-3.1.9 the clauses of CS-3.1. */
static const char *section_of(struct compile *c, const char *id)
{
    const struct catalogue *catalogue = c->options->catalogue;
    for (size_t length = strlen(id); length-- > 1;) {
        const char *all = NULL;
        uint32_t count = 0;
        if (id[length] != '.' && id[length] != '-' && !(id[length] >= 'a' && id[length] <= 'z')) continue;
        for (size_t i = 0; i < catalogue_clause_count(catalogue); i++) {
            const struct clause *clause = catalogue_clause_at(catalogue, i);
            if (clause->standard == NULL || !in_section(clause->id, id, length) || count++ >= 12) continue;
            all = all == NULL ? clause->id : arena_printf(c->arena, "%s %s", all, clause->id);
            if (all == NULL) return NULL;
        }
        if (all != NULL) return arena_printf(c->arena, "%.*s has %s%s", (int)length, id, all, count > 12 ? " …" : "");
    }
    return "clauses stand in processes/standards/";
}

static const char *guess_clause(struct compile *c, const char *word)
{
    struct guess guess = {.word = word};
    if (c->report->count >= LIMIT_DIAGNOSTICS) return NULL;
    for (size_t i = 0; i < catalogue_clause_count(c->options->catalogue); i++) {
        const char *id = catalogue_clause_at(c->options->catalogue, i)->id;
        if (strcasecmp(word, id) == 0 || one_slip(word, id)) guess_offer(&guess, id);
    }
    return guess.best != NULL ? guess_hint(&guess, c->arena, NULL) : section_of(c, word);
}

struct chart_names clauses_of(struct compile *c, const struct attribute *attribute)
{
    struct chart_names names = names_of(c, attribute == NULL ? NULL : attribute->value);
    if (c->options->catalogue == NULL) return names;
    for (uint32_t i = 0; i < names.count; i++) {
        const char *id = names.items[i];
        if (id == NULL || catalogue_clause(c->options->catalogue, id) != NULL) continue;
        problem(c->report, attribute->place, "unknown-clause", guess_clause(c, id), "there is no clause \"%s\"", id);
    }
    return names;
}

static void check_role(struct compile *c, const struct attribute *attribute, const char *id)
{
    if (id == NULL || strcmp(id, "system") == 0 || catalogue_role(c->options->catalogue, id) != NULL) return;
    problem(c->report, attribute->place, "unknown-role", guess_in(c, CATALOGUE_ROLES, id, "roles stand in processes/roles.xml"),
            "there is no role \"%s\"", id);
}

/* "customer|agent" is one of the two. */
struct chart_names roles_of(struct compile *c, const struct attribute *attribute)
{
    struct chart_names names = names_of(c, attribute == NULL ? NULL : attribute->value);
    if (c->options->catalogue == NULL) return names;
    for (uint32_t i = 0; i < names.count; i++) {
        const char *from = names.items[i];
        while (from != NULL) {
            const char *bar = strchr(from, '|');
            check_role(c, attribute, bar == NULL ? from : arena_text(c->arena, from, (size_t)(bar - from)));
            from = bar == NULL ? NULL : bar + 1;
        }
    }
    return names;
}

bool yes_no(struct compile *c, const struct attribute *attribute, bool otherwise)
{
    if (attribute == NULL) return otherwise;
    if (strcmp(attribute->value, "yes") == 0) return true;
    if (strcmp(attribute->value, "no") == 0) return false;
    problem(c->report, attribute->place, "boolean", NULL, "%s is \"yes\" or \"no\", not \"%s\"", attribute->name,
            attribute->value);
    return otherwise;
}

static const char *word_list(struct compile *c, const char *const *words)
{
    const char *list = words[0];
    for (uint32_t i = 1; words[i] != NULL && list != NULL; i++) list = arena_printf(c->arena, "%s, %s", list, words[i]);
    return arena_printf(c->arena, "one of: %s", list == NULL ? "" : list);
}

uint32_t word_of(struct compile *c, const struct attribute *attribute, const char *const *words, uint32_t otherwise,
                 const char *rule)
{
    if (attribute == NULL) return otherwise;
    struct guess guess = {.word = attribute->value};
    for (uint32_t i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], attribute->value) == 0) return i;
        guess_offer(&guess, words[i]);
    }
    problem(c->report, attribute->place, rule, guess_hint(&guess, c->arena, word_list(c, words)), "%s=\"%s\" is not known",
            attribute->name, attribute->value);
    return otherwise;
}

enum chart_class class_of(struct compile *c, const struct node *node, struct chart_names clauses, enum chart_class otherwise)
{
    static const char *const words[] = {"law", "standard", "practice", "dealer", NULL};
    enum chart_class strictest = CHART_CLASS_DEALER;
    bool known = false;
    const char *law = NULL;
    for (uint32_t i = 0; i < clauses.count && c->options->catalogue != NULL; i++) {
        const struct clause *clause = clauses.items[i] == NULL ? NULL : catalogue_clause(c->options->catalogue, clauses.items[i]);
        if (clause == NULL) continue;
        known = true;
        if (clause->klass < strictest) strictest = clause->klass;
        if (clause->klass == CHART_CLASS_LAW) law = clause->id;
    }
    const struct attribute *given = plain(node, "class");
    if (given == NULL) return known ? strictest : otherwise;
    enum chart_class klass = word_of(c, given, words, otherwise, "unknown-class");
    if (law != NULL && klass != CHART_CLASS_LAW)
        problem(c->report, given->place, "class-weaker", "leave the class out, or cite the law on a field of its own",
                "class=\"%s\" is weaker than law, but clause %s is law", given->value, law);
    return klass;
}

enum chart_severity severity_of(struct compile *c, const struct node *node, bool none_allowed)
{
    static const char *const words[] = {"info", "minor", "major", "critical", "none", NULL};
    static const char *const some[] = {"info", "minor", "major", "critical", NULL};
    static const enum chart_severity values[] = {CHART_INFO,     CHART_MINOR,         CHART_MAJOR,
                                                 CHART_CRITICAL, CHART_SEVERITY_NONE, CHART_SEVERITY_DEFAULT};
    return values[word_of(c, plain(node, "severity"), none_allowed ? words : some, 5, "unknown-severity")];
}

const struct parameter *parameter_of(struct compile *c, const struct attribute *attribute, const char *id)
{
    const struct parameter *parameter = catalogue_parameter(c->options->catalogue, id);
    if (parameter == NULL)
        problem(c->report, attribute->place, "unknown-parameter",
                guess_in(c, CATALOGUE_PARAMETERS, id, "parameters stand in processes/parameters.xml"),
                "there is no parameter \"%s\"", id);
    return parameter;
}

enum chart_mode mode_of(struct compile *c, const struct node *node)
{
    static const char *const modes[] = {"block", "warn", NULL};
    const struct attribute *mode = plain(node, "mode");
    if (mode != NULL) return word_of(c, mode, modes, CHART_MODE_BLOCK, "unknown-mode");
    for (const struct node *above = node->parent; above != NULL; above = above->parent) {
        mode = guan(above, "mode");
        if (mode != NULL) return strcmp(mode->value, "warn") == 0 ? CHART_MODE_WARN : CHART_MODE_BLOCK;
        if (above == c->root) break;
    }
    return CHART_MODE_BLOCK;
}

const char *const message_classes[] = {"service", "care", "greeting", "value", "marketing", "mixed", NULL};

const char *code_of(struct compile *c, const struct node *node)
{
    const struct attribute *code = plain(node, "code");
    if (code == NULL) return NULL;
    size_t n = strspn(code->value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
    if (n == 0 || code->value[n] != '\0')
        problem(c->report, code->place, "bad-code", "capitals and underscores, for instance FIELD_INVALID",
                "\"%s\" is not a finding's code", code->value);
    return code->value;
}
