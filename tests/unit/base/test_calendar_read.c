/* Calendar files: every form that is taken, every fault with its line, limits, memory. */
#include "calendar_kit.h"

#include "base/limits.h"

static void test_forms(void **state)
{
    (void)state;
    /* A mark of the byte order, CRLF, folding inside a character and a name, parameters with quotes, parts that are passed over.
     */
    struct calendar *calendar =
        read_text("\xEF\xBB\xBF"
                  "begin:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CAL\r\n NAME:节\xE5\r\n \x81\x87\\, a\\;b\\\\c\r\n"
                  "X-GUAN-YEARS:2025\r\n\r\nBEGIN:VTIMEZONE\r\nTZID:x\r\nBEGIN:STANDARD\r\nEND:STANDARD\r\n"
                  "END:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY;LANGUAGE=zh;ALTREP=\"x:y;z\":春\r\n\t节\r\n"
                  "DTSTART;value=date:20250128\r\nCATEGORIES:x,HOLIDAY,y\r\nBEGIN:VALARM\r\nUID:2\r\nEND:VALARM\r\n"
                  "END:VEVENT\r\nEND:VCALENDAR");
    assert_string_equal(calendar_name(calendar), "节假, a;b\\c");
    struct calendar_event event;
    bool found;
    assert_int_equal(calendar_next(calendar, "春节", day("2025-01-01"), &event, &found, NULL), GUAN_OK);
    assert_true(found);
    assert_int_equal(event.last, day("2025-01-28"));
    assert_false(works(calendar, day("2025-01-28")));
    calendar_free(calendar);

    calendar = read_text(BEGIN END);
    assert_int_equal(calendar_count(calendar), 0);
    assert_int_equal(calendar_next(calendar, NULL, day("2025-01-01"), &event, &found, NULL), GUAN_OK);
    assert_false(found);
    calendar_free(calendar);
    calendar_free(NULL);
}

static void test_broken(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where, *says;
    } rows[] = {
        {"", "1:1", "begins with BEGIN:VCALENDAR"},
        {"\n\nhello\n", "3:1", "is no line of a calendar"},
        {"BEGIN:VCARD\n", "1:1", "begins with BEGIN:VCALENDAR"},
        {BEGIN, "4:1", "the file ends inside VCALENDAR, which began in line 1"},
        {BEGIN "BEGIN:VEVENT\n", "5:1", "inside VEVENT, which began in line 4"},
        {BEGIN "BEGIN:VEVENT\n" END, "5:1", "the event of line 4 is not closed"},
        {BEGIN "BEGIN:VTODO\nEND:VTOD\n" END, "5:1", "END:VTOD does not close BEGIN:VTODO"},
        {BEGIN "BEGIN:A\nBEGIN:A\nBEGIN:A\nBEGIN:A\nBEGIN:A\nBEGIN:A\nBEGIN:A\nBEGIN:A\nBEGIN:A\n", "12:1", "more than 8 deep"},
        {BEGIN "END:VEVENT\n" END, "4:1", "END closes what has not begun"},
        {BEGIN END "BEGIN:VCALENDAR\n", "5:1", "after END:VCALENDAR"},
        {BEGIN "X-GUAN-YEARS:2025\n" END, "4:1", "X-GUAN-YEARS twice"},
        {BEGIN "X-WR-CALNAME:b\n" END, "4:1", "X-WR-CALNAME twice"},
        {"BEGIN:VCALENDAR\nX-GUAN-YEARS:2025\n" END, "1:1", "no X-WR-CALNAME"},
        {"BEGIN:VCALENDAR\nX-WR-CALNAME:a\n" END, "1:1", "no X-GUAN-YEARS"},
        {"BEGIN:VCALENDAR\nX-WR-CALNAME:\n" END, "2:1", "X-WR-CALNAME is empty"},
        {"BEGIN:VCALENDAR\nX-WR-CALNAME:a123456789a123456789a123456789a123456789a123456789a123456789b\n" END, "2:1",
         "longer than 60"},
        {"BEGIN:VCALENDAR\nX-GUAN-YEARS:2026/2025\n" END, "2:1", "are not the years"},
        {"BEGIN:VCALENDAR\nX-GUAN-YEARS:2025-2026\n" END, "2:1", "are not the years"},
        {"BEGIN:VCALENDAR\nX-GUAN-YEARS:2025/202\n" END, "2:1", "are not the years"},
        {"BEGIN:VCALENDAR\nX-GUAN-YEARS:20x5\n" END, "2:1", "are not the years"},
        {"BEGIN:VCALENDAR\nX-GUAN-YEARS:1899/2026\n" END, "2:1", "are not the years"},
        {"BEGIN:VCALENDAR\nX-GUAN-YEARS:2025/2200\n" END, "2:1", "are not the years"},
        {BEGIN "SUMMARY\n" END, "4:1", "\"SUMMARY\" is no line"},
        {BEGIN "X;A=\"b:c\n" END, "4:1", "is no line"},
        {BEGIN ":x\n" END, "4:1", "is no line"},
        {BEGIN "节:x\n" END, "4:1", "is no line"},
        {BEGIN "X:a\x01\n" END, "4:1", "bytes that are no text"},
        {BEGIN "X:a\rb\n" END, "4:1", "bytes that are no text"},
        {BEGIN "X:a\n \xFF\n" END, "4:1", "bytes that are no text"},
        {BEGIN EVENT("a", "HOLIDAY", "DTSTART:2025-01-28") END, "8:1", "\"2025-01-28\" of DTSTART is not a day"},
        {BEGIN EVENT("a", "HOLIDAY", "DTSTART:20250230") END, "8:1", "\"20250230\" of DTSTART is not a day"},
        {BEGIN EVENT("a", "HOLIDAY", "DTSTART:18991231") END, "8:1", "is not a day"},
        {BEGIN EVENT("a", "HOLIDAY", "DTSTART:20250128T000000") END, "8:1", "is not a day"},
        {BEGIN EVENT("a", "HOLIDAY", "DTSTART;TZID=Asia/Shanghai:20250128") END, "8:1",
         "cannot be read with \"TZID=Asia/Shanghai\""},
        {BEGIN EVENT("a", "HOLIDAY", "DTSTART:20250128\nDTEND:20250101") END, "9:1", "DTEND is not after DTSTART"},
        {BEGIN EVENT("a", "HOLIDAY", "DTSTART:20250128\nDTEND:20250128") END, "9:1", "DTEND is not after DTSTART"},
        {BEGIN EVENT("a", "SEASON", "DTSTART:20240101\nDTEND:20250102") END, "9:1", "longer than a year"},
        {BEGIN EVENT("a", "HOLIDAY", "DTSTART:20250128\nX-GUAN-DAY:20250129") END, "9:1", "X-GUAN-DAY is outside"},
        {BEGIN EVENT("a", "HOLIDAY", "X-GUAN-DAY:20250127\nDTSTART:20250128") END, "8:1", "X-GUAN-DAY is outside"},
        {BEGIN EVENT("a", "HOLIDAY", "DTSTART:20250128\nDTSTART:20250129") END, "9:1", "DTSTART twice, first in line 8"},
        {BEGIN EVENT("a", "HOLIDAY", "") END, "4:1", "the event has no DTSTART"},
        {BEGIN "BEGIN:VEVENT\nUID:a\nSUMMARY:a\nDTSTART:20250128\nEND:VEVENT\n" END, "4:1", "the event has no CATEGORIES"},
        {BEGIN "BEGIN:VEVENT\nUID:a\nCATEGORIES:SEASON\nDTSTART:20250128\nEND:VEVENT\n" END, "4:1", "the event has no SUMMARY"},
        {BEGIN "BEGIN:VEVENT\nSUMMARY:a\nEND:VEVENT\n" END, "4:1", "the event has no UID"},
        {BEGIN EVENT("a", "FEAST", "DTSTART:20250128") END, "7:1", "CATEGORIES names none"},
        {BEGIN EVENT("a", "HOLIDAY,WORKDAY", "DTSTART:20250128") END, "7:1", "or more than one"},
        {BEGIN EVENT("a", "HOLIDAYS", "DTSTART:20250128") END, "7:1", "CATEGORIES names none"},
        {BEGIN EVENT("a\\", "HOLIDAY", "DTSTART:20250128") END, "5:1", "backslash"},
        {BEGIN EVENT("a\\x", "HOLIDAY", "DTSTART:20250128") END, "5:1", "backslash"},
        {BEGIN EVENT("", "HOLIDAY", "DTSTART:20250128") END, "5:1", "UID is empty"},
        {BEGIN EVENT("b", "HOLIDAY", "DTSTART:20250101") EVENT("a", "HOLIDAY", "DTSTART:20250128")
             EVENT("b", "HOLIDAY", "DTSTART:20250201") END,
         "16:1", "two events have the UID \"b\", the first in line 4"},
        {BEGIN EVENT("a", "HOLIDAY", "DTSTART:20231231") END, "4:1", "outside of the calendar's years 2024/2026"},
        {BEGIN EVENT("a", "WORKDAY", "DTSTART:20270102") END, "4:1", "outside of the calendar's years 2024/2026"},
        {BEGIN EVENT("a", "HOLIDAY", "DTSTART:20251001\nDTEND:20251009") EVENT("b", "HOLIDAY", "DTSTART:20251006") END, "11:1",
         "claims 2025-10-06, as does the one of line 4"},
        {BEGIN EVENT("a", "WORKDAY", "DTSTART:20251005") EVENT("b", "HOLIDAY", "DTSTART:20251001\nDTEND:20251009") END, "10:1",
         "claims 2025-10-05, as does the one of line 4"},
        {BEGIN EVENT("a", "WORKDAY", "DTSTART:20250127") END, "4:1", "2025-01-27 is a working day anyway"},
        {BEGIN EVENT("a", "WORKDAY", "DTSTART:20250124") END, "4:1", "2025-01-24 is a working day anyway"},
        {BEGIN EVENT("a", "SEASON", "DTSTART:20250101\nDURATION:P3D") END, "9:1", "DURATION is not carried out"},
        {BEGIN EVENT("a", "SEASON", "DTSTART:20250101\nEXDATE:20250101") END, "9:1", "EXDATE is not carried out"},
        {BEGIN EVENT("a", "SEASON", "DTSTART:20250101\nRDATE:20250101") END, "9:1", "RDATE is not carried out"},
        {BEGIN EVENT("a", "SEASON", "DTSTART:20250101\nRRULE:FREQ=DAILY") END, "9:1", "\"FREQ=DAILY\" is not a rule"},
        {BEGIN EVENT("a", "SEASON", "DTSTART:20250101\nRRULE:") END, "9:1", "is not a rule"},
        {BEGIN EVENT("a", "SEASON", "DTSTART:20250101\nRRULE:BYMONTH=1") END, "9:1", "is not a rule"},
        {BEGIN EVENT("a", "SEASON", "DTSTART:20250101\nRRULE:FREQ=YEARLY;") END, "9:1", "is not a rule"},
        {BEGIN EVENT("a", "SEASON", "DTSTART:20250101\nRRULE:FREQ=YEARLY;FREQ=YEARLY") END, "9:1", "is not a rule"},
        {BEGIN EVENT("a", "SEASON", "DTSTART:20250101\nRRULE:FREQ=YEARLY;INTERVAL=2") END, "9:1", "is not a rule"},
        {BEGIN EVENT("a", "SEASON", "DTSTART:20250101\nRRULE:FREQ=YEARLY;RSCALE=CHINESE") END, "9:1", "is not a rule"},
        {BEGIN EVENT("a", "SEASON", "DTSTART:20250101\nRRULE:FREQ=YEARLY;BYMONTH=13") END, "9:1", "is not a rule"},
        {BEGIN EVENT("a", "SEASON", "DTSTART:20250101\nRRULE:FREQ=YEARLY;BYMONTH=1,2") END, "9:1", "is not a rule"},
        {BEGIN EVENT("a", "SEASON", "DTSTART:20250101\nRRULE:FREQ=YEARLY;BYMONTHDAY=1") END, "9:1", "is not a rule"},
        {BEGIN EVENT("a", "SEASON", "DTSTART:20250101\nRRULE:FREQ=YEARLY;BYMONTH=1;BYDAY=SU") END, "9:1", "is not a rule"},
        {BEGIN EVENT("a", "SEASON", "DTSTART:20250101\nRRULE:FREQ=YEARLY;BYMONTH=1;BYDAY=6SU") END, "9:1", "is not a rule"},
        {BEGIN EVENT("a", "SEASON", "DTSTART:20250101\nRRULE:FREQ=YEARLY;UNTIL=2025") END, "9:1", "is not a rule"},
        {BEGIN EVENT("a", "SEASON", "RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=2SU\nDTSTART:20250510") END, "9:1",
         "no day of its own RRULE"},
        {BEGIN EVENT("a", "SEASON", "DTSTART:20250131\nRRULE:FREQ=YEARLY;BYMONTH=2") END, "8:1", "no day of its own RRULE"},
        {BEGIN EVENT("a", "SEASON", "DTSTART:20250131\nRRULE:FREQ=YEARLY;UNTIL=20250130") END, "8:1", "no day of its own RRULE"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct calendar *calendar = (struct calendar *)&rows;
        struct guan_error error = {0};
        if (calendar_read(rows[i].text, strlen(rows[i].text), &calendar, &error) != GUAN_NO || calendar) fail_msg("row %zu", i);
        if (strcmp(error.where, rows[i].where) != 0 || !strstr(error.text, rows[i].says) || strcmp(error.rule, "calendar") != 0)
            fail_msg("row %zu: %s: %s", i, error.where, error.text);
        assert_true(error.hint[0] != '\0');
        assert_int_equal(calendar_read(rows[i].text, strlen(rows[i].text), &calendar, NULL), GUAN_NO);
    }
}

static void test_limits(void **state)
{
    (void)state;
    struct buffer text = {0};
    struct calendar *calendar;
    struct guan_error error;
    buffer_text(&text, BEGIN);
    for (unsigned i = 0; i <= LIMIT_CALENDAR_EVENTS; i++) {
        if (i == LIMIT_CALENDAR_EVENTS) {
            size_t length = text.length;
            buffer_text(&text, END);
            assert_int_equal(calendar_read(text.data, text.length, &calendar, &error), GUAN_OK);
            assert_int_equal(calendar_count(calendar), LIMIT_CALENDAR_EVENTS);
            calendar_free(calendar);
            text.length = length;
        }
        buffer_printf(&text, EVENT("%u", "SEASON", "DTSTART:20250101"), i, i);
    }
    assert_int_equal(calendar_read(text.data, text.length, &calendar, &error), GUAN_NO);
    assert_non_null(strstr(error.text, "more than 20000 events"));
    /* Fewer events, but each every year. */
    buffer_clear(&text);
    buffer_text(&text, "BEGIN:VCALENDAR\nX-WR-CALNAME:t\nX-GUAN-YEARS:1900/2199\n");
    for (unsigned i = 0; i < 70; i++) buffer_printf(&text, EVENT("%u", "SEASON", "DTSTART:19000101\nRRULE:FREQ=YEARLY"), i, i);
    buffer_text(&text, END);
    assert_int_equal(calendar_read(text.data, text.length, &calendar, &error), GUAN_NO);
    assert_non_null(strstr(error.text, "each year of a recurring one counted"));
    buffer_clear(&text);
    while (text.length <= LIMIT_FILE_BYTES && !text.failed) buffer_printf(&text, "%4096s", "");
    assert_false(text.failed);
    assert_int_equal(calendar_read(text.data, text.length, &calendar, &error), GUAN_NO);
    assert_non_null(strstr(error.text, "larger than"));
    buffer_release(&text);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    struct buffer text = {0};
    buffer_text(&text, BEGIN);
    for (int i = 1; i <= 28; i++) buffer_printf(&text, EVENT("%d", "SEASON", "DTSTART:202502%02d\nRRULE:FREQ=YEARLY"), i, i, i);
    for (int i = 1; i <= 28; i++) buffer_printf(&text, EVENT("h%d", "HOLIDAY", "DTSTART:202503%02d"), i, i, i);
    buffer_text(&text, END);
    int code = GUAN_FAILED;
    for (uint64_t n = 1; code; n++) {
        struct calendar *calendar;
        struct guan_error error = {0};
        memory_fail_after(n);
        code = calendar_read(text.data, text.length, &calendar, &error);
        memory_fail_after(0);
        if (code) {
            assert_int_equal(code, GUAN_FAILED);
            assert_string_equal(error.rule, "memory");
            assert_null(calendar);
        } else {
            assert_true(n > 4);
            assert_int_equal(calendar_count(calendar), 28 * 2 + 28);
            calendar_free(calendar);
        }
    }
    buffer_release(&text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_broken),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
