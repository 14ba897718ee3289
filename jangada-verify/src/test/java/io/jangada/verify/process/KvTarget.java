package io.jangada.verify.process;

import java.util.List;

/** Something that answers the etcd v3 API: its members' client addresses, each {@code host:port}. Closing it ends its processes. */
public interface KvTarget extends AutoCloseable {
    List<String> endpoints();

    @Override
    void close();
}
