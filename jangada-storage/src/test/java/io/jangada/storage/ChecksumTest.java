package io.jangada.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A checksum in pieces is that of the whole. */
class ChecksumTest {
    private static final int FROM = 7;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8191, 8192, 8193, 16384, 65537})
    void isThatOfTheWhole(int length) {
        byte[] bytes = new byte[FROM + length + 5];
        new Random(length).nextBytes(bytes);
        CRC32C whole = new CRC32C();
        whole.update(bytes, FROM, length);

        for (ByteBuffer memory :
                new ByteBuffer[] {ByteBuffer.allocate(bytes.length), ByteBuffer.allocateDirect(bytes.length)}) {
            memory.put(bytes).limit(5).position(3);

            assertThat(Checksum.of(memory, FROM, length)).isEqualTo((int) whole.getValue());
            assertThat(memory.position()).isEqualTo(3);
            assertThat(memory.limit()).isEqualTo(5);
        }
    }
}
