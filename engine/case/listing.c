/* Lists of cases. What a list needs of a case stands in its row, noted whenever the case is saved: where it stands, what falls
 * due, whose turn it is. No case is loaded, no flow is run; of the personal data only the names of those rows that are shown are
 * read. */
#include "case/kase.h"

#include <stdio.h>
#include <string.h>

#define DUES_KEPT 8u /* of one case; what comes later is noted when these are done */

/* --- noted with the row: {"where","phase","due":[{"at","what","step"}],"turn":[role]} --------------------------------------- */

static void note_due(struct kase *kase, struct value *list, instant at, const char *what, const char *step)
{
    char text[INSTANT_TEXT];
    struct value *map = value_map(kase->arena);
    instant_format(at, text);
    value_set_text(kase->arena, map, "at", text);
    value_set_text(kase->arena, map, "what", what);
    value_set_text(kase->arena, map, "step", step);
    value_add(kase->arena, list, map);
}

static const char *step_name(struct kase *kase, const struct member *member, const char *step)
{
    return step && member->order ? arena_printf(kase->arena, "%s.%s", member->process, step) : step;
}

static void note_deadlines(struct kase *kase, const struct member *member, struct value *list)
{
    const struct value *deadlines = standard_deadlines(member->standard);
    for (size_t i = 0; i < value_count(deadlines); i++) {
        const struct value *deadline = value_at(deadlines, i);
        const char *due = value_get_text(deadline, "due"), *title = value_get_text(deadline, "title");
        instant at;
        if (value_get_bool(deadline, "plain")) continue;
        if (!due || instant_parse(due, strlen(due), NULL, &at, NULL) != GUAN_OK) continue;
        note_due(kase, list, at, title ? title : value_get_text(deadline, "id"),
                 step_name(kase, member, value_get_text(deadline, "step")));
    }
}

/* A gap that must not grow longer is due as well: only its timer says when. */
static void note_gaps(struct kase *kase, struct value *list)
{
    for (size_t i = 0; i < kase->timer_count; i++) {
        const struct timer_row *row = &kase->timers[i].row;
        const struct member *member = kase_member(kase, row->session);
        if (kase->timers[i].removed || !member || !text_starts(row->name, "rule:")) continue;
        const char *id = row->name + strlen("rule:"), *title = NULL;
        for (uint32_t r = 0; r < member->chart->rule_count && !title; r++)
            if (strcmp(member->chart->rules[r].id, id) == 0) title = member->chart->rules[r].title;
        note_due(kase, list, row->due, title ? title : id, NULL);
    }
}

static struct value *earliest(struct kase *kase, struct value *list)
{
    struct value *sorted = value_list(kase->arena);
    size_t count = value_count(list);
    while (count > 0 && value_count(sorted) < DUES_KEPT) {
        size_t best = 0;
        for (size_t i = 1; i < count; i++)
            if (strcmp(value_get_text(value_at(list, i), "at"), value_get_text(value_at(list, best), "at")) < 0) best = i;
        value_add(kase->arena, sorted, value_at(list, best));
        list->as.list.items[best] = list->as.list.items[--count];
    }
    return sorted;
}

/* The innermost state of the root that has a title. */
static const char *phase_of(struct kase *kase)
{
    const struct value *states = kase->member_count ? standard_where(kase->members[0]->standard) : NULL;
    const char *title = NULL;
    for (size_t s = value_count(states); s-- > 0 && !title;) title = value_get_text(value_at(states, s), "title");
    return title;
}

static void set_or_remove(struct kase *kase, const char *key, struct value *value)
{
    value_remove(kase->state, key);
    if (value_count(value)) value_set(kase->arena, kase->state, key, value);
}

void listing_note(struct kase *kase)
{
    struct value *dues = value_list(kase->arena), *turn = value_list(kase->arena);
    if (arena_failed(kase->arena)) return;
    for (size_t i = 0; i < kase->member_count; i++) {
        if (kase->members[i]->ended) continue;
        note_deadlines(kase, kase->members[i], dues);
        standard_turn(kase->members[i]->standard, turn);
    }
    note_gaps(kase, dues);
    if (arena_failed(kase->arena)) return;
    value_set_text(kase->arena, kase->state, "where", answer_place(kase));
    value_remove(kase->state, "phase");
    value_set_text(kase->arena, kase->state, "phase", phase_of(kase));
    set_or_remove(kase, "due", earliest(kase, dues));
    set_or_remove(kase, "turn", turn);
}

/* --- asked for ---------------------------------------------------------------------------------------------------------------
 */

struct listing {
    struct guan *guan;
    const struct guan_case_filter *filter;
    const struct guan_sink *sink;
    struct guan_error *error;
    struct arena *arena;
    instant now;
    const struct setting *setting; /* of the last row: neighbours mostly share it */
    struct hash def;
    char dealer[64];
    const struct person *person; /* the actor in that house */
    bool known;                  /* … and in any house */
    instant from, until;         /* what the filter asks for, in that house's days; `from` may be INSTANT_NONE: any */
};

/* The days that are meant: [from, until). */
static int due_span(struct listing *listing, const struct zone *zone)
{
    const char *due = listing->filter->due;
    struct civil day = zone_civil(zone, listing->now);
    int first = 0, days = 1;
    listing->from = INSTANT_NONE;
    listing->until = listing->now;
    if (!due || strcmp(due, "late") == 0) return GUAN_OK;
    if (strcmp(due, "tomorrow") == 0) first = 1;
    else if (strcmp(due, "week") == 0) days = 7;
    else if (strcmp(due, "today") != 0 && date_parse(due, strlen(due), &day, NULL) != GUAN_OK) {
        error_set(listing->error, GUAN_USAGE, "time", "\"%s\" is no day to be due", due);
        return error_hint(listing->error, "write today, tomorrow, week, late, or a date like 2026-03-07");
    }
    int64_t start = civil_days(day.year, day.month, day.day) + first;
    listing->from = zone_instant(zone, civil_of_days(start));
    listing->until = zone_instant(zone, civil_of_days(start + days));
    return GUAN_OK;
}

static int house_of(struct listing *listing, const struct case_row *row)
{
    struct setting *setting;
    if (listing->setting && hash_equal(&listing->def, &row->def) && strcmp(listing->dealer, row->dealer) == 0) return GUAN_OK;
    int code = setting_brief(listing->guan, &row->def, row->dealer, &setting, listing->error);
    if (code != GUAN_OK) return code;
    listing->setting = strlen(row->dealer) < sizeof listing->dealer ? setting : NULL; /* a longer name is looked up each time */
    listing->def = row->def;
    if (listing->setting) memcpy(listing->dealer, row->dealer, strlen(row->dealer) + 1);
    listing->person = listing->filter->actor ? house_person(setting->house, listing->filter->actor) : NULL;
    if (listing->person) listing->known = true;
    return due_span(listing, setting->house->zone);
}

static bool has_role(const struct person *person, const char *role)
{
    for (uint32_t i = 0; person && i < person->roles.count; i++)
        if (strcmp(person->roles.items[i], role) == 0) return true;
    return false;
}

/* The owner's, and of others those whose turn it is in a role that the owner does not have. */
static bool is_mine(const struct listing *listing, const struct house *house, const struct value *state)
{
    const char *owner = value_get_text(state, "owner");
    const struct value *turn = value_get(state, "turn");
    if (!listing->filter->actor) return true;
    if (!listing->person) return false;
    if (text_equal(owner, listing->person->id)) return true;
    const struct person *other = owner ? house_person(house, owner) : NULL;
    for (size_t i = 0; i < value_count(turn); i++) {
        const char *role = value_as_text(value_at(turn, i));
        if (role && has_role(listing->person, role) && !has_role(other, role)) return true;
    }
    return false;
}

/* The earliest that is due within what is asked for; NULL: none. */
static const struct value *due_wanted(const struct listing *listing, const struct value *state, instant *at)
{
    const struct value *dues = value_get(state, "due");
    for (size_t i = 0; i < value_count(dues); i++) {
        const char *text = value_get_text(value_at(dues, i), "at");
        if (!text || instant_parse(text, strlen(text), NULL, at, NULL) != GUAN_OK) continue;
        if (!listing->filter->due) return value_at(dues, i);
        if ((listing->from == INSTANT_NONE || *at >= listing->from) && *at < listing->until) return value_at(dues, i);
    }
    return NULL;
}

/* The customer's name; else of the first person of the case. */
static const char *customer_of(const struct name_row *names, size_t count)
{
    const char *first = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!text_starts(names[i].id, "party:")) continue;
        if (text_equal(names[i].role, "customer")) return names[i].name;
        if (!first) first = names[i].name;
    }
    return first;
}

static int put_row(struct listing *listing, const struct setting *setting, const struct case_row *row, const struct value *state,
                   const struct value *due, instant at)
{
    struct arena *arena = listing->arena;
    struct name_row *names;
    size_t count;
    char text[40];
    int code = store_names(listing->guan->store, arena, row->id, &names, &count, listing->error);
    if (code != GUAN_OK) return code;
    struct value *map = value_map(arena);
    const char *owner = value_get_text(state, "owner");
    const struct person *person = owner ? house_person(setting->house, owner) : NULL;
    value_set_text(arena, map, "case", row->id);
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i].id, "key") == 0) value_set_text(arena, map, "key", names[i].name);
    value_set_text(arena, map, "customer", customer_of(names, count));
    value_set_text(arena, map, "process", row->process);
    value_set_text(arena, map, "dealer", row->dealer);
    value_set_text(arena, map, "phase", value_get_text(state, "phase"));
    value_set_text(arena, map, "where", value_get_text(state, "where"));
    value_set_text(arena, map, "owner", person ? person->name : owner);
    if (due) {
        instant_format(at, text);
        value_set_text(arena, map, "due", text);
        instant_format_local(setting->house->zone, at, false, text, sizeof text);
        value_set_text(arena, map, "due_local", text);
        value_set_int(arena, map, "left_ms", at - listing->now);
        value_set_text(arena, map, "what", value_get_text(due, "what"));
        value_set_text(arena, map, "step", value_get_text(due, "step"));
    }
    instant_format_local(setting->house->zone, listing->now, false, text, sizeof text);
    value_set_text(arena, map, "now_local", text);
    instant_format(row->rec, text);
    value_set_text(arena, map, "rec", text);
    value_set_bool(arena, map, "ended", row->ended);
    return answer_put(listing->sink, arena_failed(arena) ? NULL : map, listing->error);
}

/* --- what a row may be dismissed by without reading its state as JSON: a quote within a text would be escaped ----------------
 */

static const char *text_after(const char *at, const char *end, const char *mark)
{
    size_t length = strlen(mark);
    while ((size_t)(end - at) > length && (at = memchr(at, mark[0], (size_t)(end - at) - length)) != NULL) {
        if (memcmp(at, mark, length) == 0) return at + length;
        at++;
    }
    return NULL;
}

static bool has_text(const struct case_row *row, const char *text)
{
    char mark[128];
    int length = snprintf(mark, sizeof mark, "\"%s\"", text);
    return length < 0 || (size_t)length >= sizeof mark || text_after(row->state, row->state + row->state_length, mark) != NULL;
}

static bool may_be_mine(const struct listing *listing, const struct case_row *row)
{
    const struct person *person = listing->person;
    if (!listing->filter->actor) return true;
    bool mine = person && has_text(row, person->id);
    for (uint32_t i = 0; person && i < person->roles.count && !mine; i++) mine = has_text(row, person->roles.items[i]);
    return mine;
}

static bool may_be_due(const struct listing *listing, const struct case_row *row)
{
    char from[INSTANT_TEXT] = "", until[INSTANT_TEXT];
    const char *end = row->state + row->state_length, *at = row->state;
    if (!listing->filter->due) return true;
    if (listing->from != INSTANT_NONE) instant_format(listing->from, from);
    instant_format(listing->until, until);
    while ((at = text_after(at, end, "\"at\":\"")) != NULL && end - at >= INSTANT_TEXT - 1)
        if (memcmp(at, from, strlen(from)) >= 0 && memcmp(at, until, INSTANT_TEXT - 1) < 0) return true;
    return false;
}

static int list_row(void *user, const struct case_row *row)
{
    struct listing *listing = user;
    struct value *state;
    struct setting *setting;
    instant at = INSTANT_NONE;
    bool picky = listing->filter->actor || listing->filter->due;
    if (strcmp(row->id, "-") == 0 || (picky && row->ended)) return GUAN_OK;
    arena_reset(listing->arena);
    int code = house_of(listing, row);
    if (code != GUAN_OK || !may_be_mine(listing, row) || !may_be_due(listing, row)) return code;
    code = json_read_own(listing->arena, row->state, row->state_length, &state, listing->error);
    if (code == GUAN_OK && !listing->setting)
        code = setting_brief(listing->guan, &row->def, row->dealer, &setting, listing->error);
    if (code != GUAN_OK) return code;
    const struct setting *own = listing->setting ? listing->setting : setting;
    if (!is_mine(listing, own->house, state)) return GUAN_OK;
    const struct value *due = due_wanted(listing, state, &at);
    if (!due && listing->filter->due) return GUAN_OK;
    return put_row(listing, own, row, state, due, at);
}

/* Only the cases whose names have the words. */
static int list_found(struct listing *listing)
{
    const char **ids;
    size_t count;
    struct case_row row;
    struct arena *found = arena_new();
    int code = found ? GUAN_OK : error_memory(listing->error);
    if (code == GUAN_OK)
        code = store_name_find(listing->guan->store, found, listing->filter->words, &ids, &count, listing->error);
    for (size_t i = 0; code == GUAN_OK && i < count; i++) {
        code = store_case(listing->guan->store, found, ids[i], &row, listing->error);
        if (code == GUAN_OK) code = list_row(listing, &row);
    }
    arena_free(found);
    return code;
}

/* A virtual store's clock stands where its last entry was recorded. */
static int moment(struct guan *guan, instant *now, struct guan_error *error)
{
    struct ledger_head head;
    struct entry_row row;
    struct value *entry;
    *now = guan_wall_clock();
    if (!(store_flags(guan->store) & STORE_VIRTUAL)) return GUAN_OK;
    int code = store_head(guan->store, &head, error);
    if (code != GUAN_OK || !head.size) return code;
    code = store_entry(guan->store, guan->arena, head.size - 1, &row, error);
    if (code == GUAN_OK) code = json_read(guan->arena, row.bytes, row.length, &entry, error);
    const char *rec = code == GUAN_OK ? value_get_text(entry, "rec") : NULL;
    if (rec) (void)instant_parse(rec, strlen(rec), NULL, now, NULL);
    return code;
}

int guan_cases(struct guan *guan, const struct guan_case_filter *filter, const struct guan_sink *sink, struct guan_error *error)
{
    static const struct guan_case_filter all = {0};
    struct guan_error local;
    if (!error) error = &local;
    error_clear(error);
    struct listing listing = {.guan = guan, .filter = filter ? filter : &all, .sink = sink, .error = error, .arena = arena_new()};
    if (!listing.arena) return error_memory(error);
    arena_reset(guan->arena);
    int code = store_begin(guan->store, false, error);
    if (code == GUAN_OK) code = moment(guan, &listing.now, error);
    if (code == GUAN_OK)
        code = listing.filter->words ? list_found(&listing) : store_case_each(guan->store, NULL, list_row, &listing, error);
    store_rollback(guan->store);
    arena_free(listing.arena);
    if (code != GUAN_OK || !listing.filter->actor || listing.known || !listing.setting) return code;
    error_set(error, GUAN_USAGE, "unknown-actor", "nobody here is called \"%s\"", listing.filter->actor);
    return error_hint(error, "say --as NAME, or set GUAN_ACTOR");
}

int guan_list(struct guan *guan, const char *words, const struct guan_sink *sink, struct guan_error *error)
{
    const struct guan_case_filter filter = {.words = words};
    return guan_cases(guan, &filter, sink, error);
}
