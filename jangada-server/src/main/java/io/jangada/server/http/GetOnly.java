package io.jangada.server.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.function.Function;

/** An endpoint that is only read; any other verb gets 405 with the list of allowed ones. */
public final class GetOnly implements HttpService {
    private final Function<ServiceRequestContext, HttpResponse> answer;

    public GetOnly(Function<ServiceRequestContext, HttpResponse> answer) {
        this.answer = answer;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        if (request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD) {
            return answer.apply(context);
        }
        return HttpResponse.of(
                ResponseHeaders.builder(HttpStatus.METHOD_NOT_ALLOWED)
                        .set(HttpHeaderNames.ALLOW, "GET")
                        .contentType(MediaType.PLAIN_TEXT_UTF_8)
                        .build(),
                HttpData.ofUtf8("Method Not Allowed\n"));
    }
}
