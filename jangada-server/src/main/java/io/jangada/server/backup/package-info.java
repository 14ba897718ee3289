/** Backups: the file into which the state of a running cluster is saved, and out of which a new cluster begins. Knows neither server nor network. */
@NullMarked
package io.jangada.server.backup;

import org.jspecify.annotations.NullMarked;
