package counter;

import io.jangada.Jangada;
import io.jangada.api.RaftNode;
import io.jangada.api.StateMachine;
import io.jangada.core.model.NodeId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Scanner;

/** A counter that all nodes agree on. Arguments: which node this is, and the addresses of all. Type numbers to add. */
public final class Counter implements StateMachine<Long> {
    private long value;

    @Override
    public Long apply(long index, long term, byte[] command) {
        value += ByteBuffer.wrap(command).getLong();
        return value;
    }

    public static void main(String[] args) throws Exception {
        int self = Integer.parseInt(args[0]);
        Jangada<Long> counter = Jangada.builder(new Counter()).directory(Path.of("counter-" + self));
        for (int id = 1; id < args.length; id++) {
            counter = id == self ? counter.self(NodeId.of(id), args[id]) : counter.peer(NodeId.of(id), args[id]);
        }
        try (RaftNode<Long> node = counter.start();
                Scanner in = new Scanner(System.in, StandardCharsets.UTF_8)) {
            while (in.hasNextLong()) {
                byte[] command =
                        ByteBuffer.allocate(Long.BYTES).putLong(in.nextLong()).array();
                System.out.println(node.propose(command).get());
            }
        }
    }
}
