/* What the store says of itself against what its record says of it: the flags, the ledger's name and key, which definition,
 * houses and dealers were deployed last. And when its cases are due: the row of a case against its timers. */
#include "ledger/verify.h"

#include "base/json.h"

#include <stdio.h>
#include <string.h>

struct house_said {
    struct house_said *next;
    const char *dealer, *house;
};
struct said {
    struct arena *arena; /* grows with what is deployed, not with the journal */
    bool any; /* `publish` entries that say the three below: those of an older guan say no more than what they publish */
    const char *origin, *dealers;
    const char *def, *key;
    struct house_said *houses;
    bool flags_differ;
};

int verify_info_start(struct verifier *verifier)
{
    verifier->said = memory_alloc(sizeof *verifier->said);
    if (!verifier->said) return GUAN_FAILED;
    *verifier->said = (struct said){.arena = arena_new()};
    return verifier->said->arena ? GUAN_OK : GUAN_FAILED;
}

void verify_info_free(struct verifier *verifier)
{
    if (verifier->said) arena_free(verifier->said->arena);
    memory_free(verifier->said);
}

/* Kept beyond the entry, unless it is what was said before. */
static void keep(struct said *said, const char **kept, const char *text)
{
    if (!text) *kept = NULL;
    else if (!*kept || strcmp(*kept, text) != 0) *kept = arena_text(said->arena, text, strlen(text));
}

static void keep_house(struct said *said, const char *dealer, const char *house)
{
    struct house_said *at = said->houses;
    while (at && strcmp(at->dealer, dealer) != 0) at = at->next;
    if (!at && (at = arena_alloc(said->arena, sizeof *at)) != NULL) {
        *at = (struct house_said){.next = said->houses, .dealer = arena_text(said->arena, dealer, strlen(dealer))};
        if (at->dealer) said->houses = at;
    }
    if (at) keep(said, &at->house, house);
}

int verify_info_entry(struct verifier *verifier, const struct entry_row *row)
{
    struct said *said = verifier->said;
    struct value *entry;
    int code = json_read(verifier->arena, row->bytes, row->length, &entry, verifier->error);
    if (code) return code == GUAN_FAILED ? code : GUAN_OK; /* canonical JSON that cannot be read is told elsewhere */
    const struct value *facts = value_get(entry, "facts");
    const char *def = value_get_text(entry, "def"), *house = value_get_text(entry, "house"), *key = value_get_text(entry, "key"),
               *dealer = value_get_text(facts, "dealer");
    if (def) keep(said, &said->def, def);
    if (key) keep(said, &said->key, key);
    if (house && dealer) keep_house(said, dealer, house);
    if (def && value_get(facts, "virtual")) {
        unsigned flags =
            (value_get_bool(facts, "virtual") ? STORE_VIRTUAL : 0u) | (value_get_bool(facts, "claimed") ? STORE_CLAIMED : 0u);
        said->any = true;
        said->flags_differ = said->flags_differ || flags != store_flags(verifier->store);
        keep(said, &said->origin, value_get_text(entry, "origin"));
        keep(said, &said->dealers, value_get_text(facts, "dealers"));
    }
    return arena_failed(said->arena) ? error_memory(verifier->error) : GUAN_OK;
}

/* `what` in the store has to be `said`; NULL: nothing. */
static int check(struct verifier *verifier, const char *what, const char *said, const char *text)
{
    const char *found;
    int code = store_info(verifier->store, verifier->arena, what, &found, verifier->error);
    if (code || (!found && !said) || (found && said && strcmp(found, said) == 0)) return code;
    return verify_bad(verifier, NO_ENTRY, "%s: the store says %.70s, its record %.70s", text, found ? found : "nothing",
                      said ? said : "nothing");
}

/* The houses of the dealers that there are. */
static int check_houses(struct verifier *verifier)
{
    int code = GUAN_OK;
    for (const struct house_said *at = verifier->said->houses; at && !code; at = at->next) {
        const char *what = arena_printf(verifier->arena, "house.%s", at->dealer);
        const char *text =
            arena_printf(verifier->arena, "another house of %.60s was put in place of the one deployed last", at->dealer);
        code = what && text ? check(verifier, what, at->house, text) : error_memory(verifier->error);
    }
    return code;
}

static int check_due(struct verifier *verifier)
{
    const char *kase = NULL;
    int code = store_due_wrong(verifier->store, verifier->arena, NULL, &kase, verifier->error);
    if (code || !kase) return code;
    code = verify_bad(verifier, NO_ENTRY,
                      "the row of case %.63s does not say when the next of its deadlines is due, so it would not be kept", kase);
    snprintf(verifier->report->bad_case, sizeof verifier->report->bad_case, "%.63s", kase);
    return code;
}

int verify_info_end(struct verifier *verifier)
{
    const struct said *said = verifier->said;
    int code = check_due(verifier);
    if (!code && said->flags_differ)
        code =
            verify_bad(verifier, NO_ENTRY,
                       "the store's flags were changed: it says that it is %s and that who acts is %s, and its record does not",
                       store_flags(verifier->store) & STORE_VIRTUAL ? "a trial on a virtual clock" : "on the real clock",
                       store_flags(verifier->store) & STORE_CLAIMED ? "taken as claimed" : "checked");
    if (!code) code = check(verifier, "key", said->key, "the ledger's key was changed");
    if (!code && said->def)
        code = check(verifier, "def", said->def, "another definition was put in place of the one deployed last");
    if (!code && said->any) code = check(verifier, "origin", said->origin, "the ledger's name was changed");
    if (!code && said->any) code = check(verifier, "dealers", said->dealers, "the list of dealers was changed");
    return code ? code : check_houses(verifier);
}
