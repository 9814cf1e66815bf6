/* Collecting and ordering what is to be done. */
#include "todo_items.h"

#include <string.h>

/* A prerequisite by its title, if the same session offers it. */
static const char *title_of(struct cli *cli, const json_t *session, const char *step)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(session, "todo"), i, item)
    {
        if (strcmp(text_at(item, "step"), step) == 0 && *title_at(item)) return safe(cli, title_at(item));
    }
    return safe(cli, step);
}

static const char *before_of(struct cli *cli, const json_t *session, const json_t *item)
{
    const char *all = "";
    size_t i;
    json_t *before;
    json_array_foreach(json_object_get(item, "after"), i, before) all =
        say(cli, "%s%s%s", all, i > 0 ? _(", ") : "",
            title_of(cli, session, json_is_string(before) ? json_string_value(before) : ""));
    return all;
}

static struct todo_item item_of(struct cli *cli, const json_t *session, const json_t *item)
{
    const char *process = *text_at(item, "process") ? text_at(item, "process") : text_at(session, "process");
    const json_t *left = json_object_get(item, "left_ms");
    bool starts = true_at(item, "starts"); /* the first step of a flow that waits for it */
    return (struct todo_item){.group = true_at(item, "done")               ? TODO_DONE
                                       : true_at(item, "event") && !starts ? TODO_EVENT
                                       : true_at(item, "required")         ? TODO_REQUIRED
                                                                           : TODO_OPTIONAL,
                              .session = session,
                              .item = item,
                              .id = step_id(cli, process, text_at(item, "step")),
                              .before = before_of(cli, session, item),
                              .has_due = json_is_integer(left),
                              .left = json_integer_value(left)};
}

static bool comes_before(const struct todo_item *a, const struct todo_item *b)
{
    if (a->group != b->group) return a->group < b->group;
    if (a->has_due != b->has_due) return a->has_due;
    return a->has_due && a->left < b->left;
}

static void sort(struct todo_item *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct todo_item item = items[i];
        size_t at = i;
        for (; at > 0 && comes_before(&item, &items[at - 1]); at--) items[at] = items[at - 1];
        items[at] = item;
    }
}

struct todo_item *todo_items(struct cli *cli, const json_t *todo, size_t *count)
{
    size_t i, j, all = 0;
    json_t *session, *item;
    *count = 0;
    json_array_foreach(json_object_get(todo, "sessions"), i, session) all += json_array_size(json_object_get(session, "todo"));
    struct todo_item *items = scratch_take(cli, (all + 1) * sizeof *items);
    if (!items) return NULL;
    json_array_foreach(json_object_get(todo, "sessions"), i, session)
    {
        json_array_foreach(json_object_get(session, "todo"), j, item) items[(*count)++] = item_of(cli, session, item);
    }
    sort(items, *count);
    return items;
}
