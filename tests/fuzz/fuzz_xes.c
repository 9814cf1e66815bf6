/* XES from anywhere: taken, and then whole; or refused with a reason, a place and a way out. */
#include "fuzz.h"

#include "audit/log.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct event_log *log;
    struct guan_error error = {0};
    if (size == 0) return 0;
    FILE *stream = fmemopen((void *)(uintptr_t)data, size, "rb");
    if (!stream) return 0;
    promise(log_new(&log, &error) == GUAN_OK, "memory");
    int code = log_read_xes(stream, "fuzz.xes", NULL, log, &error);
    fclose(stream);
    if (code == GUAN_OK) code = log_finish(log, &error);
    if (code != GUAN_OK)
        promise(code == GUAN_USAGE && error.text[0] && error.where[0] && error.hint[0], "a refusal says why and where");
    uint32_t next = 0;
    for (uint32_t k = 0; code == GUAN_OK && k < log->case_count; k++) {
        const struct log_case *kase = &log->cases[k];
        promise(kase->first == next && kase->name && kase->name < log->text_count, "cases stand one after the other, named");
        next += kase->count;
        for (uint32_t i = kase->first; i < next; i++) {
            const struct log_event *event = &log->events[i];
            promise(event->kase == k && event->activity && event->activity < log->text_count,
                    "an event has its case and activity");
            promise(event->attributes + event->attribute_count <= log->attribute_count, "its attributes are there");
        }
    }
    promise(code != GUAN_OK || next == log->event_count, "every event is in a case");
    log_free(log);
    return 0;
}
