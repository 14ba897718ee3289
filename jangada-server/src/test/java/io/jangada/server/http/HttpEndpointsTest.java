package io.jangada.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.DiskStatus;
import io.jangada.api.StorageSpace;
import io.jangada.api.error.OverloadedException;
import io.jangada.core.model.DiskStall;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SpaceLevel;
import io.jangada.server.api.TestPort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The plain HTTP endpoints, on the port that speaks gRPC, with another client than our own. */
class HttpEndpointsTest {
    private final TestPort port = new TestPort();
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        port.close();
    }

    @Test
    void versionIsAnsweredOverBothVersionsOfHttp() throws Exception {
        for (Version version : Version.values()) {
            HttpResponse<String> answer = get("/version", version);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.body()).isEqualTo("{\"etcdserver\":\"3.5.21\",\"etcdcluster\":\"3.5.0\"}");
        }
    }

    @Test
    void aMemberThatServesIsHealthy() throws Exception {
        HttpResponse<String> answer = get("/health", Version.HTTP_1_1);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
        assertThat(answer.body()).isEqualTo("{\"health\":\"true\",\"reason\":\"\"}");
    }

    @Test
    void withoutALeaderOnlyTheMemberItselfIsHealthy() throws Exception {
        port.node().lead(NodeId.NONE, 4);
        HttpResponse<String> answer = get("/health?exclude=NOSPACE", Version.HTTP_1_1);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("{\"health\":\"false\",\"reason\":\"RAFT NO LEADER\"}");
        assertThat(get("/health?serializable=true", Version.HTTP_1_1).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aReadThatFailsIsNamed() throws Exception {
        port.node().failNext(new OverloadedException("full"));
        HttpResponse<String> answer = get("/health", Version.HTTP_1_1);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body())
                .isEqualTo("{\"health\":\"false\",\"reason\":\"RANGE ERROR:etcdserver: too many requests\"}");
    }

    @Test
    void aFailedNodeSaysWhyAndIsUnhealthyInEveryRespect() throws Exception {
        port.node().fail(new IOException("disk \"sda\" is full"));
        for (String path : new String[] {"/health", "/health?serializable=true"}) {
            HttpResponse<String> answer = get(path, Version.HTTP_1_1);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("NODE FAILED").contains("disk \\\"sda\\\" is full");
        }
    }

    @Test
    void aDiskThatIsNearlyFullIsAnAlarmThatCanBeOverlooked() throws Exception {
        port.node().standOn(new DiskStatus(new StorageSpace("/data", 1, 2, SpaceLevel.SCARCE), DiskStall.NONE));
        for (String path : new String[] {"/health", "/health?serializable=true", "/health?exclude=CORRUPT"}) {
            HttpResponse<String> answer = get(path, Version.HTTP_1_1);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("{\"health\":\"false\",\"reason\":\"ALARM NOSPACE\"}");
        }
        assertThat(get("/health?exclude=NOSPACE", Version.HTTP_1_1).statusCode())
                .isEqualTo(200);
        assertThat(get("/health?exclude=CORRUPT&exclude=NOSPACE", Version.HTTP_1_1)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void otherVerbsAndPathsAreRefused() throws Exception {
        HttpResponse<String> posted = client.send(
                request("/health", Version.HTTP_1_1)
                        .POST(BodyPublishers.ofString("{}"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(posted.statusCode()).isEqualTo(405);
        assertThat(posted.headers().firstValue("allow")).hasValue("GET");
        assertThat(get("/nope", Version.HTTP_1_1).statusCode()).isEqualTo(404);
    }

    /** gRPC in JSON or for browsers is nothing that etcd speaks at this path either. */
    @Test
    void grpcIsSpokenInProtocolBuffersOnly() throws Exception {
        for (String type : new String[] {"application/grpc+json", "application/grpc-web+proto", "application/json"}) {
            HttpResponse<String> posted = client.send(
                    request("/etcdserverpb.KV/Range", Version.HTTP_2)
                            .header("content-type", type)
                            .POST(BodyPublishers.ofString("{}"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(posted.statusCode()).as(type).isEqualTo(415);
        }
    }

    private HttpResponse<String> get(String path, Version version) throws IOException, InterruptedException {
        return client.send(request(path, version).GET().build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, Version version) {
        return HttpRequest.newBuilder(URI.create("http://" + port.authority() + path))
                .version(version);
    }
}
