package io.jangada.server.config;

import java.time.Duration;

/**
 * What a server allows its clients.
 *
 * @param requestTimeout how long a request may take, unless its client allows less
 * @param slowRequest requests slower than this are logged; zero logs none
 * @param maxRequestBytes the largest request
 * @param maxPendingRequests requests in progress before more are refused
 */
public record ServerLimits(
        Duration requestTimeout, Duration slowRequest, int maxRequestBytes, int maxPendingRequests) {}
