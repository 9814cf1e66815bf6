/* Any bytes as a proof file and as a receipt. A proof that was read comes out the same; whatever path it holds, it proves nothing
 * that is not so. */
#include "fuzz.h"

#include "audit/desk.h"

#include <string.h>

static void check_error(const struct guan_error *error)
{
    promise(error->code != GUAN_OK && error->rule[0] && error->text[0], "a refusal says why");
}

/* A root that nobody can have a path to. */
static void try_path(const struct proof_file *file)
{
    static const struct hash root = {{1, 2, 3}}, leaf = {{4, 5, 6}};
    for (uint64_t size = 1; size < 70; size += 7) {
        promise(!merkle_verify_inclusion(file->index % size, size, &leaf, file->proof.hashes, file->proof.count, &root),
                "no path leads there");
        promise(!merkle_verify_consistency(file->index % size, size, &leaf, &root, file->proof.hashes, file->proof.count),
                "no consistency either");
    }
    merkle_verify_inclusion(file->index, UINT64_MAX, &leaf, file->proof.hashes, file->proof.count, &root);
    merkle_verify_consistency(file->index, UINT64_MAX, &leaf, &root, file->proof.hashes, file->proof.count);
}

static void round_trip(const char *data, size_t size, const struct proof_file *file)
{
    char *bytes = malloc(file->extra_length + 1);
    size_t got = 0;
    if (!bytes) return;
    promise(base64_read(file->extra, file->extra_length, bytes, file->extra_length, &got), "what was taken for base64 is some");
    struct entry_row row = {.index = file->index, .bytes = bytes, .length = got};
    struct buffer out = {0};
    proof_write(&out, &row, &file->proof, file->note, file->note_length);
    promise(out.length == size && memcmp(out.data, data, size) == 0, "there is one way to write a proof");
    buffer_release(&out);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct proof_file file;
    struct receipt receipt;
    struct guan_error error = {0};
    char *text = malloc(size + 1);
    if (!text) return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (proof_read((const char *)data, size, &file, &error)) check_error(&error);
    else {
        try_path(&file);
        if (file.extra) round_trip((const char *)data, size, &file);
    }
    error = (struct guan_error){0};
    if (receipt_read(text, &receipt, &error)) check_error(&error);
    else promise(receipt.length < strlen(text), "what is signed is a part of it");
    free(text);
    return 0;
}
