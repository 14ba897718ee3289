package io.jangada.server.client;

import com.linecorp.armeria.client.ClientRequestContext;
import com.linecorp.armeria.client.ClientRequestContextCaptor;
import com.linecorp.armeria.client.Clients;
import com.linecorp.armeria.common.util.TimeoutMode;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jangada.etcd.rpc.MaintenanceGrpc;
import io.jangada.etcd.rpc.SnapshotRequest;
import io.jangada.etcd.rpc.SnapshotResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;

/** A backup that is arriving from a server, one message at a time, each asked for when the one before has been read. One thread. */
public final class BackupStream extends InputStream {
    private final ClientRequestContext context;
    private final Iterator<SnapshotResponse> messages;
    private final Endpoint endpoint;
    private final Duration timeout;
    private ByteBuffer blob = ByteBuffer.allocate(0);

    private BackupStream(
            ClientRequestContext context, Iterator<SnapshotResponse> messages, Endpoint endpoint, Duration timeout) {
        this.context = context;
        this.messages = messages;
        this.endpoint = endpoint;
        this.timeout = timeout;
    }

    static BackupStream begin(MaintenanceGrpc.MaintenanceBlockingStub stub, Endpoint endpoint, Duration timeout) {
        try (ClientRequestContextCaptor captor = Clients.newContextCaptor()) {
            Iterator<SnapshotResponse> messages = stub.snapshot(SnapshotRequest.getDefaultInstance());
            return new BackupStream(captor.get(), messages, endpoint, timeout);
        }
    }

    @Override
    public int read() throws IOException {
        return advance() ? blob.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!advance()) {
            return -1;
        }
        int count = Math.min(length, blob.remaining());
        blob.get(target, from, count);
        return count;
    }

    private boolean advance() throws IOException {
        while (!blob.hasRemaining()) {
            try {
                context.setResponseTimeout(TimeoutMode.SET_FROM_NOW, timeout);
                if (!messages.hasNext()) {
                    return false;
                }
                blob = messages.next().getBlob().asReadOnlyByteBuffer();
            } catch (StatusRuntimeException e) {
                throw new IOException("the backup from " + endpoint + " broke off: " + reason(e.getStatus()), e);
            }
        }
        return true;
    }

    /** In words: a status without a description carries a stack trace, which helps nobody who types commands. */
    private String reason(Status status) {
        String description = status.getDescription();
        if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
            return "the server sent nothing for " + timeout.toMillis() + " ms (--timeout)";
        }
        return description != null
                ? status.getCode() + ", " + description
                : "the connection was lost (" + status.getCode()
                        + "); look whether the server runs, or ask another one (--endpoints)";
    }

    /** Ends the call, wherever it is. */
    @Override
    public void close() {
        context.cancel();
    }
}
