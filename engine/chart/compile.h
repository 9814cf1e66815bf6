/* What the passes of the compiler share: one `compile` per <scxml>, also for those inside <content>. */
#ifndef CHART_COMPILE_H
#define CHART_COMPILE_H

#include "chart/tree.h"

/* The chart and what only this layer needs of it. */
struct id_entry {
    const char *id;
    uint32_t index;
};
struct compiled {
    struct chart chart; /* first: a chart's address is this one's */
    struct arena *arena;
    const struct id_entry *state_ids, *step_ids; /* sorted by id */
    uint32_t step_id_count;
};

/* A growing array. It always has room for one, so that after a failed allocation writers go on harmlessly to the end. */
struct list {
    void *items;
    size_t size;
    uint32_t count, capacity;
};

struct compile {
    struct arena *arena;
    struct report *report;
    const struct chart_read_options *options;
    const struct tree *tree;
    const struct node *root;
    struct compiled *out;
    bool failed, lua;
    struct list states, transitions, targets, children, descriptors, blocks, execs, branches, params, sends, donedata, invokes,
        data, exprs, steps, step_refs, fields, deadlines, rules;
    struct list state_nodes, step_nodes, deadline_nodes, rule_nodes; /* of each state, step, deadline, rule */
    struct id_entry *state_ids, *step_ids;
};

/* compile.c */
int compile_chart(struct arena *arena, struct report *report, const struct chart_read_options *options, const struct tree *tree,
                  const struct node *root, struct chart **out);
void *list_add(struct compile *c, struct list *list);                                 /* one zeroed element at the end */
struct chart_span list_reserve(struct compile *c, struct list *list, uint32_t count); /* consecutive ones, to be filled */
/* By id, then by index. */
void sort_ids(struct id_entry *ids, uint32_t count);
uint32_t find_id(const struct id_entry *ids, uint32_t count, const char *id); /* its index, or CHART_NONE */

static inline struct chart_state *state_at(const struct compile *c, uint32_t i)
{
    return (struct chart_state *)c->states.items + i;
}
static inline struct chart_transition *transition_at(const struct compile *c, uint32_t i)
{
    return (struct chart_transition *)c->transitions.items + i;
}
static inline struct chart_step *step_at(const struct compile *c, uint32_t i)
{
    return (struct chart_step *)c->steps.items + i;
}
static inline struct chart_field *field_at(const struct compile *c, uint32_t i)
{
    return (struct chart_field *)c->fields.items + i;
}
static inline struct chart_deadline *deadline_at(const struct compile *c, uint32_t i)
{
    return (struct chart_deadline *)c->deadlines.items + i;
}
static inline struct chart_rule *rule_at(const struct compile *c, uint32_t i)
{
    return (struct chart_rule *)c->rules.items + i;
}
static inline const struct node *node_at(const struct list *list, uint32_t i)
{
    return ((const struct node **)list->items)[i];
}
static inline uint32_t *word_at(const struct list *list, uint32_t i)
{
    return (uint32_t *)list->items + i;
}

/* states.c: the tree of states, ids, then transitions */
void compile_states(struct compile *c);
void compile_ids(struct compile *c);
uint32_t find_state(const struct compile *c, const char *id); /* CHART_NONE: unknown */
const char *guess_state(const struct compile *c, const char *id);
bool is_inside(const struct compile *c, uint32_t state, uint32_t ancestor); /* proper descendant */
/* transitions.c */
void compile_transitions(struct compile *c);
void compile_initials(struct compile *c);
/* content.c: executable content */
uint32_t compile_block(struct compile *c, const struct node *parent); /* CHART_NONE: nothing in it */
void compile_blocks(struct compile *c);                               /* onentry, onexit of every state */
/* payload.c: what is sent, invoked, declared */
void compile_payload(struct compile *c, const struct node *node, struct chart_payload *payload);
void compile_send(struct compile *c, const struct node *node, struct chart_exec *exec);
void compile_invokes(struct compile *c);
void compile_data(struct compile *c);
struct chart_text compile_text(struct compile *c, const struct node *node);
const char *compile_source(struct compile *c, const struct node *node, size_t *length); /* the file that src names */
uint32_t compile_script(struct compile *c, const struct node *node); /* an expr of kind CHART_SCRIPT, or CHART_NONE */
/* expand.c: g:flow, g:next become SCXML in the tree */
void expand(struct tree *tree, struct arena *arena, struct report *report);
/* guan.c: what stands on states and transitions */
void compile_guan(struct compile *c);
void guan_transition(struct compile *c, const struct node *node, struct chart_transition *transition);
/* due.c: lengths of time, windows, and the parameters that stand for them */
enum due_use {
    DUE_TERM,        /* within and lead of a deadline: PT24H, P3D, D-1@18:00 */
    DUE_WORK,        /* the same in working days: P3D */
    DUE_WINDOW,      /* P2D/P3D, -P1D/P0D */
    DUE_WORK_WINDOW, /* the same in working days */
    DUE_SPAN,        /* until, remind, within of a rule: hours or days, more than nothing */
    DUE_EVERY        /* P6M, P7D */
};
bool due_fits(enum due_use use, const char *text); /* a value, not a parameter's name */
/* Reads the attribute: a value or a parameter's name; where `key` is not NULL also min(…) of them (in DUE_TERM, DUE_WORK) or a
 * cell T-X[expr]: the answer is its table's name, `key` the expression. */
const char *due_of(struct compile *c, const struct attribute *attribute, enum due_use use, uint32_t *key);
const char *due_hint(enum due_use use);                  /* how to write one */
bool due_names(const char *text, const char *parameter); /* does what due_of gave name this parameter? */
struct cell {
    const char *key, *value;
    size_t key_length, value_length;
};
bool table_next(const char **cursor, struct cell *cell); /* the next KEY=VALUE of a table */
bool table_fits(enum due_use use, const char *table);    /* all its cells */
/* steps.c, fields.c, deadlines.c, rules.c */
void compile_steps(struct compile *c, uint32_t state);
void compile_step_references(struct compile *c);
uint32_t find_step(const struct compile *c, const char *id); /* CHART_NONE: unknown */
void guess_step(const struct compile *c, struct guess *guess);
/* `tunable`: what the step, or the list around them, says. */
struct chart_span compile_fields(struct compile *c, const struct node *node, enum chart_class klass, bool tunable);
bool bound_fits(enum chart_type type, const char *text); /* a min or max, not a parameter's name */
struct chart_span compile_deadlines(struct compile *c, const struct node *node, uint32_t state, uint32_t step);
void check_deadline_anchors(struct compile *c);
/* Tells when it is neither a step nor an event of this document, nor PROCESS.NAME. */
void check_anchor(struct compile *c, const struct attribute *attribute, const char *name);
struct chart_span compile_rules(struct compile *c, const struct node *node, uint32_t state);
void check_rules(struct compile *c); /* what they name, once all steps are known */
/* guan_words.c: the values of g: attributes */
struct chart_names clauses_of(struct compile *c, const struct attribute *attribute);
struct chart_names roles_of(struct compile *c, const struct attribute *attribute);
bool yes_no(struct compile *c, const struct attribute *attribute, bool otherwise);
/* The place of the value in a NULL-ended list; `otherwise` when it is absent or (told) unknown. */
uint32_t word_of(struct compile *c, const struct attribute *attribute, const char *const *words, uint32_t otherwise,
                 const char *rule);
enum chart_class class_of(struct compile *c, const struct node *node, struct chart_names clauses, enum chart_class otherwise);
enum chart_severity severity_of(struct compile *c, const struct node *node, bool none_allowed);
enum chart_mode mode_of(struct compile *c, const struct node *node); /* its own, or the nearest g:mode around it */
extern const char *const message_classes[];                          /* NULL-ended */
const char *code_of(struct compile *c, const struct node *node);     /* of a finding; NULL: absent */
bool is_word(const char *text);                                      /* letters, digits, underscores */
/* Tells when it is unknown. */
const struct parameter *parameter_of(struct compile *c, const struct attribute *attribute, const char *id);
static inline const struct attribute *plain(const struct node *node, const char *name)
{
    return node_attribute(node, SPACE_NONE, name);
}
static inline const struct attribute *guan(const struct node *node, const char *name)
{
    return node_attribute(node, SPACE_GUAN, name);
}
/* checks.c, gates.c, reach.c, personal.c: what needs the whole chart */
void check_chart(struct compile *c);
void check_gates(struct compile *c);
void check_reach(struct compile *c);
void check_endings(struct compile *c);
void check_personal(struct compile *c);
/* words.c: attributes to values */
uint32_t add_expr(struct compile *c, enum chart_lua kind, const char *source, size_t length, struct chart_place place);
uint32_t expr_of(struct compile *c, const struct node *node, const char *attribute, enum chart_lua kind);
struct chart_names names_of(struct compile *c, const char *value);
void check_event_name(struct compile *c, const struct attribute *attribute);
bool at_most_one(struct compile *c, const struct node *node, const char *one, const char *other);
bool delay_parse(const char *text, int64_t *ms);
bool lua_parses(struct compile *c, const char *source, size_t length); /* as an expression */
bool is_event_name(const char *name, size_t length);
bool is_id(const char *id);

#endif
