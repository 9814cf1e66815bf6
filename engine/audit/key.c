/* The ledger's keys. The name is the ledger's origin; a new key is an entry `key` of case "-", and the checkpoint that follows at
 * once is signed by it and by the one before. The private key lies in a file of its own, never in the store.
 *
 * A rotation writes the new private key beside the old one (FILE.new), commits, and renames: whoever loads a key after a crash in
 * between finds it there. */
#include "audit/desk.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ORIGIN_BYTES 64 /* so that a receipt stays short */
enum { KEY_FILE_BYTES = 1024 };

/* What a ledger is called that nobody has named: made from the store's secret, so that two are never called the same. */
int key_origin(struct guan *guan, const char **out, struct guan_error *error)
{
    int code = store_info(guan->store, guan->arena, "origin", out, error);
    if (code != GUAN_OK || *out) return code;
    struct hash mark;
    char hex[HASH_HEX];
    code = resolve_key(guan, "origin", &mark, error);
    if (code != GUAN_OK) return code;
    hash_hex(&mark, hex);
    *out = arena_printf(guan->arena, "guan.local/%.10s", hex);
    return *out ? GUAN_OK : error_memory(error);
}

int guan_set_origin(struct guan *guan, const char *origin, struct guan_error *error)
{
    struct ledger_head head;
    arena_reset(guan->arena);
    if (!note_is_name(origin, strlen(origin)) || strlen(origin) > ORIGIN_BYTES) {
        error_set(error, GUAN_USAGE, "origin", "a ledger's name has 1 to %d bytes, no blank and no +", ORIGIN_BYTES);
        return error_hint(error, "a name that nobody else has, such as guan.example/pudong");
    }
    int code = store_begin(guan->store, true, error);
    if (code == GUAN_OK) code = store_head(guan->store, &head, error);
    if (code == GUAN_OK && head.size > 0) {
        code = error_set(error, GUAN_USAGE, "origin", "the ledger has entries already: its name stays");
        error_hint(error, "name it when it is made: guan init --origin NAME");
    }
    if (code == GUAN_OK) code = store_info_set(guan->store, "origin", origin, error);
    if (code == GUAN_OK) return store_commit(guan->store, error);
    store_rollback(guan->store);
    return code;
}

int key_current(struct guan *guan, struct note_key *out, struct guan_error *error)
{
    const char *text;
    int code = store_info(guan->store, guan->arena, "key", &text, error);
    if (code != GUAN_OK) return code;
    if (text) return note_key_read(text, strlen(text), out, error) == GUAN_OK ? GUAN_OK : GUAN_TAMPERED;
    error_set(error, GUAN_NO, "no-key", "the ledger has no key yet");
    error_hint(error, "make one: guan audit key --new");
    return GUAN_NO;
}

/* --- private keys --------------------------------------------------------------------------------------------------- */

int key_load(const char *file, struct note_signer *out, struct guan_error *error)
{
    struct arena *arena = arena_new();
    struct stat status;
    const char *text;
    size_t length;
    int code = arena ? desk_read(arena, file, KEY_FILE_BYTES, &text, &length, error) : error_memory(error);
    if (code == GUAN_OK && (stat(file, &status) != 0 || status.st_mode & (S_IRWXG | S_IRWXO))) {
        code = error_set(error, GUAN_USAGE, "key-file", "others may read this private key");
        error_where(error, "%s", file);
        error_hint(error, "chmod 600, and think about a new key");
    }
    while (code == GUAN_OK && length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r')) length--;
    if (code == GUAN_OK && note_signer_read(text, length, out, error) != GUAN_OK) {
        code = error_set(error, GUAN_USAGE, "key-file", "this file holds no private key");
        error_where(error, "%s", file);
    }
    if (arena && code == GUAN_OK) OPENSSL_cleanse((char *)(uintptr_t)text, length);
    arena_free(arena);
    return code;
}

static int key_save(const char *file, const struct note_signer *signer, struct guan_error *error)
{
    struct buffer text = {0};
    note_signer_write(&text, signer);
    buffer_byte(&text, '\n');
    int code = text.failed ? error_memory(error) : desk_write(file, text.data, text.length, 0600, error);
    if (text.data) OPENSSL_cleanse(text.data, text.length);
    buffer_release(&text);
    return code;
}

int key_sign_with(struct guan *guan, const char *file, struct note_signer *out, struct guan_error *error)
{
    struct note_key current;
    char next[4200];
    int code = key_current(guan, &current, error);
    if (code != GUAN_OK) return code;
    snprintf(next, sizeof next, "%s.new", file);
    code = key_load(file, out, error);
    if (code == GUAN_OK && note_key_equal(&out->key, &current)) return GUAN_OK;
    struct note_signer left;
    if (key_load(next, &left, NULL) == GUAN_OK && note_key_equal(&left.key, &current)) {
        *out = left;
        return rename(next, file) == 0 ? GUAN_OK : error_set(error, GUAN_FAILED, "file", "%s cannot be renamed", next);
    }
    if (code != GUAN_OK) return code;
    error_set(error, GUAN_USAGE, "key-file", "this is not the key of the ledger, which is %s+%02x%02x%02x%02x", current.name,
              current.id[0], current.id[1], current.id[2], current.id[3]);
    error_where(error, "%s", file);
    error_hint(error, "name the right file with --file; if the key is lost: guan audit key --new --lost");
    return GUAN_USAGE;
}

/* --- making one ----------------------------------------------------------------------------------------------------- */

static int make_signer(struct guan *guan, struct note_signer *out, struct guan_error *error)
{
    unsigned char seed[SEED_BYTES];
    const char *origin;
    int code = key_origin(guan, &origin, error);
    if (code == GUAN_OK && guan->random(guan->random_user, seed, sizeof seed) != GUAN_OK)
        code = error_set(error, GUAN_FAILED, "random", "the system gave no random bytes for a key");
    if (code == GUAN_OK) code = note_signer_make(origin, NOTE_ED25519, seed, out, error);
    OPENSSL_cleanse(seed, sizeof seed);
    return code;
}

static const char *key_text(struct arena *arena, const struct note_key *key)
{
    struct buffer text = {0};
    note_key_write(&text, key);
    const char *copy = text.failed ? NULL : arena_text(arena, text.data, text.length);
    buffer_release(&text);
    return copy;
}

/* The entry, the info, and the checkpoint over both that old and new have signed. */
static int record_key(struct own *own, const struct note_signer *signers, size_t count, bool lost, struct guan_error *error)
{
    struct guan *guan = own->guan;
    const struct note_key *key = &signers[count - 1].key;
    const char *text = key_text(guan->arena, key);
    struct value *entry = own_entry(own, "key");
    struct checkpoint_row row;
    value_set_text(guan->arena, entry, "key", text);
    value_set(guan->arena, entry, "auth", value_printf(guan->arena, "os:%u", (unsigned)geteuid()));
    if (lost) value_set_bool(guan->arena, entry, "lost", true);
    if (!text || arena_failed(guan->arena)) return error_memory(error);
    int code = own_append(own, entry, error);
    if (code == GUAN_OK) code = own_end(own, error);
    if (code == GUAN_OK) code = store_info_set(guan->store, "key", text, error);
    return code == GUAN_OK ? sealed_make(guan, signers, count, &row, error) : code;
}

/* Into signers[0] the old one, if there is one and it is to sign; behind it the new one. */
static int both_signers(struct guan *guan, const char *file, bool lost, struct note_signer signers[2], size_t *count, bool *first,
                        struct guan_error *error)
{
    struct note_key current;
    *count = 0;
    int code = key_current(guan, &current, error);
    *first = code == GUAN_NO;
    if (code == GUAN_OK && !lost) {
        code = key_sign_with(guan, file, &signers[0], error);
        if (code != GUAN_OK) return code;
        *count = 1;
    } else if (code == GUAN_NO && access(file, F_OK) == 0) {
        code = error_set(error, GUAN_USAGE, "key-file", "there is a file already");
        error_where(error, "%s", file);
        error_hint(error, "give another name with --file");
        return code;
    }
    if (code != GUAN_OK && code != GUAN_NO) return code;
    code = make_signer(guan, &signers[*count], error);
    if (code == GUAN_OK) ++*count;
    return code;
}

static int new_key(struct guan *guan, const char *file, bool lost, struct guan_error *error)
{
    struct own own;
    struct note_signer signers[2];
    size_t count = 0;
    bool first = false;
    char next[4200];
    if (snprintf(next, sizeof next, "%s.new", file) >= (int)sizeof next)
        return error_set(error, GUAN_USAGE, "file", "the name of the key's file is too long");
    int code = own_begin(guan, &own, error);
    if (code == GUAN_OK) code = both_signers(guan, file, lost, signers, &count, &first, error);
    if (code == GUAN_OK) code = key_save(next, &signers[count - 1], error);
    if (code == GUAN_OK) code = record_key(&own, signers, count, lost && !first, error);
    OPENSSL_cleanse(signers, sizeof signers);
    if (code == GUAN_OK) code = store_commit(guan->store, error);
    else store_rollback(guan->store);
    if (code != GUAN_OK) return code; /* a key that nothing knows of stays in FILE.new: harmless, and written over next time */
    if (rename(next, file) != 0) {
        error_set(error, GUAN_FAILED, "file", "the new private key is in %s and cannot be renamed", next);
        return GUAN_FAILED;
    }
    return GUAN_OK;
}

int guan_key(struct guan *guan, const char *file, unsigned flags, const struct guan_sink *sink, struct guan_error *error)
{
    struct note_key current;
    struct case_row row;
    arena_reset(guan->arena);
    if (flags & GUAN_KEY_NEW) {
        int made = new_key(guan, file, (flags & GUAN_KEY_LOST) != 0, error);
        if (made != GUAN_OK) return made;
    }
    int code = key_current(guan, &current, error);
    if (code == GUAN_OK) code = store_begin(guan->store, false, error);
    if (code != GUAN_OK) return code;
    code = store_case(guan->store, guan->arena, "-", &row, error);
    store_rollback(guan->store);
    struct value *map = value_map(guan->arena);
    value_set_text(guan->arena, map, "origin", current.name);
    value_set_text(guan->arena, map, "key", key_text(guan->arena, &current));
    value_set_text(guan->arena, map, "file", file);
    value_set_bool(guan->arena, map, "made", (flags & GUAN_KEY_NEW) != 0);
    if (flags & GUAN_KEY_NEW) value_set_int(guan->arena, map, "n", (int64_t)row.n);
    return code == GUAN_OK ? answer_put(sink, map, error) : code;
}

int guan_witness_key(const char *name, const char *file, const struct guan_sink *sink, struct guan_error *error)
{
    unsigned char seed[SEED_BYTES];
    struct note_signer signer;
    if (access(file, F_OK) == 0) {
        error_set(error, GUAN_USAGE, "key-file", "there is a file already");
        error_where(error, "%s", file);
        return GUAN_USAGE;
    }
    if (random_bytes(seed, sizeof seed))
        return error_set(error, GUAN_FAILED, "random", "the system gave no random bytes for a key");
    int code = note_signer_make(name, NOTE_COSIGNATURE, seed, &signer, error);
    OPENSSL_cleanse(seed, sizeof seed);
    if (code == GUAN_NO) code = error_set(error, GUAN_USAGE, "key", "a key's name has no blank and no +");
    if (code == GUAN_OK) code = key_save(file, &signer, error);
    struct arena *arena = code == GUAN_OK ? arena_new() : NULL;
    if (code == GUAN_OK && !arena) code = error_memory(error);
    if (code == GUAN_OK) {
        struct value *map = value_map(arena);
        value_set_text(arena, map, "key", key_text(arena, &signer.key));
        value_set_text(arena, map, "file", file);
        code = answer_put(sink, map, error);
    }
    OPENSSL_cleanse(&signer, sizeof signer);
    arena_free(arena);
    return code;
}
