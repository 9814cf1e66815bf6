/* standard_may_send: which events people may send, and who. */
#include "standard/find.h"
#include "standard/judge.h"

#include "base/text.h"

#include <string.h>

static bool reserved(const struct chart *chart, const char *event)
{
    if (event_is_ours(event)) return true;
    for (uint32_t i = 0; i < chart->deadline_count; i++)
        if (text_equal(chart->deadlines[i].event, event)) return true;
    return false;
}

bool sendable(const struct standard *standard, const char *event)
{
    return *event && !reserved(standard->chart, event) && !named_running(standard, event);
}

static bool takes(const struct chart *chart, const struct chart_transition *transition, const char *event)
{
    for (uint32_t i = 0; i < transition->events.count; i++)
        if (chart_descriptor_matches(&chart->descriptors[transition->events.first + i], event, strlen(event))) return true;
    return false;
}

/* Calls back for every transition of an active state; stops when that says true. */
static bool each_active(const struct standard *standard, bool (*visit)(void *user, const struct chart_transition *), void *user)
{
    const struct chart *chart = standard->chart;
    const uint64_t *active = standard->session ? session_configuration(standard->session) : NULL;
    for (uint32_t s = 0; active && (s = bits_next(active, s, chart->state_count)) != BITS_NONE; s++)
        for (uint32_t t = 0; t < chart->states[s].transitions.count; t++)
            if (visit(user, &chart->transitions[chart->states[s].transitions.first + t])) return true;
    return false;
}

struct sending {
    struct standard *standard;
    const char *event, *wanted, *role;
    const struct actor *actor;
    const struct chart_transition *denied; /* takes the event, but not from this actor */
    const char *close;
};

static bool visit(void *user, const struct chart_transition *transition)
{
    struct sending *sending = user;
    const struct chart *chart = sending->standard->chart;
    if (takes(chart, transition, sending->event)) {
        if (role_fits(sending->actor, &transition->roles, sending->wanted, &sending->role)) return true;
        sending->denied = transition;
    }
    for (uint32_t i = 0; i < transition->events.count; i++) {
        const char *name = chart->descriptors[transition->events.first + i].name;
        if (sendable(sending->standard, name)) sending->close = closer(sending->event, sending->close, name);
    }
    return false;
}

int standard_may_send(struct standard *standard, const char *event, const struct actor *actor, const char **role,
                      struct refusal *refusal, struct guan_error *error)
{
    struct sending sending = {.standard = standard, .event = event, .wanted = *role, .actor = actor};
    *refusal = (struct refusal){0};
    if (chart_step_by_id(standard->chart, event) != CHART_NONE) {
        int code = refuse_usage(refusal, error, standard, event, "event-is-step", "%s is a step: it is done, not sent", event);
        return refuse_hint(refusal, error, standard, code, "use: do CASE %s.%s", standard->process, event);
    }
    if (reserved(standard->chart, event))
        return refuse_usage(refusal, error, standard, NULL, "event-reserved", "%s cannot be sent: it comes by itself", event);
    if (each_active(standard, visit, &sending)) {
        *role = sending.role;
        return GUAN_OK;
    }
    if (sending.denied)
        return refuse_no(refusal, error, standard, NULL, "ROLE_DENIED", "role", sending.denied->clauses, "%s is sent by %s",
                         event, names_text(standard->world->arena, &sending.denied->roles));
    int code =
        refuse_usage(refusal, error, standard, NULL, "event-not-open", "nothing in %s waits for %s now", standard->id, event);
    if (sending.close) return refuse_hint(refusal, error, standard, code, "did you mean %s?", sending.close);
    return code;
}
