package io.jangada.server.cli;

import io.jangada.testkit.lab.LabMode;
import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.course.Labs;
import java.util.HashSet;
import java.util.List;

/**
 * What {@code jangada lab} was asked to play.
 *
 * @param labs all that there are
 * @param words how the scenarios were asked for
 * @param seed of the first run of each scenario; the next run has the next number
 */
record LabPlan(Labs labs, List<String> words, List<Scenario> scenarios, LabMode mode, long seed, int times) {

    boolean isReal() {
        return mode == LabMode.REAL;
    }

    /** Whether all of a part is played. */
    boolean isWhole(LabPart part) {
        return new HashSet<>(scenarios).containsAll(labs.of(part));
    }

    /** How many runs can go on at once: by the clock one, so that none disturbs another. */
    int parallel() {
        return isReal() ? 1 : Runtime.getRuntime().availableProcessors();
    }

    /** The command that plays the whole plan again. */
    String again() {
        StringBuilder command = new StringBuilder("./jangada lab");
        words.forEach(word -> command.append(' ').append(word));
        command.append(" --seed ").append(seed);
        if (times > 1) {
            command.append(" --times ").append(times);
        }
        return command.append(isReal() ? " --real" : "").toString();
    }

    /** The command that plays one run again. */
    String again(Scenario scenario, long ofSeed) {
        return "./jangada lab " + scenario.name() + " --seed " + ofSeed + (isReal() ? " --real" : "");
    }
}
