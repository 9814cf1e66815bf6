/* Proofs for strangers: that an entry is in the newest checkpoint, that the newest checkpoint goes on from an older one. Each is
 * verified before it is given away: the store's own hashes are not trusted. */
#include "audit/desk.h"

#include <string.h>

/* The N of CASE:N, a plain number; false when the text does not end so. */
static bool split_number(struct arena *arena, const char *what, const char **kase, uint64_t *n)
{
    const char *colon = strrchr(what, ':'), *at = colon ? colon + 1 : what;
    *n = 0;
    if (!*at || strlen(at) > 15 || (colon && text_equal(colon, what))) return false;
    for (const char *c = at; *c; c++) {
        if (*c < '0' || *c > '9') return false;
        *n = *n * 10 + (uint64_t)(*c - '0');
    }
    *kase = colon ? arena_text(arena, what, (size_t)(colon - what)) : NULL;
    return true;
}

struct wanted {
    uint64_t n;
    struct entry_row row;
    bool found;
};

static int take_entry(void *user, const struct entry_row *row, const struct value *entry)
{
    struct wanted *wanted = user;
    if (value_get_int(entry, "n") != (int64_t)wanted->n) return GUAN_OK;
    wanted->row = *row;
    wanted->found = true;
    return GUAN_OK;
}

static int find_case(struct guan *guan, const char *name, struct case_row *row, struct guan_error *error)
{
    return strcmp(name, "-") == 0 ? store_case(guan->store, guan->arena, "-", row, error) : resolve_case(guan, name, row, error);
}

/* CASE, CASE:N or an index; a key of a customer may end like CASE:N, so a case of that very name comes first. */
static int find_entry(struct guan *guan, const char *what, struct entry_row *out, struct guan_error *error)
{
    struct case_row row = {0};
    struct wanted wanted = {0};
    const char *kase = NULL;
    struct guan_error ignored = {0};
    bool number = split_number(guan->arena, what, &kase, &wanted.n);
    if (number && !kase) return store_entry(guan->store, guan->arena, wanted.n, out, error);
    int code = find_case(guan, what, &row, number ? &ignored : error);
    bool whole = code == GUAN_OK;
    if (number && code == GUAN_USAGE) code = find_case(guan, kase, &row, error);
    if (code == GUAN_OK && whole) wanted.n = row.n;
    if (code == GUAN_OK) code = ledger_case_each(guan->store, &row, guan->arena, take_entry, &wanted, error);
    if (code != GUAN_OK) return code;
    *out = wanted.row;
    if (wanted.found) return GUAN_OK;
    return error_set(error, GUAN_USAGE, "no-such-entry", "case %s has %llu entries", row.id, (unsigned long long)row.n);
}

static int not_sealed(const struct entry_row *row, uint64_t size, struct guan_error *error)
{
    error_set(error, GUAN_NO, "not-sealed", "leaf %llu is not sealed yet: the newest checkpoint is of %llu entries",
              (unsigned long long)row->index, (unsigned long long)size);
    error_hint(error, "guan audit checkpoint");
    return GUAN_NO;
}

static int not_so(struct guan_error *error, const char *text)
{
    error_set(error, GUAN_TAMPERED, "ledger", "%s", text);
    error_hint(error, "run guan audit verify");
    return GUAN_TAMPERED;
}

static int prove_entry(struct guan *guan, const char *what, struct value *map, struct guan_error *error)
{
    struct entry_row row;
    struct sealed sealed = {0};
    struct proof proof;
    struct hash leaf;
    struct value *entry;
    int code = find_entry(guan, what, &row, error);
    if (code == GUAN_OK) code = sealed_newest(guan, &sealed, error);
    if (code == GUAN_OK && row.index >= sealed.row.size) code = not_sealed(&row, sealed.row.size, error);
    if (code == GUAN_OK) code = proof_inclusion(guan->store, guan->arena, row.index, sealed.row.size, &proof, error);
    if (code == GUAN_OK && merkle_leaf(row.bytes, row.length, &leaf)) code = error_memory(error);
    if (code == GUAN_OK) code = json_read(guan->arena, row.bytes, row.length, &entry, error);
    if (code != GUAN_OK) return code;
    if (!merkle_verify_inclusion(row.index, sealed.row.size, &leaf, proof.hashes, proof.count, &sealed.checkpoint.root))
        return not_so(error, "there is no proof: the entry or the tree is not what the checkpoint was signed over");
    struct buffer text = {0};
    proof_write(&text, &row, &proof, sealed.row.note, sealed.row.length);
    value_set_int(guan->arena, map, "index", (int64_t)row.index);
    value_set_text(guan->arena, map, "case", value_get_text(entry, "case"));
    value_set_int(guan->arena, map, "n", value_get_int(entry, "n"));
    value_set_int(guan->arena, map, "size", (int64_t)sealed.row.size);
    value_set(guan->arena, map, "proof", value_text_n(guan->arena, text.data, text.length));
    code = text.failed ? error_memory(error) : GUAN_OK;
    buffer_release(&text);
    return code;
}

/* In the form in which witnesses take it: `old N`, the hashes, an empty line, the new checkpoint. */
static int prove_since(struct guan *guan, const char *from, struct value *map, struct guan_error *error)
{
    struct sealed old = {0}, sealed = {0};
    struct proof proof;
    struct buffer text = {0};
    int code = desk_read(guan->arena, from, NOTE_BYTES, &old.row.note, &old.row.length, error);
    if (code == GUAN_OK && sealed_read(&old, from, error) != GUAN_OK) code = GUAN_USAGE;
    if (code == GUAN_OK) code = sealed_newest(guan, &sealed, error);
    if (code != GUAN_OK) return code;
    if (strcmp(old.checkpoint.origin, sealed.checkpoint.origin) != 0)
        return error_set(error, GUAN_USAGE, "checkpoint", "%s is a checkpoint of another ledger: %s", from,
                         old.checkpoint.origin);
    if (old.row.size > sealed.row.size)
        return not_so(error, "the older checkpoint is of more entries than the newest: the end is cut off");
    proof.count = 0;
    if (old.row.size > 0) code = proof_consistency(guan->store, guan->arena, old.row.size, sealed.row.size, &proof, error);
    if (code != GUAN_OK) return code;
    if (!merkle_verify_consistency(old.row.size, sealed.row.size, &old.checkpoint.root, &sealed.checkpoint.root, proof.hashes,
                                   proof.count))
        return not_so(error, "the newest checkpoint does not go on from the older one: this is a fork");
    buffer_printf(&text, "old %llu\n", (unsigned long long)old.row.size);
    for (size_t i = 0; i < proof.count; i++) {
        base64_add(&text, proof.hashes[i].bytes, HASH_BYTES);
        buffer_byte(&text, '\n');
    }
    buffer_byte(&text, '\n');
    buffer_add(&text, sealed.row.note, sealed.row.length);
    value_set_int(guan->arena, map, "size1", (int64_t)old.row.size);
    value_set_int(guan->arena, map, "size2", (int64_t)sealed.row.size);
    value_set(guan->arena, map, "proof", value_text_n(guan->arena, text.data, text.length));
    code = text.failed ? error_memory(error) : GUAN_OK;
    buffer_release(&text);
    return code;
}

int guan_prove(struct guan *guan, const char *what, const char *from, const struct guan_sink *sink, struct guan_error *error)
{
    arena_reset(guan->arena);
    struct value *map = value_map(guan->arena);
    int code = store_begin(guan->store, false, error);
    if (code == GUAN_OK && !what && !from) code = error_set(error, GUAN_USAGE, "no-entry", "which entry?");
    if (code == GUAN_OK) code = from ? prove_since(guan, from, map, error) : prove_entry(guan, what, map, error);
    store_rollback(guan->store);
    return code == GUAN_OK ? answer_put(sink, map, error) : code;
}
