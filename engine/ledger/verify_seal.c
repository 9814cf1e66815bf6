/* Checkpoints while the record is recomputed: the store's own, each signed by the key that the ledger named last before it, and
 * roots that were seen outside. What does not fit here is told last: a single entry to blame says more. */
#include "ledger/verify.h"

#include "base/json.h"

#include <stdio.h>
#include <string.h>

static void late(struct verifier *verifier, uint64_t index, const char *format, ...) GUAN_PRINTF(3, 4);
static void late(struct verifier *verifier, uint64_t index, const char *format, ...)
{
    if (verifier->late_bad) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(verifier->late, sizeof verifier->late, format, arguments);
    va_end(arguments);
    verifier->late_bad = true;
    verifier->late_index = index;
}

static int next_checkpoint(struct verifier *verifier, uint64_t from)
{
    arena_reset(verifier->seal_arena);
    struct guan_error why = {0}; /* that there is none is no error */
    int code = store_checkpoint_next(verifier->store, verifier->seal_arena, from, &verifier->sealing, &why);
    verifier->sealing_any = code == GUAN_OK;
    if (code == GUAN_OK || code == GUAN_USAGE) return GUAN_OK;
    if (verifier->error) *verifier->error = why;
    return code;
}

int verify_seal_start(struct verifier *verifier)
{
    return next_checkpoint(verifier, 0);
}

int verify_seal_key(struct verifier *verifier, const struct entry_row *row)
{
    struct value *entry;
    int code = json_read(verifier->arena, row->bytes, row->length, &entry, verifier->error);
    const char *text = code ? NULL : value_get_text(entry, "key");
    if (code == GUAN_FAILED) return code;
    struct ledger_report *report = verifier->report;
    struct note_key *key = &report->keys[report->key_count];
    unsigned long long number = row->index;
    if (report->key_count == LEDGER_KEYS)
        return verify_bad(verifier, row->index, "leaf %llu names one key more than a ledger may have", number);
    if (!text || note_key_read(text, strlen(text), key, NULL) || key->type != NOTE_ED25519)
        return verify_bad(verifier, row->index, "leaf %llu names a key that is none", number);
    if (report->key_count > 0 && strcmp(key->name, report->keys[0].name) != 0)
        return verify_bad(verifier, row->index, "leaf %llu names a key of another ledger: %.127s", number, key->name);
    verifier->key_lost = value_get_bool(entry, "lost");
    verifier->keyed = row->index + 1;
    report->key_count++;
    return GUAN_OK;
}

int verify_seal_restore(struct verifier *verifier, const struct entry_row *row)
{
    struct value *entry;
    int code = json_read(verifier->arena, row->bytes, row->length, &entry, verifier->error);
    if (code == GUAN_FAILED) return code;
    int64_t size = code ? 0 : value_get_int(value_get(entry, "checkpoint"), "size");
    verifier->report->restored.after = row->index;
    if (size > 0 && (uint64_t)size > row->index) {
        verifier->report->restored.index = row->index;
        verifier->report->restored.size = (uint64_t)size;
    }
    return GUAN_OK;
}

/* A root from outside that is not met: was it among the entries that a restore says are lost? */
static bool lost_by_restore(struct verifier *verifier, uint64_t size)
{
    struct ledger_restored *restored = &verifier->report->restored;
    bool lost = size > restored->index && size <= restored->size;
    if (lost) restored->needed = true;
    return lost;
}

/* The newest key has to have signed; at a change of keys the one before it, too. */
static int check_signatures(struct verifier *verifier, const struct note *note)
{
    const struct ledger_report *report = verifier->report;
    unsigned long long size = verifier->sealing.size;
    size_t count = report->key_count, first = count ? count - 1 : 0;
    if (count == 0) {
        late(verifier, NO_ENTRY, "the checkpoint of %llu entries has no key: no entry before it names one", size);
        return GUAN_OK;
    }
    if (verifier->sealed_by && verifier->sealed_by < count && !verifier->key_lost) first = verifier->sealed_by - 1;
    for (size_t i = first; i < count; i++) {
        bool valid = false;
        int code = note_verify(note, &report->keys[i], &valid, NULL, verifier->error);
        if (code == GUAN_FAILED) return code;
        if (!valid)
            late(verifier, NO_ENTRY, "the checkpoint of %llu entries is not signed by the ledger's key %.127s", size,
                 report->keys[i].name);
    }
    verifier->sealed_by = count;
    return GUAN_OK;
}

/* The tree has come to the size of the next checkpoint. */
static int check_checkpoint(struct verifier *verifier)
{
    const struct checkpoint_row *row = &verifier->sealing;
    unsigned long long size = row->size;
    struct note note;
    struct checkpoint checkpoint;
    struct hash root;
    if (note_read(row->note, row->length, &note, NULL) || checkpoint_read(note.text, note.length, &checkpoint, NULL) ||
        checkpoint.size != row->size) {
        late(verifier, NO_ENTRY, "the checkpoint of %llu entries is none: it was rewritten", size);
        return GUAN_OK;
    }
    int code = check_signatures(verifier, &note);
    if (code) return code;
    if (merkle_root(&verifier->tree, &root)) return error_memory(verifier->error);
    if (verifier->report->key_count && strcmp(checkpoint.origin, verifier->report->keys[0].name) != 0)
        late(verifier, NO_ENTRY, "the checkpoint of %llu entries is of another ledger: %.127s", size, checkpoint.origin);
    if (!hash_equal(&root, &checkpoint.root))
        late(verifier, NO_ENTRY,
             "the checkpoint of %llu entries was signed over others: something from leaf %llu to %llu was rewritten", size,
             (unsigned long long)verifier->report->sealed, size - 1);
    verifier->report->checkpoints++;
    verifier->report->sealed = row->size;
    return GUAN_OK;
}

int verify_seal_grown(struct verifier *verifier)
{
    uint64_t size = verifier->tree.size;
    bool sealed = verifier->sealing_any && verifier->sealing.size == size;
    if (!sealed && verifier->keyed == size)
        late(verifier, NO_ENTRY, "checkpoints of the store are gone: that of %llu entries, signed when leaf %llu named a key",
             (unsigned long long)size, (unsigned long long)size - 1);
    if (!sealed) return GUAN_OK;
    int code = check_checkpoint(verifier);
    return code ? code : next_checkpoint(verifier, size + 1);
}

int verify_seal_witness(struct verifier *verifier)
{
    uint64_t size = verifier->tree.size;
    for (size_t i = 0; i < verifier->watch->witness_count; i++) {
        const struct ledger_witness *witness = &verifier->watch->witnesses[i];
        struct hash root;
        if (witness->size != size) continue;
        if (merkle_root(&verifier->tree, &root)) return error_memory(verifier->error);
        if (!hash_equal(&root, &witness->root)) {
            verifier->unmet = true;
            verifier->unmet_size = size;
        }
    }
    return GUAN_OK;
}

int verify_seal_end(struct verifier *verifier)
{
    unsigned long long size = verifier->tree.size;
    if (verifier->sealing_any)
        late(verifier, verifier->tree.size, "the end is cut off below the checkpoint of %llu entries: only %llu are there",
             (unsigned long long)verifier->sealing.size, size);
    if (verifier->unmet && !lost_by_restore(verifier, verifier->unmet_size))
        late(
            verifier, NO_ENTRY,
            "this is not the record that was seen outside: its first %llu entries have another root now, so something among them "
            "was rewritten",
            (unsigned long long)verifier->unmet_size);
    for (size_t i = 0; i < verifier->watch->witness_count; i++)
        if (verifier->watch->witnesses[i].size > verifier->tree.size &&
            !lost_by_restore(verifier, verifier->watch->witnesses[i].size))
            late(verifier, verifier->tree.size, "the end is cut off: %llu entries were seen outside, only %llu are there",
                 (unsigned long long)verifier->watch->witnesses[i].size, size);
    return verifier->late_bad ? verify_bad(verifier, verifier->late_index, "%s", verifier->late) : GUAN_OK;
}
