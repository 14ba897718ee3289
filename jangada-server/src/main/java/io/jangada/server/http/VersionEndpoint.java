package io.jangada.server.http;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import io.jangada.server.api.ApiVersion;

/** {@code /version}: which etcd this server passes for. */
public final class VersionEndpoint {

    private VersionEndpoint() {}

    public static HttpService create() {
        String body = "{\"etcdserver\":\"" + ApiVersion.SERVER + "\",\"etcdcluster\":\"" + ApiVersion.CLUSTER + "\"}";
        return new GetOnly(context -> HttpResponse.of(HttpStatus.OK, MediaType.JSON, body));
    }
}
