/* Who acts: staff of the dealer's house, parties of the case, the system. A name that only --as gives is a claim. */
#include "case/replay.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

static struct chart_names one_role(struct kase *kase, const char *role)
{
    const char **items = arena_alloc(kase->arena, sizeof *items);
    if (!items || !role) return (struct chart_names){0};
    items[0] = role;
    return (struct chart_names){items, 1};
}

static const struct name_row *party(struct kase *kase, const char *who)
{
    for (size_t i = 0; i < kase->name_count; i++) {
        const struct name_row *row = &kase->names[i];
        if (text_starts(row->id, "party:") && (strcmp(row->id, who) == 0 || strcmp(row->name, who) == 0)) return row;
    }
    return NULL;
}

/* The user who runs the program, by the operating system's word. */
static const char *os_login(void)
{
    const struct passwd *user = getpwuid(geteuid());
    return user ? user->pw_name : NULL;
}

int who_actor(struct kase *kase, const char *who, struct actor *out, struct guan_error *error)
{
    const char *login = os_login();
    if (!who) {
        const struct person *self =
            login && !(store_flags(kase->guan->store) & STORE_VIRTUAL) ? house_person(kase->setting->house, login) : NULL;
        if (self) {
            *out = (struct actor){.id = self->id, .name = self->name, .roles = self->roles};
            return GUAN_OK;
        }
        error_set(error, GUAN_USAGE, "no-actor", "who does this? the user \"%s\" is not among the people of %s",
                  login ? login : "?", kase->setting->house->title ? kase->setting->house->title : kase->setting->house->dealer);
        return error_hint(error, "say --as NAME, or set GUAN_ACTOR");
    }
    if (strcmp(who, "system") == 0) {
        *out = kase->system;
        out->claimed = true;
        return GUAN_OK;
    }
    const struct name_row *row = party(kase, who);
    if (row) {
        *out = (struct actor){.id = row->id, .name = row->name, .roles = one_role(kase, row->role), .claimed = true};
        return GUAN_OK;
    }
    const struct person *person = house_person(kase->setting->house, who);
    if (person) {
        bool self = login && person->login && strcmp(login, person->login) == 0;
        *out = (struct actor){.id = person->id, .name = person->name, .roles = person->roles, .claimed = !self};
        return GUAN_OK;
    }
    error_set(error, GUAN_USAGE, "unknown-actor", "nobody here is called \"%s\"", who);
    return error_hint(error, "staff stand in scripts/dealers/%s/dealer.xml, parties are named when the case is opened",
                      kase->setting->house->dealer);
}

const char *who_name(struct kase *kase, const char *id)
{
    if (!id) return NULL;
    const struct name_row *row = party(kase, id);
    if (row) return row->name;
    const struct person *person = house_person(kase->setting->house, id);
    return person ? person->name : id;
}

/* Who opens a case need not say a role. */
void who_takes(struct kase *kase, const char *kind, const struct actor *actor, const char *role)
{
    static const char *const kinds[] = {"open", "step", "event", "waive"};
    bool takes = false, may = role && strcmp(role, OWNER_ROLE) == 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) takes = takes || strcmp(kind, kinds[i]) == 0;
    if (!takes || value_get_text(kase->state, "owner") || !text_starts(actor->id, "staff:")) return;
    for (uint32_t i = 0; !role && strcmp(kind, "open") == 0 && i < actor->roles.count; i++)
        may = may || strcmp(actor->roles.items[i], OWNER_ROLE) == 0;
    if (may) value_set_text(kase->arena, kase->state, "owner", actor->id);
}

int who_actors(struct kase *kase, const struct guan_command *command, struct actor **out, size_t *count, struct guan_error *error)
{
    struct actor *actors = arena_alloc(kase->arena, (command->with_count + 1) * sizeof *actors);
    if (!actors) return error_memory(error);
    int code = who_actor(kase, command->actor, &actors[0], error);
    for (size_t i = 0; i < command->with_count && code == GUAN_OK; i++) {
        code = who_actor(kase, command->with[i], &actors[i + 1], error);
        for (size_t k = 0; k <= i && code == GUAN_OK; k++)
            if (strcmp(actors[k].id, actors[i + 1].id) == 0)
                code = error_set(error, GUAN_USAGE, "signer-twice", "%s signs twice", actors[k].name);
    }
    kase->auth = actors[0].claimed ? "claimed" : arena_printf(kase->arena, "os:%u", (unsigned)geteuid());
    if (kase->guan->replay) replay_actors(kase, actors, command->with_count + 1);
    *out = actors;
    *count = command->with_count + 1;
    return code == GUAN_OK && arena_failed(kase->arena) ? error_memory(error) : code;
}
