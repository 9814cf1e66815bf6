/* The retention table: what kind of record, how long at least, when it is erased, from which step on, by which clause. */
#include "chart/retention.h"

#include <string.h>

static const char *basis_of(const struct node *node, const char *const *bases, struct report *report)
{
    const struct attribute *attribute = node_attribute(node, SPACE_NONE, "basis");
    if (attribute == NULL) return "proposal";
    struct guess guess = {.word = attribute->value};
    for (uint32_t i = 0; bases[i] != NULL; i++) {
        if (strcmp(bases[i], attribute->value) == 0) return bases[i];
        guess_offer(&guess, bases[i]);
    }
    problem(report, attribute->place, "unknown-value", guess_hint(&guess, report->arena, NULL), "basis=\"%s\" is not known",
            attribute->value);
    return "proposal";
}

static struct chart_names words_of(struct arena *arena, const struct node *node, const char *name)
{
    struct compile words = {.arena = arena};
    return names_of(&words, node_value(node, name));
}

static bool has(const struct retentions *rows, const char *id)
{
    for (uint32_t i = 0; i < rows->count; i++)
        if (strcmp(rows->items[i].id, id) == 0) return true;
    return false;
}

void retentions_read(struct retentions *out, struct arena *arena, const char *file, const struct node *root,
                     const char *const *bases, struct report *report)
{
    for (const struct node *node = root->first; (node = node_child(node, TAG_RETENTION)) != NULL; node = node->next) {
        struct retention row = {.id = node_value(node, "id"),
                                .title = node_value(node, "title"),
                                .from = node_value(node, "from"),
                                .basis = basis_of(node, bases, report),
                                .keep = node_value(node, "keep"),
                                .erase = node_value(node, "erase"),
                                .clauses = words_of(arena, node, "clause"),
                                .roles = words_of(arena, node, "role"),
                                .file = file,
                                .place = node->place};
        if (row.id == NULL || row.title == NULL || row.from == NULL) continue; /* told already */
        if (has(out, row.id))
            problem(report, node->place, "duplicate-id", "delete one of them", "\"%s\" stands here twice", row.id);
        if (row.keep == NULL && row.erase == NULL)
            problem(report, node->place, "retention-term", "write keep=\"P10Y\", erase=\"T-LEADKEEP\", or both",
                    "\"%s\" does not say how long", row.id);
        out->items = arena_grow(arena, out->items, out->count, &out->capacity, sizeof *out->items);
        if (out->items == NULL) return;
        out->items[out->count++] = row;
    }
}
