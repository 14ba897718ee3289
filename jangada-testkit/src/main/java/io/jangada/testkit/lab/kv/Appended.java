package io.jangada.testkit.lab.kv;

import io.jangada.testkit.lab.LabFailure;

/** The texts that the clients of the labs append, and what must have become of them. */
final class Appended {
    private Appended() {}

    /** What a client appends; its pieces are numbered from 0. */
    static String piece(int client, int number) {
        return "x " + client + " " + number + " y";
    }

    /** The first so many pieces of this client must be in the text, each once, in order; others may be between them. */
    static void check(String text, int client, int count) {
        int last = -1;
        for (int number = 0; number < count; number++) {
            String piece = piece(client, number);
            int at = text.indexOf(piece);
            if (at < 0) {
                throw new LabFailure("\"" + piece + "\" is missing in \"" + text + "\"");
            }
            if (text.lastIndexOf(piece) != at) {
                throw new LabFailure("\"" + piece + "\" is there twice in \"" + text + "\"");
            }
            if (at <= last) {
                throw new LabFailure("\"" + piece + "\" is in the wrong place in \"" + text + "\"");
            }
            last = at;
        }
    }
}
