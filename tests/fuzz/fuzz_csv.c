/* Tables from anywhere: rows of whole, valid fields; as a log taken, or refused with a reason, a place and a way out. */
#include "fuzz.h"

#include "audit/log.h"
#include "base/text.h"

#include <string.h>

static void rows(const uint8_t *data, size_t size)
{
    struct csv *csv;
    struct csv_row row;
    struct guan_error error = {0};
    bool found = true;
    uint64_t line = 0;
    FILE *stream = fmemopen((void *)(uintptr_t)data, size, "rb");
    if (!stream) return;
    int code = csv_open(stream, "fuzz.csv", &csv, &error);
    while (code == GUAN_OK && (code = csv_next(csv, &row, &found, &error)) == GUAN_OK && found) {
        promise(row.count > 0 && row.line > line, "rows go on");
        line = row.line;
        for (size_t i = 0; i < row.count; i++)
            promise(strlen(row.fields[i].text) == row.fields[i].length && text_is_utf8(row.fields[i].text, row.fields[i].length),
                    "a field is text");
    }
    if (code != GUAN_OK)
        promise(code == GUAN_USAGE && error.text[0] && error.where[0] && error.hint[0], "a refusal says why and where");
    csv_free(csv);
    fclose(stream);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct event_log *log;
    struct guan_error error = {0};
    if (size == 0) return 0;
    rows(data, size);
    FILE *stream = fmemopen((void *)(uintptr_t)data, size, "rb");
    if (!stream) return 0;
    promise(log_new(&log, &error) == GUAN_OK, "memory");
    int code = log_read_csv(stream, "fuzz.csv", NULL, NULL, log, &error);
    fclose(stream);
    if (code == GUAN_OK) code = log_finish(log, &error);
    if (code != GUAN_OK)
        promise(code == GUAN_USAGE && error.text[0] && error.where[0] && error.hint[0], "a refusal says why and where");
    for (uint32_t i = 0; code == GUAN_OK && i < log->event_count; i++)
        promise(log->events[i].kase < log->case_count && log->events[i].activity, "an event has its case and activity");
    log_free(log);
    return 0;
}
