/** The plain HTTP endpoints beside the gRPC services, on the same port. */
@NullMarked
package io.jangada.server.http;

import org.jspecify.annotations.NullMarked;
