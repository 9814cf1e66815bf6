/* What a macrostep did, as data: kept only where the host asked to see it. */
#include "machine/interpreter.h"

void effect_add(struct tree *tree, const struct effect *effect)
{
    if (!tree->wants_effects) return;
    if (tree->effect_count == tree->effect_capacity) {
        size_t capacity = tree->effect_capacity == 0 ? 16 : tree->effect_capacity * 2;
        struct effect *grown = arena_alloc(tree->arena, capacity * sizeof *grown);
        if (grown == NULL) return; /* the arena stays failed: tree_run tells */
        if (tree->effect_count > 0) memcpy(grown, tree->effects, tree->effect_count * sizeof *grown);
        tree->effects = grown;
        tree->effect_capacity = capacity;
    }
    tree->effects[tree->effect_count++] = *effect;
}
