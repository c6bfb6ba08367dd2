/**
 * Tests of the built jar as its users meet it: processes, signals, files, exit codes. They know
 * nothing of the classes in it.
 */
@NullMarked
package dev.sweeprunner.e2e;

import org.jspecify.annotations.NullMarked;
