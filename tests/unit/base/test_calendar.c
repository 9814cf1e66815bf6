/* Calendars: the published days, working days counted over them, what comes every year. */
#include "calendar_kit.h"

#include <libical/ical.h>

static const char *shown(int64_t days, char out[16])
{
    struct civil civil = civil_of_days(days);
    snprintf(out, 16, "%04d-%02d-%02d", civil.year % 10000, civil.month % 100, civil.day % 100);
    return out;
}

static struct calendar *read_file(const char *path)
{
    static char text[65536];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    return read_text(text);
}

static struct calendar *holidays(void)
{
    return read_file(SOURCE_DIR "/processes/calendars/holidays.ics");
}

static void test_every_published_day(void **state)
{
    (void)state;
    static const struct {
        const char *first, *last;
    } off[] = {{"2025-01-01", "2025-01-01"}, {"2025-01-28", "2025-02-04"}, {"2025-04-04", "2025-04-06"},
               {"2025-05-01", "2025-05-05"}, {"2025-05-31", "2025-06-02"}, {"2025-10-01", "2025-10-08"},
               {"2026-01-01", "2026-01-03"}, {"2026-02-15", "2026-02-23"}, {"2026-04-04", "2026-04-06"},
               {"2026-05-01", "2026-05-05"}, {"2026-06-19", "2026-06-21"}, {"2026-09-25", "2026-09-27"},
               {"2026-10-01", "2026-10-07"}};
    static const char *const made_up[] = {"2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11", "2026-01-04",
                                          "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"};
    struct calendar *calendar = holidays();
    assert_string_equal(calendar_name(calendar), "holidays");
    int count[2] = {0};
    /* 2025-01-01 was a Wednesday. */
    for (int64_t when = day("2025-01-01"), weekday = 2; when <= day("2026-12-31"); when++, weekday = (weekday + 1) % 7) {
        bool expected = weekday < 5;
        for (size_t i = 0; i < sizeof off / sizeof off[0]; i++)
            if (when >= day(off[i].first) && when <= day(off[i].last)) expected = false;
        for (size_t i = 0; i < sizeof made_up / sizeof made_up[0]; i++)
            if (when == day(made_up[i])) expected = true;
        char text[16];
        if (works(calendar, when) != expected) fail_msg("%s", shown(when, text));
        count[when >= day("2026-01-01")] += expected;
    }
    /* 365 days less 104 at weekends less 13 statutory holidays each year; 2025's and 2026's holidays all fall on days of their
     * own, but for Saturdays and Sundays, which are made up for. */
    assert_int_equal(count[0], 248);
    assert_int_equal(count[1], 248);
    calendar_free(calendar);
}

static void test_festivals(void **state)
{
    (void)state;
    static const struct {
        const char *name, *from, *first, *last, *day, *uid; /* uid NULL: none left */
    } rows[] = {
        {NULL, "2025-01-01", "2025-01-01", "2025-01-01", "2025-01-01", "new-year-2025"},
        {NULL, "2025-01-02", "2025-01-28", "2025-02-04", "2025-01-29", "spring-festival-2025"},
        {NULL, "2025-02-04", "2025-01-28", "2025-02-04", "2025-01-29", "spring-festival-2025"},
        {NULL, "2025-02-05", "2025-04-04", "2025-04-06", "2025-04-04", "qingming-2025"},
        {NULL, "2025-04-07", "2025-05-01", "2025-05-05", "2025-05-01", "labour-day-2025"},
        {NULL, "2025-05-06", "2025-05-31", "2025-06-02", "2025-05-31", "dragon-boat-2025"},
        {NULL, "2025-06-03", "2025-10-01", "2025-10-05", "2025-10-01", "national-day-2025"},
        {NULL, "2025-10-06", "2025-10-06", "2025-10-08", "2025-10-06", "mid-autumn-2025"},
        {NULL, "2025-10-09", "2026-01-01", "2026-01-03", "2026-01-01", "new-year-2026"},
        {NULL, "2026-01-04", "2026-02-15", "2026-02-23", "2026-02-17", "spring-festival-2026"},
        {NULL, "2026-02-24", "2026-04-04", "2026-04-06", "2026-04-05", "qingming-2026"},
        {NULL, "2026-04-07", "2026-05-01", "2026-05-05", "2026-05-01", "labour-day-2026"},
        {NULL, "2026-05-06", "2026-06-19", "2026-06-21", "2026-06-19", "dragon-boat-2026"},
        {NULL, "2026-06-22", "2026-09-25", "2026-09-27", "2026-09-25", "mid-autumn-2026"},
        {NULL, "2026-09-28", "2026-10-01", "2026-10-07", "2026-10-01", "national-day-2026"},
        {NULL, "2026-10-08", NULL, NULL, NULL, NULL},
        {"春节", "2025-02-05", "2026-02-15", "2026-02-23", "2026-02-17", "spring-festival-2026"},
        {"中秋节", "2025-01-01", "2025-10-06", "2025-10-08", "2025-10-06", "mid-autumn-2025"},
        {"qingming-2026", "2025-01-01", "2026-04-04", "2026-04-06", "2026-04-05", "qingming-2026"},
        {"春节", "2026-02-24", NULL, NULL, NULL, NULL},
        {"春节调休上班", "2025-01-01", NULL, NULL, NULL, NULL},
    };
    struct calendar *calendar = holidays();
    assert_int_equal(calendar_count(calendar), 14 + 11);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct calendar_event event;
        bool found;
        assert_int_equal(calendar_next(calendar, rows[i].name, day(rows[i].from), &event, &found, NULL), GUAN_OK);
        if (found != (rows[i].uid != NULL)) fail_msg("row %zu", i);
        if (!found) continue;
        char text[16];
        assert_string_equal(event.uid, rows[i].uid);
        assert_string_equal(shown(event.first, text), rows[i].first);
        assert_string_equal(shown(event.last, text), rows[i].last);
        assert_string_equal(shown(event.day, text), rows[i].day);
    }
    calendar_free(calendar);
}

static void test_add_workdays(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        int64_t n;
        const char *expected;
    } rows[] = {
        {"2025-01-24", 1, "2025-01-26"}, /* a Sunday made up for */
        {"2025-01-24", 2, "2025-01-27"}, /* the last day before 春节 */
        {"2025-01-24", 3, "2025-02-05"}, /* over it */
        {"2025-01-24", 6, "2025-02-08"}, /* a Saturday made up for */
        {"2025-01-24", 7, "2025-02-10"}, /* seven working days (LW-11) */
        {"2025-01-29", 1, "2025-02-05"}, /* from inside the holiday */
        {"2025-01-29", -1, "2025-01-27"},   {"2025-01-29", 0, "2025-02-05"},
        {"2025-01-26", 0, "2025-01-26"}, /* a make-up day is a working day */
        {"2025-01-25", 0, "2025-01-26"}, /* the Saturday before it is none */
        {"2025-02-10", -1, "2025-02-08"},   {"2025-02-10", -5, "2025-01-27"},
        {"2025-02-10", -6, "2025-01-26"},   {"2025-02-10", -7, "2025-01-24"},
        {"2025-09-26", 1, "2025-09-28"},    {"2025-09-26", 3, "2025-09-30"},
        {"2025-09-26", 4, "2025-10-09"}, /* eight days of 国庆 and 中秋 */
        {"2025-09-26", 6, "2025-10-11"},    {"2025-09-26", 7, "2025-10-13"},
        {"2025-10-13", -1, "2025-10-11"},   {"2025-10-13", -4, "2025-09-30"},
        {"2025-10-06", -3, "2025-09-28"},   {"2026-02-13", 1, "2026-02-14"},
        {"2026-02-13", 2, "2026-02-24"}, /* nine days of 春节 */
        {"2026-02-13", 6, "2026-02-28"}, /* the last day of February, a Saturday */
        {"2026-02-13", 7, "2026-03-02"},    {"2026-03-02", -1, "2026-02-28"},
        {"2026-03-02", -6, "2026-02-14"},   {"2026-03-02", -7, "2026-02-13"},
        {"2026-09-18", 1, "2026-09-20"},    {"2026-09-18", 5, "2026-09-24"},
        {"2026-09-18", 6, "2026-09-28"}, /* over 中秋 */
        {"2026-09-18", 9, "2026-10-08"}, /* and 国庆 */
        {"2026-09-18", 11, "2026-10-10"},   {"2026-09-18", 12, "2026-10-12"},
        {"2026-10-12", -4, "2026-09-30"},   {"2025-04-30", 1, "2025-05-06"},
        {"2025-04-25", 1, "2025-04-27"},    {"2026-04-30", 4, "2026-05-09"},
        {"2026-06-18", 1, "2026-06-22"},    {"2025-12-31", 1, "2026-01-04"}, /* over the year's end, to a Sunday made up for */
        {"2025-12-31", 2, "2026-01-05"},    {"2026-01-04", -1, "2025-12-31"},
        {"2025-01-01", 0, "2025-01-02"},    {"2025-01-01", 1, "2025-01-02"},
        {"2025-01-02", 247, "2025-12-31"}, /* all of a year */
        {"2026-12-31", 0, "2026-12-31"},    {"2026-12-25", 4, "2026-12-31"},
        {"2026-12-31", -495, "2025-01-02"},
    };
    struct calendar *calendar = holidays();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t out;
        struct guan_error error;
        char text[16];
        if (calendar_add_workdays(calendar, day(rows[i].from), rows[i].n, &out, &error)) fail_msg("row %zu: %s", i, error.text);
        if (strcmp(shown(out, text), rows[i].expected) != 0) fail_msg("row %zu: %s", i, text);
    }
    calendar_free(calendar);
}

/* From every day, by counting day after day. */
static void test_add_workdays_by_counting(void **state)
{
    (void)state;
    struct calendar *calendar = holidays();
    int64_t first = day("2025-01-01"), last = day("2026-12-31");
    for (int64_t from = first; from <= last; from++)
        for (int64_t n = -40; n <= 40; n++) {
            int64_t left = n < 0 ? -n : n, expected = from, out = 0;
            if (n == 0)
                while (expected <= last && !works(calendar, expected)) expected++;
            while (left > 0 && expected >= first && expected <= last) {
                expected += n < 0 ? -1 : 1;
                if (expected >= first && expected <= last) left -= works(calendar, expected);
            }
            int code = calendar_add_workdays(calendar, from, n, &out, NULL);
            bool inside = expected >= first && expected <= last;
            if ((code == GUAN_OK) != inside || (inside && out != expected)) fail_msg("%d %d", (int)(from - first), (int)n);
        }
    calendar_free(calendar);
}

static void is_beyond(int code, const struct guan_error *error, const char *year)
{
    assert_int_equal(code, GUAN_NO);
    assert_string_equal(error->rule, "calendar-year");
    assert_non_null(strstr(error->text, "the calendar holidays has no year "));
    assert_non_null(strstr(error->text, year));
    assert_non_null(strstr(error->hint, "processes/calendars/holidays.ics"));
}

static void test_years_beyond(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        int64_t n;
        const char *year;
    } rows[] = {{"2026-12-31", 1, "2027 yet"},         {"2026-12-25", 5, "2027 yet"},     {"2026-01-01", 100000, "2027 yet"},
                {"2025-01-01", INT64_MAX, "2027 yet"}, {"2025-01-01", -1, "2024"},        {"2025-01-02", -1, "2024"},
                {"2026-12-31", -496, "2024"},          {"2026-12-31", INT64_MIN, "2024"}, {"2027-01-01", 0, "2027 yet"},
                {"2027-01-04", -1, "2027 yet"},        {"2024-12-31", 3, "2024"},         {"9999-12-31", 1, "9999 yet"}};
    struct calendar *calendar = holidays();
    struct guan_error error;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t out;
        is_beyond(calendar_add_workdays(calendar, day(rows[i].from), rows[i].n, &out, &error), &error, rows[i].year);
    }
    bool answer;
    struct calendar_event event;
    is_beyond(calendar_is_workday(calendar, day("2027-01-01"), &answer, &error), &error, "2027 yet");
    is_beyond(calendar_is_workday(calendar, day("2024-12-31"), &answer, &error), &error, "2024");
    is_beyond(calendar_next(calendar, NULL, day("2027-01-01"), &event, &answer, &error), &error, "2027 yet");
    is_beyond(calendar_next(calendar, "春节", day("2024-06-01"), &event, &answer, &error), &error, "2024");
    is_beyond(calendar_is_workday(calendar, INT64_MAX, &answer, &error), &error, "yet");
    is_beyond(calendar_is_workday(calendar, INT64_MIN, &answer, &error), &error, "-");
    assert_int_equal(calendar_is_workday(calendar, day("2027-01-01"), &answer, NULL), GUAN_NO);
    calendar_free(calendar);
}

static void test_seasons(void **state)
{
    (void)state;
    struct calendar *calendar = read_file(SOURCE_DIR "/processes/calendars/seasons.ics");
    assert_int_equal(calendar_count(calendar), 2 * 11);
    int64_t from = day("2025-01-01");
    for (int year = 2025; year <= 2035; year++)
        for (int half = 0; half < 2; half++) {
            struct calendar_event event;
            bool found;
            assert_int_equal(calendar_next(calendar, NULL, from, &event, &found, NULL), GUAN_OK);
            assert_true(found);
            assert_string_equal(event.summary, half ? "冬季防冻" : "夏季防暑");
            assert_int_equal(event.first, half ? civil_days(year, 11, 1) : civil_days(year, 6, 1));
            assert_int_equal(event.last, half ? civil_days(year, 12, 15) : civil_days(year, 7, 15));
            assert_int_equal(event.day, event.first);
            from = event.last + 1;
        }
    struct calendar_event event;
    bool found = true;
    assert_int_equal(calendar_next(calendar, NULL, from, &event, &found, NULL), GUAN_OK);
    assert_false(found);
    assert_int_equal(calendar_next(calendar, "heat", day("2030-07-16"), &event, &found, NULL), GUAN_OK);
    assert_int_equal(event.first, day("2031-06-01"));
    assert_true(works(calendar, day("2026-11-02"))); /* a season is no holiday */
    assert_false(works(calendar, day("2026-11-01")));
    calendar_free(calendar);
}

/* What comes every year is what libical says. */
static void test_yearly_as_libical(void **state)
{
    (void)state;
    static const struct {
        const char *start, *rule;
    } rows[] = {{"20100215", "FREQ=YEARLY"},
                {"20240229", "FREQ=YEARLY"},
                {"20201231", "FREQ=YEARLY;UNTIL=20291231"},
                {"20200101", "UNTIL=20291230;FREQ=YEARLY"},
                {"20200229", "FREQ=YEARLY;BYMONTH=2"},
                {"20200704", "FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=4"},
                {"20200510", "FREQ=YEARLY;BYMONTH=5;BYDAY=2SU"},
                {"20201126", "FREQ=YEARLY;BYMONTH=11;BYDAY=+4TH"},
                {"20200525", "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO"},
                {"20200331", "FREQ=YEARLY;BYMONTH=3;BYDAY=5TU"},
                {"20200229", "FREQ=YEARLY;BYMONTH=2;BYDAY=5SA"},
                {"20200303", "FREQ=YEARLY;BYMONTH=3;BYDAY=-5TU"},
                {"20201204", "FREQ=YEARLY;BYMONTH=12;BYDAY=1FR"},
                {"20200219", "FREQ=YEARLY;BYMONTH=2;BYDAY=-2WE"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[500];
        snprintf(text, sizeof text,
                 "BEGIN:VCALENDAR\nX-WR-CALNAME:t\nX-GUAN-YEARS:2020/2049\n" EVENT("a", "SEASON", "DTSTART:%s\nRRULE:%s") END,
                 rows[i].start, rows[i].rule);
        struct calendar *calendar = read_text(text);
        struct icalrecurrencetype rule = icalrecurrencetype_from_string(rows[i].rule);
        icalrecur_iterator *iterator = icalrecur_iterator_new(rule, icaltime_from_string(rows[i].start));
        assert_non_null(iterator);
        int64_t from = civil_days(2020, 1, 1);
        size_t count = 0;
        for (bool found = true; found;) {
            struct icaltimetype expected;
            do expected = icalrecur_iterator_next(iterator);
            while (expected.year && expected.year < 2020);
            struct calendar_event event;
            assert_int_equal(calendar_next(calendar, NULL, from, &event, &found, NULL), GUAN_OK);
            assert_int_equal(found, expected.year && expected.year <= 2049);
            if (!found) break;
            if (event.first != civil_days(expected.year, expected.month, expected.day))
                fail_msg("%s %d", rows[i].rule, expected.year);
            from = event.last + 1;
            count++;
        }
        assert_true(count >= 2);
        assert_int_equal(count, calendar_count(calendar));
        icalrecur_iterator_free(iterator);
        calendar_free(calendar);
    }
}

static void test_leap_day_and_year_ends(void **state)
{
    (void)state;
    struct calendar *calendar = read_text(BEGIN EVENT("leap", "HOLIDAY", "DTSTART:20200229\nRRULE:FREQ=YEARLY") EVENT(
        "winter", "SEASON", "DTSTART:20201201\nDTEND:20210301\nRRULE:FREQ=YEARLY") END);
    assert_int_equal(calendar_count(calendar), 1 + 4); /* the winters of 2023/24 to 2026/27 */
    assert_false(works(calendar, day("2024-02-29")));
    assert_true(works(calendar, day("2025-02-28")));
    int64_t out;
    assert_int_equal(calendar_add_workdays(calendar, day("2024-02-28"), 1, &out, NULL), GUAN_OK);
    assert_int_equal(out, day("2024-03-01"));
    assert_int_equal(calendar_add_workdays(calendar, day("2024-03-01"), -1, &out, NULL), GUAN_OK);
    assert_int_equal(out, day("2024-02-28"));
    struct calendar_event event;
    bool found;
    calendar_next(calendar, "winter", day("2024-01-01"), &event, &found, NULL);
    assert_int_equal(event.first, day("2023-12-01"));
    assert_int_equal(event.last, day("2024-02-28")); /* as many days as the first winter had */
    calendar_next(calendar, "winter", day("2026-12-31"), &event, &found, NULL);
    assert_int_equal(event.last, day("2027-02-28"));
    calendar_free(calendar);
}

/* A long season that began earlier does not hide behind short ones that end before it. */
static void test_overlapping_seasons(void **state)
{
    (void)state;
    struct calendar *calendar = read_text(BEGIN EVENT("long", "SEASON", "DTSTART:20250101\nDTEND:20251001")
                                              EVENT("b", "SEASON", "DTSTART:20250301\nDTEND:20250311")
                                                  EVENT("a", "SEASON", "DTSTART:20250301\nDTEND:20250311")
                                                      EVENT("late", "SEASON", "DTSTART:20250901\nDTEND:20251101") END);
    static const struct {
        const char *name, *from, *uid;
    } rows[] = {{NULL, "2024-01-01", "long"}, {NULL, "2025-03-05", "long"}, {NULL, "2025-09-30", "long"},
                {NULL, "2025-10-01", "late"}, {"b", "2025-02-01", "b"},     {"a", "2025-03-10", "a"},
                {"a", "2025-03-11", NULL},    {NULL, "2025-11-01", NULL},   {"late", "2025-03-05", "late"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct calendar_event event;
        bool found;
        assert_int_equal(calendar_next(calendar, rows[i].name, day(rows[i].from), &event, &found, NULL), GUAN_OK);
        if (found != (rows[i].uid != NULL) || (found && strcmp(event.uid, rows[i].uid) != 0)) fail_msg("row %zu", i);
    }
    calendar_free(calendar);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_published_day), cmocka_unit_test(test_festivals),
        cmocka_unit_test(test_add_workdays),        cmocka_unit_test(test_add_workdays_by_counting),
        cmocka_unit_test(test_years_beyond),        cmocka_unit_test(test_seasons),
        cmocka_unit_test(test_yearly_as_libical),   cmocka_unit_test(test_leap_day_and_year_ends),
        cmocka_unit_test(test_overlapping_seasons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
