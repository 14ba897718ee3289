package io.jangada.verify.architecture;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The modules of the house, each with its root package and the modules it may use: the table of ARCHITECTURE.md as code. */
enum HouseModule {
    CORE("io.jangada.core"),
    API("io.jangada.api", CORE),
    NODE("io.jangada.node", CORE, API),
    STORAGE("io.jangada.storage", CORE, API),
    TRANSPORT("io.jangada.transport", CORE, API),
    BUNDLE("io.jangada", CORE, API, NODE, STORAGE, TRANSPORT),
    TESTKIT("io.jangada.testkit", CORE, API, NODE, STORAGE),
    KV("io.jangada.kv", CORE, API),
    /** Generated from the protocol's definitions: only the arrows towards it are ours. */
    ETCD("io.jangada.etcd"),
    SERVER("io.jangada.server", CORE, API, NODE, STORAGE, TRANSPORT, BUNDLE, KV, ETCD);

    private final String rootPackage;
    private final Set<HouseModule> mayUse;

    HouseModule(String rootPackage, HouseModule... mayUse) {
        this.rootPackage = rootPackage;
        this.mayUse = EnumSet.noneOf(HouseModule.class);
        this.mayUse.addAll(Arrays.asList(mayUse));
    }

    String rootPackage() {
        return rootPackage;
    }

    boolean mayUse(HouseModule other) {
        return other == this || mayUse.contains(other);
    }

    /** The module a package belongs to: the one with the longest root that holds it. The bundle is one package only. */
    static Optional<HouseModule> ofPackage(String packageName) {
        return Arrays.stream(values())
                .filter(module -> packageName.equals(module.rootPackage)
                        || (module != BUNDLE && packageName.startsWith(module.rootPackage + ".")))
                .max(Comparator.comparingInt(module -> module.rootPackage.length()));
    }
}
