/* Evidence: `name=@FILE` reads the file; the record keeps its hash, the store its bytes. */
#include "case/kase.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_file(struct kase *kase, const char *path, const char **bytes, size_t *length, struct guan_error *error)
{
    struct stat info;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
        if (file >= 0) close(file);
        return error_set(error, GUAN_USAGE, "evidence", "%s: there is no such file", path);
    }
    if ((uint64_t)info.st_size > LIMIT_EVIDENCE_BYTES) {
        close(file);
        return error_set(error, GUAN_USAGE, "evidence", "%s: evidence may have at most %u MiB", path, LIMIT_EVIDENCE_BYTES >> 20);
    }
    size_t size = (size_t)info.st_size, got = 0;
    char *data = arena_alloc(kase->arena, size + 1);
    while (data && got < size) {
        ssize_t part = read(file, data + got, size - got);
        if (part <= 0) break;
        got += (size_t)part;
    }
    close(file);
    if (!data) return error_memory(error);
    if (got != size) return error_set(error, GUAN_FAILED, "evidence", "%s: cannot be read", path);
    *bytes = data;
    *length = size;
    return GUAN_OK;
}

int attach_files(struct kase *kase, const struct guan_command *command, struct guan_pair **fields, size_t *count,
                 struct guan_error *error)
{
    size_t kept = 0, attached = 0;
    struct guan_pair *pairs = arena_alloc(kase->arena, (command->field_count + 1) * sizeof *pairs);
    struct attachment *attachments = arena_alloc(kase->arena, (command->field_count + 1) * sizeof *attachments);
    if (!pairs || !attachments) return error_memory(error);
    for (size_t i = 0; i < command->field_count; i++) {
        const struct guan_pair *pair = &command->fields[i];
        size_t length = 0;
        if (pair->value[0] != '@') {
            pairs[kept++] = *pair;
            continue;
        }
        struct attachment *attachment = &attachments[attached++];
        int code = read_file(kase, pair->value + 1, &attachment->bytes, &length, error);
        if (code == GUAN_OK) code = hash_bytes(attachment->bytes, length, &attachment->evidence.hash);
        if (code != GUAN_OK) return code;
        attachment->evidence.kind = arena_text(kase->arena, pair->name, strlen(pair->name));
        attachment->evidence.size = length;
    }
    kase->attachments = attachments;
    kase->attachment_count = attached;
    *fields = pairs;
    *count = kept;
    return arena_failed(kase->arena) ? error_memory(error) : GUAN_OK;
}
