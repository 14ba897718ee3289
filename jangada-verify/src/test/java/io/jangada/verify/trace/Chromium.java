package io.jangada.verify.trace;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/** A browser without a window, started anew for each page and with nothing of its own left behind. */
final class Chromium {
    private static final long LIMIT_SECONDS = 90;
    /** Everything a page does with clocks happens within this much of its virtual time. */
    private static final int BUDGET_MILLIS = 10_000;

    private final Path program;
    private final Path folder;

    private Chromium(Path program, Path folder) {
        this.program = program;
        this.folder = folder;
    }

    /** The browser of this machine, with this folder for what it writes; without one the test is left out and says so. */
    static Chromium inFolder(Path folder) {
        return new Chromium(
                program()
                        .orElseGet(() ->
                                abort("chromium is not installed, so nobody can look at the page (package chromium)")),
                folder);
    }

    private static Optional<Path> program() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(":"))
                .flatMap(each -> Stream.of(Path.of(each, "chromium"), Path.of(each, "chromium-browser")))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The document as it stands after the scripts of the page have run. */
    String dom(Path page, String hash) throws IOException, InterruptedException {
        return run(page, hash, "--dump-dom", "--virtual-time-budget=" + BUDGET_MILLIS);
    }

    /** The same on real time, which alone can be measured. */
    String domInRealTime(Path page, String hash) throws IOException, InterruptedException {
        return run(page, hash, "--dump-dom");
    }

    /** Takes a picture of the page, of 1440 by 900 pixels, into this file. */
    void picture(Path page, String hash, Path file) throws IOException, InterruptedException {
        run(page, hash, "--screenshot=" + file, "--hide-scrollbars", "--virtual-time-budget=" + BUDGET_MILLIS);
    }

    private String run(Path page, String hash, String... what) throws IOException, InterruptedException {
        Path profile = Files.createTempDirectory(folder, "profile");
        Path out = Files.createTempFile(folder, "chromium", ".out");
        Path err = Files.createTempFile(folder, "chromium", ".err");
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--window-size=1440,900",
                "--force-device-scale-factor=1",
                "--user-data-dir=" + profile));
        command.addAll(List.of(what));
        command.add(URI.create(page.toUri() + hash).toString());
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(
                        "chromium took more than " + LIMIT_SECONDS + " s: " + command + "\n" + Files.readString(err));
            }
            if (process.exitValue() != 0) {
                throw new AssertionError(
                        "chromium ended with " + process.exitValue() + ": " + command + "\n" + Files.readString(err));
            }
            return Files.readString(out);
        } finally {
            end(process, profile);
            delete(profile);
        }
    }

    /** Ends the browser and its helpers, some of which are nobody's children; all of them name the folder that is theirs alone. */
    private static void end(Process process, Path profile) {
        Stream<ProcessHandle> helpers = ProcessHandle.allProcesses()
                .filter(each -> each.info().commandLine().orElse("").contains(profile.toString()));
        List<ProcessHandle> family = Stream.of(Stream.of(process.toHandle()), process.descendants(), helpers)
                .flatMap(Function.identity())
                .distinct()
                .toList();
        family.forEach(ProcessHandle::destroyForcibly);
        family.forEach(each -> each.onExit().join());
    }

    private static void delete(Path profile) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(profile)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
