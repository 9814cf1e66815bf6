/* audit verify: the record recomputed, and held against what was seen outside it. */
#include "audit/evidence.h"
#include "audit/outside.h"

#include <stdio.h>
#include <string.h>

/* --- what comes out --------------------------------------------------------------------------------------------------- */

static struct value *bad_answer(struct guan *guan, const struct ledger_report *report)
{
    struct value *map = value_map(guan->arena), *bad = value_map(guan->arena);
    if (report->bad_index != UINT64_MAX) value_set_int(guan->arena, bad, "index", (int64_t)report->bad_index);
    value_set_text(guan->arena, bad, "case", report->bad_case);
    value_set_int(guan->arena, bad, "n", (int64_t)report->bad_n);
    value_set_text(guan->arena, bad, "text", report->text);
    value_set(guan->arena, map, "bad", bad);
    return map;
}

static struct value *restored_answer(struct guan *guan, const struct ledger_restored *restored)
{
    struct value *map = value_map(guan->arena);
    value_set_int(guan->arena, map, "index", (int64_t)restored->index);
    value_set_int(guan->arena, map, "size", (int64_t)restored->size);
    value_set_bool(guan->arena, map, "needed", restored->needed);
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
    desk_set_root(guan->arena, map, "root", &report->root);
    value_set_text(guan->arena, map, "root_hex", hex);
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
    if (report->restored.size) value_set(guan->arena, map, "restored", restored_answer(guan, &report->restored));
    if (report->doubt.back) {
        struct value *back = value_map(guan->arena);
        value_set_int(guan->arena, back, "count", (int64_t)report->doubt.back);
        value_set_int(guan->arena, back, "index", (int64_t)report->doubt.back_index);
        value_set(guan->arena, map, "back", back);
    }
    return map;
}

static void add_against(struct guan *guan, struct value *map, const struct outside *outside, bool lost)
{
    struct value *against = value_map(guan->arena);
    char text[INSTANT_TEXT];
    value_set_text(guan->arena, against, "file", outside->file);
    value_set_text(guan->arena, against, "kind", outside->is_receipt ? "receipt" : "checkpoint");
    value_set_int(guan->arena, against, "size", (int64_t)outside->witness.size);
    desk_set_root(guan->arena, against, "root", &outside->witness.root);
    value_set(guan->arena, against, "signed", outside->signers);
    value_set(guan->arena, against, "unchecked", outside->unsought);
    if (lost) value_set_bool(guan->arena, against, "lost", true);
    if (outside->stamped != INSTANT_NONE) {
        instant_format(outside->stamped, text);
        value_set_text(guan->arena, against, "stamp", text);
    }
    value_set(guan->arena, map, "against", against);
}

/* --- judging ---------------------------------------------------------------------------------------------------------- */

/* A checkpoint that the ledger signed lies in the store, too, unless the store is a backup of before it. */
static int check_kept(struct guan *guan, const struct outside *outside, struct ledger_report *report, struct guan_error *error)
{
    struct checkpoint_row row;
    struct guan_error why = {0};
    const struct ledger_restored *restored = &report->restored;
    if (outside->is_receipt || !outside->own || restored->needed || restored->after >= outside->witness.size) return GUAN_OK;
    int code = store_checkpoint_next(guan->store, guan->arena, outside->witness.size, &row, &why);
    if (code == GUAN_OK && row.size == outside->witness.size) return GUAN_OK;
    if (code != GUAN_OK && code != GUAN_USAGE) return error ? (*error = why, code) : code;
    report->bad = true;
    report->bad_index = UINT64_MAX;
    snprintf(report->text, sizeof report->text,
             "checkpoints of the store are gone: the ledger signed one of %llu entries, which was kept outside, and keeps none",
             (unsigned long long)outside->witness.size);
    return error_set(error, GUAN_TAMPERED, "ledger", "%s", report->text);
}

static int say_lost(const struct ledger_restored *restored, struct guan_error *error)
{
    return error_set(error, GUAN_NO, "restored", "the store was restored from a backup: leaves %llu to %llu are lost",
                     (unsigned long long)restored->index, (unsigned long long)restored->size - 1);
}

static int recompute(struct guan *guan, const struct guan_verify_options *options, struct outside *outside,
                     struct ledger_report *report, struct value **answer, struct guan_error *error)
{
    struct ledger_watch watch = {.witnesses = &outside->witness,
                                 .witness_count = options->against ? 1 : 0,
                                 .progress = options->progress,
                                 .user = options->user};
    int code = options->against ? outside_vouch(guan, options, outside, error) : GUAN_OK;
    if (code != GUAN_OK) return code;
    code = ledger_verify(guan->store, &watch, report, error);
    if (code == GUAN_OK) code = evidence_verify(guan, report, error);
    if (code == GUAN_OK && options->against) code = check_kept(guan, outside, report, error);
    if (code == GUAN_TAMPERED || code == GUAN_OK) *answer = report->bad ? bad_answer(guan, report) : good_answer(guan, report);
    if (code != GUAN_OK) return code;
    if (!options->against && options->key_count) code = outside_newest(guan, options, error);
    if (code == GUAN_OK && options->against) add_against(guan, *answer, outside, report->restored.needed);
    if (code != GUAN_OK) *answer = NULL; /* the error says it */
    return code == GUAN_OK && report->restored.needed ? say_lost(&report->restored, error) : code;
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
    if (code == GUAN_OK && options->against) code = outside_read(guan, options, outside, error);
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
