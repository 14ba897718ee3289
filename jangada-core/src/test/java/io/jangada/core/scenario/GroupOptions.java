package io.jangada.core.scenario;

import io.jangada.core.config.Limits;
import io.jangada.core.config.Options;
import io.jangada.core.config.RaftConfig;
import io.jangada.core.config.SnapshotLimits;
import io.jangada.core.config.Timing;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The words behind {@code group 3}: {@code learners=4 term=7 log1=1,1,4 lease inflight=2} and so on; what is not said is usual. */
final class GroupOptions {
    private static final List<String> KNOWN = List.of(
            "learners",
            "term",
            "lease",
            "drift",
            "rounds",
            "noforward",
            "folders",
            "durablefirst",
            "inflight",
            "append",
            "uncommitted",
            "tail",
            "reads",
            "trailing",
            "chunk",
            "rate");

    private final int size;
    private final Map<String, String> values = new LinkedHashMap<>();

    GroupOptions(Words words) {
        this.size = (int) words.number();
        for (String word : words.all()) {
            int equals = word.indexOf('=');
            String key = equals < 0 ? word : word.substring(0, equals);
            if (!KNOWN.contains(key) && !key.matches("(log|term|priority)[0-9]+")) {
                throw new IllegalArgumentException("unknown option '" + key + "' of a group; known are " + KNOWN
                        + ", log<node>, term<node>, priority<node>");
            }
            values.put(key, equals < 0 ? "1" : word.substring(equals + 1));
        }
    }

    private long value(String key, long otherwise) {
        String value = values.get(key);
        return value == null ? otherwise : Long.parseLong(value);
    }

    private List<Long> list(String key) {
        String value = values.get(key);
        return value == null ? List.of() : Words.numbers(value);
    }

    List<NodeId> nodes() {
        return membership().members();
    }

    private Membership membership() {
        List<NodeId> voters = new ArrayList<>();
        for (long id = 1; id <= size; id++) {
            voters.add(NodeId.of(id));
        }
        List<NodeId> learners = list("learners").stream().map(NodeId::of).toList();
        TreeMap<NodeId, MemberInfo> info = new TreeMap<>();
        for (NodeId voter : voters) {
            int priority = (int) value("priority" + voter.value(), 0);
            if (priority != 0) {
                info.put(voter, new MemberInfo("", priority, 0));
            }
        }
        return new Membership(voters, learners, List.of(), new TreeMap<>(), info);
    }

    RaftConfig config(NodeId self, boolean joins, int wiped) {
        Limits usual = Limits.DEFAULT;
        Limits limits = new Limits(
                4_096,
                (int) value("append", usual.maxAppendBytes()),
                (int) value("inflight", usual.maxInflightAppends()),
                usual.maxInflightBytes(),
                value("uncommitted", usual.maxUncommittedBytes()),
                value("tail", usual.maxTailBytes()),
                (int) value("reads", usual.maxPendingReads()));
        SnapshotLimits snapshots =
                new SnapshotLimits(value("trailing", 0), (int) value("chunk", 1 << 20), value("rate", 100L << 20));
        Options options = new Options(
                value("noforward", 0) == 0,
                value("lease", 0) == 1,
                (int) value("drift", 10),
                (int) value("rounds", 10),
                value("folders", 0) == 0 ? 0 : self.value() * 100 + wiped,
                true,
                value("durablefirst", 0) == 1);
        Membership membership = joins ? Membership.NONE : membership();
        return new RaftConfig(self, membership, Timing.ofMillis(50, 500, 1_000), limits, snapshots, options);
    }

    LogOnDisk disk(NodeId self) {
        List<Entry> entries = new ArrayList<>();
        for (long term : list("log" + self.value())) {
            byte[] command = ("t" + term).getBytes(StandardCharsets.UTF_8);
            entries.add(Entry.command(entries.size() + 1, term, command));
        }
        return new LogOnDisk(new HardState(value("term" + self.value(), value("term", 0)), NodeId.NONE), entries);
    }
}
