package io.jangada.storage;

import io.jangada.core.model.SnapshotMeta;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** What the files of a log's folder are called. */
final class FileNames {
    /** Held while a process has the folder open. */
    static final String LOCK = "LOCK";
    /** Whose folder this is. */
    static final String IDENTITY = "IDENTITY";
    /** The identity before it is complete. */
    static final String IDENTITY_STAGED = "IDENTITY.tmp";
    /** The next segment before it is needed. */
    static final String NEXT_SEGMENT = "next.tmp";
    /** A snapshot of our own before it is complete. */
    static final String SNAPSHOT_STAGED = "snapshot.tmp";
    /** A snapshot of another node before all of it has arrived. */
    static final String SNAPSHOT_INCOMING = "incoming.tmp";
    /** A file of a snapshot of our own before it has been looked at. */
    static final String PART_STAGED = "part.tmp";
    /** A file of a snapshot of another node before all of it has arrived. */
    static final String PART_INCOMING = "incoming-part.tmp";
    /** Where a freshly made ext file system keeps what it finds; a mounted volume is an empty folder to us. */
    private static final String LOST_AND_FOUND = "lost+found";

    private static final Pattern SEGMENT = Pattern.compile("[0-9a-f]{16}\\.log");

    private static final Pattern SPARE = Pattern.compile("[0-9a-f]{16}\\.spare");

    private static final Pattern SNAPSHOT = Pattern.compile("[0-9a-f]{16}(-[0-9a-f]{16}){2}\\.snapshot");

    private static final Pattern PART = Pattern.compile("[0-9a-f]{64}\\.part");

    private FileNames() {}

    /** The name of the segment of this number, from 1. */
    static String segment(long number) {
        return HexFormat.of().toHexDigits(number) + ".log";
    }

    static boolean isSegment(String name) {
        return SEGMENT.matcher(name).matches();
    }

    /** What the segment of this number is called when the log does not need it any more and the file is kept for a later one. */
    static String spare(long number) {
        return HexFormat.of().toHexDigits(number) + ".spare";
    }

    /** The names of spare segments in this listing. */
    static List<String> sparesIn(List<String> listing) {
        return listing.stream()
                .filter(name -> SPARE.matcher(name).matches())
                .sorted()
                .toList();
    }

    /** The number in the name of a segment. */
    static long numberOf(String segmentName) {
        return HexFormat.fromHexDigitsToLong(segmentName.substring(0, 16));
    }

    /** The names of segments in this listing, in the order of their numbers. */
    static List<String> segmentsIn(List<String> listing) {
        return listing.stream().filter(FileNames::isSegment).sorted().toList();
    }

    /** The name of a snapshot's file: index, term and fingerprint, so that the order of names is that of age. */
    static String snapshot(SnapshotMeta meta) {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(meta.index()) + "-" + hex.toHexDigits(meta.term()) + "-"
                + hex.toHexDigits(meta.fingerprint()) + ".snapshot";
    }

    /** The index in the name of a snapshot. */
    static long indexOf(String snapshotName) {
        return HexFormat.fromHexDigitsToLong(snapshotName.substring(0, 16));
    }

    /** The names of snapshots in this listing, the oldest first. */
    static List<String> snapshotsIn(List<String> listing) {
        return listing.stream()
                .filter(name -> SNAPSHOT.matcher(name).matches())
                .sorted()
                .toList();
    }

    /** What a file of a snapshot of files is called: after its content, of which this is the digest in hexadecimal digits. */
    static String part(String digest) {
        return digest + ".part";
    }

    /** The names of files of snapshots in this listing. */
    static List<String> partsIn(List<String> listing) {
        return listing.stream().filter(name -> PART.matcher(name).matches()).toList();
    }

    /** The names in this listing that no log without an identity has: the content of somebody else. */
    static List<String> foreignIn(List<String> listing) {
        return listing.stream()
                .filter(name -> !isSegment(name)
                        && !SPARE.matcher(name).matches()
                        && !SNAPSHOT.matcher(name).matches()
                        && !PART.matcher(name).matches()
                        && !List.of(
                                        LOCK,
                                        IDENTITY,
                                        IDENTITY_STAGED,
                                        NEXT_SEGMENT,
                                        SNAPSHOT_STAGED,
                                        SNAPSHOT_INCOMING,
                                        PART_STAGED,
                                        PART_INCOMING,
                                        LOST_AND_FOUND)
                                .contains(name))
                .toList();
    }
}
