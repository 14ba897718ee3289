package io.jangada.verify.library;

import io.jangada.verify.process.ServerCommand;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the one dependency {@code io.jangada:jangada} brings along, picked from the class path of the tests. */
final class LibraryPath {
    private static final Set<String> MODULES =
            Set.of("core", "api", "node", "storage", "transport", "session", "bundle");
    private static final Pattern LIBRARIES = Pattern.compile(
            "(netty-(buffer|codec-base|common|handler|resolver|transport"
                    + "|transport-classes-epoll|transport-native-epoll|transport-native-unix-common)|jctools-core|jspecify|slf4j-api)-.*\\.jar");

    private LibraryPath() {}

    static List<Path> entries() {
        return ServerCommand.classPath().stream()
                .filter(entry -> isOurs(entry)
                        || LIBRARIES.matcher(entry.getFileName().toString()).matches())
                .toList();
    }

    static String asText() {
        return entries().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /** A jar of this build or a folder of classes, in the folder {@code target} of its module. */
    private static boolean isOurs(Path entry) {
        Path target = entry.toAbsolutePath().getParent();
        if (target == null || target.getParent() == null || !target.endsWith("target")) {
            return false;
        }
        String module = target.getParent().getFileName().toString();
        return module.startsWith("jangada-")
                && MODULES.contains(module.substring("jangada-".length()))
                && !entry.endsWith("test-classes");
    }
}
