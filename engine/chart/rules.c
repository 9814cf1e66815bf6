/* Rules: what is watched over the whole case while a state is active. */
#include "chart/catalogue_read.h"
#include "chart/compile.h"

#include "base/clock.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* In the order of enum chart_rule_kind. */
static const char *const kind_names[] = {"prohibit", "limit", "min-gap",  "max-gap", "share",
                                         "precedes", "data",  "separate", NULL};
/* Every kind may have title, when, class, severity, code, clause and tunable besides. */
static const struct kind {
    const char *needs, *may;
} kinds[] = {
    [CHART_RULE_PROHIBIT] = {"of", "mode"},
    [CHART_RULE_LIMIT] = {"of max within", "by sum mode"},
    [CHART_RULE_MIN_GAP] = {"of within", "mode"},
    [CHART_RULE_MAX_GAP] = {"of within", "from until"}, /* a timer: there is nothing to block */
    [CHART_RULE_SHARE] = {"of among max within", "sample mode"},
    [CHART_RULE_PRECEDES] = {"first of", "once mode"},
    [CHART_RULE_DATA] = {"of check", "mode"},
    [CHART_RULE_SEPARATE] = {"of", "mode"},
};
static const char *const kind_words[] = {"of",     "first",  "among", "from", "by",    "sum", "max",
                                         "within", "sample", "until", "once", "check", "mode"};

static void check_attributes(struct compile *c, const struct node *node, enum chart_rule_kind index)
{
    const struct kind *kind = &kinds[index];
    for (size_t i = 0; i < sizeof kind_words / sizeof *kind_words; i++) {
        const struct attribute *attribute = plain(node, kind_words[i]);
        bool needed = text_has_word(kind->needs, kind_words[i]);
        if (needed && attribute == NULL)
            problem(c->report, node->place, "missing-attribute", arena_printf(c->arena, "write %s=\"…\"", kind_words[i]),
                    "a rule of kind \"%s\" needs the attribute \"%s\"", kind_names[index], kind_words[i]);
        if (attribute != NULL && !needed && !text_has_word(kind->may, kind_words[i]))
            problem(c->report, attribute->place, "rule-attribute",
                    arena_printf(c->arena, "it takes: %s, when; and may have: %s", kind->needs, kind->may),
                    "a rule of kind \"%s\" has no \"%s\"", kind_names[index], kind_words[i]);
    }
}

/* --- numbers ----------------------------------------------------------------------------------------------------------- */

static bool max_fits(const struct chart_rule *rule, const char *text)
{
    if (!parameter_value_fits("number", text) || text[0] == '-') return false;
    if (rule->kind == CHART_RULE_SHARE) return strtol(text, NULL, 10) < 100 || strcmp(text, "100") == 0;
    return rule->sum != NULL || strchr(text, '.') == NULL;
}

static const char *max_of(struct compile *c, const struct attribute *attribute, const struct chart_rule *rule)
{
    if (attribute == NULL) return NULL;
    const char *text = attribute->value, *value = text;
    bool share = rule->kind == CHART_RULE_SHARE;
    if (text_starts(text, "T-")) {
        if (c->options->catalogue == NULL) return text;
        const struct parameter *parameter = parameter_of(c, attribute, text);
        if (parameter == NULL) return text;
        bool numeric = strcmp(parameter->type, "number") == 0 || (share && strcmp(parameter->type, "percent") == 0);
        value = numeric ? parameter->value : "";
    }
    if (!max_fits(rule, value))
        problem(c->report, attribute->place, "bad-max",
                share ? "max=\"50\": percent, or a parameter of type percent" : "max=\"2\", or a parameter of type number",
                "max=\"%s\" is no %s", text,
                share               ? "share"
                : rule->sum != NULL ? "amount"
                                    : "count");
    return text;
}

static uint32_t sample_of(struct compile *c, const struct attribute *attribute)
{
    if (attribute == NULL) return 0;
    size_t n = strspn(attribute->value, "0123456789");
    if (n > 0 && n <= 6 && attribute->value[n] == '\0') return (uint32_t)strtoul(attribute->value, NULL, 10);
    problem(c->report, attribute->place, "bad-sample", "sample=\"4\"", "sample=\"%s\" is no count", attribute->value);
    return 0;
}

/* --- one rule ---------------------------------------------------------------------------------------------------------- */

static struct chart_names list_of(struct compile *c, const struct node *node, const char *name)
{
    const struct attribute *attribute = plain(node, name);
    struct chart_names names = names_of(c, attribute == NULL ? NULL : attribute->value);
    if (attribute != NULL && names.count == 0)
        problem(c->report, attribute->place, "no-names", "a step, PROCESS.STEP, PROCESS.* or @marketing", "%s names nothing",
                name);
    return names;
}

static const char *field_of(struct compile *c, const struct node *node, const char *name)
{
    const struct attribute *attribute = plain(node, name);
    if (attribute == NULL) return NULL;
    if (!is_word(attribute->value))
        problem(c->report, attribute->place, "bad-name", "one field of the steps that are counted",
                "\"%s\" is not the name of a field", attribute->value);
    return attribute->value;
}

static bool is_until_time(const char *text)
{
    struct duration duration;
    return text_starts(text, "T-") || duration_parse(text, strlen(text), &duration, NULL) == GUAN_OK;
}

/* A length of time, or the steps and events that end it. */
static void read_until(struct compile *c, const struct attribute *until, struct chart_rule *rule)
{
    if (until == NULL || is_until_time(until->value)) {
        rule->until = due_of(c, until, DUE_SPAN, NULL);
        return;
    }
    rule->ends = names_of(c, until->value);
    if (rule->ends.count == 0)
        problem(c->report, until->place, "no-names", "P1Y, or a step, an event, PROCESS.STEP", "until names nothing");
    for (uint32_t i = 0; i < rule->ends.count; i++) {
        const char *name = rule->ends.items[i];
        if (name == NULL) return;
        if (is_until_time(name))
            problem(c->report, until->place, "bad-duration", "one length of time alone, or steps and events",
                    "until=\"%s\" is neither a length of time nor a list of names", until->value);
        else if (!is_event_name(name, strlen(name)))
            problem(c->report, until->place, "event-name", "letters, digits, _ and -, with single dots between",
                    "\"%s\" is not the name of an event", name);
        else continue;
        rule->ends.count = 0; /* told once */
    }
}

static void check_law(struct compile *c, const struct node *node, const struct chart_rule *rule)
{
    if (rule->klass == CHART_CLASS_LAW && rule->tunable)
        problem(c->report, plain(node, "tunable")->place, "tunable-law", "delete tunable",
                "the rule \"%s\" is law: it is not tunable", rule->id);
}

static void read_rule(struct compile *c, const struct node *node, struct chart_rule *rule)
{
    rule->of = list_of(c, node, "of");
    rule->first = list_of(c, node, "first");
    rule->among = list_of(c, node, "among");
    rule->from = list_of(c, node, "from");
    rule->by = field_of(c, node, "by");
    rule->sum = field_of(c, node, "sum");
    rule->max = max_of(c, plain(node, "max"), rule);
    rule->within = due_of(c, plain(node, "within"), DUE_SPAN, &rule->within_key);
    rule->sample = sample_of(c, plain(node, "sample"));
    read_until(c, plain(node, "until"), rule);
    rule->once = yes_no(c, plain(node, "once"), false);
    rule->when = expr_of(c, node, "when", CHART_EXPRESSION);
    rule->check = expr_of(c, node, "check", CHART_EXPRESSION);
    rule->mode = rule->kind == CHART_RULE_MAX_GAP ? CHART_MODE_WARN : mode_of(c, node);
    rule->clauses = clauses_of(c, plain(node, "clause"));
    rule->klass = class_of(c, node, rule->clauses, CHART_CLASS_STANDARD);
    rule->severity = severity_of(c, node, false);
    rule->code = code_of(c, node);
    rule->tunable = yes_no(c, plain(node, "tunable"), false);
    check_law(c, node, rule);
}

static void add_rule(struct compile *c, const struct node *node, uint32_t state)
{
    const struct attribute *id = plain(node, "id"), *title = plain(node, "title"), *kind = plain(node, "kind");
    const uint32_t unknown = sizeof kinds / sizeof *kinds;
    struct chart_rule rule = {.id = id == NULL ? "" : id->value, .state = state, .place = node->place};
    if (id != NULL && !is_event_name(id->value, id->length))
        problem(c->report, id->place, "bad-name", "letters, digits, - and _", "\"%s\" cannot be the id of a rule", id->value);
    rule.title = title == NULL ? NULL : title->value;
    uint32_t found = word_of(c, kind, kind_names, unknown, "unknown-kind");
    if (found != unknown) {
        rule.kind = (enum chart_rule_kind)found;
        check_attributes(c, node, rule.kind);
    }
    read_rule(c, node, &rule);
    *(struct chart_rule *)list_add(c, &c->rules) = rule;
    *(const struct node **)list_add(c, &c->rule_nodes) = node;
}

struct chart_span compile_rules(struct compile *c, const struct node *node, uint32_t state)
{
    struct chart_span span = {c->rules.count, 0};
    for (const struct node *child = node->first; (child = node_child(child, TAG_RULE)) != NULL; child = child->next, span.count++)
        add_rule(c, child, state);
    return span;
}

/* --- what they name, once all steps are known -------------------------------------------------------------------------- */

static void check_class(struct compile *c, const struct attribute *attribute, const char *name)
{
    struct guess guess = {.word = name};
    for (size_t i = 0; message_classes[i] != NULL; i++) {
        if (strcmp(name, message_classes[i]) == 0) return;
        guess_offer(&guess, message_classes[i]);
    }
    problem(c->report, attribute->place, "unknown-message",
            guess_hint(&guess, c->arena, "@service @care @greeting @value @marketing @mixed"),
            "%s names \"@%s\", which is no class of messages", attribute->name, name);
}

/* "wash.*"; the bundle knows whether there is such a flow. */
static bool is_all_of(const char *name)
{
    size_t n = strlen(name);
    return n > 2 && strcmp(name + n - 2, ".*") == 0 && strchr(name, '.') == name + n - 2;
}

static void check_names(struct compile *c, const struct node *node, const char *attribute_name, struct chart_names names)
{
    const struct attribute *attribute = plain(node, attribute_name);
    for (uint32_t i = 0; i < names.count; i++) {
        const char *name = names.items[i];
        if (name == NULL) continue;
        if (name[0] == '@') check_class(c, attribute, name + 1);
        else if (!is_all_of(name)) check_anchor(c, attribute, name);
    }
}

/* Who does what is asked of steps; one step alone is no separation. */
static void check_separate(struct compile *c, const struct node *node, const struct chart_rule *rule)
{
    const struct attribute *of = plain(node, "of");
    if (rule->kind != CHART_RULE_SEPARATE || of == NULL) return;
    bool several = rule->of.count > 1;
    for (uint32_t i = 0; i < rule->of.count; i++) {
        const char *name = rule->of.items[i];
        if (name == NULL) return;
        several = several || is_all_of(name) || name[0] == '@';
    }
    if (!several) problem(c->report, of->place, "separate-one", "name two steps or more", "of names one step only");
}

void check_rules(struct compile *c)
{
    uint32_t count = c->rules.count;
    struct id_entry *ids = arena_alloc(c->arena, count * sizeof *ids);
    if (ids == NULL) return;
    for (uint32_t i = 0; i < count; i++) {
        const struct chart_rule *rule = rule_at(c, i);
        const struct node *node = node_at(&c->rule_nodes, i);
        check_names(c, node, "of", rule->of);
        check_names(c, node, "first", rule->first);
        check_names(c, node, "among", rule->among);
        check_names(c, node, "from", rule->from);
        check_names(c, node, "until", rule->ends);
        check_separate(c, node, rule);
        ids[i] = (struct id_entry){rule->id, i};
    }
    sort_ids(ids, count);
    for (uint32_t i = 1; i < count; i++)
        if (strcmp(ids[i].id, ids[i - 1].id) == 0 && ids[i].id[0] != '\0')
            problem(c->report, rule_at(c, ids[i].index)->place, "duplicate-rule", "give one of them another id",
                    "the rule \"%s\" stands in line %u already", ids[i].id, rule_at(c, ids[i - 1].index)->place.line);
}
