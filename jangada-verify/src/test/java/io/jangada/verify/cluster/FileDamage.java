package io.jangada.verify.cluster;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What was done to one file of a stopped node, so that it can be undone. */
final class FileDamage {
    private static final int SECTOR_BYTES = 512;

    private final String what;
    private final Path file;
    private final byte[] original;

    private FileDamage(String what, Path file, byte[] original) {
        this.what = what;
        this.file = file;
        this.original = original;
    }

    /** Damages one of the files of a node's log, where something is written in it. */
    static FileDamage inLogOf(Path folder, Random random) throws IOException {
        Path file;
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> candidates = files.filter(each -> each.toString().endsWith(".log")
                            || each.getFileName().toString().equals("IDENTITY"))
                    .sorted()
                    .toList();
            List<Path> segments = candidates.stream()
                    .filter(each -> each.toString().endsWith(".log"))
                    .toList();
            boolean last = random.nextInt(4) != 0;
            file = last ? segments.get(segments.size() - 1) : candidates.get(random.nextInt(candidates.size()));
        }
        byte[] original = Files.readAllBytes(file);
        int used = original.length;
        while (used > 1 && original[used - 1] == 0) {
            used--;
        }
        int at = random.nextInt(used);
        return new FileDamage(apply(file, at, random), file, original);
    }

    private static String apply(Path file, int at, Random random) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    open.setLength(at);
                    return "cut to " + at + " bytes";
                }
                case 1 -> {
                    byte[] noise = new byte[SECTOR_BYTES];
                    random.nextBytes(noise);
                    int start = at - at % SECTOR_BYTES;
                    open.seek(start);
                    open.write(noise, 0, (int) Math.min(SECTOR_BYTES, open.length() - start));
                    return "noise in the sector at offset " + start;
                }
                default -> {
                    open.seek(at);
                    int value = open.read() ^ (1 << random.nextInt(8));
                    open.seek(at);
                    open.write(value);
                    return "a bit flipped at offset " + at;
                }
            }
        }
    }

    Path file() {
        return file;
    }

    /** The file is as it was. */
    void undo() throws IOException {
        Files.write(file, original);
    }

    @Override
    public String toString() {
        return what + " of " + file;
    }
}
