/** Says whether a port is free, and who holds it if not. */
@NullMarked
package io.jangada.server.port;

import org.jspecify.annotations.NullMarked;
