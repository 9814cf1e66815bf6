/* Asking the tree, and adding to it. */
#include "chart/tree.h"

#include <string.h>

const struct attribute *node_attribute(const struct node *node, enum space space, const char *name)
{
    for (uint32_t i = 0; i < node->attribute_count; i++) {
        const struct attribute *attribute = &node->attributes[i];
        if (attribute->space == space && strcmp(attribute->name, name) == 0) return attribute;
    }
    return NULL;
}

const char *node_value(const struct node *node, const char *name)
{
    const struct attribute *attribute = node_attribute(node, SPACE_NONE, name);
    return attribute == NULL ? NULL : attribute->value;
}

const struct node *node_child(const struct node *from, enum tag tag)
{
    while (from != NULL && from->tag != tag) from = from->next;
    return from;
}

bool node_has_elements(const struct node *node)
{
    for (const struct node *child = node->first; child != NULL; child = child->next)
        if (child->tag != TAG_TEXT) return true;
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

const char *node_text(const struct node *node, struct arena *arena, size_t *length, struct chart_place *place)
{
    struct buffer all = {0};
    *length = 0;
    *place = node->place;
    bool first = true;
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        if (child->tag != TAG_TEXT) continue;
        if (first) *place = child->place;
        first = false;
        buffer_add(&all, child->text, child->length);
    }
    size_t begin = 0, end = all.length;
    while (begin < end && is_blank(all.data[begin])) begin++; /* its place is behind them */
    while (end > begin && is_blank(all.data[end - 1])) end--;
    *length = end - begin;
    const char *text = *length == 0 ? NULL : arena_text(arena, all.data + begin, *length);
    buffer_release(&all);
    return text;
}

static void add_escaped(struct buffer *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '&') buffer_text(out, "&amp;");
        else if (*text == '<') buffer_text(out, "&lt;");
        else if (*text == '"') buffer_text(out, "&quot;");
        else buffer_byte(out, *text);
    }
}

static bool same_prefix(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool declared_below(const struct node *from, const struct node *until, const char *prefix)
{
    for (const struct node *node = from; node != until; node = node->parent)
        for (uint32_t i = 0; i < node->binding_count; i++)
            if (same_prefix(node->bindings[i].prefix, prefix)) return true;
    return false;
}

/* The element's source, with the namespaces of its ancestors declared on it. */
static void add_element(struct buffer *out, const struct tree *tree, const struct node *element)
{
    size_t name_end = element->start + 1;
    while (name_end < element->end && !is_blank(tree->bytes[name_end]) && tree->bytes[name_end] != '>' &&
           tree->bytes[name_end] != '/')
        name_end++;
    buffer_add(out, tree->bytes + element->start, name_end - element->start);
    for (const struct node *above = element->parent; above != NULL; above = above->parent) {
        for (uint32_t i = 0; i < above->binding_count; i++) {
            const struct binding *binding = &above->bindings[i];
            if (declared_below(element, above, binding->prefix)) continue;
            buffer_text(out, " xmlns");
            if (binding->prefix != NULL) buffer_printf(out, ":%s", binding->prefix);
            buffer_text(out, "=\"");
            add_escaped(out, binding->uri);
            buffer_byte(out, '"');
        }
    }
    buffer_add(out, tree->bytes + name_end, element->end - name_end);
}

const char *node_markup(const struct tree *tree, const struct node *node, struct arena *arena)
{
    struct buffer out = {0};
    size_t at = node->inside, end = node->inside_end;
    while (at < end && is_blank(tree->bytes[at])) at++;
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        if (child->tag == TAG_TEXT) continue;
        buffer_add(&out, tree->bytes + at, child->start - at);
        add_element(&out, tree, child);
        at = child->end;
    }
    while (end > at && is_blank(tree->bytes[end - 1])) end--;
    buffer_add(&out, tree->bytes + at, end - at);
    const char *text = out.failed ? arena_alloc(arena, SIZE_MAX) : arena_text(arena, out.data, out.length);
    buffer_release(&out);
    return text;
}

struct node *node_new(struct arena *arena, struct node *parent, enum tag tag, struct chart_place place)
{
    struct node *node = arena_alloc(arena, sizeof *node);
    struct attribute *attributes = arena_alloc(arena, NODE_SET_MAX * sizeof *attributes);
    if (node == NULL || attributes == NULL) return NULL;
    *node = (struct node){.space = SPACE_SCXML, .tag = tag, .name = grammar_of(tag)->name, .parent = parent, .place = place};
    node->attributes = attributes;
    if (parent->last != NULL) parent->last->next = node;
    else parent->first = node;
    parent->last = node;
    return node;
}

void node_set(struct arena *arena, struct node *node, const char *name, const char *value)
{
    if (node == NULL || value == NULL || node->attribute_count == NODE_SET_MAX) return;
    struct attribute *attribute = &node->attributes[node->attribute_count++];
    *attribute = (struct attribute){.space = SPACE_NONE, .place = node->place, .name = name, .length = strlen(value)};
    attribute->value = arena_text(arena, value, attribute->length);
    if (attribute->value == NULL) attribute->value = "";
}
