/** The ports of a node: storage, transport, clock. Implemented by this project's modules, by the testkit, or by you. */
@NullMarked
package io.jangada.api.spi;

import org.jspecify.annotations.NullMarked;
