/* The whole chart: events that are never raised, and the order in which the other checks run. */
#include "chart/compile.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

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

/* Offers the event, and says whether the descriptor takes it. */
static bool comes(const struct chart_descriptor *descriptor, const char *event, struct guess *guess)
{
    if (event == NULL) return false;
    guess_offer(guess, event);
    return chart_descriptor_matches(descriptor, event, strlen(event));
}

/* Does a deadline, a max-gap rule or the document itself give it? */
static bool deadline_comes(struct compile *c, const struct chart_descriptor *descriptor, struct guess *guess)
{
    bool found = false;
    for (uint32_t i = 0; i < c->deadlines.count; i++) {
        const struct chart_deadline *deadline = deadline_at(c, i);
        found = comes(descriptor, deadline->event, guess) || found;
        if (deadline->remind != NULL)
            found = comes(descriptor, arena_printf(c->arena, "deadline.near.%s", deadline->id), guess) || found;
    }
    for (uint32_t i = 0; i < c->rules.count; i++)
        if (rule_at(c, i)->kind == CHART_RULE_MAX_GAP)
            found = comes(descriptor, arena_printf(c->arena, "deadline.missed.%s", rule_at(c, i)->id), guess) || found;
    const struct chart_send *sends = c->sends.items;
    for (uint32_t i = 0; i < c->sends.count; i++) found = comes(descriptor, sends[i].event, guess) || found;
    const struct chart_exec *execs = c->execs.items;
    for (uint32_t i = 0; i < c->execs.count; i++)
        if (execs[i].kind == CHART_RAISE) found = comes(descriptor, execs[i].as.raise.event, guess) || found;
    return found;
}

static void check_deadline_event(struct compile *c, const struct chart_transition *transition)
{
    const struct chart_descriptor *descriptors = c->descriptors.items;
    for (uint32_t i = 0; i < transition->events.count; i++) {
        const struct chart_descriptor *descriptor = &descriptors[transition->events.first + i];
        struct guess guess = {.word = descriptor->name};
        if (descriptor->name == NULL || strncmp(descriptor->name, "deadline.", 9) != 0) continue;
        if (deadline_comes(c, descriptor, &guess)) continue;
        warning(c->report, transition->place, "event-never",
                guess_hint(&guess, c->arena, "a deadline gives deadline.missed.<its id>, or what its event= says"),
                "%s never comes: no deadline of this flow gives it", descriptor->name);
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

/* A namespace that is nearly ours means that everything in it is passed over. */
static void check_namespaces(struct compile *c, const struct node *node)
{
    for (uint32_t i = 0; i < node->binding_count; i++) {
        const char *prefix = node->bindings[i].prefix, *uri = node->bindings[i].uri;
        if (uri == NULL || strcmp(uri, GUAN_NAMESPACE) == 0) continue;
        bool ours = prefix != NULL && strcmp(prefix, "g") == 0;
        if (ours || strncasecmp(uri, "urn:guan", 8) == 0 || text_close(uri, GUAN_NAMESPACE))
            problem(c->report, node->place, "xml-namespace", "did you mean \"" GUAN_NAMESPACE "\"?",
                    "xmlns%s%s=\"%.200s\" is not the namespace of this language", prefix == NULL ? "" : ":",
                    prefix == NULL ? "" : prefix, uri);
    }
    for (const struct node *child = node->first; child != NULL; child = child->next) check_namespaces(c, child);
}

void check_chart(struct compile *c)
{
    check_namespaces(c, c->root);
    check_invoked_files(c);
    check_reach(c);
    if (!c->tree->guan) return; /* a plain SCXML document behaves as the Recommendation says */
    for (uint32_t i = 0; i < c->transitions.count; i++) {
        check_complete(c, transition_at(c, i));
        check_deadline_event(c, transition_at(c, i));
    }
    check_gates(c);
    check_personal(c);
    check_endings(c);
}
