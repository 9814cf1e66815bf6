/* Calendars: a file that is taken answers every question within its years, and the answers agree. */
#include "fuzz.h"

#include "base/calendar.h"
#include "base/limits.h"

#include <string.h>

static void check_workdays(const struct calendar *calendar, int64_t day)
{
    bool works = false, next_works = false;
    int64_t same = 0, next = 0, back = 0;
    if (calendar_is_workday(calendar, day, &works, NULL) != GUAN_OK) return;
    if (calendar_add_workdays(calendar, day, 0, &same, NULL) == GUAN_OK)
        promise(same >= day && works == (same == day), "the same day if it is a working day");
    if (calendar_add_workdays(calendar, day, 1, &next, NULL) != GUAN_OK) return;
    promise(next > day, "the next one comes after");
    promise(calendar_is_workday(calendar, next, &next_works, NULL) == GUAN_OK && next_works, "and is a working day");
    if (works) promise(calendar_add_workdays(calendar, next, -1, &back, NULL) == GUAN_OK && back == day, "there and back");
}

static void check_events(const struct calendar *calendar, int first_year)
{
    int64_t from = civil_days(first_year, 1, 1);
    struct calendar_event event;
    size_t count = 0;
    for (bool found = true; calendar_next(calendar, NULL, from, &event, &found, NULL) == GUAN_OK && found;
         from = event.last + 1) {
        promise(event.first <= event.day && event.day <= event.last && event.last >= from, "a day inside of the event");
        promise(event.uid[0] != '\0' && event.summary[0] != '\0', "an event has names");
        struct calendar_event again;
        promise(calendar_next(calendar, event.uid, from, &again, &found, NULL) == GUAN_OK && found && again.uid == event.uid,
                "it is found by its UID");
        promise(++count <= calendar_count(calendar), "no event comes twice");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct calendar *calendar = NULL;
    struct guan_error error = {0};
    int code = calendar_read((const char *)data, size, &calendar, &error);
    if (code != GUAN_OK) {
        promise(code == GUAN_NO && !calendar && error.text[0] && error.where[0] && error.hint[0], "a refusal says why and where");
        return 0;
    }
    promise(calendar_count(calendar) <= LIMIT_CALENDAR_EVENTS, "a limit on events");
    promise(calendar_name(calendar)[0] != '\0', "a calendar has a name");
    int first_year = 0;
    for (int year = 1899; year <= 2200; year++) {
        bool works;
        if (calendar_is_workday(calendar, civil_days(year, 1, 1), &works, NULL) != GUAN_OK) continue;
        if (!first_year) first_year = year;
        for (int64_t day = civil_days(year, 1, 1), end = civil_days(year + 1, 1, 1); day < end;
             day += year - first_year < 3 ? 1 : 31)
            check_workdays(calendar, day);
    }
    promise(first_year != 0, "a calendar has a year");
    check_events(calendar, first_year);
    calendar_free(calendar);
    return 0;
}
