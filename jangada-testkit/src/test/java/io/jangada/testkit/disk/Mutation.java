package io.jangada.testkit.disk;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * One thing that may happen to the files of a log while nobody looks.
 *
 * @param file the file that was changed
 * @param from the first byte that differs, -1 if nothing does
 * @param to the byte after the last that differs; the largest number if the file's length or name was changed
 */
record Mutation(String what, String file, long from, long to) {

    static Mutation apply(SimDisk disk, Random random) throws IOException {
        List<String> files =
                disk.list().stream().filter(name -> !name.equals("LOCK")).toList();
        boolean last = random.nextInt(3) != 0;
        String file = last ? lastSegment(files) : files.get(random.nextInt(files.size()));
        return switch (random.nextInt(24)) {
            case 0 -> remove(disk, file);
            case 1 -> copyOver(disk, file, files.get(random.nextInt(files.size())));
            case 2 -> resize(disk, file, random);
            case 3, 4, 5, 6, 7, 8 -> changeBlock(disk, file, random);
            default -> changeBytes(disk, file, files, random);
        };
    }

    static String lastSegment(List<String> files) {
        return files.stream()
                .filter(name -> name.endsWith(".log"))
                .reduce((a, b) -> b)
                .orElseThrow();
    }

    private static Mutation remove(SimDisk disk, String file) {
        disk.remove(file);
        return new Mutation("removed", file, 0, Long.MAX_VALUE);
    }

    private static Mutation copyOver(SimDisk disk, String file, String source) throws IOException {
        disk.replace(file, disk.contents(source));
        return new Mutation("replaced by " + source, file, file.equals(source) ? -1 : 0, Long.MAX_VALUE);
    }

    private static Mutation resize(SimDisk disk, String file, Random random) throws IOException {
        byte[] content = disk.contents(file);
        int length = random.nextInt(4) == 0 ? content.length + 1 + random.nextInt(100) : random.nextInt(content.length);
        disk.replace(file, Arrays.copyOf(content, length));
        return new Mutation("resized to " + length, file, Math.min(length, content.length), Long.MAX_VALUE);
    }

    /** What a disk may lose at once. */
    private static Mutation changeBlock(SimDisk disk, String file, Random random) throws IOException {
        byte[] before = disk.contents(file);
        byte[] after = before.clone();
        int from = random.nextInt((after.length + 4095) / 4096) * 4096;
        int to = Math.min(after.length, from + 4096);
        byte[] block = new byte[to - from];
        if (random.nextBoolean()) {
            random.nextBytes(block);
        }
        System.arraycopy(block, 0, after, from, block.length);
        disk.replace(file, after);
        return new Mutation("a block", file, Arrays.equals(before, after) ? -1 : from, to);
    }

    private static Mutation changeBytes(SimDisk disk, String file, List<String> files, Random random)
            throws IOException {
        byte[] before = disk.contents(file);
        byte[] after = before.clone();
        int at = position(before, random);
        int length = Math.min(1 + random.nextInt(random.nextInt(3) == 0 ? 1_200 : 24), after.length - at);
        String what;
        switch (random.nextInt(6)) {
            case 0 -> {
                what = "bit flipped";
                after[at] ^= (byte) (1 << random.nextInt(8));
            }
            case 1 -> {
                what = "zeros";
                Arrays.fill(after, at, at + length, (byte) 0);
            }
            case 2 -> {
                what = "noise";
                byte[] noise = new byte[length];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, after, at, length);
            }
            case 3 -> {
                what = "a length";
                int value = random.nextBoolean() ? Integer.MAX_VALUE - random.nextInt(9) : random.nextInt();
                for (int i = 0; i < Math.min(4, after.length - at); i++) {
                    after[at + i] = (byte) (value >>> (24 - 8 * i));
                }
            }
            case 4 -> {
                what = "bytes of another place";
                byte[] source = disk.contents(files.get(random.nextInt(files.size())));
                int from = random.nextInt(source.length);
                System.arraycopy(source, from, after, at, Math.min(length, source.length - from));
            }
            default -> {
                what = "shifted";
                int by = 8 * (1 + random.nextInt(8));
                System.arraycopy(
                        before, at, after, Math.min(at + by, after.length), Math.max(0, after.length - at - by));
            }
        }
        disk.replace(file, after);
        int from = Arrays.mismatch(before, after);
        int to = after.length;
        while (from >= 0 && before[to - 1] == after[to - 1]) {
            to--;
        }
        return new Mutation(what, file, from, to);
    }

    /** Most of the time somewhere in or behind a record's header. */
    private static int position(byte[] content, Random random) {
        int used = content.length;
        while (used > 1 && content[used - 1] == 0) {
            used--;
        }
        int at = random.nextInt(Math.min(content.length, used + 100));
        if (random.nextInt(4) != 0) {
            for (int i = at & -8; i >= 0; i -= 8) {
                if (content[i] == 'J' && i + 64 <= content.length) {
                    return i + random.nextInt(64);
                }
            }
        }
        return at;
    }
}
