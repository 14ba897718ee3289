/** Who examines the exam: the mistakes that students are known to have made, put into copies of our rules, and the scenarios of the labs that notice. */
@NullMarked
package io.jangada.testkit.lab.defects;

import org.jspecify.annotations.NullMarked;
