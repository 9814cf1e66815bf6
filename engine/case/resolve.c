/* From what people type to what is meant: a case, the session that takes a name, the times. */
#include "case/replay.h"

#include <string.h>

int resolve_key(struct guan *guan, const char *key, struct hash *out, struct guan_error *error)
{
    const char *hex;
    struct hash secret;
    int code = store_info(guan->store, guan->arena, "secret", &hex, error);
    if (code != GUAN_OK) return code;
    if (!hex || !hash_from_hex(hex, &secret)) return error_set(error, GUAN_TAMPERED, "secret", "the store has lost its secret");
    return hash_hmac(secret.bytes, sizeof secret.bytes, key, strlen(key), out);
}

int resolve_case(struct guan *guan, const char *kase, struct case_row *out, struct guan_error *error)
{
    struct hash key;
    if (!kase || !kase[0] || strcmp(kase, "-") == 0) return error_set(error, GUAN_USAGE, "no-case", "which case?");
    if (!text_starts(kase, "key:")) return store_case_find(guan->store, guan->arena, kase, out, error);
    int code = resolve_key(guan, kase + 4, &key, error);
    if (code == GUAN_OK) code = store_case_by_key(guan->store, guan->arena, &key, out, error);
    if (code == GUAN_USAGE) (void)error_where(error, "%s", kase); /* the store knows no more than the key's hash */
    return code;
}

static int parse_time(const char *text, const struct zone *zone, const char *what, instant *out, struct guan_error *error)
{
    int code = instant_parse(text, strlen(text), zone, out, error);
    if (code != GUAN_OK)
        return error_set(error, GUAN_USAGE, "time", "%s \"%s\" is not a time; write 2026-03-07T10:02:00", what, text);
    return code;
}

int resolve_times(struct guan *guan, const struct zone *zone, instant last, const struct guan_command *command, instant *at,
                  instant *rec, struct guan_error *error)
{
    int code = GUAN_OK;
    bool is_virtual = (store_flags(guan->store) & STORE_VIRTUAL) != 0;
    *at = INSTANT_NONE;
    if (command->at) code = parse_time(command->at, zone, "--at", at, error);
    if (code != GUAN_OK) return code;
    if (is_virtual) {
        *rec = *at != INSTANT_NONE ? *at : last;
        if (command->rec) code = parse_time(command->rec, zone, "--rec", rec, error);
        if (code != GUAN_OK) return code;
        if (*rec == INSTANT_NONE) return error_set(error, GUAN_USAGE, "no-clock", "this store is virtual: say when, with --at");
        if (last != INSTANT_NONE && *rec < last) {
            char text[32];
            instant_format_local(zone, last, true, text, sizeof text);
            error_set(error, GUAN_USAGE, "time-back", "time does not run backwards: the case has been at %s", text);
            return error_hint(error, "for what happened earlier, add --rec with the present time");
        }
    } else {
        if (command->rec)
            return error_set(error, GUAN_USAGE, "rec", "--rec is for virtual stores; here the clock on the wall counts");
        *rec = guan_wall_clock();
        if (last != INSTANT_NONE && *rec < last) *rec = last; /* a clock turned back does not turn the record back */
    }
    if (*at == INSTANT_NONE) *at = *rec;
    if (*at > *rec) return error_set(error, GUAN_USAGE, "future", "--at lies in the future: a record says what has happened");
    return GUAN_OK;
}

/* --- names ---------------------------------------------------------------------------------------------------------------- */

static bool offers(struct member *member, const char *name, bool step)
{
    uint32_t transition;
    if (step) return standard_offers_step(member->standard, name);
    return !member->ended && session_accepts(member->session, name, &transition);
}

static bool knows(const struct member *member, const char *name, bool step)
{
    return step && chart_step_by_id(member->chart, name) != CHART_NONE;
}

static int found(struct kase *kase, struct member *member, const char *name, bool step, struct target *out)
{
    out->member = member;
    out->process = member->process;
    out->name = name;
    out->full = arena_printf(kase->arena, "%s.%s", member->process, name);
    out->step = step ? chart_step_by_id(member->chart, name) : CHART_NONE;
    return GUAN_OK;
}

/* What is open, for the hint of an error. */
static int nobody(struct kase *kase, const char *name, struct guan_error *error)
{
    struct buffer open = {0};
    for (size_t i = 0; i < kase->member_count; i++) {
        if (kase->members[i]->ended) continue;
        buffer_printf(&open, "%s%s", open.length ? ", " : "", kase->members[i]->process);
    }
    error_set(error, GUAN_USAGE, "not-open", "\"%s\" is not asked for now; open are: %s", name,
              open.data ? open.data : "nothing");
    buffer_release(&open);
    return error_hint(error, "guan todo %s shows what can be done", kase->row.id);
}

/* PROCESS.NAME: the active session; else an ended one, for a late entry; else the root, which may start one (SEMANTICS 7, 11,
 * 12). */
static int of_process(struct kase *kase, const char *process, const char *name, const char *full, bool step, struct target *out,
                      struct guan_error *error)
{
    struct member *root = kase->members[0], *active = kase_active(kase, process);
    uint32_t transition;
    if (active) return found(kase, active, name, step, out);
    for (size_t i = kase->member_count; step && i-- > 0;) {
        struct member *member = kase->members[i];
        if (strcmp(member->process, process) == 0 && kase->at < kase->rec && kase_wake(kase, member) &&
            standard_offers_step(member->standard, name))
            return found(kase, member, name, true, out);
    }
    if (root->ended || !session_accepts(root->session, full, &transition)) return nobody(kase, full, error);
    const struct chart *chart;
    int code = bundle_chart(kase->setting->bundle, process, &chart, error);
    if (code != GUAN_OK) return code;
    *out = (struct target){.name = name, .full = full, .starts = true, .process = process, .step = CHART_NONE};
    if (step) out->step = chart_step_by_id(chart, name);
    return GUAN_OK;
}

int resolve_target(struct kase *kase, const char *name, bool step, struct target *out, struct guan_error *error)
{
    const char *dot = name ? strchr(name, '.') : NULL;
    struct member *only = NULL, *known = NULL;
    memset(out, 0, sizeof *out);
    if (replay_accepted(kase)) return replay_target(kase, out, error);
    if (!name || !name[0]) return error_set(error, GUAN_USAGE, "no-name", "which step?");
    if (kase->member_count == 0) return nobody(kase, name, error);
    if (chart_step_by_id(kase->members[0]->chart, name) != CHART_NONE) return found(kase, kase->members[0], name, step, out);
    if (dot) {
        const char *process = arena_text(kase->arena, name, (size_t)(dot - name));
        return process ? of_process(kase, process, dot + 1, name, step, out, error) : error_memory(error);
    }
    size_t count = 0;
    for (size_t i = 0; i < kase->member_count; i++) {
        struct member *member = kase->members[i];
        if (member->ended) continue;
        if (knows(member, name, step)) known = member;
        if (!offers(member, name, step)) continue;
        only = member;
        count++;
    }
    if (count == 1) return found(kase, only, name, step, out);
    if (count == 0 && known) return found(kase, known, name, step, out); /* standard says why it is not open */
    if (count == 0) return nobody(kase, name, error);
    return error_set(error, GUAN_USAGE, "ambiguous-name", "several flows offer \"%s\": say PROCESS.%s", name, name);
}
