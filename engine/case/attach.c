/* Evidence: `name=@FILE`. The record keeps the file's hash, the store the file (store/evidence.c); it is never in memory whole.
 */
#include "case/kase.h"

#include <string.h>

int attach_look(const char *path, struct guan_error *error)
{
    return store_evidence_measure(path, NULL, NULL, error);
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
        if (pair->value[0] != '@') {
            pairs[kept++] = *pair;
            continue;
        }
        struct attachment *attachment = &attachments[attached++];
        struct evidence *evidence = &attachment->evidence;
        attachment->path = pair->value + 1;
        evidence->kind = arena_text(kase->arena, pair->name, strlen(pair->name));
        int code = store_evidence_measure(attachment->path, &evidence->hash, &evidence->size, error);
        if (code != GUAN_OK) return code;
    }
    kase->attachments = attachments;
    kase->attachment_count = attached;
    *fields = pairs;
    *count = kept;
    return arena_failed(kase->arena) ? error_memory(error) : GUAN_OK;
}
