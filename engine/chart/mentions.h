/* Where a piece of Lua names a step by a literal: form.S.F, steps["P.S"], done("P.S"). A scan of its tokens, outside of comments
 * and texts: what is computed is not seen. */
#ifndef CHART_MENTIONS_H
#define CHART_MENTIONS_H

#include "chart/chart.h"

enum mention_root { MENTION_FORM, MENTION_FORMS, MENTION_STEPS, MENTION_DONE, MENTION_COUNT, MENTION_SUM, MENTION_ROOTS };
struct mention {
    enum mention_root root;
    const char *step;  /* in the arena */
    const char *field; /* NULL: none, or computed */
    uint32_t line;     /* from 1 */
    uint32_t col;
};
struct mentions {
    struct arena *arena;
    const char *source, *cursor, *end;
    bool hooks;        /* of hooks.lua: case.form, case.steps; there `form` is what was typed */
    uint32_t shadowed; /* a bit for each root that the source declares itself */
};

void mentions_init(struct mentions *mentions, struct arena *arena, const char *source, size_t length, bool hooks);
bool mentions_next(struct mentions *mentions, struct mention *out); /* false after the last */

#endif
