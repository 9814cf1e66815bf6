/* A sample that is random for whoever could tamper with the record, and the same for whoever draws it again: every item has a
 * rank, a hash of the ledger's root, the auditor's own number and the item's name; the lowest ranks are taken. No order to agree
 * on, no generator to port: sha256sum and sort are enough. */
#include "audit/clauses.h"
#include "audit/desk.h"
#include "audit/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct drawn {
    struct hash rank;
    struct value *item;
};

struct drawing {
    struct arena *arena;
    const struct guan_draw *draw;
    char seed[HASH_HEX];
    struct drawn *items; /* a heap, the highest rank first */
    size_t count;
    uint64_t population;
};

static int by_rank(const void *a, const void *b)
{
    return memcmp(((const struct drawn *)a)->rank.bytes, ((const struct drawn *)b)->rank.bytes, HASH_BYTES);
}

static void swap(struct drawn *a, struct drawn *b)
{
    struct drawn kept = *a;
    *a = *b;
    *b = kept;
}

static void sink_down(struct drawn *items, size_t count)
{
    for (size_t at = 0;;) {
        size_t largest = at, left = 2 * at + 1;
        for (size_t child = left; child < left + 2 && child < count; child++)
            if (by_rank(&items[child], &items[largest]) > 0) largest = child;
        if (largest == at) return;
        swap(&items[at], &items[largest]);
        at = largest;
    }
}

static void float_up(struct drawn *items, size_t at)
{
    for (; at > 0 && by_rank(&items[at], &items[(at - 1) / 2]) > 0; at = (at - 1) / 2) swap(&items[at], &items[(at - 1) / 2]);
}

/* Takes the item if its rank is among the lowest so far; `*place` is where its description goes, NULL: not taken. */
static int offer(struct drawing *drawing, const char *name, struct drawn **place)
{
    char text[HASH_HEX + 100];
    struct hash rank;
    *place = NULL;
    drawing->population++;
    snprintf(text, sizeof text, "%s:%s", drawing->seed, name);
    int code = hash_bytes(text, strlen(text), &rank);
    if (code != GUAN_OK) return code;
    if (drawing->count < drawing->draw->count) {
        drawing->items[drawing->count] = (struct drawn){rank, value_map(drawing->arena)};
        float_up(drawing->items, drawing->count++);
    } else {
        if (memcmp(rank.bytes, drawing->items[0].rank.bytes, HASH_BYTES) >= 0) return GUAN_OK;
        drawing->items[0].rank = rank;
        sink_down(drawing->items, drawing->count);
    }
    for (size_t i = 0; i < drawing->count && !*place; i++)
        if (memcmp(drawing->items[i].rank.bytes, rank.bytes, HASH_BYTES) == 0) *place = &drawing->items[i];
    return GUAN_OK;
}

static void describe(struct drawing *drawing, struct dossier *dossier, const struct dossier_entry *e, struct value *item)
{
    struct arena *arena = drawing->arena;
    value_set_text(arena, item, "case", dossier->row->id);
    value_set_text(arena, item, "process", dossier->row->process);
    value_set_text(arena, item, "dealer", dossier->row->dealer);
    if (!drawing->draw->entries) {
        dossier_time(dossier, arena, item, "at", dossier->entries[0].at);
        value_set_int(arena, item, "entries", (int64_t)dossier->count);
        return;
    }
    dossier_time(dossier, arena, item, "at", e->at);
    value_set_int(arena, item, "n", (int64_t)e->n);
    value_set_text(arena, item, "kind", e->kind);
    value_set_text(arena, item, "activity", dossier_activity(dossier, e));
    const char *title = dossier_title(dossier, e->entry);
    if (title) value_set_text(arena, item, "title", title);
    else value_remove(item, "title");
}

static bool wanted(const struct drawing *drawing, const struct dossier_entry *e)
{
    if (!e->inside) return false;
    return !drawing->draw->clause || dossier_cites(value_get(e->entry, "clause"), drawing->draw->clause, true);
}

static int draw_case(void *user, struct dossier *dossier, struct guan_error *error)
{
    struct drawing *drawing = user;
    for (size_t i = 0; i < dossier->count; i++) {
        const struct dossier_entry *e = &dossier->entries[i];
        char name[100];
        struct drawn *place;
        if (!wanted(drawing, e)) continue;
        if (drawing->draw->entries) snprintf(name, sizeof name, "%s/%llu", dossier->row->id, (unsigned long long)e->n);
        else snprintf(name, sizeof name, "%s", dossier->row->id);
        if (offer(drawing, name, &place) != GUAN_OK) return error_memory(error);
        if (place) describe(drawing, dossier, e, place->item);
        if (!drawing->draw->entries) break;
    }
    return arena_failed(drawing->arena) ? error_memory(error) : GUAN_OK;
}

/* Whoever could change the record may not know it beforehand, or he could choose. */
static int no_number(struct guan_error *error)
{
    error_set(error, GUAN_USAGE, "no-number", "a sample is drawn by a number of the auditor's own");
    return error_hint(error, "--number 4711, say: thrown with dice, and told to nobody before the record is sealed");
}

/* What has to be asked to draw it again, besides the number. */
static struct value *query_value(struct arena *arena, const struct guan_draw *draw)
{
    struct value *query = value_map(arena);
    value_set_int(arena, query, "n", (int64_t)draw->count);
    value_set_bool(arena, query, "entries", draw->entries);
    value_set_text(arena, query, "clause", draw->clause);
    value_set_text(arena, query, "since", draw->period.since);
    value_set_text(arena, query, "until", draw->period.until);
    value_set_text(arena, query, "dealer", draw->period.dealer);
    return query;
}

int sample_draw(struct guan *guan, const struct guan_draw *draw, struct arena *arena, struct value **out,
                struct guan_error *error)
{
    struct drawing drawing = {.arena = arena, .draw = draw};
    struct statement statement;
    struct hash seed;
    char hex[HASH_HEX];
    struct value *map = value_map(arena), *list = value_list(arena);
    if (!draw->number) return no_number(error);
    int code = clause_in_store(guan, draw->clause, error);
    if (code == GUAN_OK) code = statement_begin(guan, &draw->period, arena, &statement, error);
    if (code != GUAN_OK) return code;
    hash_hex(&statement.ledger_root, hex);
    value_set_text(arena, map, "root_hex", hex);
    desk_set_root(arena, map, "root", &statement.ledger_root);
    const char *text = arena_printf(arena, "%s:%s", value_get_text(map, "root"), draw->number);
    drawing.items = arena_alloc(arena, (draw->count + 1) * sizeof *drawing.items);
    if (!text || !drawing.items || hash_bytes(text, strlen(text), &seed) != GUAN_OK) return error_memory(error);
    hash_hex(&seed, drawing.seed);
    code = dossier_walk(guan, &draw->period, NULL, draw_case, &drawing, error);
    if (code != GUAN_OK) return code;
    qsort(drawing.items, drawing.count, sizeof *drawing.items, by_rank);
    for (size_t i = 0; i < drawing.count; i++) {
        hash_hex(&drawing.items[i].rank, hex);
        value_set_text(arena, drawing.items[i].item, "rank", hex);
        value_add(arena, list, drawing.items[i].item);
    }
    value_set_text(arena, map, "method", "lowest SHA-256(seed:item), seed = SHA-256(root:number), root as in a checkpoint");
    value_set_text(arena, map, "of", draw->entries ? "entries" : "cases");
    value_set(arena, map, "query", query_value(arena, draw));
    value_set_text(arena, map, "number", draw->number);
    value_set_int(arena, map, "size", (int64_t)statement.ledger_size);
    value_set_text(arena, map, "seed", drawing.seed);
    value_set_int(arena, map, "population", (int64_t)drawing.population);
    value_set_int(arena, map, "count", (int64_t)drawing.count);
    value_set(arena, map, "items", list);
    *out = map;
    return arena_failed(arena) ? error_memory(error) : GUAN_OK;
}

int guan_sample(struct guan *guan, const struct guan_draw *draw, const struct guan_sink *sink, struct guan_error *error)
{
    struct arena *arena = arena_new();
    struct value *map = NULL;
    if (!arena) return error_memory(error);
    int code = store_begin(guan->store, false, error);
    if (code == GUAN_OK) code = sample_draw(guan, draw, arena, &map, error);
    store_rollback(guan->store);
    if (code == GUAN_OK) code = answer_put(sink, map, error);
    arena_free(arena);
    return code;
}
