/** Tests of the transport on real sockets. */
@NullMarked
package io.jangada.transport;

import org.jspecify.annotations.NullMarked;
