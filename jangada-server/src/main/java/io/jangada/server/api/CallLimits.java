package io.jangada.server.api;

import java.time.Duration;

/** What one call may take, from when on it is slow (zero: never), and where it is counted if a limit has it refused. */
record CallLimits(Duration requestTimeout, Duration slowRequest, Refusals refusals) {}
