/* Who may do a step: roles, co-signers, four eyes. */
#include "standard/judge.h"

#include "base/text.h"

#include <string.h>

#define SIGNERS_MOST 8u

/* Is `role` one of "customer|agent"? */
static bool among(const char *alternatives, const char *role)
{
    size_t length = strlen(role);
    for (const char *at = alternatives; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL) {
        size_t size = strcspn(at, "|");
        if (size == length && memcmp(at, role, length) == 0) return true;
    }
    return false;
}

static bool listed(const struct chart_names *roles, const char *role)
{
    for (uint32_t i = 0; i < roles->count; i++)
        if (among(roles->items[i], role)) return true;
    return roles->count == 0;
}

bool role_fits(const struct actor *actor, const struct chart_names *roles, const char *wanted, const char **role)
{
    *role = NULL;
    if (wanted) {
        *role = wanted;
        return names_have(&actor->roles, wanted) && listed(roles, wanted);
    }
    for (uint32_t i = 0; i < actor->roles.count && !*role; i++)
        if (listed(roles, actor->roles.items[i])) *role = actor->roles.items[i];
    return *role || roles->count == 0;
}

/* --- places --------------------------------------------------------------------------------------------------------------- */

/* Place 0 is the step's own roles, the others its `with`. One person a place, in any order. */
struct seating {
    const struct judge *judge;
    uint32_t places;
    size_t person[SIGNERS_MOST];
    const char *role[SIGNERS_MOST];
};

static bool fits_place(const struct seating *seating, uint32_t place, size_t person, const char **role)
{
    const struct judge *judge = seating->judge;
    struct chart_names with = {NULL, 0};
    if (place > 0) with = (struct chart_names){&judge->step->with.items[place - 1], 1};
    return role_fits(&judge->act->actors[person], place ? &with : &judge->step->roles, person == 0 ? judge->act->role : NULL,
                     role);
}

static bool seat(struct seating *seating, uint32_t place, uint32_t taken)
{
    if (place == seating->places) return (taken & 1u) != 0; /* whoever did it holds a place */
    for (size_t person = 0; person < seating->judge->act->actor_count; person++) {
        const char *role;
        if ((taken >> person) & 1u || !fits_place(seating, place, person, &role)) continue;
        seating->person[place] = person;
        seating->role[place] = role;
        if (seat(seating, place + 1, taken | (1u << person))) return true;
    }
    return false;
}

static int deny(struct judge *judge, const char *reason, const char *text)
{
    if (judge->late && strcmp(reason, "claimed") != 0) { /* it has happened: a finding */
        judge->denied = text;
        return GUAN_OK;
    }
    return refuse_no(judge->refusal, judge->error, judge->standard, judge->step->id, "ROLE_DENIED", reason, judge->step->clauses,
                     "%s", text);
}

static bool claimed(const struct judge *judge)
{
    if (judge->standard->world->accept_claimed) return false;
    if (judge->step->klass != CHART_CLASS_LAW && !judge->step->not_by.count && !judge->step->with.count) return false;
    for (size_t i = 0; i < judge->act->actor_count; i++)
        if (judge->act->actors[i].claimed) return true;
    return false;
}

static int deny_seats(struct judge *judge)
{
    struct arena *arena = judge->standard->world->arena;
    const struct chart_step *step = judge->step;
    const struct actor *actor = &judge->act->actors[0];
    const char *roles = names_text(arena, &step->roles), *with = names_text(arena, &step->with), *role;
    const char *label = step_label(judge->standard, judge->index), *text;
    bool own = role_fits(actor, &step->roles, judge->act->role, &role);
    if (own && step->with.count) text = arena_printf(arena, "%s has to be signed with %s as well", label, with);
    else if (judge->act->role && !names_have(&actor->roles, judge->act->role))
        text = arena_printf(arena, "%s has not the role %s", actor->name ? actor->name : actor->id, judge->act->role);
    else text = arena_printf(arena, "%s is done by %s", label, roles);
    int code = deny(judge, own && step->with.count ? "with" : "role", text ? text : "");
    if (code == GUAN_NO && own && step->with.count)
        return refuse_hint(judge->refusal, judge->error, judge->standard, code, "add --with and who signs too (%s)", with);
    return code;
}

int judge_roles(struct judge *judge)
{
    struct seating seating = {.judge = judge, .places = judge->step->with.count + 1};
    struct refusal *refusal = judge->refusal;
    if (judge->act->actor_count == 0 || judge->act->actor_count > SIGNERS_MOST || seating.places > SIGNERS_MOST)
        return refuse_usage(refusal, judge->error, judge->standard, judge->step->id, "signers", "1 to %u persons can sign a step",
                            SIGNERS_MOST);
    for (size_t i = 1; i < judge->act->actor_count; i++)
        for (size_t k = 0; k < i; k++)
            if (text_equal(judge->act->actors[i].id, judge->act->actors[k].id))
                return refuse_usage(refusal, judge->error, judge->standard, judge->step->id, "signers", "%s signs twice",
                                    judge->act->actors[i].name ? judge->act->actors[i].name : judge->act->actors[i].id);
    if (!seat(&seating, 0, 0)) {
        judge->record->role = judge->act->role;
        return deny_seats(judge);
    }
    for (uint32_t place = 0; place < seating.places; place++)
        if (seating.person[place] == 0) judge->record->role = seating.role[place];
    judge->doer = seating.person[0];
    if (claimed(judge)) {
        int code = deny(judge, "claimed", "who acts is only claimed, and this step needs to know");
        return refuse_hint(refusal, judge->error, judge->standard, code, "log in as the person who does it");
    }
    return GUAN_OK;
}

/* Did this person do the other step in its latest activation? */
static bool did(const struct standard *standard, uint32_t step, const struct actor *actor)
{
    const struct step_facts *facts = &standard->steps[step];
    uint32_t number = standard->states[standard->chart->steps[step].state].number;
    for (size_t i = 0; i < facts->count; i++)
        if (facts->items[i].activation == number && text_equal(facts->items[i].by, actor->id)) return true;
    return false;
}

int judge_not_by(struct judge *judge)
{
    const struct standard *standard = judge->standard;
    const struct actor *actor = &judge->act->actors[judge->doer];
    for (uint32_t i = 0; i < judge->step->not_by_steps.count; i++) {
        uint32_t other = standard->chart->step_refs[judge->step->not_by_steps.first + i];
        if (!did(standard, other, actor)) continue;
        const char *text = arena_printf(standard->world->arena, "%s did %s, so somebody else has to do %s",
                                        actor->name ? actor->name : actor->id, standard->chart->steps[other].id, judge->step->id);
        if (!text) return error_memory(judge->error);
        if (!judge->late)
            return refuse_no(judge->refusal, judge->error, judge->standard, judge->step->id, "GUARD_BLOCKED", "not-by",
                             judge->step->clauses, "%s", text);
        judge->denied = text;
    }
    return GUAN_OK;
}
