/** How to start a node. */
@NullMarked
package io.jangada;

import org.jspecify.annotations.NullMarked;
