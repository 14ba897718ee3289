/** The four roles, the one gate for terms, and the one file with every transition. */
@NullMarked
package io.jangada.core.role;

import org.jspecify.annotations.NullMarked;
