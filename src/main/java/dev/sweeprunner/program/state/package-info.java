/**
 * What a program leaves behind, as the published state of a run.
 *
 * <p>Promises the commit order: nothing is published before it is whole and on the disk.
 */
@NullMarked
package dev.sweeprunner.program.state;

import org.jspecify.annotations.NullMarked;
