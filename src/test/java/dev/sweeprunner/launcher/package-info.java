/** The launcher script, driven with a JDK and a build that are small shell scripts. */
@NullMarked
package dev.sweeprunner.launcher;

import org.jspecify.annotations.NullMarked;
