/* Checkpoints: making them, by hand and on an interval, and gathering the signatures of witnesses. */
#include "audit/desk.h"

#include <string.h>
#include <time.h>

#define CLOCK_BACK (2 * MS_MINUTE)

int sealed_read(struct sealed *sealed, const char *what, struct guan_error *error)
{
    int code = note_read(sealed->row.note, sealed->row.length, &sealed->note, error);
    if (code == GUAN_OK) code = checkpoint_read(sealed->note.text, sealed->note.length, &sealed->checkpoint, error);
    if (code == GUAN_OK && !sealed->row.size) sealed->row.size = sealed->checkpoint.size;
    if (code == GUAN_OK && sealed->row.size != sealed->checkpoint.size)
        code = error_set(error, GUAN_TAMPERED, "checkpoint", "the checkpoint was rewritten: its size is another");
    if (code != GUAN_OK) error_where(error, "%s", what);
    return code;
}

int sealed_newest(struct guan *guan, struct sealed *out, struct guan_error *error)
{
    int code = store_checkpoint_last(guan->store, guan->arena, &out->row, error);
    if (code == GUAN_USAGE) {
        error_set(error, GUAN_NO, "no-checkpoint", "there is no checkpoint yet");
        error_hint(error, "guan audit checkpoint makes one");
        return GUAN_NO;
    }
    if (code == GUAN_OK) code = sealed_read(out, "the newest checkpoint", error);
    return code == GUAN_NO ? GUAN_TAMPERED : code;
}

int sealed_make(struct guan *guan, const struct note_signer *signers, size_t count, struct checkpoint_row *out,
                struct guan_error *error)
{
    struct ledger_head head;
    struct checkpoint checkpoint;
    struct buffer note = {0};
    int code = store_head(guan->store, &head, error);
    if (code != GUAN_OK) return code;
    checkpoint.size = head.size;
    memcpy(checkpoint.origin, signers[0].key.name, sizeof checkpoint.origin);
    if (merkle_root(&head, &checkpoint.root)) return error_memory(error);
    checkpoint_write(&note, &checkpoint);
    if (note.failed) code = error_memory(error);
    for (size_t i = 0; i < count && code == GUAN_OK; i++) code = note_sign(&note, &signers[i], 0, error);
    *out = (struct checkpoint_row){.size = head.size, .length = note.length};
    if (code == GUAN_OK) out->note = arena_text(guan->arena, note.data, note.length);
    buffer_release(&note);
    if (code == GUAN_OK && !out->note) code = error_memory(error);
    return code == GUAN_OK ? store_checkpoint_put(guan->store, out, error) : code;
}

/* The newest one, if it is of all that is there; else a new one. */
static int seal_now(struct guan *guan, const struct note_signer *signer, uint64_t size, struct sealed *out, bool *made,
                    struct guan_error *error)
{
    int code = sealed_newest(guan, out, error);
    *made = code == GUAN_NO || (code == GUAN_OK && out->row.size < size);
    if (code == GUAN_OK && out->row.size > size) {
        error_set(error, GUAN_TAMPERED, "ledger",
                  "the end is cut off: a checkpoint of %llu entries was signed, only %llu are there",
                  (unsigned long long)out->row.size, (unsigned long long)size);
        error_hint(error, "run guan audit verify");
        return GUAN_TAMPERED;
    }
    if (!*made) return code;
    code = sealed_make(guan, signer, 1, &out->row, error);
    return code == GUAN_OK ? sealed_read(out, "the new checkpoint", error) : code;
}

int guan_checkpoint(struct guan *guan, const char *key_file, const struct guan_sink *sink, struct guan_error *error)
{
    struct own own;
    struct note_signer signer;
    struct sealed sealed = {0};
    bool made = false;
    arena_reset(guan->arena);
    int code = own_begin(guan, &own, error);
    if (code == GUAN_OK) code = key_sign_with(guan, key_file, &signer, error);
    if (code == GUAN_OK) code = seal_now(guan, &signer, own.head.size, &sealed, &made, error);
    if (code == GUAN_OK) code = store_commit(guan->store, error);
    else store_rollback(guan->store);
    if (code != GUAN_OK) return code;
    struct value *map = value_map(guan->arena);
    value_set_int(guan->arena, map, "size", (int64_t)sealed.row.size);
    desk_set_root(guan->arena, map, "root", &sealed.checkpoint.root);
    value_set_bool(guan->arena, map, "new", made);
    value_set(guan->arena, map, "note", value_text_n(guan->arena, sealed.row.note, sealed.row.length));
    return answer_put(sink, map, error);
}

/* --- on an interval ------------------------------------------------------------------------------------------------- */

static int info_instant(struct guan *guan, const char *key, instant *out, struct guan_error *error)
{
    const char *text;
    *out = INSTANT_NONE;
    int code = store_info(guan->store, guan->arena, key, &text, error);
    if (code == GUAN_OK && text && instant_parse(text, strlen(text), NULL, out, NULL) != GUAN_OK) *out = INSTANT_NONE;
    return code;
}

static int info_set_instant(struct guan *guan, const char *key, instant at, struct guan_error *error)
{
    char text[INSTANT_TEXT];
    instant_format(at, text);
    return store_info_set(guan->store, key, text, error);
}

/* Milliseconds until the next seal; a clock that went back makes it due at once. */
static int due_in(struct guan *guan, const struct duration *every, int64_t *wait, bool *back, struct guan_error *error)
{
    instant last, now = guan_wall_clock();
    int code = info_instant(guan, "sealed", &last, error);
    *back = last != INSTANT_NONE && now < last - CLOCK_BACK;
    instant next = last == INSTANT_NONE || *back ? now : duration_add(NULL, last, every);
    *wait = next > now ? next - now : 0;
    return code;
}

/* `tick` says that at this time there was nothing else; `clock`, that the time before it is not to be trusted: its `at` is the
 * clock now, its `rec` the last moment of the record. */
static int seal_tick(struct guan *guan, const struct note_signer *signer, bool back, struct guan_error *error)
{
    struct own own;
    struct sealed sealed = {0};
    bool made;
    int code = own_begin(guan, &own, error);
    if (code == GUAN_OK) code = own_append(&own, own_entry(&own, back ? "clock" : "tick"), error);
    if (code == GUAN_OK) code = own_end(&own, error);
    if (code == GUAN_OK) code = info_set_instant(guan, "sealed", own.now, error);
    if (code == GUAN_OK) code = seal_now(guan, signer, own.head.size, &sealed, &made, error);
    if (code == GUAN_OK) return store_commit(guan->store, error);
    store_rollback(guan->store);
    return code;
}

int guan_seal(struct guan *guan, const char *key_file, const char *every, int64_t *wait, struct guan_error *error)
{
    struct duration interval;
    struct note_key key;
    struct note_signer signer;
    bool back = false;
    arena_reset(guan->arena);
    *wait = -1;
    if (duration_parse(every, strlen(every), &interval, NULL) != GUAN_OK || duration_add(NULL, 0, &interval) < MS_SECOND)
        return error_set(error, GUAN_USAGE, "duration", "\"%s\" is no interval for checkpoints; write PT1H", every);
    if (store_flags(guan->store) & STORE_VIRTUAL) return GUAN_OK;
    int code = key_current(guan, &key, error);
    if (code == GUAN_NO) return GUAN_OK;
    if (code == GUAN_OK) code = due_in(guan, &interval, wait, &back, error);
    if (code != GUAN_OK || *wait > 0) return code;
    code = key_sign_with(guan, key_file, &signer, error);
    if (code == GUAN_OK) code = seal_tick(guan, &signer, back, error);
    return code == GUAN_OK ? due_in(guan, &interval, wait, &back, error) : code;
}

/* --- witnesses ------------------------------------------------------------------------------------------------------ */

static int read_file(struct arena *arena, const char *file, struct sealed *out, struct guan_error *error)
{
    *out = (struct sealed){0};
    int code = desk_read(arena, file, NOTE_BYTES, &out->row.note, &out->row.length, error);
    if (code == GUAN_OK) code = sealed_read(out, file, error);
    return code == GUAN_NO ? GUAN_USAGE : code;
}

static bool has_signature(const struct note *note, const struct note_signature *signature)
{
    for (size_t i = 0; i < note->count; i++)
        if (memcmp(note->signatures[i].id, signature->id, sizeof signature->id) == 0 &&
            note->signatures[i].name_length == signature->name_length &&
            memcmp(note->signatures[i].name, signature->name, signature->name_length) == 0)
            return true;
    return false;
}

static void add_line(struct buffer *note, const struct note_signature *signature)
{
    unsigned char bytes[sizeof signature->id + sizeof signature->bytes];
    memcpy(bytes, signature->id, sizeof signature->id);
    memcpy(bytes + sizeof signature->id, signature->bytes, signature->length);
    buffer_printf(note, "\xE2\x80\x94 %.*s ", (int)signature->name_length, signature->name);
    base64_add(note, bytes, sizeof signature->id + signature->length);
    buffer_byte(note, '\n');
}

/* The signatures that ours has not yet. */
static int merge(struct guan *guan, const struct sealed *theirs, struct sealed *ours, uint64_t *added, struct guan_error *error)
{
    struct buffer note = {0};
    buffer_add(&note, ours->row.note, ours->row.length);
    for (size_t i = 0; i < theirs->note.count; i++) {
        const struct note_signature *signature = &theirs->note.signatures[i];
        if (signature->length == 0 || has_signature(&ours->note, signature)) continue;
        if (ours->note.count + *added == NOTE_SIGNATURES) break;
        add_line(&note, signature);
        ++*added;
    }
    ours->row.note = note.failed ? NULL : arena_text(guan->arena, note.data, note.length);
    ours->row.length = note.length;
    buffer_release(&note);
    if (!ours->row.note) return error_memory(error);
    return store_checkpoint_put(guan->store, &ours->row, error);
}

int guan_cosigned(struct guan *guan, const char *file, const struct guan_sink *sink, struct guan_error *error)
{
    struct sealed theirs, ours = {0};
    uint64_t added = 0;
    arena_reset(guan->arena);
    int code = read_file(guan->arena, file, &theirs, error);
    if (code == GUAN_OK) code = store_begin(guan->store, true, error);
    if (code != GUAN_OK) return code;
    code = store_checkpoint_next(guan->store, guan->arena, theirs.row.size, &ours.row, error);
    if (code == GUAN_OK && ours.row.size == theirs.row.size) code = sealed_read(&ours, "the checkpoint in the store", error);
    if (code == GUAN_USAGE || (code == GUAN_OK && (ours.note.length != theirs.note.length ||
                                                   memcmp(ours.note.text, theirs.note.text, ours.note.length) != 0))) {
        code = error_set(error, GUAN_NO, "checkpoint", "the store has no such checkpoint: %s, %llu entries",
                         theirs.checkpoint.origin, (unsigned long long)theirs.row.size);
        error_hint(error, "guan audit verify --against %s tells more", file);
    }
    if (code == GUAN_OK) code = merge(guan, &theirs, &ours, &added, error);
    if (code == GUAN_OK) code = store_commit(guan->store, error);
    else store_rollback(guan->store);
    if (code != GUAN_OK) return code;
    struct value *map = value_map(guan->arena);
    value_set_int(guan->arena, map, "size", (int64_t)ours.row.size);
    value_set_int(guan->arena, map, "added", (int64_t)added);
    value_set(guan->arena, map, "note", value_text_n(guan->arena, ours.row.note, ours.row.length));
    return answer_put(sink, map, error);
}

int guan_cosign(const char *file, const char *key_file, const struct guan_sink *sink, struct guan_error *error)
{
    struct note_signer signer;
    struct sealed sealed;
    struct buffer note = {0};
    struct arena *arena = arena_new();
    int code = arena ? read_file(arena, file, &sealed, error) : error_memory(error);
    if (code == GUAN_OK) code = key_load(key_file, &signer, error);
    if (code == GUAN_OK && signer.key.type != NOTE_COSIGNATURE) {
        code = error_set(error, GUAN_USAGE, "key-file", "this is not the key of a witness");
        error_where(error, "%s", key_file);
        error_hint(error, "make one: guan audit key --new --witness NAME --file FILE");
    }
    if (code == GUAN_OK) {
        buffer_add(&note, sealed.row.note, sealed.row.length);
        code = note_sign(&note, &signer, (uint64_t)(guan_wall_clock() / MS_SECOND), error);
    }
    if (code == GUAN_OK) {
        struct value *map = value_map(arena);
        value_set(arena, map, "note", value_text_n(arena, note.data, note.length));
        value_set_int(arena, map, "size", (int64_t)sealed.row.size);
        code = answer_put(sink, map, error);
    }
    buffer_release(&note);
    arena_free(arena);
    return code;
}
