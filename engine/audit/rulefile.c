/* Rule files: XML to an array of rules, every problem with its place. */
#include "audit/rulefile.h"

#include "base/text.h"
#include "chart/tree.h"
#include "script/script.h"

#include <string.h>

/* Blank-separated: what a kind needs, and what it may have besides the common ones. */
static const struct kind {
    const char *name, *needs, *may;
} kinds[RULE_KINDS] = {
    [RULE_PROHIBIT] = {"prohibit", "of", ""},
    [RULE_LIMIT] = {"limit", "of max", "within sum scope"},
    [RULE_MIN_GAP] = {"min-gap", "of within", "scope"},
    [RULE_MAX_GAP] = {"max-gap", "of within", "from until"},
    [RULE_SHARE] = {"share", "of among max", "within sample scope"},
    [RULE_PRECEDES] = {"precedes", "first of", "once within"},
    [RULE_DATA] = {"data", "of check", ""},
    [RULE_SEPARATE] = {"separate", "of", ""},
    [RULE_OCCURS] = {"occurs", "of", "min max within"},
    [RULE_STARTS] = {"starts", "of", ""},
    [RULE_ENDS] = {"ends", "of", ""},
    [RULE_RESPONDS] = {"responds", "of then", "within"},
    [RULE_NEXT] = {"next", "of then", "within"},
    [RULE_ALTERNATES] = {"alternates", "of then", "within"},
    [RULE_EXCLUDES] = {"excludes", "of", ""},
    [RULE_SAME_ACTOR] = {"same-actor", "of", ""},
    [RULE_AUTHORITY] = {"authority", "of role", ""},
    [RULE_EVIDENCE] = {"evidence", "of evidence", ""},
    [RULE_WAIVER] = {"waiver", "of", "role max"},
};
static const char common[] = "id kind title when by severity class clause code";

struct reading {
    struct arena *arena;
    struct report *report;
};

const char *rule_kind_name(enum rule_kind kind)
{
    return kinds[kind].name;
}

static const struct attribute *plain(const struct node *node, const char *name)
{
    return node_attribute(node, SPACE_NONE, name);
}

/* --- values -------------------------------------------------------------------------------------------------------------- */

/* Names with blanks stand in single quotes: of="pay 'Send invoice'". */
static struct chart_names names_of(struct reading *r, const struct node *node, const char *name)
{
    const struct attribute *attribute = plain(node, name);
    const char **items = NULL;
    size_t capacity = 0;
    uint32_t count = 0;
    for (const char *at = attribute ? attribute->value : ""; *at;) {
        at += strspn(at, " \t\r\n");
        bool quoted = *at == '\'';
        const char *from = at + quoted;
        size_t length = strcspn(from, quoted ? "'" : " \t\r\n");
        if (quoted && !from[length]) {
            problem(r->report, attribute->place, "open-quote", "of=\"pay 'Send invoice'\"",
                    "a quotation mark in %s is not closed", name);
            break;
        }
        at = from + length + quoted;
        if (!length) continue;
        const char **more = arena_grow(r->arena, items, count, &capacity, sizeof *items);
        if (!more) break;
        items = more;
        items[count++] = arena_text(r->arena, from, length);
    }
    if (attribute && !count)
        problem(r->report, attribute->place, "no-names", "an activity, PROCESS.STEP, PROCESS.* or @marketing", "%s names nothing",
                name);
    return (struct chart_names){items, count};
}

bool rule_amount(const char *text, int64_t *out)
{
    int64_t value = 0;
    size_t i = 0, decimals = 0;
    for (; text[i] >= '0' && text[i] <= '9'; i++) {
        if (i >= 15) return false;
        value = value * 10 + (text[i] - '0');
    }
    if (i == 0) return false;
    value *= 1000;
    if (text[i] == '.') {
        int64_t unit = 100;
        for (i++; text[i] >= '0' && text[i] <= '9'; i++, unit /= 10) {
            if (++decimals > 3) return false;
            value += unit * (text[i] - '0');
        }
        if (!decimals) return false;
    }
    *out = value;
    return text[i] == 0;
}

static struct rule_number number_of(struct reading *r, const struct node *node, const char *name)
{
    const struct attribute *attribute = plain(node, name);
    struct rule_number number = {0};
    if (!attribute) return number;
    number.text = attribute->value;
    number.parameter = text_starts(number.text, "T-");
    if (!number.parameter && !rule_amount(number.text, &number.amount))
        problem(r->report, attribute->place, "bad-number", "a number, or a parameter's name such as T-MAXMSG",
                "%s=\"%s\" is no number", name, number.text);
    return number;
}

static struct rule_span span_of(struct reading *r, const struct node *node, const char *name)
{
    const struct attribute *attribute = plain(node, name);
    struct rule_span span = {0};
    if (!attribute) return span;
    span.text = attribute->value;
    span.parameter = text_starts(span.text, "T-");
    bool fine = span.parameter || duration_parse(span.text, attribute->length, &span.length, NULL) == GUAN_OK;
    if (!fine || (!span.parameter && (span.length.months < 0 || span.length.days < 0 || span.length.ms < 0)))
        problem(r->report, attribute->place, "bad-duration", "PT24H, P3D, P1M, or a parameter's name such as T-GREET",
                "%s=\"%s\" is no length of time", name, span.text);
    return span;
}

static uint32_t sample_of(struct reading *r, const struct node *node)
{
    const struct attribute *attribute = plain(node, "sample");
    int64_t amount = 0;
    if (attribute && (!rule_amount(attribute->value, &amount) || amount % 1000 || amount > INT64_C(1000000000)))
        problem(r->report, attribute->place, "bad-number", "sample=\"4\"", "sample=\"%s\" is no count", attribute->value);
    return (uint32_t)(amount / 1000);
}

/* One of the words, blank-separated; the first is the default. */
static const char *word_of(struct reading *r, const struct node *node, const char *name, const char *words)
{
    const struct attribute *attribute = plain(node, name);
    if (!attribute) return arena_text(r->arena, words, strcspn(words, " "));
    if (!attribute->value[0] || strchr(attribute->value, ' ') || !text_has_word(words, attribute->value))
        problem(r->report, attribute->place, "bad-word", arena_printf(r->arena, "one of: %s", words), "%s=\"%s\" is unknown",
                name, attribute->value);
    return attribute->value;
}

static struct rule_lua lua_of(struct reading *r, const struct node *node, const char *name)
{
    const struct attribute *attribute = plain(node, name);
    struct guan_error error = {0};
    uint32_t line = 0;
    if (!attribute) return (struct rule_lua){0};
    if (script_check(SCRIPT_EXPRESSION, attribute->value, attribute->length, 0, &line, &error) != GUAN_OK)
        problem(r->report, attribute->place, "lua-syntax", "an expression such as form.amount > 1000", "%s: %s", name,
                arena_text(r->arena, error.text, strlen(error.text)));
    return (struct rule_lua){attribute->value, attribute->place};
}

/* --- one rule -------------------------------------------------------------------------------------------------------------- */

static enum rule_kind kind_of(struct reading *r, const struct node *node)
{
    const struct attribute *attribute = plain(node, "kind");
    struct guess guess = {.word = attribute ? attribute->value : ""};
    if (!attribute) {
        problem(r->report, node->place, "missing-attribute", "kind=\"precedes\"", "a rule has a kind");
        return RULE_KINDS;
    }
    for (int i = 0; i < RULE_KINDS; i++) {
        if (strcmp(kinds[i].name, attribute->value) == 0) return (enum rule_kind)i;
        guess_offer(&guess, kinds[i].name);
    }
    struct buffer names = {0};
    for (int i = 0; i < RULE_KINDS; i++) buffer_printf(&names, "%s%s", i ? " " : "", kinds[i].name);
    const char *all = arena_text(r->arena, names.data ? names.data : "", names.length);
    problem(r->report, attribute->place, "unknown-kind", guess_hint(&guess, r->arena, all), "there are no rules of kind \"%s\"",
            attribute->value);
    buffer_release(&names);
    return RULE_KINDS;
}

static void check_attributes(struct reading *r, const struct node *node, enum rule_kind index)
{
    const struct kind *kind = &kinds[index];
    const char *needs = kind->needs, *word;
    size_t length;
    for (uint32_t i = 0; i < node->attribute_count; i++) {
        const struct attribute *attribute = &node->attributes[i];
        if (attribute->space != SPACE_NONE || text_has_word(common, attribute->name) ||
            text_has_word(kind->needs, attribute->name) || text_has_word(kind->may, attribute->name))
            continue;
        const char *hint = text_has_word("mode tunable", attribute->name)
                               ? "leave it out: what is past cannot be blocked"
                               : arena_printf(r->arena, "it takes: %s; and may have: %s %s", kind->needs, kind->may, common);
        problem(r->report, attribute->place, "rule-attribute", hint, "a rule of kind \"%s\" has no \"%s\"", kind->name,
                attribute->name);
    }
    while (text_word(&needs, &word, &length)) {
        const char *name = arena_text(r->arena, word, length);
        if (name && !plain(node, name))
            problem(r->report, node->place, "missing-attribute", arena_printf(r->arena, "write %s=\"…\"", name),
                    "a rule of kind \"%s\" needs the attribute \"%s\"", kind->name, name);
    }
}

static void read_until(struct reading *r, const struct node *node, struct rule *rule)
{
    const struct attribute *until = plain(node, "until");
    struct duration length;
    if (!until) return;
    if (text_starts(until->value, "T-") || duration_parse(until->value, until->length, &length, NULL) == GUAN_OK)
        rule->until_after = span_of(r, node, "until");
    else rule->until = names_of(r, node, "until");
}

static void check_several(struct reading *r, const struct node *node, const struct rule *rule)
{
    bool several = rule->of.count != 1;
    if (rule->kind != RULE_SEPARATE && rule->kind != RULE_SAME_ACTOR && rule->kind != RULE_EXCLUDES) return;
    for (uint32_t i = 0; i < rule->of.count; i++) several = several || !rule->of.items[i] || strpbrk(rule->of.items[i], "*@");
    if (!several)
        problem(r->report, plain(node, "of")->place, "of-one", "name two activities or more", "of names one activity only");
}

static void read_rule(struct reading *r, const struct node *node, struct rule *rule)
{
    const struct attribute *id = plain(node, "id");
    *rule = (struct rule){.id = id ? id->value : "", .place = node->place};
    if (!id || !id->value[0]) problem(r->report, node->place, "missing-attribute", "id=\"signed_first\"", "a rule has an id");
    enum rule_kind kind = kind_of(r, node);
    if (kind == RULE_KINDS) return;
    check_attributes(r, node, kind);
    rule->kind = kind;
    rule->title = node_value(node, "title");
    rule->severity = word_of(r, node, "severity", "minor info major critical");
    rule->klass = word_of(r, node, "class", "standard law practice dealer");
    rule->code = node_value(node, "code");
    rule->of = names_of(r, node, "of");
    rule->first = names_of(r, node, "first");
    rule->then = names_of(r, node, "then");
    rule->among = names_of(r, node, "among");
    rule->from = names_of(r, node, "from");
    rule->clauses = names_of(r, node, "clause");
    rule->roles = names_of(r, node, "role");
    rule->evidence = names_of(r, node, "evidence");
    rule->by = node_value(node, "by");
    rule->sum = node_value(node, "sum");
    rule->min = number_of(r, node, "min");
    rule->max = number_of(r, node, "max");
    rule->within = span_of(r, node, "within");
    rule->sample = sample_of(r, node);
    rule->once = strcmp(word_of(r, node, "once", "no yes"), "yes") == 0;
    rule->dealer = strcmp(word_of(r, node, "scope", "case dealer"), "dealer") == 0;
    rule->when = lua_of(r, node, "when");
    rule->check = lua_of(r, node, "check");
    read_until(r, node, rule);
    check_several(r, node, rule);
}

/* --- the file ----------------------------------------------------------------------------------------------------------------
 */

static void read_rules(struct reading *r, const struct node *root, struct rulefile *out)
{
    struct rule *rules = NULL;
    size_t capacity = 0;
    for (const struct node *node = root->first; node; node = node->next) {
        if (node->tag == TAG_TEXT || node->space == SPACE_OTHER) continue;
        if (node->space != SPACE_GUAN || strcmp(node->name, "rule") != 0) {
            problem(r->report, node->place, "unknown-element", "rules hold <rule …/> only", "there is no <%s> in rules",
                    node->name);
            continue;
        }
        if (out->count == RULES_MOST) {
            problem(r->report, node->place, "too-many-rules", "make two files of it", "a file has at most %u rules", RULES_MOST);
            break;
        }
        struct rule *more = arena_grow(r->arena, rules, out->count, &capacity, sizeof *rules);
        if (!more || arena_failed(r->arena)) return;
        rules = more;
        read_rule(r, node, &rules[out->count]);
        for (uint32_t i = 0; i < out->count; i++)
            if (rules[out->count].id[0] && strcmp(rules[i].id, rules[out->count].id) == 0)
                problem(r->report, node->place, "duplicate-rule", "give one of them another id",
                        "the rule \"%s\" stands in line %u already", rules[i].id, rules[i].place.line);
        out->count++;
    }
    out->rules = rules;
    if (!out->count)
        problem(r->report, root->place, "no-rules", "<rule id=\"…\" kind=\"precedes\" first=\"…\" of=\"…\"/>",
                "there is no rule in it");
}

int rulefile_read(const char *file, const char *bytes, size_t length, struct arena *arena, diagnostic_sink sink, void *user,
                  struct rulefile *out, struct guan_error *error)
{
    struct report report;
    struct tree tree;
    struct reading r = {arena, &report};
    *out = (struct rulefile){.file = file};
    report_init(&report, arena, file);
    tree_read(&tree, bytes, length, arena, &report);
    if (tree.root && (tree.root->space != SPACE_GUAN || strcmp(tree.root->name, "rules") != 0))
        problem(&report, tree.root->place, "unknown-root", "<rules xmlns=\"urn:guan:1\">",
                "the root element is not <rules> of urn:guan:1");
    else if (tree.root) {
        out->title = node_value(tree.root, "title");
        out->zone = node_value(tree.root, "zone");
        read_rules(&r, tree.root, out);
    }
    return report_end(&report, sink, user, error);
}
