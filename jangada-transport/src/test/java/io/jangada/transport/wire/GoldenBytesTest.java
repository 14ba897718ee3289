package io.jangada.transport.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.ClusterId;
import io.jangada.api.GroupId;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
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
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.Entry;
import io.jangada.core.model.NodeId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of the wire format, version 1. Whoever must change a line here has changed the protocol and needs a new version. */
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
                "00000036 01 01 " + COMMON + "0000000000000102 0000000000000006 f6c98991");
    }

    @Test
    void preVoteResponse() throws MalformedFrameException {
        golden(
                new PreVoteResponse(FROM, TO, TERM, 9, true),
                "0000002f 01 02 " + COMMON + "0000000000000009 01 51b080fe");
    }

    @Test
    void voteRequest() throws MalformedFrameException {
        golden(
                new VoteRequest(FROM, TO, TERM, 0x0102, 6),
                "00000036 01 03 " + COMMON + "0000000000000102 0000000000000006 7c288364");
    }

    @Test
    void voteResponse() throws MalformedFrameException {
        golden(new VoteResponse(FROM, TO, TERM, false), "00000027 01 04 " + COMMON + "00 012f3a3c");
    }

    @Test
    void appendRequest() throws MalformedFrameException {
        List<Entry> entries =
                List.of(Entry.noOp(6, TERM), Entry.command(7, TERM, "abc".getBytes(StandardCharsets.US_ASCII)));
        golden(
                new AppendRequest(FROM, TO, TERM, 5, 4, entries, 3),
                "0000006f 01 05 " + COMMON
                        + "0000000000000005 0000000000000004 0000000000000003 00000002 "
                        + "00000000 00 0000000000000007 0000000000000006 "
                        + "00000003 01 0000000000000007 0000000000000007 616263 e99ebf12");
    }

    @Test
    void appendResponse() throws MalformedFrameException {
        golden(
                new AppendResponse(FROM, TO, TERM, false, 5, 3, 2),
                "0000003f 01 06 " + COMMON + "00 0000000000000005 0000000000000003 0000000000000002 2c20c7a7");
    }

    @Test
    void heartbeatRequest() throws MalformedFrameException {
        golden(
                new HeartbeatRequest(FROM, TO, TERM, -1, 9),
                "00000036 01 07 " + COMMON + "ffffffffffffffff 0000000000000009 7dc25228");
    }

    @Test
    void heartbeatResponse() throws MalformedFrameException {
        golden(
                new HeartbeatResponse(FROM, TO, TERM, 4, 12),
                "00000036 01 08 " + COMMON + "0000000000000004 000000000000000c 82f9ba6a");
    }

    @Test
    void readIndexRequest() throws MalformedFrameException {
        golden(
                new ReadIndexRequest(FROM, TO, TERM, 0x0A0B0C0D0E0F1011L),
                "0000002e 01 09 " + COMMON + "0a0b0c0d0e0f1011 713103b4");
    }

    @Test
    void readIndexResponse() throws MalformedFrameException {
        golden(
                new ReadIndexResponse(FROM, TO, TERM, 3, true, 99),
                "00000037 01 0a " + COMMON + "0000000000000003 01 0000000000000063 14ede45b");
    }

    @Test
    void forwardRequest() throws MalformedFrameException {
        golden(
                new ForwardRequest(FROM, TO, TERM, 3, new byte[] {1, 2}),
                "00000034 01 0b " + COMMON + "0000000000000003 00000002 0102 9be5bb8e");
    }

    @Test
    void commitNotice() throws MalformedFrameException {
        golden(new CommitNotice(FROM, TO, TERM, 9), "0000002e 01 0d " + COMMON + "0000000000000009 af07bff5");
    }

    @Test
    void forwardResponse() throws MalformedFrameException {
        golden(
                new ForwardResponse(FROM, TO, TERM, 3, ForwardOutcome.OVERLOADED, 8, 7),
                "0000003f 01 0c " + COMMON + "0000000000000003 02 0000000000000008 0000000000000007 e510d998");
    }

    @Test
    void hello() throws MalformedFrameException {
        Hello hello = new Hello(ConnectionKind.MESSAGES.code(), new ClusterId(0xC1), FROM, TO);
        ByteBuffer bytes = ByteBuffer.allocate(Hello.BYTES);
        hello.encode(bytes);
        assertThat(HexFormat.of().formatHex(bytes.array()))
                .isEqualTo(hex("4a4e4744 01 00 0000 00000000000000c1 0000000000000011 0000000000000022 4833ea7d"));
        assertThat(Hello.decode(bytes.flip())).isEqualTo(hello);
    }

    @Test
    void replies() {
        assertThat(HexFormat.of().formatHex(HelloReply.accepted().encode()))
                .isEqualTo(hex("4a4e4744 01 00 0000 850b38a4"));
        assertThat(HexFormat.of()
                        .formatHex(HelloReply.refused(RefusalReason.UNKNOWN_SENDER, "no")
                                .encode()))
                .isEqualTo(hex("4a4e4744 01 05 0002 6e6f 5d30005b"));
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
