package io.jangada.verify.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import io.jangada.etcd.admin.MemberState;
import io.jangada.etcd.admin.StateResponse;
import io.jangada.verify.process.ChildProcess;
import io.jangada.verify.process.MemberChannels;
import io.jangada.verify.process.RealCluster;
import io.jangada.verify.process.ServerCommand;
import io.jangada.verify.process.ServerNode;
import io.jangada.verify.process.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Somebody who runs {@code jangada} commands against a cluster and looks what comes of them. */
final class Operator {
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(30);
    private static final Duration LOOK_LIMIT = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final RealCluster cluster;
    private final MemberChannels channels;
    private final Path folder;

    Operator(RealCluster cluster, MemberChannels channels, Path folder) {
        this.cluster = cluster;
        this.channels = channels;
        this.folder = folder;
    }

    /** Runs a command with the endpoints of all that run; it must succeed. Returns what it printed. */
    String run(String... words) {
        ChildProcess.Finished finished = tryTo(words);
        assertThat(finished.exitCode())
                .as("%s: %s%n%s", String.join(" ", words), finished.output(), cluster.logs())
                .isZero();
        return finished.output();
    }

    ChildProcess.Finished tryTo(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        String endpoints = String.join(
                ",",
                cluster.nodes().stream()
                        .filter(ServerNode::isRunning)
                        .map(ServerNode::endpoint)
                        .toList());
        all.addAll(List.of("--endpoints", endpoints, "--timeout", "10000"));
        return ChildProcess.run(ServerCommand.jangada(all.toArray(String[]::new)), folder, "", COMMAND_LIMIT);
    }

    /** What this node says of itself and the membership; empty if it does not answer. */
    Optional<StateResponse> look(int node) {
        try {
            return Optional.of(channels.state(node, LOOK_LIMIT));
        } catch (StatusRuntimeException e) {
            channels.connectAgain(node);
            return Optional.empty();
        }
    }

    /** Waits until this node says what is expected. */
    void await(String what, int node, Predicate<StateResponse> expected) {
        Waiting.until(what, LIMIT, () -> look(node).filter(expected).isPresent(), cluster::logs);
    }

    /** Waits until the node knows itself to be a voter of a membership that is not changing. */
    void awaitVoter(int node) {
        await(
                nameOf(node) + " votes",
                node,
                state -> !state.getMembership().getJoint()
                        && state.getMembership().getMembersList().stream()
                                .anyMatch(member ->
                                        member.getId() == state.getHeader().getMemberId() && member.getVoter()));
    }

    String nameOf(int node) {
        return cluster.nodes().get(node).name();
    }

    static List<String> names(StateResponse state) {
        return state.getMembership().getMembersList().stream()
                .map(MemberState::getName)
                .sorted()
                .toList();
    }
}
