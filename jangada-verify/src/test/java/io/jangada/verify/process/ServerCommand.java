package io.jangada.verify.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How the server is started: with the Java that runs the tests and what the build has just made. */
public final class ServerCommand {
    private static final String MAIN = "io.jangada.server.cli.Main";

    private ServerCommand() {}

    /**
     * The command line of {@code jangada server} with these flags, and with these options of Java. It compiles fast: the tests start servers hundreds of
     * times, and what they start lives for seconds, most of which the compiler for long lives would take.
     */
    static List<String> server(List<String> javaOptions, List<String> flags) {
        List<String> command = new ArrayList<>(List.of(
                java(),
                "-Xms64m",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.net.preferIPv4Stack=true"));
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", serverClassPath(), MAIN, "server"));
        command.addAll(flags);
        return command;
    }

    /** The command line of {@code jangada} with these words. */
    public static List<String> jangada(String... words) {
        List<String> command = new ArrayList<>(List.of(
                java(), "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", serverClassPath(), MAIN));
        command.addAll(List.of(words));
        return command;
    }

    /** The Java program that runs this test. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The class path of the tests. Surefire hands it over inside a jar and leaves the real one in a property. */
    public static List<Path> classPath() {
        String text = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(text.split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .toList();
    }

    /** The jar that the start script runs, which names its libraries itself; before it is packaged, the class path of the tests. */
    private static String serverClassPath() {
        return classPath().stream()
                .filter(entry -> entry.getFileName().toString().matches("jangada-server-.*\\.jar"))
                .filter(jar -> Files.isDirectory(jar.resolveSibling("lib")))
                .map(Path::toString)
                .findFirst()
                .orElseGet(() -> String.join(
                        File.pathSeparator,
                        classPath().stream().map(Path::toString).toList()));
    }
}
