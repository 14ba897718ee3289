package io.jangada.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The bytes of memberships and changes: what goes in comes out, and what is no encoding is refused with a reason. */
class MembershipCodecTest {

    private static NodeId node(SplittableRandom random) {
        return NodeId.of(random.nextInt(4) == 0 ? random.nextLong(Long.MIN_VALUE, 0) : random.nextLong(1, 20));
    }

    private static MemberInfo info(SplittableRandom random) {
        List<String> addresses = List.of("", "127.0.0.1:2380", "høst:1", "\u0000\uffff", "x".repeat(40));
        return new MemberInfo(
                addresses.get(random.nextInt(addresses.size())), random.nextInt(-1, 100), random.nextLong());
    }

    private static Membership membership(SplittableRandom random) {
        List<NodeId> voters = new ArrayList<>();
        List<NodeId> learners = new ArrayList<>();
        List<NodeId> outgoing = new ArrayList<>();
        voters.add(node(random));
        for (int more = random.nextInt(8); more > 0; more--) {
            NodeId node = node(random);
            switch (random.nextInt(3)) {
                case 0 -> voters.add(node);
                case 1 -> learners.add(node);
                default -> outgoing.add(node);
            }
        }
        learners.removeAll(voters);
        TreeMap<NodeId, NodeId> promotions = new TreeMap<>();
        TreeMap<NodeId, MemberInfo> info = new TreeMap<>();
        for (NodeId learner : learners) {
            if (random.nextBoolean()) {
                promotions.put(learner, random.nextBoolean() ? NodeId.NONE : voters.get(0));
            }
        }
        for (NodeId voter : voters) {
            if (random.nextBoolean()) {
                info.put(voter, info(random));
            }
        }
        return new Membership(voters, learners, outgoing, promotions, info);
    }

    private static MembershipChange change(SplittableRandom random) {
        List<MembershipStep> steps = new ArrayList<>();
        for (long id = 1; id <= random.nextInt(1, 6); id++) {
            NodeId node = NodeId.of(id);
            steps.add(
                    switch (random.nextInt(7)) {
                        case 0 -> new MembershipStep.AddLearner(node, info(random));
                        case 1 -> new MembershipStep.AddVoter(node, info(random));
                        case 2 -> new MembershipStep.Replace(node, info(random), node(random));
                        case 3 -> new MembershipStep.Promote(node);
                        case 4 -> new MembershipStep.Demote(node);
                        case 5 -> new MembershipStep.Remove(node);
                        default -> new MembershipStep.Describe(node, info(random));
                    });
        }
        if (steps.isEmpty()) {
            steps.add(new MembershipStep.Remove(NodeId.of(1)));
        }
        return new MembershipChange(steps, random.nextLong(-1, 100), random.nextBoolean());
    }

    @Test
    void goldenBytes() {
        Membership membership = new Membership(
                List.of(NodeId.of(1)),
                List.of(NodeId.of(2)),
                List.of(NodeId.of(3)),
                new TreeMap<>(Map.of(NodeId.of(2), NodeId.of(3))),
                new TreeMap<>(Map.of(NodeId.of(1), new MemberInfo("a", 7, 9))));
        String one = "0000000000000001";
        String two = "0000000000000002";
        String three = "0000000000000003";
        assertThat(HexFormat.of().formatHex(MembershipCodec.encode(membership)))
                .isEqualTo("01" + "0001" + one + "0001" + two + "0001" + three + "0001" + two + three + "0001" + one
                        + "0001" + "0061" + "00000007" + "0000000000000009");
        MembershipChange change =
                MembershipChange.of(new MembershipStep.Remove(NodeId.of(2))).ifAt(5);
        assertThat(HexFormat.of().formatHex(MembershipCodec.encode(change)))
                .isEqualTo("01" + "0000000000000005" + "00" + "0001" + "06" + two);
    }

    @Test
    void fiftyThousandMembershipsComeBack() {
        for (long seed = 0; seed < 50_000; seed++) {
            Membership membership = membership(new SplittableRandom(seed));
            if (!MembershipCodec.decode(MembershipCodec.encode(membership)).equals(membership)) {
                throw new AssertionError("seed " + seed + ": " + membership);
            }
        }
    }

    @Test
    void fiftyThousandChangesComeBack() {
        for (long seed = 0; seed < 50_000; seed++) {
            MembershipChange change = change(new SplittableRandom(seed));
            if (!MembershipCodec.decodeChange(MembershipCodec.encode(change)).equals(change)) {
                throw new AssertionError("seed " + seed + ": " + change);
            }
        }
    }

    private static byte[] mutated(byte[] bytes, SplittableRandom random) {
        byte[] copy = bytes.clone();
        switch (random.nextInt(4)) {
            case 0 -> copy = Arrays.copyOf(copy, random.nextInt(copy.length));
            case 1 -> copy = Arrays.copyOf(copy, copy.length + random.nextInt(1, 9));
            default -> {
                for (int times = random.nextInt(1, 4); times > 0; times--) {
                    copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
        }
        return copy;
    }

    /** Whatever the bytes are: a value, or an {@link IllegalArgumentException} with a text; nothing else is ever thrown. */
    @Test
    void damagedBytesAreRefusedWithAReason() {
        int refused = 0;
        for (long seed = 0; seed < 50_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            refused += refuses(mutated(MembershipCodec.encode(membership(random)), random), seed) ? 1 : 0;
            refused += refusesChange(mutated(MembershipCodec.encode(change(random)), random), seed) ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(30_000);
    }

    private static boolean refuses(byte[] bytes, long seed) {
        try {
            MembershipCodec.decode(bytes);
            return false;
        } catch (IllegalArgumentException e) {
            return hasReason(e, seed);
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static boolean refusesChange(byte[] bytes, long seed) {
        try {
            MembershipCodec.decodeChange(bytes);
            return false;
        } catch (IllegalArgumentException e) {
            return hasReason(e, seed);
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static boolean hasReason(IllegalArgumentException e, long seed) {
        String reason = e.getMessage();
        if (reason == null || reason.isBlank()) {
            throw new AssertionError("seed " + seed + ": no reason", e);
        }
        return true;
    }

    @Test
    void aFormatOfTheFutureIsNamed() {
        byte[] bytes = MembershipCodec.encode(Membership.ofVoters(NodeId.of(1)));
        bytes[0] = 9;
        assertThatThrownBy(() -> MembershipCodec.decode(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("format 9");
    }
}
