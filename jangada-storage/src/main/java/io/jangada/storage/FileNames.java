package io.jangada.storage;

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
    /** Where a freshly made ext file system keeps what it finds; a mounted volume is an empty folder to us. */
    private static final String LOST_AND_FOUND = "lost+found";

    private static final Pattern SEGMENT = Pattern.compile("[0-9a-f]{16}\\.log");

    private FileNames() {}

    /** The name of the segment of this number, from 1. */
    static String segment(long number) {
        return HexFormat.of().toHexDigits(number) + ".log";
    }

    static boolean isSegment(String name) {
        return SEGMENT.matcher(name).matches();
    }

    /** The number in the name of a segment. */
    static long numberOf(String segmentName) {
        return HexFormat.fromHexDigitsToLong(segmentName.substring(0, 16));
    }

    /** The names of segments in this listing, in the order of their numbers. */
    static List<String> segmentsIn(List<String> listing) {
        return listing.stream().filter(FileNames::isSegment).sorted().toList();
    }

    /** The names in this listing that no log without an identity has: the content of somebody else. */
    static List<String> foreignIn(List<String> listing) {
        return listing.stream()
                .filter(name -> !isSegment(name)
                        && !List.of(LOCK, IDENTITY, IDENTITY_STAGED, NEXT_SEGMENT, LOST_AND_FOUND)
                                .contains(name))
                .toList();
    }
}
