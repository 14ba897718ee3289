/** What nodes say to each other: one record per message of the protocol. */
@NullMarked
package io.jangada.core.message;

import org.jspecify.annotations.NullMarked;
