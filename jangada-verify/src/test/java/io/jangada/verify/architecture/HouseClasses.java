package io.jangada.verify.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Path;

/** The class files the rules judge: those of all modules on the class path, without tests and without generated protocol classes. */
final class HouseClasses {
    /** Where protoc's output lives; it is not written by us and is judged by nobody. */
    private static final String GENERATED = "/io/jangada/etcd/";

    private HouseClasses() {}

    static JavaClasses ofAllModules() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains(GENERATED))
                .importPackages("io.jangada");
    }

    static JavaClasses in(Path folder) {
        return new ClassFileImporter().importPath(folder);
    }
}
