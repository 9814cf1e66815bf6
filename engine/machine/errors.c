/* Events that the interpreter itself puts in the internal queue. */
#include "machine/interpreter.h"

#include "base/text.h"

#include <stdio.h>

int raise_event(struct session *session, const struct machine_event *event, struct guan_error *error)
{
    /* A session that is ending looks at its queue no more; in an invoked one the queue is its parent's by now. */
    if (!session->running) return GUAN_OK;
    struct effect effect = {.kind = EFFECT_RAISE, .event = event->name, .value = event->data};
    effect_add(session->tree, &effect);
    return queue_push(&session->tree->internal, session, event, error);
}

int raise_error(struct session *session, const char *name, const struct chart_place *place, struct guan_error *error,
                const char *format, ...)
{
    struct tree *tree = session->tree;
    if (tree->wants_effects) {
        char why[600];
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(why, sizeof why, format, arguments);
        va_end(arguments);
        why[text_cut(why, strlen(why), sizeof why - 1)] = '\0';
        struct effect effect = {.kind = EFFECT_ERROR, .event = name};
        effect.text = place != NULL && place->line > 0
                          ? arena_printf(tree->arena, "%s:%u: %s", session->chart->file, (unsigned)place->line, why)
                          : arena_text(tree->arena, why, strlen(why));
        effect_add(tree, &effect);
    }
    error_clear(error);
    if (!session->running) return BLOCK_ENDED;
    struct machine_event event = {.name = name, .type = EVENT_PLATFORM, .sendid = session->sendid};
    int code = queue_push(&tree->internal, session, &event, error);
    return code == GUAN_OK ? BLOCK_ENDED : code;
}

int blame(struct session *session, const struct chart_place *place, struct guan_error *error)
{
    int code = error->code;
    if (code != GUAN_NO || text_equal(error->rule, "script-budget")) return code;
    char why[sizeof error->text];
    memcpy(why, error->text, sizeof why);
    return raise_error(session, "error.execution", place, error, "%s", why);
}
