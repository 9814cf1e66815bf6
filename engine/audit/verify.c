/* audit verify: the record recomputed, and held against what was seen outside it. */
#include "audit/desk.h"
#include "audit/evidence.h"

#include <string.h>
#include <sys/stat.h>

/* What --against brought, and who stands behind it. */
struct outside {
    const char *file;
    struct sealed sealed;
    struct receipt receipt;
    struct ledger_witness witness;
    bool is_receipt;
    instant stamped; /* INSTANT_NONE: no time stamp */
};

static int read_stamp(struct guan *guan, const struct guan_verify_options *options, struct outside *outside,
                      struct guan_error *error)
{
    const char *path = arena_printf(guan->arena, "%s.tsr", options->against), *token;
    struct stat status;
    size_t length;
    outside->stamped = INSTANT_NONE;
    if (!path) return error_memory(error);
    if (stat(path, &status) != 0) return GUAN_OK;
    int code = desk_read(guan->arena, path, NOTE_BYTES, &token, &length, error);
    if (code == GUAN_OK)
        code = stamp_verify(token, length, outside->sealed.row.note, outside->sealed.row.length, options->authority,
                            &outside->stamped, error);
    if (code != GUAN_OK) error_where(error, "%s", path);
    return code;
}

static int read_outside(struct guan *guan, const struct guan_verify_options *options, struct outside *out,
                        struct guan_error *error)
{
    const char *text;
    size_t length;
    *out = (struct outside){.file = options->against};
    int code = desk_read(guan->arena, options->against, NOTE_BYTES, &text, &length, error);
    if (code != GUAN_OK) return code;
    out->is_receipt = receipt_is(text);
    out->sealed.row = (struct checkpoint_row){.note = text, .length = length};
    if (out->is_receipt) {
        code = receipt_read(text, &out->receipt, error);
        out->witness = (struct ledger_witness){out->receipt.size, out->receipt.root};
    } else {
        if (sealed_read(&out->sealed, options->against, error) != GUAN_OK) code = GUAN_USAGE;
        out->witness = (struct ledger_witness){out->sealed.checkpoint.size, out->sealed.checkpoint.root};
    }
    return code == GUAN_OK ? read_stamp(guan, options, out, error) : code;
}

/* --- who signed it ---------------------------------------------------------------------------------------------------- */

static void add_signer(struct guan *guan, struct value *list, const char *name, uint64_t time)
{
    struct value *one = value_map(guan->arena);
    char text[INSTANT_TEXT];
    value_set_text(guan->arena, one, "name", name);
    if (time && time < 253402300800u) {
        instant_format((instant)time * MS_SECOND, text);
        value_set_text(guan->arena, one, "time", text);
    }
    value_add(guan->arena, list, one);
}

static int not_signed(const struct note_key *key, const char *what, struct guan_error *error)
{
    error_set(error, GUAN_TAMPERED, "signature", "%s has not signed this checkpoint", key->name);
    error_where(error, "%s", what);
    error_hint(error, "is it the right file, and the right key?");
    return GUAN_TAMPERED;
}

/* Does the key stand behind the note, or the receipt? */
static int signed_by(const struct outside *outside, const struct note *note, const struct note_key *key, bool *valid,
                     uint64_t *time, struct guan_error *error)
{
    *time = 0;
    if (!outside || !outside->is_receipt) return note_verify(note, key, valid, time, error);
    *valid = receipt_signed_by(&outside->receipt, key);
    return GUAN_OK;
}

/* The keys from outside all have to have signed; of the ledger's own, those that have are told. */
static int check_signers(struct guan *guan, const struct guan_verify_options *options, const struct outside *outside,
                         const struct note *note, const struct ledger_report *report, struct value *list,
                         struct guan_error *error)
{
    const char *what = outside ? outside->file : "the newest checkpoint";
    bool valid;
    uint64_t time;
    int code = GUAN_OK;
    for (size_t i = 0; i < options->key_count && code == GUAN_OK; i++) {
        struct note_key key;
        if (note_key_read(options->keys[i], strlen(options->keys[i]), &key, error) != GUAN_OK) return GUAN_USAGE;
        code = signed_by(outside, note, &key, &valid, &time, error);
        if (code == GUAN_OK && !valid) return not_signed(&key, what, error);
        if (code == GUAN_OK) add_signer(guan, list, key.name, time);
    }
    for (size_t i = 0; i < report->key_count && code == GUAN_OK && !options->key_count; i++) {
        code = signed_by(outside, note, &report->keys[i], &valid, &time, error);
        if (code == GUAN_OK && valid) add_signer(guan, list, report->keys[i].name, time);
    }
    return code;
}

/* --- what comes out --------------------------------------------------------------------------------------------------- */

static struct value *bad_answer(struct guan *guan, const struct ledger_report *report)
{
    struct value *map = value_map(guan->arena), *bad = value_map(guan->arena);
    value_set_int(guan->arena, bad, "index", (int64_t)report->bad_index);
    value_set_text(guan->arena, bad, "case", report->bad_case);
    value_set_int(guan->arena, bad, "n", (int64_t)report->bad_n);
    value_set_text(guan->arena, bad, "text", report->text);
    value_set(guan->arena, map, "bad", bad);
    return map;
}

static struct value *good_answer(struct guan *guan, const struct ledger_report *report)
{
    struct value *map = value_map(guan->arena), *keys = value_list(guan->arena);
    char hex[HASH_HEX];
    hash_hex(&report->root, hex);
    value_set_int(guan->arena, map, "entries", (int64_t)report->entries);
    value_set_int(guan->arena, map, "cases", (int64_t)report->cases);
    value_set_int(guan->arena, map, "size", (int64_t)report->entries);
    value_set_text(guan->arena, map, "root", hex);
    value_set_int(guan->arena, map, "sealed", (int64_t)report->sealed);
    value_set_int(guan->arena, map, "unsealed", (int64_t)(report->entries - report->sealed));
    value_set_int(guan->arena, map, "checkpoints", (int64_t)report->checkpoints);
    for (size_t i = 0; i < report->key_count; i++) {
        struct buffer text = {0};
        note_key_write(&text, &report->keys[i]);
        if (!text.failed) value_add(guan->arena, keys, value_text_n(guan->arena, text.data, text.length));
        buffer_release(&text);
    }
    value_set(guan->arena, map, "keys", keys);
    if (report->restored.size) {
        struct value *restored = value_map(guan->arena);
        value_set_int(guan->arena, restored, "index", (int64_t)report->restored.index);
        value_set_int(guan->arena, restored, "size", (int64_t)report->restored.size);
        value_set(guan->arena, map, "restored", restored);
    }
    if (report->doubt.back) {
        struct value *back = value_map(guan->arena);
        value_set_int(guan->arena, back, "count", (int64_t)report->doubt.back);
        value_set_int(guan->arena, back, "index", (int64_t)report->doubt.back_index);
        value_set(guan->arena, map, "back", back);
    }
    return map;
}

static void add_against(struct guan *guan, struct value *map, const struct outside *outside, struct value *signers, bool lost)
{
    struct value *against = value_map(guan->arena);
    char text[INSTANT_TEXT];
    value_set_text(guan->arena, against, "file", outside->file);
    value_set_text(guan->arena, against, "kind", outside->is_receipt ? "receipt" : "checkpoint");
    value_set_int(guan->arena, against, "size", (int64_t)outside->witness.size);
    desk_set_root(guan->arena, against, "root", &outside->witness.root);
    value_set(guan->arena, against, "signed", signers);
    if (lost) value_set_bool(guan->arena, against, "lost", true);
    if (outside->stamped != INSTANT_NONE) {
        instant_format(outside->stamped, text);
        value_set_text(guan->arena, against, "stamp", text);
    }
    value_set(guan->arena, map, "against", against);
}

/* A mistake in the question, or the whole record was made anew under another name. */
static int same_ledger(const struct outside *outside, const struct ledger_report *report, struct guan_error *error)
{
    const char *origin = outside->is_receipt ? outside->receipt.origin : outside->sealed.checkpoint.origin;
    if (!report->key_count || strcmp(origin, report->keys[0].name) == 0) return GUAN_OK;
    error_set(error, GUAN_TAMPERED, "checkpoint", "this is of the ledger %s, and the record here is of %s", origin,
              report->keys[0].name);
    error_where(error, "%s", outside->file);
    error_hint(error, "either the file is the wrong one, or the record was made anew as a whole");
    return GUAN_TAMPERED;
}

static int recompute(struct guan *guan, const struct guan_verify_options *options, const struct outside *outside,
                     struct ledger_report *report, struct value **answer, struct guan_error *error)
{
    struct ledger_watch watch = {.witnesses = &outside->witness,
                                 .witness_count = options->against ? 1 : 0,
                                 .progress = options->progress,
                                 .user = options->user};
    struct value *signers = value_list(guan->arena);
    struct sealed newest = {0};
    int code = ledger_verify(guan->store, &watch, report, error);
    if (code == GUAN_OK) code = evidence_verify(guan, report, error);
    if (code == GUAN_TAMPERED || code == GUAN_OK) *answer = report->bad ? bad_answer(guan, report) : good_answer(guan, report);
    if (options->against && (code == GUAN_OK || code == GUAN_TAMPERED)) {
        int same = same_ledger(outside, report, error);
        if (same != GUAN_OK) return *answer = NULL, same;
    }
    if (code != GUAN_OK) return code;
    if (!options->against && options->key_count) code = sealed_newest(guan, &newest, error);
    if (code == GUAN_OK && (options->against || options->key_count))
        code = check_signers(guan, options, options->against ? outside : NULL,
                             options->against ? &outside->sealed.note : &newest.note, report, signers, error);
    if (code == GUAN_OK && options->against) add_against(guan, *answer, outside, signers, report->restored.needed);
    if (code != GUAN_OK) *answer = NULL; /* the error says it */
    return code;
}

int guan_verify_against(struct guan *guan, const struct guan_verify_options *options, const struct guan_sink *sink,
                        struct guan_error *error)
{
    static const struct guan_verify_options none = {0};
    struct arena *arena = guan->arena;
    struct ledger_report *report;
    struct outside *outside;
    struct value *answer = NULL;
    if (!options) options = &none;
    arena_reset(arena);
    report = arena_alloc(arena, sizeof *report);
    outside = arena_alloc(arena, sizeof *outside);
    int code = report && outside ? GUAN_OK : error_memory(error);
    if (code == GUAN_OK && options->against) code = read_outside(guan, options, outside, error);
    if (code == GUAN_OK) code = store_begin(guan->store, false, error);
    if (code != GUAN_OK) return code;
    code = recompute(guan, options, outside, report, &answer, error);
    store_rollback(guan->store);
    if (!answer) return code;
    int put = answer_put(sink, answer, error);
    return put != GUAN_OK ? put : code;
}

int guan_verify(struct guan *guan, const struct guan_sink *sink, struct guan_error *error)
{
    return guan_verify_against(guan, NULL, sink, error);
}
