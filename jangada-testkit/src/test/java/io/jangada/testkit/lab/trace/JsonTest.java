package io.jangada.testkit.lab.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void escapesWhatJsonDemands() throws IOException {
        assertThat(json("a \"quoted\" \\ back\nline\ttab\u0000"))
                .isEqualTo("\"a \\\"quoted\\\" \\\\ back\\u000aline\\u0009tab\\u0000\"");
    }

    @Test
    void nothingCanEndTheScriptElementOrBeginACommentInIt() throws IOException {
        assertThat(json("</script><!-- &amp;")).isEqualTo("\"\\u003c/script\\u003e\\u003c!-- \\u0026amp;\"");
    }

    @Test
    void lineSeparatorsOfUnicodeAreEscaped() throws IOException {
        assertThat(json("a\u2028b\u2029c")).isEqualTo("\"a\\u2028b\\u2029c\"");
    }

    @Test
    void wholeSurrogatePairsStayAndHalvesAreReplaced() throws IOException {
        assertThat(json("é \uD83D\uDE80")).isEqualTo("\"é \uD83D\uDE80\"");
        assertThat(json("\uD83D")).isEqualTo("\"\uFFFD\"");
        assertThat(json("\uDE80x\uD83D!")).isEqualTo("\"\uFFFDx\uFFFD!\"");
    }

    private static String json(String text) throws IOException {
        StringWriter out = new StringWriter();
        Json.string(out, text);
        return out.toString();
    }
}
