/** The Raft scenarios of the MIT labs (3A to 3D), and what checks them all the time. */
@NullMarked
package io.jangada.testkit.lab.raft;

import org.jspecify.annotations.NullMarked;
