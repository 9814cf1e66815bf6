/* Any JSON as the saved state of a session: refused with a message, or a session that goes on, and is the same when saved again.
 */
#include "fuzz.h"

#include "base/json.h"
#include "base/text.h"
#include "chart/read.h"
#include "machine/machine.h"

#include <string.h>

static const char document[] =
    "<scxml xmlns='http://www.w3.org/2005/07/scxml' version='1.0' datamodel='lua' name='m' binding='late'>"
    "<datamodel><data id='n' expr='1'/><data id='t'/></datamodel><script>function f(x) return x end</script>"
    "<state id='s'><history id='h'><transition target='a'/></history><history id='d' type='deep'><transition "
    "target='a'/></history>"
    "<state id='a'><datamodel><data id='late' expr='2'/></datamodel><transition event='e' target='p'><assign location='n' "
    "expr='f(n)'/>"
    "</transition></state>"
    "<parallel id='p'><invoke id='k'><content><scxml version='1.0' name='c'><state id='x'><transition event='*' "
    "target='y'/></state>"
    "<final id='y'/></scxml></content><finalize><assign location='t' expr='_event.name'/></finalize></invoke>"
    "<state id='p1'><state id='p11'/><state id='p12'/></state><state id='p2'><transition event='e' "
    "target='p12'/></state></parallel>"
    "<transition event='out' target='o'/></state>"
    "<state id='o'><transition event='e' target='d'/><transition event='g' target='h'/></state><final id='end'/></scxml>";

static void go_on(struct tree *tree, struct session *session)
{
    static const char *const names[] = {"e", "out", "e", "g"};
    struct guan_error error = {0};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct machine_event event = {.name = names[i], .type = EVENT_EXTERNAL};
        if (tree_post(tree, session, &event, &error) || tree_run(tree, 0, &error)) return;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct chart_read_options options = {.file = "fuzz.scxml"};
    struct guan_error error = {0};
    struct chart *chart = NULL;
    struct script *script = NULL;
    struct tree *tree = NULL;
    struct session *session = NULL;
    struct arena *arena = arena_new();
    struct value *snapshot = NULL, *first = NULL;
    promise(chart_read(document, sizeof document - 1, &options, &chart, &error) == GUAN_OK, "the document is fine");
    promise(script_new(&script, &error) == GUAN_OK && tree_new(script, arena, NULL, &tree, &error) == GUAN_OK, "there is memory");
    script_budget(script, 100000);
    if (json_read(arena, (const char *)data, size, &snapshot, &error) == GUAN_OK) {
        int code = tree_restore(tree, chart, "m#1", NULL, snapshot, &session, &error);
        if (code == GUAN_OK) {
            promise(session_save(session, arena, &first, &error) == GUAN_OK, "what was loaded can be saved");
            go_on(tree, session);
        } else {
            promise(error.rule[0] && error.text[0] && text_is_utf8(error.text, strlen(error.text)), "a refusal says why");
        }
    }
    tree_free(tree);
    script_free(script);
    chart_free(chart);
    arena_free(arena);
    return 0;
}
