package io.jangada.server.api;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.jangada.server.error.ServerError;
import io.jangada.server.gateway.LeaderWatch;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads what clients say beside their requests: that they insist on a leader, and which version of the API they speak. */
final class RequestMetadata implements ServerInterceptor {
    private static final Metadata.Key<String> HAS_LEADER =
            Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> CLIENT_API_VERSION =
            Metadata.Key.of("client-api-version", Metadata.ASCII_STRING_MARSHALLER);

    private final LeaderWatch watch;

    RequestMetadata(LeaderWatch watch) {
        this.watch = watch;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
        if (!isUtf8(metadata.get(CLIENT_API_VERSION))) {
            return refuse(call, ServerError.INVALID_CLIENT_API_VERSION);
        }
        if ("true".equals(metadata.get(HAS_LEADER)) && !watch.leaderKnown()) {
            return refuse(call, ServerError.NO_LEADER);
        }
        return next.startCall(call, metadata);
    }

    private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, ServerError error) {
        call.close(error.status(), new Metadata());
        return new ServerCall.Listener<>() {};
    }

    /** Header values arrive as one character per byte. */
    private static boolean isUtf8(@Nullable String value) {
        if (value == null) {
            return true;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1)));
            return value.indexOf('\uFFFD') < 0;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
