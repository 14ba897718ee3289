/** What a core is started with: timing, limits, and what the disk remembered. */
@NullMarked
package io.jangada.core.config;

import org.jspecify.annotations.NullMarked;
