package io.jangada.testkit.lab.defects;

import io.jangada.testkit.lab.LabMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A mistake that students are known to have made (lab facts, 11), and a run that notices it.
 *
 * <p>The edits that make it are in {@code lab-defects} on the class path. The seeds were found by {@link DefectSearchTest}.
 */
enum Defect {
    A5_HEARTBEAT_COMMITS_ANYTHING("BasicAgree", LabMode.VIRTUAL, 1, "was applied before");

    private final String scenario;
    private final LabMode mode;
    private final long seed;
    private final String complaint;

    /** {@code complaint} is part of what the scenario says. */
    Defect(String scenario, LabMode mode, long seed, String complaint) {
        this.scenario = scenario;
        this.mode = mode;
        this.seed = seed;
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

    String complaint() {
        return complaint;
    }

    /** As it is called in the table, e.g. {@code A5}. */
    String label() {
        return name().substring(0, name().indexOf('_'));
    }

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
}
