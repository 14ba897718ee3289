/** The exam of the MIT Raft labs: its interface, its network and its clockwork, around the production node. */
@NullMarked
package io.jangada.testkit.lab;

import org.jspecify.annotations.NullMarked;
