package io.jangada.testkit.lab;

import java.util.function.Function;

/**
 * A scenario of the labs: its text is written once and runs in virtual and in real time.
 *
 * @param name as in the course without its suffix, e.g. {@code BasicAgree}; unique among all
 * @param title what the course prints for it, e.g. {@code basic agreement}
 * @param servers how many there are
 * @param text plays the scenario to its end and returns the number of agreements or operations; throws a {@link LabFailure} if something is not as it should be
 */
public record Scenario(
        LabPart part, String name, String title, int servers, Function<LabCluster.Setting, Outcome> text) {

    /**
     * What the report line of the course says.
     *
     * @param rpcs calls that were sent, whatever became of them
     * @param bytes of their requests, and of the replies that arrived
     * @param agreements commands that were applied, or operations of clients
     */
    public record Outcome(long rpcs, long bytes, long agreements) {}
}
