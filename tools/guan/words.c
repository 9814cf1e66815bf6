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

const char *type_hint(const char *type)
{
    static const struct name names[] = {{"text", N_("text")},
                                        {"integer", N_("a whole number, like 12")},
                                        {"decimal", N_("a number, like 1.5")},
                                        {"money", N_("yuan, like 198000 or 198000.50")},
                                        {"boolean", N_("yes or no")},
                                        {"yes", N_("yes")},
                                        {"choice", N_("one of these, by word or number")},
                                        {"list", N_("items with commas between them (, ， or 、), or none")},
                                        {"date", N_("a date, like 2026-03-07")},
                                        {"datetime", N_("a date and time, like 2026-03-07T10:02")},
                                        {"duration", N_("a length of time, like P1M, P3D or PT24H")},
                                        {"mobile", N_("a mobile number of 11 digits")},
                                        {"landline", N_("a number with area code, like 010-12345678")},
                                        {"wechat", N_("a WeChat id")},
                                        {"email", N_("an e-mail address")},
                                        {"contacts", N_("contacts, like mobile:13800000001(valid),wechat:wl_camp01")},
                                        {"idno", N_("an identity card number")},
                                        {"vin", N_("a VIN of 17 capital letters and digits")},
                                        {"document", N_("the document's number")},
                                        {"evidence", N_("a file's name")},
                                        {NULL, NULL}};
    return look_up(names, type, type);
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

const char *rule_sentence(const char *rule)
{
    static const struct name names[] = {{"no-such-case", N_("there is no such case")},
                                        {"no-case", N_("which case?")},
                                        {"ambiguous-case", N_("several cases begin like this")},
                                        {"key-taken", N_("there is a case with this key already")},
                                        {"unknown-step", N_("there is no such step")},
                                        {"step-not-open", N_("this step is not open")},
                                        {"not-open", N_("this is not asked for now")},
                                        {"step-not-asked", N_("this is not asked for now")},
                                        {"step-done", N_("this step was done already")},
                                        {"ambiguous-name", N_("several flows have something of this name")},
                                        {"unknown-field", N_("the step has no such field")},
                                        {"field-missing", N_("fields are missing")},
                                        {"field-format", N_("a value will not do")},
                                        {"field-twice", N_("a field is given twice")},
                                        {"evidence", N_("there is something about the evidence")},
                                        {"unknown-actor", N_("nobody here has this name")},
                                        {"no-actor", N_("who does this? say --as NAME")},
                                        {"unknown-role", N_("there is no such role")},
                                        {"no-reason", N_("a reason is needed: --reason")},
                                        {"time", N_("this is not a time")},
                                        {"future", N_("this time is yet to come")},
                                        {"time-back", N_("time does not run backwards")},
                                        {"no-clock", N_("this store is virtual: say when, with --at")},
                                        {"no-such-store", N_("there is no store")},
                                        {"store-exists", N_("there is a file already")},
                                        {"not-a-store", N_("the file is not a store of guan")},
                                        {"store-busy", N_("another process has been writing for too long")},
                                        {"not-deployed", N_("nothing is deployed in this store yet")},
                                        {"which-dealer", N_("there are several dealers here: say --dealer")},
                                        {"unknown-dealer", N_("there is no such dealer")},
                                        {NULL, NULL}};
    for (const struct name *name = names; name->code; name++) {
        const char *sentence = gettext(name->name);
        if (strcmp(name->code, rule) == 0) return sentence == name->name ? NULL : sentence;
    }
    return NULL;
}

const char *choices_at(struct cli *cli, const json_t *field, const char *between)
{
    const json_t *of = json_object_get(field, "of"), *names = json_object_get(field, "names");
    const char *all = "";
    if (!language_is_chinese() || !names) return list_at(cli, field, "of", between);
    for (size_t i = 0; i < json_array_size(of); i++) {
        const char *name = json_string_value(json_array_get(names, i)), *value = json_string_value(json_array_get(of, i));
        all = say(cli, "%s%s%s %s", all, i > 0 ? between : "", safe(cli, name), safe(cli, value));
    }
    return all;
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

const char *masked(struct cli *cli, const char *text)
{
    size_t length = strlen(text), digits = 0;
    for (const char *at = text; *at; at++) digits += *at >= '0' && *at <= '9';
    if (digits < 7 || strspn(text, "0123456789+-() ") != length) return safe(cli, text);
    return say(cli, "%.*s****", (int)(length - 4), text);
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
    const char *title = title_at(session), *innermost = "";
    size_t i;
    json_t *state;
    json_array_foreach(json_object_get(session, "states"), i, state)
    {
        if (*title_at(state)) innermost = title_at(state);
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

const char *titles_in(struct cli *cli, const char *text)
{
    const char *all = "";
    for (size_t length; *text; text += length) {
        size_t word = strcspn(text, " "), bare = word;
        while (bare > 0 && strchr(":,.", text[bare - 1])) bare--;
        length = word + strspn(text + word, " ");
        all = say(cli, "%s%s%.*s", all, title_text(say(cli, "%.*s", (int)bare, text)), (int)(length - bare), text + bare);
    }
    return all;
}
