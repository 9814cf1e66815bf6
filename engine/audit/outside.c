/* A checkpoint or a receipt from outside: reading it, and whether it is what its signers signed. */
#include "audit/outside.h"

#include <string.h>
#include <sys/stat.h>

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

int outside_read(struct guan *guan, const struct guan_verify_options *options, struct outside *out, struct guan_error *error)
{
    const char *text;
    size_t length;
    *out = (struct outside){.file = options->against,
                            .stamped = INSTANT_NONE,
                            .signers = value_list(guan->arena),
                            .unsought = value_list(guan->arena)};
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

/* --- keys ------------------------------------------------------------------------------------------------------------- */

struct own_keys {
    struct note_key keys[LEDGER_KEYS];
    size_t count;
};

static int take_key(void *user, const struct entry_row *row, const struct value *entry)
{
    struct own_keys *own = user;
    const char *text = text_equal(value_get_text(entry, "kind"), "key") ? value_get_text(entry, "key") : NULL;
    (void)row;
    if (text && own->count < LEDGER_KEYS && note_key_read(text, strlen(text), &own->keys[own->count], NULL) == GUAN_OK)
        own->count++;
    return GUAN_OK;
}

/* That the ledger names. */
static int read_own(struct guan *guan, struct own_keys **out, struct guan_error *error)
{
    struct case_row row;
    *out = arena_alloc(guan->arena, sizeof **out);
    if (!*out) return error_memory(error);
    (*out)->count = 0;
    int code = store_case(guan->store, guan->arena, "-", &row, error);
    return code == GUAN_OK ? ledger_case_each(guan->store, &row, guan->arena, take_key, *out, error) : code;
}

/* As it stands, or in a file. */
static int read_given(struct guan *guan, const char *text, struct note_key *out, struct guan_error *error)
{
    struct stat status;
    size_t length = strlen(text);
    if (note_key_read(text, length, out, error) == GUAN_OK) return GUAN_OK;
    if (stat(text, &status) != 0) return GUAN_USAGE;
    const char *file = text;
    int code = desk_read(guan->arena, file, NOTE_BYTES, &text, &length, error);
    if (code != GUAN_OK) return code;
    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r')) length--;
    if (note_key_read(text, length, out, error) == GUAN_OK) return GUAN_OK;
    error_where(error, "%s", file);
    error_hint(error, "the line that guan audit key prints, or a file that holds it; a private key stays where it is");
    return GUAN_USAGE;
}

/* --- who signed it ---------------------------------------------------------------------------------------------------- */

static void add_signer(struct guan *guan, struct outside *outside, const char *name, uint64_t time)
{
    struct value *one = value_map(guan->arena);
    char text[INSTANT_TEXT];
    value_set_text(guan->arena, one, "name", name);
    if (time && time < 253402300800u) {
        instant_format((instant)time * MS_SECOND, text);
        value_set_text(guan->arena, one, "time", text);
    }
    value_add(guan->arena, outside->signers, one);
}

static int not_signed(const struct note_key *key, const char *what, struct guan_error *error)
{
    error_set(error, GUAN_TAMPERED, "signature", "%s has not signed this checkpoint", key->name);
    error_where(error, "%s", what);
    error_hint(error, "is it the right file, and the right key?");
    return GUAN_TAMPERED;
}

/* Does the key stand behind the note, or the receipt? GUAN_TAMPERED: it did, behind another. */
static int signed_by(const struct outside *outside, const struct note_key *key, bool *valid, uint64_t *time,
                     struct guan_error *error)
{
    *time = 0;
    if (!outside->is_receipt) return note_verify(&outside->sealed.note, key, valid, time, error);
    *valid = receipt_signed_by(&outside->receipt, key);
    return GUAN_OK;
}

static int check_given(struct guan *guan, const struct guan_verify_options *options, struct outside *outside,
                       struct guan_error *error)
{
    int code = GUAN_OK;
    for (size_t i = 0; i < options->key_count && code == GUAN_OK; i++) {
        struct note_key key;
        bool valid = false;
        uint64_t time;
        code = read_given(guan, options->keys[i], &key, error);
        if (code == GUAN_OK) code = signed_by(outside, &key, &valid, &time, error);
        if (code == GUAN_OK && !valid) return not_signed(&key, outside->file, error);
        if (code == GUAN_OK) add_signer(guan, outside, key.name, time);
    }
    return code;
}

static bool is_signer(const struct outside *outside, const char *name, size_t length)
{
    for (size_t i = 0; i < value_count(outside->signers); i++) {
        const char *signer = value_get_text(value_at(outside->signers, i), "name");
        if (signer && strlen(signer) == length && memcmp(signer, name, length) == 0) return true;
    }
    return false;
}

static void find_unsought(struct guan *guan, struct outside *outside)
{
    const struct note *note = &outside->sealed.note;
    for (size_t i = 0; !outside->is_receipt && i < note->count; i++)
        if (!is_signer(outside, note->signatures[i].name, note->signatures[i].name_length))
            value_add(guan->arena, outside->unsought,
                      value_text_n(guan->arena, note->signatures[i].name, note->signatures[i].name_length));
}

/* --- is it to be believed? -------------------------------------------------------------------------------------------- */

/* A mistake in the question, or the whole record was made anew: under another name, or with another key. */
static int other_ledger(const struct outside *outside, struct guan_error *error, const char *text)
{
    error_set(error, GUAN_TAMPERED, "checkpoint", "%s", text);
    error_where(error, "%s", outside->file);
    error_hint(error,
               "either the file is the wrong one, or the record was made anew as a whole; --key with the ledger's key as it "
               "was given to you tells which");
    return GUAN_TAMPERED;
}

static int not_believed(const struct outside *outside, struct guan_error *error, const char *text)
{
    error_set(error, GUAN_USAGE, "against", "%s: the record was not held against it", text);
    error_where(error, "%s", outside->file);
    error_hint(error, "take the file from where it was kept; or give the key of a witness who has signed it: --key");
    return GUAN_USAGE;
}

static int check_own(struct guan *guan, struct outside *outside, const struct own_keys *own, bool given, struct guan_error *error)
{
    bool spoiled = false;
    for (size_t i = 0; i < own->count; i++) {
        bool valid = false;
        uint64_t time;
        int code = signed_by(outside, &own->keys[i], &valid, &time, NULL);
        if (code == GUAN_FAILED) return error_memory(error);
        spoiled = spoiled || code == GUAN_TAMPERED;
        if (code != GUAN_OK || !valid) continue;
        if (!is_signer(outside, own->keys[i].name, strlen(own->keys[i].name))) add_signer(guan, outside, own->keys[i].name, time);
        outside->own = true;
    }
    if (given || (outside->own && !spoiled) || (outside->is_receipt && !outside->receipt.is_signed)) return GUAN_OK;
    if (spoiled) return not_believed(outside, error, "the ledger's signature does not fit what it stands under");
    const char *name = own->count ? own->keys[0].name : "";
    bool named = outside->is_receipt;
    for (size_t i = 0; !named && i < outside->sealed.note.count; i++)
        named = strlen(name) == outside->sealed.note.signatures[i].name_length &&
                memcmp(name, outside->sealed.note.signatures[i].name, strlen(name)) == 0;
    if (named) return other_ledger(outside, error, "this is signed by a key that the record here does not name");
    return not_believed(outside, error, "this is not signed by the ledger");
}

int outside_vouch(struct guan *guan, const struct guan_verify_options *options, struct outside *outside, struct guan_error *error)
{
    struct own_keys *own;
    const char *origin = outside->is_receipt ? outside->receipt.origin : outside->sealed.checkpoint.origin;
    int code = read_own(guan, &own, error);
    if (code != GUAN_OK) return code == GUAN_TAMPERED ? GUAN_OK : code; /* the record is looked at next, and says what is wrong */
    if (own->count && strcmp(origin, own->keys[0].name) != 0) {
        const char *text =
            arena_printf(guan->arena, "this is of the ledger %s, and the record here is of %s", origin, own->keys[0].name);
        return text ? other_ledger(outside, error, text) : error_memory(error);
    }
    code = check_given(guan, options, outside, error);
    if (code == GUAN_OK) code = check_own(guan, outside, own, options->key_count > 0, error);
    if (code == GUAN_OK) find_unsought(guan, outside);
    return code;
}

int outside_newest(struct guan *guan, const struct guan_verify_options *options, struct guan_error *error)
{
    struct outside *newest = arena_alloc(guan->arena, sizeof *newest);
    if (!newest) return error_memory(error);
    *newest = (struct outside){.file = "the newest checkpoint", .signers = value_list(guan->arena)};
    int code = sealed_newest(guan, &newest->sealed, error);
    return code == GUAN_OK ? check_given(guan, options, newest, error) : code;
}
