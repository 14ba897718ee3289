package io.jangada.testkit.lab.trace;

import java.io.IOException;
import java.io.Writer;

/** A text as a JSON string that may stand inside a {@code script} element of an HTML page. */
final class Json {
    private Json() {}

    /**
     * Writes the string with its quotation marks.
     *
     * <p>Apart from what JSON demands, it escapes {@code < > &}, so that no text can end the element or begin a comment in it, and the two
     * line separators, which older JavaScript does not allow in strings. Half of a surrogate pair is no character and becomes U+FFFD:
     * neither UTF-8 nor browsers can carry it.
     */
    static void string(Writer out, String text) throws IOException {
        out.write('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.write('\\');
                out.write(c);
            } else if (mustEscape(c)) {
                out.write(String.format("\\u%04x", (int) c));
            } else if (isHalf(text, i)) {
                out.write('\uFFFD');
            } else {
                out.write(c);
            }
        }
        out.write('"');
    }

    private static boolean mustEscape(char c) {
        return c < 0x20 || c == 0x7f || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029';
    }

    private static boolean isHalf(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }
}
