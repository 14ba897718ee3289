/** What a server is configured with, and where it comes from: YAML file, flags, environment. */
@NullMarked
package io.jangada.server.config;

import org.jspecify.annotations.NullMarked;
