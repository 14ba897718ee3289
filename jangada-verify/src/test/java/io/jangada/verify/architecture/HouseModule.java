package io.jangada.verify.architecture;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The modules of the house, each with its root package and the modules it may use: the table of ARCHITECTURE.md as code. */
enum HouseModule {
    CORE("io.jangada.core"),
    API("io.jangada.api"),
    NODE("io.jangada.node"),
    STORAGE("io.jangada.storage"),
    TRANSPORT("io.jangada.transport"),
    SESSION("io.jangada.session"),
    BUNDLE("io.jangada"),
    TESTKIT("io.jangada.testkit"),
    KV("io.jangada.kv"),
    /** Generated from the protocol's definitions: only the arrows towards it are ours. */
    ETCD("io.jangada.etcd"),
    SERVER("io.jangada.server");

    private final String rootPackage;

    HouseModule(String rootPackage) {
        this.rootPackage = rootPackage;
    }

    String rootPackage() {
        return rootPackage;
    }

    boolean mayUse(HouseModule other) {
        return other == this || usable().contains(other);
    }

    private Set<HouseModule> usable() {
        return switch (this) {
            case CORE, ETCD -> EnumSet.noneOf(HouseModule.class);
            case API -> EnumSet.of(CORE);
            case NODE, STORAGE, TRANSPORT, SESSION, KV -> EnumSet.of(CORE, API);
            case BUNDLE -> EnumSet.of(CORE, API, NODE, STORAGE, TRANSPORT, SESSION);
            case TESTKIT -> EnumSet.of(CORE, API, NODE, STORAGE, TRANSPORT, SESSION);
            case SERVER -> EnumSet.of(CORE, API, NODE, STORAGE, TRANSPORT, SESSION, BUNDLE, KV, ETCD, TESTKIT);
        };
    }

    /** The module a package belongs to: the one with the longest root that holds it. The bundle is one package only. */
    static Optional<HouseModule> ofPackage(String packageName) {
        return Arrays.stream(values())
                .filter(module -> packageName.equals(module.rootPackage)
                        || (module != BUNDLE && packageName.startsWith(module.rootPackage + ".")))
                .max(Comparator.comparingInt(module -> module.rootPackage.length()));
    }
}
