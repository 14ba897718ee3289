package io.jangada.verify.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the server is started: with the Java that runs the tests and the classes the build has just made. */
public final class ServerCommand {
    private static final String MAIN = "io.jangada.server.cli.Main";

    private ServerCommand() {}

    /** The command line of {@code jangada server} with these flags. */
    public static List<String> server(List<String> flags) {
        List<String> command = new ArrayList<>(List.of(
                java(),
                "-Xms64m",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-Djava.net.preferIPv4Stack=true",
                "-cp",
                classPath(),
                MAIN,
                "server"));
        command.addAll(flags);
        return command;
    }

    /** The Java program that runs this test. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Surefire hands the class path to its tests inside a jar and leaves the real one in a property. */
    public static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
