package io.jangada.server.cli;

import io.jangada.server.backup.BackupInfo;
import io.jangada.server.client.ClientException;
import java.io.IOException;

/** What a backup holds, for people and programs. The first four names are etcdctl's. */
final class BackupReport {
    private BackupReport() {}

    static TextTable table(BackupInfo info) {
        TextTable table = new TextTable("revision", Long.toString(info.header().revision()));
        table.row("keys", Long.toString(info.state().keys()));
        table.row("size", info.fileBytes() + " bytes");
        table.row("hash", Long.toHexString(info.fingerprint()));
        table.row(
                "compacted",
                info.state().compactRevision() < 0
                        ? "never"
                        : "at revision " + info.state().compactRevision());
        table.row("entry", info.header().index() + " of term " + info.header().term());
        table.row(
                "saved from",
                "member " + info.header().member() + " of cluster "
                        + info.header().cluster());
        return table;
    }

    static String json(BackupInfo info) {
        return "{\"hash\":" + Long.toUnsignedString(info.fingerprint())
                + ",\"revision\":" + info.header().revision()
                + ",\"totalKey\":" + info.state().keys()
                + ",\"totalSize\":" + info.fileBytes()
                + ",\"compactRevision\":" + info.state().compactRevision()
                + ",\"raftIndex\":" + info.header().index()
                + ",\"raftTerm\":" + info.header().term()
                + ",\"cluster_id\":"
                + Long.toUnsignedString(info.header().cluster().value())
                + ",\"member_id\":"
                + Long.toUnsignedString(info.header().member().value()) + "}";
    }

    static ClientException failed(IOException e) {
        return new ClientException(ClientException.Kind.FAILED, String.valueOf(e.getMessage()));
    }
}
