/* What the engine says, in the reader's language. The engine speaks English, with names and numbers in the places marked %s; a
 * sentence that is known here is taken apart at these and put together again in the other language. */
#include "words.h"

#include <string.h>

#define PLACES_MOST 4

/* The engine's own words: what is more special stands first. "%s: %s" is taken when its second part is a sentence itself. */
static const char *const known[] = {
    /* values and fields */
    N_("%s: \"%s\" will not do"), N_("%s is given twice"), N_("%s has no field %s"), N_("a waiver takes no field %s"),
    N_("%s needs the attachment %s"), N_("%s takes no attachment %s"), N_("%s needs %s"), N_("add %s=@FILE"), N_("add %s=…"),
    N_("its fields: %s"), N_("it takes no fields"), N_("it takes: %s"), N_("less than %s"), N_("more than %s"),
    N_("it must be yes"), N_("it has not the form that is asked for"), N_("it does not pass its check"), N_("missing"),
    /* what a value should be */
    N_("one of %s"), N_("some text"), N_("a whole number, like 12"), N_("a number, like 1.5"),
    N_("an amount in yuan, like 198000 or 198000.50"), N_("yes or no"),
    N_("items with commas between them (, ， or 、), or none"), N_("a date, like 2026-03-07"),
    N_("a date and time, like 2026-03-07T10:02"), N_("a duration, like P1M, P3D or PT24H"),
    N_("a mobile number of 11 digits that begins with 1"), N_("a number with area code, like 010-12345678"),
    N_("a WeChat id: 6 to 20 letters, digits, - or _, a letter first"), N_("an e-mail address"),
    N_("contacts, like mobile:13800000001(valid),wechat:wl_camp01"), N_("contacts of the kinds mobile, landline, wechat, email"),
    N_("an identity card number: 17 digits and a check character that fits"),
    N_("a VIN: 17 capital letters and digits, without I, O and Q"), N_("the document's number"),
    N_("a file: write @ and its name"), N_("at most 16384 bytes"), N_("records like A(k=v;k=v),B(k=v)"), N_("no field %s in %s"),
    /* files */
    N_("a symbolic link; give the file itself"), N_("there is no such file"), N_("the file is empty"),
    N_("an empty file proves nothing: attach the scan, the photo or the signed sheet"), N_("the file cannot be read"),
    N_("evidence may have at most %s MiB"),
    /* which step, and when */
    N_("did you mean \"%s\"?"), N_("did you mean %s?"), N_("open in %s: %s"), N_("nothing is open in %s"),
    N_("\"%s\" is not asked for now; open are: %s"), N_("%s is not asked for now"), N_("guan todo %s shows what can be done"),
    N_("%s was not open at %s"), N_("it is open since %s"), N_("%s was done at %s already"),
    N_("it is done once; correct it with amend"), N_("%s comes after %s"), N_("do first: %s"), N_("%s has no step \"%s\""),
    N_("%s has no step %s"), N_("it is an event: guan send %s %s"), N_("several flows offer \"%s\": say PROCESS.%s"),
    N_("nothing in %s waits for %s now"), N_("%s is a step: it is done, not sent"), N_("%s cannot be sent: it comes by itself"),
    N_("\"%s\" starts no %s now"), N_("which step?"),
    /* who */
    N_("nobody here is called \"%s\""), N_("nobody on the staff is called \"%s\""),
    N_("staff stand in scripts/dealers/%s/dealer.xml, parties are named when the case is opened"),
    N_("staff stand in scripts/dealers/%s/dealer.xml"), N_("who does this? the user \"%s\" is not among the people of %s"),
    N_("say --as NAME, or set GUAN_ACTOR"), N_("%s signs twice"), N_("%s has not the role %s"), N_("%s is done by %s"),
    N_("%s is sent by %s"), N_("%s has to be signed with %s as well"), N_("add --with and who signs too (%s)"),
    N_("%s did %s, so somebody else has to do %s"), N_("who acts is only claimed, and this step needs to know"),
    N_("log in as the person who does it"), N_("there is no role \"%s\" (of %s)"),
    /* which case, entry, time */
    N_("there is no such case"), N_("there is no store"), N_("make one with guan init, or name it with --store or GUAN_STORE"),
    N_("which case?"), N_("see guan list"), N_("several cases begin like this: %s"), N_("type more of the id"),
    N_("there is a case with this key already: %s"), N_("case %s has entries 1 to %s"), N_("entry %s records no step"),
    N_("a waiver needs a reason: --reason TEXT"), N_("a correction needs a reason: --reason TEXT"),
    N_("--at \"%s\" is not a time; write 2026-03-07T10:02:00"), N_("--rec \"%s\" is not a time; write 2026-03-07T10:02:00"),
    N_("\"%s\" is not a time; write 2026-03-07T10:02:00"), N_("time does not run backwards: the case has been at %s"),
    N_("for what happened earlier, add --rec with the present time"),
    N_("--at lies in the future: a record says what has happened"), N_("this store is virtual: say when, with --at"),
    N_("this store is virtual: say --until TIME"), N_("\"%s\" is no day to be due"),
    N_("write today, tomorrow, week, late, or a date like 2026-03-07"), NULL};

/* What stands in the places of `pattern`; false: the text is another. A place ends where what follows it first comes, the last at
 * the end of the text. */
static bool take_apart(struct cli *cli, const char *pattern, const char *text, const char **parts)
{
    size_t count = 0;
    for (;;) {
        const char *place = strstr(pattern, "%s");
        size_t fixed = place ? (size_t)(place - pattern) : strlen(pattern);
        if (strncmp(text, pattern, fixed) != 0) return false;
        text += fixed;
        if (!place) return *text == '\0';
        pattern = place + 2;
        const char *next = strstr(pattern, "%s"), *end = text + strlen(text);
        size_t follows = next ? (size_t)(next - pattern) : strlen(pattern);
        const char *literal = say(cli, "%.*s", (int)follows, pattern);
        if (next) end = strstr(text, literal);
        else if ((size_t)(end - text) >= follows) end -= follows;
        if (!end || count == PLACES_MOST) return false;
        parts[count++] = say(cli, "%.*s", (int)(end - text), text);
        text = end;
    }
}

/* Places are %s in their order, or %2$s by number. */
static const char *put_together(struct cli *cli, const char *pattern, const char *const *parts)
{
    const char *all = "";
    size_t count = 0;
    for (const char *place; (place = strchr(pattern, '%')) != NULL;) {
        bool numbered = place[1] >= '1' && place[1] <= '0' + PLACES_MOST && place[2] == '$';
        size_t part = numbered ? (size_t)(place[1] - '1') : count++;
        all = say(cli, "%s%.*s%s", all, (int)(place - pattern), pattern, part < PLACES_MOST && parts[part] ? parts[part] : "");
        pattern = place + (numbered ? 4 : 2);
    }
    return say(cli, "%s%s", all, pattern);
}

static const char *whole_sentence(struct cli *cli, const char *text)
{
    for (const char *const *pattern = known; *pattern; pattern++)
        if (strcmp(*pattern, text) == 0 && gettext(*pattern) != *pattern) return gettext(*pattern);
    for (const char *const *pattern = known; *pattern; pattern++) {
        const char *parts[PLACES_MOST] = {NULL}, *other = gettext(*pattern);
        if (other != *pattern && take_apart(cli, *pattern, text, parts)) return put_together(cli, other, parts);
    }
    return NULL;
}

const char *sentence_of(struct cli *cli, const char *text)
{
    const char *whole = whole_sentence(cli, text);
    for (const char *colon = text; !whole && (colon = strstr(colon, ": ")) != NULL; colon += 2) {
        const char *rest = whole_sentence(cli, colon + 2);
        if (rest) whole = say(cli, "%.*s%s%s", (int)(colon - text), text, _(": "), rest);
    }
    return whole;
}

const char *said(struct cli *cli, const char *text)
{
    const char *shown = safe(cli, text), *sentence = sentence_of(cli, shown);
    return sentence ? sentence : titles_in(cli, shown);
}
