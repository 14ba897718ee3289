package io.jangada.server.api;

/** The version of etcd whose API this server speaks; clients decide by it what they may ask for. */
public final class ApiVersion {

    /** What this server calls itself towards clients. */
    public static final String SERVER = "3.5.21";

    /** What the whole cluster speaks. */
    public static final String CLUSTER = "3.5.0";

    private ApiVersion() {}
}
