/* Any bytes: read or refused with a message. What was read is written, read again, and is the same. */
#include "fuzz.h"

#include "base/json.h"
#include "base/text.h"

#include <string.h>

static void check_error(const struct guan_error *error)
{
    promise(error->code != GUAN_OK && error->rule[0] && error->text[0], "a refusal says why");
    promise(text_is_utf8(error->text, strlen(error->text)), "a message is UTF-8");
}

static void round_trip(struct arena *arena, const struct value *value, const struct buffer *out)
{
    struct value *again = NULL;
    struct buffer second = {0};
    promise(json_read(arena, out->data, out->length, &again, NULL) == GUAN_OK, "what was written can be read");
    promise(value_equal(value, again), "and is the same");
    json_write(&second, again);
    promise(second.length == out->length && memcmp(second.data, out->data, out->length) == 0, "the form is canonical");
    buffer_release(&second);
}

/* The reader of our own rows says of any bytes what json_read says. */
static void both_readers(struct arena *arena, const char *text, size_t size, int code, const struct value *value)
{
    struct value *own = NULL;
    promise(json_read_own(arena, text, size, &own, NULL) == code, "both readers agree");
    promise(code != GUAN_OK || value_equal(value, own), "and read the same");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct value *value = NULL;
    struct guan_error error = {0};
    int code = json_read(arena, (const char *)data, size, &value, &error);
    both_readers(arena, (const char *)data, size, code, value);
    if (code) {
        check_error(&error);
    } else {
        struct buffer any = {0}, record = {0};
        json_write(&any, value);
        both_readers(arena, any.data, any.length, GUAN_OK, value);
        round_trip(arena, value, &any);
        if (json_write_record(&record, value, &error)) check_error(&error);
        else promise(record.length == any.length && memcmp(record.data, any.data, any.length) == 0, "both forms agree");
        buffer_release(&any);
        buffer_release(&record);
    }
    arena_free(arena);
    return 0;
}
