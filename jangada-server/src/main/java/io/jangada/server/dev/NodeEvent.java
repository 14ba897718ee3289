package io.jangada.server.dev;

import java.util.Optional;

/** What a server process tells its parent, one line of text each. */
public sealed interface NodeEvent {

    /** The line that carries this event. */
    String line();

    /** The event of a line; empty for any other text. */
    static Optional<NodeEvent> parse(String line) {
        String[] words = line.split(" ", -1);
        if (words.length == 1 && words[0].equals("serving")) {
            return Optional.of(new Serving());
        }
        if (words.length == 3 && words[0].equals("leader") && words[1].matches("[0-9]{1,18}")) {
            return Optional.of(new Leader(words[2], Long.parseLong(words[1])));
        }
        return Optional.empty();
    }

    /** Reads and writes work. */
    record Serving() implements NodeEvent {
        @Override
        public String line() {
            return "serving";
        }
    }

    /** The leader of a term; an empty name while there is none. */
    record Leader(String name, long term) implements NodeEvent {
        @Override
        public String line() {
            return "leader " + term + " " + name;
        }
    }
}
