/* The completeness statement: what was asked, what was counted, and where the ledger stood, so that whoever holds the export can
 * tell whether something was left out of it. */
#include "audit/desk.h"
#include "audit/dossier.h"

#include <string.h>

void count_add(struct arena *arena, struct value *map, const char *key, int64_t by)
{
    value_set_int(arena, map, key, value_get_int(map, key) + by);
}

static int find_seal(struct guan *guan, struct statement *statement, struct guan_error *error)
{
    struct checkpoint_row row;
    int code = store_checkpoint_last(guan->store, statement->arena, &row, error);
    if (code == GUAN_USAGE) return GUAN_OK; /* "no-such-checkpoint" */
    if (code != GUAN_OK) return code;
    statement->sealed = row.size;
    statement->note = arena_text(statement->arena, row.note, row.length);
    return statement->note ? GUAN_OK : error_memory(error);
}

int statement_begin(struct guan *guan, const struct guan_period *asked, struct arena *arena, struct statement *out,
                    struct guan_error *error)
{
    struct ledger_head head;
    const char *house = NULL;
    *out = (struct statement){.period = {.asked = asked}, .arena = arena, .first = INSTANT_NONE, .last = INSTANT_NONE};
    out->kinds = value_map(arena);
    if (asked && asked->dealer) {
        int code = store_info(guan->store, arena, arena_printf(arena, "house.%s", asked->dealer), &house, error);
        if (code != GUAN_OK) return code;
        if (!house) return error_set(error, GUAN_USAGE, "unknown-dealer", "dealer \"%s\" is not deployed here", asked->dealer);
    }
    int code = store_head(guan->store, &head, error);
    if (code == GUAN_OK && merkle_root(&head, &out->ledger_root) != GUAN_OK) code = error_memory(error);
    out->ledger_size = head.size;
    return code == GUAN_OK ? find_seal(guan, out, error) : code;
}

int statement_add(struct statement *statement, const struct dossier *dossier, struct guan_error *error)
{
    statement->cases++;
    statement->open_cases += !dossier->row->ended;
    statement->zone = dossier->setting->house->zone;
    for (size_t i = 0; i < dossier->count; i++) {
        const struct dossier_entry *e = &dossier->entries[i];
        if (!e->inside) continue;
        statement->entries++;
        count_add(statement->arena, statement->kinds, e->kind, 1);
        if (statement->first == INSTANT_NONE || e->rec < statement->first) statement->first = e->rec;
        if (statement->last == INSTANT_NONE || e->rec > statement->last) statement->last = e->rec;
        if (merkle_add(&statement->leaves, &e->leaf) != GUAN_OK) return error_memory(error);
    }
    return GUAN_OK;
}

static void set_time(const struct statement *statement, struct value *map, const char *key, instant at)
{
    char text[40];
    if (at == INSTANT_NONE) return;
    instant_format(at, text);
    value_set_text(statement->arena, map, key, text);
    instant_format_local(statement->zone, at, false, text, sizeof text);
    value_set_text(statement->arena, map, arena_printf(statement->arena, "%s_local", key), text);
}

struct value *statement_value(struct guan *guan, const struct statement *statement)
{
    struct arena *arena = statement->arena;
    const struct guan_period *asked = statement->period.asked;
    struct value *map = value_map(arena), *query = value_map(arena), *counts = value_map(arena), *checkpoint = value_map(arena);
    char hex[HASH_HEX];
    struct hash root;
    value_set_text(arena, query, "since", asked ? asked->since : NULL);
    value_set_text(arena, query, "until", asked ? asked->until : NULL);
    value_set_text(arena, query, "dealer", asked ? asked->dealer : NULL);
    value_set(arena, map, "query", query);
    value_set_int(arena, counts, "cases", (int64_t)statement->cases);
    value_set_int(arena, counts, "entries", (int64_t)statement->entries);
    value_set(arena, counts, "kinds", statement->kinds);
    value_set(arena, map, "counts", counts);
    set_time(statement, map, "first", statement->first);
    set_time(statement, map, "last", statement->last);
    value_set_int(arena, checkpoint, "size", (int64_t)statement->ledger_size);
    desk_set_root(arena, checkpoint, "root", &statement->ledger_root);
    hash_hex(&statement->ledger_root, hex);
    value_set_text(arena, checkpoint, "root_hex", hex);
    value_set_int(arena, checkpoint, "sealed", (int64_t)statement->sealed);
    value_set_text(arena, checkpoint, "note", statement->note);
    value_set(arena, map, "checkpoint", checkpoint);
    if (merkle_root(&statement->leaves, &root) == GUAN_OK) {
        hash_hex(&root, hex);
        value_set_text(arena, map, "entries_root", hex);
    }
    value_set_text(arena, map, "guan", guan_version());
    value_set_bool(arena, map, "virtual", (store_flags(guan->store) & STORE_VIRTUAL) != 0);
    value_set_bool(arena, map, "claimed", (store_flags(guan->store) & (STORE_VIRTUAL | STORE_CLAIMED)) != 0);
    return map;
}
