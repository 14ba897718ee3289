/** The bytes of the peer protocol, as {@code docs/wire-format.md} describes them: handshake and frames, on plain byte buffers, without sockets. */
@NullMarked
package io.jangada.transport.wire;

import org.jspecify.annotations.NullMarked;
