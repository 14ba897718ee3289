package io.jangada.testkit.sim;

import io.jangada.api.StateFile;
import io.jangada.api.StateMachine;
import io.jangada.api.StateSnapshot;
import io.jangada.core.model.Entry;
import io.jangada.core.model.NodeId;
import io.jangada.testkit.check.Digest;
import io.jangada.testkit.check.SafetyChecks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A few registers in memory, and a digest of everything that was ever applied. Yields the index of each command. */
final class SimStateMachine implements StateMachine<Long> {

    /** What a query sees. */
    record View(String value, long lastCommand, long digest) {}

    private final NodeId node;
    private final SafetyChecks checks;
    private final int ballastBytes;
    private final TreeMap<Integer, Long> registers = new TreeMap<>();
    private BitSet serials = new BitSet();
    private long digest;
    private long lastIndex;

    SimStateMachine(NodeId node, SimWorld world) {
        this.node = node;
        this.checks = world.checks();
        this.ballastBytes = world.plan().operations().ballastBytes();
    }

    @Override
    public Long apply(long index, long term, byte[] command) {
        SimCommand decoded = SimCommand.decode(command);
        registers.put(decoded.key(), decoded.serial());
        serials.set((int) decoded.serial());
        digest = Digest.mix(Digest.mix(digest, index), Digest.of(command));
        lastIndex = index;
        checks.applied(node, Entry.command(index, term, command), decoded.serial(), digest);
        return index;
    }

    @Override
    public Optional<StateSnapshot> snapshot() {
        return Optional.of(new Held(encode(), ballastBytes, lastIndex % 2 == 0));
    }

    /** A state that is handed over as one stream, or as two files, of which the second is always the same. */
    private static final class Held implements StateSnapshot {
        private final byte[] bytes;
        private final int ballastBytes;
        private final boolean inFiles;

        Held(byte[] bytes, int ballastBytes, boolean inFiles) {
            this.bytes = bytes;
            this.ballastBytes = ballastBytes;
            this.inFiles = inFiles;
        }

        @Override
        public List<StateFile> files() {
            int state = bytes.length - ballastBytes;
            return inFiles
                    ? List.of(
                            StateFile.of("state", Arrays.copyOf(bytes, state)),
                            StateFile.of("ballast", Arrays.copyOfRange(bytes, state, bytes.length)))
                    : List.of();
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(bytes);
        }

        @Override
        public void close() {}
    }

    private byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(digest);
            out.writeLong(lastIndex);
            out.writeInt(registers.size());
            for (Map.Entry<Integer, Long> register : registers.entrySet()) {
                out.writeInt(register.getKey());
                out.writeLong(register.getValue());
            }
            byte[] known = serials.toByteArray();
            out.writeInt(known.length);
            out.write(known);
            out.write(new byte[ballastBytes]);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    @Override
    public void restoreFiles(long index, long term, List<StateFile> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (StateFile file : files) {
            try (InputStream in = file.open()) {
                in.transferTo(bytes);
            }
        }
        restore(index, term, new ByteArrayInputStream(bytes.toByteArray()));
    }

    @Override
    public void restore(long index, long term, InputStream state) throws IOException {
        DataInputStream in = new DataInputStream(state);
        digest = in.readLong();
        lastIndex = in.readLong();
        registers.clear();
        for (int left = in.readInt(); left > 0; left--) {
            registers.put(in.readInt(), in.readLong());
        }
        serials = BitSet.valueOf(in.readNBytes(in.readInt()));
        if (in.readAllBytes().length != ballastBytes) {
            throw new IOException("the snapshot of entry " + index + " is not as long as it was");
        }
        checks.restored(node, index, digest);
    }

    /** What a query sees of a register, in the words of the history. */
    View look(int key) {
        checks.looked(node, lastIndex, digest);
        Long serial = registers.get(key);
        return new View(serial == null ? "" : SimCommand.valueName(serial), lastIndex, digest);
    }

    Set<Long> serials() {
        Set<Long> all = new TreeSet<>();
        serials.stream().forEach(serial -> all.add((long) serial));
        return all;
    }

    long digest() {
        return digest;
    }

    /** The index of the last command. */
    long lastIndex() {
        return lastIndex;
    }
}
