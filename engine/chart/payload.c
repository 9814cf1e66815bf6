/* What is sent, invoked and declared: <send>, <invoke>, <donedata>, <data>, inline contents and files named by src. */
#include "chart/compile.h"

#include "base/limits.h"
#include "base/text.h"

#include <string.h>

/* --- contents --------------------------------------------------------------------------------------------------------- */

static struct chart_text text_of(struct compile *c, const char *text, size_t length, struct chart_place place)
{
    struct chart_text out = {text, CHART_NONE, false};
    if (text == NULL || !c->lua) return out;
    if (text[strspn(text, " \t\r\n")] == '<') {
        out.xml = true;
    } else if (lua_parses(c, text, length)) {
        out.expr = add_expr(c, CHART_EXPRESSION, text, length, place);
    }
    return out;
}

struct chart_text compile_text(struct compile *c, const struct node *node)
{
    if (node_has_elements(node)) return (struct chart_text){node_markup(c->tree, node, c->arena), CHART_NONE, true};
    size_t length;
    struct chart_place place;
    const char *text = node_text(node, c->arena, &length, &place);
    return text_of(c, text, length, place);
}

const char *compile_source(struct compile *c, const struct node *node, size_t *length)
{
    const struct attribute *src = node_attribute(node, SPACE_NONE, "src");
    const char *path = src->value;
    if (text_starts(path, "file:")) path += strlen("file:");
    const char *bytes = NULL;
    *length = 0;
    if (c->options->source != NULL) bytes = c->options->source(c->options->source_user, c->options->file, path, length);
    if (bytes == NULL) {
        problem(c->report, src->place, "missing-file", "the path is relative to the folder of this document",
                "there is no file \"%s\"", path);
        return NULL;
    }
    if (*length > LIMIT_FILE_BYTES || memchr(bytes, '\0', *length) != NULL || !text_is_utf8(bytes, *length)) {
        problem(c->report, src->place, "bad-file", "save it as UTF-8", "\"%s\" is too long or no UTF-8 text", path);
        return NULL;
    }
    return arena_text(c->arena, bytes, *length);
}

/* --- payloads --------------------------------------------------------------------------------------------------------- */

static void add_params(struct compile *c, const struct node *node, struct chart_payload *payload)
{
    payload->params.first = c->params.count;
    for (const struct node *child = node->first; (child = node_child(child, TAG_PARAM)) != NULL; child = child->next) {
        struct chart_param param = {.place = child->place, .name = node_value(child, "name")};
        param.expr = expr_of(c, child, "expr", CHART_EXPRESSION);
        param.location = expr_of(c, child, "location", CHART_LOCATION);
        if (param.name == NULL) param.name = "";
        if (at_most_one(c, child, "expr", "location") && param.expr == CHART_NONE && param.location == CHART_NONE)
            problem(c->report, child->place, "missing-attribute", NULL, "<param> needs expr or location");
        *(struct chart_param *)list_add(c, &c->params) = param;
        payload->params.count++;
    }
}

static void add_content(struct compile *c, const struct node *node, struct chart_payload *payload)
{
    const struct node *content = node_child(node->first, TAG_CONTENT);
    if (content == NULL) return;
    payload->has_content = true;
    payload->content_expr = expr_of(c, content, "expr", CHART_EXPRESSION);
    payload->content = compile_text(c, content);
    if (payload->content_expr != CHART_NONE && payload->content.text != NULL)
        problem(c->report, content->place, "attribute-conflict", "keep one of the two", "<content> has both expr and contents");
    if (payload->params.count > 0 || payload->namelist.count > 0)
        if (node->tag != TAG_INVOKE)
            problem(c->report, content->place, "content-and-params", "keep one of the two",
                    "<%s> has both <content> and parameters", node->name);
    const struct node *inner = node->tag == TAG_INVOKE ? node_child(content->first, TAG_SCXML) : NULL;
    if (inner == NULL) return;
    struct chart *chart = NULL;
    if (grammar_check(inner, UINT64_C(1) << TAG_SCXML, c->report) &&
        compile_chart(c->arena, c->report, c->options, c->tree, inner, &chart) == GUAN_FAILED)
        c->failed = true;
    payload->content_chart = chart;
}

void compile_payload(struct compile *c, const struct node *node, struct chart_payload *payload)
{
    *payload = (struct chart_payload){.content_expr = CHART_NONE, .content = {NULL, CHART_NONE, false}};
    const struct attribute *namelist = node_attribute(node, SPACE_NONE, "namelist");
    if (namelist != NULL) {
        payload->namelist = names_of(c, namelist->value);
        payload->namelist_exprs.first = c->exprs.count;
        for (uint32_t i = 0; i < payload->namelist.count; i++) {
            const char *name = payload->namelist.items[i];
            if (name != NULL) add_expr(c, CHART_LOCATION, name, strlen(name), namelist->place);
        }
        payload->namelist_exprs.count = c->exprs.count - payload->namelist_exprs.first;
    }
    add_params(c, node, payload);
    add_content(c, node, payload);
}

/* --- <send> ----------------------------------------------------------------------------------------------------------- */

static int64_t delay_of(struct compile *c, const struct node *node)
{
    const struct attribute *delay = node_attribute(node, SPACE_NONE, "delay");
    int64_t ms = 0;
    if (delay != NULL && !delay_parse(delay->value, &ms))
        problem(c->report, delay->place, "delay", "for instance 2s, 150ms or .5s", "\"%s\" is not a delay", delay->value);
    const char *target = node_value(node, "target");
    bool delayed = delay != NULL || node_value(node, "delayexpr") != NULL;
    if (delayed && target != NULL && strcmp(target, "#_internal") == 0)
        problem(c->report, node->place, "attribute-conflict", "leave the target out", "an event to #_internal cannot be delayed");
    return ms;
}

void compile_send(struct compile *c, const struct node *node, struct chart_exec *exec)
{
    struct chart_send send = {.event = node_value(node, "event"),
                              .target = node_value(node, "target"),
                              .type = node_value(node, "type"),
                              .id = node_value(node, "id")};
    at_most_one(c, node, "event", "eventexpr");
    at_most_one(c, node, "target", "targetexpr");
    at_most_one(c, node, "type", "typeexpr");
    at_most_one(c, node, "id", "idlocation");
    at_most_one(c, node, "delay", "delayexpr");
    check_event_name(c, node_attribute(node, SPACE_NONE, "event"));
    send.event_expr = expr_of(c, node, "eventexpr", CHART_EXPRESSION);
    send.target_expr = expr_of(c, node, "targetexpr", CHART_EXPRESSION);
    send.type_expr = expr_of(c, node, "typeexpr", CHART_EXPRESSION);
    send.id_location = expr_of(c, node, "idlocation", CHART_LOCATION);
    send.delay_expr = expr_of(c, node, "delayexpr", CHART_EXPRESSION);
    send.delay = delay_of(c, node);
    compile_payload(c, node, &send.payload);
    bool carries = send.payload.has_content || send.payload.params.count > 0 || send.payload.namelist.count > 0;
    if (send.event == NULL && send.event_expr == CHART_NONE && !carries) /* another processor may name the event by a parameter */
        problem(c->report, node->place, "missing-attribute", NULL, "<send> needs event, eventexpr or <content>");
    exec->as.send = c->sends.count;
    *(struct chart_send *)list_add(c, &c->sends) = send;
}

/* --- <invoke>, <donedata>, <data> --------------------------------------------------------------------------------------- */

static bool truth_of(struct compile *c, const struct node *node, const char *name)
{
    const struct attribute *attribute = node_attribute(node, SPACE_NONE, name);
    if (attribute == NULL || strcmp(attribute->value, "false") == 0) return false;
    if (strcmp(attribute->value, "true") != 0)
        problem(c->report, attribute->place, "boolean", NULL, "%s is \"true\" or \"false\", not \"%s\"", name, attribute->value);
    return true;
}

static void check_invoke_source(struct compile *c, const struct node *node, const struct chart_payload *payload)
{
    at_most_one(c, node, "type", "typeexpr");
    at_most_one(c, node, "src", "srcexpr");
    at_most_one(c, node, "id", "idlocation");
    const struct attribute *src = node_attribute(node, SPACE_NONE, "src");
    if (src == NULL) src = node_attribute(node, SPACE_NONE, "srcexpr");
    if (src != NULL && payload->has_content)
        problem(c->report, src->place, "attribute-conflict", "keep one of the two", "<invoke> has both %s and <content>",
                src->name);
}

static void add_invoke(struct compile *c, uint32_t state, const struct node *node)
{
    struct chart_invoke invoke = {.type = node_value(node, "type"),
                                  .src = node_value(node, "src"),
                                  .id = node_value(node, "id"),
                                  .state = state,
                                  .finalize = CHART_NONE,
                                  .place = node->place};
    invoke.type_expr = expr_of(c, node, "typeexpr", CHART_EXPRESSION);
    invoke.src_expr = expr_of(c, node, "srcexpr", CHART_EXPRESSION);
    invoke.id_location = expr_of(c, node, "idlocation", CHART_LOCATION);
    invoke.autoforward = truth_of(c, node, "autoforward");
    compile_payload(c, node, &invoke.payload);
    check_invoke_source(c, node, &invoke.payload);
    const struct node *finalize = node_child(node->first, TAG_FINALIZE);
    if (finalize != NULL) {
        invoke.has_finalize = true;
        invoke.finalize = compile_block(c, finalize);
        for (const struct node *child = finalize->first; child != NULL; child = child->next)
            if (child->tag == TAG_SEND || child->tag == TAG_RAISE)
                problem(c->report, child->place, "misplaced-element", "finalize only updates data",
                        "<%s> does not belong in <finalize>", child->name);
    }
    *(struct chart_invoke *)list_add(c, &c->invokes) = invoke;
}

static void add_donedata(struct compile *c, uint32_t state, const struct node *node)
{
    struct chart_payload payload;
    compile_payload(c, node, &payload);
    state_at(c, state)->donedata = c->donedata.count;
    *(struct chart_payload *)list_add(c, &c->donedata) = payload;
}

void compile_invokes(struct compile *c)
{
    for (uint32_t i = 0; i < c->states.count && !c->failed; i++) {
        const struct node *node = node_at(&c->state_nodes, i), *done = node_child(node->first, TAG_DONEDATA);
        uint32_t first = c->invokes.count;
        for (const struct node *child = node->first; (child = node_child(child, TAG_INVOKE)) != NULL; child = child->next)
            add_invoke(c, i, child);
        state_at(c, i)->invokes = (struct chart_span){first, c->invokes.count - first};
        if (done != NULL && state_at(c, i)->kind == CHART_FINAL) add_donedata(c, i, done);
    }
}

static void add_data(struct compile *c, uint32_t state, const struct node *node)
{
    const struct attribute *id = node_attribute(node, SPACE_NONE, "id"), *src = node_attribute(node, SPACE_NONE, "src");
    struct chart_data data = {.id = id == NULL ? "" : id->value, .state = state, .place = node->place};
    data.expr = expr_of(c, node, "expr", CHART_EXPRESSION);
    data.text = compile_text(c, node);
    if (id != NULL && (!text_is_name(id->value, id->length) || !lua_parses(c, id->value, id->length) || id->value[0] == '_'))
        problem(c->report, id->place, "data-id", "letters, digits and underscores, not a Lua keyword, no underscore first",
                "\"%s\" cannot be the name of data", id->value);
    if ((data.expr != CHART_NONE) + (data.text.text != NULL) + (src != NULL) > 1)
        problem(c->report, node->place, "attribute-conflict", "keep one of them",
                "<data> has more than one of src, expr and contents");
    if (src != NULL) {
        size_t length;
        const char *text = compile_source(c, node, &length);
        data.text = text_of(c, text, length, src->place);
    }
    *(struct chart_data *)list_add(c, &c->data) = data;
}

static void check_duplicate_data(struct compile *c)
{
    const struct chart_data *data = c->data.items;
    struct id_entry *ids = arena_alloc(c->arena, c->data.count * sizeof *ids);
    if (ids == NULL) return;
    for (uint32_t i = 0; i < c->data.count; i++) ids[i] = (struct id_entry){data[i].id, i};
    sort_ids(ids, c->data.count);
    for (uint32_t i = 1; i < c->data.count; i++)
        if (ids[i].id[0] != '\0' && strcmp(ids[i].id, ids[i - 1].id) == 0)
            problem(c->report, data[ids[i].index].place, "duplicate-data", "delete one of them",
                    "\"%s\" is declared in line %u already", ids[i].id, data[ids[i - 1].index].place.line);
}

void compile_data(struct compile *c)
{
    for (uint32_t i = 0; i < c->states.count && !c->failed; i++) {
        const struct node *model = node_child(node_at(&c->state_nodes, i)->first, TAG_DATAMODEL);
        uint32_t first = c->data.count;
        const struct node *child = model == NULL ? NULL : model->first;
        for (; (child = node_child(child, TAG_DATA)) != NULL; child = child->next) add_data(c, i, child);
        state_at(c, i)->data = (struct chart_span){first, c->data.count - first};
    }
    if (!c->failed) check_duplicate_data(c);
}
