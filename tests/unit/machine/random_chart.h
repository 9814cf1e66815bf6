/* Random SCXML documents from a seed: legal ones, with every construct somewhere, that come to rest (`fuel` runs out). */
#ifndef RANDOM_CHART_H
#define RANDOM_CHART_H

#include "base/memory.h"

#include <stdint.h>
#include <string.h>

#define RANDOM_STATES 28

enum random_kind { RANDOM_ATOMIC, RANDOM_COMPOUND, RANDOM_PARALLEL, RANDOM_FINAL, RANDOM_HISTORY };

struct random_chart {
    uint64_t seed;
    struct buffer xml;
    enum random_kind kind[RANDOM_STATES];
    int parent[RANDOM_STATES], last[RANDOM_STATES], count;
    bool conditions; /* Lua, with conditions and content; else only structure and events, in the null data model */
    int fillers;     /* states that nothing leads to, after the first child of each compound: they spread the others over several
                        words */
    bool invoked, deep[RANDOM_STATES];
    char prefix;
};

static inline uint32_t random_below(struct random_chart *c, uint32_t bound)
{
    c->seed ^= c->seed << 13;
    c->seed ^= c->seed >> 7;
    c->seed ^= c->seed << 17;
    return (uint32_t)((c->seed * UINT64_C(2685821657736338717)) >> 33) % bound;
}
static inline bool random_chance(struct random_chart *c, uint32_t percent)
{
    return random_below(c, 100) < percent;
}

/* --- the tree ----------------------------------------------------------------------------------------------------------------
 */

static inline int random_state(struct random_chart *c, int parent, int depth)
{
    int s = c->count++;
    uint32_t roll = random_below(c, 100);
    c->parent[s] = parent;
    bool in_parallel = parent >= 0 && c->kind[parent] == RANDOM_PARALLEL;
    c->kind[s] = parent < 0                                                     ? RANDOM_COMPOUND
                 : depth < 4 && roll < 30 && c->count + 6 < RANDOM_STATES       ? RANDOM_COMPOUND
                 : depth < 4 && roll < 48 && c->count + 8 < RANDOM_STATES       ? RANDOM_PARALLEL
                 : roll > (c->invoked ? 70u : 88u) && !in_parallel && depth > 1 ? RANDOM_FINAL
                 : roll > 97 && !in_parallel                                    ? RANDOM_FINAL
                                                                                : RANDOM_ATOMIC;
    if (c->kind[s] == RANDOM_COMPOUND || c->kind[s] == RANDOM_PARALLEL) {
        int children = 2 + (int)random_below(c, parent < 0 ? 3 : 2);
        for (int i = 0; i < children && c->count + 2 < RANDOM_STATES; i++) random_state(c, s, depth + 1);
        if (parent >= 0 && random_chance(c, 40) && c->count + 1 < RANDOM_STATES) {
            int history = c->count++;
            c->kind[history] = RANDOM_HISTORY;
            c->parent[history] = s;
            c->last[history] = history;
            c->deep[history] = random_chance(c, 50);
        }
    }
    c->last[s] = c->count - 1;
    return s;
}

static inline bool random_real(const struct random_chart *c, int s)
{
    return c->kind[s] != RANDOM_HISTORY;
}

/* A state below `within` that is no history. */
static inline int random_inside(struct random_chart *c, int within)
{
    int s;
    do s = within + 1 + (int)random_below(c, (uint32_t)(c->last[within] - within));
    while (!random_real(c, s));
    return s;
}
static inline int random_child(struct random_chart *c, int within)
{
    int s;
    do s = random_inside(c, within);
    while (c->parent[s] != within);
    return s;
}

/* --- contents ------------------------------------------------------------------------------------------------------------------
 */

static inline void random_id(struct random_chart *c, int s)
{
    buffer_printf(&c->xml, "%c%d", c->prefix, s);
}

static inline void random_exec(struct random_chart *c, int depth)
{
    static const char *const events[] = {"a", "b.x", "c", "d", "e"};
    const char *event = events[random_below(c, 5)];
    switch (random_below(c, depth > 1 ? 10 : 14)) {
    case 0:
    case 1: buffer_text(&c->xml, "<assign location='x' expr='(x * 7 + 3) % 101'/>"); break;
    case 2: buffer_printf(&c->xml, "<log label='l%u' expr='x'/>", random_below(c, 9)); break;
    case 3:
        buffer_printf(&c->xml, "<if cond='fuel &gt; 0'><assign location='fuel' expr='fuel - 1'/><raise event='%s'/></if>", event);
        break;
    case 4:
        buffer_printf(&c->xml, "<if cond='fuel &gt; 0'><assign location='fuel' expr='fuel - 1'/><send event='%s'/></if>", event);
        break;
    case 5:
        buffer_printf(&c->xml,
                      "<if cond='fuel &gt; 0'><assign location='fuel' expr='fuel - 1'/><send event='%s' id='i%u' delay='%u00ms'>"
                      "<param name='v' expr='x'/></send></if>",
                      event, random_below(c, 3), 1 + random_below(c, 9));
        break;
    case 6: buffer_printf(&c->xml, "<cancel sendid='i%u'/>", random_below(c, 3)); break;
    case 7:
        buffer_text(&c->xml, "<assign location='l[#l + 1]' expr='x'/><if cond='#l &gt; 5'><assign location='l' expr='{}'/></if>");
        break;
    case 8: buffer_text(&c->xml, random_chance(c, 50) ? "<assign location='nowhere' expr='1'/>" : "<log expr='(nil).x'/>"); break;
    case 9:
        if (c->invoked)
            buffer_printf(
                &c->xml,
                "<if cond='fuel &gt; 0'><assign location='fuel' expr='fuel - 1'/><send event='%s' target='#_parent'/></if>",
                event);
        else buffer_printf(&c->xml, "<send event='%s' target='#_k'/>", event);
        break;
    case 10:
    case 11:
        buffer_printf(&c->xml, "<if cond='x %% %u == 0'>", 2 + random_below(c, 3));
        random_exec(c, depth + 1);
        buffer_text(&c->xml, "<else/>");
        random_exec(c, depth + 1);
        buffer_text(&c->xml, "</if>");
        break;
    case 12:
        buffer_text(&c->xml, "<foreach array='l' item='item' index='i'><assign location='x' expr='(x + item * i) % 101'/>");
        random_exec(c, depth + 1);
        buffer_text(&c->xml, "</foreach>");
        break;
    default: buffer_text(&c->xml, "<script>x = (x + 1) % 101</script>"); break;
    }
}

static inline void random_block(struct random_chart *c, const char *element, uint32_t percent)
{
    if (!c->conditions || !random_chance(c, percent)) return;
    if (element != NULL) buffer_printf(&c->xml, "<%s>", element);
    for (uint32_t n = 1 + random_below(c, 3); n > 0; n--) random_exec(c, 0);
    if (element != NULL) buffer_printf(&c->xml, "</%s>", element);
}

/* --- transitions
 * ------------------------------------------------------------------------------------------------------------------ */

static inline void random_targets(struct random_chart *c)
{
    int first = 1 + (int)random_below(c, (uint32_t)c->count - 1);
    int second = -1;
    for (int p = c->parent[first]; p > 0 && random_chance(c, 60) && random_real(c, first) && second < 0; p = c->parent[p]) {
        if (c->kind[p] != RANDOM_PARALLEL) continue;
        int other = random_child(c, p);
        if (first >= other && first <= c->last[other]) continue; /* the same region */
        second = c->last[other] > other && random_chance(c, 60) ? random_inside(c, other) : other;
    }
    random_id(c, first);
    if (second < 0) return;
    buffer_byte(&c->xml, ' ');
    random_id(c, second);
}

static inline void random_transition(struct random_chart *c, int s)
{
    static const char *const events[] = {"a", "b", "b.x", "c", "d e", "c.* a"}, *const noisy[] = {"*", "done.state", "error",
                                                                                                  "done.invoke", "b *"};
    bool eventless = random_chance(c, c->conditions ? 15 : 4), loud = !eventless && random_chance(c, 20);
    bool fuel = c->conditions && (eventless || loud);
    buffer_text(&c->xml, "<transition");
    if (!eventless) buffer_printf(&c->xml, " event='%s'", loud ? noisy[random_below(c, 5)] : events[random_below(c, 6)]);
    if (fuel) buffer_text(&c->xml, " cond='fuel &gt; 0'");
    else if (c->conditions && random_chance(c, 15)) buffer_printf(&c->xml, " cond='x %% 3 ~= %u'", random_below(c, 3));
    else if (c->conditions && random_chance(c, 15))
        buffer_printf(&c->xml, " cond=\"In('%c%u')\"", c->prefix, random_below(c, (uint32_t)c->count));
    if (random_chance(c, 25)) buffer_text(&c->xml, " type='internal'");
    if (eventless || random_chance(c, 85)) {
        buffer_text(&c->xml, " target='");
        random_targets(c);
        buffer_byte(&c->xml, '\'');
    }
    buffer_byte(&c->xml, '>');
    if (fuel) buffer_text(&c->xml, "<assign location='fuel' expr='fuel - 1'/>");
    random_block(c, NULL, 40);
    buffer_text(&c->xml, "</transition>");
    (void)s;
}

/* --- states
 * ------------------------------------------------------------------------------------------------------------------------- */

static inline void random_document(struct random_chart *c, uint32_t attributes);

static inline void random_invoke(struct random_chart *c)
{
    struct random_chart child = {.seed = c->seed * 31 + 7, .conditions = true, .invoked = true, .prefix = 'k'};
    buffer_printf(&c->xml, "<invoke type='scxml' id='k' autoforward='%s'><param name='x' expr='x'/><content>",
                  random_chance(c, 50) ? "true" : "false");
    if (random_chance(c, 40)) { /* one that ends at the first event it is given */
        buffer_text(&c->xml,
                    "<scxml xmlns='http://www.w3.org/2005/07/scxml' version='1.0' name='child' datamodel='lua'><datamodel>"
                    "<data id='x'/></datamodel><state id='k1'><transition event='*' target='k2'/></state><final id='k2'>"
                    "<donedata><param name='x' expr='x'/></donedata></final></scxml>");
    } else {
        random_document(&child, 1);
        buffer_add(&c->xml, child.xml.data, child.xml.length);
        buffer_release(&child.xml);
    }
    buffer_text(&c->xml, "</content>");
    if (random_chance(c, 50)) buffer_text(&c->xml, "<finalize><assign location='x' expr='(x + 1) % 101'/></finalize>");
    buffer_text(&c->xml, "</invoke>");
    if (!random_chance(c, 60)) return;
    buffer_text(&c->xml, "<transition event='done.invoke.k' cond='fuel &gt; 0' target='");
    random_targets(c);
    buffer_text(&c->xml, "'><assign location='fuel' expr='fuel - 1'/></transition>");
}

static inline void random_write(struct random_chart *c, int s);

static inline void random_children(struct random_chart *c, int s)
{
    for (int child = s + 1; child <= c->last[s]; child = c->last[child] + 1) {
        random_write(c, child);
        for (int i = 0; child == s + 1 && c->kind[s] == RANDOM_COMPOUND && i < c->fillers; i++)
            buffer_printf(&c->xml, "<state id='%c%d.%d'/>", c->prefix, s, i);
    }
}

static inline void random_write(struct random_chart *c, int s)
{
    static const char *const names[] = {"state", "state", "parallel", "final", "history"};
    const char *name = names[c->kind[s]];
    buffer_printf(&c->xml, "<%s id='", name);
    random_id(c, s);
    buffer_byte(&c->xml, '\'');
    if (c->kind[s] == RANDOM_HISTORY) {
        buffer_printf(&c->xml, " type='%s'><transition target='", c->deep[s] ? "deep" : "shallow");
        random_id(c, c->deep[s] ? random_inside(c, c->parent[s]) : random_child(c, c->parent[s]));
        buffer_text(&c->xml, "'>");
        random_block(c, NULL, 30);
        buffer_text(&c->xml, "</transition></history>");
        return;
    }
    bool element = c->kind[s] == RANDOM_COMPOUND && random_chance(c, 25);
    if (c->kind[s] == RANDOM_COMPOUND && !element && random_chance(c, 50)) {
        buffer_text(&c->xml, " initial='");
        random_id(c, random_inside(c, s));
        buffer_byte(&c->xml, '\'');
    }
    buffer_byte(&c->xml, '>');
    if (element) {
        buffer_text(&c->xml, "<initial><transition target='");
        random_id(c, random_inside(c, s));
        buffer_text(&c->xml, "'>");
        random_block(c, NULL, 50);
        buffer_text(&c->xml, "</transition></initial>");
    }
    if (c->conditions && c->kind[s] != RANDOM_FINAL && random_chance(c, 20))
        buffer_printf(&c->xml, "<datamodel><data id='d%d' expr='x + %d'/></datamodel>", s, s);
    random_block(c, "onentry", 35);
    random_block(c, "onexit", 30);
    if (c->conditions && !c->invoked && c->kind[s] == RANDOM_ATOMIC && random_chance(c, 20)) random_invoke(c);
    for (uint32_t n = random_below(c, 4); n > 0 && c->kind[s] != RANDOM_FINAL; n--) random_transition(c, s);
    if (c->conditions && c->kind[s] == RANDOM_FINAL && random_chance(c, 40))
        buffer_text(&c->xml, "<donedata><param name='x' expr='x'/></donedata>");
    random_children(c, s);
    buffer_printf(&c->xml, "</%s>", name);
}

static inline void random_document(struct random_chart *c, uint32_t depth)
{
    random_state(c, -1, (int)depth);
    buffer_printf(&c->xml, "<scxml xmlns='http://www.w3.org/2005/07/scxml' version='1.0' name='%s' datamodel='%s' binding='%s'",
                  c->invoked ? "child" : "root", c->conditions ? "lua" : "null", random_chance(c, 50) ? "late" : "early");
    if (random_chance(c, 50)) {
        buffer_text(&c->xml, " initial='");
        random_id(c, random_inside(c, 0));
        buffer_byte(&c->xml, '\'');
    }
    buffer_byte(&c->xml, '>');
    if (c->conditions)
        buffer_printf(
            &c->xml,
            "<datamodel><data id='fuel' expr='%d'/><data id='x' expr='5'/><data id='l' expr='{}'/><data id='none'/></datamodel>",
            c->invoked ? 8 : 25);
    random_children(c, 0);
    buffer_text(&c->xml, "</scxml>");
}

/* The document of a seed; `conditions` as above. The caller releases xml. */
static inline struct random_chart random_chart(uint64_t seed, bool conditions)
{
    struct random_chart chart = {.seed = seed * UINT64_C(0x9e3779b97f4a7c15) + 1, .conditions = conditions, .prefix = 's'};
    if (seed % 4 == 1) chart.fillers = 12;
    for (int i = 0; i < 8; i++) random_below(&chart, 2);
    random_document(&chart, 0);
    return chart;
}

#endif
