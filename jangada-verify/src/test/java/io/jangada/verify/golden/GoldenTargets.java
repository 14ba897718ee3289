package io.jangada.verify.golden;

import static org.junit.jupiter.api.Assumptions.abort;

import io.jangada.verify.process.EtcdProcess;
import io.jangada.verify.process.KvTarget;
import io.jangada.verify.process.RealCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The targets that all golden tests of one run share, started when first asked for and ended with the run. */
final class GoldenTargets implements AutoCloseable {
    private final Map<Target, GrpcMembers> shared = new EnumMap<>(Target.class);
    private final Map<Target, Throwable> failed = new EnumMap<>(Target.class);

    private GoldenTargets() {}

    synchronized GrpcMembers shared(Target target) {
        GrpcMembers members = shared.get(target);
        if (members == null) {
            Throwable failure = failed.get(target);
            if (failure != null) {
                throw new IllegalStateException(target + " has failed to start before", failure);
            }
            members = firstShared(target);
        }
        return members;
    }

    private GrpcMembers firstShared(Target target) {
        try {
            GrpcMembers members = fresh(target);
            shared.put(target, members);
            return members;
        } catch (AssertionError | IllegalStateException failure) {
            failed.put(target, failure);
            throw failure;
        }
    }

    /** A target with an empty store, of the caller's own. */
    static GrpcMembers fresh(Target target) {
        Path folder = temporaryFolder(target);
        KvTarget started =
                switch (target) {
                    case ETCD ->
                        EtcdProcess.start(
                                EtcdProcess.program()
                                        .orElseGet(
                                                () -> abort(
                                                        "etcd is not installed, so it cannot judge the expectations (package etcd-server)")),
                                folder);
                    case JANGADA -> RealCluster.start(3, folder);
                };
        return new GrpcMembers(started, folder);
    }

    private static Path temporaryFolder(Target target) {
        try {
            return Files.createTempDirectory("jangada-golden-" + target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        shared.values().forEach(GrpcMembers::close);
        shared.clear();
    }

    /** Hands the shared targets to the constructors of tests; JUnit closes them at the end of the run. */
    static final class Resolver implements ParameterResolver {
        private static final ExtensionContext.Namespace PLACE = ExtensionContext.Namespace.create(GoldenTargets.class);

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == GoldenTargets.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(PLACE)
                    .computeIfAbsent(GoldenTargets.class, key -> new GoldenTargets(), GoldenTargets.class);
        }
    }
}
