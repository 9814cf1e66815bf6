/* Times, durations, names of codes. The codes are the record's and stay as they are; the names are for reading. */
#include "words.h"

#include <string.h>

struct name {
    const char *code, *name;
};

static const char *look_up(const struct name *names, const char *code, const char *otherwise)
{
    for (; names->code; names++)
        if (strcmp(names->code, code) == 0) return _(names->name);
    return otherwise;
}

const char *code_name(const char *code)
{
    static const struct name names[] = {{"STEP_MISSING", N_("step missing")},
                                        {"STEP_LATE", N_("done late")},
                                        {"WINDOW_EARLY", N_("done too early")},
                                        {"WINDOW_MISSED", N_("time window missed")},
                                        {"FIELD_INVALID", N_("field missing or wrong")},
                                        {"ORDER_VIOLATION", N_("done out of order")},
                                        {"FREQ_EXCEEDED", N_("too often")},
                                        {"FREQ_GAP", N_("too soon")},
                                        {"SILENCE", N_("too long without")},
                                        {"PROHIBITED", N_("forbidden")},
                                        {"ROLE_DENIED", N_("not this role's to do")},
                                        {"GUARD_BLOCKED", N_("held back")},
                                        {"OVERRIDE_USED", N_("waived")},
                                        {"OPEN_AT_CLOSE", N_("open when closed")},
                                        {"LATE_ENTRY", N_("entered late")},
                                        {"PRIVACY", N_("personal data breach")},
                                        {"REMEDIED", N_("remedied")},
                                        {NULL, NULL}};
    return look_up(names, code, code);
}

const char *kind_name(const char *kind)
{
    static const struct name names[] = {{"open", N_("opened")},     {"step", N_("step")},         {"event", N_("event")},
                                        {"waive", N_("waiver")},    {"amend", N_("correction")},  {"assign", N_("owner")},
                                        {"timer", N_("timer")},     {"migrate", N_("migration")}, {"erase", N_("erasure")},
                                        {"refuse", N_("refused")},  {"transition", N_("moved")},  {"finding", N_("finding")},
                                        {"publish", N_("publish")}, {"clock", N_("clock")},       {NULL, NULL}};
    return look_up(names, kind, kind);
}

const char *severity_name(const char *severity)
{
    static const struct name names[] = {
        {"info", N_("info")}, {"minor", N_("minor")}, {"major", N_("major")}, {"critical", N_("critical")}, {NULL, NULL}};
    return look_up(names, severity, severity);
}

enum style severity_style(const char *severity)
{
    if (strcmp(severity, "critical") == 0 || strcmp(severity, "major") == 0) return BAD;
    return strcmp(severity, "minor") == 0 ? WARN : DIM;
}

const char *status_name(const char *status)
{
    static const struct name names[] = {{"open", N_("stands")},      {"remedied", N_("made good")},
                                        {"waived", N_("by waiver")}, {"withdrawn", N_("withdrawn")},
                                        {"noted", N_("noted")},      {NULL, NULL}};
    return look_up(names, status, status);
}

const char *reason_name(const char *reason)
{
    static const struct name names[] = {{"gate", N_("required steps are still open")},
                                        {"after", N_("other steps come first")},
                                        {"check", N_("a value does not pass")},
                                        {"validate", N_("the dealer's rule does not accept a value")},
                                        {"hook", N_("the dealer's rule says no")},
                                        {"guard", N_("the dealer's rule says no")},
                                        {"role", N_("this is for another role")},
                                        {"with", N_("somebody has to sign too")},
                                        {"law", N_("the law allows no exception")},
                                        {"not-by", N_("another person has to do this")},
                                        {"claimed", N_("the law wants to know who it was: a name alone is not enough")},
                                        {"script-budget", N_("a script took too long and was stopped")},
                                        {NULL, NULL}};
    return look_up(names, reason, NULL);
}

const char *time_at(struct cli *cli, const json_t *object, const char *key, bool seconds)
{
    const char *local = text_at(object, say(cli, "%s_local", key)), *time = *local ? local : text_at(object, key);
    size_t length = strlen(time);
    if (length < 16 || time[10] != 'T') return safe(cli, time);
    bool whole = seconds && length >= 19 && time[16] == ':';
    return safe(cli, say(cli, "%.10s %.*s%s", time, whole ? 8 : 5, time + 11, time[length - 1] == 'Z' ? "Z" : ""));
}

const char *span_of(struct cli *cli, json_int_t milliseconds)
{
    json_int_t seconds = (milliseconds < 0 ? -(milliseconds + 1) : milliseconds) / 1000; /* never overflows */
    int minutes = (int)(seconds / 60 % 60), hours = (int)(seconds / 3600 % 24);
    long long days = seconds / 86400;
    if (days > 0) return hours > 0 ? say(cli, _("%lldd %dh"), days, hours) : say(cli, _("%lldd"), days);
    if (hours > 0) return minutes > 0 ? say(cli, _("%dh %dmin"), hours, minutes) : say(cli, _("%dh"), hours);
    return minutes > 0 ? say(cli, _("%dmin"), minutes) : say(cli, _("%ds"), (int)seconds);
}

const char *step_id(struct cli *cli, const char *process, const char *step)
{
    if (!*step) return safe(cli, process);
    if (!*process || strchr(step, '.')) return safe(cli, step);
    return safe(cli, say(cli, "%s.%s", process, step));
}

const char *process_of(struct cli *cli, const json_t *object)
{
    const char *process = text_at(object, "process"), *session = text_at(object, "session");
    if (*process) return process;
    if (!*session) session = text_at(object, "sess");
    return say(cli, "%.*s", (int)strcspn(session, "#"), session);
}

const char *place_of(struct cli *cli, const json_t *session)
{
    const char *title = text_at(session, "title"), *innermost = "";
    size_t i;
    json_t *state;
    json_array_foreach(json_object_get(session, "states"), i, state)
    {
        if (*text_at(state, "title")) innermost = text_at(state, "title");
    }
    if (!*title) title = text_at(session, "process");
    return safe(cli, say(cli, "%s%s%s", title, *innermost ? " › " : "", innermost));
}

const char *places_of(struct cli *cli, const json_t *sessions)
{
    const char *all = "";
    size_t i;
    json_t *session;
    json_array_foreach(sessions, i, session)
    {
        const char *place = true_at(session, "ended") ? "" : place_of(cli, session);
        if (*place) all = say(cli, "%s%s%s", all, *all ? "  |  " : "", place);
    }
    return all;
}
