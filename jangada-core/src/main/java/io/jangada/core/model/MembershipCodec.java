package io.jangada.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The bytes of memberships and of changes to them, as they stand in log entries, snapshots and messages ({@code docs/log-format.md}).
 *
 * <p>The first byte is the version of the format. What is no encoding of either is an {@link IllegalArgumentException} that says why.
 */
public final class MembershipCodec {
    private static final int VERSION = 1;
    private static final int ADD_LEARNER = 1;
    private static final int ADD_VOTER = 2;
    private static final int REPLACE = 3;
    private static final int PROMOTE = 4;
    private static final int DEMOTE = 5;
    private static final int REMOVE = 6;
    private static final int DESCRIBE = 7;

    private MembershipCodec() {}

    public static byte[] encode(Membership membership) {
        PayloadWriter out = new PayloadWriter().u8(VERSION);
        nodes(out, membership.voters());
        nodes(out, membership.learners());
        nodes(out, membership.outgoing());
        out.u16(membership.promotions().size());
        for (Map.Entry<NodeId, NodeId> promotion : membership.promotions().entrySet()) {
            out.node(promotion.getKey()).node(promotion.getValue());
        }
        out.u16(membership.info().size());
        for (Map.Entry<NodeId, MemberInfo> known : membership.info().entrySet()) {
            out.node(known.getKey());
            info(out, known.getValue());
        }
        return out.toBytes();
    }

    public static Membership decode(byte[] bytes) {
        PayloadReader in = new PayloadReader(bytes, "a membership");
        version(in, "membership");
        List<NodeId> voters = nodes(in);
        List<NodeId> learners = nodes(in);
        List<NodeId> outgoing = nodes(in);
        SortedMap<NodeId, NodeId> promotions = new TreeMap<>();
        for (int left = in.u16(); left > 0; left--) {
            promotions.put(in.node(), in.node());
        }
        SortedMap<NodeId, MemberInfo> info = new TreeMap<>();
        for (int left = in.u16(); left > 0; left--) {
            info.put(in.node(), info(in));
        }
        in.expectEnd();
        return new Membership(voters, learners, outgoing, promotions, info);
    }

    public static byte[] encode(MembershipChange change) {
        PayloadWriter out =
                new PayloadWriter().u8(VERSION).u64(change.expectedIndex()).u8(change.force() ? 1 : 0);
        out.u16(change.steps().size());
        for (MembershipStep step : change.steps()) {
            encode(out, step);
        }
        return out.toBytes();
    }

    private static void encode(PayloadWriter out, MembershipStep step) {
        if (step instanceof MembershipStep.AddLearner add) {
            info(out.u8(ADD_LEARNER).node(step.node()), add.info());
        } else if (step instanceof MembershipStep.AddVoter add) {
            info(out.u8(ADD_VOTER).node(step.node()), add.info());
        } else if (step instanceof MembershipStep.Replace replace) {
            info(out.u8(REPLACE).node(step.node()), replace.info());
            out.node(replace.leaving());
        } else if (step instanceof MembershipStep.Promote) {
            out.u8(PROMOTE).node(step.node());
        } else if (step instanceof MembershipStep.Demote) {
            out.u8(DEMOTE).node(step.node());
        } else if (step instanceof MembershipStep.Remove) {
            out.u8(REMOVE).node(step.node());
        } else if (step instanceof MembershipStep.Describe describe) {
            info(out.u8(DESCRIBE).node(step.node()), describe.info());
        }
    }

    public static MembershipChange decodeChange(byte[] bytes) {
        PayloadReader in = new PayloadReader(bytes, "a membership change");
        version(in, "membership change");
        long expectedIndex = in.u64();
        boolean force = in.u8() != 0;
        List<MembershipStep> steps = new ArrayList<>();
        for (int left = in.u16(); left > 0; left--) {
            steps.add(step(in));
        }
        in.expectEnd();
        return new MembershipChange(steps, expectedIndex, force);
    }

    private static MembershipStep step(PayloadReader in) {
        int code = in.u8();
        NodeId node = NodeId.of(in.u64());
        return switch (code) {
            case ADD_LEARNER -> new MembershipStep.AddLearner(node, info(in));
            case ADD_VOTER -> new MembershipStep.AddVoter(node, info(in));
            case REPLACE -> new MembershipStep.Replace(node, info(in), in.node());
            case PROMOTE -> new MembershipStep.Promote(node);
            case DEMOTE -> new MembershipStep.Demote(node);
            case REMOVE -> new MembershipStep.Remove(node);
            case DESCRIBE -> new MembershipStep.Describe(node, info(in));
            default -> throw new IllegalArgumentException("unknown step " + code + " in a membership change");
        };
    }

    private static void version(PayloadReader in, String what) {
        int version = in.u8();
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    what + " in format " + version + "; this version of Jangada knows format " + VERSION);
        }
    }

    private static void nodes(PayloadWriter out, List<NodeId> nodes) {
        out.u16(nodes.size());
        nodes.forEach(out::node);
    }

    private static List<NodeId> nodes(PayloadReader in) {
        List<NodeId> nodes = new ArrayList<>();
        for (int left = in.u16(); left > 0; left--) {
            nodes.add(in.node());
        }
        return nodes;
    }

    private static void info(PayloadWriter out, MemberInfo info) {
        out.text(info.address()).u32(info.priority()).u64(info.incarnation());
    }

    private static MemberInfo info(PayloadReader in) {
        return new MemberInfo(in.text(), in.u32(), in.u64());
    }
}
