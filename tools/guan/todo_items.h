/* What is to be done, out of the engine's todo: collected over all flows of the case, the most urgent first. */
#ifndef TODO_ITEMS_H
#define TODO_ITEMS_H

#include "words.h"

enum todo_group { TODO_REQUIRED, TODO_OPTIONAL, TODO_EVENT, TODO_DONE };

struct todo_item {
    enum todo_group group;
    const json_t *session, *item;
    const char *id;     /* what to type: process.step */
    const char *before; /* titles of the steps that come first; "": it is its turn */
    bool has_due;
    bool folded;     /* counted only */
    json_int_t left; /* milliseconds */
};

/* In order of group; within one those that are due by their time, then the others as the flow has them. */
struct todo_item *todo_items(struct cli *cli, const json_t *todo, size_t *count);

#endif
