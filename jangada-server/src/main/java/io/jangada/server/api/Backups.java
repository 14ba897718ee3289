package io.jangada.server.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.jangada.api.error.OverloadedException;
import io.jangada.etcd.rpc.SnapshotResponse;
import io.jangada.kv.BackupState;
import io.jangada.kv.KeyValueStore;
import io.jangada.server.backup.BackupHeader;
import io.jangada.server.backup.BackupWriter;
import io.jangada.server.error.ServerError;
import io.jangada.server.error.ServerException;
import io.jangada.server.member.Roster;
import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backups that are being taken from this member: each on a thread of its own, as fast as its client takes it, and two at most, for the disk keeps what is
 * replaced as long as a backup lasts.
 */
final class Backups {
    private static final Logger LOG = LoggerFactory.getLogger(Backups.class);

    private static final int MOST_AT_ONCE = 2;
    private static final int BLOB_BYTES = 256 << 10;
    /** A client that takes nothing for so long has gone. */
    private static final long STALL_NANOS = Duration.ofSeconds(60).toNanos();

    private final KeyValueStore store;
    private final Roster roster;
    private final Headers headers;
    private final Refusals refusals;
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);

    Backups(KeyValueStore store, Roster roster, Headers headers, Refusals refusals) {
        this.store = store;
        this.roster = roster;
        this.headers = headers;
        this.refusals = refusals;
    }

    /** Begins a backup of the state as it is now. Called on the event loop of the call. */
    void begin(ServerCallStreamObserver<SnapshotResponse> observer) {
        if (!free.tryAcquire()) {
            refusals.count(OverloadedException.Limit.WORK);
            observer.onError(new StatusRuntimeException(Status.RESOURCE_EXHAUSTED.withDescription("etcdserver: "
                    + MOST_AT_ONCE
                    + " backups are being taken from this member; wait for one to end, or ask another member")));
            return;
        }
        Blobs blobs = new Blobs(observer);
        observer.setOnReadyHandler(blobs::wake);
        observer.setOnCancelHandler(blobs::wake);
        Thread thread = new Thread(() -> run(observer, blobs), "jangada-backup");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(ServerCallStreamObserver<SnapshotResponse> observer, Blobs blobs) {
        try {
            write(blobs);
            observer.onCompleted();
        } catch (ClientGoneException e) {
            LOG.info("backup not finished: {}", e.getMessage());
            observer.onError(new StatusRuntimeException(Status.CANCELLED.withDescription(e.getMessage())));
        } catch (ServerException e) {
            observer.onError(new StatusRuntimeException(e.error().status()));
        } catch (IOException | RuntimeException e) {
            LOG.error("backup failed", e);
            observer.onError(new StatusRuntimeException(Status.INTERNAL.withDescription("etcdserver: backup: " + e)));
        } finally {
            free.release();
        }
    }

    private void write(Blobs blobs) throws IOException {
        try (BackupState state = hold()) {
            BackupHeader header = new BackupHeader(
                    roster.cluster(),
                    roster.self(),
                    state.appliedIndex(),
                    state.appliedTerm(),
                    state.revision(),
                    new SecureRandom().nextLong());
            BackupWriter.write(header, state::writeTo, blobs);
            LOG.info("backup of revision {} sent, {} bytes", header.revision(), blobs.sent);
        }
    }

    private BackupState hold() {
        try {
            return store.backup();
        } catch (IllegalStateException e) {
            LOG.debug("no backup", e);
            throw new ServerException(ServerError.STOPPED);
        }
    }

    /** Collects what is written into messages, and waits whenever the client has not taken the last one yet. One thread writes; any may wake it. */
    private final class Blobs extends OutputStream {
        private final ServerCallStreamObserver<SnapshotResponse> observer;
        private byte[] blob = new byte[BLOB_BYTES];
        private int filled;
        private long sent;

        Blobs(ServerCallStreamObserver<SnapshotResponse> observer) {
            this.observer = observer;
        }

        synchronized void wake() {
            notifyAll();
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            int at = from;
            int left = length;
            while (left > 0) {
                int count = Math.min(left, blob.length - filled);
                System.arraycopy(bytes, at, blob, filled, count);
                filled += count;
                at += count;
                left -= count;
                if (filled == blob.length) {
                    flush();
                }
            }
        }

        @Override
        public void flush() throws IOException {
            if (filled == 0) {
                return;
            }
            awaitReady();
            ByteString bytes = UnsafeByteOperations.unsafeWrap(blob, 0, filled);
            observer.onNext(SnapshotResponse.newBuilder()
                    .setHeader(headers.at(0))
                    .setBlob(bytes)
                    .build());
            sent += filled;
            blob = new byte[BLOB_BYTES];
            filled = 0;
        }

        private synchronized void awaitReady() throws ClientGoneException {
            long begin = System.nanoTime();
            while (!observer.isReady() && !observer.isCancelled()) {
                long leftMillis = (STALL_NANOS - (System.nanoTime() - begin)) / 1_000_000;
                if (leftMillis <= 0) {
                    throw new ClientGoneException("its client has taken nothing for a minute");
                }
                try {
                    wait(leftMillis);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new ClientGoneException("interrupted");
                }
            }
            if (observer.isCancelled()) {
                throw new ClientGoneException("its client has gone");
            }
        }
    }

    /** Nobody is there any more to take the backup. */
    private static final class ClientGoneException extends IOException {
        private static final long serialVersionUID = 1L;

        ClientGoneException(String message) {
            super(message);
        }
    }
}
