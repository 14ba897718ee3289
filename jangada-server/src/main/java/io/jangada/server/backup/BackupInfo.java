package io.jangada.server.backup;

import io.jangada.kv.StateSummary;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What a backup holds; known only after all of it has been read and found right.
 *
 * @param contentBytes the length of the state as it is written
 * @param fingerprint of that; equal for equal states, whichever member they were saved from
 * @param fileBytes the length of the file
 */
public record BackupInfo(BackupHeader header, StateSummary state, long contentBytes, long fingerprint, long fileBytes) {

    /** Reads a backup to its end and throws {@link IOException} at the first thing that is wrong, with the name of the file and the offset. */
    public static BackupInfo read(InputStream source, String file) throws IOException {
        return read(source, file, (header, content) -> StateSummary.read(content));
    }

    /** Reads a backup as {@link #read(InputStream, String)} does, and has the target take over the state in it. */
    public static BackupInfo restore(InputStream source, String file, Target target) throws IOException {
        return read(source, file, (header, content) -> {
            AtomicReference<@Nullable StateSummary> summary = new AtomicReference<>();
            target.take(header, out -> summary.set(StateSummary.read(new CopyingStream(content, out))));
            StateSummary read = summary.get();
            if (read == null) {
                throw new IllegalStateException("the state in " + file + " was not taken over");
            }
            return read;
        });
    }

    /** Takes over the state of a backup, which counts only if the content has been written to its end without an exception. */
    @FunctionalInterface
    public interface Target {
        void take(BackupHeader header, BackupWriter.Content content) throws IOException;
    }

    @FunctionalInterface
    private interface Reading {
        StateSummary read(BackupHeader header, InputStream content) throws IOException;
    }

    private static BackupInfo read(InputStream source, String file, Reading reading) throws IOException {
        BackupReader reader = new BackupReader(source, file);
        BackupHeader header = reader.header();
        StateSummary state;
        try {
            state = reading.read(header, reader);
        } catch (BackupFormatException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(
                    "the backup " + file + ", near offset " + reader.position() + ": " + e.getMessage(), e);
        }
        if (state.appliedIndex() != header.index()
                || state.appliedTerm() != header.term()
                || state.revision() != header.revision()) {
            throw BackupFormatException.damaged(
                    file, BackupHeader.INDEX_AT, "its header is not that of the state which it holds");
        }
        return new BackupInfo(header, state, reader.contentBytes(), reader.fingerprint(), reader.position());
    }
}
