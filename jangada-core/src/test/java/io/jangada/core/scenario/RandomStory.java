package io.jangada.core.scenario;

import io.jangada.core.RaftStatus;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A scenario that chance writes: commands, reads, changes of the membership, transfers, crashes, hung disks, cut lines and snapshots, and in the end everything is
 * healed. Whatever goes wrong is told as a scenario file, which shows it again.
 *
 * <p>Looks, besides Figure 3's properties, whether each read sees what was applied anywhere before it was asked for, whether no lease outlives the leadership it rests on, and whether
 * the healed group comes to rest: one leader, no joint membership, every member with the same state.
 */
final class RandomStory {
    private static final int NODES = 6;
    private static final Pattern READ = Pattern.compile("  (\\d+) #(\\d+) may be read at (\\d+)(?:, for (\\d+) ms)?");

    private record Lease(long untilNanos, long index, long term) {}

    private final long seed;
    private final SplittableRandom random;
    private final Commands commands = new Commands();
    private final List<String> script = new ArrayList<>();
    private final TreeSet<Long> down = new TreeSet<>();
    private final TreeSet<Long> held = new TreeSet<>();
    /** What was applied somewhere when a read was asked for. */
    private final Map<Long, Long> appliedWhenAsked = new HashMap<>();

    private final List<Lease> leases = new ArrayList<>();
    private long requests;

    RandomStory(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    void tell() {
        try {
            begin();
            for (int steps = random.nextInt(50, 200); steps > 0; steps--) {
                run(something());
                run(someTime());
                run(someTime());
            }
            heal();
            expectRest();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e.getMessage() + "\nas a scenario:\n> " + String.join("\n> ", script), e);
        }
    }

    private String run(String command) {
        if (command.isEmpty()) {
            return "";
        }
        script.add(command);
        String happened = String.join("\n", commands.run(command));
        checkReads(happened);
        return happened;
    }

    private boolean chance(int one, int of) {
        return random.nextInt(of) < one;
    }

    private long anybody() {
        return random.nextLong(1, NODES + 1);
    }

    private void begin() {
        int size = chance(1, 3) ? 1 : 3;
        String options = (chance(3, 4) ? " lease" : "")
                + (chance(1, 2) ? " chunk=64" : "")
                + (chance(1, 3) ? " priority1=3" : "")
                + (chance(1, 3) ? " tail=0 append=100 inflight=2" : "")
                + " trailing=" + random.nextInt(3);
        options += chance(1, 3) ? " durablefirst" : "";
        run("silent group " + size + options);
        for (int id = size + 1; id <= NODES; id++) {
            run("silent join " + id);
        }
        run("quiet pass 1500ms");
    }

    /** The newest leader, mostly; anybody else, too. */
    private long somebody() {
        ScenarioNode leader = leader();
        return leader == null || chance(1, 4) ? anybody() : leader.id().value();
    }

    private @Nullable ScenarioNode leader() {
        ScenarioNode newest = null;
        for (ScenarioNode node : commands.world().all()) {
            RaftStatus status = node.raft().status();
            boolean newer =
                    newest == null || status.term() > newest.raft().status().term();
            if (!node.down() && status.leads() && newer) {
                newest = node;
            }
        }
        return newest;
    }

    private String something() {
        long node = somebody();
        if (chance(1, 8)) {
            return crashOrRestart(anybody());
        }
        if (chance(1, 4)) {
            return trouble(anybody());
        }
        return down.contains(node) ? "" : request(node);
    }

    private String crashOrRestart(long node) {
        if (down.remove(node)) {
            return "quiet restart " + node;
        }
        down.add(node);
        return "quiet crash " + node + " " + random.nextInt(3);
    }

    private String trouble(long node) {
        return switch (random.nextInt(5)) {
            case 0 -> "quiet cut " + node + "->" + anybody();
            case 1 -> "quiet cut " + node;
            case 2 -> "quiet disk " + node + (holdOrRelease(node) ? " hold" : " release");
            default -> "quiet heal";
        };
    }

    /** Says whether it is held now. */
    private boolean holdOrRelease(long node) {
        return !held.remove(node) && held.add(node);
    }

    private String request(long node) {
        return switch (random.nextInt(9)) {
            case 0, 1 -> asked("quiet propose " + node + " x" + script.size());
            case 2 -> read("quiet read " + node);
            case 3 -> read("quiet lease-read " + node);
            case 4, 5 -> asked("quiet change " + node + " " + step(anybody()));
            case 6 ->
                asked("quiet transfer " + node + (chance(1, 2) ? " to " + anybody() : "") + " within "
                        + random.nextInt(100, 700) + "ms");
            case 7 -> commands.world().node(NodeId.of(node)).applied() == 0 ? "" : "quiet snapshot " + node;
            default -> chance(1, 3) ? asked("quiet step-down " + node) : "quiet abort " + node;
        };
    }

    private String step(long about) {
        return switch (random.nextInt(7)) {
            case 0 -> "add-learner " + about;
            case 1, 2 -> "add-voter " + about;
            case 3 -> "promote " + about;
            case 4 -> "demote " + about;
            case 5 -> "remove " + about;
            default -> "replace " + about + " by " + anybody();
        };
    }

    private String asked(String command) {
        requests++;
        return command;
    }

    private String read(String command) {
        long applied = 0;
        for (ScenarioNode node : commands.world().all()) {
            applied = Math.max(applied, node.applied());
        }
        appliedWhenAsked.put(requests + 1, applied);
        return asked(command);
    }

    private String someTime() {
        long node = anybody();
        return switch (random.nextInt(16)) {
            case 0 -> "quiet clock " + 10 * random.nextInt(1, 70) + "ms";
            case 1 -> "quiet settle";
            case 2, 3 -> "quiet deliver *";
            case 4, 5, 6 -> "quiet deliver " + node + "->" + (chance(1, 2) ? "*" : anybody());
            case 7, 8 -> "quiet deliver *->" + node;
            case 9, 10 -> down.contains(node) ? "" : "quiet sync " + node;
            case 11, 12 -> down.contains(node) ? "" : "quiet timeout " + node;
            case 13 -> "quiet pass " + 10 * random.nextInt(1, 120) + "ms";
            default -> "quiet pass 10ms";
        };
    }

    private void checkReads(String happened) {
        long now = commands.world().now();
        leases.removeIf(lease -> now >= lease.untilNanos);
        for (ScenarioNode node : commands.world().all()) {
            RaftStatus status = node.raft().status();
            for (Lease lease : leases) {
                boolean commitsBesides =
                        !node.down() && status.leads() && status.term() > lease.term && commitsOfItsTerm(node, lease);
                require(!commitsBesides, "node " + node.id() + " commits while " + lease + " is valid");
            }
        }
        Matcher read = READ.matcher(happened);
        while (read.find()) {
            long index = Long.parseLong(read.group(3));
            long least = appliedWhenAsked.getOrDefault(Long.parseLong(read.group(2)), 0L);
            require(index >= least, "stale: " + read.group() + ", " + least + " was applied before it was asked for");
            if (read.group(4) != null) {
                ScenarioNode node = commands.world().node(NodeId.of(Long.parseLong(read.group(1))));
                long until = now + Long.parseLong(read.group(4)) * 1_000_000;
                leases.add(new Lease(until, index, node.raft().status().term()));
            }
        }
    }

    private static boolean commitsOfItsTerm(ScenarioNode leader, Lease lease) {
        RaftStatus status = leader.raft().status();
        long commit = status.commitIndex();
        return commit > lease.index
                && leader.log().has(commit)
                && leader.log().at(commit).term() == status.term();
    }

    private void heal() {
        run("quiet heal");
        for (long node : List.copyOf(held)) {
            run("quiet disk " + node + " release");
        }
        for (long node : List.copyOf(down)) {
            run("quiet restart " + node);
        }
        run("quiet pass 15s");
    }

    private void expectRest() {
        ScenarioNode leader = leader();
        if (leader == null) {
            throw new AssertionError("nobody leads");
        }
        String proposed = run("quiet propose " + leader.id() + " end");
        require(proposed.contains("has place"), "the leader takes nothing: " + proposed);
        run("quiet pass 300ms");
        require(leader.state().contains("end"), "the leader commits nothing");
        Membership membership = leader.raft().status().membership().membership();
        require(!membership.isJoint(), "the joint membership is not left: " + membership);
        for (NodeId member : membership.members()) {
            ScenarioNode node = commands.world().node(member);
            require(node.state().equals(leader.state()), "member " + member + " has another state");
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }
}
