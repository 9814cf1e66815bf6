/* The whole chart: events that are never raised, and the order in which the other checks run. */
#include "chart/compile.h"

#include <string.h>

/* complete.X is raised for states that own a step which is not plainly optional. */
static bool completes(const struct compile *c, uint32_t state)
{
    struct chart_span steps = state_at(c, state)->steps;
    for (uint32_t i = 0; i < steps.count; i++)
        if (step_at(c, steps.first + i)->required) return true;
    return false;
}

static void check_complete(struct compile *c, const struct chart_transition *transition)
{
    const struct chart_descriptor *descriptors = c->descriptors.items;
    for (uint32_t i = 0; i < transition->events.count; i++) {
        const char *name = descriptors[transition->events.first + i].name;
        if (name == NULL || strncmp(name, "complete.", 9) != 0) continue;
        uint32_t state = find_state(c, name + 9);
        if (state == CHART_NONE)
            problem(c->report, transition->place, "unknown-state", guess_state(c, name + 9), "the event %s names no state", name);
        else if (!completes(c, state))
            problem(c->report, transition->place, "never-complete",
                    "give the state a required step, or leave it by another event",
                    "%s is never raised: the state \"%s\" has no required step", name, name + 9);
    }
}

static void check_invoked_files(struct compile *c)
{
    const struct chart_invoke *invokes = c->invokes.items;
    if (c->options->catalogue == NULL || c->options->source == NULL) return;
    for (uint32_t i = 0; i < c->invokes.count; i++) {
        const char *path = invokes[i].src;
        size_t length;
        if (path == NULL) continue;
        if (strncmp(path, "file:", 5) == 0) path += 5;
        if (c->options->source(c->options->source_user, c->options->file, path, &length) == NULL)
            problem(c->report, invokes[i].place, "missing-file", "the path is relative to the folder of this document",
                    "there is no flow \"%s\" to invoke", path);
    }
}

void check_chart(struct compile *c)
{
    check_invoked_files(c);
    check_reach(c);
    if (!c->tree->guan) return; /* a plain SCXML document behaves as the Recommendation says */
    for (uint32_t i = 0; i < c->transitions.count; i++) check_complete(c, transition_at(c, i));
    check_gates(c);
    check_personal(c);
    check_endings(c);
}
