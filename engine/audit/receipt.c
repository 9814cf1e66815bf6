/* The receipt on a customer's delivery sheet: what the record was when the case stood so. A few words with blanks between them,
 * short enough for a QR code:
 *
 *   guan1 ORIGIN SIZE ROOT CASE N LEAF [SIGNATURE] SUM
 *
 * root and leaf of the case's last entry in base64; the Ed25519 signature of the ledger's key over what is before it; the sum,
 * eight digits of SHA-256, tells a slip of the pen from a record that was changed. */
#include "audit/desk.h"

#include "ledger/key.h"

#include <stdio.h>
#include <string.h>

#define RECEIPT_BYTES 299

static const char magic[] = "guan1 ";

bool receipt_is(const char *text)
{
    return strncmp(text, magic, sizeof magic - 1) == 0;
}

static void sum_of(const char *text, size_t length, char out[9])
{
    struct hash hash;
    char hex[HASH_HEX] = "";
    if (!hash_bytes(text, length, &hash)) hash_hex(&hash, hex);
    memcpy(out, hex, 8);
    out[8] = '\0';
}

static int bad_receipt(struct guan_error *error, const char *why)
{
    error_set(error, GUAN_USAGE, "receipt", "this is not a receipt: %s", why);
    error_hint(error, "scan it again, or compare it with the sheet letter by letter");
    return GUAN_USAGE;
}

static bool number(const char *word, size_t length, uint64_t *out)
{
    *out = 0;
    if (length == 0 || length > 15) return false;
    for (size_t i = 0; i < length; i++) {
        if (word[i] < '0' || word[i] > '9') return false;
        *out = *out * 10 + (uint64_t)(word[i] - '0');
    }
    return true;
}

static bool word_hash(const char *word, size_t length, struct hash *out)
{
    size_t got;
    return base64_read(word, length, out->bytes, HASH_BYTES, &got) && got == HASH_BYTES;
}

static bool word_text(const char *word, size_t length, char *out, size_t size)
{
    if (length >= size) return false;
    memcpy(out, word, length);
    out[length] = '\0';
    return true;
}

enum { MOST_WORDS = 9 };

static bool read_words(struct receipt *out, const char *const words[MOST_WORDS], const size_t lengths[MOST_WORDS])
{
    size_t got;
    return word_text(words[1], lengths[1], out->origin, sizeof out->origin) && number(words[2], lengths[2], &out->size) &&
           word_hash(words[3], lengths[3], &out->root) && word_text(words[4], lengths[4], out->kase, sizeof out->kase) &&
           number(words[5], lengths[5], &out->n) && word_hash(words[6], lengths[6], &out->leaf) &&
           (!out->is_signed ||
            (base64_read(words[7], lengths[7], out->signature, sizeof out->signature, &got) && got == sizeof out->signature));
}

int receipt_read(const char *text, struct receipt *out, struct guan_error *error)
{
    const char *words[MOST_WORDS], *cursor = text;
    size_t lengths[MOST_WORDS], count = 0;
    *out = (struct receipt){.text = text};
    if (strlen(text) > 2 * RECEIPT_BYTES) return bad_receipt(error, "it is too long");
    while (count < MOST_WORDS && text_word(&cursor, &words[count], &lengths[count])) count++;
    if (!receipt_is(text) || count < MOST_WORDS - 1 || text_word(&cursor, words, lengths))
        return bad_receipt(error, "it begins with guan1 and has eight or nine words");
    char sum[9];
    sum_of(text, (size_t)(words[count - 1] - 1 - text), sum);
    if (lengths[count - 1] != 8 || memcmp(words[count - 1], sum, 8) != 0)
        return bad_receipt(error, "its last word does not fit the others, so something was mistyped");
    out->is_signed = count == MOST_WORDS;
    out->length = (size_t)(words[6] + lengths[6] - text);
    return read_words(out, words, lengths) ? GUAN_OK : bad_receipt(error, "a word is not what it has to be");
}

bool receipt_signed_by(const struct receipt *receipt, const struct note_key *key)
{
    return receipt->is_signed && strcmp(key->name, receipt->origin) == 0 &&
           ed25519_verify(key->bytes, receipt->text, receipt->length, receipt->signature);
}

/* --- does one hold? -------------------------------------------------------------------------------------------------- */

static int changed(struct guan_error *error, const char *why)
{
    error_set(error, GUAN_TAMPERED, "receipt", "the record is not what it was when the receipt was given: %s", why);
    error_hint(error, "guan audit verify --against FILE, with the receipt in the file, looks at every entry");
    return GUAN_TAMPERED;
}

struct sought {
    uint64_t n, index;
    struct hash leaf;
    bool found;
};

static int seek(void *user, const struct entry_row *row, const struct value *entry)
{
    struct sought *sought = user;
    if (value_get_int(entry, "n") != (int64_t)sought->n) return GUAN_OK;
    sought->index = row->index;
    sought->found = true;
    return merkle_leaf(row->bytes, row->length, &sought->leaf);
}

/* The entry's bytes, as they are now, have to lead to the root on the sheet. */
static int check(struct guan *guan, const struct receipt *receipt, uint64_t *now, struct guan_error *error)
{
    struct case_row row;
    struct ledger_head head;
    struct sought sought = {.n = receipt->n};
    struct proof proof;
    int code = store_head(guan->store, &head, error);
    if (code != GUAN_OK) return code;
    if (head.size < receipt->size) return changed(error, "there were more entries, so the end is cut off");
    code = store_case(guan->store, guan->arena, receipt->kase, &row, error);
    if (code == GUAN_USAGE) return changed(error, "the case is gone");
    if (code == GUAN_OK) code = ledger_case_each(guan->store, &row, guan->arena, seek, &sought, error);
    if (code != GUAN_OK) return code;
    *now = row.n;
    if (!sought.found) return changed(error, "the case had more entries");
    if (!hash_equal(&sought.leaf, &receipt->leaf)) return changed(error, "the entry that was the case's last is another");
    code = proof_inclusion(guan->store, guan->arena, sought.index, receipt->size, &proof, error);
    if (code != GUAN_OK) return code;
    if (!merkle_verify_inclusion(sought.index, receipt->size, &sought.leaf, proof.hashes, proof.count, &receipt->root))
        return changed(error, "some other entry was rewritten");
    return GUAN_OK;
}

/* --- giving one ------------------------------------------------------------------------------------------------------ */

static void write_receipt(struct buffer *out, const struct receipt *receipt, const struct note_signer *signer)
{
    unsigned char signature[SIGNATURE_BYTES];
    char sum[9];
    buffer_printf(out, "%s%s %llu ", magic, receipt->origin, (unsigned long long)receipt->size);
    base64_add(out, receipt->root.bytes, HASH_BYTES);
    buffer_printf(out, " %s %llu ", receipt->kase, (unsigned long long)receipt->n);
    base64_add(out, receipt->leaf.bytes, HASH_BYTES);
    if (signer && out->length + 100 <= RECEIPT_BYTES &&
        ed25519_sign(signer->seed, out->data, out->length, signature) == GUAN_OK) {
        buffer_byte(out, ' ');
        base64_add(out, signature, sizeof signature);
    }
    if (out->failed) return;
    sum_of(out->data, out->length, sum);
    buffer_printf(out, " %s", sum);
}

static int fill(struct guan *guan, const char *kase, struct receipt *out, struct guan_error *error)
{
    struct case_row row;
    struct ledger_head head;
    const char *origin;
    int code = resolve_case(guan, kase, &row, error);
    if (code == GUAN_OK) code = store_head(guan->store, &head, error);
    if (code == GUAN_OK) code = key_origin(guan, &origin, error);
    if (code != GUAN_OK) return code;
    *out = (struct receipt){.size = head.size, .n = row.n, .leaf = row.head};
    snprintf(out->origin, sizeof out->origin, "%s", origin);
    snprintf(out->kase, sizeof out->kase, "%s", row.id);
    return merkle_root(&head, &out->root) ? error_memory(error) : GUAN_OK;
}

int guan_receipt(struct guan *guan, const char *kase, const char *key_file, const struct guan_sink *sink,
                 struct guan_error *error)
{
    struct receipt receipt;
    struct note_signer signer;
    struct buffer text = {0};
    uint64_t now;
    arena_reset(guan->arena);
    int code = store_begin(guan->store, false, error);
    if (code == GUAN_OK) code = fill(guan, kase, &receipt, error);
    if (code == GUAN_OK) code = check(guan, &receipt, &now, error); /* nothing is given away that would not hold */
    bool keyed = code == GUAN_OK && key_file && key_sign_with(guan, key_file, &signer, NULL) == GUAN_OK;
    store_rollback(guan->store);
    if (code != GUAN_OK) return code;
    write_receipt(&text, &receipt, keyed ? &signer : NULL);
    struct value *map = value_map(guan->arena);
    value_set_text(guan->arena, map, "case", receipt.kase);
    value_set_int(guan->arena, map, "n", (int64_t)receipt.n);
    value_set_int(guan->arena, map, "size", (int64_t)receipt.size);
    desk_set_root(guan->arena, map, "root", &receipt.root);
    value_set_bool(guan->arena, map, "signed", keyed);
    value_set(guan->arena, map, "text", value_text_n(guan->arena, text.data, text.length));
    code = text.failed ? error_memory(error) : GUAN_OK;
    buffer_release(&text);
    return code == GUAN_OK ? answer_put(sink, map, error) : code;
}

/* --- checking one ----------------------------------------------------------------------------------------------------- */

/* By any key that the ledger has named. */
struct signing {
    const struct receipt *receipt;
    bool holds;
};

static int try_key(void *user, const struct entry_row *row, const struct value *entry)
{
    struct signing *signing = user;
    struct note_key key;
    const char *text = text_equal(value_get_text(entry, "kind"), "key") ? value_get_text(entry, "key") : NULL;
    (void)row;
    if (text && note_key_read(text, strlen(text), &key, NULL) == GUAN_OK && receipt_signed_by(signing->receipt, &key))
        signing->holds = true;
    return GUAN_OK;
}

int guan_receipt_check(struct guan *guan, const char *text, const struct guan_sink *sink, struct guan_error *error)
{
    struct receipt receipt;
    struct case_row own;
    struct signing signing = {.receipt = &receipt};
    const char *origin;
    uint64_t now = 0;
    arena_reset(guan->arena);
    int code = receipt_read(text, &receipt, error);
    if (code == GUAN_OK) code = store_begin(guan->store, false, error);
    if (code == GUAN_OK) code = key_origin(guan, &origin, error);
    if (code == GUAN_OK && strcmp(origin, receipt.origin) != 0)
        code = error_set(error, GUAN_USAGE, "receipt", "this receipt is of another ledger: %s", receipt.origin);
    if (code == GUAN_OK) code = check(guan, &receipt, &now, error);
    if (code == GUAN_OK && receipt.is_signed) code = store_case(guan->store, guan->arena, "-", &own, error);
    if (code == GUAN_OK && receipt.is_signed) code = ledger_case_each(guan->store, &own, guan->arena, try_key, &signing, error);
    if (code == GUAN_OK && receipt.is_signed && !signing.holds)
        code = changed(error, "its signature is of no key that the ledger names");
    store_rollback(guan->store);
    if (code != GUAN_OK) return code;
    struct value *map = value_map(guan->arena);
    value_set_text(guan->arena, map, "case", receipt.kase);
    value_set_int(guan->arena, map, "n", (int64_t)receipt.n);
    value_set_int(guan->arena, map, "size", (int64_t)receipt.size);
    value_set_int(guan->arena, map, "now", (int64_t)now);
    value_set_bool(guan->arena, map, "signed", signing.holds);
    return answer_put(sink, map, error);
}
