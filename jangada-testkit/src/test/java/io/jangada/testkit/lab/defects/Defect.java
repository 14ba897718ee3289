package io.jangada.testkit.lab.defects;

import io.jangada.testkit.lab.LabMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;

/**
 * A mistake that students are known to have made, and a run that notices it.
 *
 * <p>The edits that make it are on the class path, in {@code lab-defects}. What the runs say and why, {@code docs/lab-defects.md} tells; the seeds were found by {@link DefectSearchTest}.
 */
enum Defect {
    A1_FORGETS_ITS_VOTE("Figure8Unreliable", 14, "was applied before"),
    A2_STALE_LEADER_RESETS_TIMER("Rejoin", 1, "was not agreed on by 2 servers within 10 s"),
    A3_STEP_DOWN_TRUNCATES("Figure8", 23, "was applied before"),
    A4_COMMITS_OLD_TERMS_BY_COUNTING("Figure8", 12, "was applied before"),
    A5_HEARTBEAT_COMMITS_ANYTHING("Backup", 1, "was applied before"),
    A6_TRUNCATES_ON_EVERY_APPEND("UnreliableChurn", 2, "was not agreed on by 5 servers within 10 s"),
    A7_BACKS_UP_ONE_BY_ONE("Figure8Unreliable", 1, "was not agreed on by 5 servers within 10 s"),
    A8_LOCK_HELD_DURING_A_CALL("FailAgree", 1, "was not agreed on by 2 servers within 2 s"),
    A9_SENDS_UNDER_THE_LOCK("SnapshotBasic", LabMode.REAL, 60, "was not agreed on by 3 servers within 10 s"),
    A10_ONE_COMMIT_EACH_30_MS("ReliableChurn", 4, "was not agreed on by 5 servers within 10 s"),
    C1_APPENDS_TWICE("UnreliableAgree", 1, "was applied before"),
    C1_KEEPS_THE_CONFLICT("Rejoin", 1, "was applied before"),
    D1_MAKE_WAITS_FOR_A_READER("BasicAgree", LabMode.REAL, 3, "still waited after 3 s in LabRaft.<init>"),
    D2_VOTE_NOT_GIVEN_AGAIN("Figure8Unreliable", 12, "was not agreed on by 5 servers within 10 s"),
    D3_SHARES_ITS_ENTRIES("UnreliableAgree", 1, "was applied before"),
    D4_INDEX_OUT_OF_BOUNDS("Backup", 1, "was not agreed on by 3 servers within 10 s");

    /** Longer than any scenario takes in virtual time. */
    private static final long VIRTUAL_LIMIT_SECONDS = 60;

    private final String scenario;
    private final LabMode mode;
    private final long seed;
    private final long limitSeconds;
    private final String complaint;

    /** One that shows in virtual time; {@code complaint} is part of what the scenario says. */
    Defect(String scenario, long seed, String complaint) {
        this(scenario, LabMode.VIRTUAL, seed, VIRTUAL_LIMIT_SECONDS, complaint);
    }

    /** One that shows only where threads wait for each other; {@code limitSeconds} is how long that is looked at. */
    Defect(String scenario, LabMode mode, long limitSeconds, String complaint) {
        this(scenario, mode, 1, limitSeconds, complaint);
    }

    Defect(String scenario, LabMode mode, long seed, long limitSeconds, String complaint) {
        this.scenario = scenario;
        this.mode = mode;
        this.seed = seed;
        this.limitSeconds = limitSeconds;
        this.complaint = complaint;
    }

    String scenario() {
        return scenario;
    }

    LabMode mode() {
        return mode;
    }

    long seed() {
        return seed;
    }

    long limitSeconds() {
        return limitSeconds;
    }

    String complaint() {
        return complaint;
    }

    /** Everything that is edited. */
    List<Edit> edits() {
        String file = "/lab-defects/" + name() + ".edits";
        try (InputStream text = Defect.class.getResourceAsStream(file)) {
            if (text == null) {
                throw new IllegalStateException("there is no " + file + " on the class path");
            }
            return Edit.parse(file, new String(text.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is edited for the defect to show, without the defect. */
    List<Edit> frame() {
        return edits().stream().filter(edit -> edit.part() == Edit.Part.FRAME).toList();
    }

    /** The names of the classes that have the defect, in the order of the alphabet. */
    List<String> classes() {
        TreeSet<String> names = new TreeSet<>();
        for (Edit edit : edits()) {
            if (edit.part() == Edit.Part.DEFECT) {
                names.add(edit.file().replaceFirst(".*/", "").replaceFirst("\\.java$", ""));
            }
        }
        return List.copyOf(names);
    }
}
