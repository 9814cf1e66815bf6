/* The tables of elements and attributes, and the one check that uses them. */
#include "chart/grammar.h"

#include "base/text.h"
#include "chart/tree.h"

#include <string.h>

#define BIT(tag) (UINT64_C(1) << (tag))

#define EXECUTABLE                                                                                                               \
    (BIT(TAG_RAISE) | BIT(TAG_IF) | BIT(TAG_FOREACH) | BIT(TAG_LOG) | BIT(TAG_ASSIGN) | BIT(TAG_SCRIPT) | BIT(TAG_SEND) |        \
     BIT(TAG_CANCEL))
#define ACTIVE                                                                                                                   \
    (BIT(TAG_ONENTRY) | BIT(TAG_ONEXIT) | BIT(TAG_TRANSITION) | BIT(TAG_STATE) | BIT(TAG_PARALLEL) | BIT(TAG_HISTORY) |          \
     BIT(TAG_DATAMODEL) | BIT(TAG_INVOKE) | BIT(TAG_STEP) | BIT(TAG_DEADLINE) | BIT(TAG_RULE))

static const struct grammar table[TAG_COUNT] = {
    [TAG_SCXML] = {"scxml", SPACE_SCXML, "version! initial name datamodel binding", "title clause role mode",
                   BIT(TAG_STATE) | BIT(TAG_PARALLEL) | BIT(TAG_FINAL) | BIT(TAG_DATAMODEL) | BIT(TAG_SCRIPT) | BIT(TAG_RULE),
                   false},
    [TAG_STATE] = {"state", SPACE_SCXML, "id initial", "title clause role mode next flow on again",
                   ACTIVE | BIT(TAG_INITIAL) | BIT(TAG_FINAL), false},
    [TAG_PARALLEL] = {"parallel", SPACE_SCXML, "id", "title clause role mode next", ACTIVE, false},
    [TAG_FINAL] = {"final", SPACE_SCXML, "id", "title clause", BIT(TAG_ONENTRY) | BIT(TAG_ONEXIT) | BIT(TAG_DONEDATA), false},
    [TAG_HISTORY] = {"history", SPACE_SCXML, "id type", "", BIT(TAG_TRANSITION), false},
    [TAG_INITIAL] = {"initial", SPACE_SCXML, "", "", BIT(TAG_TRANSITION), false},
    [TAG_TRANSITION] = {"transition", SPACE_SCXML, "event cond target type", "title clause role gate", EXECUTABLE, false},
    [TAG_ONENTRY] = {"onentry", SPACE_SCXML, "", "", EXECUTABLE, false},
    [TAG_ONEXIT] = {"onexit", SPACE_SCXML, "", "", EXECUTABLE, false},
    [TAG_DATAMODEL] = {"datamodel", SPACE_SCXML, "", "", BIT(TAG_DATA), false},
    [TAG_DATA] = {"data", SPACE_SCXML, "id! src expr", "", 0, true},
    [TAG_INVOKE] = {"invoke", SPACE_SCXML, "type typeexpr src srcexpr id idlocation namelist autoforward", "",
                    BIT(TAG_PARAM) | BIT(TAG_FINALIZE) | BIT(TAG_CONTENT), false},
    [TAG_FINALIZE] = {"finalize", SPACE_SCXML, "", "", EXECUTABLE, false},
    [TAG_DONEDATA] = {"donedata", SPACE_SCXML, "", "", BIT(TAG_CONTENT) | BIT(TAG_PARAM), false},
    [TAG_CONTENT] = {"content", SPACE_SCXML, "expr", "", 0, true},
    [TAG_PARAM] = {"param", SPACE_SCXML, "name! expr location", "", 0, false},
    [TAG_RAISE] = {"raise", SPACE_SCXML, "event!", "", 0, false},
    [TAG_IF] = {"if", SPACE_SCXML, "cond!", "", EXECUTABLE | BIT(TAG_ELSEIF) | BIT(TAG_ELSE), false},
    [TAG_ELSEIF] = {"elseif", SPACE_SCXML, "cond!", "", 0, false},
    [TAG_ELSE] = {"else", SPACE_SCXML, "", "", 0, false},
    [TAG_FOREACH] = {"foreach", SPACE_SCXML, "array! item! index", "", EXECUTABLE, false},
    [TAG_LOG] = {"log", SPACE_SCXML, "label expr", "", 0, false},
    [TAG_ASSIGN] = {"assign", SPACE_SCXML, "location! expr", "", 0, true},
    [TAG_SCRIPT] = {"script", SPACE_SCXML, "src", "", BIT(TAG_TEXT), false},
    [TAG_SEND] = {"send", SPACE_SCXML, "event eventexpr target targetexpr type typeexpr id idlocation delay delayexpr namelist",
                  "", BIT(TAG_CONTENT) | BIT(TAG_PARAM), false},
    [TAG_CANCEL] = {"cancel", SPACE_SCXML, "sendid sendidexpr", "", 0, false},
    [TAG_STEP] = {"step", SPACE_GUAN,
                  "id! title clause role required repeat per after not-by with when done-when reopens waive-by tunable evidence "
                  "message mode class offer duty",
                  "", BIT(TAG_FIELD) | BIT(TAG_DEADLINE), false},
    [TAG_FIELD] =
        {"field", SPACE_GUAN,
         "name! title type required of names min max pattern check default when clause severity code info personal class tunable",
         "", BIT(TAG_FIELD), false},
    [TAG_DEADLINE] =
        {"deadline", SPACE_GUAN,
         "id title within before lead fromexpr from take window on every until days remind when severity event clause", "", 0,
         false},
    [TAG_RULE] =
        {"rule", SPACE_GUAN,
         "id! kind! title of first among by sum max check when within sample from until once mode class severity code clause "
         "tunable",
         "", 0, false},
    [TAG_STANDARD] = {"standard", SPACE_GUAN, "id! title class", "", BIT(TAG_CLAUSE), false},
    [TAG_CLAUSE] = {"clause", SPACE_GUAN, "id! title! parent kind basis class test why", "", 0, false},
    [TAG_PARAMETERS] = {"parameters", SPACE_GUAN, "", "", BIT(TAG_PARAMETER), false},
    [TAG_PARAMETER] = {"parameter", SPACE_GUAN, "id! value! type basis title clause", "", 0, false},
    [TAG_ROLES] = {"roles", SPACE_GUAN, "", "", BIT(TAG_ROLE), false},
    [TAG_ROLE] = {"role", SPACE_GUAN, "id! title!", "", 0, false},
    [TAG_RETENTIONS] = {"retentions", SPACE_GUAN, "", "", BIT(TAG_RETENTION), false},
    [TAG_RETENTION] = {"retention", SPACE_GUAN, "id! title! from! keep erase role basis clause", "", 0, false},
    [TAG_DEALER] = {"dealer", SPACE_GUAN, "id! title zone!", "", BIT(TAG_PERSON) | BIT(TAG_PARAMETER), false},
    [TAG_PEOPLE] = {"people", SPACE_GUAN, "", "", BIT(TAG_PERSON), false},
    [TAG_PERSON] = {"person", SPACE_GUAN, "id! name! login roles!", "", 0, false},
};

const struct grammar *grammar_of(enum tag tag)
{
    return tag > TAG_TEXT && tag < TAG_COUNT ? &table[tag] : NULL;
}

enum tag grammar_tag(enum space space, const char *name)
{
    if (space != SPACE_SCXML && space != SPACE_GUAN) return TAG_OTHER;
    for (enum tag tag = TAG_SCXML; tag < TAG_COUNT; tag++)
        if (table[tag].space == space && strcmp(table[tag].name, name) == 0) return tag;
    return TAG_OTHER;
}

bool grammar_executable(enum tag tag)
{
    return tag < TAG_COUNT && (BIT(tag) & EXECUTABLE) != 0;
}

/* Is the name in the list? "id!" counts as "id". */
static bool listed(const char *list, const char *name, struct guess *guess, struct arena *arena)
{
    const char *word;
    size_t length;
    while (text_word(&list, &word, &length)) {
        if (word[length - 1] == '!') length--;
        if (strlen(name) == length && memcmp(name, word, length) == 0) return true;
        if (guess != NULL) guess_offer(guess, arena_text(arena, word, length));
    }
    return false;
}

static const char *prefix_of(const struct node *node)
{
    return node->space == SPACE_GUAN ? "g:" : "";
}

static void check_attribute(const struct node *node, const struct grammar *grammar, const struct attribute *attribute,
                            struct report *report)
{
    if (attribute->space == SPACE_OTHER) return; /* an editor's layout, xml:lang */
    bool guan = attribute->space == SPACE_GUAN;
    const char *list = guan ? grammar->guan : grammar->attributes;
    if (attribute->space != SPACE_SCXML && listed(list, attribute->name, NULL, NULL)) return;
    struct guess guess = {.word = attribute->name};
    (void)listed(list, attribute->name, &guess, report->arena);
    const char *otherwise = NULL;
    if (guan && listed(grammar->attributes, attribute->name, NULL, NULL)) otherwise = "write it without the prefix";
    else if (!guan && listed(grammar->guan, attribute->name, NULL, NULL))
        otherwise = arena_printf(report->arena, "write g:%s", attribute->name);
    problem(report, attribute->place, "unknown-attribute",
            otherwise != NULL ? otherwise : guess_hint(&guess, report->arena, NULL), "<%s%s> has no attribute \"%s%s\"",
            prefix_of(node), node->name, guan ? "g:" : "", attribute->name);
}

static void check_attributes(const struct node *node, const struct grammar *grammar, struct report *report)
{
    for (uint32_t i = 0; i < node->attribute_count; i++) check_attribute(node, grammar, &node->attributes[i], report);
    const char *list = grammar->attributes, *word;
    size_t length;
    while (text_word(&list, &word, &length)) {
        if (word[length - 1] != '!') continue;
        const char *name = arena_text(report->arena, word, length - 1);
        if (name == NULL || node_value(node, name) != NULL) continue;
        bool step = node->tag == TAG_STEP;
        problem(report, node->place, step ? "step-id" : "missing-attribute",
                arena_printf(report->arena, "write <%s%s %s=\"…\">", prefix_of(node), node->name, name),
                "<%s%s> needs the attribute \"%s\"", prefix_of(node), node->name, name);
    }
}

static void check_child(const struct node *parent, const struct grammar *grammar, const struct node *child, struct report *report)
{
    struct arena *arena = report->arena;
    if (child->tag == TAG_TEXT) {
        problem(report, child->place, "stray-text", "delete it, or make it a comment", "text does not belong in <%s%s>",
                prefix_of(parent), parent->name);
    } else if (child->tag != TAG_OTHER) {
        problem(report, child->place, "misplaced-element", NULL, "<%s%s> does not belong in <%s%s>", prefix_of(child),
                child->name, prefix_of(parent), parent->name);
    } else if (child->space != SPACE_OTHER) {
        struct guess guess = {.word = child->name};
        for (enum tag tag = TAG_SCXML; tag < TAG_COUNT; tag++)
            if ((grammar->children & BIT(tag)) != 0) guess_offer(&guess, table[tag].name);
        const char *otherwise = child->space == SPACE_NONE ? "it has no namespace: declare xmlns on the root element" : NULL;
        problem(report, child->place, "unknown-element", guess_hint(&guess, arena, otherwise), "there is no element <%s%s>",
                prefix_of(child), child->name);
    }
}

static void check_once(const struct node *parent, const struct node *child, uint64_t *seen, struct report *report)
{
    const uint64_t once = BIT(TAG_DATAMODEL) | BIT(TAG_INITIAL) | BIT(TAG_DONEDATA) | BIT(TAG_CONTENT) | BIT(TAG_FINALIZE);
    uint64_t bit = BIT(child->tag);
    bool limited = (once & bit) != 0 || (parent->tag == TAG_SCXML && child->tag == TAG_SCRIPT);
    if (limited && (*seen & bit) != 0)
        problem(report, child->place, "duplicate-element", "put the contents into the first one",
                "<%s> may stand only once in <%s>", child->name, parent->name);
    *seen |= bit;
}

static void check_node(const struct node *node, struct report *report)
{
    const struct grammar *grammar = grammar_of(node->tag);
    check_attributes(node, grammar, report);
    if (grammar->open) return;
    uint64_t seen = 0;
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        if (child->tag == TAG_OTHER || (BIT(child->tag) & grammar->children) == 0) {
            check_child(node, grammar, child, report);
        } else if (child->tag != TAG_TEXT) {
            check_once(node, child, &seen, report);
            check_node(child, report);
        }
    }
}

bool grammar_check(const struct node *root, uint64_t roots, struct report *report)
{
    if (root->tag != TAG_OTHER && (BIT(root->tag) & roots) != 0) {
        check_node(root, report);
        return true;
    }
    const char *want = NULL;
    bool scxml = (roots & BIT(TAG_SCXML)) != 0;
    for (enum tag tag = TAG_SCXML; tag < TAG_COUNT && want == NULL; tag++)
        if ((roots & BIT(tag)) != 0) want = table[tag].name;
    problem(report, root->place, "root-element",
            arena_printf(report->arena, "the root is <%s xmlns=\"%s\">", want, scxml ? SCXML_NAMESPACE : GUAN_NAMESPACE),
            "the root element <%s> is not what this file needs", root->name);
    return false;
}
