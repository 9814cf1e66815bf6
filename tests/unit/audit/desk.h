/* A small record for tests of what auditors take out of it: one case with a late step, a waiver, a refusal, a late entry and a
 * text that spreadsheets, XML and HTML would trip over. */
#ifndef TEST_DESK_H
#define TEST_DESK_H

#include "shop.h"

#define DESK_NOTE "=1+1 \"<a&b>\",\nzwei"

static inline void desk_do(struct guan *guan, struct caught *caught, const struct guan_command *command, int expected)
{
    struct guan_error error;
    int code = shop_do(guan, caught, command, &error);
    if (code != expected) print_error("%s: %s\n", error.rule, error.text);
    assert_int_equal(code, expected);
}

/* F1 is the refusal, F2 the late greeting, F3 the waiver, F4 the late entry. */
static inline const char *desk_case(struct guan *guan, struct caught *caught)
{
    struct guan_error error;
    const char *kase = shop_case(guan, caught);
    assert_int_equal(shop_step(guan, caught, kase, "visit.arrive", "2026-03-07T10:02:00", "channel", "shop", &error), GUAN_OK);
    struct guan_command leave = {
        .verb = GUAN_SEND, .kase = kase, .name = "visit.leave", .actor = "周敏", .at = "2026-03-07T10:02:30"};
    desk_do(guan, caught, &leave, GUAN_NO);
    assert_int_equal(shop_step(guan, caught, kase, "visit.greet", "2026-03-07T10:05:00", NULL, NULL, &error), GUAN_OK);
    assert_int_equal(shop_step(guan, caught, kase, "visit.arrive", "2026-03-07T11:00:00", "channel", "phone", &error), GUAN_OK);
    struct guan_command waive = {.verb = GUAN_WAIVE,
                                 .kase = kase,
                                 .name = "visit.greet",
                                 .actor = "陈静",
                                 .at = "2026-03-07T11:00:10",
                                 .reason = "客户赶时间"};
    desk_do(guan, caught, &waive, GUAN_OK);
    const struct guan_pair fields[] = {{"text", DESK_NOTE}, {"count", "7"}};
    struct guan_command note = {.verb = GUAN_STEP,
                                .kase = kase,
                                .name = "note",
                                .actor = "周敏",
                                .at = "2026-03-16T09:00:00",
                                .rec = "2026-03-16T15:00:00",
                                .fields = fields,
                                .field_count = 2};
    desk_do(guan, caught, &note, GUAN_OK);
    return kase;
}

static inline struct value *row_by(const struct value *list, const char *key, const char *text)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (text_equal(value_get_text(value_at(list, i), key), text)) return value_at(list, i);
    return NULL;
}

#endif
