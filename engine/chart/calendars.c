/* The calendars of a bundle: the shared ones in processes/calendars, the dealers' own beside their dealer.xml. */
#include "chart/bundle_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_calendar(const struct bundle_file *file, const char *dealer)
{
    size_t length = strlen(file->path);
    if (!file->house || length < 4 || strcmp(file->path + length - 4, ".ics") != 0) return false;
    return dealer == NULL ? file->dealer == NULL : file->dealer != NULL && strcmp(file->dealer, dealer) == 0;
}

/* "12:1" */
static struct chart_place place_in(const char *where)
{
    char *end;
    unsigned long line = strtoul(where, &end, 10), col = *end == ':' ? strtoul(end + 1, NULL, 10) : 1;
    return (struct chart_place){line == 0 || line > UINT32_MAX ? 1 : (uint32_t)line,
                                col == 0 || col > UINT32_MAX ? 1 : (uint32_t)col};
}

static int read_one(const struct bundle_file *file, struct arena *arena, struct house_calendar *out, diagnostic_sink sink,
                    void *user, struct guan_error *error)
{
    const char *name = strrchr(file->path, '/') + 1;
    struct calendar *calendar = NULL;
    struct guan_error fault;
    error_clear(&fault);
    out->id = arena_text(arena, name, strlen(name) - strlen(".ics"));
    if (out->id == NULL) return error_memory(error);
    int code = calendar_read(file->bytes, file->length, &calendar, &fault);
    out->calendar = calendar;
    if (code == GUAN_OK) return GUAN_OK;
    if (code == GUAN_FAILED) return error_memory(error);
    struct report report;
    report_init(&report, arena, file->path);
    problem(&report, place_in(fault.where), "calendar",
            fault.hint[0] == '\0' ? NULL : arena_text(arena, fault.hint, strlen(fault.hint)), "%s", fault.text);
    return report_end(&report, sink, user, error);
}

static int by_id(const void *left, const void *right)
{
    return strcmp(((const struct house_calendar *)left)->id, ((const struct house_calendar *)right)->id);
}

int calendars_read(struct bundle *bundle, const char *dealer, struct arena *arena, struct calendars *out, diagnostic_sink sink,
                   void *user, struct guan_error *error)
{
    struct calendars read = {NULL, 0};
    size_t count = 0;
    int code = GUAN_OK;
    for (size_t i = 0; i < bundle->count; i++) count += is_calendar(&bundle->files[i], dealer);
    *out = read;
    if (count == 0) return GUAN_OK;
    read.items = memory_alloc(count * sizeof *read.items);
    if (read.items == NULL) return error_memory(error);
    for (size_t i = 0; i < bundle->count && code != GUAN_FAILED; i++) {
        if (!is_calendar(&bundle->files[i], dealer)) continue;
        struct guan_error *first = code == GUAN_OK ? error : NULL;
        int one = bundle_load(bundle, &bundle->files[i], first);
        if (one == GUAN_OK) one = read_one(&bundle->files[i], arena, &read.items[read.count++], sink, user, first);
        if (one != GUAN_OK) code = one;
    }
    if (code == GUAN_OK) qsort(read.items, read.count, sizeof *read.items, by_id);
    if (code == GUAN_OK) *out = read;
    else calendars_free(&read);
    return code;
}

void calendars_free(struct calendars *calendars)
{
    for (size_t i = 0; i < calendars->count; i++)
        calendar_free((struct calendar *)(uintptr_t)calendars->items[i].calendar); /* const for those who only look */
    memory_free(calendars->items);
    *calendars = (struct calendars){NULL, 0};
}

static bool has_file(const struct bundle *bundle, const char *folder, const char *below, const char *id)
{
    char path[300];
    int n = snprintf(path, sizeof path, "%s%s/%s.ics", folder, below, id);
    return n > 0 && (size_t)n < sizeof path && bundle_find(bundle, path) != NULL;
}

bool calendar_known(const struct bundle *bundle, const char *id, const char **missing)
{
    *missing = NULL;
    if (has_file(bundle, "processes/calendars", "", id)) return true;
    const char *without = NULL;
    bool some = false;
    for (size_t i = 0; i < bundle->dealer_count; i++) {
        const char *name = dealer_name(bundle->dealers[i]);
        if (has_file(bundle, "scripts/dealers/", name, id)) some = true;
        else without = name;
    }
    if (some) *missing = without;
    return some && without == NULL;
}

void calendars_guess(const struct bundle *bundle, struct arena *arena, struct guess *guess)
{
    for (size_t i = 0; i < bundle->count; i++) {
        const char *name = strrchr(bundle->files[i].path, '/');
        if (name == NULL || !is_calendar(&bundle->files[i], bundle->files[i].dealer)) continue;
        name = arena_text(arena, name + 1, strlen(name + 1) - strlen(".ics"));
        if (name != NULL) guess_offer(guess, name);
    }
}
