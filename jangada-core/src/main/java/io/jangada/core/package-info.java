/** The façade of the protocol: start here. */
@NullMarked
package io.jangada.core;

import org.jspecify.annotations.NullMarked;
