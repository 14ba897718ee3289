package io.jangada.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.core.model.Entry;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EntryCodecTest {
    private static final Entry COMMAND = Entry.command(0x0102030405060708L, 0x1112131415161718L, new byte[] {9, 8, 7});

    @Test
    void bytesAreThoseOfTheDocument() {
        assertThat(hexOf(COMMAND)).isEqualTo("00000003" + "01" + "1112131415161718" + "0102030405060708" + "090807");
        assertThat(hexOf(Entry.noOp(1, 2))).isEqualTo("00000000" + "00" + "0000000000000002" + "0000000000000001");
    }

    @Test
    void decodesWhatItEncodes() throws EntryFormatException {
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            byte[] payload = new byte[random.nextInt(300)];
            random.nextBytes(payload);
            Entry entry = random.nextInt(5) == 0
                    ? Entry.noOp(1 + random.nextInt(9), 1 + i)
                    : Entry.command(Long.MAX_VALUE - i, 1 + i, payload);
            ByteBuffer buffer =
                    ByteBuffer.allocate(EntryCodec.encodedSize(entry) + 5).position(2);
            EntryCodec.encode(entry, buffer);
            assertThat(buffer.position()).isEqualTo(2 + EntryCodec.encodedSize(entry));
            buffer.position(2);
            assertThat(EntryCodec.sizeAt(buffer, 2)).isEqualTo(EntryCodec.encodedSize(entry));
            assertThat(EntryCodec.termAt(buffer, 2)).isEqualTo(entry.term());
            assertThat(EntryCodec.indexAt(buffer, 2)).isEqualTo(entry.index());
            assertThat(EntryCodec.decode(buffer)).isEqualTo(entry);
            assertThat(buffer.remaining()).isEqualTo(3);
        }
    }

    @Test
    void refusesEveryPrefix() {
        byte[] whole = bytesOf(COMMAND);
        for (int length = 0; length < whole.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(whole, 0, length);
            assertThatThrownBy(() -> EntryCodec.decode(cut)).isInstanceOf(EntryFormatException.class);
            assertThat(cut.position()).isZero();
        }
    }

    @Test
    void refusesLengthsThatDoNotFitBeforeAllocating() {
        for (int length : new int[] {4, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
            ByteBuffer lying = ByteBuffer.wrap(bytesOf(COMMAND)).putInt(0, length);
            assertThatThrownBy(() -> EntryCodec.decode(lying))
                    .isInstanceOf(EntryFormatException.class)
                    .hasMessageContaining(Integer.toUnsignedString(length))
                    .hasMessageContaining("3 bytes remain");
        }
    }

    @Test
    void refusesFieldsThatNoVersionHasWritten() {
        assertThatThrownBy(() ->
                        EntryCodec.decode(ByteBuffer.wrap(bytesOf(COMMAND)).put(4, (byte) 77)))
                .isInstanceOf(EntryFormatException.class)
                .hasMessageContaining("entry type 77");
        assertThatThrownBy(() ->
                        EntryCodec.decode(ByteBuffer.wrap(bytesOf(COMMAND)).putLong(5, 0)))
                .isInstanceOf(EntryFormatException.class)
                .hasMessageContaining("term 0");
        assertThatThrownBy(() ->
                        EntryCodec.decode(ByteBuffer.wrap(bytesOf(COMMAND)).putLong(13, -4)))
                .isInstanceOf(EntryFormatException.class)
                .hasMessageContaining("index -4");
    }

    @Test
    void writesNothingIntoTooSmallABuffer() {
        ByteBuffer small = ByteBuffer.allocate(EntryCodec.encodedSize(COMMAND) - 1);
        assertThatThrownBy(() -> EntryCodec.encode(COMMAND, small)).isInstanceOf(BufferOverflowException.class);
        assertThat(small.position()).isZero();
        assertThat(small.array()).containsOnly(0);
    }

    @Test
    void refusesALittleEndianBuffer() {
        ByteBuffer little = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
        assertThatThrownBy(() -> EntryCodec.encode(COMMAND, little))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("big endian");
    }

    private static byte[] bytesOf(Entry entry) {
        ByteBuffer buffer = ByteBuffer.allocate(EntryCodec.encodedSize(entry));
        EntryCodec.encode(entry, buffer);
        return buffer.array();
    }

    private static String hexOf(Entry entry) {
        return HexFormat.of().formatHex(bytesOf(entry));
    }
}
