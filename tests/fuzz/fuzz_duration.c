/* Durations and times: what is taken stays in bounds, and what is printed reads back. */
#include "fuzz.h"

#include "base/clock.h"

#include <string.h>

static void check_instant(instant at)
{
    char text[INSTANT_TEXT];
    instant again = INSTANT_NONE;
    instant_format(at, text);
    promise(strlen(text) == INSTANT_TEXT - 1, "24 characters");
    promise(instant_parse(text, strlen(text), NULL, &again, NULL) == GUAN_OK && again == at, "a printed time reads back");
}

static void check_duration(const struct zone *zone, const struct duration *duration)
{
    static const instant starts[] = {INT64_C(-62135596800000), 0, INT64_C(1774663200000), INT64_C(1792888200000),
                                     INT64_C(253402300799999)};
    promise(duration->has_days || duration->has_exact, "a duration has a part");
    promise(duration->has_days || (duration->months == 0 && duration->days == 0), "days were written");
    promise(duration->has_exact || duration->ms == 0, "a T part was written");
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        check_instant(duration_add(zone, starts[i], duration));
        check_instant(duration_add(NULL, starts[i], duration));
    }
    char people[64];
    duration_format_people(duration->ms, false, people, sizeof people);
    promise(people[0] != '\0', "something to read");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct zone *berlin; /* opened once: the rules take longer than the rest together */
    if (!berlin) zone_open("Europe/Berlin", &berlin, NULL);
    struct duration duration;
    struct guan_error error = {0};
    const char *text = (const char *)data;
    if (duration_parse(text, size, &duration, &error) == GUAN_OK) check_duration(berlin, &duration);
    else promise(error.text[0] != '\0', "a refusal says why");
    instant at = 0;
    if (instant_parse(text, size, berlin, &at, &error) == GUAN_OK && at != 0) {
        struct civil civil = zone_civil(berlin, at);
        promise(civil_valid(&civil), "a time has a valid date");
        if (at > INT64_C(-62135510400000) && at < INT64_C(253402214400000)) check_instant(at);
    }
    return 0;
}
