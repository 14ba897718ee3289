/** The gRPC services of the etcd v3 API. */
@NullMarked
package io.jangada.server.api;

import org.jspecify.annotations.NullMarked;
