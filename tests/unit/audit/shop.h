/* A small shop for tests of the case layer: a root flow that invokes `visit`, a dealer with two people, all as strings. */
#ifndef TEST_SHOP_H
#define TEST_SHOP_H

#include "case/kase.h"

struct caught {
    struct arena *arena;
    struct value *answer; /* the last */
    struct value *all;    /* list */
};

static inline int catch_answer(void *user, const char *json, size_t length)
{
    struct caught *caught = user;
    if (json_read(caught->arena, json, length, &caught->answer, NULL) != GUAN_OK) return 1;
    value_add(caught->arena, caught->all, caught->answer);
    return 0;
}

static const char shop_root[] =
    "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:g='urn:guan:1' version='1.0' datamodel='lua' name='root' "
    "initial='life'>"
    "<parallel id='life'>"
    "<state id='idle'><g:step id='note' title='记录' required='no' repeat='yes' role='clerk' clause='C-1'>"
    "<g:field name='text' title='内容' type='text'/><g:field name='count' title='数' type='integer' "
    "required='no'/></g:step></state>"
    "<state id='visits' initial='none'><state id='none'><transition event='visit.arrive' target='some'/></state>"
    "<state id='some'><invoke id='visit' type='scxml' src='visit.scxml'/>"
    "<transition event='done.invoke.visit' target='none'/></state></state>"
    "</parallel></scxml>";

static const char shop_visit[] =
    "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:g='urn:guan:1' version='1.0' datamodel='lua' name='visit' "
    "initial='opening'"
    " g:title='接待' g:role='clerk'>"
    "<state id='opening'><g:step id='arrive' title='到店' required='no'><g:field name='channel' title='渠道' type='choice' "
    "of='shop phone'/></g:step>"
    "<transition event='arrive' target='present'/></state>"
    "<state id='present' g:title='接待中'>"
    "<g:step id='greet' title='迎接' clause='C-2' waive-by='boss'><g:deadline id='greet_in_time' from='arrive' within='PT1M' "
    "clause='C-2'/></g:step>"
    "<g:step id='loop' title='循环' required='no' done-when=\"(function() while true do end end)()\"/>"
    "<transition event='complete.present' target='over'/>"
    "<transition event='leave' target='over' g:role='clerk' g:title='离店'/></state>"
    "<final id='over'/></scxml>";

static const char shop_clauses[] =
    "<standard xmlns='urn:guan:1' id='C' title='标准' class='standard'><clause id='C-1' title='记录'/>"
    "<clause id='C-2' title='迎接'/></standard>";
static const char shop_parameters[] =
    "<parameters xmlns='urn:guan:1'><parameter id='T-LAG' type='duration' value='PT2H' basis='proposal' "
    "title='补录'/></parameters>";
static const char shop_roles[] =
    "<roles xmlns='urn:guan:1'><role id='clerk' title='店员'/><role id='boss' title='店长'/><role id='customer' "
    "title='客户'/></roles>";
static const char shop_dealer[] =
    "<dealer xmlns='urn:guan:1' id='base' title='店' zone='Asia/Shanghai'><person id='staff:1' name='周敏' "
    "login='zhoumin' roles='clerk'/><person id='staff:2' name='陈静' login='chenjing' roles='boss'/></dealer>";

static inline struct bundle *shop_bundle(const char *hooks)
{
    struct bundle *bundle = NULL;
    struct guan_error error = {0};
    const struct {
        const char *path, *text;
    } files[] = {{"processes/root.scxml", shop_root},         {"processes/visit.scxml", shop_visit},
                 {"processes/standards/c.xml", shop_clauses}, {"processes/parameters.xml", shop_parameters},
                 {"processes/roles.xml", shop_roles},         {"scripts/dealers/base/dealer.xml", shop_dealer},
                 {"scripts/dealers/base/hooks.lua", hooks}};
    assert_int_equal(bundle_new(&bundle, &error), GUAN_OK);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (files[i].text)
            assert_int_equal(bundle_add(bundle, files[i].path, files[i].text, strlen(files[i].text), &error), GUAN_OK);
    return bundle;
}

static inline struct guan *shop_open(const char *path, const char *hooks, struct caught *caught)
{
    struct store *store = NULL;
    struct guan *guan = NULL;
    struct guan_error error = {0};
    struct guan_sink sink = {catch_answer, caught};
    caught->arena = arena_new();
    caught->all = value_list(caught->arena);
    caught->answer = NULL;
    int code = store_open_new(path, STORE_VIRTUAL | STORE_CLAIMED, &store, &error);
    if (code == GUAN_OK) code = guan_attach(store, &guan, &error);
    struct bundle *bundle = shop_bundle(hooks);
    if (code == GUAN_OK) code = guan_publish(guan, bundle, &sink, &error);
    if (code != GUAN_OK) print_error("%s: %s\n", error.rule, error.text);
    for (size_t i = 0; code != GUAN_OK && i < value_count(caught->all); i++) {
        const struct value *d = value_at(caught->all, i);
        print_error("%s:%lld: %s\n", value_get_text(d, "file"), (long long)value_get_int(d, "line"), value_get_text(d, "text"));
    }
    assert_int_equal(code, GUAN_OK);
    bundle_free(bundle);
    return guan;
}

static inline void shop_close(struct guan *guan, struct caught *caught)
{
    guan_close(guan);
    arena_free(caught->arena);
}

static inline int shop_do(struct guan *guan, struct caught *caught, const struct guan_command *command, struct guan_error *error)
{
    struct guan_sink sink = {catch_answer, caught};
    error_clear(error);
    caught->answer = NULL;
    return guan_command(guan, command, &sink, error);
}

static inline const char *shop_case(struct guan *guan, struct caught *caught)
{
    struct guan_error error = {0};
    const struct guan_pair party = {"王磊", "customer"};
    struct guan_command command = {.verb = GUAN_OPEN,
                                   .name = "root",
                                   .actor = "周敏",
                                   .at = "2026-03-07T10:00:00",
                                   .key = "13800000001",
                                   .parties = &party,
                                   .party_count = 1};
    int code = shop_do(guan, caught, &command, &error);
    if (code != GUAN_OK) print_error("%s: %s\n", error.rule, error.text);
    assert_int_equal(code, GUAN_OK);
    return value_get_text(caught->answer, "case");
}

static inline int shop_step(struct guan *guan, struct caught *caught, const char *kase, const char *name, const char *at,
                            const char *field, const char *value, struct guan_error *error)
{
    struct guan_pair pair = {field, value};
    struct guan_command command = {
        .verb = GUAN_STEP, .kase = kase, .name = name, .actor = "周敏", .at = at, .fields = &pair, .field_count = field ? 1 : 0};
    return shop_do(guan, caught, &command, error);
}

#endif
