package io.jangada.transport.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.ClusterId;
import io.jangada.api.GroupId;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.ChangeRequest;
import io.jangada.core.message.ChangeResponse;
import io.jangada.core.message.CommitNotice;
import io.jangada.core.message.ForwardOutcome;
import io.jangada.core.message.ForwardRequest;
import io.jangada.core.message.ForwardResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.Message;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.PreVoteResponse;
import io.jangada.core.message.ReadIndexRequest;
import io.jangada.core.message.ReadIndexResponse;
import io.jangada.core.message.RepairRequest;
import io.jangada.core.message.RepairResponse;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.message.SnapshotResponse;
import io.jangada.core.message.TimeoutNow;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.ChangeRefusal;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of the wire format, version 2. Whoever must change a line here has changed the protocol and needs a new version. */
class GoldenBytesTest {
    private static final NodeId FROM = NodeId.of(0x11);
    private static final NodeId TO = NodeId.of(0x22);
    private static final long TERM = 7;

    /** What all frames have in common behind length and type: group 1, from 11, to 22, term 7. */
    private static final String COMMON = "0000000000000001 0000000000000011 0000000000000022 0000000000000007 ";

    @Test
    void preVoteRequest() throws MalformedFrameException {
        golden(
                new PreVoteRequest(FROM, TO, TERM, 0x0102, 6),
                "00000036 03 01 " + COMMON + "0000000000000102 0000000000000006 30dc13f2");
    }

    @Test
    void preVoteResponse() throws MalformedFrameException {
        golden(
                new PreVoteResponse(FROM, TO, TERM, 9, true, true),
                "00000030 03 02 " + COMMON + "0000000000000009 01 01 bc31b2b5");
    }

    @Test
    void voteRequest() throws MalformedFrameException {
        golden(
                new VoteRequest(FROM, TO, TERM, 0x0102, 6, true),
                "00000037 03 03 " + COMMON + "0000000000000102 0000000000000006 01 d0087d0a");
    }

    @Test
    void voteResponse() throws MalformedFrameException {
        golden(new VoteResponse(FROM, TO, TERM, true, false), "00000028 03 04 " + COMMON + "01 00 4eab614e");
    }

    @Test
    void appendRequest() throws MalformedFrameException {
        List<Entry> entries =
                List.of(Entry.noOp(6, TERM), Entry.command(7, TERM, "abc".getBytes(StandardCharsets.US_ASCII)));
        golden(
                new AppendRequest(FROM, TO, TERM, 5, 4, entries, 3),
                "0000006f 03 05 " + COMMON
                        + "0000000000000005 0000000000000004 0000000000000003 00000002 "
                        + "00000000 00 0000000000000007 0000000000000006 "
                        + "00000003 01 0000000000000007 0000000000000007 616263 ee2acb4b");
    }

    @Test
    void appendResponse() throws MalformedFrameException {
        golden(
                new AppendResponse(FROM, TO, TERM, false, 5, 3, 2, true),
                "00000040 03 06 " + COMMON + "00 0000000000000005 0000000000000003 0000000000000002 01 12627799");
    }

    @Test
    void heartbeatRequest() throws MalformedFrameException {
        golden(
                new HeartbeatRequest(FROM, TO, TERM, -1, 9),
                "00000036 03 07 " + COMMON + "ffffffffffffffff 0000000000000009 bbd7c84b");
    }

    @Test
    void heartbeatResponse() throws MalformedFrameException {
        golden(
                new HeartbeatResponse(FROM, TO, TERM, 4, 12),
                "00000036 03 08 " + COMMON + "0000000000000004 000000000000000c 44ec2009");
    }

    @Test
    void readIndexRequest() throws MalformedFrameException {
        golden(
                new ReadIndexRequest(FROM, TO, TERM, 0x0A0B0C0D0E0F1011L),
                "0000002e 03 09 " + COMMON + "0a0b0c0d0e0f1011 93727865");
    }

    @Test
    void readIndexResponse() throws MalformedFrameException {
        golden(
                new ReadIndexResponse(FROM, TO, TERM, 3, true, 99),
                "00000037 03 0a " + COMMON + "0000000000000003 01 0000000000000063 66bd9157");
    }

    @Test
    void forwardRequest() throws MalformedFrameException {
        golden(
                new ForwardRequest(FROM, TO, TERM, 3, new byte[] {1, 2}),
                "00000034 03 0b " + COMMON + "0000000000000003 00000002 0102 a3b78186");
    }

    @Test
    void commitNotice() throws MalformedFrameException {
        golden(new CommitNotice(FROM, TO, TERM, 9), "0000002e 03 0d " + COMMON + "0000000000000009 4d44c424");
    }

    @Test
    void forwardResponse() throws MalformedFrameException {
        golden(
                new ForwardResponse(FROM, TO, TERM, 3, ForwardOutcome.OVERLOADED, 8, 7),
                "0000003f 03 0c " + COMMON + "0000000000000003 02 0000000000000008 0000000000000007 8d93c2f0");
    }

    @Test
    void timeoutNow() throws MalformedFrameException {
        golden(new TimeoutNow(FROM, TO, TERM), "00000026 03 0e " + COMMON + "ce2730f7");
    }

    @Test
    void snapshotRequest() throws MalformedFrameException {
        SnapshotMeta snapshot =
                new SnapshotMeta(9, 6, new MembershipAt(4, Membership.ofVoters(FROM)), 12, 0x0A0B0C0D0E0F1011L, 5);
        golden(
                new SnapshotRequest(FROM, TO, TERM, snapshot, 8, new byte[] {1, 2, 3}),
                "00000078 03 0f " + COMMON
                        + "0000000000000009 0000000000000006 000000000000000c 0a0b0c0d0e0f1011 00000005 0000000000000004 "
                        + "0000000000000008 00000013 01 0001 0000000000000011 0000 0000 0000 0000 "
                        + "00000003 010203 c934a96a");
    }

    @Test
    void snapshotResponse() throws MalformedFrameException {
        golden(
                new SnapshotResponse(FROM, TO, TERM, 9, -1, SnapshotOutcome.NOT_NEEDED, 11),
                "0000003f 03 10 " + COMMON + "0000000000000009 ffffffffffffffff 02 000000000000000b 38218117");
    }

    @Test
    void changeRequest() throws MalformedFrameException {
        golden(
                new ChangeRequest(FROM, TO, TERM, 3, MembershipChange.of(new MembershipStep.Remove(NodeId.of(0x33)))),
                "00000047 03 11 " + COMMON
                        + "0000000000000003 00000015 01 ffffffffffffffff 00 0001 06 0000000000000033 54dc6349");
    }

    @Test
    void repairRequest() throws MalformedFrameException {
        golden(
                new RepairRequest(
                        FROM, TO, TERM, new LogPosition(4, 3), 7, new LogPosition(8, 3), new LogPosition(20, 6)),
                "0000005e 03 13 " + COMMON
                        + "0000000000000004 0000000000000003 0000000000000007 0000000000000008 0000000000000003 "
                        + "0000000000000014 0000000000000006 28e1950e");
    }

    @Test
    void repairResponse() throws MalformedFrameException {
        List<Entry> entries = List.of(Entry.command(5, 3, new byte[] {1, 2}));
        golden(
                new RepairResponse(FROM, TO, TERM, new LogPosition(4, 3), new LogPosition(8, 3), entries),
                "00000061 03 14 " + COMMON
                        + "0000000000000004 0000000000000003 0000000000000008 0000000000000003 00000001 "
                        + "00000002 01 0000000000000003 0000000000000005 0102 1aa1574a");
    }

    @Test
    void changeResponse() throws MalformedFrameException {
        golden(
                new ChangeResponse(FROM, TO, TERM, 3, ForwardOutcome.REFUSED, ChangeRefusal.NOT_A_MEMBER, 0),
                "00000038 03 12 " + COMMON + "0000000000000003 03 06 0000000000000000 b3744dbe");
    }

    @Test
    void hello() throws MalformedFrameException {
        Hello hello = new Hello(ConnectionKind.BULK.code(), new ClusterId(0xC1), FROM, TO, 0x44, "n1:7000");
        byte[] bytes = hello.encode();
        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo(hex("4a4e4744 03 01 0007 00000000000000c1 0000000000000011 0000000000000022"
                        + " 0000000000000044 6e313a37303030 abad6f0d"));
        assertThat(Hello.decode(ByteBuffer.wrap(bytes))).isEqualTo(hello);
    }

    @Test
    void replies() {
        assertThat(HexFormat.of().formatHex(HelloReply.accepted(0x44).encode()))
                .isEqualTo(hex("4a4e4744 03 00 0000 0000000000000044 7d57b214"));
        assertThat(HexFormat.of()
                        .formatHex(HelloReply.refused(RefusalReason.UNKNOWN_SENDER, "no")
                                .encode()))
                .isEqualTo(hex("4a4e4744 03 05 0002 0000000000000000 6e6f 19bce46d"));
    }

    /** The checksum is the standard CRC32C, whose value for these nine digits every description of it gives. */
    @Test
    void checksum() {
        ByteBuffer digits = ByteBuffer.wrap("123456789".getBytes(StandardCharsets.US_ASCII));
        assertThat(Protocol.hex(Protocol.checksum(digits, 0, 9))).isEqualTo("e3069283");
    }

    private static void golden(Message message, String expected) throws MalformedFrameException {
        byte[] bytes = HexFormat.of().parseHex(hex(expected));
        assertThat(HexFormat.of().formatHex(Frames.encode(GroupId.FIRST, message)))
                .isEqualTo(hex(expected));
        assertThat(Frames.decode(FROM, TO, bytes)).isEqualTo(new Frame(1, message));
    }

    private static String hex(String fields) {
        return fields.replace(" ", "");
    }
}
