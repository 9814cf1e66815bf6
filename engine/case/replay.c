/* A case again, from its acting entries, on a scratch store: the same functions as then, the same definition, the house of each
 * entry. What comes out is held against what was recorded, entry by entry, and in the end against the rows.
 *
 * The scratch store holds one case at a time, inside a transaction that is never committed. */
#include "case/replay.h"

#include <string.h>

struct again {
    struct guan *guan, *scratch;
    const struct case_row *live;
    struct arena *arena;
    struct entry_row *rows; /* as recorded */
    struct replay replay;
    struct replay_report *report;
    const char *dealer;
    struct hash def, secret;
    bool erased;
    size_t done; /* entries that are performed */
    /* As every command did then, the case is loaded for every command; or, much faster, it stays in memory for some. What comes
     * out different that way is performed again in the other. */
    bool faithful, loaded;
    uint32_t held; /* commands since it was loaded */
    struct kase kase;
};
enum { HELD_MOST = 64 }; /* then memory is given back */

/* --- the scratch guan
 * ----------------------------------------------------------------------------------------------------------- */

int replay_open(struct guan *guan, struct guan **out, struct guan_error *error)
{
    struct store *store;
    /* Virtual: the record is the clock. What actors are taken for stays as it was in the store. */
    int code = store_open_new(":memory:", STORE_VIRTUAL | (store_flags(guan->store) & STORE_CLAIMED), &store, error);
    if (code != GUAN_OK) return code;
    struct guan *scratch = memory_alloc(sizeof *scratch);
    struct arena *arena = arena_new();
    if (!scratch || !arena) {
        memory_free(scratch);
        arena_free(arena);
        store_close(store);
        return error_memory(error);
    }
    *scratch = (struct guan){.store = store,
                             .script = guan->script,
                             .arena = arena,
                             .settings = guan->settings,
                             .random = guan->random,
                             .random_user = guan->random_user};
    *out = scratch;
    return GUAN_OK;
}

void replay_close(struct guan *scratch)
{
    if (!scratch) return;
    arena_free(scratch->arena);
    store_close(scratch->store);
    memory_free(scratch);
}

/* --- reading
 * ----------------------------------------------------------------------------------------------------------------------- */

static int keep_entry(void *user, const struct entry_row *row, const struct value *entry)
{
    struct again *again = user;
    size_t i = again->replay.count++;
    again->rows[i] = *row;
    again->replay.entries[i] = value_copy(again->arena, entry);
    return again->replay.entries[i] ? GUAN_OK : GUAN_FAILED;
}

/* The entries; a chain that is broken is verify's to explain. */
static int read_entries(struct again *again, struct guan_error *error)
{
    struct guan_error local = {0};
    size_t most = (size_t)again->live->n;
    again->rows = arena_alloc(again->arena, (most + 1) * sizeof *again->rows);
    again->replay.entries = arena_alloc(again->arena, (most + 1) * sizeof *again->replay.entries);
    if (!again->rows || !again->replay.entries) return error_memory(error);
    int code = ledger_case_each(again->guan->store, again->live, again->arena, keep_entry, again, &local);
    if (code == GUAN_FAILED) return local.code ? (*error = local, code) : error_memory(error);
    if (code != GUAN_OK || !most)
        replay_differs(again->report, "entry", NULL, again->replay.count + 1,
                       arena_printf(again->arena, "%s", most ? local.text : "the case has no entries"));
    return GUAN_OK;
}

static int comparable(struct again *again, struct guan_error *error)
{
    struct replay_report *report = again->report;
    for (size_t i = 0; i < again->replay.count && report->status == REPLAY_IDENTICAL; i++) {
        const struct value *entry = again->replay.entries[i];
        int64_t sem = value_get_int(entry, "sem");
        if (sem != RECORD_SEM) {
            report->status = REPLAY_NOT_COMPARABLE;
            report->sem = sem;
            return GUAN_OK;
        }
        int code = replay_disclosures(again->guan, again->live->id, entry, again->erased ? NULL : &again->secret, again->arena,
                                      report, error);
        if (code != GUAN_OK) return code;
    }
    return GUAN_OK;
}

static int read_secret(struct again *again, struct guan_error *error)
{
    struct guan_error local = {0};
    int code = store_secret(again->guan->store, again->live->id, &again->secret, &local);
    again->erased = code == GUAN_USAGE;
    if (code == GUAN_OK || again->erased) return GUAN_OK;
    *error = local;
    return code;
}

/* --- one command
 * ------------------------------------------------------------------------------------------------------------------- */

static instant time_of(const struct value *entry, const char *key)
{
    instant at = INSTANT_NONE;
    const char *text = value_get_text(entry, key);
    if (text && instant_parse(text, strlen(text), NULL, &at, NULL) != GUAN_OK) at = INSTANT_NONE;
    return at;
}

/* A file that is gone or was changed: by its path, if the manifest that names it is sound, else by its hash. */
static void file_differs(struct again *again, const struct setting *setting, const struct guan_error *why)
{
    const char *row = arena_printf(again->arena, "%s", why->where);
    for (size_t i = 0; setting && i < bundle_count(setting->bundle); i++) {
        const struct bundle_file *file = bundle_at(setting->bundle, i);
        char hex[HASH_HEX];
        hash_hex(&file->hash, hex);
        if (strcmp(hex, why->where) == 0) row = arena_printf(again->arena, "%s", file->path);
    }
    replay_differs(again->report, "definition", row, again->done + 1, arena_printf(again->arena, "%s", why->text));
}

/* Files are read when they are used; here all are looked at first, also those that this case has no need of. */
static int look_at_files(struct again *again, struct setting *setting, struct guan_error *error)
{
    struct arena *arena = arena_new();
    int code = arena ? GUAN_OK : error_memory(error);
    for (size_t i = 0; !setting->whole && code == GUAN_OK && i < bundle_count(setting->bundle); i++) {
        const char *bytes;
        size_t length;
        code = store_blob(again->guan->store, arena, &bundle_at(setting->bundle, i)->hash, &bytes, &length, error);
    }
    setting->whole = code == GUAN_OK;
    arena_free(arena);
    return code;
}

/* The house that the entry names is the newest one now; its files come from the real store. */
static int set_house(struct again *again, const struct value *entry, struct guan_error *error)
{
    struct hash house;
    struct setting *setting = NULL;
    struct guan_error why = {0};
    const char *hex = value_get_text(entry, "house"), *key = arena_printf(again->arena, "house.%s", again->dealer);
    if (!hex || !hash_from_hex(hex, &house)) return GUAN_OK; /* the one before goes on */
    int code = setting_at(again->guan, &again->def, &house, again->dealer, &setting, &why);
    if (code == GUAN_OK) code = look_at_files(again, setting, &why);
    again->scratch->settings = again->guan->settings;
    if (code == GUAN_OK) return store_info_set(again->scratch->store, key, hex, error);
    if (code == GUAN_FAILED) *error = why;
    else file_differs(again, setting, &why);
    return code == GUAN_FAILED ? code : GUAN_OK;
}

/* Puts the case away, with what it held. */
static int put_away(struct again *again, struct guan_error *error)
{
    int code = again->loaded && again->replay.holds ? kase_save(&again->kase, error) : GUAN_OK;
    if (again->loaded) kase_drop(&again->kase);
    again->loaded = again->replay.holds = false;
    return code;
}

static void forget_command(struct kase *kase)
{
    kase->findings = (struct findings){0};
    kase->refusal = (struct refusal){0};
    kase->late = false;
    kase->fired = NULL;
    kase->personal_count = kase->attachment_count = kase->follower_count = 0;
    kase->acting_entry = NULL;
    kase->world.told = kase->row.rec;
    script_budget(kase->guan->script, LIMIT_LUA_INSTRUCTIONS);
}

/* The case as it stands before the entry, at its time. `hold`: no refusal is to come, so that it may stay in memory. */
static int load(struct again *again, const struct value *entry, bool hold, struct guan_error *error)
{
    struct guan *scratch = again->scratch;
    struct kase *kase = &again->kase;
    const char *house = value_get_text(entry, "house");
    char hex[HASH_HEX] = "";
    if (again->loaded) hash_hex(&kase->setting->house_hash, hex);
    bool stays = again->loaded && hold && again->replay.holds && again->held < HELD_MOST && (!house || strcmp(house, hex) == 0);
    int code = stays ? GUAN_OK : put_away(again, error);
    if (stays) {
        forget_command(kase);
    } else if (code == GUAN_OK) {
        struct case_row row;
        arena_reset(scratch->arena);
        code = store_case(scratch->store, scratch->arena, again->live->id, &row, error);
        if (code == GUAN_OK) code = kase_load(scratch, &row, kase, error);
        again->loaded = code == GUAN_OK;
        again->held = 0;
        again->replay.holds = hold && !again->faithful;
    }
    if (code != GUAN_OK) return code;
    again->held++;
    instant at = time_of(entry, "at"), rec = time_of(entry, "rec");
    kase_moment(kase, at == INSTANT_NONE ? rec : at, rec, &kase->system, NULL);
    kase->cause = value_get_text(entry, "cause");
    return GUAN_OK;
}

/* What is due at that time: timers that fire, or were refused. */
static int fire(struct again *again, const struct value *entry, struct guan_error *error)
{
    struct kase *kase = &again->kase;
    int code = load(again, entry, text_equal(value_get_text(entry, "kind"), "timer"), error);
    if (code != GUAN_OK) return code;
    kase_moment(kase, kase->rec, kase->rec, &kase->system, NULL);
    return timers_fire(kase, error);
}

static int put_names(struct again *again, const struct value *parties, struct guan_error *error)
{
    struct name_row *names;
    size_t count;
    int code = store_names(again->guan->store, again->arena, again->live->id, &names, &count, error);
    for (size_t i = 0; code == GUAN_OK && i < value_count(parties); i++) {
        const char *id = value_get_text(value_at(parties, i), "id"), *role = value_get_text(value_at(parties, i), "role");
        struct name_row name = {id, id, role ? role : ""};
        for (size_t k = 0; k < count; k++)
            if (id && strcmp(names[k].id, id) == 0) name.name = names[k].name;
        if (id) code = store_name_put(again->scratch->store, again->live->id, &name, error);
    }
    return code;
}

static int put_case(struct again *again, const struct value *entry, struct guan_error *error)
{
    struct store *store = again->scratch->store;
    const struct value *facts = value_get(entry, "facts");
    struct value *state = value_map(again->arena);
    struct buffer text = {0};
    struct case_row row = {.id = again->live->id,
                           .dealer = again->dealer,
                           .process = value_get_text(facts, "process"),
                           .def = again->def,
                           .key = again->live->key,
                           .rec = INSTANT_NONE};
    if (value_get(facts, "parties")) value_set(again->arena, state, "parties", value_get(facts, "parties"));
    json_write(&text, state);
    row.state = text.data;
    row.state_length = text.length;
    int code = text.failed || !row.process ? error_memory(error) : store_case_add(store, &row, error);
    buffer_release(&text);
    if (code == GUAN_OK && !again->erased) code = store_secret_put(store, row.id, &again->secret, error);
    if (code == GUAN_OK) code = put_names(again, value_get(facts, "parties"), error);
    const char *origin = value_get_text(entry, "origin");
    return code == GUAN_OK && origin ? store_info_set(store, "origin", origin, error) : code;
}

static int open_again(struct again *again, const struct value *entry, struct guan_error *error)
{
    struct value *did = NULL;
    size_t parties = value_count(value_get(value_get(entry, "facts"), "parties"));
    struct guan_pair *pairs = arena_alloc(again->arena, (parties + 1) * sizeof *pairs);
    struct guan_command command = {.verb = GUAN_OPEN,
                                   .name = value_get_text(value_get(entry, "facts"), "process"),
                                   .actor = value_get_text(entry, "actor"),
                                   .role = value_get_text(entry, "role"),
                                   .parties = pairs,
                                   .party_count = parties};
    if (!pairs) return error_memory(error);
    for (size_t i = 0; i < parties; i++) pairs[i] = (struct guan_pair){"-", "-"};
    if (value_count(value_get(entry, "sd")) > parties) command.key = "-";
    int code = put_case(again, entry, error);
    if (code == GUAN_OK) code = load(again, entry, true, error);
    if (code == GUAN_OK) code = open_run(&again->kase, &command, &did, error);
    return code == GUAN_OK ? command_complete(&again->kase, did, NULL, error) : code;
}

static int carry_out(struct again *again, const struct value *entry, const struct guan_command *command, struct guan_error *error)
{
    int code = load(again, entry, again->replay.accepted, error);
    if (code == GUAN_OK) code = command_carry_out(&again->kase, command, NULL, error);
    return code == GUAN_NO ? GUAN_OK : code; /* a refusal is written, and compared */
}

/* --- refusals
 * ---------------------------------------------------------------------------------------------------------------------- */

static int refused_the_same(struct again *again, const struct value *entry, const struct guan_command *command, bool *same,
                            struct guan_error *error)
{
    struct guan_error why = {0};
    struct value *did = NULL;
    const struct refusal *refusal = &again->kase.refusal;
    int code = load(again, entry, false, error);
    *same = false;
    if (code == GUAN_OK) code = timers_fire(&again->kase, error);
    if (code != GUAN_OK || command_perform(&again->kase, command, &did, &why) != GUAN_NO) return code;
    *same = text_equal(value_get_text(entry, "code"), refusal->code ? refusal->code : "GUARD_BLOCKED") &&
            text_equal(value_get_text(entry, "rule"), refusal->code ? refusal->reason : why.rule) &&
            (!refusal->session || text_equal(value_get_text(entry, "sess"), refusal->session));
    return GUAN_OK;
}

/* What is recorded goes on as it stands: the acting entry and its followers. */
static int take(struct again *again, const struct value *entry, struct guan_error *error)
{
    static const char *const framed[] = {"v", "case", "n", "prev"};
    struct kase *kase = &again->kase;
    int code = load(again, entry, true, error);
    if (code != GUAN_OK) return code;
    for (size_t i = again->done; i < again->replay.count; i++) {
        struct value *copy = value_copy(kase->arena, again->replay.entries[i]);
        if (i > again->done && replay_acts(copy)) break;
        for (size_t k = 0; k < sizeof framed / sizeof *framed; k++)
            if (copy) value_remove(copy, framed[k]);
        const char *fid = value_get_text(copy, "fid"), *number = fid && fid[0] == 'F' ? fid + 1 : "";
        uint32_t id = 0;
        for (; *number >= '0' && *number <= '9' && id < UINT32_MAX / 10 - 1; number++) id = id * 10 + (uint32_t)(*number - '0');
        if (id > kase->world.findings) kase->world.findings = id;
        if (i == again->done) kase->acting_entry = copy;
        else journal_follow(kase, copy);
        again->report->given++;
    }
    code = journal_write(kase, error);
    return code == GUAN_OK && !replay_holds(kase) ? kase_save(kase, error) : code;
}

/* The entry says NAME, and the session that refused: what was typed was NAME or PROCESS.NAME. */
static int refuse_again(struct again *again, const struct value *entry, struct guan_error *error)
{
    struct guan_command command;
    bool known, same = true;
    const char *session = value_get_text(entry, "sess"), *name;
    int code = replay_tried(again->guan, again->live->id, entry, again->arena, &command, &known, error);
    if (code != GUAN_OK || !known) return code == GUAN_OK ? take(again, entry, error) : code;
    name = command.name;
    if (session && name && command.verb != GUAN_AMEND) {
        command.name = arena_printf(again->arena, "%.*s.%s", (int)strcspn(session, "#"), session, name);
        code = refused_the_same(again, entry, &command, &same, error);
    }
    if (!same) command.name = name;
    if (command.verb == GUAN_AMEND) command.name = NULL;
    return code == GUAN_OK ? carry_out(again, entry, &command, error) : code;
}

/* --- the case
 * ---------------------------------------------------------------------------------------------------------------------- */

static int perform(struct again *again, const struct value *entry, struct guan_error *error)
{
    static const char *const accepted[] = {"step", "event", "waive", "amend", "assign"};
    const char *kind = value_get_text(entry, "kind"), *tried = value_get_text(entry, "tried");
    struct guan_command command;
    again->replay.accepted = false;
    if (text_equal(kind, "open")) return open_again(again, entry, error);
    if (text_equal(kind, "timer") || (text_equal(kind, "refuse") && text_equal(tried, "timer"))) return fire(again, entry, error);
    if (text_equal(kind, "refuse")) return refuse_again(again, entry, error);
    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
        if (!text_equal(kind, accepted[i])) continue;
        int code = replay_input(&again->replay, entry, again->arena, &command, error);
        return code == GUAN_OK ? carry_out(again, entry, &command, error) : code;
    }
    return take(again, entry, error);
}

/* What the first entry fixes: the definition, the dealer. */
static int begin(struct again *again, struct guan_error *error)
{
    const struct value *first = again->replay.entries[0], *facts = value_get(first, "facts");
    const char *def = value_get_text(first, "def");
    again->dealer = value_get_text(facts, "dealer");
    if (!text_equal(value_get_text(first, "kind"), "open") || !def || !hash_from_hex(def, &again->def) || !again->dealer ||
        !value_get_text(facts, "process"))
        replay_differs(again->report, "entry", NULL, 1, "the first entry does not open the case");
    return store_begin(again->scratch->store, true, error);
}

/* Performs the entry that is next, and holds what came of it against the record. */
static int step(struct again *again, struct guan_error *error)
{
    struct replay_report *report = again->report;
    const struct value *entry = again->replay.entries[again->done];
    struct guan_error why = {0};
    if (!replay_acts(entry)) {
        replay_differs(report, "entry", NULL, again->done + 1, "nothing that came before leads to this entry");
        return replay_difference(again->arena, entry, NULL, report, error);
    }
    int code = set_house(again, entry, error);
    if (code != GUAN_OK || report->status != REPLAY_IDENTICAL) return code;
    int performed = perform(again, entry, &why);
    if (performed == GUAN_FAILED) {
        *error = why;
        return performed;
    }
    size_t now = again->loaded ? (size_t)again->kase.row.n : again->done;
    code = replay_compare(again->scratch, again->rows, again->replay.count, again->done, now, again->arena, report, error);
    if (code != GUAN_OK || report->status != REPLAY_IDENTICAL) return code;
    if (performed != GUAN_OK || now <= again->done) {
        replay_differs(report, "entry", NULL, now + 1,
                       why.text[0] ? arena_printf(again->arena, "%s", why.text) : "nothing happens now where it did then");
        report->key = "kind";
        return replay_difference(again->arena, value_get(entry, "kind"), NULL, report, error);
    }
    again->done = now;
    return GUAN_OK;
}

static int run(struct again *again, struct guan_error *error)
{
    struct replay_report *report = again->report;
    *report = (struct replay_report){0};
    again->done = 0;
    again->replay.holds = false;
    again->scratch->replay = &again->replay;
    int code = begin(again, error);
    while (code == GUAN_OK && report->status == REPLAY_IDENTICAL && again->done < again->replay.count) code = step(again, error);
    if (code != GUAN_OK || report->status != REPLAY_IDENTICAL) again->replay.holds = false; /* half a command is not kept */
    int put = put_away(again, error);
    if (code == GUAN_OK) code = put;
    if (code == GUAN_OK && report->status == REPLAY_IDENTICAL)
        code = replay_reconcile(again->guan, again->scratch, again->live, again->arena, report, error);
    store_rollback(again->scratch->store);
    again->scratch->replay = NULL;
    return code;
}

int replay_case(struct guan *guan, struct guan *scratch, const struct case_row *row, struct arena *arena,
                struct replay_report *report, struct guan_error *error)
{
    struct guan_error local;
    struct again again = {.guan = guan, .scratch = scratch, .live = row, .arena = arena, .report = report};
    if (!error) error = &local;
    *report = (struct replay_report){0};
    int code = read_secret(&again, error);
    if (code == GUAN_OK) code = read_entries(&again, error);
    if (code == GUAN_OK) code = comparable(&again, error);
    if (code != GUAN_OK || report->status != REPLAY_IDENTICAL) return code;
    code = run(&again, error);
    again.faithful = true;
    if (code == GUAN_OK && report->status == REPLAY_DIFFERENT) code = run(&again, error);
    return code == GUAN_OK && arena_failed(arena) ? error_memory(error) : code;
}
