/** Tests of the bytes of the peer protocol. */
@NullMarked
package io.jangada.transport.wire;

import org.jspecify.annotations.NullMarked;
