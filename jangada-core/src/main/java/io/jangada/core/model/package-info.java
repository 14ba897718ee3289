/** The words of the paper as values: node, term, entry, hard state, membership. */
@NullMarked
package io.jangada.core.model;

import org.jspecify.annotations.NullMarked;
