package io.jangada.server.api;

import java.time.Duration;

/** What one call may take, and from when on it is slow (zero: never). */
record CallLimits(Duration requestTimeout, Duration slowRequest) {}
