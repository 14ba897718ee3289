package io.jangada.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every engine promises, by chance against a sorted map of the JDK. */
class EngineContractTest {

    @Test
    void memoryIsAnOrderedMapWithSnapshots() {
        for (long seed = 0; seed < 200; seed++) {
            run(new MemoryEngine(), seed);
        }
    }

    @Test
    void diskIsAnOrderedMapWithSnapshots(@TempDir Path folder) throws IOException {
        for (long seed = 0; seed < 12; seed++) {
            run(RocksEngine.open(folder.resolve("seed-" + seed)), seed);
        }
    }

    @Test
    void memoryKnowsItsSize() {
        MemoryEngine engine = new MemoryEngine();
        write(engine, new byte[] {1}, new byte[9]);
        write(engine, new byte[] {1}, new byte[4]);
        write(engine, new byte[] {2}, new byte[4]);
        assertThat(engine.sizeBytes()).isEqualTo(10);
        Batch batch = new Batch();
        batch.delete(new byte[] {1});
        batch.delete(new byte[] {3});
        engine.write(batch);
        assertThat(engine.sizeInUseBytes()).isEqualTo(5);
    }

    private static void write(Engine engine, byte[] key, byte[] value) {
        Batch batch = new Batch();
        batch.put(key, value);
        engine.write(batch);
    }

    private static void run(Engine engine, long seed) {
        Random random = new Random(seed);
        NavigableMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
        List<Snapshot> snapshots = new ArrayList<>();
        List<NavigableMap<byte[], byte[]>> models = new ArrayList<>();
        for (int round = 0; round < 60; round++) {
            Batch batch = new Batch();
            for (int i = random.nextInt(12); i > 0; i--) {
                byte[] key = key(random);
                if (random.nextInt(3) == 0) {
                    batch.delete(key);
                    model.remove(key);
                } else {
                    byte[] value = {(byte) round, (byte) i};
                    batch.put(key, value);
                    model.put(key, value);
                }
            }
            engine.write(batch);
            if (random.nextInt(10) == 0) {
                snapshots.add(engine.snapshot());
                models.add(new TreeMap<>(model));
            }
            if (random.nextInt(20) == 0) {
                engine.flush();
                engine.reclaim(new byte[] {0}, new byte[] {(byte) 0xFF});
            }
        }
        snapshots.add(engine.snapshot());
        models.add(model);
        for (int i = 0; i < snapshots.size(); i++) {
            compare(snapshots.get(i), models.get(i), random);
            snapshots.get(i).close();
        }
        engine.close();
        engine.close();
    }

    private static void compare(Snapshot snapshot, NavigableMap<byte[], byte[]> model, Random random) {
        for (int i = 0; i < 30; i++) {
            byte[] key = key(random);
            assertThat(snapshot.get(key)).isEqualTo(model.get(key));
            byte[] to = key(random);
            List<String> found = new ArrayList<>();
            try (Cursor cursor = snapshot.scan(key, to)) {
                while (cursor.next()) {
                    found.add(text(cursor.key(), cursor.value()));
                }
                assertThat(cursor.next()).isFalse();
            }
            List<String> expected = new ArrayList<>();
            if (Arrays.compareUnsigned(key, to) < 0) {
                model.subMap(key, to).forEach((k, v) -> expected.add(text(k, v)));
            }
            assertThat(found).isEqualTo(expected);
        }
    }

    private static String text(byte[] key, byte[] value) {
        return HexFormat.of().formatHex(key) + "=" + HexFormat.of().formatHex(value);
    }

    private static byte[] key(Random random) {
        byte[] key = new byte[1 + random.nextInt(3)];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (random.nextInt(6) * 51);
        }
        return key;
    }
}
