package io.jangada.bench;

import java.util.List;
import java.util.Set;

/**
 * What {@code ./jangada bench log} is told to do.
 *
 * @param folder on the disk that is measured
 * @param seconds how long each measurement takes
 * @param help that it is only to say what it takes
 */
record BenchArguments(String folder, int rounds, int seconds, boolean help) {
    static final String USAGE = """
            Usage: jangada bench log [-h] [--folder=FOLDER] [--rounds=N] [--seconds=N]
            Measures the log on a disk of this machine beside a bare file, and how long a start
            takes to read back 1 GiB of log.
                  --folder=FOLDER   on the disk to measure; a folder of its own is made there and
                                      deleted; needs 2 GiB (default: target)
              -h, --help            show this help and exit
                  --rounds=N        measures everything so often, and prints the middle one
                                      (default: 5)
                  --seconds=N       how long each measurement takes (default: 2)
            """;

    private static final Set<String> OPTIONS = Set.of("--folder", "--rounds", "--seconds");

    /** Reads options followed by their values, or in one word with {@code =}; throws {@link IllegalArgumentException}, with a text for people, if they are others. */
    static BenchArguments of(List<String> given) {
        String folder = "target";
        int rounds = 5;
        int seconds = 2;
        int next = 0;
        while (next < given.size()) {
            String word = given.get(next++);
            if (Set.of("-h", "--help").contains(word)) {
                return new BenchArguments(folder, rounds, seconds, true);
            }
            int equals = word.indexOf('=');
            String option = equals < 0 ? word : word.substring(0, equals);
            if (!OPTIONS.contains(option)) {
                throw new IllegalArgumentException(word + " is not understood; it takes --folder FOLDER"
                        + " (on the disk to measure), --rounds N and --seconds N");
            }
            if (equals < 0 && next == given.size()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            String value = equals < 0 ? given.get(next++) : word.substring(equals + 1);
            switch (option) {
                case "--rounds" -> rounds = positive(option, value);
                case "--seconds" -> seconds = positive(option, value);
                default -> folder = value;
            }
        }
        return new BenchArguments(folder, rounds, seconds, false);
    }

    private static int positive(String option, String value) {
        if (!value.matches("[1-9][0-9]{0,3}")) {
            throw new IllegalArgumentException(option + " is " + value + "; it must be a number from 1 to 9999");
        }
        return Integer.parseInt(value);
    }
}
