package io.jangada.server.cli;

import io.jangada.server.api.ApiVersion;
import picocli.CommandLine;

/** What {@code --version} prints. */
final class VersionText implements CommandLine.IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {
            "jangada " + number(),
            "speaks the etcd v3 API as " + ApiVersion.SERVER,
            "Java " + Runtime.version() + " on " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
        };
    }

    /** The version of this build; unknown where it does not run from its jar. */
    static String number() {
        String version = VersionText.class.getPackage().getImplementationVersion();
        return version == null ? "(not built as a jar)" : version;
    }
}
