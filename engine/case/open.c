/* Opens a case: pinned to the newest definition, with a secret of its own and the parties' names apart from the record. */
#include "case/replay.h"

#include <string.h>

static int choose_dealer(struct guan *guan, const char *wanted, const char **out, struct guan_error *error)
{
    const char *dealers;
    int code = store_info(guan->store, guan->arena, "dealers", &dealers, error);
    if (code != GUAN_OK) return code;
    if (!dealers) {
        error_set(error, GUAN_USAGE, "not-deployed", "nothing is deployed in this store yet");
        return error_hint(error, "guan deploy DIR publishes the flows and the dealers");
    }
    *out = wanted ? wanted : dealers;
    if (wanted || !strchr(dealers, ' ')) return GUAN_OK;
    return error_set(error, GUAN_USAGE, "which-dealer", "there are several dealers here: say --dealer, one of: %s", dealers);
}

/* Roles are part of the record; names are apart. */
static int put_parties(struct guan *guan, const struct guan_command *command, const char *id, struct value *parties,
                       struct guan_error *error)
{
    int code = GUAN_OK;
    for (size_t i = 0; i < command->party_count && code == GUAN_OK; i++) {
        const struct guan_pair *pair = &command->parties[i];
        struct name_row name = {arena_printf(guan->arena, "party:%zu", i + 1), pair->name, pair->value};
        struct value *map = value_map(guan->arena);
        value_set_text(guan->arena, map, "id", name.id);
        value_set_text(guan->arena, map, "role", pair->value);
        value_add(guan->arena, parties, map);
        code = name.id ? store_name_put(guan->store, id, &name, error) : error_memory(error);
    }
    if (code != GUAN_OK || !command->key) return code;
    struct name_row key = {"key", command->key, ""};
    return store_name_put(guan->store, id, &key, error);
}

static int check_key(struct guan *guan, const char *key, struct hash *out, struct guan_error *error)
{
    struct case_row row;
    struct guan_error local;
    error_clear(&local);
    int code = resolve_key(guan, key, out, error);
    if (code != GUAN_OK) return code;
    code = store_case_by_key(guan->store, guan->arena, out, &row, &local);
    if (code == GUAN_USAGE) return GUAN_OK;
    if (code == GUAN_OK) return error_set(error, GUAN_USAGE, "key-taken", "there is a case with this key already: %s", row.id);
    if (error) *error = local;
    return code;
}

static int check_roles(const struct setting *setting, const struct guan_command *command, struct guan_error *error)
{
    for (size_t i = 0; i < command->party_count; i++)
        if (!catalogue_role(setting->catalogue, command->parties[i].value))
            return error_set(error, GUAN_USAGE, "unknown-role", "there is no role \"%s\" (of %s)", command->parties[i].value,
                             command->parties[i].name);
    return GUAN_OK;
}

static int make_row(struct guan *guan, const struct guan_command *command, const char *dealer, struct case_row *row,
                    struct guan_error *error)
{
    const char *hex;
    struct hash secret;
    struct buffer state = {0};
    struct value *map = value_map(guan->arena), *parties = value_list(guan->arena);
    struct setting *setting;
    memset(row, 0, sizeof *row);
    int code = store_info(guan->store, guan->arena, "def", &hex, error);
    if (code == GUAN_OK && (!hex || !hash_from_hex(hex, &row->def)))
        code = error_set(error, GUAN_TAMPERED, "def", "the store has lost its definition");
    if (code == GUAN_OK) code = setting_get(guan, &row->def, dealer, &setting, error);
    if (code == GUAN_OK) code = check_roles(setting, command, error);
    if (code == GUAN_OK && command->key) code = check_key(guan, command->key, &row->key, error);
    if (code == GUAN_OK) code = guan->random(guan->random_user, secret.bytes, sizeof secret.bytes);
    if (code != GUAN_OK) return code;
    row->id = guan_new_id(guan, guan->arena);
    row->dealer = dealer;
    row->process = command->name;
    row->rec = INSTANT_NONE;
    value_set(guan->arena, map, "parties", parties);
    row->state = "{}";
    row->state_length = 2;
    code = row->id ? store_case_add(guan->store, row, error) : error_memory(error);
    if (code == GUAN_OK) code = store_secret_put(guan->store, row->id, &secret, error);
    if (code == GUAN_OK) code = put_parties(guan, command, row->id, parties, error);
    json_write(&state, map);
    row->state = arena_text(guan->arena, state.data, state.length);
    row->state_length = state.length;
    buffer_release(&state);
    return code == GUAN_OK && arena_failed(guan->arena) ? error_memory(error) : code;
}

static void open_personal(struct kase *kase, const struct guan_command *command)
{
    struct personal *personal = arena_alloc(kase->arena, (command->party_count + 1) * sizeof *personal);
    size_t count = 0;
    if (!personal) return;
    for (size_t i = 0; i < command->party_count; i++)
        personal[count++] = (struct personal){.path = arena_printf(kase->arena, "party.%zu", i + 1),
                                              .value = value_text(kase->arena, command->parties[i].name)};
    if (command->key) personal[count++] = (struct personal){.path = "key", .value = value_text(kase->arena, command->key)};
    kase->personal = personal;
    kase->personal_count = count;
}

int open_run(struct kase *kase, const struct guan_command *command, struct value **did, struct guan_error *error)
{
    struct guan *guan = kase->guan;
    const char *origin = NULL;
    const struct chart *chart;
    struct session *session;
    struct actor *actors;
    size_t count;
    char hex[HASH_HEX];
    int code = who_actors(kase, command, &actors, &count, error);
    if (code == GUAN_OK) code = bundle_chart(kase->setting->bundle, command->name, &chart, error);
    if (code == GUAN_OK) code = store_info(guan->store, guan->arena, "origin", &origin, error);
    if (code != GUAN_OK) return code;
    kase_moment(kase, kase->at, kase->rec, &actors[0], NULL);
    struct value *entry = journal_acting(kase, "open", &actors[0], NULL, command->role), *facts = value_map(kase->arena);
    hash_hex(&kase->row.def, hex);
    value_set_text(kase->arena, entry, "def", hex);
    value_set_text(kase->arena, entry, "origin", origin);
    value_set(kase->arena, facts, "parties", value_get(kase->state, "parties"));
    value_set_text(kase->arena, facts, "process", command->name);
    value_set_text(kase->arena, facts, "dealer", kase->row.dealer);
    value_set(kase->arena, entry, "facts", facts);
    open_personal(kase, command);
    code = tree_start(kase->tree, chart, NULL, kase->rec, &session, error);
    if (code == GUAN_OK) value_set_text(kase->arena, entry, "sess", session_id(session));
    if (code == GUAN_OK) code = kase_run(kase, error);
    *did = value_map(kase->arena);
    value_set_text(kase->arena, *did, "kind", "open");
    value_set_text(kase->arena, *did, "process", command->name);
    value_set_text(kase->arena, *did, "title", chart->title);
    return code;
}

int open_case(struct guan *guan, const struct guan_command *command, struct kase *kase, struct value **did,
              struct guan_error *error)
{
    struct case_row row;
    const char *dealer = NULL;
    int code = choose_dealer(guan, command->dealer, &dealer, error);
    if (code == GUAN_OK) code = make_row(guan, command, dealer, &row, error);
    if (code == GUAN_OK) code = kase_load(guan, &row, kase, error);
    if (code != GUAN_OK) return code;
    kase->cause = command->id ? command->id : guan_new_id(guan, guan->arena);
    code = resolve_times(guan, kase->setting->house->zone, INSTANT_NONE, command, &kase->at, &kase->rec, error);
    return code == GUAN_OK ? open_run(kase, command, did, error) : code;
}
