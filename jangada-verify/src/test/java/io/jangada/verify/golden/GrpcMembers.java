package io.jangada.verify.golden;

import io.jangada.etcd.rpc.KVGrpc;
import io.jangada.verify.process.KvTarget;
import io.jangada.verify.process.MemberChannels;
import io.jangada.verify.process.TreeRemoval;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A target with its channels and its folder; calls go to its members in turn. */
final class GrpcMembers implements AutoCloseable {
    private static final Duration CALL_LIMIT = Duration.ofSeconds(20);

    private final KvTarget target;
    private final Path folder;
    private final MemberChannels channels;
    private final AtomicInteger turn = new AtomicInteger();

    GrpcMembers(KvTarget target, Path folder) {
        this.target = target;
        this.folder = folder;
        this.channels = new MemberChannels(target.endpoints());
    }

    int size() {
        return channels.size();
    }

    /** The key-value service of the next member in turn. */
    KVGrpc.KVBlockingStub next() {
        return member(Math.floorMod(turn.getAndIncrement(), channels.size()));
    }

    KVGrpc.KVBlockingStub member(int number) {
        return channels.kv(number, CALL_LIMIT);
    }

    /** The version of etcd that the target says it is, or is like. */
    String version() {
        return channels.status(0, CALL_LIMIT).getVersion();
    }

    @Override
    public void close() {
        channels.close();
        target.close();
        TreeRemoval.remove(folder);
    }
}
