/* The XML of a file as a light tree with exact places. Lives in an arena; values and names are copies. */
#ifndef CHART_TREE_H
#define CHART_TREE_H

#include "chart/grammar.h"
#include "chart/report.h"

struct attribute {
    enum space space;
    const char *name, *value;
    size_t length;
    struct chart_place place;
};
struct binding { /* xmlns declared on an element; prefix NULL: the default namespace */
    const char *prefix, *uri;
};
struct node {
    enum space space;
    enum tag tag; /* TAG_TEXT: a piece of text; TAG_OTHER: not ours */
    const char *name;
    struct node *parent, *first, *last, *next;
    struct attribute *attributes;
    uint32_t attribute_count, binding_count;
    const struct binding *bindings;
    struct chart_place place;
    size_t start, inside, inside_end, end; /* offsets in the source: '<', after the start tag, before the end tag, after it */
    const char *text;                      /* TAG_TEXT only */
    size_t length;
};
struct tree {
    const char *bytes; /* the source after a byte order mark */
    size_t length;
    struct node *root;
    bool guan; /* something of urn:guan:1 is in it */
};

/* Reads; problems go to the report. `tree->root` is NULL when the file is not well formed. */
void tree_read(struct tree *tree, const char *bytes, size_t length, struct arena *arena, struct report *report);

/* NULL: absent. */
const struct attribute *node_attribute(const struct node *node, enum space space, const char *name);
const char *node_value(const struct node *node, const char *name); /* unprefixed */
/* The next child element of that tag at or after `from`. */
const struct node *node_child(const struct node *from, enum tag tag);
/* Text of an element without child elements, trimmed; NULL: none but blanks. `place` is where the text starts. */
const char *node_text(const struct node *node, struct arena *arena, size_t *length, struct chart_place *place);
/* The markup inside as XML that stands on its own: namespaces in scope are declared on its elements. */
const char *node_markup(const struct tree *tree, const struct node *node, struct arena *arena);
bool node_has_elements(const struct node *node);

/* For expanding short forms. */
struct node *node_new(struct arena *arena, struct node *parent, enum tag tag, struct chart_place place);
void node_set(struct arena *arena, struct node *node, const char *name, const char *value); /* at most NODE_SET_MAX a node */
#define NODE_SET_MAX 4u

#endif
