/** How requests end when they do not end well; each class says whether a retry is safe. */
@NullMarked
package io.jangada.api.error;

import org.jspecify.annotations.NullMarked;
