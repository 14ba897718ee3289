/** The replicated key-value labs (lab facts, 6): a service with the library's sessions on top of each Raft, its clients, and the scenarios. */
@NullMarked
package io.jangada.testkit.lab.kv;

import org.jspecify.annotations.NullMarked;
